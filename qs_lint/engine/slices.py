"""Which statements of a body are executed together, when one of the names they bind is asked for.

An imported module is read on demand: whoever asks for ``ORDERS`` does not pay for the rest.  What
``ORDERS`` is must not depend on what was asked for before.  So the statements of a body are divided
once, by its text alone: those that may have to do with each other (one binds a name, another one
mentions it, calls a function that does, or changes what it holds) form a *slice*.  A slice is
executed as a whole and in order, as Python would, and only once.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, NamedTuple

from qs_lint.engine.nodes import nodes_in, per_node
from qs_lint.engine.scope import names_bound

if TYPE_CHECKING:
    from collections.abc import Iterable

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)
#: What a value is made of that nobody can change.
_IMMUTABLE = (
    ast.Constant,
    ast.BinOp,
    ast.UnaryOp,
    ast.JoinedStr,
    ast.FormattedValue,
    ast.Tuple,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)


class Slice(NamedTuple):
    """Statements that are executed together, in order, and the names that they bind."""

    statements: tuple[ast.stmt, ...]
    names: tuple[str, ...]


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
        #: definitions whose inside was looked at: something calls them
        self.called: set[int] = set()
        self.todo: list[tuple[int, ast.AST]] = []

    def found(self) -> dict[str, Slice]:
        """The slices, by name."""
        for numbers in self.binding.values():
            for number in numbers[1:]:
                self.unite(numbers[0], number)
        for number, statement in enumerate(self.body):
            for part in _executed(statement):
                self.todo.append((number, part))
        while self.todo:
            number, part = self.todo.pop()
            self.look_at(number, part)
        statements: dict[int, list[ast.stmt]] = {}
        for number, statement in enumerate(self.body):
            statements.setdefault(self.root(number), []).append(statement)
        names: dict[int, list[str]] = {}
        for name, numbers in self.binding.items():
            names.setdefault(self.root(numbers[0]), []).append(name)
        whole = {
            root: Slice(tuple(statements[root]), tuple(bound)) for root, bound in names.items()
        }
        return {name: whole[self.root(numbers[0])] for name, numbers in self.binding.items()}

    def look_at(self, number: int, part: ast.AST) -> None:
        """Join a statement with what one of its parts mentions."""
        nodes = nodes_in(part)
        changes = any(_may_change(node) for node in nodes)
        for node in nodes:
            if isinstance(node, ast.Global):
                names: Iterable[str] = node.names
            elif isinstance(node, ast.Name):
                names = (node.id,)
            else:
                continue
            for name in names:
                for other in self.binding.get(name, ()):
                    statement = self.body[other]
                    if isinstance(statement, _IMPORTS) or _is_immutable(statement):
                        continue
                    if not isinstance(statement, _DEFINITIONS):
                        self.unite(number, other)
                    elif changes:
                        self.unite(number, other)
                        if other not in self.called:
                            self.called.add(other)
                            self.todo.append((other, statement))

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
    """What of a statement may change something when it is executed; of a class, its decorators."""
    if isinstance(statement, _IMPORTS):
        return []
    if isinstance(statement, ast.ClassDef):
        # bases and the body are read when somebody asks for an attribute
        return []
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        arguments = statement.args
        defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)]
        return [
            *(_applied(decorator) for decorator in statement.decorator_list),
            *defaults,
        ]
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
        return []
    return [statement]


def _applied(decorator: ast.expr) -> ast.AST:
    return ast.Call(decorator, [], [])


def _may_change(node: ast.AST) -> bool:
    """Whether a node calls something, or sets an attribute or an item."""
    return isinstance(node, ast.Call) or (
        isinstance(node, (ast.Attribute, ast.Subscript)) and not isinstance(node.ctx, ast.Load)
    )


def _is_immutable(statement: ast.stmt) -> bool:
    """Whether a statement binds names to literals that nobody can change."""
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or statement.value is None:
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return all(isinstance(target, ast.Name) for target in targets) and all(
        isinstance(node, _IMMUTABLE) for node in nodes_in(statement.value)
    )
