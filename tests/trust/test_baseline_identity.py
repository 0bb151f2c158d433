"""No new finding hides behind an entry of the list, and none is lost by what means nothing.

Pages are made from a few *sites* (how code keeps rows) and *coordinates* (who holds them, of which
model, by which operation, from which expression).  Two pages that differ in one coordinate are two
findings; a page and what a formatter, an editor or a move makes of it are the same.
"""

from __future__ import annotations

import ast
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path

import pytest
from support import ROOT, Here

from qs_lint.command import baseline, direct
from qs_lint.examination import examine
from qs_lint.project.source import Project
from qs_lint.reports import Report

pytest_plugins = ["command_project"]
LIST = "known.jsonl"
GOLDEN = ROOT / "tests" / "data" / "identities.json"


@dataclass(frozen=True)
class Page:
    """One page: a site, and its coordinates."""

    site: str
    holder: str = "boats"
    model: str = "Order"
    operation: str = "list"
    condition: str = "number=1"


#: How rows are kept; ``{rows}`` is the expression.
SITES = {
    "module": "{Holder} = {rows}\n",
    "annotated": "{Holder}: object = {rows}\n",
    "chained": "x = {Holder} = {rows}\n",
    "unpacked": "{Holder}, y = {rows}, 1\n",
    "class": "class Page(ListView):\n    {holder} = {rows}\n",
    "class name": "class {Holder}(ListView):\n    queryset = {rows}\n",
    "nested": "class {Holder}:\n    class Inner:\n        rows = {rows}\n",
    "default": "def view(request, {holder}={rows}):\n    return {holder}\n",
    "keyword default": "def view(request, *, {holder}={rows}):\n    return {holder}\n",
    "function": "def {holder}(request, rows={rows}):\n    return rows\n",
    "key": "TABLE = {{'{holder}': {rows}, 'other': 1}}\n",
    "item": "TABLE = {{}}\nTABLE['{holder}'] = {rows}\n",
    "keyword": "TABLE = dict({holder}={rows}, other=1)\n",
    "route": "urlpatterns = [path('{holder}/', ListView.as_view(extra_context={{'x': {rows}}}))]\n",
    "memo": "@lru_cache\ndef {holder}():\n    return {rows}\n",
    "memo with size": "@lru_cache(maxsize=None)\ndef {holder}():\n    return {rows}\n",
    "memo method": (
        "class P:\n    @staticmethod\n    @lru_cache\n    def {holder}():\n        return {rows}\n"
    ),
    "helper": "def made():\n    return {rows}\n\n\n{Holder} = made()\n",
    "constant": "QS = {query}\n\n\nclass {Holder}(ListView):\n    rows = {operation}(QS)\n",
    "shared": "QS = {query}\n\n\ndef {holder}(request):\n    return [row for row in QS]\n",
}
HEAD = """\
from functools import lru_cache

from django.urls import path
from django.views.generic import ListView

{imported}

x = 0
notx = 1


"""
MODELS = {
    "Order": "from shop.models import Order as Boat",
    "Category": "from shop.models import Category as Boat",
}
#: Pairs of conditions that differ, whatever one leaves out of the text.
CONDITIONS = [
    ("number=1", "number=2"),
    ("pk=not x", "pk=notx"),
    ("pk__in=('a',)", "pk__in=('a')"),
    ("number=f'{x} # {notx}'", "number=f'{x} # {x}'"),
    ("number='a b'", "number='ab'"),
    ("number='a,'", "number='a'"),
    ("number='# a'", "number='# b'"),
    ("number=b'a'", "number='a'"),
    ("number=1", "number=1.0"),
    ("number=1", "number=True"),
    ("number=x if notx else 1", "number=x if notx else 2"),
    ("pk__in=[*[x], notx]", "pk__in=[[x], notx]"),
    ("number=lambda: x", "number=lambda: notx"),
    ("number='''a\n  b'''", "number='''a\n b'''"),
    ("number=x", "pk=x"),
    ("number=-x", "number=+x"),
    ("number=(x, notx)", "number=(notx, x)"),
    ("number=x + notx * 2", "number=(x + notx) * 2"),
    ("number='a' 'b'", "number='a', pk='b'"),
    ("number=x[1:]", "number=x[1]"),
    ("number=x in [notx]", "number=x not in [notx]"),
    ("number=x is None", "number=x is not None"),
    ("number='\\n'", "number=r'\\n'"),
    ("number=f'{x!r}'", "number=f'{x!s}'"),
    ("number=f'{x:>{notx}}'", "number=f'{x:<{notx}}'"),
]


def source(page: Page) -> str:
    """The text of a page."""
    query = f"Boat.objects.filter({page.condition})"
    body = SITES[page.site].format(
        holder=page.holder,
        Holder=page.holder.title(),
        rows=f"{page.operation}({query})",
        query=query,
        operation=page.operation,
    )
    text = HEAD.format(imported=MODELS[page.model]) + body
    ast.parse(text)
    return text


def reports(path: Path) -> list[Report]:
    """What is found in a file."""
    data = path.read_bytes()
    found = direct.reports_of(str(path), examine(Project(), str(path), data), data)
    assert found is not None
    return found


def put(here: Here, text: str, name: str = "page.py") -> Path:
    """A page on disk; line ends as they are."""
    return here.write(name, text.encode())


def listed(here: Here, text: str) -> list[Report]:
    """List what a page has."""
    path = put(here, text)
    found = reports(path)
    (here.folder / LIST).unlink(missing_ok=True)
    baseline.write(LIST, found, [str(path)])
    return found


def new(path: Path) -> list[Report]:
    """What of a page the list does not have."""
    return baseline.compared(LIST, reports(path), [str(path)]).new


def changes(page: Page) -> Iterator[Page]:
    """All pages that differ in one coordinate."""
    yield replace(page, holder="cars")
    yield replace(page, model="Category")
    if page.site not in ("memo", "memo with size", "memo method", "shared"):
        yield replace(page, operation="sorted")
    if page.site not in ("memo", "memo with size", "memo method", "shared", "constant", "helper"):
        yield from (
            replace(page, condition=other)
            for pair in CONDITIONS
            for one, other in (pair, pair[::-1])
            if one == page.condition
        )


_EVERY = list(dict.fromkeys(itertools.chain(*CONDITIONS)))
#: all pages, and some of them, in which every site and every condition is
PAGES = [Page(site) for site in SITES] + [
    Page(site, condition=condition)
    for site in ("module", "class", "default", "route")
    for condition in _EVERY
    if condition != "number=1"
]
SOME = [page for page in PAGES if page.site == "module" or page.condition == "number=1"]


@pytest.mark.parametrize("site", SITES)
def test_nothing_hides(here: Here, site: str) -> None:
    """One coordinate is another one: the old finding is repaired, and the new one is told."""
    pairs = 0
    for page in PAGES:
        if page.site != site:
            continue
        known = listed(here, source(page))
        assert known, page
        assert new(here.folder / "page.py") == []
        for changed in changes(page):
            path = put(here, source(changed))
            found = reports(path)
            assert found, changed
            hidden = [each for each in found if each not in new(path)]
            assert not hidden, (page, changed)
            pairs += 1
    assert pairs >= 2


def test_there_are_many_pairs() -> None:
    """So that the generator cannot become empty unseen."""
    assert sum(len(list(changes(page))) for page in PAGES) > 250
    assert len(fields(Page)) == 5


# The pairs of one file each that a coordinate does not describe


SHOP = "from django.views.generic import ListView\n\nfrom shop.models import Category, Order\n\n\n"
ALL = "Order.objects.all()"
B = "class B(ListView):\n"
PAIRS: dict[str, tuple[str, str]] = {
    "copied into another class": (
        f"class A(ListView):\n    queryset = list({ALL})\n\n\n{B}    queryset = {ALL}\n",
        f"class A(ListView):\n    queryset = {ALL}\n\n\n{B}    queryset = list({ALL})\n",
    ),
    "assigned name": (
        "A = list(Order.objects.all())\nB = 1\n",
        "A = 1\nB = list(Order.objects.all())\n",
    ),
    "the body of a helper": (
        "def rows():\n    return list(Order.objects.all())\n\n\nA = rows()\n",
        "def rows():\n    return list(Category.objects.all())\n\n\nA = rows()\n",
    ),
    "a constant bound anew": (
        "QS = Order.objects.all()\nA = list(QS)\n",
        "QS = Category.objects.all()\nA = list(QS)\n",
    ),
    "another use": (
        "QS = Order.objects.all()\n\n\ndef page(request):\n    for row in QS:\n        pass\n",
        "QS = Order.objects.all()\n\n\ndef page(request):\n    return len(QS)\n",
    ),
    "another argument of the same call": (
        "T = dict(a=list(Order.objects.all()), b=1)\n",
        "T = dict(a=1, b=list(Order.objects.all()))\n",
    ),
    "another parameter": (
        "def f(a=list(Order.objects.all()), b=1):\n    return a, b\n",
        "def f(a=1, b=list(Order.objects.all())):\n    return a, b\n",
    ),
    "a method in place of a function": (
        "def f(a=list(Order.objects.all())):\n    return a\n",
        "class F:\n    def f(self, a=list(Order.objects.all())):\n        return a\n",
    ),
    "one more": (
        "class A:\n    rows = list(Order.objects.all())\n",
        "class A:\n    rows = list(Order.objects.all())\n    rows = list(Order.objects.all())\n",
    ),
}


@pytest.mark.parametrize("case", PAIRS)
def test_pairs(here: Here, case: str) -> None:
    """Shapes in which the old finding is gone and a like one is new."""
    old, changed = PAIRS[case]
    for before, after in ((old, changed), (changed, old)):
        known = listed(here, SHOP + before)
        assert known
        told = new(put(here, SHOP + after))
        assert told or (case == "one more" and before is changed)


def test_same_name_of_another_app(here: Here) -> None:
    """Two models may share a name."""
    here.write("hire/__init__.py", "")
    here.write(
        "hire/models.py",
        "from django.db import models\n\n\nclass Order(models.Model):\n    number = 1\n",
    )
    listed(here, "from shop.models import Order\n\nA = list(Order.objects.all())\n")
    assert new(put(here, "from hire.models import Order\n\nA = list(Order.objects.all())\n"))


# What means nothing


def formatted(text: str) -> str:
    """As a formatter writes it: other quotes, brackets, commas and lines; nothing else."""
    return ast.unparse(ast.parse(text)) + "\n"


def wrapped(text: str) -> str:
    """Every call over several lines, with a comma at its end and a comment."""

    class Wrapper(ast.NodeTransformer):
        """Marks calls with arguments."""

        def visit_Call(self, node: ast.Call) -> ast.AST:  # pylint: disable=invalid-name
            """Put a marker in front of the last argument."""
            self.generic_visit(node)
            if node.args and not node.keywords:
                node.args.append(ast.Name("_COMMA_"))
            elif node.keywords and node.keywords[-1].arg:
                node.keywords.append(ast.keyword("_COMMA_", ast.Constant(0)))
            return node

    marked = ast.unparse(Wrapper().visit(ast.parse(text)))
    for marker in (", _COMMA_=0", ", _COMMA_"):
        marked = marked.replace(marker, ",  # why\n  # more,\n  ")
    ast.parse(marked)
    return marked + "\n"


SAME: dict[str, Callable[[str], str]] = {
    "lines above": lambda text: "# one\n\nimport os\n\n" + text,
    "another function above": lambda text: text.replace(
        "notx = 1\n", "notx = 1\n\n\ndef other():\n    return [1, 2]\n"
    ),
    "formatter": formatted,
    "wrapped": wrapped,
    "line ends": lambda text: text.replace("\n", "\r\n"),
    "byte order mark": lambda text: "\ufeff" + text,
    "comments": lambda text: text.replace("\n\n\n", "\n\n# about 'it'\n\n"),
    "in a branch": lambda text: text.replace("x = 0", "if True:\n    x = 0"),
}


@pytest.mark.parametrize("change", SAME)
def test_what_means_nothing(here: Here, change: str) -> None:
    """Layout of every page."""
    for page in SOME:
        text = source(page)
        known = listed(here, text)
        path = put(here, SAME[change](text))
        assert len(reports(path)) == len(known)
        assert new(path) == [], (page, path.read_text("utf-8"))


@pytest.mark.parametrize("name", ["other.py", "sub/page.py", "sub/other.py"])
def test_renamed(here: Here, name: str) -> None:
    """A file that was moved or renamed takes its entries along, also in a run of its own."""
    for site in SITES:
        text = source(Page(site))
        listed(here, text)
        (here.folder / "page.py").unlink()
        path = put(here, text, name)
        assert new(path) == []
        path.unlink()


def test_copied_is_not_renamed(here: Here) -> None:
    """While the old file is there, a like one is new; and one name takes one other name along."""
    text = source(Page("module"))
    listed(here, text)
    copy = put(here, text, "copy.py")
    assert new(copy)
    (here.folder / "page.py").unlink()
    second = put(here, text, "second.py")
    found = reports(copy) + reports(second)
    compared = baseline.compared(LIST, found, [str(copy), str(second)])
    assert len(compared.new) == len(found) // 2


def test_not_into_a_listed_file(here: Here) -> None:
    """A file that the list knows cannot take over what was in another one."""
    for name, site in (("a.py", "module"), ("b.py", "class")):
        put(here, source(Page(site)), name)
    files = [str(here.folder / name) for name in ("a.py", "b.py")]
    baseline.write(LIST, [each for file in files for each in reports(Path(file))], files)
    (here.folder / "a.py").unlink()
    path = put(
        here,
        source(Page("class"))
        + SITES["module"].format(Holder="Boats", rows="list(Boat.objects.filter(number=1))"),
        "b.py",
    )
    assert len(new(path)) == 1


def test_every_python_says_the_same(here: Here) -> None:
    """A list made under one version of Python is known under another one.

    So the file must not change, unless the format of the list does.
    """
    known: dict[str, str] = {}
    for page in SOME:
        for report, identity in zip(*identified(here, source(page)), strict=True):
            known[f"{page} {report.symbol} {report.line}"] = identity
    assert len(set(known.values())) > 55
    if os.environ.get("QS_LINT_GOLDEN") == "write":
        GOLDEN.write_text(json.dumps(known, indent=1) + "\n", encoding="utf-8")
    assert known == json.loads(GOLDEN.read_text("utf-8"))


def identified(here: Here, text: str) -> tuple[Sequence[Report], Sequence[str]]:
    """What is found in a page, and what it is."""
    from qs_lint.fingerprints import identities

    found = reports(put(here, text))
    return found, [each.digest for each in identities(found)]


# Files


def test_older_format(here: Here) -> None:
    """A list of the first format is named as such, and written anew once all of it is checked."""
    here.write("a.py", source(Page("module")))
    here.write("b.py", source(Page("module")))
    old = '{"qs-lint-baseline": 1}\n' + "".join(
        json.dumps(
            {
                "path": f"{name}.py",
                "symbol": "s",
                "in": "",
                "code": "",
                "count": 1,
                "fingerprint": "f",
            }
        )
        + "\n"
        for name in "ab"
    )
    here.write(LIST, old)
    ran = here(f"--baseline={LIST}", ".")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        f"qs-lint: cannot read the baseline {LIST}: it is of format 1, which could hide new "
        "findings; write it again with --write-baseline\n"
    )
    ran = here(f"--write-baseline={LIST}", "a.py")
    assert ran.code == 2
    assert "has entries for files that are not checked in this run" in ran.err
    assert (here.folder / LIST).read_text("utf-8") == old
    assert here(f"--write-baseline={LIST}", ".").code == 0
    assert here(f"--baseline={LIST}", ".").code == 0


def test_written_by_many_at_once(here: Here) -> None:
    """Runs over different files, at once: each one's entries are there afterwards."""
    names = [f"m{number}.py" for number in range(10)]
    for name in names:
        here.write(name, source(Page("module")))
    command = [sys.executable, "-m", "qs_lint", "--no-cache", f"--write-baseline={LIST}"]
    runs = [
        subprocess.Popen([*command, name], stderr=subprocess.PIPE)  # pylint: disable=consider-using-with
        for name in names
    ]
    for run in runs:
        run.communicate()
    assert [run.returncode for run in runs] == [0] * len(names)
    lines = (here.folder / LIST).read_text("utf-8").splitlines()
    assert [json.loads(line)["path"] for line in lines[1:]] == names
    assert sorted(path.name for path in here.folder.iterdir() if path.name.startswith(".q")) == []


def test_list_is_a_link(here: Here) -> None:
    """A link in the checkout that leads out of it is not written through."""
    here.write("a.py", source(Page("module")))
    outside = here.folder.parent / "outside.jsonl"
    (here.folder / LIST).symlink_to(outside)
    ran = here(f"--write-baseline={LIST}", "a.py")
    assert (ran.code, ran.out) == (2, "")
    assert "it is a link to" in ran.err
    assert not outside.exists()
