"""One line a report: where, which rule, and what in half a sentence.

A line has the shape of pylint's, ``path:line:column: id: text (symbol)``, so that what reads those
reads these.  It is cut to 140 columns; only a path that leaves no space makes it longer.  ``[*]``
marks what ``--fix`` repairs, where that is known.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.findings import harmless
from qs_lint.formats._frames import Files, Pen
from qs_lint.formats._locations import file_of, place
from qs_lint.formats._summary import summary
from qs_lint.formats._text import cut, width
from qs_lint.reports import in_order
from qs_lint.sources import relative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.formats import Context
    from qs_lint.reports import Report

COLUMNS = 140
COLOUR = {"fatal": "error", "error": "error", "warning": "warning"}


def render(reports: Sequence[Report], context: Context) -> str:
    """The lines, and a last one with the sum; nothing if nothing was found."""
    if not reports:
        return ""
    pen, files = Pen(context), Files(context)
    lines = [line(report, context, pen, files) for report in in_order(reports)]
    return "".join(f"{text}\n" for text in [*lines, summary(reports, context)])


def line(report: Report, context: Context, pen: Pen, files: Files) -> str:
    """One report."""
    where = place(report, files(file_of(report)))
    path = pen.clean(relative(report.path, context.cwd))
    start = harmless(f"{path}:{where.line}:{where.column}")
    mark = "[*] " if context.fixes is not None and report in context.fixes else ""
    end = harmless(f" ({pen.clean(report.symbol)})")
    text = harmless(pen.clean(brief(report)))
    room = COLUMNS - width(f"{start}: {report.msgid}: {mark}{end}")
    return (
        f"{pen.paint(start, 'strong')}: "
        f"{pen.paint(report.msgid, COLOUR.get(report.category, 'note'))}: "
        f"{mark}{cut(text, max(room, 0), pen.boxes.cut)}{end}"
    )


def brief(report: Report) -> str:
    """What a report says, in half a sentence; of messages that are not ours, the first line."""
    if report.finding is not None and report.finding.brief:
        return report.finding.brief
    return (report.text.strip().splitlines() or [""])[0]
