"""What makes a report the same report after the file around it has changed.

A fingerprint is a hash of the message's symbol, the file's path, the class or function around, and
the text of the reported expression without its layout.  Line numbers, columns, comments and the
message's words are not in it: lines may be inserted above, a formatter may break the expression
anew, a later version may word the message better.  Equal reports in one file are counted.
"""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

from qs_lint import sources

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qs_lint.reports import Report

#: strings are kept as they are; comments, white space and a comma before a bracket are layout
_LAYOUT = re.compile(
    r"""(?P<string>'''(?:\\.|[^\\])*?'''|\"\"\"(?:\\.|[^\\])*?\"\"\""""
    r"""|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*")"""
    r"""|,(?=(?:\s|\#[^\n]*)*[)\]}])|\#[^\n]*|\\?\s+""",
    re.DOTALL,
)


def fingerprints(
    reports: Sequence[Report],
    read: Callable[[str], str | None] = sources.read,
    root: str | None = None,
) -> list[str]:
    """One fingerprint a report, in the order of the reports; all of them differ.

    ``read`` gives the text of a file by its absolute path, or ``None``.  Paths count as seen from
    ``root``, the working directory if it is not given.
    """
    top = os.getcwd() if root is None else root
    texts: dict[str, list[str]] = {}
    counted: dict[tuple[str, ...], int] = {}
    found = [""] * len(reports)
    # Equal reports are numbered from the top of a file, whatever order they are given in.
    order = sorted(range(len(reports)), key=lambda i: (reports[i].line, reports[i].column, i))
    for index in order:
        report = reports[index]
        whole = report.abspath or report.path
        if whole not in texts:
            texts[whole] = sources.lines_of(read(whole))
        path = sources.relative(whole, top)
        key = (report.symbol, path, report.obj, reported_text(report, texts[whole]))
        number = counted[key] = counted.get(key, 0) + 1
        content = "\0".join([*key, str(number)])
        data = content.encode("utf-8", "surrogatepass")
        found[index] = hashlib.sha256(data).hexdigest()[:32]
    return found


def reported_text(report: Report, lines: list[str]) -> str:
    """The reported expression, or the reported line if no range is known, without layout."""
    if report.end_line is None or report.end_column is None:
        within = 1 <= report.line <= len(lines)
        return without_layout(lines[report.line - 1]) if within else ""
    text = sources.segment(lines, report.line, report.column, report.end_line, report.end_column)
    return without_layout(text)


def without_layout(text: str) -> str:
    """Source text without white space, comments and trailing commas; strings are kept."""
    return _LAYOUT.sub(lambda match: match["string"] or "", text)
