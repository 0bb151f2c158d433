"""``qs-lint --diff`` and ``qs-lint --fix``: the certain cures, shown or applied."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from qs_lint.command.errors import UsageError
from qs_lint.command.files import replace_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings
    from qs_lint.findings import Finding
    from qs_lint.reports import Report


def repair(reports: Sequence[Report], options: Options, settings: Settings) -> int:
    """Repair, or show how, what the reports name; the exit code.

    Standard output gets the diff; standard error a line for each finding that was fixed, for each
    that was not and why, and a summary.  0 if nothing is left to do by hand, else 2; ``UsageError``
    if LibCST is not installed, or a file cannot be written.
    """
    from qs_lint.facts import facts_with
    from qs_lint.fixes import FixerUnavailable, fixes_for, unified_diff
    from qs_lint.project.source import Project

    project = Project(settings.source_roots, facts_with(settings.own.library))
    fixed = left = 0
    for path, findings in _by_file(reports).items():
        shown = os.path.relpath(path)
        try:
            old = Path(path).read_bytes()
            result = fixes_for(old, path, findings, project)
        except FixerUnavailable as error:
            raise UsageError(str(error)) from None
        except OSError as error:
            raise UsageError(f"cannot read {shown}: {error.strerror}") from None
        for fix in result.fixed:
            _say(shown, fix.finding, f"{'fixed' if options.fix else 'can be fixed'}: {fix.what}")
        for suggestion in result.suggested:
            _say(shown, suggestion.finding, f"by hand: {suggestion.why} {suggestion.finding.cure}")
        fixed += len(result.fixed)
        left += len(result.suggested)
        new = result.text
        if new == old:
            continue
        if options.diff:
            sys.stdout.write(unified_diff(shown, old, new))
        else:
            replace_file(path, new)
    done = "fixed" if options.fix else "can be fixed"
    print(f"qs-lint: {fixed} {done}, {left} to repair by hand", file=sys.stderr)
    todo = left if options.fix else left + fixed
    return 0 if options.exit_zero or not todo else 2


def _by_file(reports: Sequence[Report]) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for report in reports:
        if report.finding is not None:
            found.setdefault(report.abspath, []).append(report.finding)
    return found


def _say(shown: str, finding: Finding, what: str) -> None:
    print(f"{shown}:{finding.location.line}: {finding.symbol}: {what}", file=sys.stderr)
