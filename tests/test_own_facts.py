"""A project's own facts: the file, the command, the plugin, and the page that explains them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import OPTIONS, PLAIN, ROOT

from qs_lint.facts.project import MAX_BYTES, FactsError, parse, read

if TYPE_CHECKING:
    from support import Here

pytest_plugins = ("command_project",)

PAGE = (ROOT / "docs" / "facts.md").read_text(encoding="utf-8")
#: The files that the page shows: name -> text.
SHOWN = dict(re.findall(r'^```\w+ title="([^"]+)"\n(.*?)^```', PAGE, re.MULTILINE | re.DOTALL))
FACTS = """
[callables."acme.rows"]
iterates = [0]
returns = "list"
"""
VIEWS = """
from acme import rows
from django.db import models


class Order(models.Model):
    number = models.IntegerField()


ROWS = rows(Order.objects.all())
"""


def expected(text: str) -> list[tuple[int, str]]:
    """The lines and symbols that the annotations of an example announce."""
    found = re.finditer(r"^.*# \[([a-z-]+)\]$", text, re.MULTILINE)
    return [(text.count("\n", 0, match.start()) + 1, match[1]) for match in found]


def reported(output: str) -> list[tuple[int, str]]:
    """The lines and symbols of reports as text."""
    found = re.findall(r"^views\.py:(\d+):.*\(([a-z-]+)\)$", output, re.MULTILINE)
    return [(int(line), symbol) for line, symbol in found]


# The page


def test_page(here: Here) -> None:
    """What the page shows is reported as it says; without the file it is not."""
    assert list(SHOWN) == ["views.py", "qs-lint-facts.toml", "pyproject.toml"]
    for name, text in SHOWN.items():
        here.write(name, text)
    ran = here("--output-format=text", "views.py")
    assert reported(ran.out) == expected(SHOWN["views.py"]) != []
    without = here("--output-format=text", "--rcfile=", "views.py")
    assert len(reported(without.out)) < len(reported(ran.out))


def test_page_names_every_key() -> None:
    """The page has a word on every section, and on no key that is not there."""
    from qs_lint.facts.project import _CALLEE, _CLASS, SECTIONS

    for section in SECTIONS:
        assert f"`[{section}" in PAGE or f"`{section} =" in PAGE
    shown = set(re.findall(r"^\| `([a-z-]+)` \|", PAGE, re.MULTILINE))
    assert shown <= {*_CALLEE, *_CLASS, "methods"}
    assert {*_CLASS} - shown <= {"filters-by", "told-by-attributes", "plain"}


# The file


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[callable]", "unknown section callable: there are callables, classes, volatile"),
        ("callables = 1", "callables: is not a table"),
        ("[callables.rows]", 'callables.rows: has no dot; write the name in quotes: "a.b"'),
        ('[callables."a b.c"]', 'callables."a b.c": is not a dotted name'),
        ('[callables]\n"a.b" = 1', 'callables."a.b": is not a table'),
        (
            '[callables."a.b"]\nwrites = 1',
            '"a.b".writes: unknown key; there are iterates',
        ),
        ('[callables."a.b"]\niterates = 0', 'callables."a.b".iterates: 0 is not a list'),
        ('[callables."a.b"]\niterates = [-1]', "[-1] is neither a position"),
        ('[callables."a.b"]\niterates = [true]', "[True] is neither a position"),
        ('[callables."a.b"]\nreturns = "lists"', "'lists' is not one of clone, copy"),
        ('[callables."a.b"]\nreturns = ["list"]', "['list'] is not one of"),
        ('[callables."a.b"]\nfresh = "yes"', "'yes' is not true or false"),
        ('[callables."a.b"]\nbehaves = "route"', "'route' is not one of answers"),
        ('[callables."a.b"]\nlike = "a b"', "'a b' is not a dotted name"),
        ('[classes."a.B"]\nkinds = ["vieww"]', "['vieww'] is not one of admin"),
        ('[classes."a.B"]\nkinds = "view"', "'view' is not a list"),
        ('[classes."a.B"]\nlifetime = "ever"', "'ever' is not one of process, request"),
        ('[classes."a.B"]\nmanagers = { "a-b" = "c.D" }', "is not a name"),
        ('[classes."a.B"]\nmethods = 1', 'classes."a.B".methods: is not a table'),
        ('[classes."a.B"]\nmethods.x = {}', "methods.x: does not say what it `does`"),
        (
            '[classes."a.B"]\nmethods.x = { does = "sings" }',
            "'sings' is not one of lazy, evaluates",
        ),
        ('[volatile]\n"a.b" = "sun"', "volatile.\"a.b\": 'sun' is not one of clock, date, random"),
        ('[aliases]\n"a.b" = 1', 'aliases."a.b": 1 is not a dotted name'),
        ("not-django = [1]", "not-django: [1] is not a name"),
        ("= 1", "Invalid"),
        ("a = " + "[" * 5_000, ""),
        ("a = " + "9" * 5_000, ""),
    ],
)
def test_problem(text: str, problem: str) -> None:
    """What is wrong is told in one line, with file and key."""
    with pytest.raises(FactsError) as raised:
        parse(text.encode(), "own.toml")
    (line,) = raised.value.problems
    assert line.startswith("own.toml: ")
    assert problem in line
    assert "\n" not in line
    assert len(line) < 1_000


def test_many_problems() -> None:
    """Each wrong row has its line, up to a bound."""
    with pytest.raises(FactsError) as raised:
        parse(b'[callables."a.b"]\nfresh = 1\nsilent = 2\n', "own.toml")
    assert len(raised.value.problems) == 2
    many = "\n".join(f'[callables."a.b{number}"]\nfresh = 1' for number in range(1_000))
    with pytest.raises(FactsError) as raised:
        parse(many.encode(), "own.toml")
    assert raised.value.problems[-1] == "own.toml: 980 more problems"


def test_not_utf8() -> None:
    """Bytes that are no text are a problem, too."""
    with pytest.raises(FactsError, match=r"own\.toml"):
        parse(b"\xff", "own.toml")


def test_only_regular_files(tmp_path: Path) -> None:
    """A file that is none, or that is too large, is not read; nothing waits for a pipe."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "large").write_bytes(b"#" * (MAX_BYTES + 1))
    for name in ("pipe", "large", "missing", "."):
        with pytest.raises(FactsError) as raised:
            read(str(tmp_path / name))
        assert str(tmp_path / name) in raised.value.problems[0]


# The command


@pytest.fixture
def project(here: Here) -> Here:
    """A project with a facts file that makes a bug visible."""
    here.write("views.py", VIEWS)
    here.write("qs-lint-facts.toml", FACTS)
    here.write("pyproject.toml", '[tool.qs-lint]\nfacts = "qs-lint-facts.toml"\n')
    return here


def test_command(project: Here) -> None:
    """The file that the configuration names is read, from wherever the command is started."""
    ran = project("-f", "text", "views.py")
    assert reported(ran.out) == [(10, "frozen-module-queryset")]
    assert ran.code == 2
    assert project("--rcfile=", "views.py").code == 0
    ran = project("--rcfile=", "--facts=qs-lint-facts.toml", "-f", "text", "views.py")
    assert len(reported(ran.out)) == 1
    os.chdir(project.folder / "shop")
    assert project("-f", "text", "../views.py").code == 2


def test_pylint_option(project: Here) -> None:
    """The plugin's option counts for the command, too."""
    (project.folder / "pyproject.toml").unlink()
    project.write(".pylintrc", "[qs_lint]\nqs-facts=qs-lint-facts.toml\n")
    assert project("views.py").code == 2


@pytest.mark.parametrize("where", ["pyproject.toml", "--facts"])
def test_wrong_file(project: Here, where: str) -> None:
    """Each problem is a line on standard error, and the exit code is 2."""
    project.write("qs-lint-facts.toml", FACTS + "fresh = 1\nsilent = 2\n")
    extra = ["--facts=qs-lint-facts.toml", "--rcfile="] if where == "--facts" else []
    ran = project(*extra, "views.py")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.splitlines() == [
        'qs-lint: qs-lint-facts.toml: callables."acme.rows".fresh: 1 is not true or false',
        'qs-lint: qs-lint-facts.toml: callables."acme.rows".silent: 2 is not true or false',
    ]


@pytest.mark.parametrize("value", ["1", '""', '["a"]', '"a\\u0000b"'])
def test_wrong_key(project: Here, value: str) -> None:
    """The key in the configuration holds the name of a file."""
    project.write("pyproject.toml", f"[tool.qs-lint]\nfacts = {value}\n")
    ran = project("views.py")
    assert ran.code == 2
    assert "facts: must be the name of a file" in ran.err


def test_missing_file(project: Here) -> None:
    """A file that is not there is told, and nothing else is done."""
    (project.folder / "qs-lint-facts.toml").unlink()
    ran = project("views.py")
    assert ran.code == 2
    assert ran.err.startswith("qs-lint: qs-lint-facts.toml: ")


def test_cache(project: Here, tmp_path: Path) -> None:
    """What was found with other facts counts no more."""
    cache = f"--cache-dir={tmp_path / 'cache'}"
    assert [project(cache, "views.py").code for _ in range(2)] == [2, 2]
    project.write("qs-lint-facts.toml", "")
    assert [project(cache, "views.py").code for _ in range(2)] == [0, 0]
    project.write("qs-lint-facts.toml", FACTS)
    assert project(cache, "views.py").code == 2


def test_workers(project: Here) -> None:
    """Every process knows the facts, and all say the same."""
    names = [project.write(f"views{number}.py", VIEWS).name for number in range(70)]
    alone = project("--jobs=1", "-f", "text", *names)
    assert alone.out.count("(frozen-module-queryset)") == 70
    assert project("--jobs=2", "-f", "text", *names).out == alone.out


def test_standard_input(project: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text that an editor has not saved is judged by the same facts."""
    done = subprocess.run(
        [sys.executable, "-P", "-m", "qs_lint", "--from-stdin", "-f", "text", "other.py"],
        input=VIEWS,
        capture_output=True,
        text=True,
        check=False,
        cwd=project.folder,
        env={**os.environ, "PYTHONSAFEPATH": "1"},
    )
    assert "(frozen-module-queryset)" in done.stdout, done.stderr


def test_fix(project: Here) -> None:
    """A fix knows what the linter knows: here, that a class of a package is a generic view."""
    pytest.importorskip("libcst")
    text = (
        "from acme.views import Report\nfrom shop.models import Order\n\n\n"
        "class Orders(Report):\n    queryset = list(Order.objects.all())\n"
    )
    path = project.write("more.py", text)
    project.write("qs-lint-facts.toml", "")
    project("--fix", "more.py")
    assert path.read_text() == text
    row = '[classes."acme.views.Report"]\nlike = "django.views.generic.ListView"\n'
    project.write("qs-lint-facts.toml", row)
    project("--fix", "more.py")
    assert "queryset = Order.objects.all()" in path.read_text()


def test_show(project: Here) -> None:
    """``qs-lint facts`` tells what is known of a name, and from where."""
    ran = project.raw("facts", "acme.rows", "builtins.sorted")
    assert ran.code == 0
    assert ran.out.startswith('# qs-lint-facts.toml\n[callables."acme.rows"]\niterates = [0]\n')
    assert "# Python's standard library (qs_lint/facts/libraries/python.py)" in ran.out
    ran = project.raw("facts", "acme.views.OrderView")
    assert (ran.code, ran.err) == (1, "")
    assert "nothing is known of acme.views.OrderView" in ran.out
    assert project.raw("facts", "--rcfile=", "acme.rows").code == 1
    ran = project.raw("facts")
    assert ran.code == 2
    assert "facts needs a dotted name" in ran.err


# What the rows mean


@pytest.mark.parametrize(
    ("row", "body", "symbols"),
    [
        ('lifetime = "request"', "rows = Order.objects.all()", ["shared-queryset-cache"]),
        ('clones = { get_rows = "rows" }', "rows = Order.objects.all()", []),
        ('clones = { get_rows = "rows" }', "rows = list(Order.objects.all())", ["class"]),
    ],
)
def test_clones(project: Here, row: str, body: str, symbols: list[str]) -> None:
    """A method that returns a clone shows every request rows of its own."""
    facts = '[classes."acme.Report"]\nkinds = ["view"]\nlifetime = "request"\n'
    project.write("qs-lint-facts.toml", facts if "lifetime" in row else f"{facts}{row}\n")
    asked = "self.rows" if "lifetime" in row else "self.get_rows()"
    text = f"""
from acme import Report
from django.http import JsonResponse
from shop.models import Order


class Orders(Report):
    {body}

    def get(self, request):
        return JsonResponse([order.pk for order in {asked}], safe=False)
"""
    project.write("views.py", text)
    found = [symbol for _, symbol in reported(project("-f", "text", "views.py").out)]
    assert len(found) == len(symbols)
    assert all(part in symbol for part, symbol in zip(symbols, found, strict=True))


@pytest.mark.parametrize(
    ("facts", "line", "symbol"),
    [
        (
            '[callables."acme.f"]\npeeks = [0]\nsilent = true',
            "f(Order.objects.all())",
            "import-time-query",
        ),
        (
            '[callables."acme.f"]\nlater = [0]\nreturns = "iterator"',
            "X = f(Order.objects.all())",
            "",
        ),
        (
            '[callables."acme.f"]\nlater = [0]\nreturns = "iterator"',
            "X = list(f(Order.objects.all()))",
            "frozen-module-queryset",
        ),
        (
            '[callables."acme.f"]\nvolatile = "clock"',
            "X = Order.objects.filter(number=f())",
            "frozen-queryset-argument",
        ),
        (
            '[callables."acme.f"]\nvolatile = "clock"\nfixed = true',
            "X = Order.objects.filter(number=f(1))",
            "",
        ),
        (
            '[volatile]\n"acme.f" = "context"',
            "X = Order.objects.filter(number=f.limit)",
            "frozen-queryset-argument",
        ),
        (
            '[aliases]\n"acme.f" = "builtins.list"',
            "X = f(Order.objects.all())",
            "frozen-module-queryset",
        ),
        ('not-django = ["acme"]', "X = list(f.objects.all())", ""),
        (
            '[classes."acme.f"]\nkinds = ["model"]',
            "X = list(f.objects.all())",
            "frozen-module-queryset",
        ),
        (
            '[classes."acme.f"]\nkinds = ["model"]\nmethods.one = { does = "evaluates" }',
            "X = f.one()",
            "frozen-module-queryset",
        ),
        (
            '[classes]\n"acme.f" = { kinds = ["model"], managers = { kept = "acme.M" } }\n',
            "X = list(f.kept.all())",
            "frozen-module-queryset",
        ),
    ],
)
def test_meaning(project: Here, facts: str, line: str, symbol: str) -> None:
    """Each kind of row changes what is reported, and nothing else does."""
    text = f"from acme import f\nfrom shop.models import Order\n\n{line}\n"
    project.write("views.py", text)
    project.write("qs-lint-facts.toml", facts)
    found = [each for _, each in reported(project("-f", "text", "views.py").out)]
    assert found == ([symbol] if symbol else [])


NINJA = """
from ninja import NinjaAPI, Router, Schema
from ninja.pagination import paginate
from shop.models import Order

router = Router()
ORDERS = Order.objects.all()


class OrderSchema(Schema):
    number: int


@router.get("/orders", response=list[OrderSchema])
def orders(request):
    return ORDERS  # [shared-queryset-cache]


@router.get("/pages", response=list[OrderSchema])
@paginate
def pages(request):
    return ORDERS


@router.get("/fresh", response=list[OrderSchema])
def fresh(request):
    return ORDERS.all()


@router.auto("/unknown")
def unknown(request):
    return ORDERS
"""
GRAPHQL = """
import graphene
import strawberry
import strawberry_django
from shop.models import Order

ORDERS = Order.objects.all()


class Query(graphene.ObjectType):
    orders = graphene.List(graphene.String)

    def resolve_orders(self, info):
        return ORDERS  # [shared-queryset-cache]

    def resolve_fresh(self, info):
        return ORDERS.all()

    def helper(self, info):
        return ORDERS


@strawberry.type
class Queries:
    @strawberry.field
    def orders(self) -> list[str]:
        return ORDERS  # [shared-queryset-cache]

    @strawberry.field(description="the same")
    def more(self) -> list[str]:
        return ORDERS  # [shared-queryset-cache]

    @strawberry_django.field
    def fresh(self) -> list[str]:
        return ORDERS
"""


@pytest.mark.parametrize("text", [NINJA, GRAPHQL], ids=["ninja", "graphql"])
def test_answers(here: Here, text: str) -> None:
    """What a package iterates to answer a request; ``tests/oracle/packages`` measures it."""
    here.write("views.py", text)
    assert reported(here("-f", "text", "views.py").out) == expected(text)


# The plugin


def pylint(folder: Path, *options: str) -> str:
    """What ``pylint`` prints about the files of a folder."""
    names = [path.name for path in sorted(folder.glob("views*.py"))]
    done = subprocess.run(
        [sys.executable, "-m", "pylint", *OPTIONS, *PLAIN, *options, *names],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert not done.stderr
    return done.stdout


def test_plugin(project: Here) -> None:
    """The plugin has an option for the file."""
    assert "frozen-module-queryset" not in pylint(project.folder)
    output = pylint(project.folder, "--qs-facts=qs-lint-facts.toml")
    assert "views.py:10:7: E5802" in output


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_plugin_wrong_file(project: Here, jobs: str) -> None:
    """A file that cannot be used is one message, however many processes there are."""
    for number in range(3):
        project.write(f"views{number}.py", VIEWS)
    project.write("qs-lint-facts.toml", FACTS + "fresh = 1\n")
    output = pylint(project.folder, "--qs-facts=qs-lint-facts.toml", f"--jobs={jobs}")
    problem = 'callables."acme.rows".fresh: 1 is not true or false (qs-lint-facts)'
    assert output.count("E5899") == output.count(problem) == 1
    assert "frozen-module-queryset" not in output
