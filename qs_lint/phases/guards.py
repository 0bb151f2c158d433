"""What a function looks at before it fills a memo, as far as its text tells."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from qs_lint.engine.nodes import nodes_in

#: Methods that look at one key of a mapping.
_LOOKING = frozenset({"get", "pop", "setdefault"})
_EQUALITY = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)


def other_keys(function: ast.AST, store: ast.AST) -> set[int]:
    """The containers that are looked at, under another key than what ``store`` sets.

    Only if the store has a constant key and is made by every call: it looks at nothing then, and
    what was looked at under another key has not decided whether it is made.  The answer is the
    ``id`` of the expressions.
    """
    key = _constant_key(store)
    if key is None or not _always_made(function, store):
        return set()
    return {id(holder) for holder, other in _looks(function) if other.value != key.value}


def _constant_key(store: ast.AST) -> ast.Constant | None:
    """The key in ``container["key"] = value``."""
    targets = store.targets if isinstance(store, ast.Assign) else []
    if len(targets) == 1 and isinstance(targets[0], ast.Subscript):
        key = targets[0].slice
        return key if isinstance(key, ast.Constant) else None
    return None


def _always_made(function: ast.AST, store: ast.AST) -> bool:
    """Whether a statement stands in the body itself, and nothing returns before it."""
    body = getattr(function, "body", None)
    if not isinstance(body, list):
        return False
    for statement in body:
        if statement is store:
            return True
        if any(isinstance(part, ast.Return) for part in nodes_in(statement)):
            return False
    return False


def _looks(function: ast.AST) -> Iterator[tuple[ast.expr, ast.Constant]]:
    """Containers and the constant keys under which they are looked at."""
    for part in nodes_in(function):
        if isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Constant):
            yield part.value, part.slice
        elif isinstance(part, ast.Compare) and isinstance(part.left, ast.Constant):
            if isinstance(part.ops[0], (ast.In, ast.NotIn)):
                yield part.comparators[0], part.left
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in _LOOKING and part.args and isinstance(part.args[0], ast.Constant):
                yield part.func.value, part.args[0]


def compared_items(function: ast.AST, store: ast.AST, holders: set[str]) -> list[int]:
    """Which items of a stored tuple were compared with what one of ``holders`` had before.

    ``if _last[0] != key: _last = (key, value)``: the first.
    """
    stored = getattr(store, "value", None)
    if not isinstance(stored, ast.Tuple):
        return []
    before = _unpacked(function, holders)
    compared: set[str] = set()
    for part in nodes_in(function):
        if not isinstance(part, ast.Compare) or not isinstance(part.ops[0], _EQUALITY):
            continue
        sides = (part.left, part.comparators[0])
        for one, other in (sides, sides[::-1]):
            if _mentions(one, holders | before):
                compared.add(ast.unparse(other))
    return [index for index, item in enumerate(stored.elts) if ast.unparse(item) in compared]


def _unpacked(function: ast.AST, holders: set[str]) -> set[str]:
    """The local names for what one of ``holders`` had."""
    return {
        name.id
        for part in nodes_in(function)
        if isinstance(part, ast.Assign) and _mentions(part.value, holders)
        for target in part.targets
        for name in nodes_in(target)
        if isinstance(name, ast.Name) and name.id not in holders
    }


def _mentions(expression: ast.AST, names: set[str]) -> bool:
    return any(
        isinstance(part, (ast.Name, ast.Attribute)) and ast.unparse(part) in names
        for part in nodes_in(expression)
    )
