"""Which process runs a file, and how long it lives: said here, once, for every rule.

A server and a task worker answer until somebody stops them: what they keep gets old.  A command, a
script, a test run and a migration do one thing and end.
"""

from __future__ import annotations

import ast
import os
from functools import cached_property
from typing import TYPE_CHECKING

from qs_lint.domain import Process
from qs_lint.engine.context import Component
from qs_lint.engine.nodes import children_of, nodes_in, per_node
from qs_lint.facts.lifecycle import NAMED_IN
from qs_lint.values import Function, Imported

if TYPE_CHECKING:
    from qs_lint.domain.observations import Observation
    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.context import EngineContext
    from qs_lint.project.source import File

#: Kinds of classes that a server serves requests with.
SERVING = frozenset({"view", "drf", "admin", "feed", "sitemap", "middleware"})
#: Files that Django, Celery or a web server import by name.
BY_NAME = frozenset(
    "models admin apps urls views forms signals tasks asgi wsgi settings middleware receivers "
    "serializers filters managers querysets context_processors celery conftest".split()
)
#: Names that a server asks a module for.
ASKED_FOR = frozenset({"urlpatterns", "application", "app", "default_app_config"})
#: Decorators that give a function to a server or a task queue.
HOOKS = frozenset(
    "task shared_task periodic_task receiver register simple_tag inclusion_tag filter api_view "
    "route get post".split()
)
#: Folders whose modules are loaded by their place.
BY_FOLDER = frozenset({"templatetags", "models"})
#: Calls at the top of a file by which it does its work.
WORKING_CALLS = frozenset({"main", "print", "input", "exit", "quit"})
#: Methods of a row that write it.
WRITING = frozenset({"save", "delete"})
#: Kind of a class -> the process that its instances belong to.
OF_KIND = {
    "command": Process.COMMAND,
    "test": Process.TEST,
    "migration": Process.MIGRATION,
}
#: How many files, one importing the other, are asked who imports them.
MAX_CHAIN = 3


class Processes(Component):
    """What runs the checked file."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        self._left_out: dict[str, bool] = {}

    @cached_property
    def process(self) -> Process:
        """The process that runs the file as a whole."""
        path = self.ctx.main.path.replace(os.sep, "/")
        kinds = self._kinds
        if "migration" in kinds:
            return Process.MIGRATION
        if not kinds & SERVING and self._is_test(kinds):
            return Process.TEST
        if place_of(path) is Process.COMMAND:
            return Process.COMMAND
        *_, name = path.split("/")
        started = is_started(self.ctx.main.tree, self._borrowing)
        if name == "__main__.py" or (name == "manage.py" and started):
            return Process.SCRIPT
        if kinds & SERVING or is_loaded(path, self.ctx.main.tree, self._routes):
            return Process.SERVER
        if started and self.borrowed is not None and not self.borrowed and not self._is_named:
            return Process.SCRIPT
        return Process.SERVER

    @cached_property
    def _kinds(self) -> frozenset[str]:
        return frozenset[str]().union(
            *(self.ctx.hierarchy.kinds(info) for info in self.ctx.entries.own_classes)
        )

    @property
    def _borrowing(self) -> frozenset[str]:
        """The names that the file has from other files of the project."""
        values = self.ctx.main.scope.vars
        return frozenset(
            name for name, value in values.items() if isinstance(value, (Imported, Function))
        )

    @cached_property
    def _routes(self) -> frozenset[str]:
        """The names of functions that make routes."""
        return frozenset(
            name.rpartition(".")[2]
            for name, does in self.ctx.facts.behaviour.items()
            if does == "route"
        )

    def of_class(self, info: ClassInfo | None) -> Process:
        """The process that the methods of a class run in."""
        if info is not None:
            kinds = self.ctx.hierarchy.kinds(info)
            for kind, process in OF_KIND.items():
                if kind in kinds:
                    return process
        return self.process

    @cached_property
    def borrowed(self) -> frozenset[str] | None:
        """What other files import from this one; ``None``: nobody knows; ``*``: all of it.

        Files that a process imports which ends, by their place, do not count.
        """
        main = self.ctx.main.file
        importers = self.ctx.project.importers
        found: set[str] = set()
        for mention in importers.mentions(main, self.ctx.main.reading):
            if place_of(mention.file.path) is None:
                found.add(mention.member or "*")
        return frozenset(found) if importers.known(main) else None

    def serves(self, name: str, info: ClassInfo | None = None) -> bool:
        """Whether a process that lasts may run, or read, something of the file by its name."""
        if self.of_class(info).lasts:
            return True
        if self.process is not Process.COMMAND or info is not None:
            return False
        return bool(self.borrowed and {name, "*"} & self.borrowed)

    def reached(self, observed: list[Observation]) -> list[Observation]:
        """What a process that lasts may come to, of what was observed.

        All of the project may be asked, so this is for files that there is something to say about.
        """
        if not observed or self.is_helper_of_commands:
            return []
        return [
            seen
            for seen in observed
            if not any(
                kind in seen.context.kinds and self._is_left_out(seen.context.class_name, setting)
                for kind, setting in NAMED_IN.items()
            )
        ]

    def _is_left_out(self, name: str, setting: str) -> bool:
        """Whether settings can be read, and nobody in the project speaks of a class they name."""
        known = self._left_out.get(name)
        if known is None:
            known = self._left_out[name] = self._nobody_names(name, setting)
        return known

    def _nobody_names(self, name: str, setting: str) -> bool:
        main, reading = self.ctx.main.file, self.ctx.main.reading
        importers = self.ctx.project.importers
        naming = importers.speaking_of(main, reading, name) if name else None
        if naming is None or naming or name in mentioned(self.ctx.main.tree):
            return False
        settings = importers.speaking_of(main, reading, setting) or []
        return any(place_of(file.path) is None and sets(file.tree, setting) for file in settings)

    @cached_property
    def is_helper_of_commands(self) -> bool:
        """Whether only commands and scripts import the file, as far as the project tells."""
        if self._kinds & (SERVING | {"model"}):
            return False
        return self._ends(self.ctx.main.file, MAX_CHAIN) is True

    def _ends(self, file: File, chain: int) -> bool | None:
        """Whether whoever imports a file ends soon; ``None``: nobody imports it but tests."""
        if is_loaded(file.path, file.tree, self._routes) or not chain:
            return False
        importers = self.ctx.project.importers
        others = importers.importing(file, self.ctx.main.reading)
        if others is None:
            return False
        places = [(other, place_of(other.path)) for other in others]
        known = [
            True if place is not None else self._importer_ends(other, chain - 1)
            for other, place in places
            if place is not Process.TEST
        ]
        if not known:
            return None
        return all(known) and not self._names_are_loaded(file)

    def _importer_ends(self, file: File, chain: int) -> bool:
        ends = self._ends(file, chain)
        return is_started(file.tree) if ends is None else ends

    @cached_property
    def _is_named(self) -> bool:
        return self._names_are_loaded(self.ctx.main.file)

    def _names_are_loaded(self, file: File) -> bool:
        """Whether a string of the project, outside of tests, names a module."""
        naming = self.ctx.project.importers.naming(file, self.ctx.main.reading)
        return any(place_of(path) is None for path in naming)

    def _is_test(self, kinds: frozenset[str]) -> bool:
        return "test" in kinds or any(
            function.name.startswith("test_") and (info is None or info.name.startswith("Test"))
            for function, _, info in self.ctx.entries.functions
        )


def place_of(path: str) -> Process | None:
    """The process that a file belongs to by its place; ``None``: the place does not tell."""
    *_, folder, above, name = ["", "", *path.replace(os.sep, "/").split("/")]
    if (folder, above) == ("management", "commands") and not name.startswith("__"):
        return Process.COMMAND
    if name == "__main__.py":
        return Process.SCRIPT
    if above == "migrations":
        return Process.MIGRATION
    if (
        above in ("tests", "test")
        or name.startswith("test_")
        or name in ("tests.py", "conftest.py")
    ):
        return Process.TEST
    return None


def is_loaded(path: str, tree: ast.Module, routes: frozenset[str]) -> bool:
    """Whether a server loads a file by its name or its place, or asks it for something."""
    *_, above, name = ["", *path.replace(os.sep, "/").split("/")]
    if name == "__init__.py" or name.removesuffix(".py") in BY_NAME or above in BY_FOLDER:
        return True
    return is_asked(tree) or bool(called_names(tree) & routes)


@per_node
def is_asked(tree: ast.Module) -> bool:
    """Whether a file has what a server asks modules for, or hands functions to one."""
    for statement in tree.body:
        if isinstance(statement, ast.Assign):
            if any(getattr(target, "id", "") in ASKED_FOR for target in statement.targets):
                return True
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for decorator in statement.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if (getattr(called, "attr", "") or getattr(called, "id", "")) in HOOKS:
                    return True
    return False


def sets(tree: ast.Module, name: str) -> bool:
    """Whether a file, or a class in it, assigns to a name."""
    return any(
        isinstance(part, ast.Name) and part.id == name and isinstance(part.ctx, ast.Store)
        for part in nodes_in(tree)
    )


@per_node
def mentioned(tree: ast.Module) -> frozenset[str]:
    """The names that a file reads."""
    return frozenset(
        part.id
        for part in nodes_in(tree)
        if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Load)
    )


@per_node
def called_names(tree: ast.Module) -> frozenset[str]:
    """The plain names that a file calls."""
    return frozenset(
        part.func.id
        for part in nodes_in(tree)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    )


def is_started(tree: ast.Module, borrowing: frozenset[str] = frozenset()) -> bool:
    """Whether a file does its work when it is run.

    ``if __name__ == "__main__"``; a call of a function whose result nobody keeps, ``main()``; a
    row that is written; or a loop, in a file that defines nothing.  ``borrowing`` are the names
    that the file has from the project: what a library's function does may be to set something up.
    """
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    own = {part.name for part in tree.body if isinstance(part, defining)}
    for statement in _run_at_the_top(tree):
        if isinstance(statement, ast.If) and any(
            isinstance(part, ast.Name) and part.id == "__name__"
            for part in nodes_in(statement.test)
        ):
            return True
        if isinstance(statement, (ast.For, ast.While)) and not own:
            return True
        if not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            continue
        called = statement.value.func
        if isinstance(called, ast.Name):
            if called.id in WORKING_CALLS:
                return True
            if called.id in own | borrowing and not _gives(statement.value, own):
                return True
        elif isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
            if called.attr in WRITING:
                return True
    return False


def _run_at_the_top(tree: ast.Module) -> list[ast.stmt]:
    """The statements that run when a file is run: also those in blocks."""
    found: list[ast.stmt] = list(tree.body)
    for statement in found:
        if isinstance(statement, (ast.With, ast.Try, ast.If)):
            found += [part for part in children_of(statement) if isinstance(part, ast.stmt)]
    return found


def _gives(call: ast.Call, own: set[str]) -> bool:
    """Whether a call is given something that the file defines: it registers it."""
    return any(
        isinstance(part, ast.Name) and part.id in own
        for argument in [*call.args, *(keyword.value for keyword in call.keywords)]
        for part in nodes_in(argument)
    )
