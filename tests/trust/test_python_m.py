"""``python -m qs_lint`` in a folder with modules of a stranger's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support import ORIGINAL, ROOT

import qs_lint

TRAP = "raise SystemExit(77)\n"
#: modules that the command imports when it runs, of the standard library and others
MODULES = ("tempfile", "random", "configparser", "argparse", "tomllib", "json", "pylint", "astroid")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder in which every module is a trap."""
    for name in MODULES:
        (tmp_path / f"{name}.py").write_text(TRAP, encoding="utf-8")
    (tmp_path / "views.py").write_text(f"# pylint: disable=C\n{ORIGINAL}", encoding="utf-8")
    (tmp_path / "pyproject.toml").write_text("[tool.qs-lint]\n", encoding="utf-8")
    return tmp_path


def code(folder: Path, *start: str) -> int:
    """The exit code of Python with these arguments in a folder."""
    package = str(Path(qs_lint.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, *start, "--no-cache", "views.py"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": package},
        capture_output=True,
        check=False,
    )
    return done.returncode


def test_modules(folder: Path) -> None:
    """Nothing is imported from the working directory once the package runs."""
    assert code(folder, "-m", "qs_lint") == 2


@pytest.mark.skipif(sys.version_info < (3, 11), reason="-P is new in Python 3.11")
@pytest.mark.parametrize("name", ["qs_lint", "typing", "__future__"])
def test_safe_path(folder: Path, name: str) -> None:
    """With ``-P`` not even a module of the package's own name; without, it is run."""
    (folder / f"{name}.py").write_text(TRAP, encoding="utf-8")
    assert code(folder, "-P", "-m", "qs_lint") == 2


def test_what_the_safe_form_is_for(folder: Path) -> None:
    """What the pages warn of is so."""
    (folder / "qs_lint.py").write_text(TRAP, encoding="utf-8")
    assert code(folder, "-m", "qs_lint") == 77
    for name in ("docs/usage.md", "docs/safety.md"):
        assert "python -P -m qs_lint" in (ROOT / name).read_text(encoding="utf-8"), name


def test_script(folder: Path) -> None:
    """The script ``qs-lint`` imports nothing from there."""
    script = Path(sys.executable).with_name("qs-lint")
    if not script.exists():
        pytest.skip("the script is not installed here")
    (folder / "qs_lint.py").write_text(TRAP, encoding="utf-8")
    assert code(folder, str(script)) == 2
