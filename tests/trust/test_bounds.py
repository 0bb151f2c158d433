"""No text takes the memory or the time: what grows beyond a bound is unknown."""

from __future__ import annotations

from pathlib import Path

import pytest
from ways import ENGINE, ask

from qs_lint.engine.context import EngineContext
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project
from qs_lint.values import MAX_ITEMS, Mapping, Sequence

HEAD = """\
from functools import partial
from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from shop.models import Order

qs = Order.objects.all()
c = settings.DEBUG
x = [qs, timezone.now()]
d = {"a": qs}
s = "ab"
names = ["a", "b"]
kw = qs
w = Q()
p = partial(dict)


class A:
    x = [qs, timezone.now()]


class B:
    def __init__(self, *given):
        self.given = given


def double(*a):
    return a + a


"""
#: One line, 28 times: each doubles something.
LINES = {
    "sum": "x = x + x",
    "augmented": "x += x",
    "spread": "x = [*x, *x]",
    "tuple": "x = (*x, *x)",
    "slices": "x = x[:] + x[:]",
    "attribute": "A.x = A.x + A.x",
    "arguments": "x = double(*x)",
    "more arguments": "x = double(*x, *x)",
    "conditional": "x = x + x if c else [*x, *x]",
    "inside": "x = [x] + x + [x]",
    "extend": "x.extend(x)",
    "dict": 'd = {**d, **d, "k": d}',
    "update": "d.update(d)",
    "text": "s = s * 2",
    "percent": 's = "%s%s" % (s, s)',
    "f-string": 's = f"{s}{s}"',
    "names": "qs = qs.prefetch_related(*names, *names); names = names + names",
    "keywords": "kw = dict(a=kw, b=kw)",
    "combined": "qs = qs.filter(at__lt=timezone.now()) | qs",
    "object": "x = B(x, x)",
    "partial": "p = partial(p, p, *x); x = x + x",
    "q": "w = w | Q(w, x=w)",
}
TAIL = """

class View:
    kept = x
    asked = Order.objects.filter(at=x, b=d, c=s, e=kw, f=A.x)


def view(request):
    return [list(one) for one in x], list(qs), d, w, p
"""
MEMORY = 1 << 30


def test_doubled(tmp_path: Path) -> None:
    """Thirty lines are read in a second and a few megabytes, and nothing fails."""
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "models.py").write_text(
        "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n"
    )
    names = {}
    for number, line in enumerate(LINES.values()):
        path = tmp_path / f"case{number}.py"
        path.write_text(HEAD + f"{line}\n" * 28 + TAIL, encoding="utf-8")
        names[path.name] = line
    answer = ask(ENGINE, [tmp_path], tmp_path, memory=MEMORY)
    assert answer.code == 0, answer.stderr
    assert {one.path for one in answer.told} >= names.keys()


def analysed(text: str, folder: Path) -> EngineContext:
    """The analysis of a text."""
    found = analyse(Project(), str(folder / "views.py"), text)
    assert found is not None
    return found


@pytest.mark.parametrize("line", ["x = x + x", "x = [*x, *x]", "x += x"])
def test_a_reached_bound_is_unknown_and_told(tmp_path: Path, line: str) -> None:
    """Nothing is left in it, and a limit is noted where it was reached."""
    analysis = analysed(f"x = [1, 2]\n{line}\n" + f"{line}\n" * 12, tmp_path)
    value = analysis.main.scope.vars["x"]
    assert not isinstance(value, Sequence) or (value.open and not value.items)
    assert [getattr(node, "lineno", 0) for node, _ in analysis.gave_up] != []


def test_large_literals(tmp_path: Path) -> None:
    """A display has the same bound."""
    items = ", ".join(map(str, range(MAX_ITEMS + 1)))
    pairs = ", ".join(f"{n}: {n}" for n in range(MAX_ITEMS + 1))
    names = analysed(f"x = [{items}]\ny = {{{pairs}}}\nz = [1]\n", tmp_path).main.scope.vars
    x, y, z = names["x"], names["y"], names["z"]
    assert isinstance(x, Sequence)
    assert isinstance(y, Mapping)
    assert isinstance(z, Sequence)
    assert (len(x.items), len(y.items), len(z.items)) == (0, 0, 1)
    assert (x.open, y.open, z.open) == (True, True, False)


def test_appended(tmp_path: Path) -> None:
    """A list that is appended to is bounded as well."""
    text = "x = []\n" + "x.append(1)\n" * (MAX_ITEMS + 1)
    value = analysed(text, tmp_path).main.scope.vars["x"]
    assert isinstance(value, Sequence)
    assert value.open
    assert len(value.items) < MAX_ITEMS


@pytest.mark.parametrize("branch", ["x{0} = {0}", "x = {0}", "x.append({0})"])
def test_chain_of_elif(tmp_path: Path, branch: str) -> None:
    """A long chain takes time in proportion to its length, whatever the branches bind."""
    body = "".join(
        f"elif settings.A == {n}:\n    {branch.format(n)}\n    y = [{n}]\n" for n in range(800)
    )
    head = "from django.conf import settings\nx = []\n" + "".join(f"z{n} = []\n" for n in range(99))
    path = tmp_path / "views.py"
    path.write_text(f"{head}if settings.A:\n    pass\n{body}", encoding="utf-8")
    answer = ask(ENGINE, [path], tmp_path, limit=20, memory=MEMORY)
    assert answer.code == 0, answer.stderr
