"""Who imports a file: the other way round from an import, so all files of the project are asked."""

from __future__ import annotations

import ast
import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qs_lint.places import TOP_MARKS
from qs_lint.project.source import INSTALLED, File, Reading, read

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qs_lint.project.source import Project

#: Larger projects are not searched: nothing is known of who imports a file there.
MAX_FILES = 6_000
#: Files with the wanted words that are parsed.
MAX_PARSED = 60
#: Files that stand at the top of a project, where version control has left no mark.
BUILD_MARKS = ("manage.py", "pyproject.toml", "setup.py", "setup.cfg")
#: A string that ends with a module, or a member of one, or a call that loads it by its last name.
_NAMED = (
    rb"""['"][\w.{}]*\.%(stem)s(?:\.\w+)?['"]"""
    rb"""|\b(?:include|import_module|autodiscover_modules|__import__)\(\s*['"]%(stem)s\b"""
)
#: An import that names something: from the word to the end of the statement, at most.
_IMPORT = rb"\b(?:from|import)\b[^;:=]{0,2000}?\b%s\b"
#: Where statements have others in them; what is in a lambda or another expression has none.
_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
_LEFT_OUT = frozenset({"node_modules", "__pycache__", *INSTALLED})


@dataclass(frozen=True, slots=True)
class Mention:
    """One name by which another file knows a module, or something in it.

    ``code`` is what stands in that file, ``member`` what it is in the module; the module itself
    is the empty member.
    """

    file: File
    code: str
    member: str


@dataclass
class Tree:
    """The Python files below a folder; ``complete``: there are not too many of them."""

    files: dict[str, bytes] = field(default_factory=dict)
    folders: set[str] = field(default_factory=set)
    complete: bool = True


class Importers:
    """Answers who imports what, within one project."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._trees: dict[str, Tree] = {}
        #: path of a file -> path of what it imports -> its names for that: (code, member)
        self._named: dict[str, dict[str, list[tuple[str, str]]]] = {}

    def mentions(
        self, file: File, reading: Reading, wanted: re.Pattern[bytes] | None = None
    ) -> Iterator[Mention]:
        """The names that other files have for a file and its members.

        Only files in which ``wanted`` is found are looked at.
        """
        tree = self._looked_at(file, reading)
        imported = re.compile(_IMPORT % re.escape(_stem(file).encode(errors="replace")))
        parsed = 0
        for path, text in tree.files.items():
            if path == file.path or (wanted is not None and wanted.search(text) is None):
                continue
            if imported.search(text) is None:
                continue
            parsed += 1
            if parsed > MAX_PARSED:
                return
            other = self.project.open(path)
            if other is not None:
                for code, member in self._names(other, file.path):
                    yield Mention(other, code, member)

    def speaking_of(
        self, file: File, reading: Reading, word: str, home: File | None = None
    ) -> list[File] | None:
        """The other files in which a word stands; ``None``: they are too many to look at.

        Of those, with ``home``: the files that import something that is called as that file is.
        """
        tree = self._looked_at(file, reading)
        if not tree.complete:
            return None
        wanted = [re.compile(rb"\b%s\b" % re.escape(word.encode(errors="replace")))]
        if home is not None:
            wanted.append(re.compile(_IMPORT % re.escape(_stem(home).encode(errors="replace"))))
        found = [
            path
            for path, text in tree.files.items()
            if path != file.path and all(sought.search(text) for sought in wanted)
        ]
        if len(found) > MAX_PARSED:
            return None
        opened = [self.project.open(path) for path in found]
        return None if None in opened else [other for other in opened if other is not None]

    def suspected(self, file: File, reading: Reading) -> list[str] | None:
        """The paths of files whose text has an import that may be of a file; none is parsed.

        ``None``: they are too many to look at.
        """
        tree = self._looked_at(file, reading)
        imported = re.compile(_IMPORT % re.escape(_stem(file).encode(errors="replace")))
        found = [
            path
            for path, text in tree.files.items()
            if path != file.path and imported.search(text) is not None
        ]
        return found if tree.complete and len(found) <= MAX_PARSED else None

    def importing(self, file: File, paths: list[str]) -> list[File]:
        """Those of the files at paths that import a file."""
        opened = map(self.project.open, paths)
        return [other for other in opened if other is not None and self._names(other, file.path)]

    def naming(self, file: File, reading: Reading) -> list[str]:
        """The paths of the other files with a string by which somebody may load a file."""
        tree = self._looked_at(file, reading)
        named = re.compile(_NAMED % {b"stem": re.escape(_stem(file).encode(errors="replace"))})
        return [
            path
            for path, text in tree.files.items()
            if path != file.path and named.search(text) is not None
        ]

    def known(self, file: File) -> bool:
        """Whether all files of the project are looked at."""
        return self._below(self._top(file.folder)).complete

    def _looked_at(self, file: File, reading: Reading) -> Tree:
        """The project of a file, noted as read: an answer rests on all of it."""
        tree = self._below(self._top(file.folder))
        reading.files |= tree.files.keys() - {file.path}
        reading.folders |= tree.folders
        return tree

    def _top(self, folder: str) -> str:
        """The folder of the project, as version control marks it, or else a build file."""
        for marks in (TOP_MARKS, BUILD_MARKS):
            for root in self.project.roots(folder):
                if any(os.path.exists(os.path.join(root, mark)) for mark in marks):
                    return root
        return self.project.package_parent(folder)

    def _below(self, top: str) -> Tree:
        known = self._trees.get(top)
        if known is not None:
            return known
        tree = self._trees[top] = Tree()
        for folder, below, names in os.walk(top):
            below[:] = sorted(n for n in below if n not in _LEFT_OUT and not n.startswith("."))
            tree.folders.add(folder)
            for name in sorted(names):
                if not name.endswith(".py"):
                    continue
                if len(tree.files) == MAX_FILES:
                    self._trees[top] = Tree(complete=False)
                    return self._trees[top]
                path = os.path.join(folder, name)
                tree.files[path] = read(path) or b""
        return tree

    def _names(self, other: File, path: str) -> Sequence[tuple[str, str]]:
        """What the imports of a file call the module at a path, and its members."""
        known = self._named.get(other.path)
        if known is None:
            known = self._named[other.path] = self._all_names(other)
        return known.get(path, ())

    def _all_names(self, other: File) -> dict[str, list[tuple[str, str]]]:
        """What the imports of a file call the modules of the project, by their paths."""
        found: dict[str, list[tuple[str, str]]] = {}
        place = _Place(other.folder, Reading())

        def note(path: str | None, code: str, member: str) -> None:
            if path is not None:
                found.setdefault(path, []).append((code, member))

        for node in _imports(other.tree):
            if isinstance(node, ast.Import):
                for alias in node.names:
                    name = alias.asname or alias.name
                    note(self.project.find(place, alias.name), name, "")
                continue
            module = node.module or ""
            path = self.project.find(place, module, node.level)
            for alias in node.names:
                name = alias.asname or alias.name
                note(path, name, alias.name)
                dotted = f"{module}.{alias.name}" if module else alias.name
                below = self.project.find(place, dotted, node.level)
                if below != path:
                    note(below, name, "")
        return found


def _imports(tree: ast.Module) -> Iterator[ast.Import | ast.ImportFrom]:
    """The import statements of a file, outer ones first."""
    todo: list[ast.AST] = list(tree.body)
    for node in todo:  # it grows
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            yield node
            continue
        for field_name in _BLOCKS:
            todo += getattr(node, field_name, ())


def _stem(file: File) -> str:
    """The last part of a module's name."""
    stem = os.path.basename(file.path).removesuffix(".py")
    return os.path.basename(file.folder) if stem == "__init__" else stem


@dataclass(frozen=True)
class _Place:
    """Where an import stands."""

    folder: str
    reading: Reading
