"""Where the CPU time of one run of ``qs-lint`` goes.

    python benchmarks/speed_phases.py RESULT [ARGUMENTS OF qs-lint]

Runs the command in this process with timers around its steps, and writes a JSON object
``phase -> CPU seconds`` to the file ``RESULT``.  Time counts for the innermost phase only: a module
that is parsed while another one is analysed counts as parsing.  The timers themselves cost little,
but they do cost: only the proportions are worth looking at.
"""

from __future__ import annotations

import functools
import gc
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

#: Phases in the order of a run, and what they are called in the documentation.
PHASES = {
    "start": "start of Python, imports",
    "reading": "finding and reading files",
    "parsing": "parsing",
    "import": "import phase: what runs when a module is imported",
    "call": "call phase: what runs per request",
    "rules": "rules",
    "cache": "cache: keys, reading, writing",
    "garbage": "freeing memory, garbage collector",
    "reporting": "reports, with pylint where it is needed",
    "other": "everything else",
}


class Timers:
    """CPU seconds by phase."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self._stack = ["other"]
        self._last = 0.0
        self._to_now("start")

    def _to_now(self, phase: str) -> None:
        now = time.process_time()
        self.seconds[phase] += now - self._last  # type: ignore[assignment]
        self._last = now

    def enter(self, phase: str) -> None:
        """A phase begins inside the current one."""
        self._to_now(self._stack[-1])
        self._stack.append(phase)

    def leave(self) -> None:
        """The current phase ends."""
        self._to_now(self._stack.pop())

    def end(self) -> dict[str, float]:
        """What was measured."""
        self._to_now(self._stack[-1])
        return {phase: round(self.seconds[phase], 4) for phase in PHASES}

    def around(self, owner: Any, name: str, phase: str) -> None:
        """Time every call of a function that ``owner`` has under a name; it must be there."""
        function = getattr(owner, name)

        @functools.wraps(function)
        def timed(*args: Any, **keywords: Any) -> Any:
            self.enter(phase)
            try:
                return function(*args, **keywords)
            finally:
                self.leave()

        setattr(owner, name, timed)

    def collection(self, phase: str, _: object) -> None:
        """A callback for :data:`gc.callbacks`."""
        if phase == "start":
            self.enter("garbage")
        else:
            self.leave()


def put_around(timers: Timers) -> None:
    """Put timers around the steps of the command."""
    from qs_lint import examination as outcome
    from qs_lint import rules
    from qs_lint.command import cache, engine, run
    from qs_lint.engine.context import EngineContext
    from qs_lint.phases import analysis, memos
    from qs_lint.project import source
    from qs_lint.project.source import Project

    timers._to_now("start")
    around = timers.around
    around(run, "discover", "reading")
    around(Path, "read_bytes", "reading")
    around(source, "listing", "reading")
    around(source, "parse", "parsing")
    around(outcome, "_parses", "parsing")
    around(analysis.Analysis, "run", "import")
    for name in ("_run_entry", "_run_inherited", "_later_calls"):
        around(analysis.Analysis, name, "call")
    around(memos.Memos, "lazy_objects", "call")
    around(engine, "examine", "other")
    around(rules, "judge", "rules")
    around(outcome, "_with_dependencies", "cache")
    for name in ("__init__", "outcome", "keep", "keep_reports", "reports", "save"):
        around(cache.Cache, name, "cache")
    around(cache.State, "__init__", "cache")
    around(Project, "forget", "garbage")
    around(EngineContext, "release", "garbage")
    around(run, "_reports", "reporting")
    around(run, "write", "reporting")
    gc.callbacks.append(timers.collection)


def main(result: str, arguments: list[str]) -> int:
    """Run the command; its exit code."""
    timers = Timers()
    put_around(timers)
    from qs_lint.command import main as command

    status = command(arguments)
    gc.callbacks.remove(timers.collection)
    Path(result).write_text(json.dumps(timers.end()) + "\n", encoding="utf-8")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
