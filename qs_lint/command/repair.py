"""``qs-lint --diff`` and ``qs-lint --fix``: the certain cures, shown or applied."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from qs_lint.command.console import line, put_bytes, put_patch, tell
from qs_lint.command.errors import UsageError
from qs_lint.command.files import KeptError, rewrite
from qs_lint.command.texts import project_for
from qs_lint.examination import Fault, findings_in
from qs_lint.files import MAX_FILE, read_file
from qs_lint.fixes import FixerUnavailable, FixResult, fixes_for

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings
    from qs_lint.findings import Finding, Fix
    from qs_lint.fixes.results import Text
    from qs_lint.project.source import Project
    from qs_lint.reports import Report


def repair(reports: Sequence[Report], options: Options, settings: Settings) -> None:
    """Repair, or show how, what the reports name.

    Standard output gets the diff; standard error a line for each finding that was fixed, for each
    that was not and why, for each file that was left as it is, and a summary.  Raises
    :class:`UsageError` if LibCST is not installed.
    """
    project = project_for(settings)
    fixed = left = 0
    for path, findings in _by_file(reports).items():
        shown = os.path.relpath(path)
        try:
            old, result = _repaired(path, findings, project)
            if result.text != old:
                if options.diff:
                    _show(shown, old, result.text)
                else:
                    rewrite(path, old, result.text, options.paths or (os.curdir,))
                    # what was read of this file is not so any more
                    project = project_for(settings)
        except KeptError as error:
            tell(f"{shown}: not fixed: {error}")
            left += len(findings)
            continue
        _tell(shown, result, options)
        fixed += len(result.fixed)
        left += len(result.suggested)
    _sum(fixed, left, options)


def repair_text(
    reports: Sequence[Report], options: Options, settings: Settings, text: bytes
) -> bytes:
    """Repair, or show how, what the reports name in the text that came on standard input.

    Standard output gets the whole new text, or the diff; standard error what :func:`repair` says
    there.  Gives back the new text; raises :class:`UsageError` if LibCST is not installed.
    """
    (path,) = options.paths
    findings = [report.finding for report in reports if report.finding is not None]
    try:
        result = _fixes(text, os.path.abspath(path), findings, project_for(settings))
    except KeptError as error:
        tell(f"{path}: not fixed: {error}")
        result = FixResult(text)
        left = len(findings)
    else:
        left = len(result.suggested)
    if options.fix:
        put_bytes(result.text)
    elif result.text != text:
        _show(line(path), text, result.text)
    _tell(path, result, options)
    _sum(len(result.fixed), left, options)
    return result.text


def _tell(shown: str, result: FixResult[bytes], options: Options) -> None:
    """Say of each finding of a file what became of it."""
    for fix in result.fixed:
        what = f"{'fixed' if options.fix else 'can be fixed'}: {fix.what}"
        tell(_line(shown, fix.finding, what))
    for suggestion in result.suggested:
        what = f"not fixed: {suggestion.why}. {suggestion.finding.cure}"
        tell(_line(shown, suggestion.finding, what))


def _sum(fixed: int, left: int, options: Options) -> None:
    """Say how many findings were fixed, and how many are left."""
    done = "fixed" if options.fix else "can be fixed"
    tell(f"qs-lint: {fixed} {done}, {left} to fix by hand")


def _fixes(text: Text, path: str, findings: Sequence[Finding], project: Project) -> FixResult[Text]:
    """What the fixer makes of a text.

    Raises :class:`UsageError` if LibCST is not installed, :class:`KeptError` for an internal error.
    """
    try:
        return fixes_for(text, path, findings, project)
    except FixerUnavailable as error:
        raise UsageError(str(error)) from None
    except Fault as error:
        raise KeptError(f"an internal error of qs-lint: {error}") from None


def _repaired(
    path: str, findings: Sequence[Finding], project: Project
) -> tuple[bytes, FixResult[bytes]]:
    """What a file holds, and what it would hold.

    Raises :class:`KeptError` if the findings are not those of what it holds by now.
    """
    try:
        old = read_file(path, MAX_FILE)
    except OSError as error:
        raise KeptError(f"cannot read it: {error.strerror or error}") from None
    try:
        now = {(each.symbol, each.location) for each in findings_in(project, path, old)}
    except Fault as error:
        raise KeptError(f"an internal error of qs-lint: {error}") from None
    if any((each.symbol, each.location) not in now for each in findings):
        raise KeptError("it, or a file that it imports, was changed meanwhile; run again")
    return old, _fixes(old, path, findings, project)


def repaired_by_fix(
    reports: Sequence[Report], settings: Settings, read: Callable[[str], str | None]
) -> dict[Report, Fix]:
    """The fixes of the reports that ``--fix`` would repair.

    ``read`` gives the text of a file by its absolute path.  Raises :class:`UsageError` if LibCST
    is not installed.
    """
    project = project_for(settings)
    found: dict[tuple[str, Finding], Fix] = {}
    for path, findings in _by_file(reports).items():
        text = read(path)
        if text is None:
            continue
        try:
            result = _fixes(text, path, findings, project)
        except KeptError:
            continue  # nor would --fix repair them
        found |= {(path, fix.finding): fix for fix in result.fixed}
    return {
        report: found[report.abspath, report.finding]
        for report in reports
        if report.finding and (report.abspath, report.finding) in found
    }


def _by_file(reports: Sequence[Report]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for report in reports:
        if report.finding is not None:
            found.setdefault(report.abspath, []).append(report.finding)
    return found


def _show(shown: str, old: bytes, new: bytes) -> None:
    """Write a difference; :class:`KeptError` where the file's name would be no line of it."""
    from qs_lint.fixes import unified_diff

    if line(shown) != shown:
        raise KeptError("its name cannot be written in a diff")
    put_patch(unified_diff(shown, old, new))


def _line(shown: str, finding: Finding, what: str) -> str:
    return f"{shown}:{finding.location.line}: {finding.symbol}: {what}"
