"""The benchmark of the speed: it measures, it renders, and what is rendered is not stale.

Nothing here looks at how long anything took.
"""

from __future__ import annotations

import copy
import json
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from support import ROOT, SHOP

sys.path.insert(0, str(ROOT / "benchmarks"))

import performance
import performance_plot
import speed
import speed_floor
import speed_measure
from speed_phases import PHASES

RESULT: dict[str, Any] = json.loads(performance.RESULTS.read_text(encoding="utf-8"))


def series(cpu: float, memory: int = 0) -> dict[str, list[float]]:
    """Three runs, the last of them disturbed."""
    return {"cpu": [cpu, cpu, cpu * 9], "wall": [cpu] * 3, "memory": [memory] * 3}


@pytest.fixture
def result() -> dict[str, Any]:
    """Figures that reach every bar, exactly where that is possible."""
    runs = {
        "cold": series(20.03, 200_000_000),
        "second run": series(1.6),
        "two processes": series(12),
        "pylint": series(600, 300_000_000),
        "pylint with the plugin": series(648, 450_000_000),
        "one file": series(1),
        "one file, second run": series(0.1),
        "one file, changed": series(0.35),
    }
    project = {
        "version": "1",
        "files": 10,
        "bytes": 1000,
        "view": "views.py",
        "runs": runs,
        "floor": {"read": [1.0], "hash": [1.0], "parse": [10.0]},
        "findings": 3,
        "same": {"second run": True},
    }
    made: dict[str, Any] = copy.deepcopy(RESULT)
    made["machine"] = made["machine"] | {"load": 0.5}
    made |= {
        "start": {"python": series(0.01), "empty": series(0.04)},
        "projects": {"netbox": project},
        "growth": {
            "project": "netbox",
            "files": 10,
            "runs": {"1": series(5), "4": series(22), "8": series(44)},
        },
        "tools": {"semgrep": {"skipped": "pip: no wheel"}},
    }
    return made


def verdicts(result: dict[str, Any]) -> list[str]:
    """The last column of the table of bars."""
    return [line.split(" | ")[-1][:-2] for line in performance.bars(result).splitlines()[2:]]


def test_not_stale() -> None:
    """Pages and plot are what benchmarks/performance.py writes."""
    stale = performance.stale()
    assert not stale


def test_published_results_name_no_machine() -> None:
    """The results have no paths and no names of hosts."""
    text = performance.RESULTS.read_text(encoding="utf-8")
    for word in ("/home", "/root", "/tmp", "/work", "/Users"):
        assert word not in text
    assert set(RESULT["machine"]) == {"cpu", "cores", "system", "load"}


def test_bars_reached(result: dict[str, Any]) -> None:
    """What is at its bar has reached it."""
    asked = [bar.asks("netbox") for bar in performance.BARS]
    assert verdicts(result) == ["yes" if one else "not measured" for one in [*asked, True]]


@pytest.mark.parametrize(
    ("run", "row"),
    [("cold", 2), ("one file", 3), ("one file, changed", 4), ("pylint with the plugin", 6)],
)
def test_bars_missed(result: dict[str, Any], run: str, row: int) -> None:
    """What is above its bar is said to have missed it, in bold."""
    result["projects"]["netbox"]["runs"][run]["cpu"] = [1000.0]
    assert verdicts(result)[row] == "no"
    assert performance.bars(result).splitlines()[row + 2].count("**") == 2


def test_growth_missed(result: dict[str, Any]) -> None:
    """The same for growth."""
    result["growth"]["runs"]["4"] = series(22.1)
    assert verdicts(result)[-1] == "no"


def test_bars_without_pylint(result: dict[str, Any]) -> None:
    """What was not measured has no verdict."""
    del result["projects"]["netbox"]["runs"]["pylint"]
    assert verdicts(result)[6:8] == ["not measured"] * 2


def test_a_busy_machine_has_no_wall_times(result: dict[str, Any]) -> None:
    """What others' work decides is not shown, and no bar is judged by it."""
    walls = [bar.what for bar in performance.BARS].index(
        "`--jobs=2`, wall time to that of one process"
    )
    assert verdicts(result)[walls] == "yes"
    assert "(wall)" in performance.tables(result)
    result["machine"]["load"] = 14.8
    assert verdicts(result)[walls] == "not measured"
    assert "(wall)" not in performance.tables(result)


def test_other_findings_show(result: dict[str, Any]) -> None:
    """A way that has other findings is not passed over."""
    result["projects"]["netbox"]["same"]["second run"] = False
    assert "**other**" in performance.agreement(result)


def test_failed_tool(result: dict[str, Any]) -> None:
    """A tool that failed over a project is said to have failed there."""
    tool = {"command": "semgrep scan", "packages": {}, "failed": {"netbox": "exit code 1"}}
    result["tools"] = {"semgrep": tool}
    assert "It failed over netbox (exit code 1)." in performance.tables(result)


def test_skipped_tool(result: dict[str, Any]) -> None:
    """A tool that could not be installed is named, with the reason."""
    assert "semgrep: not measured (pip: no wheel)" in performance.tables(result)


@pytest.mark.parametrize("published", [True, False])
def test_plot(result: dict[str, Any], published: bool) -> None:
    """The plot is well-formed; every figure is text, and its dot lies on the scale."""
    shown = RESULT if published else result
    tree = ET.fromstring(performance_plot.plot(shown))
    dots = [node for node in tree.iter() if node.tag.endswith("circle")]
    values = sum(len(performance_plot.values(one)) for one in shown["projects"].values())
    assert len(dots) == values
    for dot in dots:
        assert performance_plot.LEFT <= float(dot.get("cx", "")) <= performance_plot.RIGHT
    words = " ".join("".join(node.itertext()) for node in tree.iter() if node.tag.endswith("text"))
    for name in shown["projects"]:
        assert name in words


def test_markers() -> None:
    """A page without its place is an error, and so is one with two."""
    place = f"{performance.BEGIN}\nold\n{performance.END}"
    assert performance.put(f"a {place} b", "new").split("\n")[1] == "new"
    for text in ("none", place * 2):
        with pytest.raises(ValueError, match="no place"):
            performance.put(text, "new")


def test_measure(tmp_path: Path) -> None:
    """A child's cost is its own: CPU time, memory, exit code, output."""
    work = "x = bytearray(80_000_000); print('done'); raise SystemExit(3)"
    cost = speed_measure.measure([sys.executable, "-c", work], tmp_path, {}, tmp_path)
    assert (cost.status, cost.out, cost.err) == (3, "done\n", "")
    assert cost.memory > 80_000_000
    assert cost.cpu > 0


def test_failure_is_no_figure(tmp_path: Path) -> None:
    """A command that fails is not measured."""
    trial = speed_measure.Trial("wrong", [sys.executable, "-c", "1/0"], tmp_path)
    with pytest.raises(speed_measure.FailedError, match="ZeroDivisionError"):
        trial.run({}, tmp_path)


def test_floor() -> None:
    """All bytes of all files are counted, those that cannot be parsed among them."""
    paths = sorted(SHOP.rglob("*.py"))
    found = speed_floor.floor([str(path) for path in paths])
    assert found["bytes"] == sum(path.stat().st_size for path in paths)
    assert set(found) == {"read", "hash", "parse", "bytes"}


def test_findings_of_both() -> None:
    """Findings are compared without what differs in form: headings, a dot before the path."""
    cost = speed_measure.Cost(0, 0, 0, 2, "", "")
    ours = "************* Module a\na/b.py:3:4: E5801: said (frozen-class-queryset)\n"
    theirs = "./a/b.py:3:4: E5801: said (frozen-class-queryset)\nc.py:1:0: W0107: no (x)\n"
    one, other = (
        speed.findings_in(speed_measure.Cost(**{**vars(cost), "out": out}))
        for out in (ours, theirs)
    )
    assert one == other == {"a/b.py:3:4: E5801: said (frozen-class-queryset)"}


def test_phases(tmp_path: Path) -> None:
    """The phases of a run are measured: the names that get timers exist."""
    (tmp_path / "models.py").write_text(
        "from django.db import models\nclass A(models.Model): pass\nROWS = list(A.objects.all())\n"
        "def view(request):\n    return ROWS\n",
        encoding="utf-8",
    )
    result = tmp_path / "phases.json"
    script = ROOT / "benchmarks" / "speed_phases.py"
    command = [sys.executable, str(script), str(result), "--no-cache", "models.py"]
    cost = speed_measure.measure(command, tmp_path, {"PYTHONPATH": str(ROOT)}, tmp_path)
    assert cost.status == 2, cost.err
    assert "frozen-module-queryset" in cost.out
    found = json.loads(result.read_text(encoding="utf-8"))
    assert list(found) == list(PHASES)
    for phase in ("start", "parsing", "import", "rules", "reporting"):
        assert found[phase] > 0, phase
