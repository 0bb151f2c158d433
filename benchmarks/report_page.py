"""``docs/corpus.md``: every report on real projects, with its verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from corpus import Pin
from expectations import VERDICTS, Entry, Expectation
from tables import table

from qs_lint.findings import Rule
from qs_lint.rules import all_rules

PAGE = """\
# Every report on real projects

<!-- Written by benchmarks/trust.py. Do not edit. -->

What the linter says about {count} projects from PyPI, all messages switched on, and whether it is
right. The verdicts are in [`benchmarks/expected/`](../benchmarks/expected), one block for each
report; the versions are pinned in [`benchmarks/projects.json`](../benchmarks/projects.json). How
this was made, and the bugs in words: [field notes](field-notes.md). The shares:
[trust](trust.md#right-on-real-projects).

{table}

The columns in the middle are the messages {names}.

{body}

## Nothing reported

{silent}.
"""


def by_number() -> list[Rule]:
    """The rules in the order of their messages' numbers."""
    return sorted(all_rules(), key=lambda rule: rule.msgid[1:])


def corpus(files: dict[str, int], expected: dict[str, Expectation], pins: Sequence[Pin]) -> str:
    """The text of ``docs/corpus.md``: each project with its number of files, each report."""
    rules = by_number()
    rows, sums = [], Counter[str]()
    for pin in pins:
        name = pin["name"]
        entries = expected[name].entries if name in expected else []
        counts = Counter([one.message for one in entries] + [one.verdict for one in entries])
        counts["files"] = files.get(name, 0)
        sums += counts
        rows.append((name, pin["version"], *_filled(counts, rules)))
    rows.append(("**sum**", "", *_filled(sums, rules)))
    head = ("project", "version", "files", *(rule.msgid for rule in rules), *VERDICTS)
    silent = [pin["name"] for pin in pins if pin["name"] not in expected]
    body = "\n\n".join(section(name, expectation) for name, expectation in expected.items())
    names = ", ".join(f"`{rule.symbol}`" for rule in rules)
    return PAGE.format(
        count=len(pins),
        table=table(head, rows, len(head) - 2),
        names=names,
        body=body,
        silent=", ".join(silent),
    )


def _filled(counts: Counter[str], rules: Sequence[Rule]) -> list[object]:
    names = ["files", *(rule.symbol for rule in rules), *VERDICTS]
    return [counts[name] or "" for name in names]


def section(name: str, expectation: Expectation) -> str:
    """The reports on one project: those of one cause together, the others one by one."""
    parts = [f"## {name} {expectation.version}"]
    single = [entry for entry in expectation.entries if not entry.cause]
    head = ("where", "message", "confidence", "verdict", "why")
    rows = [
        (
            f"`{one.path}:{one.line}`",
            f"`{one.message}`",
            f"`{one.confidence}`",
            one.verdict,
            one.reason,
        )
        for one in single
    ]
    if rows:
        parts.append(table(head, rows))
    for key, cause in expectation.causes.items():
        entries = [entry for entry in expectation.entries if entry.cause == key]
        kinds = Counter((entry.message, entry.confidence) for entry in entries)
        counts = ", ".join(f"{n} of `{m}` `{c}`" for (m, c), n in sorted(kinds.items()))
        parts.append(
            f"**{cause.about}**: {len(entries)} reports, {counts}. Verdict: {cause.verdict}. "
            f"{cause.reason}"
        )
        parts.append(f"<details><summary>Places</summary>\n\n{_places(entries)}.\n\n</details>")
    return "\n\n".join(parts)


def _places(entries: Sequence[Entry]) -> str:
    lines: dict[str, list[str]] = {}
    for entry in entries:
        lines.setdefault(entry.path, []).append(str(entry.line))
    return "; ".join(f"`{path}` {', '.join(found)}" for path, found in lines.items())
