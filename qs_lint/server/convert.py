"""Reports in the terms of the Language Server Protocol."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls import uris

from qs_lint.fixes import edit_between
from qs_lint.links import rule_page
from qs_lint.sources import lines_of

if TYPE_CHECKING:
    from pygls.workspace import PositionCodec

    from qs_lint.findings import Step
    from qs_lint.reports import Report

SOURCE = "qs_lint"
_SEVERITIES = {
    "fatal": types.DiagnosticSeverity.Error,
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
}


def diagnostic(
    report: Report, lines: list[str], codec: PositionCodec, folders: tuple[str, ...]
) -> types.Diagnostic:
    """The diagnostic of a report about the text ``lines``.

    ``folders``: where the files of the steps are looked for, whose paths begin at a package.
    """
    finding = report.finding
    return types.Diagnostic(
        range=report_range(report, lines, codec),
        message=report.text,
        severity=_SEVERITIES.get(report.category, types.DiagnosticSeverity.Information),
        code=report.symbol,
        code_description=types.CodeDescription(href=rule_page(report.symbol)) if finding else None,
        source=SOURCE,
        related_information=[
            related
            for step in (finding.steps if finding else ())
            if (related := _related(step, folders)) is not None
        ]
        or None,
        data={"symbol": report.symbol},
    )


def report_range(report: Report, lines: list[str], codec: PositionCodec) -> types.Range:
    """The whole range of a report: its columns count bytes of UTF-8, the editor's its own units."""
    last = report.end_line or report.line
    start = _position(lines, report.line, report.column, codec)
    if report.end_column is None:
        text = lines[last - 1].rstrip("\r\n") if last <= len(lines) else ""
        end = _position(lines, last, len(text.encode("utf-8", "surrogatepass")), codec)
    else:
        end = _position(lines, last, report.end_column, codec)
    return types.Range(start, end)


def _position(lines: list[str], line: int, column: int, codec: PositionCodec) -> types.Position:
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    before = text.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "ignore")
    return types.Position(max(line - 1, 0), codec.client_num_units(before))


def _related(step: Step, folders: tuple[str, ...]) -> types.DiagnosticRelatedInformation | None:
    for folder in folders:
        path = os.path.join(folder, *step.path.split("/"))
        if os.path.isfile(path):
            place = types.Position(max(step.line - 1, 0), 0)
            uri = uris.from_fs_path(path)
            if uri is not None:
                location = types.Location(uri, types.Range(place, place))
                return types.DiagnosticRelatedInformation(location, step.text)
    return None


def around(path: str) -> tuple[str, ...]:
    """The folders above a file, nearest first: packages of the project begin in one of them."""
    folders = []
    folder = os.path.dirname(path)
    while folder not in folders:
        folders.append(folder)
        folder = os.path.dirname(folder)
    return tuple(folders)


def text_edit(old: str, new: str, codec: PositionCodec) -> types.TextEdit | None:
    """The one edit from ``old`` to ``new``, of whole lines; ``None`` if they are the same."""
    edit = edit_between(old, new)
    if edit is None:
        return None
    lines = lines_of(old)
    end = types.Position(edit.end_line - 1, 0)
    if edit.end_line > len(lines):  # the last line has no end
        end = types.Position(len(lines) - 1, codec.client_num_units(lines[-1]))
    return types.TextEdit(types.Range(types.Position(edit.line - 1, 0), end), edit.text)
