"""Which statements of a body are executed together, when one of the names they bind is asked for.

An imported module is read on demand: whoever asks for ``ORDERS`` does not pay for the rest.  What
``ORDERS`` is must not depend on what was asked for before.  So the statements of a body are divided
once, by its text alone: all that bind a name, or visibly change what it holds, form a *slice*, with
those in between that look at it.  A slice is executed as a whole and in order, as Python would, and
only once; after that, nobody but the checked file changes what it made (``Heap.sealed``).

What a call does to its arguments is not visible: ``register(ORDERS)`` belongs to no slice.
"""

from __future__ import annotations

import ast
from typing import NamedTuple

from qs_lint.engine.nodes import nodes_in, per_node
from qs_lint.engine.scope import names_bound

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
#: Methods that put something into a container.
_FILLING = frozenset("append appendleft add extend update insert setdefault".split())


class Slice(NamedTuple):
    """Statements that are executed together, in order, and the names that they bind.

    ``plain``: they evaluate nothing: an import, or a function without defaults and decorators.
    """

    statements: tuple[ast.stmt, ...]
    names: tuple[str, ...]
    plain: bool


@per_node
def slices(owner: ast.Module | ast.ClassDef) -> dict[str, Slice]:
    """The slice of each name that the body of a module or class binds."""
    return _Slicer(owner.body).found()


class _Slicer:
    def __init__(self, body: list[ast.stmt]) -> None:
        self.body = body
        self.binding: dict[str, list[int]] = {}
        for number, statement in enumerate(body):
            for name in names_bound(statement):
                self.binding.setdefault(name, []).append(number)
        #: statement -> one that it belongs to; itself, if it is the first of its slice
        self.first = list(range(len(body)))

    def found(self) -> dict[str, Slice]:
        """The slices, by name."""
        #: name -> the last statement that changes what it is, or what it holds
        last: dict[str, int] = {}
        for name, numbers in self.binding.items():
            last[name] = numbers[-1]
            for number in numbers[1:]:
                self.unite(numbers[0], number)
        reads: list[tuple[int, set[str]]] = []
        for number, statement in enumerate(self.body):
            if isinstance(statement, (*_IMPORTS, *_FUNCTIONS, ast.ClassDef)):
                continue  # what is inside is read when somebody calls it or asks for an attribute
            names, changed = _mentions(statement)
            reads.append((number, names))
            for name in changed & self.binding.keys():
                other = self.binding[name][0]
                if not isinstance(self.body[other], _IMPORTS):
                    self.unite(other, number)
                    last[name] = max(last[name], number)
        for number, names in reads:
            # what is read before it is changed for the last time is read in that order
            for name in names:
                if last.get(name, -1) > number:
                    self.unite(self.binding[name][0], number)
        return self.divided()

    def divided(self) -> dict[str, Slice]:
        """The slices, as the statements are united now."""
        statements: dict[int, list[ast.stmt]] = {}
        for number, statement in enumerate(self.body):
            statements.setdefault(self.root(number), []).append(statement)
        bound: dict[int, list[str]] = {}
        for name, numbers in self.binding.items():
            bound.setdefault(self.root(numbers[0]), []).append(name)
        whole = {
            root: Slice(tuple(statements[root]), tuple(names), _is_plain(statements[root]))
            for root, names in bound.items()
        }
        return {name: whole[self.root(numbers[0])] for name, numbers in self.binding.items()}

    def unite(self, one: int, other: int) -> None:
        """Put two statements, and all that belong to them, into one slice."""
        self.first[self.root(other)] = self.root(one)

    def root(self, number: int) -> int:
        """The statement that stands for a slice."""
        while self.first[number] != number:
            self.first[number] = self.first[self.first[number]]
            number = self.first[number]
        return number


def _mentions(statement: ast.stmt) -> tuple[set[str], set[str]]:
    """The names that a statement mentions, and those that it visibly changes."""
    names: set[str] = set()
    changed: set[str] = set()
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return names, changed
    for node in nodes_in(statement):
        kind = type(node)
        if kind is ast.Name:
            names.add(node.id)  # type: ignore[attr-defined]
        elif kind is ast.Call:
            function = node.func  # type: ignore[attr-defined]
            if type(function) is ast.Attribute and function.attr in _FILLING:
                changed.add(_root(function))
        elif kind is ast.Attribute or kind is ast.Subscript:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                changed.add(_root(node))
    return names, changed


def _root(node: ast.AST) -> str:
    """The name at the root of ``name.attribute[item].attribute``; empty if there is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _is_plain(statements: list[ast.stmt]) -> bool:
    """Whether statements evaluate nothing: an import, or a function without more."""
    statement = statements[0]
    if len(statements) > 1:
        return False
    if isinstance(statement, _FUNCTIONS):
        arguments = statement.args
        return not (statement.decorator_list or arguments.defaults or any(arguments.kw_defaults))
    return isinstance(statement, _IMPORTS)
