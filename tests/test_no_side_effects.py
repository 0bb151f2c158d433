"""Linting a project runs nothing of it and writes nothing into it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import FIXTURES, ORIGINAL, SHOP, command

TRAP = """
import pathlib, sys, os
pathlib.Path({mark!r}).write_text("run")
sys.stderr.write("run")
os._exit(77)
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_nothing_is_run(tmp_path: Path, jobs: int) -> None:
    """Every file of the project would leave a mark and end the process."""
    project = tmp_path / "project"
    shutil.copytree(SHOP, project / "shop")
    mark = tmp_path / "mark"
    trap = TRAP.format(mark=str(mark))
    for path in [*project.rglob("*.py")]:
        path.write_text(trap + path.read_text(encoding="utf-8"), encoding="utf-8")
    for name in "manage settings conftest sitecustomize setup urls helpers django".split():
        (project / f"{name}.py").write_text(trap, encoding="utf-8")
    future = ORIGINAL.replace("from shop", "import settings, urls, helpers, shop\nfrom shop")
    (project / "views.py").write_text(future + trap, encoding="utf-8")
    outcome = command(f"--jobs={jobs}", project, environment={"DJANGO_SETTINGS_MODULE": "settings"})
    assert outcome.symbols == ["frozen-class-queryset"]
    assert outcome.code == 2
    assert outcome.stderr == ""
    assert not mark.exists()


def test_nothing_is_written(tmp_path: Path) -> None:
    """No cache, no byte code, no report is left beside the sources."""
    project = tmp_path / "project"
    ignore = shutil.ignore_patterns("__pycache__")
    shutil.copytree(FIXTURES, project, ignore=ignore)

    def state() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in project.rglob("*")}

    before = state()
    assert command(project, cwd=tmp_path).messages
    assert state() == before
    assert [path.name for path in tmp_path.iterdir()] == ["project"]


def test_a_project_that_cannot_be_written(tmp_path: Path) -> None:
    """Read-only sources are enough."""
    shutil.copytree(SHOP, tmp_path / "shop")
    path = tmp_path / "views.py"
    path.write_text(ORIGINAL, encoding="utf-8")
    for entry in [*tmp_path.rglob("*"), tmp_path]:
        entry.chmod(0o555 if entry.is_dir() else 0o444)
    try:
        assert command(path).symbols == ["frozen-class-queryset"]
    finally:
        for entry in [tmp_path, *tmp_path.rglob("*")]:
            entry.chmod(0o755)
