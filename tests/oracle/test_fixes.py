"""Every fix, judged by real Django: stale before, fresh after.

The fixtures are copied, repaired, and played like the others.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import oracle_cases
import pytest
from oracle_cases import STALE, Case

from qs_lint.reports import findings_in
from qs_lint.semantics import Project

pytest.importorskip("libcst", reason="the fixer needs LibCST")

from qs_lint.fixes import fixes_for

HERE = Path(__file__).resolve().parent
BAD = [case for case in oracle_cases.all_cases() if "/bad_" in case.name]
#: the cases that are repaired, one a line; any other must be left alone
LISTED = HERE / "fixed_cases.txt"
NAMES = [line for line in LISTED.read_text("utf-8").splitlines() if not line.startswith("#")]


def parameters(cases: list[Case]) -> list[Any]:
    """One test parameter for each case, skipped where a package is absent."""
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[
                pytest.mark.skip(reason=f"needs {package}")
                for package in case.needs
                if not oracle_cases.installed(package)
            ],
        )
        for case in cases
    ]


REPAIRED = parameters([case for case in BAD if case.name in NAMES])


@pytest.fixture(scope="session")
def repaired(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, bytes, bytes]]:
    """A copy of the fixtures with every fix applied: file, old text, new text of each case."""
    root = tmp_path_factory.mktemp("repaired")
    for name in ("fixtures", "oracle"):
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(HERE.parent / name, root / "tests" / name, ignore=ignored)
    project, found = Project(), {}
    for case in BAD:
        path = root / "tests" / "fixtures" / case.files[0].relative_to(HERE.parent / "fixtures")
        old = path.read_bytes()
        result = fixes_for(old, path, findings_in(project, str(path), old))
        found[case.name] = (path, old, result.text)
    for path, old, new in found.values():
        if new != old:
            path.write_bytes(new)
    return found


@pytest.fixture(scope="session")
def verdicts_after(repaired: dict[str, tuple[Path, bytes, bytes]]) -> dict[str, Any]:
    """Django's verdict on the repaired cases."""
    names = [name for name in NAMES if name in repaired]
    able = {case.name for case in BAD if all(map(oracle_cases.installed, case.needs))}
    runner = repaired[names[0]][0].parents[2] / "oracle" / "run_case.py"
    done = subprocess.run(
        [sys.executable, str(runner), *(name for name in names if name in able)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert not done.returncode, done.stderr
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {verdict["case"]: verdict for verdict in lines}


def test_list(repaired: dict[str, tuple[Path, bytes, bytes]]) -> None:
    """The list names exactly the cases that are repaired."""
    changed = {name for name, (_, old, new) in repaired.items() if old != new}
    assert changed == set(NAMES)
    assert sorted(NAMES) == NAMES


@pytest.mark.parametrize("case", REPAIRED)
def test_wrong_before(case: Case, verdicts: dict[str, Any]) -> None:
    """Before, Django shows stale rows, raises, or asks the database at import."""
    verdict = verdicts[case.name]
    if case.name in oracle_cases.RAISES:
        assert verdict["paths"]["/"]["raises"]
    elif case.symbols & STALE:
        assert verdict["paths"]["/"]["stale"]
    else:
        assert verdict["queries_at_import"] > 0


@pytest.mark.parametrize("case", REPAIRED)
def test_right_after(case: Case, verdicts_after: dict[str, Any]) -> None:
    """After, it shows what a process shows that never saw the old rows, and would show changes."""
    verdict = verdicts_after[case.name]
    assert verdict["import_error"] is None
    assert verdict["queries_at_import"] == 0
    route = verdict["paths"]["/"]
    assert route["raises"] == []
    assert set(route["status"]) <= {200, 302}
    assert not route["stale"]
    assert route["sensitive"]


@pytest.mark.parametrize("case", REPAIRED)
def test_silent_after(case: Case, repaired: dict[str, tuple[Path, bytes, bytes]]) -> None:
    """After, the linter has nothing to say, and a second run changes nothing."""
    path, _, new = repaired[case.name]
    findings = findings_in(Project(), str(path), new)
    assert findings == []
    assert fixes_for(new, path, findings).text == new
