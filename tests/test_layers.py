"""The import direction, from the ways in down to data and facts; see ALLOWED."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import qs_lint
from qs_lint.facts import built_in

PACKAGE = Path(qs_lint.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
#: package or module -> those that it may import; each may import itself
ALLOWED = {
    "__init__": {"checker", "reporters"},
    "checker": {"collector", "examination", "facts", "rules", "project", "findings", "links"},
    "reporters": {
        "__init__",
        "checker",
        "examination",
        "formats",
        "reports",
        "rules",
        "project",
        "findings",
    },
    "formats": {
        "explain",
        "findings",
        "fingerprints",
        "links",
        "reports",
        "rules",
        "sources",
    },
    "explain": {"findings", "links", "rules"},
    "fingerprints": {"reports", "sources"},
    "links": set(),
    "files": set(),
    "sources": {"files"},
    "rules": {"domain", "facts", "findings"},
    "phases": {"models", "engine", "values", "facts", "project", "domain", "findings"},
    "models": {"engine", "values", "facts", "project", "domain", "findings"},
    "engine": {"values", "facts", "project", "domain", "findings"},
    "values": {"domain", "findings"},
    "project": {"facts", "files", "places"},
    "places": set(),
    "collector": set(),
    "records": set(),
    "log": set(),
    "domain": set(),
    "facts": {"files"},
    "findings": {"domain"},
    "testing": set(),
    "reports": {"domain", "findings"},
    "examination": {"files", "phases", "places", "project", "reports", "rules", "findings"},
    "__main__": {"command"},
    "command": {
        "__init__",
        "server",
        "checker",
        "collector",
        "examination",
        "explain",
        "facts",
        "files",
        "findings",
        "fingerprints",
        "fixes",
        "formats",
        "places",
        "reports",
        "phases",
        "project",
        "rules",
        "sources",
    },
    "server": {
        "__init__",
        "command",
        "examination",
        "explain",
        "facts",
        "findings",
        "fixes",
        "links",
        "project",
        "reports",
        "sources",
    },
    "fixes": {"examination", "project", "facts", "files", "domain", "findings"},
}
#: what stands in for modules of the standard library: anybody may use it
INSTEAD = {"records", "log"}
#: packages that make up the engine
ENGINE = ("domain", "project", "values", "engine", "models", "phases")
#: what only a type checker imports may point up: a value names the class it stands for, and the
#: context names the components that it is composed of
FOR_TYPES = {
    ("engine", "models"),
    ("engine", "phases"),
    ("values", "engine"),
    ("domain", "values"),
    ("domain", "findings"),
}
#: third-party packages, and the packages that may know them
OUTSIDE = {
    "pylint": {"__init__", "checker", "command", "reporters", "reports"},
    "astroid": {"checker", "command"},
    "pathspec": {"command"},
    "tomli": {"command", "facts"},
    "tomllib": {"command", "facts"},  # of the standard library since 3.11
    "django": {"testing"},
    "libcst": {"fixes"},
    "lsprotocol": {"server"},
    "pygls": {"server"},
}


def part(path: Path) -> str:
    """The package or module below qs_lint that a file is in."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def for_types(tree: ast.Module) -> set[ast.AST]:
    """What stands under ``if TYPE_CHECKING``."""
    return {
        inner
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for inner in ast.walk(node)
    }


def imports(path: Path) -> Iterator[tuple[str, ast.stmt]]:
    """The dotted names that a file imports, wherever in it, and the statements."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    here, typed = part(path), for_types(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node in typed:
            first, *rest = str(node.module).split(".")
            if first == "qs_lint" and rest and (here, rest[0]) in FOR_TYPES:
                continue
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}:{node.lineno} relative import"
            for alias in node.names:
                yield f"{node.module}.{alias.name}", node


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_direction(path: Path) -> None:
    """A file imports from its own package, from those below, and the standard library."""
    here = part(path)
    for name, node in imports(path):
        first, *rest = name.split(".")
        where = f"{path.relative_to(PACKAGE)}:{node.lineno} imports {name}"
        if first == "qs_lint":
            other = rest[0] if rest and rest[0] in ALLOWED else "__init__"
            assert other == here or other in ALLOWED[here] | INSTEAD, where
        elif first not in sys.stdlib_module_names:
            assert here in OUTSIDE.get(first, ()), where


def test_parts() -> None:
    """No package without a rule about what it may know."""
    assert {part(path) for path in FILES} == set(ALLOWED)


#: what finds and merges the tables, and what reads a project's file
FACT_READERS = ("__init__.py", "describe.py", "project.py")


def test_facts_are_data() -> None:
    """The tables take nothing from outside but what shapes data."""
    for path in (PACKAGE / "facts").rglob("*.py"):
        if path.parent.name == "facts" and path.name in FACT_READERS:
            continue
        names = {name.split(".")[0] for name, _ in imports(path)}
        assert names <= {"__future__", "collections", "dataclasses", "enum", "typing", "qs_lint"}


def test_the_engine_names_no_framework() -> None:
    """Dotted names of libraries stand in the tables, not in the engine's packages."""
    packages = {
        name.partition(".")[0]
        for table in (built_in().callables, built_in().classes)
        for name in table
    } - (sys.stdlib_module_names | {"builtins"})
    assert {"django", "rest_framework", "django_filters"} <= packages
    for path in FILES:
        if part(path) not in ENGINE:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                first, dot, rest = node.value.partition(".")
                named = dot and first in packages and re.fullmatch(r"[\w.]*", rest)
                assert not named, f"{path.relative_to(PACKAGE)}:{node.lineno} names {node.value}"


def test_nothing_is_run() -> None:
    """The engine has no way to import or run what it reads."""
    forbidden = {"importlib", "runpy", "subprocess", "imp", "pickle", "zipimport"}
    for path in FILES:
        if part(path) in (*ENGINE, "facts", "findings"):
            names = {name.split(".")[0] for name, _ in imports(path)}
            if path == PACKAGE / "facts" / "__init__.py":
                names.discard("importlib")  # it walks the package of the tables
            assert not names & forbidden, path
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    assert node.func.id not in ("exec", "eval", "compile", "__import__"), path
