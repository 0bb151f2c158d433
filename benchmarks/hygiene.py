#!/usr/bin/env python3
"""Run the tests of trust, and count what they tried: the rows of a table.

    python benchmarks/hygiene.py          write results/hygiene.json

The tests are those of ``tests/trust`` and ``tests/test_no_side_effects.py``; pytest runs them.
Exit status 1 if one failed.

The result is one JSON object:

``what``        "hygiene"
``date``        the day, ISO 8601
``versions``    package -> version, ``python`` among them
``rows``        one for each test function: ``file``, ``test``, ``claim`` (the first line of its
                docstring), ``cases``, ``passed``, ``failed``, ``known`` (expected failures of the
                engine), ``skipped``
``cases``, ``passed``, ``failed``, ``known``, ``skipped``   sums
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
RESULTS = HERE / "results"
TESTS = ("tests/trust", "tests/test_no_side_effects.py")
sys.path[:0] = [str(ROOT), str(HERE), str(ROOT / "tests" / "trust")]

COLUMNS = ("cases", "passed", "failed", "known", "skipped")


class Counting:
    """A plugin of pytest that counts outcomes for each test function."""

    def __init__(self) -> None:
        self.rows: dict[tuple[str, str], dict[str, Any]] = {}

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Make a row for each function."""
        for item in items:
            path, name = item.path.relative_to(ROOT).as_posix(), _function(item.nodeid)
            claim = (getattr(item, "obj", None).__doc__ or "").strip().partition("\n")[0]
            row = {"file": path, "test": name, "claim": claim} | dict.fromkeys(COLUMNS, 0)
            self.rows.setdefault((path, name), row)["cases"] += 1

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count one outcome."""
        path, name = report.nodeid.partition("::")[0], _function(report.nodeid)
        row = self.rows[path, name]
        if report.failed:
            row["failed"] += 1
        elif report.skipped:
            row["known" if hasattr(report, "wasxfail") else "skipped"] += 1
        elif report.when == "call":
            row["passed"] += 1


def _function(nodeid: str) -> str:
    return nodeid.rpartition("::")[2].partition("[")[0]


def main() -> int:
    """Run from the command line; 1 means that a test failed."""
    from fuzz import versions

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--out", type=Path, default=RESULTS / "hygiene.json")
    options = parser.parse_args()
    counting = Counting()
    arguments = ["-q", "-p", "no:cacheprovider", f"--rootdir={ROOT}"]
    pytest.main([*arguments, *(str(ROOT / test) for test in TESTS)], plugins=[counting])
    rows = list(counting.rows.values())
    sums = {column: sum(row[column] for row in rows) for column in COLUMNS}
    result = {
        "what": "hygiene",
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "versions": versions(),
        "rows": rows,
        **sums,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"{sums}; see {options.out}")
    return int(sums["failed"] > 0 or not rows)


if __name__ == "__main__":
    sys.exit(main())
