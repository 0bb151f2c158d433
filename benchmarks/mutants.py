#!/usr/bin/env python3
"""Break the engine on purpose, and see whether the tests notice: mutation testing.

    python benchmarks/mutants.py                    write results/mutation.json
    python benchmarks/mutants.py --sample 20        20 places a module
    python benchmarks/mutants.py --only orm.py      modules whose path ends so; writes nothing
    python benchmarks/mutants.py --show             print survivors without an excuse, with diffs

cosmic-ray (extra ``mutation``) makes the mutants of the engine's packages and ``qs_lint/rules``, in
a copy of the checkout under ``--work``.  Most places can be mutated in several ways (``==`` becomes
``<``, ``is``, ...); a place counts once, so that comparisons do not crowd out the rest: a seeded
sample of places a module, one mutant each.

A run that was stopped goes on where it was.  When tests have changed since, survivors are tried
again; when a mutated module has changed, its places are drawn anew.

A mutant is killed when one of the STAGES fails, runs out of its processor time, or of memory.
Survivors may be excused in ``excused.json``, with a reason: no test could tell, or none should.

The result is one JSON object:

``what``, ``tool``, ``version``, ``python``, ``date``, ``seed``
``modules``     path -> ``mutants`` that there are, ``places`` where they are, ``sampled``,
                ``killed``, ``survived`` (without an excuse), ``excused``
``sampled``, ``killed``, ``survived``, ``excused``   sums
``score``       killed of those that are not excused, in percent
``survivors``   ``module``, ``line`` and what became of it, ``mutant`` (texts, no line numbers),
                ``operator``, ``reason`` (empty without an excuse)
"""

from __future__ import annotations

import argparse
import ast
import compileall
import datetime as dt
import hashlib
import json
import os
import platform
import py_compile
import random
import resource
import shlex
import shutil
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test
from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from cosmic_ray.work_item import MutationSpec, WorkItem

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results"
EXCUSED = HERE / "excused.json"
PACKAGES = tuple(
    f"qs_lint/{name}"
    for name in ("domain", "project", "values", "engine", "models", "phases", "rules")
)
#: What the tests need of a checkout.
COPIED = ("qs_lint", "tests", "benchmarks", "docs", "examples", "pyproject.toml", "README.md")
MEMORY = 4 << 30

#: Arguments of pytest, the cheapest and likeliest to notice first; each with a limit of processor
#: time in seconds.  None of them starts processes or needs Django.  ``test_messages.py`` analyses
#: all fixtures once, and fails at the first report that is new, gone or different.
STAGES = (
    (15, "tests/test_messages.py"),
    (
        20,
        "-k 'not through_pylint' "
        + " ".join(
            f"tests/test_{name}.py" for name in ("engine", "semantics", "rules", "fixtures")
        ),
    ),
)
PYTEST = "-x -q -p no:cacheprovider --no-header --tb=line -o addopts="

Place = tuple[int, int]
Range = tuple[Place, Place]


@dataclass(frozen=True)
class Mutant:
    """One mutant, and how many there are beside it in its module."""

    item: WorkItem
    module: str

    @property
    def spec(self) -> MutationSpec:
        """What is changed."""
        return self.item.mutations[0]

    @property
    def operator(self) -> str:
        """The operator without the name of its package."""
        return str(self.spec.operator_name).rpartition("/")[2]

    @property
    def place(self) -> tuple[str, Place, Place]:
        """Where, and what kind of change: mutants that differ in the replacement only share it."""
        kind, _, old_and_new = self.operator.partition("_")
        return f"{kind}_{old_and_new.partition('_')[0]}", self.spec.start_pos, self.spec.end_pos

    @property
    def name(self) -> str:
        """The same in every session."""
        return f"{self.module} {self.operator} {self.spec.occurrence:05}"


# what is not mutated


def left_alone(text: str) -> Iterator[tuple[Range, str]]:
    """Ranges of a module where a mutant says nothing about tests, with the operators' prefix.

    Annotations and imports for them are never run; slots and frozen classes save memory and
    accidents, no finding hangs on them; ``x is None`` and ``x == None`` are the same here.
    """
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation is not None:
            yield _range(node.annotation), ""
        if isinstance(node, ast.FunctionDef) and node.returns is not None:
            yield _range(node.returns), ""
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            yield _range(node), ""
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__slots__":
            yield _range(node), ""
        if isinstance(node, ast.keyword) and node.arg in ("slots", "frozen"):
            yield _range(node), ""
        if isinstance(node, ast.Compare) and ast.unparse(node.comparators[-1]) == "None":
            yield _range(node), "ReplaceComparisonOperator_Is_Eq"
            yield _range(node), "ReplaceComparisonOperator_IsNot_NotEq"


def _range(node: Any) -> Range:
    return (node.lineno, node.col_offset), (node.end_lineno, node.end_col_offset)


def worth_trying(mutants: Iterable[Mutant], text: str) -> list[Mutant]:
    """Those that are not left alone, in an order that does not depend on the session."""
    alone = list(left_alone(text))
    found = [
        mutant
        for mutant in mutants
        if not any(
            first <= mutant.spec.start_pos and mutant.spec.end_pos <= last
            for (first, last), operator in alone
            if mutant.operator.startswith(operator)
        )
    ]
    return sorted(found, key=lambda mutant: mutant.name)


def drawn(mutants: list[Mutant], sample: int, seed: int) -> tuple[list[Mutant], int]:
    """One mutant of each of so many places, and how many places there are."""
    places: dict[object, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        places[mutant.place].append(mutant)
    if not places:
        return [], 0
    chance = random.Random(f"{seed}:{mutants[0].module}")
    groups = chance.sample(list(places.values()), min(sample, len(places)))
    return [chance.choice(group) for group in groups], len(places)


# the copy and its session


def modules() -> list[str]:
    """The mutated modules, relative to the checkout."""
    found = [path for package in PACKAGES for path in (ROOT / package).rglob("*.py")]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def copy_checkout(copy: Path) -> None:
    """Bring the copy up to date: unmutated sources, the tests of today."""
    for name in COPIED:
        source, target = ROOT / name, copy / name
        if source.is_dir():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    # Valid as long as the source is: a mutated module is compiled, the others are not.
    by_hash = py_compile.PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(copy / "qs_lint", quiet=1, invalidation_mode=by_hash)


def digest(paths: Iterable[Path]) -> str:
    """What changes when one of the files does."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(f"{path.relative_to(ROOT)} {path.stat().st_size}\n".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def digest_of_tests() -> str:
    """What changes when a test does, or what it reads."""
    paths = (ROOT / "tests").rglob("*")
    return digest(path for path in paths if path.is_file() and "__pycache__" not in path.parts)


def session_of(module: str, work: Path, copy: Path) -> WorkDB:
    """The open database with all mutants of a module and the results so far."""
    name = f"{module.replace('/', '.')}-{digest([ROOT / module])[:16]}.sqlite"
    path = work / name
    if not path.exists():
        unfinished = path.with_suffix(".part")
        with use_db(unfinished, WorkDB.Mode.create) as database:
            init([copy / module], database, {})
        unfinished.rename(path)
    return WorkDB(path, WorkDB.Mode.open)


# a test run


def pytest_command(limit: int, tests: str) -> str:
    """The shell command of one stage, with its limit of processor time."""
    command = f"ulimit -t {limit}; exec {shlex.quote(sys.executable)} -m pytest {PYTEST} {tests}"
    return f"sh -c {shlex.quote(command)}"


def attempt(mutant: Mutant, stage: int) -> WorkResult:
    """Run one stage; ``RuntimeError`` if there is no such mutant."""
    limit, tests = STAGES[stage]
    # Processor time decides; the other limit is for what sleeps.
    result = mutate_and_test(mutant.item.mutations, pytest_command(limit, tests), limit * 20)
    if result.worker_outcome != WorkerOutcome.NORMAL:
        raise RuntimeError(f"{mutant.name}: {result.worker_outcome} {result.output}")
    return result


def check_baseline() -> None:
    """Without a mutant, all stages pass; ``SystemExit`` otherwise."""
    for limit, tests in STAGES:
        started = time.monotonic()
        if os.system(pytest_command(limit, tests)) != 0:
            raise SystemExit(f"fails without any mutant: {tests}")
        print(f"{time.monotonic() - started:.1f} s: {tests}", flush=True)


# what came of it


def changed_line(diff: str) -> tuple[str, str]:
    """The line of a diff that is mutated, before and after, without indentation."""
    lines = diff.splitlines()
    old = [line[1:].strip() for line in lines if line.startswith("-") and line[:3] != "---"]
    new = [line[1:].strip() for line in lines if line.startswith("+") and line[:3] != "+++"]
    return " ".join(old), " ".join(new)


def reasons() -> dict[tuple[str, str, str], str]:
    """The excuses: module, line and mutant -> reason."""
    listed = json.loads(EXCUSED.read_text(encoding="utf-8"))
    return {(one["module"], one["line"], one["mutant"]): one["reason"] for one in listed}


def summary(
    results: dict[str, list[tuple[Mutant, WorkResult]]], counts: dict[str, Any]
) -> dict[str, Any]:
    """The parts of the result that come from the mutants; ``counts`` are the modules' so far."""
    excuses = reasons()
    survivors = []
    for module, tried in results.items():
        row = counts[module] | {"sampled": len(tried), "killed": 0, "survived": 0, "excused": 0}
        counts[module] = row
        for mutant, result in tried:
            if result.test_outcome != TestOutcome.SURVIVED:
                row["killed"] += 1
                continue
            line, after = changed_line(result.diff)
            reason = excuses.get((module, line, after), "")
            row["excused" if reason else "survived"] += 1
            survivors.append(
                {
                    "module": module,
                    "line": line,
                    "mutant": after,
                    "operator": mutant.operator,
                    "reason": reason,
                }
            )
    columns = ("sampled", "killed", "survived", "excused")
    sums = {column: sum(row[column] for row in counts.values()) for column in columns}
    judged = sums["killed"] + sums["survived"]
    return {
        "modules": counts,
        "survivors": sorted(survivors, key=lambda one: (one["module"], one["line"], one["mutant"])),
        "score": round(100 * sums["killed"] / judged, 1) if judged else None,
        **sums,
    }


def show(results: dict[str, list[tuple[Mutant, WorkResult]]]) -> None:
    """Print the diffs of survivors without an excuse."""
    excuses = reasons()
    for module, tried in results.items():
        for mutant, result in tried:
            survived = result.test_outcome == TestOutcome.SURVIVED
            if survived and (module, *changed_line(result.diff)) not in excuses:
                print(f"## {mutant.name} in {mutant.spec.definition_name}\n{result.diff}\n")


def main() -> int:
    """Run from the command line; 1 means that a mutant survives without an excuse."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--sample", type=int, default=9, help="places of each module")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[], help="ends of the paths of modules")
    parser.add_argument("--show", action="store_true", help="run nothing, print survivors")
    work = Path(tempfile.gettempdir()) / "qs_lint_mutants"
    parser.add_argument("--work", type=Path, default=work, help="where copy and sessions are kept")
    parser.add_argument("--out", type=Path, default=RESULTS / "mutation.json")
    options = parser.parse_args()

    copy: Path = options.work / "copy"
    copy.mkdir(parents=True, exist_ok=True)
    copy_checkout(copy)
    chosen = [m for m in modules() if not options.only or m.endswith(tuple(options.only))]
    counts: dict[str, dict[str, int]] = {}
    results: dict[str, list[tuple[Mutant, WorkResult]]] = {}
    databases: dict[str, WorkDB] = {}
    numbered: list[tuple[int, Mutant]] = []
    for module in chosen:
        database = databases[module] = session_of(module, options.work, copy)
        items = (Mutant(item, module) for item in database.work_items)
        mutants = worth_trying(items, (ROOT / module).read_text(encoding="utf-8"))
        sample, places = drawn(mutants, options.sample, options.seed)
        counts[module] = {"mutants": len(mutants), "places": places}
        results[module] = []
        numbered += enumerate(sample)
    # A run that is stopped has something of each module.
    queue = [mutant for _, mutant in sorted(numbered, key=lambda entry: entry[0])]

    os.nice(10)
    os.chdir(copy)
    os.environ.update(PYTHONPATH=str(copy), PYTHONDONTWRITEBYTECODE="1", PYTHONHASHSEED="0")
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    tests = digest_of_tests()
    if not options.show:
        check_baseline()
    known = {module: dict(database.results) for module, database in databases.items()}
    for stage in range(0 if options.show else len(STAGES)):
        # What has survived a stage is noted with the tests of that day.
        survived = [f"{tests} {each}" for each in range(stage, len(STAGES))]
        for number, mutant in enumerate(queue, 1):
            result = known[mutant.module].get(mutant.item.job_id)
            if result is not None:
                if result.test_outcome != TestOutcome.SURVIVED or result.output in survived:
                    continue
            result = attempt(mutant, stage)
            outcome = result.test_outcome
            if outcome == TestOutcome.SURVIVED:
                result = WorkResult(result.worker_outcome, survived[0], outcome, result.diff)
            databases[mutant.module].set_result(mutant.item.job_id, result)
            known[mutant.module][mutant.item.job_id] = result
            print(f"{stage} {number}/{len(queue)} {mutant.name} {outcome}", flush=True)
    for mutant in queue:
        if mutant.item.job_id in known[mutant.module]:
            results[mutant.module].append((mutant, known[mutant.module][mutant.item.job_id]))
    for database in databases.values():
        database.close()
    if options.show:
        show(results)
        return 0
    result = {
        "what": "mutation",
        "tool": "cosmic-ray",
        "version": version("cosmic-ray"),
        "python": platform.python_version(),
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "seed": options.seed,
        **summary(results, counts),
    }
    figures = {key: result[key] for key in ("sampled", "killed", "survived", "excused", "score")}
    if not options.only:
        text = json.dumps(result, indent=1, sort_keys=True)
        options.out.write_text(text + "\n", encoding="utf-8")
    print(figures)
    return int(result["survived"] > 0)


if __name__ == "__main__":
    sys.exit(main())
