"""Where names live: module, class and function scopes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.engine.nodes import per_node

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.world import Source
    from qs_lint.values import Value


class Scope:
    """One scope: the names bound in it, and the scope around it."""

    __slots__ = ("globals", "info", "kind", "live", "nonlocals", "parent", "source", "vars")

    def __init__(self, kind: str, source: Source, parent: Scope | None) -> None:
        self.kind = kind
        self.source = source
        self.parent = parent
        self.vars: dict[str, Value] = {}
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        #: a function scope of a call that a request makes: nothing in it outlives the request
        self.live = False
        #: the class of a class scope
        self.info: ClassInfo | None = None
        if parent is not None:
            source.world.made.append(self)  # a module's scope goes with its source

    def release(self) -> None:
        """Forget what refers to the scope itself."""
        self.vars = {}
        self.info = None

    def module(self) -> Scope:
        """The module scope around this scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def enclosing(self) -> Iterator[Scope]:
        """The scopes that a name is looked up in, this one first; class scopes are skipped."""
        yield self
        scope = self.parent
        while scope is not None:
            if scope.kind != "class":
                yield scope
            scope = scope.parent


class ModuleScope(Scope):
    """The names of one module.

    A module that is only imported is read name by name, when somebody asks: ``bindings`` says
    which statements bind a name.
    """

    __slots__ = ("asking", "bindings", "complete", "done", "missing", "stars")

    def __init__(self, source: Source) -> None:
        super().__init__("module", source, None)
        #: the whole body was executed, in order
        self.complete = False
        self.bindings, self.stars = bindings(source.tree)
        self.asking: set[str] = set()
        self.done: set[int] = set()
        #: names that were looked up in vain
        self.missing: set[str] = set()


def _targets(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, (ast.Tuple, ast.List)):
        for item in node.elts:
            yield from _targets(item)
    elif isinstance(node, ast.Starred):
        yield from _targets(node.value)


_DEFINITIONS = frozenset((ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
_PLAIN = frozenset((ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Import, ast.ImportFrom))


def names_bound(statement: ast.stmt) -> list[str]:
    """The names that a statement binds in its own scope, nested blocks included."""
    kind = type(statement)
    if kind in _DEFINITIONS:
        return [statement.name]  # type: ignore[attr-defined]
    if kind in _PLAIN:
        return list(_names_bound_by(statement))
    if kind is ast.Expr:
        return []
    found: list[str] = []
    todo = [statement]
    while todo:
        current = todo.pop()
        found.extend(_names_bound_by(current))
        if type(current) not in _DEFINITIONS:
            todo.extend(reversed(list(blocks(current))))
    return found


def _names_bound_by(statement: ast.stmt) -> Iterator[str]:
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield statement.name
        return
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        for alias in statement.names:
            yield (alias.asname or alias.name).partition(".")[0]
        return
    if isinstance(statement, ast.Assign):
        for target in statement.targets:
            yield from _targets(target)
    elif isinstance(statement, (ast.AnnAssign, ast.AugAssign, ast.For, ast.AsyncFor)):
        yield from _targets(statement.target)
    elif type(statement).__name__ == "TypeAlias":  # since Python 3.12
        yield from _targets(statement.name)  # type: ignore[attr-defined]
    elif isinstance(statement, (ast.With, ast.AsyncWith)):
        for item in statement.items:
            if item.optional_vars is not None:
                yield from _targets(item.optional_vars)


def blocks(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statements nested in a compound statement that share its scope."""
    for name in ("body", "orelse", "finalbody"):
        yield from getattr(statement, name, ())
    for handler in getattr(statement, "handlers", ()):
        yield from handler.body
    for case in getattr(statement, "cases", ()):
        yield from case.body


@per_node
def bindings(module: ast.Module) -> tuple[dict[str, list[ast.stmt]], list[ast.ImportFrom]]:
    """Which top-level statements of a module bind which name, and the star imports.

    To give a class of the module to a function belongs to the making of the class: decorators are
    written like that, too.
    """
    found: dict[str, list[ast.stmt]] = {}
    stars: list[ast.ImportFrom] = []
    classes: set[str] = set()
    for statement in module.body:
        if isinstance(statement, ast.ClassDef):
            classes.add(statement.name)
        for name in (*names_bound(statement), *(_given(statement) & classes)):
            if name == "*":
                stars.extend(one for one in _stars(statement) if one not in stars)
                continue
            known = found.setdefault(name, [])
            if not known or known[-1] is not statement:
                known.append(statement)
    return found, stars


def _given(statement: ast.stmt) -> set[str]:
    """The names that a statement gives to a function, and does nothing else."""
    if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
        return set()
    return {each.id for each in statement.value.args if isinstance(each, ast.Name)}


def _stars(statement: ast.stmt) -> Iterator[ast.ImportFrom]:
    todo = [statement]
    while todo:
        current = todo.pop()
        if isinstance(current, ast.ImportFrom):
            if any(alias.name == "*" for alias in current.names):
                yield current
        elif not isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            todo.extend(reversed(list(blocks(current))))
