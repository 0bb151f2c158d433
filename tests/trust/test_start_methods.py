"""The processes of ``--jobs`` import nothing of the checked project, however they are started."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hostile import WAYS, many
from support import ORIGINAL, Here
from ways import PACKAGE

from qs_lint.command import engine

pytest_plugins = ["command_project"]

#: what a process runs in place of the installed script: it says how others are to be started, and
#: that there were some
SCRIPT = """\
import multiprocessing
import sys

from qs_lint.command import engine, main

if __name__ == "__main__":
    multiprocessing.set_start_method(sys.argv.pop(1))
    alone = engine._here
    engine._here = lambda files, *rest: alone(files, *rest) if not files else sys.exit(99)
    sys.exit(main())
"""
TRAP = """\
import os

with open({file!r}, "a") as stream:
    stream.write("{name}\\n")
os._exit(77)
"""


@pytest.mark.parametrize("method", multiprocessing.get_all_start_methods())
def test_nothing_of_the_project_is_run(here: Here, method: str) -> None:
    """Modules in the working directory, called like those that a new process imports first."""
    ran = here.folder.parent / "ran"
    script = here.folder.parent / "script" / "run.py"
    script.parent.mkdir()
    script.write_text(SCRIPT, encoding="utf-8")
    for name in sorted({*sys.stdlib_module_names, "qs_lint", "pylint", "astroid"} - {"__future__"}):
        here.write(f"{name}.py", TRAP.format(file=str(ran), name=name))
    for number in range(engine.MANY + 1):
        here.write(f"pages/views_{number}.py", ORIGINAL)
    done = subprocess.run(
        [sys.executable, str(script), method, "--no-cache", "--jobs=2", "-f", "concise", "pages"],
        cwd=here.folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "PYTHONPATH": PACKAGE},
    )
    assert not ran.exists(), ran.read_text(encoding="utf-8")
    assert (done.returncode, done.stderr) == (2, "")
    assert done.stdout.count("frozen-class-queryset") == engine.MANY + 1


def test_working_directory_is_kept(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run goes on where it was started, also when no process could be."""
    for number in range(engine.MANY + 1):
        here.write(f"pages/views_{number}.py", ORIGINAL)

    def fails(*_: object, **__: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr("concurrent.futures.ProcessPoolExecutor", fails)
    assert len(here("--jobs=2", "pages").symbols) == engine.MANY + 1
    assert Path.cwd() == here.folder


def test_two_processes_are_two(here: Here) -> None:
    """The other tests' way with two processes has enough files to start one."""
    assert len(list(Path(many()).iterdir())) > engine.MANY
    here.write("views.py", ORIGINAL)
    assert WAYS["two processes"](here, "views.py").symbols == ["frozen-class-queryset"]
