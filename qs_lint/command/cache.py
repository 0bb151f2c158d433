"""What was found before, so that files that did not change need not be analysed again.

Data, nothing that could run.  An entry counts only if the file itself, every file that it depends
on, and the names in every folder in which an import was looked up are what they were when they
were analysed; and if the cache was written by this version of the package under this version of
Python.

No one else can write one: it is signed with a secret of the user (:mod:`qs_lint.command.vault`),
so what a checkout brings along is as if it were not there.  The cache may be deleted at any time,
and whatever is wrong with it, it is as if there were none.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import qs_lint
from qs_lint.command.files import put
from qs_lint.command.vault import Vault, open_vault
from qs_lint.examination import Outcome, names_digest
from qs_lint.files import MAX_SOURCE, UNREAD, digest, read_or_none
from qs_lint.log import Log
from qs_lint.places import listing
from qs_lint.reports import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LOGGER = Log(__name__)
FILE = "findings.json"
#: Raised when what is written changes.
FORMAT = 2
#: Larger caches are not read, and so begun anew.
MAX_CACHE = 200_000_000


def own_version() -> str:
    """What the package is: its version, and in a checkout the state of its files."""
    from pathlib import Path

    package = Path(qs_lint.__file__).parent
    files = sorted(package.rglob("*.py"))
    state = [f"{file.name}:{(s := file.stat()).st_size}:{s.st_mtime_ns}" for file in files]
    python = ".".join(map(str, sys.version_info[:3]))
    return digest(*(part.encode() for part in (qs_lint.__version__, python, str(FORMAT), *state)))


class State:
    """What is on disk now: digests of files and of the names in folders, each read once."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        """``contents``: the checked files, as this run has read them."""
        self._contents = contents
        self._own: dict[str, str] = {}
        self._files: dict[str, str] = {}
        self._folders: dict[str, str] = {}

    def own(self, path: str) -> str:
        """The digest of a checked file."""
        if path not in self._own:
            self._own[path] = digest(self._contents[path])
        return self._own[path]

    def file(self, path: str) -> str:
        """The digest of a file as an import or a template; a dash if it cannot be read."""
        if path not in self._files:
            data = self._contents.get(path)
            if data is None or len(data) > MAX_SOURCE:
                data = read_or_none(path, MAX_SOURCE)
            self._files[path] = UNREAD if data is None else digest(data)
        return self._files[path]

    def folder(self, path: str) -> str:
        """A digest of the names in a folder that can mean something to an import."""
        if path not in self._folders:
            self._folders[path] = names_digest(listing(path))
        return self._folders[path]

    def key(self, path: str, files: Iterable[str], folders: Iterable[str]) -> str:
        """The key of an entry, were it made of what is on disk now."""
        return _key(
            self.own(path),
            ((name, self.file(name)) for name in files),
            ((name, self.folder(name)) for name in folders),
        )


def _key(own: str, files: Iterable[tuple[str, str]], folders: Iterable[tuple[str, str]]) -> str:
    """A digest of a file and of all that its outcome depends on."""
    parts = [own]
    parts += [f"{name}={held}" for name, held in files]
    parts += [f"{name}={held}" for name, held in folders]
    return digest(*(part.encode("utf-8", "surrogatepass") for part in parts))


class Cache:
    """The entries of one project, by absolute path."""

    def __init__(self, folder: str | None, common: Sequence[str], wanted: bool = True) -> None:
        """``folder``: where to keep it, ``None`` for the usual place.

        ``common``: the source roots, and whatever else every finding depends on.  With ``wanted``
        false nothing is read or written, as where no place is safe.
        """
        self._vault: Vault | None = open_vault(folder) if wanted else None
        self._version = ""
        self._entries: dict[str, dict[str, Any]] = {}
        #: what was analysed in this run, or is known to be as it was
        self._current: set[str] = set()
        self._changed = False
        if self._vault is not None:
            parts = (own_version(), *common)
            self._version = digest(*(part.encode("utf-8", "surrogatepass") for part in parts))
            self._entries = _stored(self._vault, self._version)

    def outcome(self, path: str, state: State) -> Outcome | None:
        """What was found in a file, if nothing that it depends on has changed."""
        entry = self._entries.get(path)
        if entry is None or entry["key"] != state.key(path, entry["files"], entry["folders"]):
            return None
        try:
            known = Outcome.from_data(entry["outcome"], path)
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        self._current.add(path)
        return known

    def keep(self, path: str, outcome: Outcome) -> None:
        """Remember the outcome of a file that was analysed."""
        if self._vault is None or not outcome.digest:
            return
        self._changed = True
        self._current.add(path)
        self._entries[path] = {
            "key": _key(outcome.digest, outcome.files, outcome.folders),
            "files": [file for file, _ in outcome.files],
            "folders": [folder for folder, _ in outcome.folders],
            "outcome": outcome.to_data(),
        }

    def reports(self, path: str, question: str) -> list[Report] | None:
        """What pylint made of a file's outcome, for the same configuration and arguments.

        ``None`` if that is not known of the outcome that this run has.
        """
        entry = self._entries.get(path) if path in self._current else None
        try:
            if entry is None or entry["question"] != _answered(entry, question):
                return None
            return [Report.from_data(data) for data in entry["reports"]]
        except (KeyError, TypeError, ValueError, AttributeError):
            return None

    def keep_reports(self, path: str, question: str, reports: Sequence[Report]) -> None:
        """Remember what pylint made of a file whose outcome is remembered."""
        entry = self._entries.get(path) if path in self._current else None
        if entry is None or self._vault is None:
            return
        self._changed = True
        entry["question"] = _answered(entry, question)
        entry["reports"] = [report.to_data() for report in reports]

    def save(self) -> None:
        """Write the cache, all at once; another process's entries for other files are kept."""
        if self._vault is None or not self._changed:
            return
        entries = _stored(self._vault, self._version) | self._entries
        paths: dict[str, int] = {}

        def numbered(names: Iterable[str]) -> list[int]:
            return [paths.setdefault(name, len(paths)) for name in names]

        written = {
            path: entry | {"files": numbered(entry["files"]), "folders": numbered(entry["folders"])}
            for path, entry in entries.items()
        }
        import json

        text = json.dumps(
            {"version": self._version, "paths": list(paths), "entries": written},
            separators=(",", ":"),
        )
        try:
            self._vault.prepare()
            put(os.path.join(self._vault.folder, FILE), self._vault.signed(text.encode("ascii")))
        except OSError as error:
            LOGGER.debug("the cache was not written: %s", error)


def _stored(vault: Vault, version: str) -> dict[str, dict[str, Any]]:
    """The entries on disk; none of another version, none with another signature."""
    data = read_or_none(os.path.join(vault.folder, FILE), MAX_CACHE)
    text = None if data is None else vault.verified(data)
    if text is None:
        return {}
    import json

    try:
        found = json.loads(text)
        if found["version"] != version:
            return {}
        paths = [str(path) for path in found["paths"]]
        entries = found["entries"].items()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    usable: dict[str, dict[str, Any]] = {}
    for path, entry in entries:
        try:
            names = {name: [paths[at] for at in entry[name]] for name in ("files", "folders")}
            if isinstance(entry["key"], str) and isinstance(entry["outcome"], dict):
                usable[path] = entry | names
        except (KeyError, IndexError, TypeError):
            continue
    return usable


def _answered(entry: dict[str, Any], question: str) -> str:
    return digest(str(entry["key"]).encode(), question.encode("utf-8", "surrogatepass"))
