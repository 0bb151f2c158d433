"""The documentation is what the rules say, and its commands do what it says."""

from __future__ import annotations

import importlib.util
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import tomlkit
import yaml
from support import OPTIONS, ORIGINAL, ROOT, SHOP, command, qs_lint

from qs_lint import links
from qs_lint.command import main
from qs_lint.command.options import parse
from qs_lint.findings import Rule
from qs_lint.rules import all_rules

sys.path.insert(0, str(ROOT / "docs"))

import generate

README = (ROOT / "README.md").read_text(encoding="utf-8")
USAGE = (ROOT / "docs" / "usage.md").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
PROJECT: Any = tomlkit.parse((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
#: Programs whose commands are checked by tests of their own.
ELSEWHERE = {"git", "pre-commit", "reviewdog"}
#: The command that docs/ci.md warns of; tests/test_ci.py runs it.
TRAP = "--load-plugins=qs_lnt"
HEADINGS = ["What it does", "Why is this bad", "Example", "Use instead", "References"]


def blocks(language: str, text: str = README) -> list[str]:
    """The code blocks of a text, of the README at first, in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)


def shown(text: str) -> list[str]:
    """The commands in the shell blocks of a text."""
    found: list[str] = []
    for indent, language, block in re.findall(
        r"^( *)```(sh|console)\n(.*?)^\1```", text, re.MULTILINE | re.DOTALL
    ):
        lines = re.sub(r"\\\n\s*", "", re.sub(rf"^{indent}", "", block, flags=re.MULTILINE))
        for line in lines.splitlines():
            if language == "sh":
                found += line.split(" && ")
            elif line.startswith("$ "):
                found.append(line[2:])
    return found


def test_not_stale() -> None:
    """Pages, table and output are what docs/generate.py writes."""
    stale = generate.stale()
    assert not stale


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.symbol)
def test_page(rule: Rule) -> None:
    """A page has the fixed headings, both examples, and a message."""
    text = generate.pages()[generate.PAGES / f"{rule.symbol}.md"]
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == HEADINGS
    assert rule.bad.strip() in text
    assert rule.good.strip() in text
    assert re.search(r"^> Line \d+: .*\.$", text, re.MULTILINE)
    start = text[: text.index("## What it does")]
    for fact in ("Id", "Default", "Since", "Fix", "Confidence", "Disable", "Related"):
        assert f"| {fact} | " in start
    assert f"disable-next={rule.symbol}" in start


def promises() -> list[tuple[str, list[str]]]:
    """The promises of docs/safety.md, and the tests that each of them names."""
    text = (ROOT / "docs" / "safety.md").read_text(encoding="utf-8")
    table = text.partition("| promise | tests |\n| --- | --- |\n")[2].partition("\n\n")[0]
    rows = [line.strip("|").rpartition("|") for line in table.removesuffix("\n").splitlines()]
    return [(promise.strip(), re.findall(r"`([^`]*)`", named)) for promise, _, named in rows]


def test_promises_name_their_tests() -> None:
    """Each promise about safety names files of tests, and these are there."""
    assert len(promises()) >= 10
    for promise, tests in promises():
        assert tests, promise
        for name in tests:
            path = ROOT / name
            assert path.is_file(), f"{promise}: {name}"
            assert re.search(r"^ *def test_", path.read_text(encoding="utf-8"), re.MULTILINE), name


@pytest.mark.parametrize("page", ["SECURITY.md", "docs/safety.md", "docs/baseline.md"])
def test_named_tests_exist(page: str) -> None:
    """Wherever these pages name a test, it exists."""
    text = (ROOT / page).read_text(encoding="utf-8")
    for name, function in re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text):
        path = ROOT / name
        assert path.is_file(), f"{page}: {name}"
        assert not function or f"def {function}(" in path.read_text(encoding="utf-8"), name


def test_promises_are_all_told() -> None:
    """SECURITY.md leads to the page with the tests; each of its promises is one of that page."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "[docs/safety.md](docs/safety.md)" in text
    counted = [
        line for line in text.partition("## What counts")[2].splitlines() if line[:2] == "- "
    ]
    assert len(counted) >= 8
    told = " ".join(promise for promise, _ in promises()).lower()
    what = ("imported", "configuration", "terminal", "green", "regular files", "cache")
    for word in (*what, "baseline", "outlives", "sent", "hangs"):
        assert word in text.lower()
        assert word in told


def prose(text: str) -> str:
    """A text without its code."""
    return re.sub(r"^( *)```.*?^\1```|`[^`\n]*`", "", text, flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub and the site make them."""
    text = re.sub(r"^( *)```.*?^\1```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title).strip().lower().replace(" ", "-") for title in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links(page: Path) -> None:
    """Links to files of the project lead somewhere, and to a heading that there is."""
    for target in re.findall(r"\]\((?![a-z]+:)([^)\s]+)\)", prose(page.read_text("utf-8"))):
        name, _, anchor = target.partition("#")
        path = page.parent / name if name else page
        assert path.exists(), target
        if anchor:
            assert anchor in anchors(path), target


COMMANDS = [
    pytest.param(page, line, id=f"{page.relative_to(ROOT).as_posix()}: {line[:60]}")
    for page in PAGES
    for line in shown(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize(("page", "line"), COMMANDS)
def test_commands(page: Path, line: str) -> None:
    """A command that the documentation shows names programs, files and extras that there are."""
    variables, words = [], shlex.split(line)
    while re.fullmatch(r"[A-Z_]+=.*", words[0]):
        variables.append(words.pop(0))
    program, *arguments = words
    program = program.removeprefix(".venv/bin/")
    if TRAP in arguments:
        assert page.name == "ci.md"
    elif program == "pylint":
        for option in OPTIONS[1:]:
            assert option in arguments
    elif program == "qs-lint" or arguments[:2] == ["-m", "qs_lint"]:
        if "<" in arguments:
            arguments = arguments[: arguments.index("<")]
        if arguments[0] in ("explain", "facts", "rules"):
            assert main(arguments) == 0
        else:
            parse(arguments)
    elif program in ("pip", "python3") or arguments[:2] == ["-m", "pip"]:
        extras = re.findall(r"\.\[(\w+)\]", line)
        assert set(extras) <= set(PROJECT["project"]["optional-dependencies"])
    elif program in ("pytest", "bash", "nox", "mkdocs"):
        paths = [word.partition("=")[2] or word for word in arguments if "/" in word]
        assert all((ROOT / path).exists() for path in paths)
    elif program == "python" and arguments[0] == "-m":
        assert importlib.util.find_spec(arguments[1])
    elif program == "python":
        assert (ROOT / arguments[0]).is_file()
    else:
        assert program in ELSEWHERE, f"which test checks {line!r}?"


def test_first_screen() -> None:
    """The first screens have the bug, how to install and run, and what a terminal shows."""
    screen = "\n".join(README.splitlines()[:60])
    assert "class OrderListView(ListView):" in screen
    assert "pip install qs-lint\nqs-lint .\n" in screen
    assert "frozen-class-queryset (E5801)" in screen
    assert screen.index("pip install") < screen.index("(E5801)") < README.index("## Fix")
    code = next(iter(blocks("python"))).strip()
    example = (ROOT / "tests/fixtures/original/orders/views.py").read_text(encoding="utf-8")
    for line in code.splitlines():
        assert line in example


def test_readme_is_short() -> None:
    """What is longer is a page."""
    assert len(README.split()) <= 900


@pytest.mark.parametrize("page", [*PAGES, ROOT / "pyproject.toml", ROOT / "mkdocs.yml"])
def test_addresses(page: Path) -> None:
    """Wherever an address of this project stands, it is the one of qs_lint/links.py."""
    text = page.read_text(encoding="utf-8")
    assert "<owner>" not in text
    for address in re.findall(r"https://github\.com/[\w.-]+/qs[-_]lint\b", text):
        assert address == links.REPOSITORY
    for address in re.findall(r"https://qs[-_]lint\.\S+?(?=[/)\s\"])", text):
        assert f"{address}/" == links.HOME


def test_addresses_of_the_package() -> None:
    """What a registry shows leads to the same places; all of them are there."""
    assert dict(PROJECT["project"]["urls"]) == {
        "Documentation": links.HOME,
        "Repository": links.REPOSITORY,
        "Issues": links.ISSUES,
        "Changelog": f"{links.REPOSITORY}/blob/main/CHANGELOG.md",
    }
    assert f"repo: {links.REPOSITORY}\n" in README
    assert links.ISSUES in README
    releasing = (ROOT / "docs" / "releasing.md").read_text(encoding="utf-8")
    assert "`OWNER`" in releasing


def test_one_command() -> None:
    """Wherever the documentation shows a run, it has the options that cannot be fooled."""
    commands = re.findall(r"pylint (--load-plugins=qs_lint[ ,](?:.|\n)*?)(?:\n```|\n\s*\n)", USAGE)
    assert len(commands) >= 2
    for text in [*commands, HOOKS]:
        for option in OPTIONS[1:]:
            assert option in text, text


def test_two_commands() -> None:
    """One command line runs the example, one runs the tests; both make their environment."""
    example, tests = re.findall(r"<!-- command: \w+ -->\n```sh\n(.*)\n```", README)
    assert [text.count("python3 -m venv") for text in (example, tests)] == [1, 1]
    shown = [text.splitlines()[0][2:] for text in blocks("console")]
    assert example.split("&&")[-1].strip() == shown[-1]
    assert "pytest" in tests.split("&&")[-1]


def test_configuration(tmp_path: Path) -> None:
    """The block for pyproject.toml loads the plugin."""
    (tmp_path / "pyproject.toml").write_text(blocks("toml", USAGE)[0], encoding="utf-8")
    (tmp_path / "views.py").write_text(ORIGINAL, encoding="utf-8")
    options = [f"--rcfile={tmp_path / 'pyproject.toml'}"]
    assert "frozen-class-queryset" in command("views.py", options=options, cwd=tmp_path).symbols


@pytest.mark.parametrize("hook", yaml.safe_load(HOOKS), ids=lambda hook: hook["id"])
def test_hook(tmp_path: Path, hook: dict[str, Any]) -> None:
    """A hook's entry, with a few files as pre-commit passes them, finds the bug."""
    program, *options = shlex.split(hook["entry"]) + hook.get("args", [])
    (tmp_path / "shop").symlink_to(SHOP)
    fixes = "--fix" in options
    memo = "from functools import cache\nfrom shop.models import Order\n"
    memo += "@cache\ndef rows():\n    return list(Order.objects.all())\n"
    (tmp_path / "memo.py").write_text(memo, encoding="utf-8")
    (tmp_path / "views.py").write_text(ORIGINAL, encoding="utf-8")
    if program == "pylint":
        outcome = command("memo.py", "views.py", options=options, cwd=tmp_path)
        assert (outcome.symbols, outcome.code) == (["frozen-class-queryset"], 2)
    else:
        assert program == "qs-lint"
        ran = qs_lint(*options, "memo.py", "views.py", cwd=tmp_path)
        assert (ran.symbols, ran.code) == (
            [] if fixes else ["frozen-class-queryset"],
            2 - 2 * fixes,
        )
        assert ("def get_queryset" in (tmp_path / "views.py").read_text("utf-8")) is fixes


def test_version() -> None:
    """The changelog knows the version, or is about to."""
    from qs_lint import __version__

    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.fullmatch(r"\d+\.\d+\.\d+", __version__)
    assert f"## [{__version__}]" in changes or "## [Unreleased]" in changes


def test_every_rule_is_in_the_changelog() -> None:
    """A new rule is news."""
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    for rule in all_rules():
        assert f"`{rule.symbol}`" in changes


def test_index_of_rules() -> None:
    """The list of the rules has each of them, with a link that works from its place."""
    text = generate.index()
    for rule in all_rules():
        assert f"]({rule.symbol}.md)" in text
