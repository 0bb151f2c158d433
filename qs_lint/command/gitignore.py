"""What ``.gitignore`` files leave out below a folder.

pathspec translates their lines; the checked project wrote them, so that what has more than a few
wildcards is matched in bounded time.  The files of the repository count, from its top down, the
deepest first; ``.git/info/exclude`` and a user's own excludes do not.
"""

from __future__ import annotations

import os
import re
from functools import cached_property
from typing import TYPE_CHECKING

from qs_lint.command.patterns import Bounded, Budget, PatternError
from qs_lint.files import read_or_none
from qs_lint.records import record

if TYPE_CHECKING:
    from qs_lint.command.patterns import Pattern

NAME = ".gitignore"
#: of a larger file nothing is read, of a longer line neither
MAX_BYTES = 200_000
LONGEST = 500
#: a pattern with more quantifiers than these could take Python's ``re`` long
QUANTIFIERS = 2
#: steps that all others may take together, beside what each question adds
FIRST_ALLOWANCE = 200_000


@record(frozen=True)
class _Rule:
    """One line: what it describes, and whether that is left out or, with ``!``, taken in again."""

    expression: str
    leaves_out: bool
    budget: Budget

    @property
    def plain(self) -> bool:
        """Whether ``re`` matches it fast, whatever the name is."""
        return sum(map(self.expression.count, "*+{")) <= QUANTIFIERS

    @cached_property
    def pattern(self) -> Pattern | None:
        """What a path is asked; ``None`` for what cannot be understood."""
        try:
            if self.plain:
                return re.compile(self.expression)
            return Bounded(self.expression, self.budget)
        except (re.error, PatternError, OverflowError, RecursionError):
            return None


class _File:
    """The rules of one file; paths are relative to its folder."""

    def __init__(self, folder: str, rules: list[_Rule]) -> None:
        self.folder = folder
        self.rules = rules

    @cached_property
    def any(self) -> re.Pattern[str] | None:
        """Matches what at least one rule matches, if all of them are plain."""
        if not all(rule.plain and rule.pattern for rule in self.rules):
            return None
        return re.compile("|".join(f"(?:{rule.expression})" for rule in self.rules))

    def decides(self, path: str) -> bool | None:
        """Whether the last rule that matches leaves a path out; ``None`` if none matches."""
        if not self.rules or (self.any is not None and not self.any.match(path)):
            return None
        for rule in reversed(self.rules):
            if rule.pattern is not None and rule.pattern.match(path):
                return rule.leaves_out
        return None


class GitIgnore:
    """The ``.gitignore`` files for what lies below one folder."""

    def __init__(self, top: str) -> None:
        self._budget = Budget(FIRST_ALLOWANCE)
        self._files: dict[str, tuple[_File, ...]] = {}
        whole = os.path.abspath(top)
        self._first = _repository(whole)
        # who names a folder wants it checked, even if it is ignored
        if self._first and self._first != whole and self.ignores(whole, is_folder=True):
            self._first = whole
            self._files.clear()

    def ignores(self, path: str, is_folder: bool) -> bool:
        """Whether a file or folder is left out; :class:`TooSlowError` if that cannot be said."""
        if not self._first:
            return False
        path = os.path.abspath(path)
        for file in self._of(os.path.dirname(path)):
            inside = os.path.relpath(path, file.folder).replace(os.sep, "/")
            decided = file.decides(f"{inside}/" if is_folder else inside)
            if decided is not None:
                return decided
        return False

    def _of(self, folder: str) -> tuple[_File, ...]:
        """The files that count in a folder, the deepest first."""
        if folder not in self._files:
            above = os.path.dirname(folder)
            more = () if folder in (self._first, above) else self._of(above)
            rules = _rules(os.path.join(folder, NAME), self._budget)
            self._files[folder] = (*([_File(folder, rules)] if rules else ()), *more)
        return self._files[folder]


def _repository(folder: str) -> str:
    """The top of the repository around a folder; empty if there is none."""
    while not os.path.lexists(os.path.join(folder, ".git")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def _rules(file: str, budget: Budget) -> list[_Rule]:
    """The rules in a file; none if there is no such file."""
    data = read_or_none(file, MAX_BYTES)
    if data is None:
        return []
    text = data.decode("utf-8", "surrogateescape")
    from pathspec.patterns.gitignore.base import GitIgnorePatternError
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    found = []
    for line in text.removeprefix("\ufeff").splitlines():
        if len(line) > LONGEST or not line.strip() or line.startswith("#"):
            continue
        # what is in a folder, and not the folder itself, may be taken in again
        contents = line.endswith("/**")
        try:
            pattern = GitIgnoreSpecPattern(f"{line}/*" if contents else line)
        except (GitIgnorePatternError, re.error):
            continue
        if pattern.regex is not None and pattern.include is not None:
            expression = pattern.regex.pattern.replace("(?P<ps_d>/)", "/")
            found.append(_Rule(expression, pattern.include, budget))
    return found
