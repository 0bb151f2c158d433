"""Which statements of a body are executed together, when one of the names they bind is asked for.

An imported module is read on demand: whoever asks for ``ORDERS`` does not pay for the rest.  What
``ORDERS`` is must not depend on what was asked for before.  So the statements of a body are divided
once, by its text alone: all that bind a name, or may change what it holds, form a *slice*, with
those in between that look at it.  A slice is executed as a whole and in order, as Python would, and
only once; after that, nobody but the checked file changes what it made (:class:`Heap.sealed`).
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple

from qs_lint.engine.nodes import children_of, nodes_in, per_node
from qs_lint.engine.scope import names_bound

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
#: What makes something that can be changed in place.
_CHANGEABLE = (
    ast.List,
    ast.Dict,
    ast.Set,
    ast.ListComp,
    ast.DictComp,
    ast.SetComp,
    ast.Call,
)


class Slice(NamedTuple):
    """Statements that are executed together, in order, and the names that they bind.

    ``plain``: they evaluate nothing: an import, or a function without defaults and decorators.
    """

    statements: tuple[ast.stmt, ...]
    names: tuple[str, ...]
    plain: bool


@dataclass(slots=True)
class _Effects:
    """What a piece of code does with the names around it, nested functions included."""

    reads: set[str] = field(default_factory=set)
    changes: set[str] = field(default_factory=set)
    #: a method of it is called, which may change it
    asks: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)


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
        #: name -> the last statement that may change what it is, or what it holds
        self.last = {name: numbers[-1] for name, numbers in self.binding.items()}
        #: statement -> one that it belongs to; itself, if it is the first of its slice
        self.first = list(range(len(body)))
        self.inside: dict[int, _Effects] = {}

    def found(self) -> dict[str, Slice]:
        """The slices, by name."""
        for numbers in self.binding.values():
            for number in numbers[1:]:
                self.unite(numbers[0], number)
        reads: list[tuple[int, set[str]]] = []
        for number, statement in enumerate(self.body):
            parts = _executed(statement)
            if not parts:
                continue
            effects = _Effects()
            for part in parts:
                _look(part, effects)
            if isinstance(statement, _FUNCTIONS):
                effects.calls |= {
                    decorator.id
                    for decorator in statement.decorator_list
                    if isinstance(decorator, ast.Name)
                }
            elif isinstance(statement, (ast.Assign, ast.AnnAssign)):
                effects.asks -= self.classes(effects.asks)  # ``ORDERS = Order.objects.all()``
            self.apply(number, effects)
            reads.append((number, effects.reads))
        for number, names in reads:
            # what is read before it is changed for the last time is read in that order
            for name in names:
                if self.last.get(name, -1) > number:
                    self.unite(number, self.binding[name][0])
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

    def classes(self, names: set[str]) -> set[str]:
        """Those of the names that are bound by ``class`` only, or elsewhere."""
        return {
            name
            for name in names
            if all(isinstance(self.body[n], ast.ClassDef) for n in self.binding.get(name, ()))
        }

    def apply(self, number: int, effects: _Effects) -> None:
        """Join a statement with what it changes, itself or by what it calls."""
        todo = [effects]
        seen: set[int] = set()
        while todo:
            current = todo.pop()
            for name in current.changes | current.asks:
                for other in self.binding.get(name, ()):
                    if not isinstance(self.body[other], _IMPORTS):
                        self.unite(number, other)
                        self.last[name] = max(self.last[name], number)
            for name in current.calls:
                for other in self.binding.get(name, ()):
                    called = self.body[other]
                    if other in seen or isinstance(called, _IMPORTS):
                        continue
                    seen.add(other)
                    if isinstance(called, (*_FUNCTIONS, ast.ClassDef)):
                        todo.append(self.effects_inside(other, called))
                        keeps = _keeps_something(called)
                    else:
                        keeps = True  # an object: a closure, or one with ``__call__``
                    if keeps:
                        self.unite(number, other)
                        self.last[name] = max(self.last[name], number)

    def effects_inside(self, number: int, called: ast.AST) -> _Effects:
        """What a function, or a method of a class, does with names of the body when it runs."""
        known = self.inside.get(number)
        if known is None:
            known = self.inside[number] = _Effects()
            for part in children_of(called):
                _look(part, known)
        return known

    def unite(self, one: int, other: int) -> None:
        """Put two statements, and all that belong to them, into one slice."""
        self.first[self.root(other)] = self.root(one)

    def root(self, number: int) -> int:
        """The statement that stands for a slice."""
        while self.first[number] != number:
            self.first[number] = self.first[self.first[number]]
            number = self.first[number]
        return number


def _executed(statement: ast.stmt) -> list[ast.AST]:
    """What of a statement is evaluated when it is executed in a module that is imported.

    Of a class nothing is: its bases and its body are read when somebody asks for an attribute.
    """
    if isinstance(statement, (*_IMPORTS, ast.ClassDef)):
        return []
    if isinstance(statement, _FUNCTIONS):
        arguments = statement.args
        defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
        return [*statement.decorator_list, *defaults]
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return []
    return [statement]


def _look(part: ast.AST, effects: _Effects) -> None:
    """Add what a piece of code does: the names that it reads, changes and calls.

    What is changed is the root of what is stored to.
    """
    for node in nodes_in(part):
        kind = type(node)
        if kind is ast.Name:
            effects.reads.add(node.id)  # type: ignore[attr-defined]
        elif kind is ast.Call:
            function = node.func  # type: ignore[attr-defined]
            if type(function) is ast.Name:
                effects.calls.add(function.id)
            else:
                effects.asks.add(_root(function))
        elif kind is ast.Attribute or kind is ast.Subscript:
            if type(node.ctx) is not ast.Load:  # type: ignore[attr-defined]
                effects.changes.add(_root(node))
        elif kind is ast.Global:
            effects.changes.update(node.names)  # type: ignore[attr-defined]
        elif kind is ast.AugAssign:
            effects.changes.add(_root(node.target))  # type: ignore[attr-defined]


def _root(node: ast.AST) -> str:
    """The name at the root of ``name.attribute[item]().attribute``; empty if there is none."""
    while not isinstance(node, ast.Name):
        if isinstance(node, (ast.Attribute, ast.Subscript)):
            node = node.value
        elif isinstance(node, ast.Call):
            node = node.func
        else:
            return ""
    return node.id


def _keeps_something(called: ast.stmt) -> bool:
    """Whether a function, or a class, has something that a call may change: ``def f(into=[])``."""
    if isinstance(called, ast.ClassDef):
        return any(
            isinstance(getattr(statement, "value", None), _CHANGEABLE)
            for statement in called.body
            if isinstance(statement, (ast.Assign, ast.AnnAssign))
        )
    arguments = called.args  # type: ignore[attr-defined]
    return any(
        isinstance(default, _CHANGEABLE)
        for default in (*arguments.defaults, *filter(None, arguments.kw_defaults))
    )


def _is_plain(statements: list[ast.stmt]) -> bool:
    """Whether statements evaluate nothing: an import, or a function without more."""
    statement = statements[0]
    return len(statements) == 1 and (
        isinstance(statement, _IMPORTS)
        or (isinstance(statement, _FUNCTIONS) and not _executed(statement))
    )
