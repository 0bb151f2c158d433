"""What a function looks at before it fills a memo, as far as its text tells."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from qs_lint.engine.nodes import nodes_in, per_node

#: Methods that look at one key of a mapping.
_LOOKING = frozenset({"get", "pop", "setdefault"})
_EQUALITY = (ast.Eq, ast.NotEq, ast.Is, ast.IsNot)


#: What an expression stands for, if it is known: a tuple with that.
Constant = Callable[[ast.expr], "tuple[object] | None"]


def other_keys(function: ast.AST, store: ast.AST, constant: Constant) -> set[int]:
    """The containers that are looked at, under another key than what ``store`` sets.

    Only if the store has a constant key and is made by every call: it looks at nothing then, and
    what was looked at under another key has not decided whether it is made.  The answer is the
    ``id`` of the expressions.
    """
    targets = store.targets if isinstance(store, ast.Assign) else []
    if len(targets) != 1 or not isinstance(targets[0], ast.Subscript):
        return set()
    key = constant(targets[0].slice)
    if key is None or not _always_made(function, store):
        return set()
    found = set()
    for holder, asked in _looks(function):
        other = constant(asked)
        if other is not None and other != key:
            found.add(id(holder))
    return found


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


def _looks(function: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Containers and the keys under which they are looked at."""
    for part in nodes_in(function):
        if isinstance(part, ast.Subscript):
            yield part.value, part.slice
        elif isinstance(part, ast.Compare):
            if isinstance(part.ops[0], (ast.In, ast.NotIn)):
                yield part.comparators[0], part.left
        elif isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in _LOOKING and part.args:
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


def holder_codes(node: ast.AST) -> frozenset[str]:
    """The code of what a storing statement, or a call of a method, puts something into."""
    found: set[str] = set()
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        targets = [node.target]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        targets = [node.func.value]
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        name = node.args[1]
        text = str(name.value) if isinstance(name, ast.Constant) else ""
        found.add(f"{ast.unparse(node.args[0])}.{text}")
    found.update(ast.unparse(_container(target)) for target in targets)
    return frozenset(found)


def _container(target: ast.expr) -> ast.expr:
    """The container at the root of ``container[key]`` and ``container.setdefault(key, [])``."""
    while True:
        if isinstance(target, ast.Subscript):
            target = target.value
        elif isinstance(target, ast.Call) and isinstance(target.func, ast.Attribute):
            target = target.func.value
        else:
            return target


def is_guarded(function: ast.AST, node: ast.AST, codes: frozenset[str], constant: Constant) -> bool:
    """Whether a function looks at a holder before ``node`` fills it; else it fills it every time.

    A flag that the same function sets, and tests before, stands for the holder.
    """
    if getattr(function, "name", "") == "__missing__" or _falls_back(node, codes):
        return True
    here, inner = place(node), {id(part) for part in nodes_in(node)}
    skipped = never_evaluated(function)
    flags = flags_of(function) - codes
    tests = _in_tests(function) if flags else frozenset[int]()
    elsewhere = other_keys(function, node, constant)
    for part in nodes_in(function):
        if place(part) > here or id(part) in inner or id(part) in skipped:
            continue
        if _asks_by_name(part, codes):
            return True
        if isinstance(part, (ast.Name, ast.Attribute)) and isinstance(part.ctx, ast.Load):
            code = ast.unparse(part)
            looked_at = code in codes and id(part) not in elsewhere
            if looked_at or (code in flags and id(part) in tests):
                return True
    return False


def _asks_by_name(node: ast.AST, codes: frozenset[str]) -> bool:
    """``hasattr(x, "holder")`` and ``getattr(x, "holder", None)``."""
    if not isinstance(node, ast.Call) or getattr(node.func, "id", "") not in ("hasattr", "getattr"):
        return False
    names = {code.rpartition(".")[2] for code in codes}
    return any(isinstance(each, ast.Constant) and each.value in names for each in node.args)


def _falls_back(node: ast.AST, codes: frozenset[str]) -> bool:
    """``holder = holder or query``, ``... if holder else query``, ``holder.setdefault()``."""
    if isinstance(node, ast.Call):
        return getattr(node.func, "attr", "") == "setdefault"
    value = getattr(node, "value", None)
    if isinstance(value, ast.BoolOp):
        asked: ast.expr = value.values[0]
    elif isinstance(value, ast.IfExp):
        asked = value.test
    else:
        return False
    return _mentions(asked, set(codes))


@per_node
def bound_in(function: ast.AST) -> frozenset[str]:
    """The names that a function binds, its parameters among them."""
    return frozenset(
        part.arg if isinstance(part, ast.arg) else part.id
        for part in nodes_in(function)
        if isinstance(part, ast.arg)
        or (isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Load))
    )


@per_node
def flags_of(function: ast.AST) -> frozenset[str]:
    """The attributes and global names that a function sets to something."""
    shared = {
        name
        for part in nodes_in(function)
        if isinstance(part, (ast.Global, ast.Nonlocal))
        for name in part.names
    }
    return frozenset(
        ast.unparse(target)
        for part in nodes_in(function)
        if isinstance(part, ast.Assign)
        for target in part.targets
        if isinstance(target, ast.Attribute)
        or (isinstance(target, ast.Name) and target.id in shared)
    )


@per_node
def _in_tests(function: ast.AST) -> frozenset[int]:
    """The ``id`` of all that stands in the conditions of a function."""
    return frozenset(
        id(inner)
        for part in nodes_in(function)
        if isinstance(part, (ast.If, ast.IfExp, ast.While))
        for inner in nodes_in(part.test)
    )


@per_node
def never_evaluated(function: ast.AST) -> frozenset[int]:
    """The ``id`` of what stands behind ``True or`` and ``False and``."""
    found: set[int] = set()
    for part in nodes_in(function):
        if isinstance(part, ast.BoolOp):
            stops = isinstance(part.op, ast.Or)
            for index, value in enumerate(part.values):
                if isinstance(value, ast.Constant) and bool(value.value) is stops:
                    for later in part.values[index + 1 :]:
                        found.update(id(inner) for inner in nodes_in(later))
                    break
    return frozenset(found)


def place(node: ast.AST) -> tuple[int, int]:
    """Line and column; smaller than those of every node if it has none."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)
