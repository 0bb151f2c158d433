#!/usr/bin/env python3
"""Refactor the fixtures, and see that findings survive and that silence does.

    python benchmarks/refactoring.py                         write results/refactoring.json
    python benchmarks/refactoring.py --share 20              every 20th fixture, write nothing
    python benchmarks/refactoring.py --pairs 600 --seed 1    so many products of two refactorings
    python benchmarks/refactoring.py --play 10               ask Django about 10 of each, too

The refactorings are those of ``tests/trust/refactorings``.  Every fixture that is one module is
given to each of them, and a sample to two, one after the other.  Exit status 1 if a report was lost
or a false one appeared that ``tests/trust/refactorings/known.json`` does not list with its reason,
or if one of the listed ones is right now.

The result is one JSON object:

``what``        "refactoring"
``date``        the day, ISO 8601
``versions``    package -> version, ``python`` among them
``seed``        the seed of the pairs and of what is played
``fixtures``    "bad" and "good" -> how many fixtures with and without a report
``one``         refactoring -> "bad" and "good" -> outcome ("survived", "lost", "false") -> products
``two``         the same, of pairs; each counts for both of its refactorings
``pairs``       how many products of two refactorings there are, in the form of one such row
``played``      refactoring -> "same" and "other" -> how many products Django was asked about
``failures``    each: ``fixture``, ``steps``, ``outcome``, ``reason`` ("" if none is known)
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests"), str(HERE.parent / "tests" / "trust")]

from fuzz import versions  # noqa: E402
from refactorings import REFACTORINGS  # noqa: E402
from refactorings.known import reasons  # noqa: E402
from refactorings.played import chosen, play  # noqa: E402
from refactorings.program import Outcome  # noqa: E402
from refactorings.trial import Product, Workshop, pairs, programs, refactored  # noqa: E402

PAIRS = "pairs"
Matrix = dict[str, dict[str, Counter[str]]]


class Trial:
    """Products are tried and counted."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self.known = reasons()
        self.failures: list[dict[str, Any]] = []
        self.unexpected: list[str] = []

    def count(self, matrix: Matrix, rows: Iterable[str], product: Product) -> None:
        """Try a product, and count what became of it in some rows of a matrix."""
        outcome, _ = self.workshop.tried(product)
        kind = "bad" if product.before.marks()[0] else "good"
        for row in rows:
            cells = matrix.setdefault(row, {"bad": Counter(), "good": Counter()})
            cells[kind][outcome.value] += 1
        reason = self.known.get((product.name, product.steps), "")
        if (outcome is not Outcome.SURVIVED) != bool(reason) and len(product.steps) == 1:
            said = f"{product.steps[0]} on {product.name}: {outcome.value} ({reason})"
            self.unexpected.append(said)
            print(said, file=sys.stderr, flush=True)
        if outcome is not Outcome.SURVIVED:
            self.failures.append(
                {
                    "fixture": product.name,
                    "steps": product.steps,
                    "outcome": outcome.value,
                    "reason": reason,
                }
            )


def main() -> int:
    """Run from the command line; 1 means that a failure has no reason, or a reason no failure."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--share", type=int, default=1, help="every so many fixtures; no file")
    parser.add_argument("--only", nargs="*", default=list(REFACTORINGS), help="refactorings")
    parser.add_argument("--pairs", type=int, default=600, help="products of two refactorings")
    parser.add_argument("--play", type=int, default=0, help="products of each, for Django")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=RESULTS / "refactoring.json")
    options = parser.parse_args()
    known = programs()
    names = sorted(known)[options.seed % options.share :: options.share]
    one: Matrix = {}
    two: Matrix = {}
    played: dict[str, Counter[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        trial = Trial(Workshop(Path(folder)))
        for name in names:
            for refactoring in options.only:
                if product := refactored(name, known[name], [refactoring]):
                    trial.count(one, (refactoring,), product)
        for name, steps in pairs(options.seed, options.pairs, known):
            if product := refactored(name, known[name], steps):
                trial.count(two, (*steps, PAIRS), product)
        if options.play:
            for said in play(trial.workshop, chosen(options.seed, options.play)):
                said_of = played.setdefault(said["steps"][0], Counter())
                said_of["same" if said["same"] else "other"] += 1
                if not said["same"]:
                    print(json.dumps(said), file=sys.stderr, flush=True)
    bad = sum(bool(known[name].marks()[0]) for name in names)
    result: dict[str, Any] = {
        "what": "refactoring",
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "versions": versions(),
        "seed": options.seed,
        "fixtures": {"bad": bad, "good": len(names) - bad},
        "one": one,
        "pairs": two.pop(PAIRS, {}),
        "two": two,
        "played": played,
        "failures": trial.failures,
    }
    if options.share == 1 and options.only == list(REFACTORINGS):
        text = json.dumps(result, indent=1, sort_keys=True)
        options.out.write_text(text + "\n", encoding="utf-8")
    else:
        for row, cells in one.items():
            print(f"{row:32} {dict(cells['bad'])} {dict(cells['good'])}")
    print(f"{len(trial.failures)} failures, {len(trial.unexpected)} other than known")
    return int(bool(trial.unexpected))


if __name__ == "__main__":
    sys.exit(main())
