"""False negatives have a home: each limit has a fixture, and each such fixture its limit.

``docs/limits.md`` links the fixtures in ``tests/fixtures/unseen``;
``tests/oracle/test_unseen_proven.py`` asks Django whether they are what they say.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from support import FIXTURES, ROOT, analysed, annotated

from qs_lint.rules import all_rules

LIMITS = (ROOT / "docs" / "limits.md").read_text(encoding="utf-8")
#: ``Files`` is about what can be read at all; that is tested by ``test_paths.py``.
ELSEWHERE = ("", "Files")
FILES = sorted((FIXTURES / "unseen").glob("[!_]*.py"))
LINK = re.compile(r"\(\.\./tests/fixtures/unseen/(\w+)\.py\)")
#: A point is shown by one of these, or by another fixture that its own tests keep true.
SHOWN = re.compile(r"\(\.\./(tests/fixtures/[\w/-]+\.py)\)")
MARK = re.compile(r"# (unseen|left alone|seen too much): ([\w -]+?)(?: \[[\w-]+\])?$", re.MULTILINE)
SYMBOLS = {rule.symbol for rule in all_rules()}


def points() -> list[str]:
    """The points of the page: its list items, and the paragraphs where there is not a list."""
    found = []
    for section in re.split(r"^## ", LIMITS, flags=re.MULTILINE):
        title, _, text = section.partition("\n")
        if title.startswith("# ") or title in ELSEWHERE:
            continue
        items = re.findall(r"^- (.*?)(?=^- |^\S|\Z)", text, re.MULTILINE | re.DOTALL)
        found += items or [text]
    return found


@pytest.mark.parametrize("point", points(), ids=lambda point: point[:40])
def test_each_limit_has_a_fixture(point: str) -> None:
    """A limit without an example is a rumour."""
    shown = SHOWN.findall(point)
    assert shown, "docs/limits.md names a limit that no fixture shows"
    assert all((ROOT / path).is_file() for path in shown)


def test_each_fixture_has_a_limit() -> None:
    """A fixture is linked once."""
    assert sorted(LINK.findall(LIMITS)) == [path.stem for path in FILES]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_is_as_documented(path: Path) -> None:
    """What is said not to be seen is not; where it is now, the limit is gone."""
    marks = MARK.findall(path.read_text(encoding="utf-8"))
    assert marks, "no line is marked"
    for kind, what in marks:
        assert kind == "left alone" or what in SYMBOLS
    expected = annotated(path)
    assert bool(expected) == any(kind == "seen too much" for kind, _ in marks)
    assert analysed(path) == expected, "docs/limits.md says otherwise: move the fixture"
