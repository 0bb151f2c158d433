"""What Python's versions differ in: annotations, template strings, type aliases, placeholders."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest
from support import FIXTURES, PYTHON314, analysed, annotated

from qs_lint.engine import annotations as engine
from qs_lint.project.source import Project

HEAD = "from typing import Literal\nfrom shop.models import Order\n"
ROWS = "Literal[tuple(Order.objects.values_list('number', flat=True))]"
SHOP = (
    "from django.db import models\nclass Order(models.Model):\n    number = models.IntegerField()\n"
)


def reported(tmp_path: Path, text: str) -> list[tuple[int, str]]:
    """Line and symbol of each report on a module."""
    shop = tmp_path / "shop"
    shop.mkdir(exist_ok=True)
    shop.joinpath("__init__.py").touch()
    shop.joinpath("models.py").write_text(SHOP, encoding="utf-8")
    path = tmp_path / "views.py"
    path.write_text(text, encoding="utf-8")
    return [(report.line, report.symbol) for report in analysed(path)]


PLAIN = HEAD + f"class Plain:\n    number: {ROWS}\n"
DATACLASS = HEAD + f"import dataclasses\n@dataclasses.dataclass\nclass Kept:\n    number: {ROWS}\n"
SCHEMA = HEAD + f"from ninja import Schema\nclass Filter(Schema):\n    number: {ROWS}\n"
LOCAL = HEAD + f"def f():\n    number: {ROWS} = 1\n    return number\n"
PARAMETER = HEAD + f"def f(number: {ROWS}):\n    return number\n"
FUTURE = "from __future__ import annotations\n"
KEPT, WASTED = "frozen-class-queryset", "import-time-query"


@pytest.mark.parametrize(
    ("text", "before", "since"),
    [
        (PLAIN, [(4, WASTED)], []),
        (DATACLASS, [(6, KEPT)], [(6, KEPT)]),
        (SCHEMA, [(5, KEPT)], [(5, KEPT)]),
        (LOCAL, [], []),
        (PARAMETER, [(3, WASTED)], []),
        (FUTURE + PLAIN, [], []),
        (FUTURE + DATACLASS, [], []),
        (FUTURE + SCHEMA, [(6, KEPT)], [(6, KEPT)]),
        (FUTURE + PARAMETER, [], []),
    ],
    ids="plain dataclass schema local parameter plain-text dataclass-text schema-text "
    "parameter-text".split(),
)
def test_annotations(
    text: str,
    before: list[tuple[int, str]],
    since: list[tuple[int, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Before 3.14 the statement evaluates them, since then whoever reads them."""
    monkeypatch.setattr(engine, "VERSION", (3, 13))
    assert reported(tmp_path, text) == before
    monkeypatch.setattr(engine, "VERSION", (3, 14))
    assert reported(tmp_path, text) == since


def test_placeholder(tmp_path: Path) -> None:
    """An argument that is given later takes the place that was kept for it."""
    text = (
        "from functools import Placeholder, partial\n" + HEAD + "ORDERS = Order.objects.all()\n"
        "def pick(kind, orders, last):\n    return [kind, list(orders), last]\n"
        "def view(request):\n    return partial(pick, 'new', Placeholder, ORDERS)(ORDERS.all())\n"
        "def stale(request):\n    return partial(pick, 'new', Placeholder, 1)(ORDERS)\n"
    )
    assert reported(tmp_path, text) == [(10, "shared-queryset-cache")]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="a statement of Python 3.12")
def test_type_alias(tmp_path: Path) -> None:
    """The value of an alias is made when it is asked for, and kept."""
    text = HEAD + f"type Number = {ROWS}\n"
    assert reported(tmp_path, text) == []
    assert reported(tmp_path, text + "KEPT = Number.__value__\n") == [(3, "frozen-module-queryset")]
    asked = text + "def view(request):\n    return Number.__value__\n"
    assert reported(tmp_path, asked) == [(5, "memoized-queryset")]


@pytest.mark.skipif(not hasattr(ast, "TemplateStr"), reason="an expression of Python 3.14")
def test_template_string(tmp_path: Path) -> None:
    """An interpolation is evaluated, and not made a text."""
    text = (
        HEAD
        + "A = t'{list(Order.objects.all())}'\nB = t'{Order.objects.all()} {Order.objects!r}'\n"
    )
    text += "C = t'{1:>{Order.objects.count()}}'\n"
    assert reported(tmp_path, text) == [
        (3, "frozen-module-queryset"),
        (5, "frozen-module-queryset"),
    ]


@pytest.mark.skipif(sys.version_info < (3, 14), reason="syntax and meaning of Python 3.14")
@pytest.mark.parametrize("path", PYTHON314, ids=lambda path: path.stem)
def test_fixtures(path: Path) -> None:
    """Lazy annotations, template strings, ``except`` without parentheses, as Django judged."""
    assert analysed(path, project=Project([str(FIXTURES)])) == annotated(path)


def test_fixtures_have_twins() -> None:
    """For each that reports something there is one that does not."""
    names = {path.stem for path in PYTHON314}
    assert len(names) >= 8
    for path in PYTHON314:
        assert bool(annotated(path)) == path.stem.startswith("bad_")
        if path.stem.startswith("bad_"):
            assert path.stem.replace("bad_", "good_") in names
