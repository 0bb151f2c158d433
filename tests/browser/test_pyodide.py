"""The engine's tests under Python 3.14, in Pyodide, in Node: ``nox -s pyodide``.

``QS_LINT_PYODIDE`` is an unpacked npm package ``pyodide``.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent

pytestmark = [
    pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed"),
    pytest.mark.skipif(
        "QS_LINT_PYODIDE" not in os.environ, reason="nox -s pyodide fetches Pyodide for it"
    ),
]


def test_engine() -> None:
    """All of them pass; what is written shows which."""
    packages = sysconfig.get_path("purelib")
    command = ["node", str(HERE / "pyodide_run.mjs"), os.environ["QS_LINT_PYODIDE"], packages]
    done = subprocess.run(
        [*command, str(HERE.parent.parent), "tests/browser/engine.py"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    print(done.stdout)
    assert done.stdout.startswith("Python 3.14.")
    assert " passed" in done.stdout
    assert done.returncode == 0, done.stdout
