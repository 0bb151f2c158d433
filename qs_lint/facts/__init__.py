"""What is known of Django and of other libraries, as plain data.

Every row was measured on real installations (``tests/oracle``), or says why not.  Nothing here is
computed from what happens to be installed.  A project can add rows of its own
(:mod:`qs_lint.facts.project`).
"""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from qs_lint.facts import libraries
from qs_lint.facts.lookups import Facts

if TYPE_CHECKING:
    from qs_lint.facts.schema import Library

__all__ = ["Facts", "built_in", "facts_with"]


@cache
def tables() -> dict[str, Library]:
    """The tables that come with this package, by the name of their module."""
    found: dict[str, Library] = {}
    for module in pkgutil.iter_modules(libraries.__path__):
        name = f"{libraries.__name__}.{module.name}"
        found[name] = importlib.import_module(name).LIBRARY
    return found


@cache
def built_in() -> Facts:
    """What is known without any project."""
    return Facts(tables().values())


def facts_with(own: Library | None) -> Facts:
    """What is known in a project with rows of its own; they come before those of the tables."""
    return built_in() if own is None else Facts([*tables().values(), own])
