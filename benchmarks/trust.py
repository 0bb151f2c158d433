#!/usr/bin/env python3
"""Write ``docs/trust.md`` and ``docs/corpus.md`` from what was measured.

    python benchmarks/trust.py              write
    python benchmarks/trust.py --check      fail if a page is not what it should be

Reads ``results/*.json`` (each says by ``what`` which script wrote it, and that script's docstring
describes it), ``expected/*.toml`` and ``projects.json``.  What has not been measured is said to be
missing.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results"
sys.path[:0] = [str(HERE), str(ROOT)]

from expectations import (  # noqa: E402
    UNREVIEWED,
    VERDICTS,
    Entry,
    Expectation,
    everything,
    precision,
)
from report_page import by_number, corpus  # noqa: E402
from tables import percent, table  # noqa: E402

from qs_lint.findings import Confidence  # noqa: E402

PAGES = {"trust": ROOT / "docs" / "trust.md", "corpus": ROOT / "docs" / "corpus.md"}
#: What can be measured, and the script that does it.
SCRIPTS = {
    "fuzz": "benchmarks/fuzz.py",
    "fuzz-command": "benchmarks/fuzz_command.py",
    "invariants": "benchmarks/invariants.py",
    "refactoring": "benchmarks/refactoring.py",
    "hygiene": "benchmarks/hygiene.py",
    "corpus": "benchmarks/corpus.py",
    "reproduce": "benchmarks/reproduce.py",
    "mutation": "benchmarks/mutants.py",
}
#: What the command's fuzzer looks for.
FAULTS = {
    "crashes": "a signal, a traceback, an exit code that is in no table",
    "limits": "processor time or memory exhausted, or no end",
    "orders": "an output that a terminal or a CI service would obey",
    "writes": "a file written, changed or removed that the command line does not name",
    "blind": "exit code 0, and no file was checked",
}
WRITTEN = "<!-- Written by benchmarks/trust.py. Do not edit. -->"
AGAIN = """\
*Again*: asked a second time, alone and without what was read before. *Disagreements*: the second
answer was another one."""
REFACTORING = """\
The refactorings keep the meaning of a module. Each was done to every fixture that is one module and
has something to refactor so, with a report (*bad*) and without one (*good*). *Survived*: the same
reports, at the lines to edit, and no other; *lost*: one is missing; *false*: one is new."""
RIGHT = """\
Each report was read, together with the code behind it. *True*: a bug. *By design*: the report
describes what happens, but it is wanted or does no harm. *False*: the report is wrong. *Right* is
the share of true and by design. *Causes* counts reports of one project with one reason once.
[Every report, with its verdict](corpus.md)."""
STALE = """\
Two requests to one process, a write (or a while) between them, and then a request to a new process.
*Stale*: the second answer is the first one; the new process answers otherwise, and the old one
answers like it as soon as the reported object, and nothing else, has been made anew ("renewed")."""
FIRST_READING = """\
What the rules [`leaked-request-queryset`](rules/leaked-request-queryset.md) and
[`leaked-request-state`](rules/leaked-request-state.md) said of projects that had played no part in
writing them. Each report was read with the code behind it before anything was mended; it stands
here as it was then, whatever is said today. Where a report tells how somebody gets around the
rights of others, its place is left out."""
FIRST_READING_ALL = """\
What all rules said of projects that nobody had looked at before. Each report was read with the code
behind it before anything was mended; it stands here as it was then, whatever is said today.
*True*: the maintainer would be glad to know. *By design*: it is as said, but meant. *False*: what
is said does not happen, or nobody can tell. *Causes* counts reports of one project with one reason
once. Where a report tells how somebody gets around the rights of others, its place is left out."""
CONFIDENCES = ("HIGH", "INFERENCE", "INFERENCE_FAILURE")
Results = dict[str, list[dict[str, Any]]]
Expectations = dict[str, Expectation]


def results(folder: Path = RESULTS) -> Results:
    """``what`` -> the results of that kind, in the order of their files' names."""
    found: Results = {what: [] for what in SCRIPTS}
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text(encoding="utf-8"))
        found.setdefault(data.get("what", path.stem), []).append(data)
    return found


def missing(what: str) -> str:
    """Said in place of a figure."""
    return f"Not measured yet: `{SCRIPTS[what]}` has left no result."


def measured(found: Sequence[dict[str, Any]]) -> str:
    """When, and with which versions."""
    said = []
    for one in found:
        versions = one.get("versions", {})
        with_ = ", ".join(f"{name} {versions[name]}" for name in sorted(versions))
        said.append(f"{one['date']}{f' ({with_})' if with_ else ''}")
    return f"Measured on {'; '.join(dict.fromkeys(said))}."


# --- the sections of docs/trust.md


def glance(found: Results, expected: Expectations) -> str:
    """One line for each question."""
    rows: list[tuple[str, str]] = []

    def row(what: str, question: str, answer: str) -> None:
        rows.append((question, answer if found[what] else missing(what)))

    fuzz = found["fuzz"]
    inputs = _sum(fuzz, "inputs")
    row("fuzz", "Does it crash?", f"crashes: {_sum(fuzz, 'crashes')}, in {inputs:,} inputs")
    worst = max((one["worst"]["seconds"] for one in fuzz), default=0)
    limit = max((one["limit"]["seconds"] for one in fuzz), default=0)
    hangs = f"over {limit:g} s: {_sum(fuzz, 'hangs')}; the slowest of the others: {worst:.1f} s"
    row("fuzz", "Does it hang?", hangs)
    memory = max((one["memory"]["peak_mb"] for one in fuzz), default=0)
    row("fuzz", "How much memory?", f"{memory:,} MB at most, for all inputs of a run")
    again = sum(kind["again"] for one in fuzz for kind in one["kinds"].values())
    same = f"other answers: {_sum(fuzz, 'disagreements')}, in {again:,} inputs asked twice"
    row("fuzz", "Is the answer the same again?", same)
    command = found["fuzz-command"]
    tried = f"faults: {sum(_sum(command, fault) for fault in FAULTS)}, in "
    tried += f"{_sum(command, 'inputs'):,} folders and command lines"
    row("fuzz-command", "And the command, in a hostile folder?", tried)
    kept = found["invariants"]
    cases = f"violations: {_sum(kept, 'violated')}, in {_sum(kept, 'cases'):,} cases"
    row("invariants", "And after changes of form?", cases)
    survived = " and ".join(
        f"{percent(_survived(sums['bad']))} of the reports, {percent(_survived(sums['good']))} of "
        "the silence"
        for sums in (_outcomes(one["one"]) for one in found["refactoring"])
    )
    row("refactoring", "And after refactoring?", f"{survived} survive")
    tests = found["hygiene"]
    passed = f"{_sum(tests, 'passed')} of {_sum(tests, 'cases')} tests pass"
    known = _sum(tests, "known")
    row(
        "hygiene",
        "Does it run what it reads?",
        passed + (f", known faults: {known}" if known else ""),
    )
    shares = [
        f"{percent(precision(_verdicts(expected, level, default=True)))} of `{level.name}`"
        for level in sorted(Confidence, reverse=True)
    ]
    rows.append(("Are its reports right (messages on by default)?", ", ".join(shares)))
    scenarios = [one for _, _, one in _scenarios(found)]
    stale = sum(one["stale"] for one in scenarios)
    packages = len({name for name, _, _ in _scenarios(found)})
    shown = f"{stale} of {len(scenarios)} scenarios with {packages} packages"
    row("reproduce", "Do the reported bugs happen?", shown)
    score = " and ".join(percent(_score(_sums(one))) for one in found["mutation"])
    row("mutation", "Would a test notice?", f"{score} of the sampled mutants are killed")
    return table(("question", "answer"), rows)


def _sum(found: Sequence[dict[str, Any]], name: str) -> int:
    return sum(one[name] for one in found)


def fuzzed(found: Results) -> str:
    """Inputs tried, crashes, hangs, disagreements."""
    fuzz = found["fuzz"]
    if not fuzz:
        return missing("fuzz")
    columns = ("inputs", "parsed", "findings", "again", "crashes", "hangs", "disagreements")
    rows = [
        (kind, *(counts[column] for column in columns))
        for one in fuzz
        for kind, counts in sorted(one["kinds"].items())
    ]
    rows.append(("**sum**", *(sum(int(row[i + 1]) for row in rows) for i in range(len(columns)))))
    head = ("inputs of the kind", "tried", "are Python", *columns[2:])
    slow = [pair for one in fuzz for pair in one["slowest"]]
    slowest = sorted(slow, reverse=True)[:5]
    parts = [
        measured(fuzz),
        table(head, rows, len(columns)),
        AGAIN,
        "The slowest that came to an end:",
        table(("input", "seconds"), [(name, f"{seconds:.2f}") for seconds, name in slowest], 1),
    ]
    faults = [fault for one in fuzz for fault in one["faults"]]
    if faults:
        kinds = Counter((fault["fault"], fault["kind"]) for fault in faults)
        rows = [(fault, kind, count) for (fault, kind), count in sorted(kinds.items())]
        parts += ["The faults:", table(("fault", "kind", "inputs"), rows, 1)]
    return "\n\n".join(parts)


def fuzzed_command(found: Results) -> str:
    """Folders and command lines tried, and what came of them."""
    runs = found["fuzz-command"]
    if not runs:
        return missing("fuzz-command")
    inputs, checked = _sum(runs, "inputs"), _sum(runs, "checked")
    limit = runs[-1]["limit"]
    worst = max(one["worst"]["seconds"] for one in runs)
    codes: Counter[str] = Counter()
    for one in runs:
        codes.update(one["codes"])
    said = (
        f"{inputs:,} folders with hostile names, files and configurations were made; the command "
        f"was run in each with a hostile command line, in a process of its own: "
        f"`ulimit -v {limit['kilobytes']}`, {limit['seconds']} s of processor time. "
        f"{checked:,} of them came to check files, {_sum(runs, 'started'):,} were the installed "
        f"script. The slowest took {worst:.1f} s of processor time."
    )
    rows = [(said_of, _sum(runs, fault)) for fault, said_of in FAULTS.items()]
    parts = [measured(runs), said, table(("fault", "inputs"), rows, 1)]
    parts.append(
        table(("exit code", "inputs"), [(code, codes[code]) for code in sorted(codes, key=int)], 1)
    )
    faults = [(f"`{f['number']}`", f["fault"]) for one in runs for f in one["faults"]]
    if faults:
        parts += ["The faults:", table(("input", "fault"), faults)]
    return "\n\n".join(parts)


def invariants(found: Results) -> str:
    """Each invariant, and in how many cases it was tried."""
    kept = found["invariants"]
    if not kept:
        return missing("invariants")
    groups = sorted({group for one in kept for group in one["groups"]})
    names = sorted({i for one in kept for g in one["groups"].values() for i in g["cases"]})

    def count(group: str, column: str, name: str) -> int:
        return sum(one["groups"].get(group, {}).get(column, {}).get(name, 0) for one in kept)

    rows = [
        (
            name,
            *(count(g, "cases", name) for g in groups),
            sum(count(g, "violated", name) for g in groups),
        )
        for name in names
    ]
    files = [
        f"{sum(one['groups'][group]['files'] for one in kept if group in one['groups']):,} files "
        f"of the {group}"
        for group in groups
    ]
    head = ("change", *(f"cases: {group}" for group in groups), "violated")
    said = f"Each change was made to {' and '.join(files)}; the findings must stay what they were."
    return "\n\n".join([measured(kept), said, table(head, rows, len(groups) + 1)])


Cells = dict[str, dict[str, int]]


def _outcomes(matrix: dict[str, Cells]) -> dict[str, Counter[str]]:
    """Bad and good -> outcome -> products of all refactorings."""
    sums: dict[str, Counter[str]] = {"bad": Counter(), "good": Counter()}
    for cells in matrix.values():
        for kind, counts in cells.items():
            sums[kind].update(counts)
    return sums


def _survived(counts: dict[str, int]) -> float | None:
    """The share that survived."""
    tried = sum(counts.values())
    return counts.get("survived", 0) / tried if tried else None


def _matrix(what: str, cells: Cells) -> tuple[object, ...]:
    """A row of the matrix of refactorings."""
    figures: list[object] = []
    for kind in ("bad", "good"):
        counts = cells.get(kind, {})
        tried = sum(counts.values())
        figures += [tried, *(counts.get(name, 0) for name in ("lost", "false")[kind == "good" :])]
        figures.append(percent(_survived(counts)))
    return (what, *figures)


def refactoring(found: Results) -> str:
    """The matrix of refactorings: what survived each, what was lost, and why."""
    runs = found["refactoring"]
    if not runs:
        return missing("refactoring")
    parts = [measured(runs), REFACTORING]
    head = ("refactoring", "bad", "lost", "false", "survived", "good", "false", "survived")
    for one in runs:
        rows = [_matrix(name, cells) for name, cells in one["one"].items()]
        rows.append(_matrix("**one refactoring**", dict(_outcomes(one["one"]))))
        if one["pairs"]:
            rows.append(_matrix("**two, a sample**", one["pairs"]))
        parts.append(table(head, rows, 7))
        if one["played"]:
            same, other = (
                sum(row.get(key, 0) for row in one["played"].values()) for key in ("same", "other")
            )
            parts.append(
                f"Real Django was asked about {same + other} products, chosen by chance: "
                f"{same} show what their fixtures show, {other} do not."
            )
        if reasons := Counter(each["reason"] or "not known" for each in one["failures"]):
            parts += [
                "Why, with all products that were tried:",
                table(("reason", "products"), reasons.most_common(), 1),
            ]
    return "\n\n".join(parts)


def hygiene(found: Results) -> str:
    """The tests of safety."""
    tests = found["hygiene"]
    if not tests:
        return missing("hygiene")
    rows = [
        (row["claim"] or row["test"], row["cases"], row["passed"], row["failed"], row["known"])
        for one in tests
        for row in one["rows"]
    ]
    head = ("claim", "cases", "passed", "failed", "known faults")
    return "\n\n".join([measured(tests), table(head, rows, 4)])


def right(found: Results, expected: Expectations) -> str:
    """Precision by message and confidence."""
    levels = sorted(Confidence, reverse=True)
    rows = []
    for rule in by_number():
        for level in levels:
            verdicts = _verdicts(expected, level, symbols={rule.symbol})
            if verdicts:
                causes = _causes(expected, level, {rule.symbol})
                rows.append((f"`{rule.symbol}`", f"`{level.name}`", *_judged(verdicts), causes))
    sums = []
    for default in (True, False):
        for level in levels:
            symbols = {rule.symbol for rule in by_number() if rule.enabled or not default}
            verdicts = _verdicts(expected, level, default=default)
            which = "on by default" if default else "all messages"
            causes = _causes(expected, level, symbols)
            sums.append((which, f"`{level.name}`", *_judged(verdicts), causes))
    columns = ("reports", "true", "by design", "false", "right", "causes")
    parts = []
    if found["corpus"]:
        projects = [one for run in found["corpus"] for one in run["projects"].values()]
        files, faults = _sum(projects, "files"), sum(len(one["faults"]) for one in projects)
        seconds = sum(one["seconds"] for one in projects)
        parts.append(
            f"{len(projects)} projects from PyPI, {files:,} files, {seconds:.0f} s of processor "
            f"time, {faults} faults. {_sum(projects, 'unread')} files cannot be parsed or are too "
            f"large; in {_sum(projects, 'limited')} the engine reached its limit of steps "
            f"somewhere, and was silent there. {measured(found['corpus'])}"
        )
    else:
        parts.append(missing("corpus"))
    parts += [
        RIGHT,
        table(("messages", "confidence", *columns), sums, len(columns)),
        table(("message", "confidence", *columns), rows, len(columns)),
    ]
    false = [
        (
            name,
            f"`{entry.path}:{entry.line}`",
            f"`{entry.message}`",
            f"`{entry.confidence}`",
            entry.reason,
        )
        for name, expectation in expected.items()
        for entry in expectation.entries
        if entry.verdict == "false"
    ]
    if false:
        head = ("project", "where", "message", "confidence", "why it is false")
        parts += ["Every false report that is left:", table(head, false)]
    if unread := sum(entry.verdict == UNREVIEWED for _, entry in _entries(expected)):
        parts.append(f"Not reviewed, and not counted above: {unread} reports.")
    return "\n\n".join(parts)


def _entries(expected: Expectations) -> list[tuple[str, Entry]]:
    return [(name, entry) for name, one in expected.items() for entry in one.entries]


def _verdicts(
    expected: Expectations,
    level: Confidence,
    *,
    default: bool = False,
    symbols: set[str] | None = None,
) -> Counter[str]:
    """How many reports have which verdict; ``default``: only of messages that are on."""
    if symbols is None:
        symbols = {rule.symbol for rule in by_number() if rule.enabled or not default}
    return Counter(
        entry.verdict
        for _, entry in _entries(expected)
        if entry.message in symbols and entry.confidence == level.name
    )


def _causes(expected: Expectations, level: Confidence, symbols: set[str]) -> int:
    return len(
        {
            (name, entry.reason)
            for name, entry in _entries(expected)
            if entry.message in symbols
            and entry.confidence == level.name
            and entry.verdict != UNREVIEWED
        }
    )


def _judged(verdicts: Counter[str]) -> tuple[object, ...]:
    counts = [verdicts[verdict] for verdict in VERDICTS]
    return (sum(counts), *counts, percent(precision(verdicts)))


def reproduced(found: Results) -> str:
    """The scenarios, with the answers."""
    if not found["reproduce"]:
        return missing("reproduce")
    parts = [
        measured(found["reproduce"]),
        STALE,
    ]
    for run in found["reproduce"]:
        for name, package in sorted(run["packages"].items(), key=lambda pair: pair[0].lower()):
            versions = package["versions"]
            told = (
                f"{name} {versions[name]}, Django {versions['Django']}, Python {versions['python']}"
            )
            rows = [
                (
                    one["what"],
                    *(_answer(one[key]) for key in ("first", "second", "renewed", "new")),
                    "stale" if one["stale"] else "**not stale**",
                )
                for one in package["scenarios"]
            ]
            head = ("scenario", "first answer", "second answer", "renewed", "a new process", "")
            parts += [f"### {name}", f"{told}. {package['how']}", table(head, rows)]
    return "\n\n".join(parts)


def _answer(rows: Sequence[object]) -> str:
    return ", ".join(map(str, rows)) or "(nothing)"


def _scenarios(found: Results) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    return [
        (name, package, scenario)
        for run in found["reproduce"]
        for name, package in run["packages"].items()
        for scenario in package["scenarios"]
    ]


def mutated(found: Results) -> str:
    """Mutation score by module."""
    if not found["mutation"]:
        return missing("mutation")
    parts = []
    columns = ("mutants", "sampled", "killed", "survived", "excused")
    for run in found["mutation"]:
        rows = [
            (f"`{name}`", *(counts[column] for column in columns), percent(_score(counts)))
            for name, counts in sorted(run["modules"].items())
        ]
        sums = _sums(run)
        rows.append(("**sum**", *(sums[column] for column in columns), percent(_score(sums))))
        parts.append(f"Measured on {run['date']} with {run['tool']} {run['version']}.")
        parts.append(table(("module", *columns, "score"), rows, len(columns) + 1))
    parts.append(
        "Of all mutants a *sampled* share was tried, chosen by chance with a fixed seed. Tests "
        "were added for what had survived of this very share: another one would have a lower "
        "score. *Excused* ones change nothing that could be noticed, and do not count. The "
        "*survived* ones are neither killed nor explained yet."
    )
    return "\n\n".join(parts)


def _sums(run: dict[str, Any]) -> dict[str, int]:
    total: Counter[str] = Counter()
    for counts in run["modules"].values():
        total.update(counts)
    return total


def _score(counts: dict[str, int]) -> float | None:
    count = counts["killed"] + counts["survived"]
    return counts["killed"] / count if count else None


def first_reading_all(found: Results) -> str:
    """What all rules said of projects that nobody had looked at before, the newest first."""
    readings = [_reading(one) for one in reversed(found.get("first-reading", []))]
    if not readings:
        return f"{FIRST_READING_ALL}\n\nNot measured yet."
    newest, *older = readings
    folded = [
        f"<details>\n<summary>{summary}</summary>\n\n{body}\n\n</details>"
        for summary, body in older
    ]
    return "\n\n".join([FIRST_READING_ALL, *newest, *folded])


def _reading(one: dict[str, Any]) -> tuple[str, str]:
    """The sentence that introduces a reading, and its tables."""
    reports, misses, tried = one["reports"], one["misses"], one["candidates"]
    files = sum(project["files"] for project in one["projects"].values())
    slowest = max(project["cpu"] for project in one["projects"].values())
    engine = f", engine {one['engine']}" if "engine" in one else ""
    summary = (
        f"{one['title']} ({one['date']}{engine}): {len(one['projects'])} projects, {files:,} "
        f"files, {slowest:g} s of processor time for the slowest project."
    )
    head = ("messages", "confidence", "reports", "true", "by design", "false", "is false")
    judgement = ("project", "place", "message", "confidence", "verdict", "why")
    parts = [
        table((*head, "causes", "of them false"), _counts(reports), numbers=7),
        table(judgement, _judgements(reports)),
    ]
    if faults := [f"{fault['file']} of `{fault['project']}`" for fault in one["faults"]]:
        parts.append(f"Files that were given up (`qs-lint-fault`): {', '.join(faults)}.")
    parts.append(
        f"Misses: a naive search of the same projects listed {tried['listed']} lines that no "
        f"report stood at, and the code around {tried['opened']} of them was read. "
        f"{len(misses)} are bugs that were not seen."
    )
    rows = [(f"`{m['project']}`", f"{m['file']}:{m['line']}", m["kind"]) for m in misses]
    parts.append(table(("project", "place", "what"), rows))
    if one["note"]:
        parts.append(one["note"])
    parts.append(f"The projects: {_pins(one)}.")
    return summary, "\n\n".join(parts)


def _counts(reports: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """The rows of a reading's counts: of all messages, by confidence and by message."""
    default = [report for report in reports if report["symbol"] != "memoized-queryset"]
    leaks = [report for report in reports if report["symbol"].startswith("leaked-")]
    groups = [("on by default", default), ("all messages", reports), ("of leaks", leaks)]
    rows = [_counted(said, "", some) for said, some in groups if some]
    for symbol in sorted({report["symbol"] for report in reports}):
        groups.append((f"`{symbol}`", [one for one in reports if one["symbol"] == symbol]))
    for said, some in groups:
        for level in CONFIDENCES:
            if chosen := [report for report in some if report["confidence"] == level]:
                rows.append(_counted(said, f"`{level}`", chosen))
    return rows


def _judgements(reports: list[dict[str, Any]]) -> list[tuple[object, ...]]:
    """The rows of a reading's reports, one for each cause."""
    causes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for report in reports:
        causes.setdefault((report["project"], report["cause"]), []).append(report)
    rows: list[tuple[object, ...]] = []
    for (project, _), same in causes.items():
        first = same[0]
        more = f" and {len(same) - 1} more" if len(same) > 1 else ""
        place = f"{first['file']}:{first['line']}" if first["line"] else first["file"]
        said = (f"`{first['symbol']}`", f"`{first['confidence']}`", first["verdict"], first["why"])
        rows.append((f"`{project}`", f"{place}{more}", *said))
    return rows


def _counted(said: str, level: str, reports: list[dict[str, Any]]) -> tuple[object, ...]:
    """A row of the counts of verdicts."""
    verdicts = Counter(report["verdict"] for report in reports)
    causes = {(report["project"], report["cause"]): report["verdict"] for report in reports}
    false = list(causes.values()).count("false")
    counts = (verdicts["true"], verdicts["by design"], verdicts["false"])
    share = percent(verdicts["false"] / len(reports))
    return (said, level, len(reports), *counts, share, len(causes), false)


def _pins(one: dict[str, Any]) -> str:
    """The projects of a reading, with their commits."""
    return ", ".join(
        f"`{name}` {project['commit'][:10]}" for name, project in one["projects"].items()
    )


def first_reading(found: Results) -> str:
    """What the rules about leaks said of projects that nobody had looked at before."""
    parts = []
    for one in found.get("first-reading-leaks", []):
        verdicts = Counter(report["verdict"] for report in one["reports"])
        count, files = len(one["reports"]), sum(p["files"] for p in one["projects"].values())
        parts.append(
            f"{one['title']} ({one['date']}): {len(one['projects'])} projects, {files:,} files "
            f"without tests and migrations, {count} reports, {verdicts['true']} true, "
            f"{verdicts['by design']} by design, {verdicts['false']} false "
            f"({percent(verdicts['false'] / max(count, 1))} false). {one['note']}"
        )
        rows = [
            (
                f"`{report['project']}`",
                f"{report['file']}:{report['line']}" if report["line"] else report["file"],
                f"`{report['symbol']}`",
                report["meaning"],
                report["verdict"],
                report["why"],
            )
            for report in one["reports"]
        ]
        head = ("project", "place", "message", "told as", "verdict", "why")
        parts.append(table(head, rows))
        parts.append(f"The projects: {_pins(one)}.")
    return "\n\n".join([FIRST_READING, *parts]) if parts else "Not measured yet."


def trust(found: Results, expected: Expectations) -> str:
    """The text of ``docs/trust.md``."""
    return f"""\
# Can it be trusted?

{WRITTEN}

A linter is switched off after three false reports or one crash. These are the figures, with
whatever is wrong in them; each names the day and the versions that it was measured with. The
scripts are in [`benchmarks/`](../benchmarks), and what they left in
[`benchmarks/results/`](../benchmarks/results).

{glance(found, expected)}

## No crash, no hang

{fuzzed(found)}

## The command in a hostile folder

{fuzzed_command(found)}

## The same answer

{invariants(found)}

## After refactoring

{refactoring(found)}

## Nothing is run or touched

{hygiene(found)}

## Right on real projects

{right(found, expected)}

## On first reading

{first_reading_all(found)}

## On first reading: leaks

{first_reading(found)}

## Reproduced with the real packages

{reproduced(found)}

## Tests of the tests

{mutated(found)}
"""


def pages(folder: Path = RESULTS) -> dict[Path, str]:
    """The pages and their texts."""
    found, expected = results(folder), everything()
    pins = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    projects = [pair for run in found["corpus"] for pair in run["projects"].items()]
    files = {name: one["files"] for name, one in projects}
    return {
        PAGES["trust"]: trust(found, expected),
        PAGES["corpus"]: corpus(files, expected, pins),
    }


def stale() -> list[str]:
    """The names of the pages that are not what they should be."""
    return [
        path.name
        for path, text in pages().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> int:
    """Write, or compare; 1 means that a page is stale."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, compare")
    options = parser.parse_args()
    if options.check:
        found = stale()
        print(f"Stale: {', '.join(found)}" if found else "The pages are up to date.")
        return int(bool(found))
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
