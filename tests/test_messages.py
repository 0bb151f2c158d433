"""What each report says, word for word: place, confidence, message and steps.

The annotations of the fixtures say where a report is; ``data/messages.txt`` says the rest, for one
fixture after the other.  ``QS_LINT_GOLDEN=write pytest tests/test_messages.py`` writes it anew, to
be looked at.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from itertools import zip_longest
from pathlib import Path

from support import FIXTURES, outdated

from qs_lint.examination import findings_in
from qs_lint.project.source import Project

TESTS = Path(__file__).resolve().parent
MESSAGES = TESTS / "data" / "messages.txt"
HEADING = "frozen-class-queryset/bad_fstring_heading.py"
PROTOCOLS = "frozen-module-queryset/bad_implicit_protocols.py"
#: Before 3.12 the parts of an f-string are placed where the f-string itself is: file and range in
#: the golden file -> the range there.
FORMATTED = {
    (HEADING, "  13:28 to 13:61 "): "  13:12 to 13:62 ",
    (PROTOCOLS, "  59:15 to 59:26 "): "  59:8 to 59:27 ",
    (PROTOCOLS, "  63:14 to 63:26 "): "  63:12 to 63:27 ",
}


def told() -> Iterator[str]:
    """The lines of the file."""
    project = Project()
    for path in sorted(FIXTURES.rglob("*.py"), key=lambda path: path.relative_to(FIXTURES).parts):
        findings = findings_in(project, str(path))
        if findings:
            yield path.relative_to(FIXTURES).as_posix()
        for finding in findings:
            where = finding.location
            place = f"{where.line}:{where.column} to {where.end_line}:{where.end_column}"
            yield f"  {place} {finding.symbol} {finding.confidence.name}"
            yield f"    {finding.message}"
            for step in finding.steps:
                yield f"    - {step}"


def replaced(lines: Iterable[str], ranges: Mapping[tuple[str, str], str]) -> Iterator[str]:
    """These lines with other ranges."""
    file = ""
    for line in lines:
        file = file if line.startswith(" ") else line
        old = line[: line.find(" ", line.find(" to ") + 4) + 1]
        yield ranges.get((file, old), old) + line.removeprefix(old)


def known() -> Iterator[str]:
    """The lines of the golden file that hold for the Python that runs the tests."""
    holds = True
    for line in MESSAGES.read_text(encoding="utf-8").splitlines():
        if not line.startswith(" "):
            holds = not outdated(FIXTURES / line)
        if holds:
            yield line


def test_messages() -> None:
    """Nothing that a user reads changes unnoticed."""
    formatted = FORMATTED if sys.version_info < (3, 12) else {}
    if os.environ.get("QS_LINT_GOLDEN") == "write":
        assert not any(map(outdated, FIXTURES.rglob("*.py"))), "write it with an older Python"
        back = {(file, old): new for (file, new), old in formatted.items()}
        MESSAGES.write_text("\n".join(replaced(told(), back)) + "\n", encoding="utf-8")
    expected = replaced(known(), formatted)
    for line, (found, wanted) in enumerate(zip_longest(told(), expected), 1):
        assert found == wanted, f"{MESSAGES.name}:{line}"


def test_paths() -> None:
    """The file names no folder of the machine that wrote it."""
    assert str(TESTS.parent) not in MESSAGES.read_text(encoding="utf-8")
