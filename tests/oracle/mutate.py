"""Change one annotation, or one row of the fact tables, at a time, and see whether a test notices.

    python tests/oracle/measure.py > facts.json
    python tests/oracle/run_case.py > verdicts.jsonl
    python tests/oracle/mutate.py --facts facts.json --verdicts verdicts.jsonl

Nothing is written: annotations are changed in memory, tables are replaced in the running
process. A row is first held against the measurement; what survives that, against the fixtures.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[0]))
sys.path.append(str(Path(__file__).resolve().parents[2]))

import fact_check
import fact_exceptions
import fact_tables
import oracle_cases
import support
import test_agreement

from qs_lint.facts.schema import Callee
from qs_lint.project.source import Project

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Where an annotation is moved when it is called something else.
OTHER = {
    "frozen-class-queryset": "frozen-module-queryset",
    "frozen-module-queryset": "import-time-query",
    "frozen-default-queryset": "frozen-class-queryset",
    "shared-queryset-cache": "shared-context-queryset",
    "shared-context-queryset": "shared-queryset-cache",
    "frozen-queryset-argument": "shared-queryset-cache",
    "import-time-query": "frozen-class-queryset",
    "memoized-queryset": "shared-queryset-cache",
    "leaked-request-queryset": "leaked-request-state",
    "leaked-request-state": "shared-queryset-cache",
}


@dataclass(frozen=True)
class Mutant:
    """One change and who noticed."""

    kind: str
    name: str
    killers: tuple[str, ...]


# annotations


def annotation_mutants(verdicts: dict[str, Any]) -> Iterator[Mutant]:
    """Drop, move and rename each annotation of the fixtures."""
    project = Project()
    for case in oracle_cases.all_cases():
        reported = {
            (report.path, report.line, report.symbol)
            for file in case.files
            for report in support.analysed(file, project=project)
        }
        claims = [(str(file), line, symbol) for file, line, symbol in case.annotations]
        for index, (path, line, symbol) in enumerate(claims):
            rest = claims[:index] + claims[index + 1 :]
            for kind, changed in (
                ("annotation dropped", rest),
                ("annotation moved", [*rest, (path, elsewhere(Path(path), line), symbol)]),
                ("annotation renamed", [*rest, (path, line, OTHER[symbol])]),
            ):
                killers = ["linter"] if set(changed) != reported else []
                if disagrees(case, changed, verdicts):
                    killers.append("Django")
                yield Mutant(kind, f"{case.name}:{line} {symbol}", tuple(killers))


def elsewhere(path: Path, line: int) -> int:
    """Another line with code in the same file: the next one, else the one before."""
    lines = path.read_text("utf-8").splitlines()
    later = [number for number in range(line + 1, len(lines) + 1) if lines[number - 1].strip()]
    return (later or [line - 1])[0]


def disagrees(case: oracle_cases.Case, claims: Any, verdicts: dict[str, Any]) -> bool:
    """Say whether a test of the oracle fails with these annotations."""
    if case.name not in verdicts:
        return False
    changed = replace(case)
    vars(changed)["annotations"] = [(Path(path), line, symbol) for path, line, symbol in claims]
    tests = test_agreement
    frozen, wasted = oracle_cases.AT_IMPORT, {oracle_cases.WASTED}
    checks = [
        (tests.test_frozen_at_import, frozen),
        (tests.test_stale, oracle_cases.STALE - frozen),
        (tests.test_wasted, wasted),
        (tests.test_line, frozen | wasted),
        (tests.test_request_line, {oracle_cases.SHARED, oracle_cases.MEMOIZED}),
        (tests.test_argument, {oracle_cases.ARGUMENT}),
        (tests.test_leaked, oracle_cases.LEAKED),
    ]
    chosen = [check for check, symbols in checks if changed.symbols & symbols]
    if not claims:
        chosen.append(tests.test_clean)
    if "/bad" in case.name:
        chosen.append(lambda case, _: tests.test_claim(case))
    for check in chosen:
        try:
            check(changed, verdicts)
        except (AssertionError, KeyError):
            return True
    return False


# facts


def fact_mutants(measured: dict[str, Any]) -> Iterator[Mutant]:
    """Change each row of each table in every way that makes sense."""
    tables = fact_tables.load()
    assert not fact_check.Check(tables, measured).undisputed()
    fixtures = Fixtures()
    for kind, name, changed in changes(tables):
        killers = []
        if fact_check.Check({**tables, **changed}, measured).undisputed():
            killers.append("facts")
        else:
            table, row = name.split(": ", 1)
            if fixtures.notice("" if table == "bases.BASES" else row, changed):
                killers.append("fixtures")
        yield Mutant(kind, name, tuple(killers))


def changes(tables: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Kind of change, table and row, and the tables as they are then."""
    for name, table in tables.items():
        for row in table:
            label = f"{name}: {row if isinstance(row, str) else row[0]}"
            yield "row dropped", label, {name: without(table, row)}
            if isinstance(table, dict):
                for what, value in values(name, table[row]):
                    yield what, label, {name: {**table, row: value}}
    yield from moves(tables)


def without(table: Any, row: Any) -> Any:
    """A table without a row."""
    if isinstance(table, dict):
        return {key: value for key, value in table.items() if key != row}
    return type(table)(each for each in table if each != row)


def values(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """Other values for a row."""
    if isinstance(value, Callee):
        yield from callees(value)
    elif name == "bases.BASES":
        swapped = " ".join(LIVES.get(word, word) for word in value.split())
        if swapped != value:
            yield "per-request ↔ singleton", swapped
        for word in value.split():
            if word not in LIVES:
                yield "kind dropped", " ".join(each for each in value.split() if each != word)
    elif isinstance(value, int):
        yield "position changed", value + 1
    elif isinstance(value, tuple):
        for index in range(len(value)):
            yield "argument dropped", value[:index] + value[index + 1 :]
    elif isinstance(value, str):
        yield (
            "value changed",
            {"clock": "random", "random": "clock", "context": "clock"}.get(
                value, {"scalar": "list"}.get(value, "scalar")
            ),
        )


LIVES = {"per-request": "singleton", "singleton": "per-request"}
NEXT = {"iterates": "peeks", "peeks": "iterates", "later": "iterates"}


def callees(row: Callee) -> Iterator[tuple[str, Callee]]:
    """A callable that does something else."""
    for effect, other in NEXT.items():
        arguments = getattr(row, effect)
        if arguments:
            yield f"{effect} → nothing", replace(row, **{effect: ()})
            moved = {effect: (), other: (*getattr(row, other), *arguments)}
            yield f"{effect} → {other}", replace(row, **moved)
    if not (row.iterates or row.peeks or row.later):
        yield "nothing → iterates", replace(row, iterates=(0,))
    if row.invokes:
        yield "invokes → nothing", replace(row, invokes=())
    yield "returns changed", replace(row, returns="list" if row.returns != "list" else "none")
    for flag in ("fresh", "silent"):
        if any(field.name == flag for field in fields(row)):
            yield f"{flag} flipped", replace(row, **{flag: not getattr(row, flag)})


#: Methods that move from one table to another: from, to, the value there.
MOVES = (
    ("LAZY", "EVALUATING", "list"),
    ("EVALUATING", "LAZY", None),
    ("WRITING", "EVALUATING", "scalar"),
    ("DEFERRED", "LAZY", None),
    ("ASYNC", "EVALUATING", "scalar"),
    ("NO_SQL", "EVALUATING", "scalar"),
)


def moves(tables: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Methods of querysets in another table: lazy ones that evaluate, and so on."""
    for source, target, value in MOVES:
        old, new = tables[f"querysets.{source}"], tables[f"querysets.{target}"]
        for row in old:
            there = {**new, row: value} if isinstance(new, dict) else new | {row}
            changed = {f"querysets.{source}": without(old, row), f"querysets.{target}": there}
            yield f"{source} → {target}", f"querysets.{source}: {row}", changed


class Fixtures:
    """The fixtures, as a judge of what the measurement does not see."""

    def __init__(self) -> None:
        """Read all files once."""
        files = sorted(support.FIXTURES.rglob("*.py"))
        self.texts = {path: path.read_text("utf-8") for path in files}

    def notice(self, row: str, changed: dict[str, Any]) -> bool:
        """Say whether a fixture that has the last part of the name is judged otherwise."""
        project = Project(facts=fact_tables.changed(changed))
        word = row.rstrip("*.").split(".")[-1]
        undo = [swap(old, table) for old, table in fact_tables.constants(changed)]
        try:
            return any(
                support.analysed(path, text, project) != support.annotated(path, text)
                for path, text in self.texts.items()
                if word in text
            )
        except Exception:  # noqa: BLE001 (an engine that breaks down is noticed)
            return True
        finally:
            for restore in undo:
                for namespace, name, value in restore:
                    namespace[name] = value


def swap(old: Any, table: Any) -> list[tuple[dict[str, Any], str, Any]]:
    """Put a constant in the place of another wherever it was imported; say how to undo it."""
    undo = []
    for loaded in [mod for key, mod in sys.modules.items() if key.startswith("qs_lint")]:
        for attribute, value in list(vars(loaded).items()):
            if value is old:
                undo.append((vars(loaded), attribute, old))
                vars(loaded)[attribute] = table
    return undo


def excused(mutant: Mutant) -> bool:
    """Say whether the row is one that is listed as not measured, or not right."""
    tables = (fact_exceptions.UNMEASURED, fact_exceptions.DISPUTED, fact_exceptions.PYTHON)
    row = mutant.name.split(": ", 1)[-1]
    unproven = fact_check.matches(row, fact_tables.unproven())
    return bool(unproven) or any(fact_check.matches(mutant.name, table) for table in tables)


def summary(mutants: list[Mutant]) -> dict[str, Any]:
    """Counts by kind of change, and the survivors."""
    kinds: dict[str, Counter[str]] = {}
    for mutant in mutants:
        kinds.setdefault(mutant.kind, Counter())[
            " + ".join(mutant.killers) or ("excused" if excused(mutant) else "survived")
        ] += 1
    alive = [m for m in mutants if not m.killers]
    return {
        "kinds": {kind: dict(counter) for kind, counter in kinds.items()},
        "total": len(mutants),
        "killed": len(mutants) - len(alive),
        "excused": sorted(f"{m.name} ({m.kind})" for m in alive if excused(m)),
        "survived": sorted(f"{m.name} ({m.kind})" for m in alive if not excused(m)),
    }


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--facts", type=Path, required=True)
    parser.add_argument("--verdicts", type=Path)
    options = parser.parse_args()
    verdicts = {}
    if options.verdicts:
        lines = options.verdicts.read_text("utf-8").splitlines()
        verdicts = {verdict["case"]: verdict for verdict in map(json.loads, lines)}
    measured = json.loads(options.facts.read_text("utf-8"))
    found = {
        "annotations": summary(list(annotation_mutants(verdicts))),
        "facts": summary(list(fact_mutants(measured))),
    }
    json.dump(found, sys.stdout, indent=1, ensure_ascii=False)
    print()
    sys.exit(any(part["survived"] for part in found.values()))


if __name__ == "__main__":
    main()
