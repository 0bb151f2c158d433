"""Parts of the engine by themselves, where no fixture could tell: names, files, caches, faults."""

from __future__ import annotations

import ast
import dataclasses
import gc
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from template_cases import CASES

from qs_lint import rules
from qs_lint.domain import Hop, Moment, called
from qs_lint.domain.observations import Context, Observation, StaleArgument
from qs_lint.engine import nodes
from qs_lint.engine.arguments import lies_within
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.relevance import mentions
from qs_lint.engine.replay import CleanRuns, Correspondence, Log, Question
from qs_lint.engine.scope import Scope
from qs_lint.engine.world import Source, World
from qs_lint.examination import examine, findings_in
from qs_lint.findings import Confidence, Finding, Location, Rule
from qs_lint.models.templates import fills_cache
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project
from qs_lint.rules import _wording, all_rules
from qs_lint.values import (
    UNKNOWN,
    ClassValue,
    Const,
    External,
    Function,
    ManagerValue,
    Mapping,
    Opaque,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
)

FIXTURES = Path(__file__).resolve().parent / "fixtures"
NODE = ast.parse("x").body[0]


def function(text: str) -> ast.FunctionDef:
    """The first statement of a text."""
    (found,) = ast.parse(text).body
    assert isinstance(found, ast.FunctionDef)
    return found


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A module in an empty folder."""
    project, path = Project(), str(tmp_path / "views.py")
    file = project.parse_only(path, "X = 1\n")
    assert file is not None
    return World(project, path).checked(file)


# rules


def test_place_of_a_module() -> None:
    """What has no place is at the beginning."""
    assert rules.location("x.py", ast.parse("")) == Location("x.py", 1, 0, 1, 0)


def test_a_rule_that_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    """The error is told, and the other rules go on; who does not listen gets it raised."""

    def fails(seen: Observation, path: str) -> list[Finding]:
        raise ValueError(path)

    def works(seen: Observation, path: str) -> list[Finding]:
        place = rules.location(path, seen.node)
        return [Finding("works", place, "", "", "", seen.confidence)]

    some = all_rules()[0]
    both = (replace(some, check=fails), replace(some, check=works))
    monkeypatch.setattr(rules, "all_rules", lambda: both)
    seen = [
        Observation(NODE, Confidence.INFERENCE, Context()),
        Observation(NODE, Confidence.HIGH, Context()),
        Observation(NODE, Confidence.INFERENCE, Context()),
    ]
    faults: list[tuple[Rule, str]] = []
    found = rules.judge("x.py", seen, lambda rule, error: faults.append((rule, str(error))))
    assert [(finding.symbol, finding.confidence) for finding in found] == [
        ("works", Confidence.HIGH)
    ]
    assert faults == [(both[0], "x.py")] * 3
    with pytest.raises(ValueError, match=r"x\.py"):
        rules.judge("x.py", seen)


def test_off_by_default() -> None:
    """One rule has to be asked for."""
    assert [rule.symbol for rule in all_rules() if not rule.enabled] == ["memoized-queryset"]


def test_chain() -> None:
    """A way of one step is none."""
    step = Hop("shop/helpers.py", 8, called("list"))
    assert _wording.chain((step,)) == ""
    assert _wording.chain((step, step)) == "list() → shop/helpers.py:8 list()"


# trees


def test_children() -> None:
    """The quick walk leaves out contexts and operators, and nothing else."""
    dull = (ast.expr_context, ast.operator, ast.boolop, ast.unaryop, ast.cmpop)
    for path in sorted(FIXTURES.rglob("*.py"))[::20]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            whole = [child for child in ast.iter_child_nodes(node) if not isinstance(child, dull)]
            known = {id(child) for child in nodes.children_of(node)}
            assert known == {id(child) for child in whole}


@pytest.mark.parametrize(
    "text",
    ["try:\n    f()\nexcept:\n    g()", "def f(*, key=1): pass", "x[:1]", "f(**{**a, 'b': 1})"],
)
def test_children_after_what_is_absent(text: str) -> None:
    """A part that is absent does not hide the parts after it."""
    tree = ast.parse(text)
    names = [type(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Constant)]
    seen = [type(node) for node in nodes.nodes_in(tree)]
    assert [seen.count(kind) for kind in names] == [names.count(kind) for kind in names]


def test_lies_within() -> None:
    """From the first character to before the last."""
    first, second = ast.parse("f(a)\ng(b)").body
    (name,) = [node for node in ast.walk(first) if isinstance(node, ast.Name) and node.id == "a"]
    assert lies_within(name, first)
    assert lies_within(first, first)
    assert not lies_within(name, second)
    assert not lies_within(second, first)


@pytest.mark.parametrize(
    ("body", "returns"),
    [
        ("return", False),
        ("return x", True),
        ("yield x", True),
        ("yield from x", True),
        ("x", False),
    ],
)
def test_returns(body: str, returns: bool) -> None:
    """A function hands something out by ``return`` with a value, or by ``yield``."""
    assert mentions(function(f"def f():\n    {body}")).returns is returns


# files


def test_parsed_once(tmp_path: Path) -> None:
    """The same text is not parsed again, another one is."""
    project, path = Project(), str(tmp_path / "views.py")
    first = project.parse_only(path, "X = 1\n")
    assert project.parse_only(path, "X = 1\n") is first
    assert project.parsed == 1
    assert project.parse_only(path, "X = 2\n") is not first
    assert project.parsed == 2


def test_folders_of_the_same_name(source: Source) -> None:
    """A folder hides neither the framework nor the standard library, unless it has the module."""
    folder = Path(source.folder)
    for package in ("django", "own"):
        (folder / package / "json").mkdir(parents=True)
        (folder / package / "__init__.py").touch()
        (folder / package / "db.py").touch()
    (folder / "json").mkdir()
    assert source.file.project.find(source, "django.db") is None
    assert source.file.project.find(source, "json") is None
    assert source.file.project.find(source, "own.db") == str(folder / "own" / "db.py")


def test_module_of_the_same_name(source: Source) -> None:
    """A file beside the module hides one of the standard library."""
    folder = Path(source.folder)
    (folder / "json.py").touch()
    assert source.file.project.find(source, "json") == str(folder / "json.py")


def test_class_of_a_stale_argument(tmp_path: Path) -> None:
    """What is observed in a class body says in which class."""
    text = (
        "import datetime\nfrom django.views.generic import ListView\n"
        "from shop.models import Order\n"
        "def stale():\n    return Order.objects.filter(created__lt=datetime.date.today())\n"
        "class Before:\n    pass\n"
        "class Page(ListView):\n    queryset = stale()\n"
        "class After:\n    pass\n"
        "ORDERS = stale()\n"
    )
    analysis = analyse(Project(), str(FIXTURES / "views.py"), text)
    assert analysis is not None
    contexts = [seen.context for seen in analysis.observed if isinstance(seen, StaleArgument)]
    assert [context.class_name for context in contexts] == ["Page", ""]
    assert ["list" in context.kinds for context in contexts] == [True, False]
    assert {context.file for context in contexts} == {"views.py"}


def test_namespace_packages(tmp_path: Path) -> None:
    """A folder without ``__init__.py`` is a package; what it does not have is unknown."""
    head = "from shop.models import Order\n"
    (tmp_path / "pieces" / "json").mkdir(parents=True)
    (tmp_path / "pieces" / "stock.py").write_text(f"{head}ORDERS = Order.objects.all()\n")
    (tmp_path / "pieces" / "json" / "stock.py").write_text(f"{head}ORDERS = Order.objects.all()\n")
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").touch()
    (tmp_path / "shop" / "models.py").write_text(
        "from django.db import models\n\n\nclass Order(models.Model):\n    pass\n"
    )
    text = (
        "from pieces import stock, missing\nfrom pieces.json import stock as more\n"
        "A = list(stock.ORDERS)\nB = list(missing.ORDERS)\nC = list(more.ORDERS)\n"
    )
    found = findings_in(Project(), str(tmp_path / "views.py"), text)
    assert [finding.location.line for finding in found] == [3, 5]


@pytest.mark.parametrize("name", ["/shop/a.html", "../templates/shop/a.html", "shop/\0.html", "b"])
def test_no_template(source: Source, name: str) -> None:
    """Templates have names below ``templates``; nothing else is opened."""
    folder = Path(source.folder) / "templates" / "shop"
    folder.mkdir(parents=True)
    (folder / "a.html").write_text("{{ orders }}")
    assert source.file.project.template(source, name) is None


def test_template(source: Source) -> None:
    """It is found beside the module."""
    folder = Path(source.folder) / "templates" / "shop"
    folder.mkdir(parents=True)
    (folder / "a.html").write_text("{{ orders }}")
    assert source.file.project.template(source, "shop/a.html") == "{{ orders }}"


@pytest.mark.parametrize(("text", "fills"), CASES.items())
def test_templates(text: str, fills: bool) -> None:
    """What a template does with a queryset; ``oracle/test_templates.py`` asks Django the same."""
    assert fills_cache(text, "orders") is fills


@pytest.mark.parametrize("text", ["{% include 'all.html' %}", "{% extends 'base.html' %}"])
def test_other_templates(text: str) -> None:
    """They may do anything, but where a template asks for itself, it is taken at its word."""
    assert fills_cache(text, "orders")
    assert not fills_cache(text + "{{ orders.count }}", "orders")
    assert fills_cache(text + "{{ orders.count }}{{ orders|length }}", "orders")


@pytest.mark.parametrize(
    "text",
    [
        "{{" * 500_000,
        "{%" * 500_000,
        "{#" * 500_000,
        "{% comment %}" * 100_000,
        "{% if " + "orders == " * 100_000 + "%}",
        "{{ orders.count }}" * 50_000,
        "{% if '\"" + '"' * 500_001 + " %}",
    ],
    ids=lambda text: text[:9],
)
def test_hostile_templates(text: str) -> None:
    """A template is gone through once, whatever is open in it, for all who ask."""
    for number in range(200):
        assert not fills_cache(text, "orders"), number
        fills_cache(text, f"order_{number}")


def test_class_loaders(tmp_path: Path) -> None:
    """``get_class("catalogue", name)``: nobody knows which."""
    text = (
        "from oscar.core.loading import get_class\n"
        "def load(name):\n    return get_class('catalogue', name)\n"
        "A = get_class('catalogue')\nB = load(input())\nC = get_class('a.b', 'C', 'd')\n"
    )
    assert findings_in(Project(), str(tmp_path / "views.py"), text) == []


@pytest.mark.parametrize(("docstring", "lines"), [("", [3]), ('    """A page."""\n', [])])
def test_docstring_of_a_dataclass(docstring: str, lines: list[int]) -> None:
    """Where there is none, Python writes one, with the repr of each default: a query.

    No fixture, as the line that asks is the decorator's or, in Python 3.10, the class's.
    """
    text = (
        "from dataclasses import dataclass\nfrom shop.models import Order\n@dataclass\n"
        f"class Page:\n{docstring}    orders: object = Order.objects.all()\n"
    )
    found = findings_in(Project(), str(FIXTURES / "views.py"), text)
    assert [finding.location.line for finding in found] == lines


# answers of classes that are alike


def values(source: Source) -> list[Value]:
    """Values that differ from each other in one thing."""
    queryset = QuerySetValue(
        External("shop.Order"), None, Moment.IMPORT, NODE, source, Confidence.HIGH
    )
    manager = ManagerValue(External("shop.Order"), None, Confidence.HIGH)
    items: list[Value] = [Const(1), Const(2)]
    listed = Sequence("list", items, Moment.IMPORT, NODE)
    mapped = Mapping({"a": Const(1)}, Moment.IMPORT, NODE)
    one = Function(function("def f(): pass"), source, source.scope)
    return [
        queryset,
        replace(queryset, model=External("shop.Post")),
        replace(queryset, born=Moment.CALL),
        replace(queryset, raw=True),
        replace(queryset, ordered=True),
        replace(queryset, confidence=Confidence.INFERENCE),
        manager,
        replace(manager, open=True),
        replace(manager, confidence=Confidence.INFERENCE),
        replace(manager, model=External("shop.Post")),
        listed,
        replace(listed, items=items[:1]),
        replace(listed, items=items[::-1]),
        replace(listed, kind="tuple"),
        replace(listed, open=True),
        mapped,
        replace(mapped, items={"b": Const(1)}),
        replace(mapped, items={"a": Const(2)}),
        replace(mapped, open=True),
        one,
        replace(one, node=function("def f(): pass")),
        replace(one, marks=frozenset({"property"})),
        Const(True),
        Const(1),
        Const("1"),
        Const(None),
        External("shop.Order"),
        Opaque(row_attribute="lines"),
        UNKNOWN,
    ]


def copied(value: Value) -> Value:
    """An equal value, as another run would have made it."""
    changes: dict[str, Any] = {}
    if isinstance(value, Sequence):
        changes["items"] = [copied(item) for item in value.items]
    if isinstance(value, Mapping):
        changes["items"] = {key: copied(item) for key, item in value.items.items()}
    return replace(value, **changes)  # type: ignore[type-var]


def test_alike(source: Source) -> None:
    """Equal answers are alike, answers that differ in one thing are not."""
    found = values(source)
    for number, one in enumerate(found):
        for other_number, other in enumerate(found):
            same = Correspondence({}).alike(one, copied(other))
            assert same is (number == other_number), (one, other)


def test_alike_with_taints(source: Source) -> None:
    """What came from a query is never the same twice."""
    same = Correspondence({})
    taints = frozenset({object()})
    for one in (
        Opaque(taints),  # type: ignore[arg-type]
        Sequence("list", [], Moment.IMPORT, NODE, taints=taints),  # type: ignore[arg-type]
        Mapping({}, Moment.IMPORT, NODE, taints=taints),  # type: ignore[arg-type]
        Rows("list", taints),  # type: ignore[arg-type]
    ):
        assert not same.alike(one, copied(one))
        assert same.alike(one, one)


def made(name: str, source: Source) -> ClassInfo:
    """A class without bases."""
    return ClassInfo(name, None, source, Scope("class", source, source.scope))


class Answering:
    """Classes that answer two questions as they were told."""

    def __init__(self, told: dict[tuple[ClassInfo, str], object]) -> None:
        self.told = told
        self.answers: dict[object, object] = {}

    def ask(self, question: Question) -> object:
        """The answer to a question."""
        cls, name, detail = question
        answer: object = getattr(self, name)(cls, *detail)
        return answer

    def what(self, info: ClassInfo, *detail: object) -> object:
        """The answer of a class."""
        return self.told[info, "what"]

    def which(self, info: ClassInfo, owner: ClassInfo) -> object:
        """The answer of a class about another one."""
        return self.told[info, f"which {owner.name}"]


def run_for(one: ClassInfo, other: ClassInfo, answer: object, end: object) -> Log:
    """A run that asked a class, then a class that was the answer, then the first one about it."""
    log = Log()
    log.keep((one, "what", ()), [ClassValue(other), answer])
    log.keep((other, "what", ()), end)
    log.keep((one, "which", (other,)), end)
    log.keep((one, "which", (other,)), "a later answer does not count")
    return log


def answers(
    one: ClassInfo, other: ClassInfo, answer: object, end: object
) -> dict[tuple[ClassInfo, str], object]:
    """What the classes of such a run answer."""
    return {
        (one, "what"): [ClassValue(other), answer],
        (other, "what"): end,
        (one, f"which {other.name}"): end,
    }


def test_silent_runs(source: Source) -> None:
    """A run need not be repeated if all that a silent one asked is answered alike."""
    one, form, other, second, third = (
        made(name, source) for name in ("One", "Form", "Other", "Second", "Third")
    )
    known = CleanRuns()
    told: dict[tuple[ClassInfo, str], object] = {}
    machine: Any = Answering(told)
    assert not known.hold(machine, one)
    known.learn(one, run_for(one, form, Const(1), Const("x")))
    for answer, end, same in (
        (Const(1), Const("x"), True),
        (Const(2), Const("x"), False),
        (Const(1), Const("y"), False),
    ):
        machine.answers.clear()
        told.update(answers(other, second, answer, end))
        assert known.hold(machine, other) is same, (answer, end)
    # the last of these said nothing, either: now there are two ways
    known.learn(other, run_for(other, second, Const(1), Const("y")))
    for end in (Const("x"), Const("y")):
        machine.answers.clear()
        told.update(answers(third, form, Const(1), end))
        told[form, "what"] = end
        assert known.hold(machine, third), end
    machine.answers.clear()
    told[third, "which Form"] = Const("x")
    assert not known.hold(machine, third)


def test_silent_runs_of_one_class_for_two(source: Source) -> None:
    """Where one class stood for two, two classes do not stand for one."""
    one, form, table, other, both = (
        made(name, source) for name in ("One", "Form", "Table", "Other", "Both")
    )
    known = CleanRuns()
    known.hold(Answering({}), one)  # type: ignore[arg-type]
    log = Log()
    log.keep((one, "what", ()), [ClassValue(form), ClassValue(form)])
    known.learn(one, log)
    for answer, same in (
        ([ClassValue(both), ClassValue(both)], True),
        ([ClassValue(both), ClassValue(table)], False),
        ([ClassValue(table)], False),
    ):
        machine: Any = Answering({(other, "what"): answer})
        assert known.hold(machine, other) is same, answer


def test_another_way_is_not_learned(source: Source) -> None:
    """A run that asked something else than its answers so far lead to is not kept."""
    one, other = (made(name, source) for name in ("One", "Other"))
    known = CleanRuns()
    machine: Any = Answering({(other, "what"): Const(2)})
    known.hold(machine, one)
    log = Log()
    log.keep((one, "what", ()), Const(1))
    known.learn(one, log)
    assert not known.hold(machine, other)
    strange = Log()
    strange.keep((other, "which", (one,)), Const(2))
    known.learn(other, strange)
    assert not known.hold(machine, other)
    usual = Log()
    usual.keep((other, "what", ()), Const(2))
    known.learn(other, usual)
    assert known.hold(machine, other)


def test_nothing_is_left_behind() -> None:
    """What an analysis made is freed when it is over, without the garbage collector."""
    for name in [name for name in sys.modules if name.startswith("qs_lint.")]:
        for each in vars(sys.modules[name]).values():
            if isinstance(each, type) and dataclasses.is_dataclass(each):
                dataclasses.fields(each)  # what a record makes when it is asked first, once
    was_on = gc.isenabled()
    gc.disable()
    project = Project()
    left: list[str] = []
    try:
        gc.collect()
        for path in sorted(FIXTURES.rglob("*.py")):
            examine(project, str(path), path.read_bytes())
            project.forget(str(path))
            if gc.collect(0):
                left.append(path.name)
            gc.freeze()
        gc.unfreeze()
        gc.collect()
        project.close()
        del project
        assert gc.collect() == 0
    finally:
        gc.unfreeze()
        if was_on:
            gc.enable()
    assert not left


def test_files_that_nobody_imports_are_forgotten(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beyond the limit nothing stays of a file that was checked, unless another one imports it."""
    monkeypatch.setattr("qs_lint.project.source.MAX_CHECKED", 0)
    project = Project()
    names = {"alone": "import os\n", "views": "import models\n", "models": "class A:\n    x = 1\n"}
    for name, text in names.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    (tmp_path / "views.py").write_text("import models\nX = models.A.x\n", encoding="utf-8")
    for name in names:
        path = tmp_path / f"{name}.py"
        examine(project, str(path), path.read_bytes())
        project.forget(str(path))
    assert [Path(path).stem for path in project._trees] == ["models"]
    assert not project.reading
