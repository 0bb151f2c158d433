"""What a run of the fixer gives."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from qs_lint.findings import Edit, Fix

if TYPE_CHECKING:
    from qs_lint.findings import Finding

_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
#: the text is given back as what it came in: ``str`` or ``bytes``
Text = TypeVar("Text", str, bytes)


class FixerUnavailable(ImportError):
    """LibCST, which the fixer is built on, is not installed."""

    def __init__(self) -> None:
        super().__init__("fixing needs LibCST: pip install 'qs-lint[fix]'")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A finding that was left alone; ``why`` says what keeps a cure from being certain."""

    finding: Finding
    why: str


@dataclass(frozen=True, slots=True)
class FixResult(Generic[Text]):
    """The new text (the old one if nothing was fixed), and what became of each finding."""

    text: Text
    fixed: tuple[Fix, ...] = ()
    suggested: tuple[Suggestion, ...] = ()


def edit_between(old: str, new: str) -> Edit | None:
    """The one edit that makes ``new`` out of ``old``; ``None`` if they are the same."""
    if old == new:
        return None
    before, after = _LINES.findall(old), _LINES.findall(new)
    first = 0
    while first < min(len(before), len(after)) and before[first] == after[first]:
        first += 1
    last, end = len(before), len(after)
    while last > first and end > first and before[last - 1] == after[end - 1]:
        last, end = last - 1, end - 1
    return Edit(first + 1, last + 1, "".join(after[first:end]))


def unified_diff(path: str, old: str | bytes, new: str | bytes) -> str:
    """The difference as ``git apply`` takes it: ``a/`` and ``b/`` before the path; "" if none.

    Bytes are shown in the encoding that the text declares.
    """
    before, after = (_lines(text) for text in (old, new))
    name = path.replace("\\", "/").lstrip("/")
    shown: list[str] = []
    for line in difflib.unified_diff(before, after, f"a/{name}", f"b/{name}"):
        shown.append(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n")
    return "".join(shown)


def _lines(text: str | bytes) -> list[str]:
    from qs_lint.fixes.codec import decode

    if isinstance(text, bytes):
        text = decode(text)[0]
    # Not splitlines(): form feeds and the like end no line of a patch.
    return [line for line in text.replace("\n", "\n\0").split("\0") if line]
