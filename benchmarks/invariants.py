#!/usr/bin/env python3
"""Change files of the fixtures and of real projects, and see that the findings do not change.

    python benchmarks/invariants.py --files 600 --seed 1     write results/invariants.json
    python benchmarks/invariants.py --fixtures-only
    python benchmarks/invariants.py --corpus FOLDER          projects that are unpacked there

All fixtures are tried, and of the real projects (those of ``projects.json``, see ``corpus.py``, or
the folders in ``--corpus``) a sample: every file with a finding, as far as ``--files`` goes, then
files at random.  The changes are those of ``tests/trust/metamorphic.py``.  Exit status 1 if an
invariant was violated.

The result is one JSON object:

``what``        "invariants"
``date``        the day, ISO 8601
``versions``    package -> version, ``python`` among them
``seed``        the seed of the sample
``groups``      "fixtures" and "corpus", each with
                ``files``, ``with_findings``  how many files were changed, and how many of these
                                              have a finding
                ``cases``        invariant -> changed files (or places)
                ``violated``     invariant -> how many of these had other findings
                ``violations``   each: ``invariant``, ``name`` (project and file), ``less``,
                                ``more``
``cases``, ``violated``  sums
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests"), str(HERE.parent / "tests" / "trust")]

from corpus import CACHE, VENDORED, sources  # noqa: E402
from expectations import reported_files  # noqa: E402
from fuzz import versions  # noqa: E402
from trials import Count, try_file  # noqa: E402

from qs_lint.project.source import Project  # noqa: E402

FIXTURES = HERE.parent / "tests" / "fixtures"
#: Longer files take minutes and say no more.
LONGEST = 60_000


def folders(corpus: Path | None) -> dict[str, Path]:
    """Project -> folder."""
    if corpus is not None:
        return {path.name: path for path in sorted(corpus.iterdir()) if (path / "").is_dir()}
    CACHE.mkdir(parents=True, exist_ok=True)
    pins = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    return {pin["name"]: sources(pin, CACHE) for pin in pins}


def sample(roots: dict[str, Path], wanted: int, seed: int) -> list[tuple[str, Path]]:
    """Names and paths: those with findings first, then whatever looks like Django."""
    known = set(reported_files())
    first, rest = [], []
    for name, root in roots.items():
        for path in sorted(root.rglob("*.py")):
            inside = path.relative_to(root).as_posix()
            if inside.startswith(f"{VENDORED.get(name, chr(0))}/"):
                continue
            if path.stat().st_size > LONGEST:
                continue
            if (name, inside) in known:
                first.append((f"{name} {inside}", path))
            elif b"objects" in path.read_bytes():
                rest.append((f"{name} {inside}", path))
    chance = random.Random(seed)
    chance.shuffle(first)
    chance.shuffle(rest)
    return [*first[: wanted // 2], *rest][:wanted]


def measure(files: list[tuple[str, Path]]) -> Count:
    """Try all changes on files; one project for each top folder would be too much memory."""
    count = Count()
    project, current = Project(), ""
    for number, (name, path) in enumerate(sorted(files), 1):
        if name.split(" ")[0] != current:
            project, current = Project(), name.split(" ")[0]
        try:
            text = path.read_text(encoding="utf-8")
            compile(text, str(path), "exec", dont_inherit=True)
        except (SyntaxError, ValueError):
            continue
        before = len(count.violations)
        try_file(project, str(path), text, count, name=name)
        for violation in count.violations[before:]:
            print(json.dumps(violation), file=sys.stderr, flush=True)
        if number % 50 == 0:
            print(
                f"{number} files, {len(count.violations)} violations", file=sys.stderr, flush=True
            )
    return count


def main() -> int:
    """Run from the command line; 1 means that an invariant was violated."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--files", type=int, default=600, help="how many of the real projects")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--corpus", type=Path, help="a folder with a folder for each project")
    parser.add_argument("--fixtures-only", action="store_true")
    parser.add_argument("--out", type=Path, default=RESULTS / "invariants.json")
    options = parser.parse_args()
    fixtures = sorted(FIXTURES.rglob("*.py"))
    groups = {"fixtures": measure([(f"fixtures {p.relative_to(FIXTURES)}", p) for p in fixtures])}
    if not options.fixtures_only:
        roots = folders(options.corpus)
        groups["corpus"] = measure(sample(roots, options.files, options.seed))
    violated = sum(group.violated.total() for group in groups.values())
    result: dict[str, Any] = {
        "what": "invariants",
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "versions": versions(),
        "seed": options.seed,
        "groups": {name: vars(group) for name, group in groups.items()},
        "cases": sum(group.cases.total() for group in groups.values()),
        "violated": violated,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{result['cases']} cases, {violated} violations; see {options.out}")
    return int(violated > 0)


if __name__ == "__main__":
    sys.exit(main())
