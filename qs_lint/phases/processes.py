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
from qs_lint.engine.nodes import nodes_in, per_node

if TYPE_CHECKING:
    from qs_lint.engine.classes import ClassInfo

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
#: Kind of a class -> the process that its instances belong to.
OF_KIND = {
    "command": Process.COMMAND,
    "test": Process.TEST,
    "migration": Process.MIGRATION,
}


class Processes(Component):
    """What runs the checked file."""

    @cached_property
    def process(self) -> Process:
        """The process that runs the file as a whole."""
        path = self.ctx.main.path.replace(os.sep, "/")
        kinds = frozenset[str]().union(
            *(self.ctx.hierarchy.kinds(info) for info in self.ctx.entries.own_classes)
        )
        if "migration" in kinds:
            return Process.MIGRATION
        if not kinds & SERVING and self._is_test(kinds):
            return Process.TEST
        *_, folder, above, name = ["", "", *path.split("/")]
        if (folder, above) == ("management", "commands") and not name.startswith("__"):
            return Process.COMMAND
        if name == "__main__.py" or (name == "manage.py" and is_started(self.ctx.main.tree)):
            return Process.SCRIPT
        if kinds & SERVING or name.removesuffix(".py") in BY_NAME:
            return Process.SERVER
        if is_started(self.ctx.main.tree) and self.borrowed is not None and not self.borrowed:
            return Process.SCRIPT
        return Process.SERVER

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
        """What other files import from this one; ``None``: nobody knows; ``*``: all of it."""
        main = self.ctx.main.file
        importers = self.ctx.project.importers
        found: set[str] = set()
        for mention in importers.mentions(main, self.ctx.main.reading):
            found.add(mention.member or "*")
        return frozenset(found) if importers.known(main) else None

    def serves(self, name: str, info: ClassInfo | None = None) -> bool:
        """Whether a process that lasts may run, or read, something of the file by its name."""
        if self.of_class(info).lasts:
            return True
        if self.process is not Process.COMMAND or info is not None:
            return False
        return bool(self.borrowed and {name, "*"} & self.borrowed)

    def _is_test(self, kinds: frozenset[str]) -> bool:
        return "test" in kinds or any(
            function.name.startswith("test_") and (info is None or info.name.startswith("Test"))
            for function, _, info in self.ctx.entries.functions
        )


@per_node
def is_started(tree: ast.Module) -> bool:
    """Whether a file does its work when it is run.

    ``if __name__ == "__main__"``, ``main()``, a file that prints, or one that loops and defines
    nothing; and it is no part of a server by what it defines.
    """
    defining = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    works = any(isinstance(part, (ast.For, ast.While)) for part in tree.body) and not any(
        isinstance(part, defining) for part in tree.body
    )
    for statement in tree.body:
        if isinstance(statement, ast.If) and any(
            isinstance(part, ast.Name) and part.id == "__name__"
            for part in nodes_in(statement.test)
        ):
            works = True
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            works = works or getattr(statement.value.func, "id", "") in ("main", "print")
        elif isinstance(statement, ast.Assign):
            if any(getattr(target, "id", "") in ASKED_FOR for target in statement.targets):
                return False
        elif isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            for decorator in statement.decorator_list:
                called = decorator.func if isinstance(decorator, ast.Call) else decorator
                if (getattr(called, "attr", "") or getattr(called, "id", "")) in HOOKS:
                    return False
    return works
