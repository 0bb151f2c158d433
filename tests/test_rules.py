"""What every rule must have: its form, its documentation, its examples."""

from __future__ import annotations

import ast
import pkgutil
import re
import shutil
from pathlib import Path

import pytest
from support import ROOT, SHOP, analysed, annotated

from qs_lint import __version__, rules
from qs_lint.checker import QsLintChecker
from qs_lint.findings import Rule
from qs_lint.rules import all_rules

NAMES = [rule.symbol for rule in all_rules()]


@pytest.fixture(params=all_rules(), ids=NAMES)
def rule(request: pytest.FixtureRequest) -> Rule:
    """Each rule in turn."""
    found: Rule = request.param
    return found


def test_there_are_rules() -> None:
    """Discovery finds one rule a module, ordered by id."""
    modules = [m.name for m in pkgutil.iter_modules(rules.__path__) if m.name[0] != "_"]
    assert sorted(NAMES) == sorted(name.replace("_", "-") for name in modules)
    numbers = [rule.msgid[1:] for rule in all_rules()]
    assert numbers == sorted(numbers)


def test_names_are_unique() -> None:
    """No two rules share a symbol or a number, nor with the messages about faults and facts."""
    messages = QsLintChecker.msgs
    assert len({msgid[1:] for msgid in messages}) == len(messages) == len(NAMES) + 2
    assert len({message[1] for message in messages.values()}) == len(messages)


def test_form(rule: Rule) -> None:
    """The symbol is lower case with hyphens, the id is in block 58."""
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.symbol)
    assert re.fullmatch(r"[EW]58\d\d", rule.msgid)


def test_texts(rule: Rule) -> None:
    """A rule says what and why in whole sentences, and where to read more."""
    for text in (rule.summary, rule.why):
        assert text[0].isupper() or re.match(r"[a-z]+_[a-z_]+\b", text)
        assert text.endswith(".")
        assert "\n" not in text
    assert len(rule.summary) < 100
    assert rule.references
    assert all(address.startswith("https://") for address in rule.references)


def test_help_names_the_page(rule: Rule) -> None:
    """The help text of pylint leads to the rule's page."""
    help_text = QsLintChecker.msgs[rule.msgid][2]
    assert help_text.endswith(f"/rules/{rule.symbol}/")


@pytest.mark.parametrize("kind", ["bad", "good"])
def test_example(rule: Rule, kind: str, tmp_path: Path) -> None:
    """The bad example fires on its annotated lines and nowhere else, the good one is silent."""
    text = getattr(rule, kind)
    ast.parse(text)
    shutil.copytree(SHOP, tmp_path / "shop")
    path = tmp_path / "example.py"
    path.write_text(text, encoding="utf-8")
    expected = annotated(path)
    assert {report.symbol for report in expected} == ({rule.symbol} if kind == "bad" else set())
    assert analysed(path) == expected


def test_what_a_page_says(rule: Rule) -> None:
    """Related rules exist; a rule has a certain fix exactly if the fixer knows forms of it."""
    shapes = pytest.importorskip("qs_lint.fixes.shapes", reason="LibCST is not installed")
    assert {*rule.related} <= {other.symbol for other in all_rules()} - {rule.symbol}
    assert rule.fixable is (rule.symbol in shapes.SHAPES)
    assert rule.since in (ROOT / "CHANGELOG.md").read_text("utf-8") or rule.since == __version__
