"""``[tool.qs-lint]`` of ``pyproject.toml``: the command's own configuration, checked.

A key that has no effect would go unnoticed, so it is an error, as is a value of another type.
Nothing here can name code, a class, or a file that is written.
"""

from __future__ import annotations

import fnmatch
import os
import re
from typing import TYPE_CHECKING

from qs_lint.command import names
from qs_lint.command.errors import UsageError
from qs_lint.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qs_lint.reports import Report

NAME = "qs-lint"
ALL = "ALL"
#: a table in ``[tool]`` whose name is so much like ours is meant to be ours
ALIKE = 0.8
#: patterns longer than this are not written by hand
LONGEST = 1_000


@record(frozen=True)
class Globs:
    """Shell patterns of files, as ruff has them.

    A pattern is compared with the name of a file or folder, and with its path below the folder of
    the configuration; ``*`` stands for anything, ``/`` included.
    """

    folder: str = ""
    patterns: tuple[re.Pattern[str], ...] = ()
    texts: tuple[str, ...] = ()

    @classmethod
    def of(cls, folder: str, texts: Iterable[str]) -> Globs:
        """The patterns that a configuration in a folder has."""
        given = tuple(texts)
        plain = (text.removeprefix("./").rstrip("/") for text in given)
        # what fnmatch makes never goes back over a star: no name takes it long
        patterns = tuple(re.compile(fnmatch.translate(text)) for text in plain if text)
        return cls(folder, patterns, given)

    def match(self, path: str) -> bool:
        """Whether a pattern describes a file or a folder, or a folder that it lies in."""
        if not self.patterns:
            return False
        inside = os.path.relpath(os.path.abspath(path), self.folder).replace(os.sep, "/")
        parts = [part for part in inside.split("/") if part != os.pardir]
        whole = ["/".join(parts[: count + 1]) for count in range(len(parts))]
        return any(
            pattern.match(text)
            for pattern in self.patterns
            for text in dict.fromkeys(whole + parts)
        )


@record(frozen=True)
class Table:
    """What ``[tool.qs-lint]`` says; ``None`` and empty: nothing.

    ``select`` and ``ignore``: symbols.  ``per_file_ignores``: files, and the symbols that are not
    reported there.  ``source_roots``: absolute folders.  ``facts``: a file.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[Globs, frozenset[str]], ...] = ()
    exclude: Globs = Globs()
    source_roots: tuple[str, ...] | None = None
    facts: str | None = None

    def options(self) -> list[tuple[str, str]]:
        """``select`` and ``ignore`` as options of pylint."""
        found: list[tuple[str, str]] = []
        if self.select is not None:
            others = [name for name in names.symbols() if name not in self.select]
            found += [("disable", ",".join(others))] if others else []
            found += [("enable", ",".join(self.select))] if self.select else []
        if self.ignore:
            found.append(("disable", ",".join(self.ignore)))
        return found

    def kept(self, reports: Sequence[Report]) -> Sequence[Report]:
        """The reports without those that ``per-file-ignores`` leaves out."""
        if not self.per_file_ignores:
            return reports
        quiet: dict[str, set[str]] = {}
        for path in {report.abspath for report in reports}:
            quiet[path] = set()
            for globs, symbols in self.per_file_ignores:
                if globs.match(path):
                    quiet[path] |= symbols
        return [report for report in reports if report.symbol not in quiet[report.abspath]]


def read(data: object, file: str) -> Table:
    """The table as TOML has it; :class:`UsageError` names the file, the key, and what is wrong."""
    return _Reader(file).table(data)


def misnamed(keys: Iterable[str], file: str, place: str = "tool.") -> list[str]:
    """Warnings about tables, or sections, that are meant to be ours and are called otherwise."""
    return [
        f"{file}: [{place}{key}] is ignored; did you mean [tool.{NAME}] in pyproject.toml?"
        for key in keys
        if (place + key) != f"tool.{NAME}" and names.alike(key.replace("_", "-"), [NAME], ALIKE)
    ]


class _Reader:
    """Reads the values of one file."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.folder = os.path.dirname(os.path.abspath(file))

    def wrong(self, key: str, what: str) -> UsageError:
        """The error of a key."""
        return UsageError(f"{self.file}: [tool.{NAME}] {key}: {what}")

    def table(self, data: object) -> Table:
        """The whole table."""
        if not isinstance(data, dict):
            raise UsageError(f"{self.file}: tool.{NAME} must be a table")
        known = ("select", "ignore", "per-file-ignores", "exclude", "source-roots", "facts")
        for key in data:
            if key not in known:
                close = names.hint(names.alike(key, known), f"; there are: {', '.join(known)}")
                raise self.wrong(key, f"unknown key{close}")
        return Table(
            select=self.rules("select", data["select"]) if "select" in data else None,
            ignore=self.rules("ignore", data.get("ignore", [])),
            per_file_ignores=self.per_file(data.get("per-file-ignores", {})),
            exclude=self.globs("exclude", self.texts("exclude", data.get("exclude", []))),
            source_roots=self.folders(data["source-roots"]) if "source-roots" in data else None,
            facts=self.path("facts", data["facts"]) if "facts" in data else None,
        )

    def texts(self, key: str, value: object) -> list[str]:
        """A list of strings."""
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.wrong(key, "must be a list of strings")
        return value

    def rules(self, key: str, value: object) -> tuple[str, ...]:
        """A list of messages: symbols, ids, or ``ALL``."""
        found: dict[str, None] = {}
        for name in self.texts(key, value):
            if name == ALL:
                found |= dict.fromkeys(names.symbols())
                continue
            try:
                found[names.rule(name)] = None
            except ValueError as error:
                raise self.wrong(key, str(error)) from None
        return tuple(found)

    def globs(self, key: str, texts: Sequence[str]) -> Globs:
        """A list of patterns."""
        for text in texts:
            if not text or len(text) > LONGEST or "\0" in text:
                raise self.wrong(key, f"{text[:40]!r} is not a file pattern")
        return Globs.of(self.folder, texts)

    def per_file(self, value: object) -> tuple[tuple[Globs, frozenset[str]], ...]:
        """A table of patterns and messages."""
        key = "per-file-ignores"
        if not isinstance(value, dict):
            raise self.wrong(key, "must be a table of patterns and lists of messages")
        return tuple(
            (self.globs(key, [pattern]), frozenset(self.rules(f"{key} {pattern!r}", rules)))
            for pattern, rules in value.items()
        )

    def path(self, key: str, value: object) -> str:
        """A file, from the folder of this one on; as short as that can be said from here."""
        if not isinstance(value, str) or not value or "\0" in value:
            raise self.wrong(key, "must be the name of a file")
        path = os.path.normpath(os.path.join(self.folder, value))
        below = os.path.relpath(path)
        return path if below.startswith(os.pardir) else below

    def folders(self, value: object) -> tuple[str, ...]:
        """A list of folders, from the file's own on."""
        found = []
        for text in self.texts("source-roots", value):
            folder = os.path.normpath(os.path.join(self.folder, text))
            if "\0" in text or not os.path.isdir(folder):
                raise self.wrong("source-roots", f"no folder {text!r}")
            found.append(folder)
        return tuple(found)
