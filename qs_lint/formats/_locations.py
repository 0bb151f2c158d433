"""What the formats for other programs share: places, levels, and a report as plain text."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NamedTuple

from qs_lint.formats._text import visible
from qs_lint.sources import characters, relative

if TYPE_CHECKING:
    from qs_lint.formats import Context
    from qs_lint.reports import Report

#: messages that say that a file was not checked, or not completely: syntax errors, internal errors
NOT_CHECKED = frozenset({"E0001", "E5809"})
#: messages about pylint's options: a plugin that cannot be loaded, an unknown value, option
CONFIGURATION = frozenset({"E0013", "W0012", "E0015"})


class Place(NamedTuple):
    """A range as editors count: lines and columns from 1, the end column behind the last character.

    Columns are characters; the end is absent where none is known.
    """

    line: int
    column: int
    end_line: int | None
    end_column: int | None


def not_checked(report: Report) -> bool:
    """Whether a message means that its file was not checked, or not completely."""
    return report.category == "fatal" or report.msgid in NOT_CHECKED


def is_note(report: Report) -> bool:
    """Whether a message is about the run rather than about code."""
    return not_checked(report) or report.msgid in CONFIGURATION


def file_of(report: Report) -> str:
    """The file of a report; for a message that has none, what pylint says instead."""
    return report.abspath or report.path


def path_of(report: Report, context: Context) -> str:
    """The file of a report as seen from the root, in Unicode whatever bytes it has."""
    return readable(relative(file_of(report), context.root))


def readable(path: str) -> str:
    """A path that can be written as UTF-8: bytes that are none become U+FFFD."""
    return os.fsencode(path).decode("utf-8", "replace")


def place(report: Report, lines: list[str]) -> Place:
    """Where a report is, in characters; where the file cannot be read, in what the report has."""

    def column(line: int, offset: int) -> int:
        known = 1 <= line <= len(lines)
        return (characters(lines[line - 1], offset) if known else max(offset, 0)) + 1

    line = max(report.line, 1)
    if report.end_line is None or report.end_column is None or report.end_line < line:
        return Place(line, column(line, report.column), None, None)
    start = column(line, report.column)
    end = column(report.end_line, report.end_column)
    if report.end_line == line:
        end = max(end, start)
    return Place(line, start, report.end_line, end)


def text_of(report: Report) -> str:
    """The message in paragraphs: what happens, why that is wrong, what to write instead."""
    finding = report.finding
    if finding is None:
        return visible(report.text, "\n")
    parts = [
        finding.happens,
        finding.wrong and f"Why it is wrong: {finding.wrong}",
        finding.cure and f"What to write instead: {finding.cure}",
    ]
    return "\n\n".join(visible(part) for part in parts if part)


def way_of(report: Report) -> str:
    """The steps from the reported line to the query, one a line; empty if there are none."""
    if report.finding is None:
        return ""
    return "\n".join(visible(str(step)) for step in report.finding.steps)
