"""GitHub Actions: one workflow command a report, which the service shows beside the line.

A command is a line ``::error file=...::message``.  What comes from the checked project is escaped
as the runner unescapes it, so that no file name or message can begin a command of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.findings import harmless
from qs_lint.formats._frames import Files
from qs_lint.formats._locations import file_of, path_of, place, text_of, way_of
from qs_lint.formats._text import visible
from qs_lint.reports import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.formats import Context
    from qs_lint.reports import Report

LEVELS = {"fatal": "error", "error": "error", "warning": "warning"}


def render(reports: Sequence[Report], context: Context) -> str:
    """One line a report; nothing if there are none."""
    files = Files(context)
    return "".join(f"{command(r, context, files)}\n" for r in in_order(reports))


def command(report: Report, context: Context, files: Files) -> str:
    """The workflow command of one report."""
    lines = files(file_of(report))
    properties: dict[str, str | int] = {}
    if lines:  # a message about the command line has no place that could be shown
        where = place(report, lines)
        properties = {"file": path_of(report, context), "line": where.line}
        if where.end_line is not None:
            properties["endLine"] = where.end_line
        # The service takes columns for ranges within one line only.
        if where.end_line in (None, where.line):
            properties["col"] = where.column
            if where.end_column is not None:
                properties["endColumn"] = where.end_column
    properties["title"] = f"{report.symbol} ({report.msgid})"
    given = ",".join(f"{name}={escaped_property(str(value))}" for name, value in properties.items())
    text = text_of(report)
    way = way_of(report)
    if way:
        text += f"\n\nSteps to the query:\n{way}"
    level = LEVELS.get(report.category, "notice")
    return f"::{level} {given}::{escaped_data(text)}"


def escaped_data(text: str) -> str:
    """A message as the runner reads it back."""
    text = visible(text, "\r\n")
    return harmless(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def escaped_property(text: str) -> str:
    """A value between the colons as the runner reads it back."""
    return escaped_data(text).replace(":", "%3A").replace(",", "%2C")
