"""A list of known findings: what it has stays quiet, what is new does not.

The file is JSON Lines: a line that says what it is, then a line for each finding, sorted by path:
a difference between two versions reads as findings that came and went.  A finding is known again by
its fingerprint (:mod:`qs_lint.fingerprints`): message, path from the list's own folder, class or
function around, expression.  The other members are for people.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qs_lint import sources
from qs_lint.command.errors import UsageError
from qs_lint.command.files import replace_file
from qs_lint.fingerprints import fingerprints, reported_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from qs_lint.reports import Report

#: Raised when the form of the file changes.
FORMAT = 1
HEADER = "qs-lint-baseline"
#: How much of an expression is written for people.
SHOWN = 100
_INTRODUCTION = {
    HEADER: FORMAT,
    "about": "Findings that are known and kept quiet. Written by qs-lint --write-baseline.",
}


@dataclass(frozen=True, order=True)
class Entry:
    """One known finding; ``count`` of the same kind at the same place count as one entry.

    ``path``: from the list's folder, with forward slashes; ``within``: the class or function around
    it; ``code``: the expression without its layout.
    """

    path: str
    symbol: str
    within: str
    code: str
    fingerprint: str
    count: int = 1

    def line(self) -> str:
        """The entry as it is written."""
        data = {
            "path": self.path,
            "symbol": self.symbol,
            "in": self.within,
            "code": self.code,
            "count": self.count,
            "fingerprint": self.fingerprint,
        }
        return json.dumps(data)


@dataclass(frozen=True)
class Compared:
    """Reports beside a list: which are ``new``, how many ``known``, which entries are ``stale``.

    The count of a stale entry is how many of it are gone.
    """

    new: list[Report]
    known: int
    stale: list[Entry]


def compared(
    path: str,
    reports: Sequence[Report],
    files: Iterable[str],
    read: Callable[[str], str | None] = sources.read,
) -> Compared:
    """Compare the reports of a run with the list at ``path``.

    ``files``: the absolute paths of the files that were checked.  An entry is stale if its file was
    checked, or is not there any more, and the finding is gone; entries for other files are left
    alone.  Raises :class:`UsageError` if the list cannot be read.
    """
    entries = _entries(path)
    left = {entry.fingerprint: entry.count for entry in entries}
    groups = _groups(reports, _folder(path), read)
    new: list[Report] = []
    for report in reports:
        entry = groups.get(id(report))
        if entry is not None and left.get(entry.fingerprint, 0) > 0:
            left[entry.fingerprint] -= 1
        else:
            new.append(report)
    there = _still_there(path, files)
    stale = [
        replace(entry, count=left[entry.fingerprint])
        for entry in entries
        if left[entry.fingerprint] and not there(entry)
    ]
    return Compared(new, len(reports) - len(new), stale)


def write(path: str, reports: Sequence[Report], files: Iterable[str]) -> tuple[int, list[Report]]:
    """List findings in the file at ``path``; how many, and the reports that cannot be listed.

    What the list has about files that were not checked now stays in it.  Messages that are no
    findings (a syntax error) are never listed.  Raises :class:`UsageError` if the file cannot be
    written, or is something else than a list.
    """
    kept: list[Entry] = []
    if os.path.exists(path):
        there = _still_there(path, files)
        kept = [entry for entry in _entries(path) if there(entry)]
    listed = _groups(reports, _folder(path), sources.read)
    counted = Counter(listed[id(report)] for report in reports if id(report) in listed)
    made = [replace(entry, count=number) for entry, number in counted.items()]
    lines = [json.dumps(_INTRODUCTION), *(entry.line() for entry in sorted(made + kept))]
    replace_file(path, "".join(f"{line}\n" for line in lines).encode("ascii"))
    return sum(entry.count for entry in made + kept), [r for r in reports if id(r) not in listed]


def _groups(
    reports: Sequence[Report], folder: str, read: Callable[[str], str | None]
) -> dict[int, Entry]:
    """The entry that each finding belongs to, by the report's identity."""
    findings = [report for report in reports if report.finding is not None]
    marks = fingerprints(findings, read, folder)
    texts: dict[str, list[str]] = {}
    first: dict[tuple[str, str, str, str], tuple[tuple[int, int], str]] = {}
    keys: list[tuple[str, str, str, str]] = []
    for report, mark in zip(findings, marks, strict=True):
        if report.abspath not in texts:
            texts[report.abspath] = sources.lines_of(read(report.abspath))
        code = reported_text(report, texts[report.abspath])
        key = (sources.relative(report.abspath, folder), report.symbol, report.obj, code)
        keys.append(key)
        place = (report.line, report.column)
        first[key] = min(first.get(key, (place, mark)), (place, mark))
    return {
        id(report): Entry(key[0], key[1], key[2], _shortened(key[3]), first[key][1])
        for report, key in zip(findings, keys, strict=True)
    }


def _shortened(code: str) -> str:
    return code if len(code) <= SHOWN else f"{code[: SHOWN - 3]}..."


def _folder(path: str) -> str:
    return os.path.realpath(os.path.dirname(path) or os.curdir)


def _still_there(path: str, files: Iterable[str]) -> Callable[[Entry], bool]:
    """Whether an entry's file exists and was not checked in this run."""
    folder = _folder(path)
    checked = {os.path.realpath(file) for file in files}

    def there(entry: Entry) -> bool:
        file = os.path.realpath(os.path.join(folder, entry.path))
        return file not in checked and os.path.isfile(file)

    return there


def _entries(path: str) -> list[Entry]:
    try:
        first, *lines = Path(path).read_text(encoding="utf-8").splitlines() or [""]
    except OSError as error:
        raise UsageError(f"cannot read the baseline {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise UsageError(f"cannot read the baseline {path}: {error}") from None
    if not _is_header(first):
        raise UsageError(f"cannot read the baseline {path}: line 1 is not that of a list")
    entries: list[Entry] = []
    for number, line in enumerate(lines, 2):
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError):
            what = f"line {number} is no finding"
            raise UsageError(f"cannot read the baseline {path}: {what}") from None
    return entries


def _is_header(line: str) -> bool:
    try:
        return bool(json.loads(line)[HEADER] == FORMAT)
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _entry(data: dict[str, Any]) -> Entry:
    entry = Entry(
        path=data["path"],
        symbol=data["symbol"],
        within=data["in"],
        code=data["code"],
        fingerprint=data["fingerprint"],
        count=data["count"],
    )
    texts = (entry.path, entry.symbol, entry.within, entry.code, entry.fingerprint)
    if not all(isinstance(text, str) for text in texts) or not isinstance(entry.count, int):
        raise TypeError("a member of another type")
    return entry
