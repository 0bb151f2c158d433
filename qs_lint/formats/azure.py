"""Azure Pipelines: one logging command a report, which the service lists with the run.

A command is ``##vso[task.logissue type=error;sourcepath=...]message``.  What comes from the checked
project is escaped as the agent unescapes it, so that nothing can end a command or begin another.
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

LEVELS = {"fatal": "error", "error": "error"}


def render(reports: Sequence[Report], context: Context) -> str:
    """One line a report; nothing if there are none."""
    files = Files(context)
    return "".join(f"{command(r, context, files)}\n" for r in in_order(reports))


def command(report: Report, context: Context, files: Files) -> str:
    """The logging command of one report; the service knows errors and warnings."""
    properties: dict[str, str | int] = {"type": LEVELS.get(report.category, "warning")}
    lines = files(file_of(report))
    if lines:  # a message about the command line has no place that could be shown
        where = place(report, lines)
        properties |= {
            "sourcepath": path_of(report, context),
            "linenumber": where.line,
            "columnnumber": where.column,
        }
    properties["code"] = report.msgid
    given = "".join(f"{name}={escaped(str(value))};" for name, value in properties.items())
    text = f"{report.symbol}: {text_of(report)}"
    way = way_of(report)
    if way:
        text += f"\n\nSteps to the query:\n{way}"
    return f"##vso[task.logissue {given}]{escaped(text)}"


def escaped(text: str) -> str:
    """A message, or a value, as the agent reads it back."""
    text = harmless(visible(text, "\r\n"))
    for character, code in (("%", "%AZP25"), (";", "%3B"), ("]", "%5D")):
        text = text.replace(character, code)
    return text.replace("\r", "%0D").replace("\n", "%0A")
