"""The ways into the linter, each as a process of its own.

A test is parametrised over :data:`WAYS`; a new way (a command, another host) is one more entry.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import qs_lint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

HERE = Path(__file__).resolve().parent
#: Where the package under test was found: the processes must find the same one.
PACKAGE = str(Path(qs_lint.__file__).parents[1])
LAUNCH = HERE / "launch.py"
TIME_LIMIT = 60


@dataclass(frozen=True, order=True)
class Told:
    """What a user is told, without the folder."""

    path: str
    line: int
    column: int
    symbol: str
    text: str


@dataclass(frozen=True)
class Answer:
    """What one run gave; ``events`` is what it must not have done (see ``launch.py``)."""

    code: int
    told: list[Told]
    stdout: str
    stderr: str
    events: list[dict[str, str]] = field(default_factory=list)

    @property
    def symbols(self) -> list[str]:
        """The symbols, in the order of the places."""
        return [one.symbol for one in self.told]


@dataclass(frozen=True)
class Way:
    """One way in: what is run, with which arguments before the paths, and how to read it.

    ``target`` is a script or ``module:function``, see ``launch.py``.
    """

    name: str
    target: str
    arguments: tuple[str, ...]
    read: Callable[[Any, Path], list[Told]]
    #: exit codes of a run that was not cut short
    ends_well: frozenset[int] = frozenset({0})


def _read_pylint(data: Any, base: Path) -> list[Told]:
    return sorted(
        Told(_below(m["absolutePath"], base), m["line"], m["column"], m["symbol"], m["message"])
        for m in data["messages"]
    )


def _read_engine(data: Any, base: Path) -> list[Told]:
    return sorted(Told(_below(path, base), *rest) for path, *rest in data)


def _below(path: str, base: Path) -> str:
    try:
        return Path(path).resolve().relative_to(base.resolve()).as_posix()
    except ValueError:
        return Path(path).name


ENGINE = Way("engine", str(HERE / "engine_way.py"), (), _read_engine)
PYLINT = Way(
    "pylint",
    "pylint:run_pylint",
    (
        "--rcfile=",
        "--persistent=n",
        "--output-format=json2",
        "--load-plugins=qs_lint",
        "--disable=all",
        "--enable=F,E0001,E0013,W0012,qs_lint",
        "--fail-on=F,E,W",
    ),
    _read_pylint,
    frozenset({0, 2, 4, 6}),
)
COMMAND = Way(
    "command",
    "qs_lint.command:main",
    ("--no-cache", "--output-format=json2"),
    _read_pylint,
    frozenset({0, 2, 4, 6}),
)
WAYS = (ENGINE, PYLINT, COMMAND)


def ask(
    way: Way,
    paths: Iterable[object],
    base: Path,
    *,
    cwd: Path | None = None,
    options: Iterable[str] = (),
    log: Path | None = None,
    environment: dict[str, str] | None = None,
    limit: float = TIME_LIMIT,
    memory: int = 0,
) -> Answer:
    """Run one way over some paths, which are told relative to ``base``.

    ``log`` is a file for what must not happen; without it nothing is watched.  ``memory`` limits
    the address space, in bytes.  Raises ``subprocess.TimeoutExpired`` after ``limit`` seconds.
    """
    start = [sys.executable, "-B", str(LAUNCH), str(log or ""), str(base), way.target]

    def bounds() -> None:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))

    path = os.pathsep.join(filter(None, (PACKAGE, os.environ.get("PYTHONPATH"))))
    done = subprocess.run(
        [*start, *way.arguments, *options, *map(os.fspath, map(str, paths))],
        cwd=cwd,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=limit,
        env={**os.environ, "PYTHONPATH": path, **(environment or {})},
        preexec_fn=bounds if memory else None,
    )
    stdout = done.stdout.decode("utf-8", "replace")
    stderr = done.stderr.decode("utf-8", "replace")
    try:
        told = way.read(json.loads(stdout), base)
    except (ValueError, KeyError, TypeError):
        told = []
    lines = log.read_text(encoding="utf-8").splitlines() if log and log.exists() else []
    return Answer(done.returncode, told, stdout, stderr, [json.loads(line) for line in lines])
