"""What one request leaves behind: what no fixture can show, because no visitor plays it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qs_lint.domain.leaks import Meaning
from qs_lint.domain.observations import Leak
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project

#: A worker of Celery runs one task at a time, with one object of its class.
TASK = """
from celery import Task

from shop.models import Order


class Export(Task):
    def run(self, user, region=None):
        {first}
        return self.write()

    def write(self):
        return list(self.user.orders.all())
"""


def meanings(path: Path, text: str) -> list[Meaning]:
    """How others see what a file stores."""
    path.write_text(text, encoding="utf-8")
    ctx = analyse(Project(), str(path))
    assert ctx is not None
    return [seen.meaning for seen in ctx.observed if isinstance(seen, Leak)]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("self.user = user", []),
        ("self.user = Order.objects.get(buyer=user)", []),
        ("if user:\n            self.user = user", [Meaning.LEFT_BEHIND]),
    ],
    ids=["each run sets it", "rows of each run", "some runs set it"],
)
def test_tasks(first: str, expected: list[Meaning], tmp_path: Path) -> None:
    """No other run is there at the same time, but there is a next one."""
    assert meanings(tmp_path / "exports.py", TASK.format(first=first)) == expected


def test_feeds(tmp_path: Path) -> None:
    """The same code in what serves several requests at once is raced."""
    text = TASK.replace(
        "celery import Task", "django.contrib.syndication.views import Feed as Task"
    )
    text = text.replace("def run(self, user", "def get_object(self, request, user")
    text = text.replace("def write(self)", "def items(self)").replace("self.write()", "user")
    text = text.format(first="self.user = user")
    assert meanings(tmp_path / "exports.py", text) == [Meaning.RACED]
