"""Source files and how one names another: read and parsed, never imported."""

from __future__ import annotations

import ast
import os
import sys
import warnings
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from qs_lint.facts import built_in
from qs_lint.files import CHANGED, MAX_SOURCE, UNREAD, digest, read_or_none
from qs_lint.places import TOP_MARKS, listing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qs_lint.facts import Facts
    from qs_lint.project.importers import Importers

#: Packages whose behaviour the fact tables describe: never read, installed or not.
FRAMEWORKS = frozenset({"django", "rest_framework", "django_filters", "pylint", "astroid"})
#: Folders of installed packages: what lies beside the project there is not the project.
INSTALLED = frozenset({"site-packages", "dist-packages"})
#: How far above the outermost package an import may be rooted where no mark says so.
MAX_UP = 6
#: Trees of imported files are kept from one checked file to the next up to this many bytes of
#: source in all: those that were used last.  A tree takes some 25 times its source.
MAX_KEPT = 2_000_000
#: The same for files that were checked, which others may import.
MAX_CHECKED = 250_000
#: Packages in which modules are looked for by their place.
MAX_PLACES = 60


class File:
    """One Python file, read and parsed: the same for every analysis, and changed by none."""

    def __init__(self, path: str, tree: ast.Module, project: Project, text: bytes | str) -> None:
        self.path = path
        self.tree = tree
        self.project = project
        self.text = text
        #: the directory that the file is in
        self.folder = os.path.dirname(path)

    def release(self) -> None:
        """Let go of the tree."""
        self.tree = ast.Module([], [])

    @cached_property
    def lines_with_yield(self) -> list[int]:
        """The numbers of the lines with the word ``yield``."""
        text = self.text.encode(errors="replace") if isinstance(self.text, str) else self.text
        if b"yield" not in text:
            return []
        return [number for number, line in enumerate(text.splitlines(), 1) if b"yield" in line]

    @cached_property
    def display(self) -> str:
        """The path as messages show it: from the outermost package on, with forward slashes."""
        top = self.project.package_parent(self.folder)
        return os.path.relpath(self.path, top).replace(os.sep, "/")

    @cached_property
    def name(self) -> str:
        """The dotted name of the module, from its outermost package on."""
        parts = self.display[: -len(".py")].split("/")
        if parts[-1] == "__init__":
            parts.pop()
        return ".".join(parts)


def package_parent(folder: str) -> str:
    """The directory that holds the outermost package around ``folder``."""
    while os.path.isfile(os.path.join(folder, "__init__.py")):
        above = os.path.dirname(folder)
        if above == folder:
            break
        folder = above
    return folder


def parse(text: bytes | str, path: str) -> ast.Module | None:
    """Parse one file; ``None`` if it is no Python that this interpreter can read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text, filename=path)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def read(path: str) -> bytes | None:
    """The bytes of a file; ``None`` if it is too large, or not a regular file."""
    return read_or_none(path, MAX_SOURCE)


@dataclass
class Reading:
    """What was read because of one file: other files, and folders for the names in them.

    A file that was looked for and is not there counts: one day it may be.
    """

    files: set[str] = field(default_factory=set)
    folders: set[str] = field(default_factory=set)


class Importer(Protocol):
    """Who imports, or names a template: where it stands, and what is read because of it."""

    @property
    def folder(self) -> str:
        """The directory that it is in."""

    @property
    def reading(self) -> Reading:
        """What was read so far."""


class Project:
    """The files that can be reached from those that are checked.

    ``source_roots`` are directories (pylint's option of that name) in which absolute imports are
    looked up first.  What an import means depends on the importing file's place alone, not on the
    working directory or on what is installed.
    """

    def __init__(self, source_roots: Iterable[str] = (), facts: Facts | None = None) -> None:
        #: what is known of libraries; the built-in tables, unless a project has rows of its own
        self.facts = built_in() if facts is None else facts
        self.source_roots = tuple(os.path.abspath(root) for root in source_roots)
        #: what is imported from a path; ``None``: it cannot be read or parsed
        self._files: dict[str, File | None] = {}
        self._roots: dict[str, tuple[tuple[str, ...], frozenset[str]]] = {}
        self._found: dict[tuple[str, str], tuple[str | None, frozenset[str]]] = {}
        self._modules: dict[tuple[str, str], tuple[tuple[str, ...], frozenset[str]]] = {}
        self._listings: dict[str, frozenset[str]] = {}
        self._parents: dict[str, str] = {}
        #: the folders that were listed since somebody set it to an empty set
        self._listed: set[str] = set()
        #: file -> what was read when it was analysed last
        self.reading: dict[str, Reading] = {}
        #: template name, as seen from a folder -> the files that were looked for, in turn
        self._templates: dict[tuple[str, str], tuple[tuple[str, ...], frozenset[str]]] = {}
        #: digests of what was read: UNREAD for what could not be, CHANGED for what was written to
        #: between two readings
        self.digests: dict[str, str] = {}
        #: what was parsed last at a path, so that it is not parsed again; used last, it is last
        self._trees: dict[str, File] = {}
        #: texts that stand for what is on disk
        self._given: set[str] = set()
        self._importers: Importers | None = None
        #: how many texts were parsed, for the guard against growing work
        self.parsed = 0

    @property
    def importers(self) -> Importers:
        """Who imports what in the project; it is searched when somebody asks."""
        if self._importers is None:
            from qs_lint.project.importers import Importers  # of this package, and it reads files

            self._importers = Importers(self)
        return self._importers

    def close(self) -> None:
        """Free everything that was read at once; the project may not be used any more."""
        for file in self._trees.values():
            file.release()
        self.__dict__.clear()

    def read_anew(self, path: str) -> Reading:
        """An empty note of what is read because of a file, for the analysis that begins."""
        found = self.reading[path] = Reading()
        return found

    def package_parent(self, folder: str) -> str:
        """The directory that holds the outermost package around ``folder``."""
        known = self._parents.get(folder)
        if known is None:
            known = self._parents[folder] = package_parent(folder)
        return known

    def open(self, path: str) -> File | None:
        """The file at an absolute path, or ``None`` if it cannot be read or parsed."""
        try:
            file = self._files[path]
        except KeyError:
            self._files[path] = None
            text = self._read(path)
            file = self._files[path] = None if text is None else self.parse_only(path, text)
        else:
            if file is not None and self._trees.pop(path, None) is file:
                self._trees[path] = file
        return file

    def _read(self, path: str) -> bytes | None:
        """Read a file, and remember what it held: the analysis is of this, whatever comes later."""
        data = read(path)
        now = UNREAD if data is None else digest(data)
        if self.digests.setdefault(path, now) != now:
            self.digests[path] = CHANGED
        return data

    def names(self, folder: str) -> frozenset[str]:
        """The names in a folder, as they were when they were first asked for."""
        if folder not in self._listings:
            self._listings[folder] = listing(folder)
        return self._listings[folder]

    def add(self, path: str, text: bytes | str) -> File | None:
        """Put a text in the place of what is on disk."""
        self._given.add(path)
        file = self._files[path] = self.parse_only(path, text)
        return file

    def parse_only(self, path: str, text: bytes | str) -> File | None:
        """Parse a text as the file at ``path``, e.g. an editor's unsaved buffer."""
        path = os.path.abspath(path)
        known = self._trees.get(path)
        if known is not None and known.text == text:
            return known
        tree = parse(text, path)
        self.parsed += 1
        if tree is None:
            return None
        file = self._trees[path] = File(path, tree, self, text)
        return file

    def find(self, importer: Importer, dotted: str, level: int = 0) -> str | None:
        """The path of the module that ``importer`` means by ``dotted``, if it is in the project.

        A package without ``__init__.py`` is found as a directory path.
        """
        path, listed = self._located(importer.folder, dotted, level)
        importer.reading.folders |= listed
        return path

    def locate(self, folder: str, dotted: str, level: int = 0) -> str | None:
        """The path of the module that a file in ``folder`` means; see :meth:`find`."""
        return self._located(folder, dotted, level)[0]

    def _located(self, folder: str, dotted: str, level: int) -> tuple[str | None, frozenset[str]]:
        first, _, _ = dotted.partition(".")
        if not level and first in FRAMEWORKS:
            return None, frozenset()
        key = (folder, "." * level + dotted)
        if key not in self._found:
            self._listed = set()
            if level:
                base = folder
                for _ in range(level - 1):
                    base = os.path.dirname(base)
                path = self._module(base, dotted.split(".") if dotted else [])
            else:
                path = self._search(folder, dotted.split("."))
            self._found[key] = path, frozenset(self._listed)
        return self._found[key]

    def _search(self, folder: str, parts: list[str]) -> str | None:
        fallback = None
        standard = parts[0] in sys.stdlib_module_names
        for root in self.roots(folder):
            found = self._module(root, parts)
            if found is None:
                continue
            if os.path.isfile(found):
                return found
            if not standard:
                fallback = fallback or found
        return fallback

    def template(self, importer: Importer, name: str) -> str | None:
        """The text of a template, looked up in the ``templates`` folders around a source."""
        key = (importer.folder, name)
        if key not in self._templates:
            self._listed = set()
            places = tuple(self._template_places(importer.folder, name))
            self._templates[key] = places, frozenset(self._listed)
        places, listed = self._templates[key]
        importer.reading.folders |= listed
        for path in places:
            importer.reading.files.add(path)
            data = self._read(path)
            if data is not None:
                return data.decode("utf-8", "replace")
        return None

    def _template_places(self, folder: str, name: str) -> Iterator[str]:
        """Where a template may be, first things first."""
        if name.startswith("/") or ".." in name or "\0" in name:
            return
        for place in self._around(folder):
            if "templates" in self._list(place):
                yield os.path.join(place, "templates", name)

    def _around(self, folder: str) -> Iterator[str]:
        """The folder and those above it, the roots of imports, and the packages in the roots."""
        top = self.package_parent(folder)
        current = folder
        while True:
            yield current
            if current == top or os.path.dirname(current) == current:
                break
            current = os.path.dirname(current)
        for root in self.roots(folder)[:2]:
            yield root
            if os.path.basename(root) not in INSTALLED:
                yield from self._packages(root)

    def _packages(self, folder: str) -> list[str]:
        below = (os.path.join(folder, entry) for entry in sorted(self._list(folder)))
        return [path for path in below if "__init__.py" in self._list(path)]

    def named(self, importer: Importer, name: str) -> tuple[str, ...]:
        """The modules of a name in the packages around a source, and those of such a package.

        Django finds modules like ``settings`` and ``apps`` by their place, not by an import.
        """
        key = (importer.folder, f"named:{name}")
        if key not in self._modules:
            self._listed = set()
            places = list(dict.fromkeys(self._around(importer.folder)))
            for package in places[:MAX_PLACES]:
                places += [each for each in self._packages(package) if each not in places]
            found = [
                os.path.join(place, name, entry)
                for place in places[:MAX_PLACES]
                for entry in sorted(self._list(os.path.join(place, name)))
                if entry.endswith(".py")
            ]
            found += [
                os.path.join(place, f"{name}.py")
                for place in places[:MAX_PLACES]
                if f"{name}.py" in self._list(place)
            ]
            self._modules[key] = tuple(found), frozenset(self._listed)
        paths, listed = self._modules[key]
        importer.reading.folders |= listed
        return paths

    def forget(self, path: str) -> None:
        """A file was checked: of the trees that were not used for longest some are freed."""
        self.reading.pop(os.path.abspath(path), None)
        imported: list[File] = []
        checked: list[File] = []
        for file in self._trees.values():
            (imported if file.path in self._files else checked).append(file)
        self._trim(imported, MAX_KEPT)
        self._trim(checked, MAX_CHECKED)

    def _trim(self, files: list[File], limit: int) -> None:
        kept = sum(len(file.text) for file in files)
        for file in files:
            if kept <= limit:
                break
            if file.path in self._given:
                continue
            kept -= len(file.text)
            del self._trees[file.path]
            self._files.pop(file.path, None)
            file.release()

    def dependencies(self, path: str) -> Reading:
        """Everything that what was said last about a file depends on, but for the file itself."""
        path = os.path.abspath(path)
        known = self.reading.get(path, Reading())
        found = Reading(known.files - {path}, set(known.folders))
        self._listed = found.folders  # where the outermost package begins matters to every file
        self.roots(os.path.dirname(path))
        return found

    def roots(self, folder: str) -> tuple[str, ...]:
        """The directories in which an absolute import of a file in ``folder`` is looked up."""
        if folder not in self._roots:
            listed, self._listed = self._listed, set()
            found = self.source_roots + tuple(self._ancestors(folder))
            self._roots[folder] = found, frozenset(self._listed)
            self._listed = listed
        roots, seen = self._roots[folder]
        self._listed |= seen
        return roots

    def _ancestors(self, folder: str) -> list[str]:
        current = self.package_parent(folder)
        inner = folder
        while inner != current:
            self._list(inner)  # an __init__.py more or less changes what the outermost package is
            inner = os.path.dirname(inner)
        found: list[str] = []
        for _ in range(MAX_UP):
            names = self._list(current)
            if os.path.basename(current) in INSTALLED:
                found.append(current)
                break
            found.append(current)
            src = os.path.join(current, "src")
            if src not in found and "src" in names:
                found.append(src)
            if any(mark in names for mark in TOP_MARKS):
                break
            above = os.path.dirname(current)
            if above == current:
                break
            current = above
        return found

    def _list(self, folder: str) -> frozenset[str]:
        self._listed.add(folder)
        return self.names(folder)

    def _module(self, root: str, parts: list[str]) -> str | None:
        folder = root
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            names = self._list(folder)
            if last and f"{part}.py" in names and part not in names:
                return os.path.join(folder, f"{part}.py")
            if part in names:
                below = os.path.join(folder, part)
                if not last or "__init__.py" in self._list(below):
                    folder = below
                    continue
                if f"{part}.py" in names:
                    return os.path.join(folder, f"{part}.py")
                if os.path.isdir(below) and self._list(below):
                    return below
            return None
        init = os.path.join(folder, "__init__.py")
        return init if "__init__.py" in self._list(folder) else folder
