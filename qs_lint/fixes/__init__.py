"""Repairs: the certain cure of a finding, applied to the text; anything less is only suggested.

Built on LibCST (``pip install 'qs-lint[fix]'``); formatting and comments survive.  Nothing of the
project is imported or run, and no file is written: the caller does that.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, overload

from qs_lint.findings import Fix
from qs_lint.fixes.codec import decode
from qs_lint.fixes.results import (
    FixerUnavailable,
    FixResult,
    Suggestion,
    edit_between,
    unified_diff,
)

if TYPE_CHECKING:
    from qs_lint.findings import Finding
    from qs_lint.project.source import Project

__all__ = [
    "Fix",
    "FixResult",
    "FixerUnavailable",
    "Suggestion",
    "edit_between",
    "fixes_for",
    "unified_diff",
]


@overload
def fixes_for(
    text: str,
    path: str | os.PathLike[str],
    findings: Sequence[Finding],
    project: Project | None = None,
) -> FixResult[str]: ...
@overload
def fixes_for(
    text: bytes,
    path: str | os.PathLike[str],
    findings: Sequence[Finding],
    project: Project | None = None,
) -> FixResult[bytes]: ...
def fixes_for(
    text: str | bytes,
    path: str | os.PathLike[str],
    findings: Sequence[Finding],
    project: Project | None = None,
) -> FixResult[str] | FixResult[bytes]:
    """The text with the certain cures of these findings applied, and what became of each.

    ``findings`` are those of this very text at ``path``; leave out those that are disabled.
    ``path`` need not exist, but its neighbours are read to learn about base classes and models.
    The text comes back as ``str`` or ``bytes`` as it was given; bytes keep encoding, byte order
    mark and newlines.  A file that cannot be read is given back as it is, with every finding
    only suggested.

    ``project`` holds what the analysis has read of other files; one may serve for many texts as
    long as those files do not change.

    Raises :class:`FixerUnavailable` if LibCST is not installed.
    """
    if importlib.util.find_spec("libcst") is None:
        raise FixerUnavailable
    from qs_lint.fixes.engine import fix_text

    if isinstance(text, str):
        return fix_text(text, os.fspath(path), findings, project)
    try:
        decoded, codec = decode(text)
    except (SyntaxError, UnicodeDecodeError):
        why = "the file cannot be decoded"
        return FixResult(text, (), tuple(Suggestion(each, why) for each in findings))
    result = fix_text(decoded, os.fspath(path), findings, project)
    try:
        new = codec.encode(result.text) if result.fixed else text
    except UnicodeEncodeError:
        why = "the file's encoding cannot hold the result"
        return FixResult(text, (), tuple(Suggestion(each, why) for each in findings))
    return FixResult(new, result.fixed, result.suggested)
