"""The modules of a project as one analysis sees them.

What a module means is worked out anew for every file that is checked, from the module's text and
from what it imports, and goes with that analysis.  So nothing that one file asks, sets or fills can
show in what is said of another one.  Shared are only texts, trees and facts about them
(:mod:`~qs_lint.project.source`, :mod:`~qs_lint.engine.nodes`), which nobody changes.
"""

from __future__ import annotations

import ast
import os
from bisect import bisect_left
from typing import TYPE_CHECKING

from qs_lint.engine.scope import ModuleScope

if TYPE_CHECKING:
    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.scope import Scope
    from qs_lint.project.source import File, Project, Reading
    from qs_lint.values import Value


class Source:
    """One Python file in one analysis: the names of the module, and what its imports mean."""

    __slots__ = ("file", "folder", "imported", "path", "scope", "tree", "world")

    def __init__(self, file: File, world: World) -> None:
        self.file = file
        self.world = world
        self.path = file.path
        self.folder = file.folder
        self.tree = file.tree
        #: (module, name or nothing) -> what an import of it means here
        self.imported: dict[tuple[str, str], Value] = {}
        self.scope = ModuleScope(self)

    def release(self) -> None:
        """Let go of what refers to the source."""
        self.scope.release()
        del self.scope  # it refers to this source
        self.imported = {}
        self.tree = ast.Module([], [])

    @property
    def reading(self) -> Reading:
        """What was read because of the checked file."""
        return self.world.reading

    @property
    def display(self) -> str:
        """The path as messages show it: from the outermost package on, with forward slashes."""
        return self.file.display

    @property
    def name(self) -> str:
        """The dotted name of the module, from its outermost package on."""
        return self.file.name

    @property
    def is_package(self) -> bool:
        """Whether the file is a package's ``__init__.py``."""
        return os.path.basename(self.path) in ("__init__.py", "__init__.pyi")

    def may_yield(self, node: ast.stmt) -> bool:
        """Whether the word ``yield`` is in the lines of a function."""
        lines = self.file.lines_with_yield
        first = bisect_left(lines, node.lineno)
        return first < len(lines) and lines[first] <= (node.end_lineno or node.lineno)


class World:
    """The modules that one analysis reads; ``path`` is the file that is checked."""

    def __init__(self, project: Project, path: str) -> None:
        self.project = project
        self.reading = project.read_anew(path)
        self._sources: dict[str, Source | None] = {}
        #: what refers to itself, to be freed at the end
        self.made: list[Scope | ClassInfo] = []

    def checked(self, file: File) -> Source:
        """The file that is checked; whoever imports it reads another copy, as all modules are."""
        return Source(file, self)

    def open(self, path: str) -> Source | None:
        """The module at an absolute path, or ``None`` if it cannot be read or parsed."""
        try:
            return self._sources[path]
        except KeyError:
            self.reading.files.add(path)
            file = self.project.open(path)
            source = self._sources[path] = None if file is None else Source(file, self)
            return source

    def release(self) -> None:
        """Break the cycles of everything that was made, so that it is freed at once."""
        for made in self.made:
            made.release()
        for source in self._sources.values():
            if source is not None:
                source.release()
        self.made = []
        self._sources = {}
