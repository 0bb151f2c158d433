"""Play fixtures and what became of them under real Django, and compare.

    python tests/oracle/play_refactored.py products.json

Reads a list of ``{"name", "folder", "files", "main"}`` (the fixture, and the folder in which the
product stands) and writes one JSON object a line: ``name``, ``folder``, ``same``, and where that is
false ``old`` and ``new``.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import oracle_cases
import run_case


@dataclasses.dataclass(frozen=True)
class ProductCase(oracle_cases.Case):
    """A product, played with the settings of its fixture."""

    #: the fixture's name
    fixture: str = ""

    @property
    def settings(self) -> dict[str, Any]:
        """The settings of the fixture."""
        return oracle_cases.SETTINGS.get(self.fixture, {})

    @property
    def group(self) -> str:
        """The group of the fixture."""
        return self.fixture.split("/", 1)[0]


def verdict(case: oracle_cases.Case, start: datetime, template: str) -> dict[str, Any]:
    """What Django shows, without lines and numbers."""
    run, control = (run_case.fork(case, start, template, role) for role in run_case.ROLES[:2])
    judged = run_case.judge(run, control)
    found = {
        "import_error": judged["import_error"],
        "asks_at_import": judged["queries_at_import"] > 0,
        "stale": {path: route["stale"] for path, route in judged["paths"].items()},
        "raises": {path: len(route["raises"]) for path, route in judged["paths"].items()},
    }
    if case.has_visitors:
        visitors = run_case.judge_visitors(run_case.fork(case, start, template, "visitors"))
        found |= {key: visitors[key] for key in ("left_behind", "raced")}
    return found


def main() -> None:
    """Run from the command line."""
    products = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    known = {case.name: case for case in oracle_cases.all_cases()}
    start = datetime.now(timezone.utc).replace(microsecond=0) - run_case.TWO_DAYS
    old: dict[str, dict[str, Any]] = {}
    with tempfile.TemporaryDirectory() as folder:
        template = run_case.build(folder, start)
        for product in products:
            fixture = known[product["name"]]
            able = all(map(oracle_cases.installed, fixture.needs))
            if fixture.name in oracle_cases.NOT_RUN or not able:
                continue
            if fixture.name not in old:
                old[fixture.name] = verdict(fixture, start, template)
            place = Path(product["folder"])
            files = tuple(place / name for name in product["files"])
            module = product["main"].removesuffix(".py")
            case = ProductCase(fixture.name, place, module, files, fixture.name)
            new = verdict(case, start, template)
            said = {"name": fixture.name, "folder": str(place), "same": new == old[fixture.name]}
            if not said["same"]:
                said |= {"old": old[fixture.name], "new": new}
            print(json.dumps(said), flush=True)


if __name__ == "__main__":
    main()
