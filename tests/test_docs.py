"""The documentation is what the rules say, and its commands do what it says."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

import pytest
from support import OPTIONS, ORIGINAL, ROOT, SHOP, command

from qs_lint.findings import Rule
from qs_lint.rules import all_rules

sys.path.insert(0, str(ROOT / "docs"))

import generate

README = (ROOT / "README.md").read_text(encoding="utf-8")
HOOKS = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
PAGES = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))
HEADINGS = ["What it does", "Why is this bad", "Example", "Use instead", "References"]


def blocks(language: str) -> list[str]:
    """The code blocks of the README in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


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


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links(page: Path) -> None:
    """Links to files of the project lead somewhere."""
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", text):
        assert (page.parent / target).exists(), target


def test_first_screen() -> None:
    """The first screen has the bug, the command, and the output."""
    screen = "\n".join(README.splitlines()[:24])
    assert "class OrderListView(ListView):" in screen
    assert "$ .venv/bin/pylint" in screen
    assert "(frozen-class-queryset)" in screen
    code = next(iter(blocks("python"))).strip()
    example = (ROOT / "tests/fixtures/original/orders/views.py").read_text(encoding="utf-8")
    for line in code.splitlines():
        assert line in example


def test_one_command() -> None:
    """Wherever the documentation shows a run, it has the options that cannot be fooled."""
    commands = re.findall(r"pylint (--load-plugins=qs_lint[ ,](?:.|\n)*?)(?:\n```|\n\s*\n)", README)
    assert len(commands) >= 5
    for text in [*commands, HOOKS]:
        for option in OPTIONS[1:]:
            assert option in text, text


def test_two_commands() -> None:
    """One command line runs the example, one runs the tests; both make their environment."""
    shells = blocks("sh")
    assert [text.count("python3 -m venv") for text in shells[:2]] == [1, 1]
    assert [text.count("\n") for text in shells[:2]] == [1, 1]
    assert shells[0].split("&&")[-1].strip() == blocks("console")[0].splitlines()[0][2:]
    assert "pytest" in shells[1].split("&&")[-1]


def test_configuration(tmp_path: Path) -> None:
    """The block for pyproject.toml loads the plugin."""
    (tmp_path / "pyproject.toml").write_text(blocks("toml")[0], encoding="utf-8")
    (tmp_path / "views.py").write_text(ORIGINAL, encoding="utf-8")
    options = [f"--rcfile={tmp_path / 'pyproject.toml'}"]
    assert "frozen-class-queryset" in command("views.py", options=options, cwd=tmp_path).symbols


def test_hook(tmp_path: Path) -> None:
    """The hook's entry, with a few files as pre-commit passes them, finds the bug."""
    match = re.search(r"entry: >-\n((?:    .*\n)+)", HOOKS)
    assert match
    program, *options = shlex.split(match[1])
    assert program == "pylint"
    (tmp_path / "shop").symlink_to(SHOP)
    memo = "from functools import cache\nfrom shop.models import Order\n"
    memo += "@cache\ndef rows():\n    return list(Order.objects.all())\n"
    (tmp_path / "memo.py").write_text(memo, encoding="utf-8")
    (tmp_path / "views.py").write_text(ORIGINAL, encoding="utf-8")
    outcome = command("memo.py", "views.py", options=options, cwd=tmp_path)
    assert outcome.symbols == ["frozen-class-queryset"]
    assert outcome.code == 2


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
