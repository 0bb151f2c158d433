"""Comments of other linters that name our messages: they have no effect, and that is said."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from qs_lint.sources import lines_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qs_lint.reports import Report

_NOQA = r"#\s{0,9}noqa\s{0,9}:([^#]{1,200})"


def foreign_comments(reports: Sequence[Report], read: Callable[[str], str | None]) -> Iterator[str]:
    """A hint for each report on whose line ``# noqa`` names its message.

    ``read`` gives the text of a file by its absolute path.
    """
    lines: dict[str, list[str]] = {}
    for report in reports:
        if report.finding is None:
            continue
        if report.abspath not in lines:
            text = read(report.abspath)
            lines[report.abspath] = lines_of(text if text and "noqa" in text.lower() else None)
        for number in dict.fromkeys((report.line, report.end_line or report.line)):
            if not 1 <= number <= len(lines[report.abspath]):
                continue
            comment = re.search(_NOQA, lines[report.abspath][number - 1], re.IGNORECASE)
            codes = re.split(r"[\s,]+", comment[1].upper()) if comment else []
            if report.msgid in codes or report.symbol.upper() in codes:
                yield (
                    f"{report.path}:{number}: '# noqa' has no effect on {report.msgid}; "
                    f"write '# pylint: disable={report.symbol}'"
                )
                break
