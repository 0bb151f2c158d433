"""The command's work grows as the findings of a file do: counted, not timed."""

from __future__ import annotations

import sys
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest
from support import Here

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

pytest_plugins = ["command_project"]

HEAD = "from shop.models import Order\n\n\n"
FLAT = "ROWS_{0} = list(Order.objects.all())\n"
NESTED = """\
class Page{0}:
    def rows(self, found=list(Order.objects.all())):
        return found

"""
DECORATED = """\
@list
@sorted(Order.objects.all()).index
def page{0}():
    pass

"""
COMMENT = "# pylint: disable=line-too-long\n"
SIZES = (20, 40, 80, 160)


def work(run: Callable[[], object]) -> int:
    """How many lines of Python a call runs; a loop in one line counts each time around."""
    count: Counter[str] = Counter()

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        count[event] += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        run()
    finally:
        sys.settrace(before)
    return count["line"] + count["call"]


def assert_proportional(works: list[int]) -> None:
    """What each further finding costs is the same within 10 %, from the first step on."""
    costs = [(works[i + 1] - works[i]) / (SIZES[i + 1] - SIZES[i]) for i in range(len(works) - 1)]
    assert max(costs) <= 1.1 * min(costs), works


@pytest.mark.parametrize("text", [FLAT, NESTED, DECORATED], ids=["flat", "nested", "decorated"])
@pytest.mark.parametrize("head", [HEAD, COMMENT + HEAD], ids=["direct", "through pylint"])
def test_findings(here: Here, text: str, head: str) -> None:
    """1, 2, 4 and 8 times the findings, by both ways from findings to messages."""
    works = []
    for size in SIZES:
        here.write("views.py", head + "".join(text.format(n) for n in range(size)))
        assert len(here("views.py").symbols) == size  # what is read once has been
        works.append(work(lambda: here("views.py")))
    assert_proportional(works)


@pytest.mark.parametrize(
    "form", ["full", "github", "sarif", "gitlab", "junit", "parseable", "json2"]
)
def test_formats(here: Here, form: str) -> None:
    """The same in each format."""
    works = []
    option = f"--output-format={form}"
    for size in SIZES:
        here.write("views.py", HEAD + "".join(FLAT.format(n) for n in range(size)))
        here(option, "views.py")
        works.append(work(partial(here, option, "views.py")))
    assert_proportional(works)


@pytest.mark.parametrize("form", ["full", "concise", "github", "sarif", "gitlab", "json2"])
def test_one_line(here: Here, form: str) -> None:
    """Findings on one line, which grows with them."""
    works = []
    option = f"--output-format={form}"
    for size in SIZES:
        here.write("views.py", HEAD + "; ".join(FLAT.format(n).rstrip() for n in range(size)))
        here(option, "views.py")
        works.append(work(partial(here, option, "views.py")))
    assert_proportional(works)


def test_comments(here: Here) -> None:
    """Comments that silence findings."""
    works = []
    for size in SIZES:
        text = HEAD + "".join(FLAT.format(n) for n in range(size))
        here.write("views.py", text)
        assert here("--add-disable", "views.py").code == 0  # what is read once has been
        here.write("views.py", text)
        works.append(work(lambda: here("--add-disable", "views.py")))
    assert_proportional(works)
