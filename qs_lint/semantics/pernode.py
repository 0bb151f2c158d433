"""Facts about one node of a tree, computed once and kept with the node."""

from __future__ import annotations

import ast
from collections.abc import Callable
from functools import wraps
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
Fact = TypeVar("Fact")


def per_node(compute: Callable[[Node], Fact]) -> Callable[[Node], Fact]:
    """Keep what a function of one node returns on the node itself: it is freed with its tree.

    Trees are never changed, so what was true of a node stays true.
    """
    slot = f"qs_{compute.__name__}"

    @wraps(compute)
    def known(node: Node) -> Fact:
        store = node.__dict__
        try:
            found: Fact = store[slot]
        except KeyError:
            found = store[slot] = compute(node)
        return found

    return known
