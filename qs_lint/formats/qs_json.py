"""One JSON document with all that is known of each finding: ranges, reasons, steps.

pylint's ``json`` and ``json2`` have other fields and stay what they are.  Lines and columns count
from 1, in characters; an end column is the one behind the last character.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from qs_lint import links
from qs_lint.findings import harmless_json
from qs_lint.formats._frames import Files, edited, range_of, step_file, step_range
from qs_lint.formats._locations import file_of, is_note, not_checked, path_of, readable
from qs_lint.reports import in_order
from qs_lint.rules import all_rules
from qs_lint.sources import relative

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.findings import Fix, Step
    from qs_lint.formats import Context
    from qs_lint.formats._frames import Range
    from qs_lint.reports import Report

#: Counts up when a field is removed, or means something else; new fields may come at any time.
VERSION = 1


def render(reports: Sequence[Report], context: Context) -> str:
    """An object with ``version``, ``findings``, ``messages`` of others, and ``checked``."""
    items = [
        item(report, context, files) for files in [Files(context)] for report in in_order(reports)
    ]
    data = {
        "version": VERSION,
        "qs_lint": context.version,
        "checked": context.files,
        "complete": not any(map(is_note, reports)) and bool(context.files or context.allow_empty),
        "findings": [each for each in items if each["rule"] is not None],
        "messages": [each for each in items if each["rule"] is None],
    }
    return harmless_json(json.dumps(data, indent=2)) + "\n"


def item(report: Report, context: Context, files: Files) -> dict[str, Any]:
    """One report."""
    lines = files(file_of(report))
    where = range_of(lines, report.line, report.column, report.end_line, report.end_column)
    rule = next((rule for rule in all_rules() if rule.symbol == report.symbol), None)
    finding = report.finding
    return {
        "id": report.msgid,
        "symbol": report.symbol,
        "category": report.category,
        "path": path_of(report, context),
        "range": as_range(where, report.line),
        "object": report.obj or None,
        "message": report.text,
        "brief": finding.brief if finding else None,
        "happens": finding.happens if finding else None,
        "wrong": finding.wrong if finding else None,
        "cure": finding.cure if finding else None,
        "confidence": report.confidence,
        "steps": [step_data(step, report, context, files) for step in finding.steps]
        if finding
        else [],
        "fixable": report in context.fixes if context.fixes is not None else None,
        "fix": fix_data((context.fixes or {}).get(report), lines),
        "rule": {"summary": rule.summary, "url": links.rule_page(rule.symbol)} if rule else None,
        "unchecked": not_checked(report),
    }


def fix_data(fix: Fix | None, lines: list[str]) -> dict[str, Any] | None:
    """A fix: what it does, and the edits that it consists of, each of whole lines."""
    if fix is None or fix.edit is None:
        return None
    edit = {"range": as_range(edited(fix.edit, lines), fix.edit.line), "text": fix.edit.text}
    return {"description": fix.what, "edits": [edit]}


def step_data(step: Step, report: Report, context: Context, files: Files) -> dict[str, Any]:
    """One step of the way from the reported line to the query."""
    path = step_file(step, file_of(report))
    return {
        "path": readable(relative(path, context.root)),
        "range": as_range(step_range(files(path), step), step.line),
        "text": step.text,
    }


def as_range(where: Range | None, line: int) -> dict[str, dict[str, int]]:
    """A range; where the file cannot be read, the start of the line."""
    if where is None:
        place = {"line": max(line, 1), "column": 1}
        return {"start": place, "end": place}
    return {
        "start": {"line": where.line, "column": where.start + 1},
        "end": {"line": where.end_line, "column": where.end + 1},
    }
