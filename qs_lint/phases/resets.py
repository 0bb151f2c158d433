"""What throws a memo away: in its own file, or in one that imports it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from qs_lint.engine.context import Component
from qs_lint.engine.nodes import nodes_in, per_node

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef
#: Methods that empty a container.
EMPTYING = frozenset({"clear", "pop", "popitem"})
#: How the methods begin that empty the cache of a function.
CLEARING = ("cache_clear", "cache_invalidate", "invalidate", "delete")

#: A name that something is done to: a method that empties, an assignment, ``del``.
_EMPTIED = (
    rb"\b%s\s*(?:\.\s*(?:cache_clear|cache_invalidate|invalidate|delete|clear|pop)|=(?!=)|\[)"
)


class Resets(Component):
    """Looks for whoever empties a holder."""

    def is_reset(self, codes: frozenset[str], function: ast.AST) -> bool:
        """Whether the file empties a holder somewhere else than in the function that fills it."""
        emptied, assigned = resets(self.ctx.main.tree)
        if emptied & codes:
            return True
        own = {id(part) for part in nodes_in(function)}
        return any(
            targets & codes
            and id(other) not in own
            and not within(function, other)  # ``cache = {}`` around the closure
            for other, targets in assigned
        )

    def is_cleared(self, name: str) -> bool:
        """Whether the file empties the cache of a function itself."""
        return name in cleared(self.ctx.main.tree)

    def is_reset_elsewhere(self, members: Iterable[str]) -> bool:
        """Whether a file that imports this one empties a holder of it.

        ``members`` are the names of the holder as seen from the module: ``names``, ``Labels.rows``.
        """
        wanted = frozenset(members)
        if not wanted:
            return False
        importers = self.ctx.project.importers
        main = self.ctx.main.file
        for word in sorted({member.rpartition(".")[2] for member in wanted}):
            emptied = re.compile(_EMPTIED % re.escape(word.encode(errors="replace")))
            for mention in importers.mentions(main, self.ctx.main.reading, emptied):
                codes = frozenset(_as_seen(mention.code, mention.member, wanted))
                if codes and _empties(mention.file.tree, codes):
                    return True
        return False


def _as_seen(code: str, member: str, wanted: frozenset[str]) -> Iterator[str]:
    """What the wanted members of a module are called in a file that imports it."""
    for name in wanted:
        if not member:
            yield f"{code}.{name}"
        elif name == member:
            yield code
        elif name.startswith(f"{member}."):
            yield code + name[len(member) :]


def _empties(tree: ast.Module, codes: frozenset[str]) -> bool:
    """Whether a file empties, or sets, something that it calls by one of these names."""
    if cleared_code(tree) & codes or resets(tree)[0] & codes:
        return True
    return bool(set_anywhere(tree) & codes)


@per_node
def resets(
    tree: ast.Module,
) -> tuple[frozenset[str], tuple[tuple[FunctionDef, frozenset[str]], ...]]:
    """What a file empties anywhere, and what its functions set to nothing."""
    emptied: set[str] = set()
    assigned: list[tuple[FunctionDef, frozenset[str]]] = []
    for part in nodes_in(tree):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in EMPTYING:
                emptied.add(ast.unparse(part.func.value))
        elif isinstance(part, ast.Delete):
            for target in part.targets:
                inner = target.value if isinstance(target, ast.Subscript) else target
                emptied.add(ast.unparse(inner))
        elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            targets = frozenset(
                ast.unparse(target)
                for statement in nodes_in(part)
                if isinstance(statement, ast.Assign) and _is_empty(statement.value)
                for target in statement.targets
            )
            if targets and part.name != "__init__":
                assigned.append((part, targets))
    return frozenset(emptied), tuple(assigned)


@per_node
def cleared_code(tree: ast.Module) -> frozenset[str]:
    """The code of the functions whose caches a file empties."""
    return frozenset(
        ast.unparse(node.value)
        for node in nodes_in(tree)
        if isinstance(node, ast.Attribute)
        and node.attr.startswith(CLEARING)
        and isinstance(node.value, (ast.Name, ast.Attribute))
    )


@per_node
def cleared(tree: ast.Module) -> frozenset[str]:
    """The last names of the functions whose caches a file empties."""
    return frozenset(code.rpartition(".")[2] for code in cleared_code(tree))


@per_node
def set_anywhere(tree: ast.Module) -> frozenset[str]:
    """The attributes of others that a file sets."""
    return frozenset(
        ast.unparse(node)
        for node in nodes_in(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
    )


def within(node: ast.AST, outer: ast.AST) -> bool:
    """Whether a node is a part of another one, or that itself."""
    return any(part is node for part in nodes_in(outer))


def _is_empty(node: ast.expr) -> bool:
    """Whether an expression is ``None`` or an empty container."""
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, (ast.List, ast.Set, ast.Tuple)):
        return not node.elts
    return isinstance(node, ast.Call) and not node.args and not node.keywords
