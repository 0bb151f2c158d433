"""The last line of a report for people: how much was found, how much was checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.formats._locations import CONFIGURATION, file_of, not_checked
from qs_lint.formats._text import counted
from qs_lint.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.formats import Context
    from qs_lint.reports import Report


def summary(reports: Sequence[Report], context: Context) -> str:
    """The line: ``Found 7 problems in 4 files, 5 fixable with --fix. Checked 12 files.``."""
    return " ".join(part for part in (found(reports, context), checked(context)) if part)


def found(reports: Sequence[Report], context: Context) -> str:
    """How much was found; what --fix repairs only where that is known."""
    symbols = {rule.symbol for rule in all_rules()}
    ours = [report for report in reports if report.symbol in symbols]
    others = len(reports) - len(ours)
    if not reports:
        return "No problems found." if context.files == 0 else "All checks passed!"
    parts = []
    if ours or not others:
        parts.append(counted(len(ours), "problem"))
    if others:
        parts.append(counted(others, "other message"))
    text = f"Found {' and '.join(parts)}"
    files = len({file_of(r) for r in reports if r.msgid not in CONFIGURATION})
    if files:
        text += f" in {counted(files, 'file')}"
    broken = len({file_of(r) for r in reports if not_checked(r)})
    if broken:
        text += f", {counted(broken, 'file')} could not be checked"
    if context.fixes is not None and ours:
        text += f", {sum(map(context.fixes.__contains__, ours)) or 'none'} fixable with --fix"
    return f"{text}."


def checked(context: Context) -> str:
    """How much was checked, if that is known."""
    if context.files is None:
        return ""
    files = counted(context.files, "file") if context.files else "no file"
    time = "" if context.elapsed is None else f" in {context.elapsed:.1f} s"
    return f"Checked {files}{time}."
