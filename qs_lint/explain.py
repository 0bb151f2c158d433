"""The rules in words, from the rules themselves: what an installed wheel can print.

``qs-lint explain SYMBOL`` and ``qs-lint rules`` print what is made here, and SARIF carries it.
"""

from __future__ import annotations

import difflib
import re
import textwrap
from typing import TYPE_CHECKING

from qs_lint.links import rule_page
from qs_lint.rules import all_rules

if TYPE_CHECKING:
    from qs_lint.findings import Rule

WIDTH = 88
SILENCE = "Disable the message, with the reason, on the line before the reported one"
FAULT = "qs-lint-fault", "E5809"
FAULT_TEXT = (
    "qs_lint itself, or one of its rules, failed in this file. It is not an error in your code; "
    "it is reported so that it does not go unnoticed: the file was not checked, or not by that "
    "rule. Other files and rules are still checked. Please report it, with the file if you can."
)
FACTS = "qs-lint-facts", "E5899"
FACTS_TEXT = (
    "The file that describes packages (pylint's option qs-facts) cannot be used, and is ignored: "
    "this run does not know what it says about them. The message names the key that is wrong."
)
#: The messages that are no findings -> what they mean.
_OTHERS = {FAULT: FAULT_TEXT, FACTS: FACTS_TEXT}


class UnknownRuleError(KeyError):
    """There is no rule of this name; ``close`` are names that look like it."""

    def __init__(self, name: str, close: list[str]) -> None:
        super().__init__(name)
        self.name = name
        self.close = close

    def __str__(self) -> str:
        hint = f"; did you mean {' or '.join(self.close)}?" if self.close else ""
        return f"no rule is called {self.name!r}{hint}"


def explain(name: str) -> str:
    """A rule by symbol or message id: what it finds, why that is wrong, what to write instead.

    Plain text with a line break at the end; :class:`UnknownRuleError` for an unknown name.
    """
    for (symbol, msgid), text in _OTHERS.items():
        if name.strip().lower() in (symbol, msgid.lower()):
            return f"{symbol} ({msgid})\n\n{_filled(text)}\n"
    rule = rule_named(name)
    parts = [
        f"{rule.symbol} ({rule.msgid})",
        _filled(rule.summary),
        _default(rule),
        "Why it is wrong",
        _indented(_filled(rule.why, WIDTH - 2), 2),
        "Wrong",
        _indented(_example(rule.bad), 4),
        "What to write instead",
        _indented(rule.good.strip(), 4),
        "If it is intended",
        _indented(f"{SILENCE}:\n\n  {_comment(rule)}", 2),
        "Read more",
        _indented("\n".join([rule_page(rule.symbol), *rule.references]), 2),
    ]
    return "\n\n".join(parts) + "\n"


def markdown(name: str) -> str:
    """The same as Markdown, without the headline."""
    rule = rule_named(name)
    addresses = [rule_page(rule.symbol), *rule.references]
    parts = [
        rule.summary,
        _default(rule),
        "## Why it is wrong",
        rule.why,
        "## Wrong",
        f"```python\n{_example(rule.bad)}\n```",
        "## What to write instead",
        f"```python\n{rule.good.strip()}\n```",
        "## If it is intended",
        f"{SILENCE}: `{_comment(rule)}`.",
        "## Read more",
        "\n".join(f"- <{address}>" for address in addresses),
    ]
    return "\n\n".join(parts) + "\n"


def rules_table() -> str:
    """All rules, one a line: id, symbol, whether it is on by default, summary."""
    rules = all_rules()
    longest = max(len(rule.symbol) for rule in rules)
    return "".join(
        f"{rule.msgid}  {rule.symbol:<{longest}}  {'on ' if rule.enabled else 'off'}  "
        f"{rule.summary}\n"
        for rule in rules
    )


def rule_named(name: str) -> Rule:
    """A rule by symbol or message id, in any case; :class:`UnknownRuleError` if there is none."""
    wanted = name.strip().lower().replace("_", "-")
    rules = {rule.symbol: rule for rule in all_rules()}
    if wanted in rules:
        return rules[wanted]
    for rule in rules.values():
        if rule.msgid.lower() == wanted:
            return rule
    ids = {rule.msgid.lower(): rule.msgid for rule in rules.values()}
    close = difflib.get_close_matches(wanted, [*rules, FAULT[0], FACTS[0], *ids], n=3)
    raise UnknownRuleError(name, [ids.get(found, found) for found in close])


def _example(text: str) -> str:
    """A bad example for readers: the tests' annotations of reported lines in words."""
    return re.sub(r"# \[[a-z-]+\]$", "# reported here", text.strip(), flags=re.MULTILINE)


def _default(rule: Rule) -> str:
    if rule.enabled:
        return "On by default."
    return f"Off by default: --enable={rule.symbol} turns it on."


def _comment(rule: Rule) -> str:
    return f"# pylint: disable-next={rule.symbol}"


def _filled(text: str, width: int = WIDTH) -> str:
    return textwrap.fill(text, width, break_long_words=False, break_on_hyphens=False)


def _indented(text: str, columns: int) -> str:
    return textwrap.indent(text, " " * columns)
