"""The fuzzer of the command works, and sees what it is for."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from support import ROOT

if os.name == "nt":
    pytest.skip("it forks", allow_module_level=True)

sys.path.insert(0, str(ROOT / "benchmarks"))

import fuzz_command
from fuzz_command import Input, Maker, judged, run, unwanted


def test_inputs(tmp_path: Path) -> None:
    """An input is the same each time it is made."""
    maker = Maker(1)
    for number in range(20):
        made = []
        for name in ("a", "b"):
            folder = tmp_path / f"{number}{name}"
            folder.mkdir()
            one = maker.make(number, folder)
            made.append((one.arguments, one.stdin, fuzz_command.shallow(folder)))
        assert made[0] == made[1]


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a process with threads must not fork")
def test_runs(tmp_path: Path) -> None:
    """A few inputs, each in a process of its own."""
    maker = Maker(2)
    for number in range(3):
        note = run(number, maker, tmp_path / str(number) / "base")
        assert note["code"] in fuzz_command.CODES, note


@pytest.mark.parametrize(
    ("code", "out", "err", "fault"),
    [
        (0, "", "", None),
        (2, "", "qs-lint: no such file\n", None),
        (0, "", "qs-lint: No file was checked\n", "blind"),
        (1, "", "Traceback (most recent call last):\n", "crashes"),
        (2, "", "qs-lint: internal error: KeyError\n", "crashes"),
        (-11, "", "", "crashes"),
        (120, "", "", "crashes"),
        (-24, "", "", "limits"),
        (2, "", "qs-lint: internal error: MemoryError\n", "limits"),
        (2, "::error::x\n", "", "orders"),
        (2, "", "a\x1b[31m\n", "orders"),
    ],
)
def test_judged(code: int, out: str, err: str, fault: str | None) -> None:
    """Each fault is seen."""
    note = {"code": code, "out": out, "err": err}
    found = judged(note, Input(["."]), {}, {})
    assert (found[0] if found else None) == fault


def test_own_lines() -> None:
    """GitHub's lines are no orders of the checked project, whatever else is written to a file."""
    note = {"code": 2, "out": "::error file=a.py,line=1::x\n", "err": ""}
    for arguments in (
        ["--output-format=github"],
        ["--output-format=github", "--output-format=json:x", "--output-format="],
    ):
        assert judged(note, Input(arguments), {}, {}) is None
    assert judged(note, Input(["--output-format=text"]), {}, {}) is not None


def test_parts() -> None:
    """Parts of a run add up to the whole; what overlaps or is of another run is refused."""
    tally = fuzz_command.Tally(seed=1, first=0)
    whole = fuzz_command.Tally(seed=1, first=0)
    parts = []
    for number in range(6):
        note: dict[str, Any] = {"number": number, "code": number % 3, "out": "", "seconds": 1.0}
        if number == 4:
            note |= {"fault": "crashes", "what": "x"}
        tally.add(note)
        whole.add(note)
        if number in (2, 5):
            parts.append(tally.result())
            tally = fuzz_command.Tally(seed=1, first=3)
    assert fuzz_command.added(reversed(parts)) == whole.result()
    with pytest.raises(ValueError, match="two parts"):
        fuzz_command.added([parts[0], parts[0]])
    with pytest.raises(ValueError, match="not of one run"):
        fuzz_command.added([parts[0], parts[1] | {"seed": 2}])


def test_unwanted() -> None:
    """What was written, but for what the command line names."""
    before = {"project/a.py": b"x", "victim/x.py": b"x"}
    for changed, arguments, left in (
        ({"victim/x.py": b"y"}, ["--fix"], ["victim/x.py"]),
        ({"project/a.py": b"y"}, ["--fix"], []),
        ({"victim/x.py": b"y"}, ["--fix", "."], ["victim/x.py"]),
        ({"victim/x.py": b"y"}, ["--fix", ".."], []),
        ({"victim/x.py": b"y"}, ["--fix", "../victim"], []),
        ({"victim/x.py": b"y"}, ["--diff", ".."], ["victim/x.py"]),
        ({"project/a.py": b"y"}, ["--no-cache"], ["project/a.py"]),
        ({"project/new": b"y"}, ["--no-cache"], ["project/new"]),
        ({"project/new": b"y"}, ["--output-format=text:new"], []),
        ({"victim/new": b"y"}, ["--output=../victim/new"], []),
        ({"project/x.pth": b"y"}, ["--output-format=github"], ["project/x.pth"]),
    ):
        assert unwanted(before, {**before, **changed}, Input(arguments)) == left
