"""Runs inputs in a process of its own and notes crashes, hangs and changing answers.

The worker says which input it begins before it begins: whatever ends it, the parent knows where.
An input is a *crash* if an exception comes out of the engine or the process ends, a *hang* if
it takes more than the limit of processor time, and a *disagreement* if a second run, by the same
or by a fresh ``Project``, finds something else.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [entry for entry in (str(HERE),) if entry not in sys.path]

import inputs  # noqa: E402
import mutations  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: The engine: a function of project, path and text, by name, so that the worker can import it.
ENGINE = "qs_lint.examination:findings_in"
#: Processor seconds that one input may take.
LIMIT = 10.0
#: A worker that says nothing for so many seconds of the clock is ended.
SILENCE = 6 * LIMIT
#: A ``Project`` is shared by so many inputs, then a fresh one is made.
SHARED_BY = 100
#: Every so many inputs are run a second time, half of these with a fresh ``Project``.
AGAIN_EVERY = 5
#: Texts up to this length are parsed once more, to know how many are Python.
COUNTED = 100_000


class TooLong(BaseException):
    """An input took more than the limit; no ``except Exception`` of the engine may catch it."""


@dataclass
class Campaign:
    """What to run: everything that the worker must know."""

    seed: int
    first: int
    last: int
    engine: str = ENGINE
    limit: float = LIMIT
    real: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    silence: float = SILENCE


@dataclass
class Tally:
    """The figures of one kind of input."""

    inputs: int = 0
    parsed: int = 0
    findings: int = 0
    again: int = 0
    crashes: int = 0
    hangs: int = 0
    disagreements: int = 0


@dataclass
class Outcome:
    """The figures of a campaign; plain data, so that a run can be resumed."""

    kinds: dict[str, Tally] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    slowest: list[tuple[float, str]] = field(default_factory=list)
    seconds: float = 0.0
    peak_mb: int = 0
    peak_name: str = ""
    next: int = 0

    @property
    def inputs(self) -> int:
        """How many inputs were run."""
        return sum(tally.inputs for tally in self.kinds.values())

    def total(self, what: str) -> int:
        """The sum of one column."""
        return sum(getattr(tally, what) for tally in self.kinds.values())

    def add(self, note: dict[str, Any]) -> None:
        """Take in what a worker said of one input."""
        tally = self.kinds.setdefault(note["kind"], Tally())
        tally.inputs += 1
        tally.parsed += note.get("parsed", 0)
        tally.findings += note.get("findings", 0)
        tally.again += note.get("again", 0)
        self.seconds += note.get("seconds", 0.0)
        if "fault" in note:
            setattr(tally, note["fault"], getattr(tally, note["fault"]) + 1)
            self.faults.append(
                {key: note[key] for key in ("fault", "kind", "name", "number", "what")}
            )
        slowest = [*self.slowest, (round(note.get("seconds", 0.0), 2), note["name"])]
        self.slowest = sorted(slowest, reverse=True)[:10]
        if note.get("peak_mb", 0) > self.peak_mb:
            self.peak_mb, self.peak_name = note["peak_mb"], note["name"]
        self.next = note["number"] + 1

    def to_data(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Outcome:
        """The inverse of :meth:`to_data`."""
        kinds = {kind: Tally(**tally) for kind, tally in data["kinds"].items()}
        slowest = [tuple(pair) for pair in data["slowest"]]
        return cls(**{**data, "kinds": kinds, "slowest": slowest})


# the worker


@contextlib.contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raise :class:`TooLong` inside after so much processor time."""

    def stop(number: int, frame: object) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def peak() -> int:
    """The most memory that this process ever had, in MB."""
    import resource

    # ``ru_maxrss`` begins with that of the parent, whatever is executed since (Linux).
    status = Path("/proc/self/status")
    if status.exists():
        text = status.read_text("ascii", "replace")
        found = re.search(r"^VmHWM:\s+(\d+) kB$", text, re.MULTILINE)
        if found is not None:
            return int(found[1]) // 1024
    kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return kilobytes // (1024 * 1024 if sys.platform == "darwin" else 1024)


def culprit(error: BaseException) -> str:
    """The exception and the last place of the package in its traceback."""
    places = [
        f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno}"
        for frame in traceback.extract_tb(error.__traceback__)
        if "qs_lint" in Path(frame.filename).parts
    ]
    text = str(error).splitlines()[0][:200] if str(error) else ""
    return f"{type(error).__name__}: {text} ({places[-1] if places else 'outside the package'})"


class Worker:
    """Runs a range of inputs."""

    def __init__(self, campaign: Campaign, work: Path) -> None:
        self.campaign = campaign
        module, _, name = campaign.engine.partition(":")
        self.engine: Callable[..., list[Any]] = getattr(importlib.import_module(module), name)
        self.inputs = made(campaign, work)
        self.shared: Any = None

    def run(self) -> Iterator[dict[str, Any]]:
        """Notes: one before and one after each input."""
        for number in range(self.campaign.first, self.campaign.last):
            one = self.inputs.make(number)
            note: dict[str, Any] = {"number": number, "kind": one.kind, "name": one.name}
            yield {"begins": note}
            self._one(one, note)
            note["peak_mb"] = peak()
            yield note

    def _one(self, one: inputs.Input, note: dict[str, Any]) -> None:
        from qs_lint.project.source import Project

        if self.shared is None or note["number"] % SHARED_BY == 0:
            self.shared = Project()
        text, path = one.text, one.path
        if one.files:
            path.parent.mkdir(parents=True, exist_ok=True)
            for name, content in one.files.items():
                (path.parent / name).write_text(content, encoding="utf-8", errors="replace")
        note["parsed"] = int(is_python(path, text))
        before = time.process_time()
        paths = sorted(path.parent.glob("*.py")) if one.files else [path]
        try:
            with limited(self.campaign.limit * len(paths)):
                found = [self.engine(self.shared, str(each), text) for each in paths]
        except TooLong:
            note |= {"fault": "hangs", "what": f"more than {self.campaign.limit} s"}
        except Exception as error:  # noqa: BLE001 - whatever it is, it is a crash
            note |= {"fault": "crashes", "what": culprit(error)}
        else:
            note["seconds"] = time.process_time() - before
            note["findings"] = sum(map(len, found))
            if note["number"] % AGAIN_EVERY == 0:
                self._again(paths, text, found, note)
        finally:
            for name in one.files:
                (path.parent / name).unlink()

    def _again(
        self, paths: list[Path], text: bytes | str | None, found: list[Any], note: dict[str, Any]
    ) -> None:
        """Once more: with the same project, and in the other order with a fresh one."""
        from qs_lint.project.source import Project

        note["again"] = 1
        fresh = note["number"] % (2 * AGAIN_EVERY) == 0
        project = Project() if fresh else self.shared
        try:
            with limited(self.campaign.limit * len(paths)):
                second = [self.engine(project, str(path), text) for path in reversed(paths)]
        except TooLong:
            note |= {"fault": "hangs", "what": "the second time"}
        except Exception as error:  # noqa: BLE001 - as above
            note |= {"fault": "crashes", "what": f"the second time: {culprit(error)}"}
        else:
            if second[::-1] != found:
                what = f"{'fresh' if fresh else 'same'} project: {difference(found, second[::-1])}"
                note |= {"fault": "disagreements", "what": what}


def difference(first: list[Any], second: list[Any]) -> str:
    """The first findings that are in one of two answers only."""
    flat = [
        [(f.symbol, f.location.line, f.message) for one in all_ for f in one]
        for all_ in (first, second)
    ]
    only = [item for item in flat[0] if item not in flat[1]] + [
        i for i in flat[1] if i not in flat[0]
    ]
    return str(only[:2])[:600]


def is_python(path: Path, text: bytes | str | None) -> bool:
    """Whether a short text is Python for this interpreter; long ones count as such."""
    content: bytes | str = b""
    with contextlib.suppress(OSError):
        content = path.read_bytes() if text is None else text
    if len(content) > COUNTED:
        return True
    return mutations.parsed(content) is not None


def made(campaign: Campaign, work: Path) -> inputs.Inputs:
    """The inputs of a campaign."""
    real: list[inputs.Real] = []
    if "library" in campaign.real:
        real += inputs.library()
    if "installed" in campaign.real:
        real += inputs.installed()
    if "fixtures" in campaign.real:
        real += inputs.fixtures()
    more = [r for root in campaign.more for r in inputs.folder(Path(root))]
    return inputs.Inputs(campaign.seed, work, real, more, campaign.kinds)


def work(options: str) -> None:
    """The worker's whole life."""
    import warnings

    warnings.simplefilter("ignore")
    given = json.loads(options).items()
    data: dict[str, Any] = {key: tuple(v) if isinstance(v, list) else v for key, v in given}
    with tempfile.TemporaryDirectory() as folder:
        for note in Worker(Campaign(**data), Path(folder)).run():
            print(json.dumps(note), flush=True)


# the parent


def run(campaign: Campaign, outcome: Outcome | None = None) -> Iterator[Outcome]:
    """Run a campaign; yields the outcome after each input.

    A worker that ends or falls silent is a fault of the input that it had begun; a new worker goes
    on with the next one.
    """
    outcome = outcome or Outcome(next=campaign.first)
    while outcome.next < campaign.last:
        data = json.dumps({**asdict(campaign), "first": outcome.next})
        with subprocess.Popen(
            [sys.executable, __file__, "--worker", data],
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        ) as worker:
            begun: dict[str, Any] | None = None
            silent = False
            lines = _lines(worker)
            while True:
                try:
                    line = lines.get(timeout=campaign.silence)
                except queue.Empty:
                    silent = True
                    break
                if not line:
                    break
                note = json.loads(line)
                if "begins" in note:
                    begun = note["begins"]
                else:
                    begun = None
                    outcome.add(note)
                    yield outcome
            worker.kill()
            code = worker.wait()
        if begun is not None:
            what = "silent" if silent else f"the process ended with {code}"
            outcome.add({**begun, "fault": "hangs" if silent else "crashes", "what": what})
            yield outcome
        elif outcome.next < campaign.last:
            raise RuntimeError("the worker ended between two inputs; see what it wrote to stderr")


def _lines(worker: subprocess.Popen[str]) -> queue.Queue[str]:
    """The worker's lines, and an empty one at the end."""
    lines: queue.Queue[str] = queue.Queue()
    stream = worker.stdout
    assert stream is not None

    def read() -> None:
        for line in stream:
            lines.put(line)
        lines.put("")

    threading.Thread(target=read, daemon=True).start()
    return lines


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--worker", required=True)
    work(parser.parse_args().worker)
