"""``--baseline``, ``--write-baseline``, ``--add-disable``: what they say, and their exit codes."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint import sources
from qs_lint.command.console import say

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qs_lint.command.options import Options
    from qs_lint.reports import Report

ERROR = 2


def without_known(
    path: str,
    reports: Sequence[Report],
    files: Sequence[str],
    read: Callable[[str], str | None] = sources.read,
    quiet: bool = False,
) -> list[Report]:
    """The reports that the list at ``path`` does not have; its stale entries go to standard error.

    A stale entry does not fail the run: whoever fixes a finding need not update the baseline.
    """
    from qs_lint.command.baseline import compared

    found = compared(path, reports, _examined(reports, files), read)
    if quiet:
        return found.new
    for entry in found.stale:
        where = f" in {entry.within}" if entry.within else ""
        times = f" ({entry.count} times)" if entry.count > 1 else ""
        say(f"{path}: no longer found{times}: {entry.path}: {entry.symbol}{where}: {entry.code}")
    if found.stale:
        say(
            f"{path}: {_number(len(found.stale), 'stale entry', 'stale entries')}; "
            "the same run with --write-baseline removes them"
        )
    return found.new


def write_baseline(path: str, reports: Sequence[Report], files: Sequence[str]) -> Sequence[Report]:
    """List all findings in the file at ``path``; the messages that cannot be listed."""
    from qs_lint.command.baseline import write

    number, left = write(path, reports, _examined(reports, files))
    for report in left:
        say(f"{report.path}:{report.line}: not listed: {report.text} ({report.symbol})")
    say(f"{path}: {_number(number, 'finding', 'findings')}")
    return left


def add_comments(
    reports: Sequence[Report],
    options: Options,
    check: Callable[[Options], Sequence[Report]],
) -> int:
    """Write comments above the findings, and check with ``check`` whether they are suppressed now.

    The exit code: 0 if all are, otherwise 2.
    """
    from qs_lint.command.disables import Left, add_disables, checked_reason

    added = add_disables(reports, checked_reason(options.reason), options.paths or (os.curdir,))
    left = {(item.report.path, item.report.symbol, item.report.text): item for item in added.left}
    if added.files:
        again = replace(options, paths=tuple(added.files), cache=False, baseline=None)
        for report in check(again):
            if (report.path, report.symbol, report.text) in left:
                continue
            if any(_same(report, old) for old in reports):
                left[(report.path, report.symbol, report.text)] = Left(
                    report, "the comment has no effect"
                )
    for item in left.values():
        report = item.report
        say(f"{report.path}:{report.line}: {report.symbol} is not suppressed: {item.why}")
    done = len(reports) - len(left)
    files = _number(len(added.files), "file", "files")
    say(f"{_number(done, 'finding', 'findings')} suppressed in {files}")
    return 0 if options.exit_zero or not left else ERROR


def _examined(reports: Sequence[Report], files: Sequence[str]) -> set[str]:
    """The files that were searched: not those with a syntax error or an internal error."""
    return set(files) - {report.abspath for report in reports if report.finding is None}


def _same(one: Report, other: Report) -> bool:
    return (one.path, one.symbol, one.obj, one.text) == (
        other.path,
        other.symbol,
        other.obj,
        other.text,
    )


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"
