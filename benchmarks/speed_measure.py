"""What a command costs: CPU seconds, wall time, memory; measured from outside the process."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

#: A unit of ``ru_maxrss`` in bytes.
RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class FailedError(Exception):
    """A command that was to be measured did not do its work."""


@dataclass(frozen=True)
class Cost:
    """The cost of one run of a command, its child processes included.

    ``cpu``: user and system time in seconds; ``wall``: seconds; ``memory``: the peak in bytes, of
    the largest process; ``status``: the exit code; ``out`` and ``err``: what it printed.
    """

    cpu: float
    wall: float
    memory: int
    status: int
    out: str
    err: str


def measure(command: Sequence[str], cwd: Path, env: Mapping[str, str], scratch: Path) -> Cost:
    """Run a command to its end.  Output goes through files in ``scratch``: no pipe can block."""
    out, err = scratch / "out", scratch / "err"
    with out.open("wb") as stdout, err.open("wb") as stderr:
        began = time.perf_counter()
        # wait4 in place of wait: it gives this child's usage
        process = subprocess.Popen(  # pylint: disable=consider-using-with
            command, cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    return Cost(
        cpu=usage.ru_utime + usage.ru_stime,
        wall=wall,
        memory=usage.ru_maxrss * RSS_UNIT,
        status=process.returncode,
        out=out.read_text(encoding="utf-8", errors="replace"),
        err=err.read_text(encoding="utf-8", errors="replace"),
    )


@dataclass
class Series:
    """The costs of the same command, run several times."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)

    def add(self, cost: Cost) -> None:
        """Count one run more."""
        self.cpu.append(round(cost.cpu, 4))
        self.wall.append(round(cost.wall, 4))
        self.memory.append(cost.memory)

    def to_data(self) -> dict[str, list[float]]:
        """As JSON."""
        return {"cpu": self.cpu, "wall": self.wall, "memory": [*self.memory]}


@dataclass(frozen=True)
class Trial:
    """A command to be measured.

    ``fits``: whether an exit code means that it did its work; ``before``: what has to be done
    before each run, unmeasured.
    """

    name: str
    command: Sequence[str]
    cwd: Path
    fits: Callable[[int], bool] = lambda status: status == 0
    before: Callable[[], object] = lambda: None

    def run(self, env: Mapping[str, str], scratch: Path) -> Cost:
        """Run it once.  Raises :class:`FailedError` if it did not do its work."""
        self.before()
        cost = measure(self.command, self.cwd, env, scratch)
        if not self.fits(cost.status) or "Traceback (most recent call last)" in cost.err:
            raise FailedError(f"{self.name}: exit code {cost.status}\n{cost.err[-2000:]}")
        return cost


def median(numbers: Sequence[float]) -> float:
    """The median; ``ValueError`` for no numbers."""
    if not numbers:
        raise ValueError("no numbers")
    return statistics.median(numbers)
