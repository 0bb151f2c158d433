"""Reviewdog Diagnostic Format: what ``reviewdog -f=rdjson`` reads, with suggested changes.

Lines and columns count from 1; a column counts bytes of UTF-8, and an end is behind the last one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qs_lint import links
from qs_lint.findings import harmless_json
from qs_lint.formats._frames import Files, edited, range_of, step_file, step_range
from qs_lint.formats._locations import file_of, path_of, readable, text_of
from qs_lint.formats._text import visible
from qs_lint.reports import in_order
from qs_lint.rules import all_rules
from qs_lint.sources import relative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.findings import Fix
    from qs_lint.formats import Context
    from qs_lint.formats._frames import Range
    from qs_lint.reports import Report

SEVERITIES = {"fatal": "ERROR", "error": "ERROR", "warning": "WARNING"}


def render(reports: Sequence[Report], context: Context) -> str:
    """A ``DiagnosticResult``."""
    files = Files(context)
    data = {
        "source": {"name": "qs-lint", "url": links.HOME},
        "diagnostics": [diagnostic(report, context, files) for report in in_order(reports)],
    }
    return harmless_json(json.dumps(data, indent=2)) + "\n"


def diagnostic(report: Report, context: Context, files: Files) -> dict[str, Any]:
    """One report as a ``Diagnostic``."""
    lines = files(file_of(report))
    where = range_of(lines, report.line, report.column, report.end_line, report.end_column)
    code: dict[str, str] = {"value": report.msgid}
    if any(rule.symbol == report.symbol for rule in all_rules()):
        code["url"] = links.rule_page(report.symbol)
    found: dict[str, Any] = {
        "message": f"{report.symbol}: {text_of(report)}",
        "location": {
            "path": path_of(report, context),
            "range": as_range(where, lines, report.line),
        },
        "severity": SEVERITIES.get(report.category, "INFO"),
        "code": code,
    }
    steps = report.finding.steps if report.finding else ()
    if steps:
        found["relatedLocations"] = []
    for step in steps:
        path = step_file(step, file_of(report))
        there = files(path)
        location = {
            "path": readable(relative(path, context.root)),
            "range": as_range(step_range(there, step), there, step.line),
        }
        found["relatedLocations"].append({"message": visible(step.text), "location": location})
    fix = (context.fixes or {}).get(report)
    if fix is not None and fix.edit is not None:
        found["suggestions"] = [suggestion(fix, lines)]
    return found


def suggestion(fix: Fix, lines: list[str]) -> dict[str, Any]:
    """What a certain fix replaces."""
    assert fix.edit is not None
    where = edited(fix.edit, lines)
    return {"range": as_range(where, lines, where.line), "text": fix.edit.text}


def as_range(where: Range | None, lines: list[str], line: int) -> dict[str, dict[str, int]]:
    """A range; where the file cannot be read, the line."""
    if where is None:
        return {"start": {"line": max(line, 1)}}

    def position(number: int, index: int) -> dict[str, int]:
        before = lines[number - 1][:index] if lines else ""
        return {"line": number, "column": len(before.encode("utf-8", "surrogatepass")) + 1}

    return {
        "start": position(where.line, where.start),
        "end": position(where.end_line, where.end),
    }
