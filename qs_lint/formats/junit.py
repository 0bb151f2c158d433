"""JUnit XML, as GitLab and Jenkins read it: a test case for each file with reports.

Both readers look at the first failure of a test case only, so a file's reports are one failure.
A file that could not be checked is an error, and a message that fails no run (pylint's categories
of information) is output of a test case that passes.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from itertools import groupby
from typing import TYPE_CHECKING, Any

from qs_lint.findings import harmless
from qs_lint.formats._frames import Files
from qs_lint.formats._locations import file_of, is_note, path_of, place, text_of, way_of
from qs_lint.formats._text import counted, visible
from qs_lint.reports import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.formats import Context
    from qs_lint.reports import Report

NAME = "qs-lint"
UNCHECKED = "No file was checked"


def render(reports: Sequence[Report], context: Context) -> str:
    """An XML document, in ASCII, so that it is the same in every encoding."""
    files = Files(context)
    cases = [
        case(visible(path), list(group), files)
        for path, group in groupby(in_order(reports), key=lambda r: path_of(r, context))
    ]
    if not cases:
        cases = [nothing(context)]
    figures: dict[str, Any] = {
        "tests": str(len(cases)),
        "failures": str(sum(item.find("failure") is not None for item in cases)),
        "errors": str(sum(item.find("error") is not None for item in cases)),
    }
    if context.elapsed is not None:
        figures["time"] = f"{context.elapsed:.3f}"
    skipped = str(sum(item.find("skipped") is not None for item in cases))
    suite = ET.Element("testsuite", name=NAME, skipped=skipped, **figures)
    suite.extend(cases)
    suites = ET.Element("testsuites", name=NAME, **figures)
    suites.append(suite)
    ET.indent(suites)
    document: bytes = ET.tostring(suites, encoding="us-ascii", xml_declaration=True)
    # the same document, in which no log sees an order
    return document.decode("ascii").replace("##", "&#35;&#35;") + "\n"


def nothing(context: Context) -> ET.Element:
    """The test case of a run without reports: it has passed, if anything was checked."""
    if context.files == 0:
        found = ET.Element("testcase", classname=NAME, name=UNCHECKED)
        kind = "skipped" if context.allow_empty else "error"
        ET.SubElement(found, kind, message=UNCHECKED)
        return found
    checked = "" if context.files is None else f" ({counted(context.files, 'file')} checked)"
    return ET.Element("testcase", classname=NAME, name=f"no findings{checked}")


def case(path: str, reports: list[Report], files: Files) -> ET.Element:
    """The test case of one file."""
    found = ET.Element(
        "testcase", classname=NAME, name=path, file=path, line=str(max(reports[0].line, 1))
    )
    text = harmless("\n\n".join(paragraph(report, path, files) for report in reports))
    serious = [r for r in reports if r.category != "info"]
    if not serious:
        ET.SubElement(found, "system-out").text = text
        return found
    kind = "error" if any(map(is_note, serious)) else "failure"
    symbols = ", ".join(dict.fromkeys(r.symbol for r in serious))
    result = ET.SubElement(
        found,
        kind,
        type=serious[0].symbol,
        message=visible(f"{counted(len(serious), 'report')}: {symbols}"),
    )
    result.text = text
    return found


def paragraph(report: Report, path: str, files: Files) -> str:
    """One report as text."""
    where = place(report, files(file_of(report)))
    head = f"{path}:{where.line}:{where.column}: {report.msgid} {report.symbol}"
    way = way_of(report)
    parts = [visible(head), text_of(report), f"Steps to the query:\n{way}" if way else ""]
    return "\n".join(part for part in parts if part)
