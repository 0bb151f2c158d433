"""Every fix, judged by real Django: stale before, fresh after; leaked before, clean after.

The fixtures are copied, repaired, and played like the others.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import oracle_cases
import pytest
from conftest import once  # pylint: disable=no-name-in-module
from oracle_cases import LEAKED, STALE, Case
from oracle_parameters import parameters

from qs_lint.examination import findings_in
from qs_lint.project.source import Project

pytest.importorskip("libcst", reason="the fixer needs LibCST")

from qs_lint.fixes import fixes_for

HERE = Path(__file__).resolve().parent
#: fixtures for the fixer alone, by symbol like the others
MORE = HERE / "repairs"
BAD = [
    *(case for case in oracle_cases.all_cases() if "/bad_" in case.name),
    *(
        Case(f"{path.parent.name}/{path.stem}", path.parent, path.stem, (path,))
        for path in sorted(MORE.rglob("bad_*.py"))
    ),
]
#: the cases that are repaired, one a line; any other must be left alone
LISTED = HERE / "fixed_cases.txt"
NAMES = LISTED.read_text("utf-8").splitlines()
REPAIRED = parameters([case for case in BAD if case.name in NAMES])


@dataclass(frozen=True)
class Copies:
    """What became of a copy of all fixtures: texts, and what Django says, by case."""

    old: dict[str, str]
    new: dict[str, str]
    silent: dict[str, bool]
    before: dict[str, Any]
    after: dict[str, Any]


def make(root: Path) -> dict[str, Any]:
    """Copy the fixtures, play them, apply every fix, and play them again."""
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("fixtures", "oracle"):
        shutil.copytree(HERE.parent / name, root / name, ignore=ignored)
    shutil.copytree(MORE, root / "fixtures", dirs_exist_ok=True, ignore=ignored)
    runner = root / "oracle" / "run_case.py"
    paths = {case.name: root / "fixtures" / f"{case.name}.py" for case in BAD}
    old = {name: path.read_text("utf-8") for name, path in paths.items()}
    before, project = play(runner), Project()
    new, silent = {}, {}
    for name, path in paths.items():
        text = old[name]
        new[name] = fixes_for(text, path, findings_in(project, str(path), text), project).text
        left = findings_in(project, str(path), new[name])
        again = fixes_for(new[name], path, left, project).text
        silent[name] = not left and again == new[name]
    for name, path in paths.items():
        path.write_text(new[name], "utf-8")
    return {"old": old, "new": new, "silent": silent, "before": before, "after": play(runner)}


def play(runner: Path) -> dict[str, Any]:
    """The verdicts on the listed cases as they are now."""
    able = {case.name for case in BAD if all(map(oracle_cases.installed, case.needs))}
    command = [sys.executable, "-B", str(runner), *(name for name in NAMES if name in able)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {verdict["case"]: verdict for verdict in lines}


@pytest.fixture(scope="session")
def copies(tmp_path_factory: pytest.TempPathFactory) -> Copies:
    """Everything repaired and played once, whatever the number of workers."""
    data = once(tmp_path_factory, "repairs", lambda: make(tmp_path_factory.mktemp("repaired")))
    return Copies(**data)


def test_list(copies: Copies) -> None:
    """The list names exactly the cases that are repaired."""
    assert [name for name in sorted(copies.old) if copies.old[name] != copies.new[name]] == NAMES


@pytest.mark.parametrize("repair", REPAIRED)
def test_wrong_before(repair: Case, copies: Copies) -> None:
    """Before, Django shows stale or leaked rows, raises, or asks the database at import."""
    verdict = copies.before[repair.name]
    if repair.has_visitors:
        assert verdict["visitors"]["left_behind"] or verdict["visitors"]["raced"]
    elif repair.name in oracle_cases.RAISES:
        assert verdict["paths"]["/"]["raises"]
    elif repair.symbols & STALE:
        assert verdict["paths"]["/"]["stale"]
    else:
        assert verdict["queries_at_import"] > 0


@pytest.mark.parametrize("repair", REPAIRED)
def test_right_after(repair: Case, copies: Copies) -> None:
    """After, it shows what a process shows that never saw the old rows, and would show changes."""
    verdict = copies.after[repair.name]
    assert verdict["import_error"] is None
    assert verdict["queries_at_import"] == 0
    route = verdict["paths"]["/"]
    assert route["raises"] == []
    assert set(route["status"]) <= {200, 302}
    assert not route["stale"]
    assert route["sensitive"] or repair.has_visitors


@pytest.mark.parametrize("repair", parameters([case for case in BAD if case.group in LEAKED]))
def test_visitors(repair: Case, copies: Copies) -> None:
    """A visitor is shown the same as before when alone, and that whoever else is there."""
    if repair.name not in NAMES:
        assert copies.old[repair.name] == copies.new[repair.name]
        return
    before, after = (each[repair.name]["visitors"] for each in (copies.before, copies.after))
    assert after["texts"] == before["texts"]
    assert after["differ"]
    assert not after["left_behind"]
    assert not after["raced"]


@pytest.mark.parametrize("repair", REPAIRED)
def test_silent_after(repair: Case, copies: Copies) -> None:
    """After, the linter has nothing to say, and a second run changes nothing."""
    assert copies.silent[repair.name]
