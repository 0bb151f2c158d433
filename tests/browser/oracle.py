"""Run in Pyodide by ``test_pyodide.py``: Django judges the fixtures of Python 3.14.

It plays them as ``tests/oracle`` plays the others, in one process, since there is no other here,
and with the clock of the machine: none of them asks for the time.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
import types
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

TESTS = Path(__file__).resolve().parent.parent
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"  # Pyodide's own loop runs this file
sys.path[:0] = [str(TESTS), str(TESTS / "oracle")]


@contextlib.contextmanager
def travel(start: datetime, tick: bool) -> Iterator[types.SimpleNamespace]:
    """A clock that goes as it goes."""
    yield types.SimpleNamespace(move_to=lambda moment: None)


sys.modules["time_machine"] = types.ModuleType("time_machine")
sys.modules["time_machine"].travel = travel  # type: ignore[attr-defined]


def main() -> None:
    """Print the verdict about each fixture, one JSON object a line."""
    import oracle_cases
    import run_case
    import support
    from django.urls import clear_url_caches

    start = datetime.now(timezone.utc).replace(microsecond=0) - run_case.TWO_DAYS
    with tempfile.TemporaryDirectory() as folder:
        template = run_case.build(folder, start)
        for path in support.PYTHON314:
            case = oracle_cases.Case(path.stem, path.parent, path.stem, (path,))
            played = []
            for role in run_case.ROLES[:2]:
                sys.modules.pop(case.module, None)
                clear_url_caches()
                played.append(run_case.play(case, start, template, role))
            print(json.dumps({"case": case.name, **run_case.judge(*played)}))


if __name__ == "__main__":
    main()
