"""What a stream can show: colours, width, characters."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, TextIO

from qs_lint.formats import Context, root_of

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_COLUMNS = 100
FEWEST_COLUMNS = 40


def write(stream: TextIO, text: str) -> None:
    """Write a text, with escapes for what the stream's encoding cannot hold."""
    encoding = getattr(stream, "encoding", None) or sys.getdefaultencoding()
    stream.write(text.encode(encoding, "backslashreplace").decode(encoding))


def wants_colour(stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Whether to write colours: NO_COLOR before FORCE_COLOR before what the stream is.

    Both variables count when they are not empty (no-color.org, force-color.org); FORCE_COLOR=0
    is a no.
    """
    if environ.get("NO_COLOR"):
        return False
    forced = environ.get("FORCE_COLOR", "")
    if forced:
        return forced.lower() not in ("0", "false", "no")
    return environ.get("TERM", "") != "dumb" and is_terminal(stream)


def is_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal; a closed or unusual one is not."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):
        return False


def columns(stream: TextIO, environ: Mapping[str, str]) -> int:
    """The width to write for: a terminal's, within what is readable; else COLUMNS or 100."""
    if is_terminal(stream):
        found = _terminal_columns()
    else:
        given = environ.get("COLUMNS", "")
        found = int(given) if given.isdecimal() and int(given) else MOST_COLUMNS
    return max(FEWEST_COLUMNS, min(found, MOST_COLUMNS))


def _terminal_columns() -> int:
    from shutil import get_terminal_size

    return get_terminal_size((80, 24)).columns


def context_for(
    stream: TextIO,
    environ: Mapping[str, str],
    version: str,
    files: int | None = None,
    elapsed: float | None = None,
) -> Context:
    """The context of a run in this directory whose output goes to a stream."""
    cwd = os.getcwd()
    return Context(
        version=version,
        files=files,
        cwd=cwd,
        root=root_of(cwd, environ),
        width=columns(stream, environ),
        colour=wants_colour(stream, environ),
        encoding=getattr(stream, "encoding", None) or "utf-8",
        elapsed=elapsed,
    )
