"""Run the cases that the selected tests ask for, once, in two processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

RUNNER = Path(__file__).with_name("run_case.py")
WORKERS = min(2, os.cpu_count() or 1)


def missing() -> str | None:
    """Say why the oracle cannot speak here, if so."""
    if not hasattr(os, "fork"):
        return "the oracle needs os.fork"
    for package in ("django", "time_machine"):
        try:
            __import__(package)
        except ImportError:
            return f"the oracle needs {package}"
    return None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the whole package where Django is absent."""
    reason = missing()
    here = Path(__file__).parent
    for item in items:
        if reason and here in item.path.parents:
            item.add_marker(pytest.mark.skip(reason=reason))


def ask(names: list[str], *options: str) -> list[dict[str, Any]]:
    """Play cases in one new process and collect the verdicts."""
    if not names:
        return []
    done = subprocess.run(
        [sys.executable, str(RUNNER), *options, *names], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.fixture(scope="session")
def verdicts(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, dict[str, Any]]:
    """The verdict of Django on every case that a selected test names."""
    found: dict[str, dict[str, Any]] = once(tmp_path_factory, "verdicts", lambda: ask_all(request))
    return found


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[], Any]) -> Any:
    """What ``make`` gives (plain data), made once in a session.

    Where pytest-xdist runs several workers, one of them makes it and the others wait for it.
    """
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return make()
    shared = factory.getbasetemp().parent / f"{name}.json"
    try:
        shared.with_suffix(".asked").touch(exist_ok=False)
    except FileExistsError:
        while not shared.exists():
            if shared.with_suffix(".failed").exists():
                pytest.fail("the worker that asked Django has failed")
            time.sleep(0.5)
        return json.loads(shared.read_text("utf-8"))
    try:
        found = make()
        shared.with_suffix(".part").write_text(json.dumps(found), "utf-8")
        shared.with_suffix(".part").rename(shared)
    except BaseException:
        shared.with_suffix(".failed").touch()
        raise
    return found


def ask_all(request: pytest.FixtureRequest) -> dict[str, dict[str, Any]]:
    """Play all cases that the selected tests name."""
    names = set()
    here = Path(__file__).parent
    for item in request.session.items:
        if here not in item.path.parents:
            continue  # other tests have cases of other kinds
        callspec = getattr(item, "callspec", None)
        case = callspec.params.get("case") if callspec else None
        if case and not any(mark.name == "skip" for mark in item.iter_markers()):
            names.add(case.name)
    ordered = sorted(names)
    options = ["--fresh"] if os.environ.get("QS_ORACLE_FRESH") else []
    shares = [ordered[worker::WORKERS] for worker in range(WORKERS)]
    with ThreadPoolExecutor(WORKERS) as pool:
        answers = pool.map(lambda share: ask(share, *options), shares)
    return {verdict["case"]: verdict for share in answers for verdict in share}
