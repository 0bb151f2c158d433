"""The plugin inside pylint: pragmas, options, jobs, order, neighbours, and bad input."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import FIXTURES, OPTIONS, ORIGINAL, PLAIN, SHOP, Report, analysed, command, lint

from qs_lint.project.source import Project

FROZEN = "frozen-class-queryset"
BUG = "    queryset = sorted(Order.objects.all(), key=lambda order: order.number)"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A project with the shop's models."""
    shutil.copytree(SHOP, tmp_path / "shop")
    return tmp_path


def written(place: Path, text: str | bytes, name: str = "views.py") -> Path:
    """A new file of the project."""
    path = place / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# What pylint offers to everyone


def test_report(place: Path) -> None:
    """A report has a place, a range, a confidence and the whole message."""
    (message,) = lint(written(place, ORIGINAL)).messages
    assert message["symbol"] == FROZEN
    assert message["messageId"] == "E5801"
    assert message["type"] == "error"
    assert message["obj"] == "OrderList"
    assert message["confidence"] == "HIGH"
    assert (message["line"], message["column"]) == (11, 15)
    assert (message["endLine"], message["endColumn"]) == (11, len(BUG))
    assert message["message"].startswith("`sorted()` runs a query on Order once, while")


@pytest.mark.parametrize("name", [FROZEN, "E5801", "qs_lint", "all"])
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (BUG, f"{BUG}  # pylint: disable=NAME"),
        (BUG, f"    # pylint: disable-next=NAME\n{BUG}"),
        (BUG, f"    # pylint: disable=NAME\n{BUG}"),
        (BUG, f"    # pylint: disable=NAME\n    x = 1\n    # pylint: enable=unused-import\n{BUG}"),
        ("from django", "# pylint: disable=NAME\nfrom django"),
    ],
    ids=["line", "next", "block", "block-with-enable", "module"],
)
def test_disabled_in_file(place: Path, name: str, old: str, new: str) -> None:
    """The usual comments silence a message."""
    assert ORIGINAL.count(old) == 1
    text = ORIGINAL.replace(old, new.replace("NAME", name))
    symbols = lint(written(place, text)).symbols
    assert FROZEN not in symbols


def test_disabled_elsewhere(place: Path) -> None:
    """A comment silences its own place only."""
    class_body = ORIGINAL[ORIGINAL.index("class ") :]
    silenced = class_body.replace(BUG, f"    # pylint: disable={FROZEN}\n{BUG}")
    path = written(place, ORIGINAL + "\n\n" + silenced.replace("OrderList", "Silenced"))
    assert lint(path).lines == [11]


def test_enabled_in_file(place: Path) -> None:
    """What the command line turns off, a comment turns on."""
    path = written(place, f"# pylint: enable={FROZEN}\n{ORIGINAL}")
    options = ["--load-plugins=qs_lint", "--disable=all", "--enable=import-time-query"]
    assert lint(path, options=options).symbols == [FROZEN]


def test_skipped_file(place: Path) -> None:
    """The comment skip-file is obeyed."""
    assert lint(written(place, f"# pylint: skip-file\n{ORIGINAL}")).symbols == []


@pytest.mark.parametrize("multi", ["sorted(", "Order.objects.all(),"])
def test_disabled_in_a_long_statement(place: Path, multi: str) -> None:
    """In a statement of several lines, the comment stands where the report stands."""
    body = "    queryset = sorted(\n        Order.objects.all(),\n        key=str,\n    )"
    text = ORIGINAL.replace(BUG, body)
    (report,) = lint(written(place, text)).reports
    assert report.line == 11
    text = text.replace(multi, f"{multi}  # pylint: disable={FROZEN}")
    silent = multi == "sorted("
    assert (lint(written(place, text)).symbols == []) is silent


def test_disable_next_before_a_long_statement(place: Path) -> None:
    """disable-next stands before a statement of several lines."""
    body = f"    # pylint: disable-next={FROZEN}\n    queryset = sorted(\n"
    body += "        Order.objects.all(),\n        key=str,\n    )"
    assert lint(written(place, ORIGINAL.replace(BUG, body))).symbols == []


def test_useless_suppression(place: Path) -> None:
    """Pylint knows which comments are needed and which are not."""
    needed = ORIGINAL.replace(BUG, f"{BUG}  # pylint: disable={FROZEN}")
    enable = "--enable=useless-suppression"
    assert lint(enable, written(place, needed)).symbols == []
    useless = needed.replace("sorted(Order.objects.all(), key=lambda order: order.number)", "None")
    assert lint(enable, written(place, useless)).symbols == ["useless-suppression"]


MEMO = '''\
"""A helper that remembers."""

from functools import lru_cache

from shop.models import Category


@lru_cache(maxsize=None)
def names():
    """All names."""
    return list(Category.objects.all())
'''


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (["--load-plugins=qs_lint", "--disable=C,R,W,import-error"], []),
        (["--load-plugins=qs_lint", "--enable=memoized-queryset"], ["memoized-queryset"]),
        (["--load-plugins=qs_lint", "--disable=all", "--enable=qs_lint"], ["memoized-queryset"]),
        ([*OPTIONS, "--disable=memoized-queryset"], []),
    ],
    ids=["default", "by-name", "by-checker", "left-out"],
)
def test_off_by_default(place: Path, options: list[str], expected: list[str]) -> None:
    """memoized-queryset is off, until it or the checker is enabled by name."""
    symbols = lint(written(place, MEMO), options=options).symbols
    assert [symbol for symbol in symbols if symbol == "memoized-queryset"] == expected


def test_on_by_default(place: Path) -> None:
    """The other messages need no option beside the plugin."""
    path = written(place, ORIGINAL)
    assert FROZEN in lint(path, options=["--load-plugins=qs_lint"]).symbols
    assert lint("-E", path, options=["--load-plugins=qs_lint"]).symbols.count(FROZEN) == 1


LEVELS = '''\
"""Three ways to know what is a queryset."""

from elsewhere.models import Unreadable
from shop.helpers import load_open_orders
from shop.models import Order

RESOLVED = list(Order.objects.all())
HELPER = load_open_orders()
CONVENTION = list(Unreadable.objects.all())
'''


@pytest.mark.parametrize(
    ("levels", "lines"),
    [
        ("HIGH", [7]),
        ("INFERENCE", [8]),
        ("INFERENCE_FAILURE", [9]),
        ("HIGH,INFERENCE", [7, 8]),
        ("HIGH,INFERENCE,INFERENCE_FAILURE", [7, 8, 9]),
    ],
)
def test_confidence(place: Path, levels: str, lines: list[int]) -> None:
    """--confidence chooses by how a queryset was recognised."""
    assert lint(f"--confidence={levels}", written(place, LEVELS)).lines == lines


def test_confidence_keeps_the_alarms(place: Path) -> None:
    """UNDEFINED belongs into the list: pylint's own messages about a broken set-up have it."""
    path = written(place, ORIGINAL)
    outcome = command(
        "--confidence=HIGH,INFERENCE,UNDEFINED",
        path,
        options=[option.replace("qs_lint", "qs_lint_missing") for option in OPTIONS],
    )
    assert "bad-plugin-value" in outcome.symbols
    assert outcome.code


def test_ignored_paths(place: Path) -> None:
    """ignore-paths hides a file's reports, and the file is still read for those who import it."""
    written(place, ORIGINAL, "app/views.py")
    helper = "from shop.models import Order\ndef rows():\n    return list(Order.objects.all())\n"
    written(place, helper, "skipped/helpers.py")
    written(place, ORIGINAL, "skipped/views.py")
    written(place, "from skipped.helpers import rows\nROWS = rows()\n", "app/urls.py")
    outcome = lint("--ignore-paths=.*/skipped/.*", place)
    names = {Path(report.path).relative_to(place).as_posix() for report in outcome.reports}
    assert names == {"app/views.py", "app/urls.py"}


def test_source_roots(place: Path) -> None:
    """source-roots says where absolute imports start."""
    shutil.move(place / "shop", place / "far" / "away" / "shop")
    path = written(place, LEVELS.replace("Unreadable", "Other"), "here/views.py")
    outcome = lint(f"--source-roots={place / 'far' / 'away'}", "--confidence=HIGH", path)
    assert outcome.lines == [7]


@pytest.mark.parametrize("reporter", ["text", "parseable", "json", "json2", "github", "colorized"])
def test_reporters(place: Path, reporter: str) -> None:
    """Pylint's own reporters take the messages as they are."""
    outcome = command(written(place, ORIGINAL), reporter=reporter)
    assert outcome.code == 2
    assert outcome.stderr == ""


# Exit codes: a green run means that something was checked


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('"""Nothing."""\n', 0),
        (ORIGINAL, 2),
        ("from shop.models import Order\nprint(Order.objects.count())\n", 4),
        ("def broken(:\n", 2),
    ],
    ids=["clean", "error", "warning", "syntax"],
)
def test_exit_code(place: Path, text: str, code: int) -> None:
    """Pylint's bits: 2 for errors, 4 for warnings."""
    assert command(written(place, text)).code == code


def test_exit_code_of_a_long_file(place: Path) -> None:
    """One report in a long file fails, even where somebody's configuration allows a low score."""
    text = ORIGINAL + "".join(f"X{number} = {number}\n" for number in range(2000))
    assert command("--fail-under=5", written(place, text)).code == 2


def test_missing_path(place: Path) -> None:
    """A path that does not exist is no success, and the others are checked."""
    outcome = command(place / "nowhere.py", written(place, ORIGINAL))
    assert outcome.code & 1
    assert sorted(outcome.symbols) == ["fatal", FROZEN]


def test_plugin_cannot_be_loaded(place: Path) -> None:
    """The documented options fail where the plugin is not installed; fewer options do not."""
    path = written(place, "X = 1\n")
    broken = [option.replace("qs_lint", "qs_lint_missing") for option in OPTIONS]
    outcome = command(path, options=broken)
    assert outcome.code
    assert set(outcome.symbols) == {"bad-plugin-value", "unknown-option-value"}
    trap = ["--load-plugins=qs_lint_missing", "--disable=all", "--enable=F,E"]
    assert command(path, options=trap).code == 0


# The same answer, whatever else is in the run


def test_jobs() -> None:
    """Two processes report what one reports."""
    one = command(FIXTURES)
    two = command("--jobs=2", FIXTURES)
    assert one.reports == two.reports
    assert [m["message"] for m in one.messages if m["line"] == 11]
    assert sorted(m["message"] for m in one.messages) == sorted(m["message"] for m in two.messages)
    assert one.code == two.code


def test_registered_twice(place: Path) -> None:
    """A plugin that is loaded again does not report twice."""
    from pylint.lint import PyLinter

    import qs_lint

    linter = PyLinter()
    qs_lint.register(linter)
    qs_lint.register(linter)
    assert [checker.name for checker in linter.get_checkers()].count("qs_lint") == 1
    outcome = command("--jobs=2", written(place, ORIGINAL), written(place, "X = 1\n", "x.py"))
    assert outcome.symbols == [FROZEN]


def test_some_files() -> None:
    """A few files, as pre-commit passes them, give the reports they give among all."""
    files = sorted(FIXTURES.rglob("bad*.py"))[::9]
    everything = lint(FIXTURES).reports
    names = {str(path) for path in files}
    assert lint(*files).reports == [report for report in everything if report.path in names]


@pytest.mark.parametrize("seed", [1, 2])
def test_order(seed: int) -> None:
    """The order of the files does not matter, nor what was read before."""
    files = sorted(FIXTURES.rglob("*.py"))
    random.Random(seed).shuffle(files)
    project = Project()
    for path in files:
        assert analysed(path, project=project) == analysed(path), path


def test_working_directory(place: Path) -> None:
    """The working directory does not matter."""
    written(place, LEVELS)
    here = command("views.py", cwd=place)
    there = command(place / "views.py", cwd=Path(__file__).parent)
    assert here.lines == there.lines == [7, 8, 9]
    assert [m["message"] for m in here.messages] == [m["message"] for m in there.messages]


def test_project_is_called_like_the_framework(place: Path) -> None:
    """A module beside the project's files with a package's name is not run to be understood."""
    written(place, 'raise SystemExit("imported")\n', "rest_framework.py")
    assert lint(written(place, ORIGINAL)).symbols == [FROZEN]


# Neighbours


def without_site_packages(folder: Path) -> dict[str, str]:
    """The environment of a Python that finds pylint and this plugin, and nothing else."""
    names = ["pylint", "astroid", "dill", "isort", "mccabe", "platformdirs", "tomlkit", "qs_lint"]
    names += ["tomli", "typing_extensions", "colorama"]
    for name in names:
        spec = importlib.util.find_spec(name)
        if spec is None or spec.origin is None:
            continue
        origin = Path(spec.origin)
        target = origin.parent if origin.name == "__init__.py" else origin
        (folder / target.name).symlink_to(target)
    return {"PYTHONPATH": str(folder), "PYTHONNOUSERSITE": "1"}


def test_without_django(tmp_path: Path) -> None:
    """The reports are the same where Django cannot be imported."""
    pytest.importorskip("django")
    environment = {**os.environ, **without_site_packages(tmp_path)}
    probe = [sys.executable, "-S", "-c", "import django"]
    assert subprocess.run(probe, env=environment, capture_output=True, check=False).returncode
    done = subprocess.run(
        [sys.executable, "-S", "-m", "pylint", *PLAIN, *OPTIONS, "--output-format=json2", FIXTURES],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    without = [
        (m["absolutePath"], m["line"], m["column"], m["message"], m["confidence"])
        for m in json.loads(done.stdout)["messages"]
    ]
    with_django = [
        (m["absolutePath"], m["line"], m["column"], m["message"], m["confidence"])
        for m in command(FIXTURES).messages
    ]
    assert with_django
    assert sorted(without) == sorted(with_django)


@pytest.mark.parametrize("order", ["qs_lint,pylint_django", "pylint_django,qs_lint"])
def test_beside_pylint_django(order: str) -> None:
    """The reports are the same beside pylint_django, loaded before or after."""
    pytest.importorskip("pylint_django")
    pytest.importorskip("django")
    options = ["--disable=all", "--enable=F,E0013,W0012,qs_lint"]
    files = sorted(FIXTURES.rglob("bad*.py"))[::5]
    settings = {"DJANGO_SETTINGS_MODULE": "", "PYTHONPATH": _path_of_plugin()}
    beside = command(f"--load-plugins={order}", *files, options=options, environment=settings)
    assert beside.reports == lint(*files).reports


def _path_of_plugin() -> str:
    spec = importlib.util.find_spec("qs_lint")
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent.parent)


def test_touches_nothing_else() -> None:
    """Loading the plugin adds one checker, and changes no option or message of others."""
    from pylint.lint import PyLinter

    import qs_lint

    linter = PyLinter()
    linter.load_default_plugins()
    checkers = set(linter.get_checker_names())
    options = {action.dest for action in linter._arg_parser._actions}
    states = dict(linter._msgs_state)
    qs_lint.register(linter)
    assert set(linter.get_checker_names()) - checkers == {"qs_lint"}
    added = {action.dest for action in linter._arg_parser._actions} - options
    assert all(name.startswith("qs_") for name in added)
    changed = {k for k, v in linter._msgs_state.items() if states.get(k) != v}
    assert all(msgid[1:3] == "58" for msgid in changed)


# An editor's buffer


def test_stdin(place: Path) -> None:
    """--from-stdin reads the buffer, not what is on disk, and finds the project by the path."""
    path = written(place, '"""Nothing."""\n')
    outcome = command("--from-stdin", path, stdin=ORIGINAL)
    assert outcome.symbols == [FROZEN]
    assert "on Order" in outcome.messages[0]["message"]
    path.write_text(ORIGINAL, encoding="utf-8")
    assert command("--from-stdin", path, stdin='"""Nothing."""\n').symbols == []


# A fault of ours

BREAKING = """
import dataclasses
from qs_lint import rules

def broken(seen, path):
    if "broken" in path:
        raise KeyError("boom")
    yield from ORIGINAL(seen, path)

BROKEN = "frozen-class-queryset"
ORIGINAL = next(rule.check for rule in rules.all_rules() if rule.symbol == BROKEN)
RULES = tuple(
    dataclasses.replace(rule, check=broken) if rule.symbol == BROKEN else rule
    for rule in rules.all_rules()
)

def register(linter):
    rules.all_rules = lambda: RULES
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_fault_in_a_rule(place: Path, jobs: int) -> None:
    """A rule that raises is reported at its file; other rules and other files go on."""
    (place / "plugins").mkdir()
    written(place / "plugins", BREAKING, "breaking.py")
    both = ORIGINAL + "\n\nNUMBERS = list(Order.objects.all())\n"
    for name in ("a.py", "broken.py", "c.py"):
        written(place, both, name)
    outcome = command(
        f"--jobs={jobs}",
        place / "a.py",
        place / "broken.py",
        place / "c.py",
        options=[o.replace("plugins=qs_lint", "plugins=qs_lint,breaking") for o in OPTIONS],
        environment={"PYTHONPATH": os.pathsep.join([str(place / "plugins"), _path_of_plugin()])},
    )
    found = [(Path(report.path).name, report.symbol) for report in outcome.reports]
    module = "frozen-module-queryset"
    whole = [(name, symbol) for name in ("a.py", "c.py") for symbol in (FROZEN, module)]
    assert sorted(found) == sorted([*whole, ("broken.py", "qs-lint-fault"), ("broken.py", module)])
    (text,) = (m["message"] for m in outcome.messages if m["symbol"] == "qs-lint-fault")
    assert FROZEN in text
    assert "KeyError: 'boom'" in text
    assert outcome.code == 2


@pytest.mark.parametrize("fault", ["raise RecursionError('deep')", "return None"])
@pytest.mark.parametrize("jobs", [1, 2])
def test_fault_in_the_engine(place: Path, jobs: int, fault: str) -> None:
    """A fault before any rule is reported at the file, and other files go on."""
    breaking = "from qs_lint.phases import analysis\n\ndef register(linter):\n"
    breaking += "    original = analysis.analyse\n"
    breaking += "    def analyse(project, path, text):\n"
    breaking += f"        if 'broken' in path:\n            {fault}\n"
    breaking += "        return original(project, path, text)\n"
    breaking += "    analysis.analyse = analyse\n"
    (place / "plugins").mkdir()
    written(place / "plugins", breaking, "breaking.py")
    for name in ("a.py", "broken.py", "c.py"):
        written(place, ORIGINAL, name)
    outcome = command(
        f"--jobs={jobs}",
        place / "a.py",
        place / "broken.py",
        place / "c.py",
        options=[o.replace("plugins=qs_lint", "plugins=qs_lint,breaking") for o in OPTIONS],
        environment={"PYTHONPATH": os.pathsep.join([str(place / "plugins"), _path_of_plugin()])},
    )
    found = [(Path(report.path).name, report.symbol) for report in outcome.reports]
    assert found == [("a.py", FROZEN), ("broken.py", "qs-lint-fault"), ("c.py", FROZEN)]


# Bad input


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(
    ("content", "symbol"),
    [
        (b"def broken(:\n", "syntax-error"),
        (b"X = 1\n\0\n", "syntax-error"),
        (b'X = "\xe9\xff"\n', "syntax-error"),
        (b"# coding: no-such-codec\nX = 1\n", "syntax-error"),
        (b"\xff\xfeX\x00\n\x00", "syntax-error"),
        (b"if True:\nX = 1\n", "syntax-error"),
        (b"match 1:\n    case 1: pass\nprint 'two'\n", "syntax-error"),
    ],
    ids=["syntax", "null-bytes", "not-utf8", "unknown-codec", "utf16", "indent", "python2"],
)
def test_unreadable(place: Path, content: bytes, symbol: str, jobs: int) -> None:
    """A file that cannot be read is named, and the others are checked."""
    bad = written(place, content, "bad.py")
    outcome = command(f"--jobs={jobs}", bad, written(place, ORIGINAL))
    found = {(Path(report.path).name, report.symbol) for report in outcome.reports}
    assert found == {("bad.py", symbol), ("views.py", FROZEN)}
    assert outcome.code == 2


@pytest.mark.parametrize("content", [b"def broken(:\n", b"X = 1\n\0\n", b'X = "\xe9\xff"\n', b""])
def test_imports_the_unreadable(place: Path, content: bytes) -> None:
    """A file that imports from one that cannot be read is checked for the rest."""
    written(place, content, "helpers.py")
    text = ORIGINAL.replace("from shop", "from helpers import helper\nfrom shop")
    text += "\nROWS = helper()\n"
    assert lint(written(place, text)).symbols == [FROZEN]


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"# only a comment", b'"""Only a docstring."""', b"\xef\xbb\xbf", b"\f\n"],
)
def test_empty(place: Path, content: bytes) -> None:
    """Nothing in a file, nothing to report."""
    assert command(written(place, content)) == command(written(place, b"X = 1\n"))


@pytest.mark.parametrize(
    "content",
    [
        ORIGINAL.replace("page that", "page \u00e9 that").encode(),
        b"# -*- coding: latin-1 -*-\n" + ORIGINAL.replace("page", "p\u00e9ge").encode("latin-1"),
        b"\xef\xbb\xbf" + ORIGINAL.encode(),
        ORIGINAL.replace("\n", "\r\n").encode(),
        ORIGINAL.rstrip("\n").encode(),
        ORIGINAL.replace("number)", 'number if "\u4e16\u754c\U0001f40d" else 0)').encode(),
        ORIGINAL.replace("    ", "\t").encode(),
    ],
    ids=["utf8", "latin1", "bom", "crlf", "no-newline", "wide", "tabs"],
)
def test_encodings(place: Path, content: bytes) -> None:
    """However a file is written, the report is on its line."""
    first = 1 if content.startswith(b"# -*-") else 0
    assert lint(written(place, content)).reports == [
        Report(str(place / "views.py"), 11 + first, FROZEN)
    ]


def test_cyclic_imports(place: Path) -> None:
    """Files that import each other are read as far as the import needs."""
    written(
        place,
        "from b import second\nfrom shop.models import Order\n\n"
        "def first():\n    return list(Order.objects.all())\n\nA = second()\n",
        "a.py",
    )
    written(place, "import a\n\ndef second():\n    return a.first()\n\nB = a.first()\n", "b.py")
    written(place, "from star import *\nfrom a import first\nC = first()\n", "star.py")
    outcome = lint(*(place / name for name in ("a.py", "b.py", "star.py")))
    found = {(Path(report.path).name, report.line) for report in outcome.reports}
    assert {("a.py", 7), ("star.py", 3)} <= found
    assert set(outcome.symbols) == {"frozen-module-queryset"}


def test_recursive_helpers(place: Path) -> None:
    """Helpers that call themselves or each other end, and what follows is checked."""
    text = '''\
"""Recursion of every kind."""

from shop.models import Order


def alone(level):
    """Call itself."""
    return alone(level - 1) if level else list(Order.objects.all())


def even(level):
    """Call the other."""
    return odd(level - 1) if level else Order.objects.all()


def odd(level):
    """Call back."""
    return even(level - 1)


def endless():
    """Never end."""
    return endless()


class Node:
    """Hold itself."""

    def child(self):
        """Return another."""
        return Node().child()


loop = lambda: loop()
ENDLESS = endless(), loop(), Node().child()
ALONE = alone(3)
EVEN = list(even(4))
LAST = list(Order.objects.all())
'''
    begin = time.perf_counter()
    outcome = lint(written(place, text))
    assert time.perf_counter() - begin < 20
    assert "qs-lint-fault" not in outcome.symbols
    assert {38} <= set(outcome.lines) <= {36, 37, 38}


def test_strange_classes(place: Path) -> None:
    """Classes that are their own base, or of no known base, are no reason to stop."""
    text = "from shop.models import Order\n"
    text += "class A(A): pass\nclass B(C): pass\nclass C(B): pass\n"
    text += "class D(D.E, metaclass=D): x = D\n"
    text += "class F(*F, **F): x = F.x\nclass G(type(G), G[G]): G = G\n"
    text += "ROWS = list(Order.objects.all())\n"
    outcome = lint(written(place, text))
    assert outcome.symbols == ["frozen-module-queryset"]


def test_long_module(place: Path) -> None:
    """A module of 10,000 lines is read to its end in a reasonable time."""
    parts = [ORIGINAL]
    for number in range(1100):
        parts.append(
            f"\n\ndef helper_{number}(orders, limit={number}):\n"
            f"    found = orders.filter(pk__gt=limit)\n"
            f"    for order in found:\n        if order.total > {number}:\n"
            f"            return [order, {number}]\n"
            f"    return helper_{max(0, number - 1)}(found)\n"
        )
    parts.append("\n\nLAST = list(Order.objects.all())\n")
    text = "".join(parts)
    assert text.count("\n") > 8_000
    text += "# one line more\n" * (10_000 - text.count("\n"))
    begin = time.perf_counter()
    outcome = lint(written(place, text))
    assert time.perf_counter() - begin < 60
    assert outcome.symbols == [FROZEN, "frozen-module-queryset"]


def test_long_call_chain(place: Path) -> None:
    """3,000 functions that call each other: what cannot be followed hides nothing else."""
    text = "from shop.models import Order\n\n\ndef f0():\n    return list(Order.objects.all())\n"
    text += "".join(f"\n\ndef f{n}():\n    return f{n - 1}()\n" for n in range(1, 3000))
    text += "\n\nSHORT = f5()\nLONG = f2999()\nLAST = list(Order.objects.all())\n"
    last = text.count("\n")
    begin = time.perf_counter()
    outcome = lint(written(place, text))
    assert time.perf_counter() - begin < 60
    assert "qs-lint-fault" not in outcome.symbols
    assert {last - 2, last} <= set(outcome.lines) <= {last - 2, last - 1, last}


@pytest.mark.parametrize(
    ("links", "symbol"), [(100, "frozen-module-queryset"), (3000, "astroid-error")]
)
def test_long_method_chain(place: Path, links: int, symbol: str) -> None:
    """3,000 chained method calls are beyond Python's parser: the file is named, others go on."""
    chain = "from shop.models import Order\nROWS = list(Order.objects" + ".all()" * links + ")\n"
    long = written(place, chain, "long.py")
    begin = time.perf_counter()
    outcome = command(long, written(place, ORIGINAL))
    assert time.perf_counter() - begin < 60
    found = {Path(report.path).name: report.symbol for report in outcome.reports}
    assert found == {"long.py": symbol, "views.py": FROZEN}


@pytest.mark.parametrize(
    "value",
    ["+".join(["1"] * 4000), "[" * 80 + "]" * 80, "(" + "not " * 900 + "1)", "'a' " * 5000],
    ids=["sum", "lists", "not", "strings"],
)
def test_deep_expressions(place: Path, value: str) -> None:
    """Deep expressions do not keep the rest of the file from being checked."""
    text = f"from shop.models import Order\nDEEP = {value}\nROWS = list(Order.objects.all())\n"
    outcome = command(written(place, text))
    assert outcome.symbols
    assert set(outcome.symbols) <= {"frozen-module-queryset", "astroid-error", "syntax-error"}


def test_odd_names(tmp_path: Path) -> None:
    """Blanks and letters of other alphabets in paths are letters like any other."""
    folder = tmp_path / "mein projekt \u00e4\u4e16"
    shutil.copytree(SHOP, folder / "shop")
    assert command(written(folder, ORIGINAL, "my-views.py")).symbols == [FROZEN]


def test_a_folder_that_is_a_module(place: Path) -> None:
    """A directory called like a module, and a broken link, are no reason to stop."""
    (place / "helpers.py").mkdir()
    (place / "lost.py").symlink_to(place / "nowhere")
    text = ORIGINAL.replace("from shop", "from helpers import a\nfrom lost import b\nfrom shop")
    assert lint(written(place, text)).symbols == [FROZEN]
