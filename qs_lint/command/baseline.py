"""A list of known findings: what it has stays quiet, what is new does not.

The file is JSON Lines: a line that says what it is, then a line for each finding, sorted by path:
a difference between two versions reads as findings that came and went.  A finding is known again by
its file and its fingerprint (:mod:`qs_lint.fingerprints`).  The other members are for people.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qs_lint import sources
from qs_lint.command.errors import UsageError
from qs_lint.command.files import replace_file
from qs_lint.files import read_file
from qs_lint.fingerprints import identities

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from qs_lint.reports import Report

#: Raised when the form of the file or the identity of a finding changes.
FORMAT = 2
HEADER = "qs-lint-baseline"
#: Larger lists are not read.
MAX_LIST = 100_000_000
#: How long (seconds) another process may take to write the same list.
PATIENCE = 30.0
_INTRODUCTION = {
    HEADER: FORMAT,
    "about": "Findings that are known and kept quiet. Written by qs-lint --write-baseline.",
}


@dataclass(frozen=True, order=True)
class Entry:
    """One known finding; ``count`` of the same kind at the same place count as one entry.

    ``path``: from the list's folder, with forward slashes; ``within``: who holds the value;
    ``code``: the expression, for people; ``fingerprint``: what the finding is, apart from its file.
    """

    path: str
    symbol: str
    within: str
    code: str
    fingerprint: str
    count: int = 1

    @property
    def key(self) -> tuple[str, str]:
        """What tells entries apart."""
        return (self.path, self.fingerprint)

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
    left = Counter({entry.key: entry.count for entry in entries})
    mine = _described(reports, _folder(path), read)
    renamed = _renamed(entries, mine.values(), _folder(path))
    new: list[Report] = []
    for report in reports:
        entry = mine.get(id(report))
        if entry is not None:
            key = (renamed.get(entry.path, entry.path), entry.fingerprint)
            if left[key] > 0:
                left[key] -= 1
                continue
        new.append(report)
    there = _still_there(path, files)
    stale = [
        replace(entry, count=left[entry.key])
        for entry in entries
        if left[entry.key] and not there(entry)
    ]
    return Compared(new, len(reports) - len(new), stale)


def write(path: str, reports: Sequence[Report], files: Iterable[str]) -> tuple[int, list[Report]]:
    """List findings in the file at ``path``; how many, and the reports that cannot be listed.

    What the list has about files that were not checked now stays in it, also what another process
    writes at the same time.  Messages that are no findings (a syntax error) are never listed.
    Raises :class:`UsageError` if the file cannot be written, or is something else than a list.
    """
    listed = _described(reports, _folder(path), sources.read)
    counted: dict[tuple[str, str], Entry] = {}
    for report in sorted(reports, key=lambda each: (each.line, each.column)):
        if (entry := listed.get(id(report))) is not None:
            known = counted.get(entry.key)
            counted[entry.key] = entry if known is None else replace(known, count=known.count + 1)
    with _alone(path):
        there = _still_there(path, files)
        kept = [entry for entry in _entries(path, to_write=there) if there(entry)]
        entries = sorted([*counted.values(), *kept])
        lines = [json.dumps(_INTRODUCTION), *(entry.line() for entry in entries)]
        replace_file(path, "".join(f"{line}\n" for line in lines).encode("ascii"))
    return sum(entry.count for entry in entries), [r for r in reports if id(r) not in listed]


def _described(
    reports: Sequence[Report], folder: str, read: Callable[[str], str | None]
) -> dict[int, Entry]:
    """An entry for each finding, by the report's identity."""
    findings = [report for report in reports if report.finding is not None]
    return {
        id(report): Entry(
            sources.relative(report.abspath, folder),
            report.symbol,
            known.within,
            known.code,
            known.digest,
        )
        for report, known in zip(findings, identities(findings, read), strict=True)
    }


def _renamed(entries: Sequence[Entry], found: Iterable[Entry], folder: str) -> dict[str, str]:
    """Files with findings that the list knows under another name: new path -> old path.

    The old name is gone, the list has nothing about the new one, and they have more in common than
    the new one has with any other name that is gone.
    """
    listed = {entry.path for entry in entries}
    gone: dict[str, Counter[str]] = {}
    for entry in entries:
        if not os.path.lexists(os.path.join(folder, entry.path)):
            gone.setdefault(entry.path, Counter())[entry.fingerprint] += entry.count
    new: dict[str, Counter[str]] = {}
    for entry in found:
        if gone and entry.path not in listed:
            new.setdefault(entry.path, Counter())[entry.fingerprint] += 1
    holding: dict[str, set[str]] = {}
    for name, prints in gone.items():
        for fingerprint in prints:
            holding.setdefault(fingerprint, set()).add(name)
    pairs = [
        (
            -(prints & gone[old]).total(),
            os.path.basename(old) != os.path.basename(path),
            path,
            old,
        )
        for path, prints in new.items()
        for old in set().union(*(holding.get(fingerprint, ()) for fingerprint in prints))
    ]
    found_as: dict[str, str] = {}
    for _, _, path, old in sorted(pairs):
        if path not in found_as and old not in found_as.values():
            found_as[path] = old
    return found_as


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


@contextlib.contextmanager
def _alone(path: str) -> Iterator[None]:
    """Keep other processes from writing the same list; where that cannot be, go on.

    The folder is locked, not a lock file: nothing is left behind, however the process ends.
    """
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    try:
        handle = os.open(_folder(path), os.O_RDONLY | os.O_CLOEXEC)
    except OSError:  # writing there will report why not
        yield
        return
    try:
        until = time.monotonic() + PATIENCE
        while True:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if time.monotonic() > until:
                    raise UsageError(f"cannot write {path}: another process does") from None
                time.sleep(0.02)
            except OSError:  # a file system without locks
                break
            else:
                break
        yield
    finally:
        os.close(handle)


def _entries(path: str, to_write: Callable[[Entry], bool] | None = None) -> list[Entry]:
    """What a list has; raises :class:`UsageError`.

    ``to_write``: the list is to be written, and this tells which entries must stay.  It need not
    be there then, and one of an older format may be replaced, if nothing of it stays.
    """
    try:
        first, *lines = read_file(path, MAX_LIST).decode("utf-8").splitlines() or [""]
    except FileNotFoundError as error:
        if to_write is not None:
            return []
        raise UsageError(f"cannot read the baseline {path}: {error.strerror}") from None
    except OSError as error:
        raise UsageError(f"cannot read the baseline {path}: {error.strerror or error}") from None
    except ValueError as error:
        raise UsageError(f"cannot read the baseline {path}: {error}") from None
    form = _form(first)
    if form not in (1, FORMAT):
        raise UsageError(f"cannot read the baseline {path}: line 1 is not the header of a baseline")
    entries: list[Entry] = []
    for number, line in enumerate(lines, 2):
        try:
            entries.append(_entry(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError):
            what = f"line {number} is no finding"
            raise UsageError(f"cannot read the baseline {path}: {what}") from None
    if form == FORMAT:
        return entries
    if to_write is None:
        what = "it is of format 1, which could hide new findings; write it again"
        raise UsageError(f"cannot read the baseline {path}: {what} with --write-baseline")
    if any(map(to_write, entries)):
        what = "it is of format 1, and has entries for files that are not checked in this run"
        raise UsageError(f"cannot read the baseline {path}: {what}")
    return []


def _form(line: str) -> object:
    """The format that the first line of a list says; ``None`` if it is no such line."""
    try:
        return json.loads(line)[HEADER]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


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
    os.fsencode(entry.path)  # ValueError for what can be no path
    if "\0" in entry.path:
        raise ValueError("this can be no path")
    return entry
