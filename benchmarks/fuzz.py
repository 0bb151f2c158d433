#!/usr/bin/env python3
"""Give the engine a great many inputs, and note crashes, hangs and changing answers.

    python benchmarks/fuzz.py --inputs 100000 --seed 1      write results/fuzz.json
    python benchmarks/fuzz.py --inputs 1000 --fresh         forget the unfinished run
    python benchmarks/fuzz.py --only 4711                   one input, its text on stdout

First come all files of the standard library, of CPython's own tests and of the running
environment's site-packages, each once; then texts that are made of them, of the fixtures and of
nothing (``tests/trust/inputs.py`` says how). Everything follows from the seed. A run that was
interrupted goes on where it stopped (``--state``). Exit status 1 if there was a fault.

The result is one JSON object:

``what``        "fuzz"
``date``        the day, ISO 8601
``versions``    package -> version, ``python`` among them
``seed``        the seed
``limit``       ``seconds`` of processor time that an input may take
``inputs``      how many
``kinds``       kind -> ``inputs``, ``parsed`` (how many are Python), ``findings``, ``again`` (run a
                second time), ``crashes``, ``hangs``, ``disagreements``
``crashes``, ``hangs``, ``disagreements``   sums
``faults``      each of them: ``fault``, ``kind``, ``name``, ``number``, ``what``
``worst``       ``seconds`` and ``name`` of the slowest input
``slowest``     ten of these, as pairs
``cpu_seconds`` of all inputs together
``memory``      ``peak_mb`` of the process that ran them, and the ``name`` of the input then

Names of inputs count from the source's own folder; no folder of the machine is in the result.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import platform
import sys
import tempfile
from importlib import metadata
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results"
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests" / "trust")]

import harness  # noqa: E402

#: So often the state of the run is written.
SAVE_EVERY = 500
PACKAGES = ("qs-lint", "pylint", "astroid", "hypothesmith", "hypothesis", "django")


def versions() -> dict[str, str]:
    """The versions of everything that matters."""
    import qs_lint

    found = {"python": platform.python_version(), "qs-lint": qs_lint.__version__}
    for package in PACKAGES:
        try:
            found.setdefault(package, metadata.version(package))
        except metadata.PackageNotFoundError:
            continue
    return found


def result(outcome: harness.Outcome, campaign: harness.Campaign) -> dict[str, Any]:
    """The figures, in the shape that the docstring of this file describes."""
    seconds, name = outcome.slowest[0] if outcome.slowest else (0.0, "")
    data = outcome.to_data()
    return {
        "what": "fuzz",
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "versions": versions(),
        "seed": campaign.seed,
        "limit": {"seconds": campaign.limit},
        "inputs": outcome.inputs,
        "kinds": data["kinds"],
        "crashes": outcome.total("crashes"),
        "hangs": outcome.total("hangs"),
        "disagreements": outcome.total("disagreements"),
        "faults": outcome.faults,
        "worst": {"seconds": seconds, "name": name},
        "slowest": data["slowest"],
        "cpu_seconds": round(outcome.seconds),
        "memory": {"peak_mb": outcome.peak_mb, "name": outcome.peak_name},
    }


def main() -> int:
    """Run from the command line; 1 means that there was a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default=harness.ENGINE, help="module:function to be tried")
    parser.add_argument("--limit", type=float, default=harness.LIMIT, help="seconds for an input")
    parser.add_argument("--no-real", action="store_true", help="leave out the files as they are")
    parser.add_argument("--more", action="append", default=[], help="folder with files to mutate")
    parser.add_argument("--kinds", nargs="*", default=[], help="only these kinds of made inputs")
    parser.add_argument("--only", type=int, help="print one input")
    parser.add_argument("--out", type=Path, default=RESULTS / "fuzz.json")
    parser.add_argument("--state", type=Path, help="where the unfinished run is kept")
    parser.add_argument("--fresh", action="store_true", help="do not resume")
    options = parser.parse_args()
    campaign = harness.Campaign(
        options.seed,
        0,
        options.inputs,
        options.engine,
        options.limit,
        real=() if options.no_real else ("library", "installed"),
        more=tuple(options.more),
        kinds=tuple(options.kinds),
    )
    if options.only is not None:
        return _show(campaign, options.only)
    state = options.state or options.out.with_suffix(".state")
    outcome = harness.Outcome()
    if state.exists() and not options.fresh:
        kept = json.loads(state.read_text(encoding="utf-8"))
        if kept["seed"] == options.seed:
            outcome = harness.Outcome.from_data(kept["outcome"])
            print(f"goes on at input {outcome.next}", file=sys.stderr)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    faults = len(outcome.faults)
    for outcome in harness.run(campaign, outcome):  # noqa: B020 - the same object, filled further
        for fault in outcome.faults[faults:]:
            print(json.dumps(fault), file=sys.stderr, flush=True)
        faults = len(outcome.faults)
        if outcome.next % SAVE_EVERY == 0:
            _write(state, {"seed": options.seed, "outcome": outcome.to_data()})
            print(f"{outcome.next} inputs, {faults} faults", file=sys.stderr, flush=True)
    _write(options.out, result(outcome, campaign))
    state.unlink(missing_ok=True)
    print(f"{outcome.inputs} inputs, {faults} faults; see {options.out}")
    return int(faults > 0)


def _show(campaign: harness.Campaign, number: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        one = harness.made(campaign, Path(folder)).make(number)
    print(f"# {one.kind}: {one.name}", file=sys.stderr)
    for name, text in one.files.items():
        print(f"# --- {name}\n{text}")
    data = one.path.read_bytes() if one.text is None and not one.files else one.text or b""
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    sys.stdout.buffer.write(data)
    return 0


def _write(path: Path, data: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    part.rename(path)


if __name__ == "__main__":
    sys.exit(main())
