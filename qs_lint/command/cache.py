"""What was found before, so that files that did not change need not be analysed again.

One JSON file: data, nothing that could run.  An entry counts only if the file itself, every file it
depends on, and the names in every folder in which an import was looked up are what they were; and
if the cache was written by this version of the package under this version of Python.  The cache may
be deleted at any time, and whatever is wrong with it, it is as if there were none.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qs_lint
from qs_lint.command.files import put
from qs_lint.examination import Outcome
from qs_lint.places import TOP_MARKS, listing
from qs_lint.reports import Report

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LOGGER = logging.getLogger(__name__)
FOLDER = ".qs_lint_cache"
ENVIRONMENT = "QS_LINT_CACHE_DIR"
FILE = "findings.json"
#: Raised when what is written changes.
FORMAT = 2
MISSING = "-"


def digest(*parts: bytes) -> str:
    """A digest of byte strings, 16 bytes as hexadecimal digits."""
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.hexdigest()


def own_version() -> str:
    """What the package is: its version, and in a checkout the state of its files."""
    package = Path(qs_lint.__file__).parent
    files = sorted(package.rglob("*.py"))
    state = [f"{file.name}:{(s := file.stat()).st_size}:{s.st_mtime_ns}" for file in files]
    python = ".".join(map(str, sys.version_info[:3]))
    return digest(*(part.encode() for part in (qs_lint.__version__, python, str(FORMAT), *state)))


class State:
    """What is on disk now: digests of files and of the names in folders, each read once."""

    def __init__(self, contents: Mapping[str, bytes]) -> None:
        self._files = {path: digest(data) for path, data in contents.items()}
        self._folders: dict[str, str] = {}

    def file(self, path: str) -> str:
        """The digest of a file's bytes; a dash if it cannot be read."""
        if path not in self._files:
            try:
                self._files[path] = digest(Path(path).read_bytes())
            except (OSError, ValueError):
                self._files[path] = MISSING
        return self._files[path]

    def folder(self, path: str) -> str:
        """A digest of the names in a folder that can mean something to an import."""
        if path not in self._folders:
            names = sorted(name for name in listing(path) if _matters(name))
            self._folders[path] = digest(
                *(name.encode("utf-8", "surrogateescape") for name in names)
            )
        return self._folders[path]

    def key(self, path: str, files: Iterable[str], folders: Iterable[str]) -> str:
        """A digest of a file and of all that its outcome depends on."""
        parts = [self.file(path)]
        parts += [f"{name}={self.file(name)}" for name in files]
        parts += [f"{name}={self.folder(name)}" for name in folders]
        return digest(*(part.encode("utf-8", "surrogateescape") for part in parts))


def _matters(name: str) -> bool:
    """Whether a name is a module, a template, a folder or a mark of version control."""
    if name.startswith("."):
        return name in TOP_MARKS
    return name != "__pycache__" and ("." not in name or name.endswith((".py", ".html")))


class Cache:
    """The entries of one project, by absolute path."""

    def __init__(self, folder: str | None, roots: Sequence[str]) -> None:
        """``folder``: where to keep it, ``None`` for nowhere.

        ``roots``: the source roots, and whatever else every finding depends on.
        """
        self.folder = folder
        self._version = ""
        self._entries: dict[str, dict[str, Any]] = {}
        self._paths: list[str] = []
        self._changed = False
        if folder is not None:
            self._version = digest(own_version().encode(), *(root.encode() for root in roots))
            self._entries, self._paths = _stored(folder, self._version)

    def outcome(self, path: str, state: State) -> Outcome | None:
        """What was found in a file, if nothing that it depends on has changed."""
        entry = self._entries.get(path)
        if entry is None:
            return None
        try:
            files = [self._paths[index] for index in entry["files"]]
            folders = [self._paths[index] for index in entry["folders"]]
            if entry["key"] != state.key(path, files, folders):
                return None
            return Outcome.from_data(entry["outcome"], path)
        except (KeyError, IndexError, TypeError, ValueError):
            return None

    def keep(self, path: str, outcome: Outcome, state: State) -> None:
        """Remember the outcome of a file."""
        if self.folder is None:
            return
        self._changed = True
        self._entries[path] = {
            "key": state.key(path, outcome.files, outcome.folders),
            "files": list(outcome.files),
            "folders": list(outcome.folders),
            "outcome": outcome.to_data(),
        }
        self._paths_of(self._entries[path])

    def reports(self, path: str, question: str) -> list[Report] | None:
        """What pylint made of a file's outcome, for the same configuration and arguments."""
        entry = self._entries.get(path)
        try:
            if entry is None or entry["question"] != _answered(entry, question):
                return None
            return [Report.from_data(data) for data in entry["reports"]]
        except (KeyError, TypeError, ValueError):
            return None

    def keep_reports(self, path: str, question: str, reports: Sequence[Report]) -> None:
        """Remember what pylint made of a file whose outcome is remembered."""
        entry = self._entries.get(path)
        if entry is None or self.folder is None:
            return
        self._changed = True
        entry["question"] = _answered(entry, question)
        entry["reports"] = [report.to_data() for report in reports]

    def save(self) -> None:
        """Write the cache, all at once; another process's entries for other files are kept."""
        if self.folder is None or not self._changed:
            return
        others, paths = _stored(self.folder, self._version)
        for path, entry in others.items():
            if path not in self._entries:
                self._entries[path] = entry | {
                    name: [paths[index] for index in entry[name]] for name in ("files", "folders")
                }
                self._paths_of(self._entries[path])
        text = json.dumps(
            {"version": self._version, "paths": self._paths, "entries": self._entries},
            separators=(",", ":"),
        )
        try:
            _prepare(self.folder)
            put(os.path.join(self.folder, FILE), text.encode("ascii"))
        except OSError as error:
            LOGGER.debug("the cache was not written: %s", error)

    def _paths_of(self, entry: dict[str, Any]) -> None:
        """Name the paths of an entry by their numbers: thousands of entries share them."""
        numbers = self._numbers
        for name in ("files", "folders"):
            for path in entry[name]:
                if path not in numbers:
                    numbers[path] = len(self._paths)
                    self._paths.append(path)
            entry[name] = [numbers[path] for path in entry[name]]

    @property
    def _numbers(self) -> dict[str, int]:
        found = self.__dict__.get("numbers")
        if found is None or len(found) != len(self._paths):
            found = self.__dict__["numbers"] = {p: n for n, p in enumerate(self._paths)}
        return found


def _stored(folder: str, version: str) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """The entries on disk and the paths that they name by number; none of another version."""
    try:
        with open(os.path.join(folder, FILE), encoding="utf-8") as stream:
            data = json.load(stream)
        if data["version"] != version:
            return {}, []
        entries, paths = data["entries"], data["paths"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}, []
    if not isinstance(entries, dict) or not isinstance(paths, list):
        return {}, []
    usable = {path: entry for path, entry in entries.items() if isinstance(entry, dict)}
    return usable, [str(path) for path in paths]


def _answered(entry: dict[str, Any], question: str) -> str:
    return digest(str(entry["key"]).encode(), question.encode("utf-8", "surrogateescape"))


def cache_folder(asked: str | None) -> str:
    """Where the cache is kept: as asked, as the environment says, or in the current directory."""
    return os.path.abspath(asked or os.environ.get(ENVIRONMENT) or FOLDER)


def _prepare(folder: str) -> None:
    """Make the folder, and tell version control and backup programs to leave it out."""
    os.makedirs(folder, exist_ok=True)
    for name, text in (
        (".gitignore", "*\n"),
        ("CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55\n"),
    ):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            put(path, text.encode("ascii"))
