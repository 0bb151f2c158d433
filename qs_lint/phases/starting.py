"""How a file looks that a server loads, or that is started: by its text and its place."""

from __future__ import annotations

import ast
import os

from qs_lint.domain import Process
from qs_lint.engine.nodes import children_of, nodes_in, per_node

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
    return is_loaded_by_name(path) or is_asked(tree) or bool(called_names(tree) & routes)


def is_loaded_by_name(path: str) -> bool:
    """Whether a server loads a file by its name or its place."""
    *_, above, name = ["", *path.replace(os.sep, "/").split("/")]
    return name == "__init__.py" or name.removesuffix(".py") in BY_NAME or above in BY_FOLDER


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
        if isinstance(statement, ast.If) and _asks_its_name(statement.test):
            return True
        if isinstance(statement, (ast.For, ast.While)) and not own:
            return True
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            if _works(statement.value, own, borrowing):
                return True
    return False


def _asks_its_name(test: ast.expr) -> bool:
    """Whether a condition looks at ``__name__``."""
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in nodes_in(test))


def _works(call: ast.Call, own: set[str], borrowing: frozenset[str]) -> bool:
    """Whether a call whose result nobody keeps is the work of a file."""
    called = call.func
    if isinstance(called, ast.Name):
        if called.id in WORKING_CALLS:
            return True
        return called.id in own | borrowing and not _gives(call, own)
    if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
        return called.attr in WRITING
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
