"""Which process runs a file, and how long it lives: said here, once, for every rule.

A server and a task worker answer until somebody stops them: what they keep gets old.  A command, a
script, a test run and a migration do one thing and end.
"""

from __future__ import annotations

import os
from functools import cached_property
from typing import TYPE_CHECKING

from qs_lint.domain import Process
from qs_lint.engine.context import Component
from qs_lint.facts.lifecycle import NAMED_IN
from qs_lint.phases.starting import (
    is_loaded,
    is_loaded_by_name,
    is_started,
    mentioned,
    place_of,
    sets,
)
from qs_lint.values import Function, Imported

if TYPE_CHECKING:
    from qs_lint.domain.observations import Observation
    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.context import EngineContext
    from qs_lint.project.source import File

#: Kinds of classes that a server serves requests with.
SERVING = frozenset({"view", "drf", "admin", "feed", "sitemap", "middleware"})
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
        paths = importers.suspected(file, self.ctx.main.reading)
        if paths is None:
            return False
        paths = [path for path in paths if place_of(path) is not Process.TEST]
        if any(place_of(path) is None and is_loaded_by_name(path) for path in paths):
            return False  # a look at the text is enough, and costs no parsing
        known = [
            place_of(other.path) is not None or self._importer_ends(other, chain - 1)
            for other in importers.importing(file, paths)
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
