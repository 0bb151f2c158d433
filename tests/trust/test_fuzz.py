"""A small share of the fuzzing, with a fixed seed, and faults that it must find.

The long run is ``benchmarks/fuzz.py``.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import extremes
import harness
import pytest
from harness import Campaign, Outcome
from inputs import WEIGHTS, Inputs
from support import ROOT

from qs_lint.examination import findings_in
from qs_lint.project.source import Project

pytestmark = pytest.mark.skipif(
    not hasattr(signal, "setitimer"), reason="limits of processor time need POSIX timers"
)
SEED = 20
COUNT = 800
#: Everything but what needs an extra; extremes have a test of their own.
KINDS = tuple(kind for kind in WEIGHTS if kind not in ("grammar", "extremes"))
FUZZ = ROOT / "benchmarks" / "fuzz.py"


def finish(campaign: Campaign) -> Outcome:
    """Run a campaign to its end."""
    outcome = Outcome()
    for outcome in harness.run(campaign):  # noqa: B007 - the last one counts
        pass
    return outcome


def test_mutants_and_programs() -> None:
    """Nothing raises, nothing takes long, nothing answers otherwise the second time."""
    outcome = finish(Campaign(SEED, 0, COUNT, kinds=KINDS))
    assert not outcome.faults
    assert outcome.inputs == COUNT
    assert set(outcome.kinds) == set(KINDS)
    assert outcome.total("parsed") > COUNT / 2
    assert outcome.total("findings") > COUNT / 20
    assert outcome.total("again") > COUNT / 10
    assert outcome.peak_mb < 1_000


@pytest.mark.parametrize("name", extremes.EXTREMES)
def test_extremes(name: str) -> None:
    """Deep, long and wide texts: with an end, and without an exception."""
    with harness.limited(harness.LIMIT):
        for each in (2, 1_500):
            findings_in(Project(), "/nowhere/views.py", extremes.EXTREMES[name](each))


@pytest.mark.parametrize("name", extremes.LONG)
def test_hundred_thousand_lines(name: str) -> None:
    """A literal of 100,000 lines."""
    with harness.limited(harness.LIMIT):
        text = extremes.EXTREMES[name](extremes.LONG_SIZE)
        findings_in(Project(), "/nowhere/views.py", text)


def test_inputs_are_reproducible(tmp_path: Path) -> None:
    """Input n of a seed is the same, whatever was made before it."""
    first = Inputs(1, tmp_path, [], [], KINDS)
    second = Inputs(1, tmp_path, [], [], KINDS)
    forwards = [first.make(number) for number in range(30)]
    backwards = [second.make(number) for number in reversed(range(30))]
    assert forwards == backwards[::-1]
    assert len({one.text or str(one.files) for one in forwards}) > 25
    assert forwards != [Inputs(2, tmp_path, [], [], KINDS).make(n) for n in range(30)]


@pytest.mark.parametrize(
    ("fault", "column"),
    [
        ("raises", "crashes"),
        ("recurses", "crashes"),
        ("dies", "crashes"),
        ("hangs", "hangs"),
        ("waits", "hangs"),
        ("forgets", "disagreements"),
    ],
)
def test_planted_faults_are_found(fault: str, column: str) -> None:
    """An engine that raises, dies, hangs or forgets is reported, and the run goes on."""
    campaign = Campaign(
        SEED,
        0,
        {"forgets": 80, "raises": 4}.get(fault, 2),
        f"planted:{fault}",
        limit=0.3,
        silence=3.0 if fault != "waits" else 1.5,
        kinds=("mutated nodes",),
    )
    outcome = finish(campaign)
    assert outcome.inputs == campaign.last
    assert outcome.total(column) > 0
    assert {one["fault"] for one in outcome.faults} == {column}


@pytest.mark.skipif(not FUZZ.exists(), reason="benchmarks are not here")
def test_the_command_resumes(tmp_path: Path) -> None:
    """An interrupted run goes on, and the result has the documented shape."""
    out = tmp_path / "fuzz.json"
    command = [sys.executable, str(FUZZ), "--no-real", f"--seed={SEED}", f"--out={out}"]
    command += ["--kinds", "mutated tokens"]
    kept = finish(Campaign(SEED, 0, 30, kinds=("mutated tokens",)))
    state = {"seed": SEED, "outcome": kept.to_data()}
    out.with_suffix(".state").write_text(json.dumps(state), encoding="utf-8")
    done = subprocess.run([*command, "--inputs=40"], capture_output=True, text=True, check=True)
    assert "goes on at input 30" in done.stderr
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["inputs"] == 40
    assert result["kinds"]["mutated tokens"]["inputs"] == 40
    assert not out.with_suffix(".state").exists()
    documented = set(result) - {"faults", "crashes", "hangs", "disagreements"}
    text = FUZZ.read_text(encoding="utf-8")
    assert all(f"``{key}``" in text for key in documented)
    faulty = [*command, "--inputs=3", "--engine=planted:raises", "--fresh"]
    assert subprocess.run(faulty, capture_output=True, check=False).returncode == 1
    assert json.loads(out.read_text(encoding="utf-8"))["crashes"] == 1
