"""The rules in words: complete, readable, and found by any name that a person would type."""

from __future__ import annotations

import subprocess
import sys

import pytest

from qs_lint import explain
from qs_lint.findings import Rule
from qs_lint.rules import all_rules


@pytest.fixture(params=all_rules(), ids=lambda rule: rule.symbol)
def rule(request: pytest.FixtureRequest) -> Rule:
    """Each rule in turn."""
    found: Rule = request.param
    return found


def test_text(rule: Rule) -> None:
    """What, why, both examples, references, the page, and how to silence it."""
    text = explain.explain(rule.symbol)
    flat = " ".join(text.split())
    assert text.startswith(f"{rule.symbol} ({rule.msgid})\n")
    for part in (rule.summary, rule.why, *rule.references, f"/rules/{rule.symbol}/"):
        assert " ".join(part.split()) in flat
    for line in rule.good.strip().splitlines():
        assert not line or f"    {line}\n" in text
    assert text.count("# reported here") == rule.bad.count(f"# [{rule.symbol}]") > 0
    assert f"  # pylint: disable-next={rule.symbol}\n" in text
    assert ("Off by default" in text) is not rule.enabled


def test_width(rule: Rule) -> None:
    """Nothing is wider than the examples and addresses are."""
    given = [*rule.bad.splitlines(), *rule.good.splitlines(), *rule.references]
    longest = max(explain.WIDTH, *(len(line) + 8 for line in given))
    assert all(len(line) <= longest for line in explain.explain(rule.symbol).splitlines())


def test_markdown(rule: Rule) -> None:
    """The same as Markdown."""
    text = explain.markdown(rule.symbol)
    assert f"```python\n{rule.good.strip()}\n```" in text
    assert rule.why in text


def test_names(rule: Rule) -> None:
    """Symbol or id, in any case, with underscores too."""
    text = explain.explain(rule.symbol)
    module = rule.symbol.replace("-", "_")
    for name in (rule.msgid, rule.msgid.lower(), rule.symbol.upper(), module, f" {rule.symbol} "):
        assert explain.explain(name) == text


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("frozen-clas-queryset", "frozen-class-queryset"),
        ("memoised-queryset", "memoized-queryset"),
        ("E580", "E580"),
        ("qs-lint-faults", "qs-lint-fault"),
    ],
)
def test_close_names(name: str, close: str) -> None:
    """An unknown name says which ones are like it."""
    with pytest.raises(explain.UnknownRuleError) as caught:
        explain.explain(name)
    assert str(caught.value).startswith(f"no rule is called {name!r}; did you mean ")
    assert any(found.startswith(close) for found in caught.value.close)


def test_unlike_anything() -> None:
    """No guess where there is none."""
    with pytest.raises(KeyError) as caught:
        explain.explain("xyz")
    assert str(caught.value) == "no rule is called 'xyz'"


@pytest.mark.parametrize("name", ["qs-lint-fault", "E5809", "e5809"])
def test_fault(name: str) -> None:
    """The message about our own faults is explained as well."""
    assert explain.explain(name).startswith("qs-lint-fault (E5809)\n")


def test_table() -> None:
    """One line a rule, in columns."""
    lines = explain.rules_table().splitlines()
    assert len(lines) == len(all_rules())
    for line, rule in zip(lines, all_rules(), strict=True):
        assert line.split()[:3] == [rule.msgid, rule.symbol, "on" if rule.enabled else "off"]
        assert line.endswith(rule.summary)
    assert (
        len({line.index(rule.summary) for line, rule in zip(lines, all_rules(), strict=True)}) == 1
    )


def test_without_pylint() -> None:
    """Explaining and rendering need neither pylint nor astroid."""
    script = (
        "import sys; from qs_lint import explain, formats; explain.rules_table(); "
        "[formats.render(name, [], formats.Context('1')) for name in formats.FORMATS]; "
        "sys.exit(bool({'pylint', 'astroid'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0
