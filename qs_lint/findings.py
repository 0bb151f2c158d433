"""What the linter says: plain data that every part of the package may use."""

from __future__ import annotations

import enum
import re
from typing import TYPE_CHECKING

from qs_lint.domain.holders import NOWHERE, Holder
from qs_lint.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qs_lint.domain.fates import Shared

#: What CI services take for an order in what a step prints: ``::error::`` (GitHub, behind blanks at
#: a line's start), ``##[error]`` and ``##vso[...]`` (Azure Pipelines, GitHub; anywhere),
#: ``##teamcity[...]``, Travis's folds, Buildkite's headings.
_ORDERS = (
    r"^(?P<blank>[^\S\n]*)(?P<start>::|travis_(?:fold|time):|(?:---|\+\+\+|~~~|\^\^\^)(?=\s))"
    r"|#(?P<hash>#)(?=\[|vso\[|teamcity\[)"
)


class Confidence(enum.IntEnum):
    """How sure a finding is; the names are pylint's confidence levels.

    ``HIGH``: every name was resolved.  ``INFERENCE``: through a helper, a manager method or a
    framework rule that settings may change.  ``INFERENCE_FAILURE``: by Django's conventions only
    (a model from a package that cannot be read).
    """

    INFERENCE_FAILURE = 0
    INFERENCE = 1
    HIGH = 2


def printable(text: str) -> str:
    r"""The text with everything escaped that does not show: ``\n``, ``\x1b``, lone surrogates.

    Texts quote names of folders and strings of the checked code; a line break or an escape sequence
    in them must neither begin a line of a log nor colour a terminal.
    """
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def harmless(text: str) -> str:
    """A text, of one or more lines, that the log of a CI service takes for no order."""
    return re.sub(_ORDERS, _broken, text, flags=re.MULTILINE | re.IGNORECASE)


def _broken(found: re.Match[str]) -> str:
    if found["hash"]:
        return "#\\x23"
    return f"{found['blank']}\\{found['start']}"


def harmless_json(text: str) -> str:
    """The same for JSON, whose value stays what it is: only strings hold a ``#``."""
    return text.replace("##", "\\u0023\\u0023")


@record(frozen=True, slots=True)
class Step:
    """One step of the way from the reported line to the place where something happens."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.text}"


@record(frozen=True, slots=True)
class Edit:
    """Whole lines to replace: from ``line``, from 1, up to ``end_line``, which stays.

    The lines are those of Python's parser, and of editors.
    """

    line: int
    end_line: int
    text: str


@record(frozen=True, slots=True)
class Location:
    """A range in a file: lines count from 1, columns from 0 (as in ``ast`` and pylint)."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int


@record(frozen=True, slots=True)
class Subject:
    """What a finding is about: the ``model``, by its own name, and what is done with its rows."""

    model: str = ""
    operation: str = ""


@record(frozen=True, slots=True)
class Finding:
    """One report.

    ``happens`` says what happens and when, ``wrong`` why that is wrong, ``cure`` what to write
    instead; ``message`` is the three in one paragraph, and ``brief`` says what and where in half a
    line.  They are for people: what a fix must know is ``holder``, where the value is kept, and
    ``shared``, what kind of object several requests share; what a list of known findings knows it
    by is ``about``.
    """

    symbol: str
    location: Location
    happens: str
    wrong: str
    cure: str
    confidence: Confidence
    steps: tuple[Step, ...] = ()
    holder: Holder = NOWHERE
    shared: Shared | None = None
    about: Subject | None = None
    brief: str = ""

    @property
    def message(self) -> str:
        """The text of the pylint message: one paragraph that a terminal can show."""
        return printable(" ".join(part for part in (self.happens, self.wrong, self.cure) if part))


@record(frozen=True, slots=True)
class Fix:
    """A finding that is cured with certainty.

    ``what`` says how, in a few words; ``edit`` is what this fix alone changes, in the text that
    the finding was made in, with the import that it needs.
    """

    finding: Finding
    what: str
    edit: Edit | None = None


@record(frozen=True, slots=True)
class Rule:
    """One message: what it is called, why it exists, and the predicate that finds it.

    ``check`` takes one observation of :mod:`qs_lint.domain.observations` and yields findings.
    ``fixable``: some of its findings have a certain fix.  ``since``: the version that brought it.
    ``related``: symbols of rules that are easily confused with it, or come next.
    """

    symbol: str
    msgid: str
    summary: str
    why: str
    bad: str
    good: str
    check: Callable[..., Iterable[Finding]]
    enabled: bool = True
    references: tuple[str, ...] = ()
    fixable: bool = False
    since: str = "0.1.0"
    related: tuple[str, ...] = ()
