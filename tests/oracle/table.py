"""Write ``docs/oracle.md``: each case, what the linter says of it, and what Django says.

    python tests/oracle/table.py --check
    python tests/oracle/table.py --pending
    python tests/oracle/table.py --run facts.json verdicts.jsonl [--run ...] [--mutation m.json]

Each ``--run`` is one installation: what ``measure.py`` and ``run_case.py`` printed there.
``--check`` needs no Django: it compares the cases and the claims with those in the file.
``--pending`` needs none either: cases that were added or changed since the last ``--run`` get a row
that says so, in place of answers.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[0]))
sys.path.append(str(Path(__file__).resolve().parents[2]))

import oracle_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

TARGET = Path(__file__).resolve().parents[2] / "docs" / "oracle.md"
ROW = re.compile(r"^\| `([^`]+)` \| ([^|]+) \|")
SILENT = "silent"
#: What stands where an installation has not been asked about a case yet.
PENDING = "not asked yet"

INTRODUCTION = """# The oracle

Real Django is the judge of this linter. Every fixture of `tests/fixtures` is read by the linter
and run under Django: imported, requested, the database written to, requested again, and compared
with a process that never saw the old rows. A disagreement is a failing test. How to prove a case
in a project of your own: [prove-it](prove-it.md).

This file is written by `tests/oracle/table.py`; `nox` makes it anew.
"""

LEGEND = """The linter's column names the messages. Django's columns say whether a query ran
at import, and whether the second request shows old rows (*stale*) or not (*fresh*). *Moment*:
stale as time, tenant or dice move on, and fresh while they stand still. *Refused*: the guard of
Django REST framework raises. *Left behind*: a visitor's page changes after another visitor's
request; *raced*: only while that runs, at one of its lines.
"""


@dataclass(frozen=True)
class Installation:
    """One installation's answers."""

    facts: dict[str, Any]
    verdicts: dict[str, Any]

    @property
    def name(self) -> str:
        """The version of Django."""
        return str(self.facts["versions"]["Django"])

    def says(self, case: oracle_cases.Case) -> str:
        """Django's verdict on a case, in a few words."""
        verdict = self.verdicts.get(case.name)
        if verdict is None:
            return "not run"
        words = ["query at import"] if verdict["queries_at_import"] else []
        routes = verdict["paths"]
        visitors = verdict.get("visitors", {})
        if visitors.get("left_behind"):
            words.append("left behind")
        elif visitors.get("raced"):
            words.append("raced")
        elif case.name in oracle_cases.RAISES:
            words.append("refused")
        elif not routes["/"]["stale"]:
            words.append("fresh")
        elif "still" in verdict and not verdict["still"]["/"]["stale"]:
            words.append("stale (moment)")
        else:
            words.append("stale")
        return ", ".join(words)


def claims(case: oracle_cases.Case) -> str:
    """The annotations of a case, in the words of the table."""
    found = [symbol for _, _, symbol in case.annotations]
    return (
        ", ".join(
            symbol if found.count(symbol) == 1 else f"{symbol} ({found.count(symbol)})"
            for symbol in sorted(set(found))
        )
        or SILENT
    )


def linter_says(cases: list[oracle_cases.Case]) -> dict[str, str]:
    """The linter's verdict on each case."""
    import support

    from qs_lint.project.source import Project

    project = Project()
    said = {}
    for case in cases:
        reported = {
            (file, report.line, report.symbol)
            for file in case.files
            for report in support.analysed(file, project=project)
        }
        same = reported == set(case.annotations)
        said[case.name] = claims(case) if same else f"otherwise: {len(reported)} reports"
    return said


def page(installations: list[Installation], mutation: dict[str, Any] | None) -> str:
    """The whole file."""
    cases = oracle_cases.all_cases()
    said = linter_says(cases)
    parts = [INTRODUCTION, *figures(installations, cases, said), *differences(installations, cases)]
    parts += mutations(mutation) if mutation else []
    parts += exceptions()
    parts += ["## Cases\n", LEGEND]
    head = " | ".join(f"Django {installation.name}" for installation in installations)
    line = " | ".join(["---"] * (len(installations) + 2))
    for group in sorted({case.group for case in cases}):
        parts.append(f"### {group}\n")
        rows = [f"| case | linter | {head} |", f"| {line} |"]
        for case in cases:
            if case.group == group:
                verdicts = " | ".join(each.says(case) for each in installations)
                rows.append(f"| `{case.name}` | {said[case.name]} | {verdicts} |")
        parts.append("\n".join(rows) + "\n")
    return "\n".join(parts)


def figures(
    installations: list[Installation], cases: list[oracle_cases.Case], said: dict[str, str]
) -> Iterator[str]:
    """Totals."""
    from mutate import disagrees

    yield "## Figures\n"
    rows = ["| | " + " | ".join(f"Django {each.name}" for each in installations) + " |"]
    rows.append("| --- " * (len(installations) + 1) + "|")
    for package in ("Python", "djangorestframework", "django-filter"):
        rows.append(line_of(package, [each.facts["versions"][package] for each in installations]))
    rows.append(line_of("cases", [len(each.verdicts) for each in installations]))
    wrong = {
        each.name: [
            case.name
            for case in cases
            if said[case.name] != claims(case)
            or disagrees(case, [(str(f), n, s) for f, n, s in case.annotations], each.verdicts)
        ]
        for each in installations
    }
    rows.append(line_of("disagreements", [len(wrong[each.name]) for each in installations]))
    for what, count in COUNTS.items():
        rows.append(line_of(what, [count(each.facts) for each in installations]))
    yield "\n".join(rows) + "\n"
    annotations = sum(len(case.annotations) for case in cases)
    yield (
        f"{len(cases)} cases with {annotations} annotated lines; "
        f"{sum(not case.annotations for case in cases)} of the cases must stay silent.\n"
    )
    for name, found in wrong.items():
        if found:
            yield f"Disagreements on Django {name}: {', '.join(found)}\n"


def line_of(label: str, values: list[Any]) -> str:
    """A row of the table of figures."""
    return f"| {label} | " + " | ".join(str(value) for value in values) + " |"


#: What the measurement of single facts covers.
COUNTS: dict[str, Any] = {
    "methods tried": lambda facts: sum(
        len(facts["queries"][kind]) for kind in ("QuerySet", "Manager", "RawQuerySet", "related")
    ),
    "methods tried on a full cache": lambda facts: len(facts["queries"]["full"]),
    "uses by Python itself": lambda facts: len(facts["queries"]["fills"]),
    "arguments of callables": lambda facts: sum(
        len(arguments)
        for key in ("callees", "methods", "takers")
        for arguments in facts["calls"][key].values()
    ),
    "clocks, dice and contexts": lambda facts: sum(
        "missing" not in outcome for outcome in facts["volatile"].values()
    ),
    "framework classes": lambda facts: len(facts["classes"]),
    "kinds of holder (who makes the object, how often)": lambda facts: len(facts["makers"]),
}


def differences(installations: list[Installation], cases: list[oracle_cases.Case]) -> Iterator[str]:
    """Where versions disagree with each other."""
    yield "## Differences between versions\n"
    lines = []
    for case in cases:
        said = {each.name: each.says(case) for each in installations}
        if len(set(said.values())) > 1:
            text = "; ".join(f"{name}: {verdict}" for name, verdict in said.items())
            lines.append(f"- `{case.name}`: {text}")
    for kind in ("QuerySet", "Manager", "RawQuerySet"):
        names = {each.name: set(each.facts["queries"][kind]) for each in installations}
        everywhere = set.intersection(*names.values())
        for method in sorted(set.union(*names.values()) - everywhere):
            there = [name for name, found in names.items() if method in found]
            lines.append(f"- `{kind}.{method}`: in Django {', '.join(there)} only")
    for name in sorted(set.union(*(set(each.facts["calls"]["callees"]) for each in installations))):
        effects = {
            each.name: effects_of(each.facts["calls"]["callees"].get(name))
            for each in installations
        }
        if len(set(effects.values())) > 1:
            text = "; ".join(f"{version}: {effect}" for version, effect in effects.items())
            lines.append(f"- `{name}`: {text}")
    yield "\n".join(lines or ["None."]) + "\n"


def effects_of(outcomes: dict[str, Any] | None) -> str:
    """What a callable does with its arguments."""
    if outcomes is None:
        return "not there"
    return ", ".join(sorted({outcome["effect"] for outcome in outcomes.values()}))


def mutations(found: dict[str, Any]) -> Iterator[str]:
    """What the mutation run showed."""
    yield "## Mutations\n"
    yield (
        "Each annotation is dropped, moved to another line and renamed; each row of the fact "
        "tables is dropped and changed in every way that makes sense (`tests/oracle/mutate.py`). "
        "A change that no test notices survives; it is excused if its row is listed below.\n"
    )
    rows = ["| change | changes | noticed | excused | survived |", "| --- " * 5 + "|"]
    for part, title in (("annotations", "annotations"), ("facts", "rows of facts")):
        outcome = found[part]
        rows.append(
            f"| {title} | {outcome['total']} | {outcome['killed']} | {len(outcome['excused'])} | "
            f"{len(outcome['survived'])} |"
        )
    for part in ("annotations", "facts"):
        for kind, counter in found[part]["kinds"].items():
            alive = counter.get("survived", 0)
            excused = counter.get("excused", 0)
            total = sum(counter.values())
            rows.append(f"| {kind} | {total} | {total - alive - excused} | {excused} | {alive} |")
    yield "\n".join(rows) + "\n"
    django = sum(
        number
        for counter in found["annotations"]["kinds"].values()
        for killers, number in counter.items()
        if "Django" in killers
    )
    yield (
        f"Of the changed annotations, {found['annotations']['killed']} contradict the linter and "
        f"{django} contradict Django as well.\n"
    )
    survivors = [*found["annotations"]["survived"], *found["facts"]["survived"]]
    if survivors:
        yield "Survivors:\n"
        yield "\n".join(f"- `{name}`" for name in survivors) + "\n"


def exceptions() -> Iterator[str]:
    """Cases not run, rows not measured, each with its reason."""
    import fact_exceptions

    yield "## Not run, not measured\n"
    lines = [f"- `{case}`: {why}" for case, why in oracle_cases.NOT_RUN.items()]
    lines = lines or ["- Cases that Django cannot run: none."]
    reasons: dict[str, list[str]] = {}
    for row, why in fact_exceptions.UNMEASURED.items():
        reasons.setdefault(why, []).append(f"`{row}`")
    lines += [f"- {why}: {', '.join(rows)}" for why, rows in reasons.items()]
    yield "\n".join(lines) + "\n"
    if fact_exceptions.DISPUTED:
        yield "Rows that are known to be imprecise:\n"
        disputed = fact_exceptions.DISPUTED.items()
        yield "\n".join(f"- `{row}`: {why}" for row, why in disputed) + "\n"


def stale() -> list[str]:
    """What the file says otherwise than the fixtures; empty if it is up to date."""
    lines = TARGET.read_text("utf-8").splitlines() if TARGET.exists() else []
    written = {match[1]: match[2] for line in lines if (match := ROW.match(line))}
    present = {case.name: claims(case) for case in oracle_cases.all_cases()}
    found = [f"{name}: not in the table" for name in sorted(present.keys() - written.keys())]
    found += [f"{name}: no such case" for name in sorted(written.keys() - present.keys())]
    found += [
        f"{name}: the table says {written[name]}, the fixture {present[name]}"
        for name in sorted(present.keys() & written.keys())
        if present[name] != written[name]
    ]
    return found


def pending() -> str:
    """The file, with rows without answers for the cases that it does not have as they are."""
    lines = TARGET.read_text("utf-8").splitlines()
    places = [index for index, line in enumerate(lines) if ROW.match(line)]
    first = max(index for index in range(places[0]) if lines[index].startswith("### "))
    head = next(line for line in lines[first:] if line.startswith("| case |"))
    written = {match[1]: line for line in lines if (match := ROW.match(line))}
    columns = head.count("|") - 3
    sections: dict[str, list[str]] = {}
    for case in sorted(oracle_cases.all_cases(), key=lambda each: each.name):
        row = written.get(case.name, "")
        match = ROW.match(row)
        if match is None or match[2] != claims(case):
            row = f"| `{case.name}` | {claims(case)} |" + f" {PENDING} |" * columns
        sections.setdefault(case.name.partition("/")[0], []).append(row)
    made: list[str] = []
    for name, rows in sections.items():
        made += [f"### {name}", "", head, "| --- " * (columns + 2) + "|", *rows, ""]
    return "\n".join([*lines[:first], *made, *lines[places[-1] + 2 :]]).rstrip() + "\n"


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only say whether the file is stale")
    parser.add_argument("--pending", action="store_true", help="rows for cases without answers")
    parser.add_argument("--run", nargs=2, type=Path, action="append", default=[])
    parser.add_argument("--mutation", type=Path)
    options = parser.parse_args()
    if options.check:
        found = stale()
        sys.exit("\n".join([f"{TARGET} is stale:", *found]) if found else 0)
    if options.pending:
        TARGET.write_text(pending(), encoding="utf-8")
        return
    installations = []
    for facts, verdicts in options.run:
        lines = verdicts.read_text("utf-8").splitlines()
        by_case = {verdict["case"]: verdict for verdict in map(json.loads, lines)}
        installations.append(Installation(json.loads(facts.read_text("utf-8")), by_case))
    mutation = json.loads(options.mutation.read_text("utf-8")) if options.mutation else None
    TARGET.write_text(page(installations, mutation), encoding="utf-8")


if __name__ == "__main__":
    main()
