"""The engine's tests, and Django's word, under Python 3.14, in Pyodide: ``nox -s pyodide``.

``QS_LINT_PYODIDE`` is an unpacked npm package ``pyodide``.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest
from support import PYTHON314, annotated

HERE = Path(__file__).resolve().parent

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed"),
    pytest.mark.skipif(
        "QS_LINT_PYODIDE" not in os.environ, reason="nox -s pyodide fetches Pyodide for it"
    ),
]


def run(file: str) -> str:
    """What a file of this folder writes under Pyodide."""
    packages = sysconfig.get_path("purelib")
    command = ["node", str(HERE / "pyodide_run.mjs"), os.environ["QS_LINT_PYODIDE"], packages]
    done = subprocess.run(
        [*command, str(HERE.parent.parent), f"tests/browser/{file}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def test_engine() -> None:
    """The engine's tests pass; what is written shows which."""
    text = run("engine.py")
    print(text)
    assert text.startswith("Python 3.14.")
    assert " passed" in text


def test_django_agrees() -> None:
    """What the fixtures of Python 3.14 claim is what Django does there."""
    verdicts = [json.loads(line) for line in run("oracle.py").splitlines() if line[:1] == "{"]
    assert {verdict["case"] for verdict in verdicts} == {path.stem for path in PYTHON314}
    for path, verdict in zip(PYTHON314, verdicts, strict=True):
        shown = verdict["paths"]["/"]
        assert verdict["import_error"] is None, path.name
        assert shown["status"] == [200], path.name
        assert shown["sensitive"], path.name
        bad = annotated(path)
        assert shown["stale"] == bool(bad), path.name
        assert verdict["queries_at_import"] == len(bad), path.name
        lines = [line for _, line in verdict["import_lines"]]
        assert {report.line for report in bad} <= set(lines), path.name
