#!/usr/bin/env python3
"""Give the *command* hostile arguments, configurations and files, and note what must not be.

    python benchmarks/fuzz_command.py --inputs 20000 --seed 1     write results/fuzz-command.json
    python benchmarks/fuzz_command.py --only 4711                 one input, and what it says
    python benchmarks/fuzz_command.py --sum part-*.json           results of parts, together

Parts (``--first``, ``--inputs``, ``--out``) can run at the same time, and one after the other.

Each input is a folder that is made from the seed and its number (``tests/trust`` says what hostile
is), and a command line.  The command runs in a child process that is forked when everything is
imported, under limits: addresses (as ``ulimit -v``), processor time, and time; one in
``REAL`` is the installed script, started as a program.  Noted are

``crashes``     a signal, an exit code that is in no table, a traceback, an error of ours
``limits``      processor time, memory, or time was exhausted
``orders``      something in the output that a terminal or a CI service would obey
``writes``      a file was written, changed or removed that the command line does not name
``blind``       exit code 0 although no file was checked

The result is one JSON object: ``what`` ("fuzz-command"), ``date``, ``versions``, ``seed``,
``limit`` (``seconds``, ``kilobytes``), ``first``, ``inputs``, ``started`` (how many were programs
of their own), ``checked`` (how many runs came to check files), the sums of the five,
``codes`` (exit code -> how often), ``faults`` (``number``, ``fault``, ``what``), ``cpu_seconds``,
and ``worst``.
It is written again and again while the run goes on: of a run that is ended there is what was done.
Exit status 1 if there was a fault.
"""

from __future__ import annotations

import argparse
import contextlib
import datetime as dt
import json
import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "tests"), str(HERE.parent / "tests" / "trust"), str(HERE)]

import fuzz  # noqa: E402
import mutations  # noqa: E402
from hostile import FORMATS, ORDERS, deep, orders  # noqa: E402
from support import FIXTURES, ORIGINAL  # noqa: E402

SECONDS = 10
KILOBYTES = 2_000_000
#: seconds of the clock after which a child is ended: it sleeps, or waits for something
PATIENCE = 600
CODES = {*range(8), 130}
#: one input in so many is a program of its own
REAL = 200
#: the result is written after so many inputs
OFTEN = 250
FAULTS = ("crashes", "limits", "orders", "writes", "blind")

WORDS = (
    *ORDERS,
    "",
    ".",
    "..",
    "../victim",
    "/dev/null",
    "/dev/zero",
    "/dev/full",
    "/dev/stdin",
    "a.py",
    "sub",
    "rules",
    "explain",
    "server",
    "-",
    "--",
    "x" * 5000,
    "*",
    "[",
    "ü",
    "\udcff",
    "0",
    "-1",
    "9" * 5000,
    "1e9",
    "yes",
    "all",
    "ALL",
    "E5801",
    "frozen-class-queryset",
    "frozen-clas-queryset",
    "qs_lint",
    "W",
    "HIGH",
    "SURE",
    "(a+)+$",
    "(a|a)*$",
    "(",
    ".*",
    "a{1,4000000000}",
    "(?=" * 50,
    "{path}:{line}",
    "{",
    "{0}",
    "%(here)s",
    "text:out",
    "json2:../victim/x",
    "os.path",
    "evil.Reporter",
    "evil",
)
OPTIONS = (
    "disable enable confidence ignore ignore-patterns ignore-paths source-roots files jobs "
    "output-format msg-template output init-hook load-plugins rcfile reports score recursive "
    "persistent py-version fail-under fail-on exit-zero per-file-ignores select exclude facts "
    "spelling-private-dict-file import-graph ignored-modules"
).split()
VALUED = (
    "output-format output msg-template rcfile disable enable confidence ignore ignore-patterns "
    "ignore-paths source-roots jobs cache-dir baseline write-baseline reason"
).split()
FLAGS = (
    "exit-zero allow-empty no-cache no-progress verbose from-stdin add-disable diff fix help "
    "version nonsense"
).split()
CONFIGS = (
    "pyproject.toml",
    "pylintrc",
    ".pylintrc",
    "pylintrc.toml",
    ".pylintrc.toml",
    "setup.cfg",
    "tox.ini",
)
STRANGE = (
    "evil.py",
    "sub/b.py",
    "a b.py",
    "ü.py",
    "rules",
    "explain",
    "sub/__init__.py",
    "list.pyi",
)


@dataclass
class Input:
    """One input: what lies in the folder, the command line, and what is on standard input."""

    arguments: list[str] = field(default_factory=list)
    stdin: bytes = b""
    outputs: set[str] = field(default_factory=set)


class Maker:
    """Makes inputs from a seed."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.texts = [path.read_text("utf-8") for path in sorted(FIXTURES.rglob("*.py"))]

    def make(self, number: int, folder: Path) -> Input:
        """Fill a folder, and say how the command is to be called in it."""
        chance = random.Random(f"{self.seed}:{number}")
        for _ in range(chance.randint(0, 6)):
            self.put(folder, chance)
        if chance.random() < 0.5:
            name = chance.choice(CONFIGS)
            write(folder / name, self.configuration(name, chance))
        if chance.random() < 0.3:
            (folder / ".git").mkdir(exist_ok=True)
        found = Input(stdin=chance.choice([b"", ORIGINAL.encode(), self.text(chance)]))
        if chance.random() < 0.9:
            found.arguments.append("--no-cache")
        if chance.random() < 0.5:
            found.arguments.append(f"--output-format={chance.choice(FORMATS)}")
        for _ in range(chance.choice([0, 0, 0, 1, 1, 2])):
            found.arguments.append(self.option(chance))
        chance.shuffle(found.arguments)
        paths = []
        for _ in range(chance.choice([0, 1, 1, 1, 2])):
            there = sorted(path.name for path in folder.iterdir())
            words = [chance.choice(WORDS)] if chance.random() < 0.1 else []
            paths.append(chance.choice([".", ".", *there, *words]))
        found.arguments = [*found.arguments, *paths] if chance.random() < 0.9 else paths
        if chance.random() < 0.03:
            found.arguments.insert(0, chance.choice(["rules", "explain"]))
        found.arguments = [a.replace("\0", "") for a in found.arguments]
        return found

    def option(self, chance: random.Random) -> str:
        """An option, perhaps with a value."""
        if chance.random() < 0.35:
            return f"--{chance.choice(FLAGS)}"
        value = chance.choice(WORDS)
        if chance.random() < 0.3:
            value = f"{value},{chance.choice(WORDS)}"
        return f"--{chance.choice(VALUED)}={value}"

    def text(self, chance: random.Random) -> bytes:
        """The text of a file."""
        kind = chance.random()
        text = chance.choice(self.texts)
        if kind < 0.3:
            return ORIGINAL.encode()
        if kind < 0.5:
            return text.encode()
        if kind < 0.7:
            return mutations.nodes(text, chance.choice(self.texts), chance).encode(
                "utf-8", "replace"
            )
        if kind < 0.8:
            return mutations.spoil_bytes(text.encode(), chance)
        if kind < 0.9:
            order = chance.choice(ORDERS)
            return f"{ORIGINAL}\nx = {order!r}  # pylint: disable={order}\n".encode(
                "utf-8", "replace"
            )
        return chance.choice(
            [b"", b"\0", b"\xff\xfe", b"(" * 5000, b"# coding: nonsense\n", deep(3000).encode()]
        )

    def put(self, folder: Path, chance: random.Random) -> None:
        """Put a file, or something else, into a folder."""
        order = chance.choice(ORDERS).replace("/", "-")
        names = [*STRANGE, f"{order}.py", f"{order}/a.py", "a" * 40 + "!.py", "a.py", "a.py"]
        path = folder / chance.choice(names)
        kind = chance.random()
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            if kind < 0.85:
                write(path, self.text(chance))
            elif kind < 0.9:
                path.symlink_to(chance.choice(["..", path.name, "/dev/zero", "../victim/x.py"]))
            elif kind < 0.94:
                os.mkfifo(path)
            elif kind < 0.97:
                path.mkdir()
            elif not path.exists() or path.is_file():  # to open a pipe would wait for its reader
                with path.open("wb") as stream:
                    stream.truncate(chance.choice([25_000_000, 3_000_000_000]))

    def configuration(self, name: str, chance: random.Random) -> bytes:
        """The text of a configuration."""
        kind = chance.random()
        if kind < 0.1:
            return chance.choice(
                [deep(5000), "tool = 5\n", "[tool]\npylint = 5\n", "\0", "["]
            ).encode()
        lines = []
        for _ in range(chance.randint(0, 6)):
            value = chance.choice(WORDS)
            if name.endswith("toml"):
                if chance.random() < 0.3:
                    sections = ("pylint", "pylint.main", "qs-lint", "qs_lint", "other")
                    lines.append(f"[tool.{chance.choice(sections)}]")
                shown = json.dumps(value.encode("utf-8", "replace").decode())
                shown = chance.choice([shown, f"[{shown}]", f"[[{shown}]]", "5", "{a = 1}", "true"])
                lines.append(f"{chance.choice(OPTIONS)} = {shown}")
            else:
                if chance.random() < 0.3 or not lines:
                    sections = ("MAIN", "pylint", "pylint.main", "qs-lint", "MESSAGES CONTROL")
                    lines.append(f"[{chance.choice(sections)}]")
                lines.append(f"{chance.choice(OPTIONS)}={value}")
        text = "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n"
        return mutations.spoil_bytes(text, chance) if kind < 0.2 else text


def write(path: Path, data: bytes) -> None:
    """Write a file, without following a link or waiting for a reader."""
    if path.is_symlink() or (path.exists() and not path.is_file()):
        return
    path.write_bytes(data)


def named(one: Input) -> set[str]:
    """The options that say that files are written, and the files that the command line names."""
    found = set()
    for argument in one.arguments:
        option, _, value = argument.partition("=")
        if option in ("--output-format", "--output", "--write-baseline", "--cache-dir"):
            found |= {part.partition(":")[2] or part for part in value.split(",")} | {value}
            found |= {":".join(part.split(":")[1:]) for part in value.split(",")}
    return found


def unwanted(before: dict[str, Any], after: dict[str, Any], one: Input) -> list[str]:
    """What was written, changed or removed without being asked for."""
    changed = [p for p in {**before, **after} if before.get(p, 0) != after.get(p, 0)]
    wanted = {os.path.normpath(os.path.join("project", name)) for name in named(one) if name}
    # and the folders that it lies in, where they are new
    above = {
        os.sep.join(w.split(os.sep)[:n]) for w in wanted for n in range(1, w.count(os.sep) + 1)
    }
    editing = {"--fix", "--add-disable"} & set(one.arguments)
    paths = {"project"} | {
        os.path.normpath(os.path.join("project", argument))
        for argument in one.arguments
        if not argument.startswith("-")
    }
    left = []
    for path in changed:
        if any(path == w or path.startswith(w + os.sep) for w in wanted):
            continue
        if path in above and path not in before and after[path] is None:
            continue
        if (
            path.startswith(("home", "project/.qs_lint_cache"))
            and "--no-cache" not in one.arguments
        ):
            continue
        below = any(top == "." or path == top or path.startswith(top + os.sep) for top in paths)
        if editing and below and path in before and path in after:
            continue
        left.append(path)
    return left


def run(number: int, maker: Maker, base: Path, verbose: bool = False) -> dict[str, Any]:
    """Run one input in a child; what came of it."""
    project, home, victim = (base / name for name in ("project", "home", "victim"))
    for folder in (project, home, victim):
        folder.mkdir(parents=True)
    (victim / "x.py").write_text(ORIGINAL, encoding="utf-8")
    one = maker.make(number, project)
    if verbose:
        one.arguments.append("--verbose")
    before = shallow(base)
    out, err, given = (base.parent / name for name in ("out", "err", "in"))
    given.write_bytes(one.stdin)
    began = time.monotonic()
    child = os.fork()
    if not child:
        _child(one.arguments, project, home, (given, out, err), real=number % REAL == 0)
    status, usage = _wait(child, began)
    note: dict[str, Any] = {"number": number, "arguments": one.arguments}
    note["seconds"] = round(usage.ru_utime + usage.ru_stime, 2)
    text, said = (p.read_bytes().decode("utf-8", "replace") for p in (out, err))
    note |= {"out": text, "err": said, "code": status}
    fault = judged(note, one, before, shallow(base))
    return note | ({"fault": fault[0], "what": fault[1]} if fault else {})


def shallow(base: Path) -> dict[str, Any]:
    """What is in the folders, large files by their size."""
    found: dict[str, Any] = {}
    for path in base.rglob("*"):
        key = str(path.relative_to(base))
        with contextlib.suppress(OSError):
            state = path.lstat()
            whole = path.is_file() and not path.is_symlink() and state.st_size < 1_000_000
            found[key] = path.read_bytes() if whole else (state.st_mode, state.st_size)
            if path.is_dir():
                found[key] = None
    return found


def _child(
    arguments: list[str], project: Path, home: Path, streams: tuple[Path, ...], real: bool
) -> None:
    """Be the command, or (``real``) the installed script; never returns."""
    code = 70
    try:
        given, out, err = streams
        os.dup2(os.open(given, os.O_RDONLY), 0)
        os.dup2(os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 1)
        os.dup2(os.open(err, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
        for name in ("stdin", "stdout", "stderr"):
            number = ("stdin", "stdout", "stderr").index(name)
            mode = "r" if not number else "w"
            errors = "backslashreplace" if number == 2 else "strict"
            stream = open(number, mode, encoding="utf-8", errors=errors, closefd=False)  # noqa: SIM115
            setattr(sys, name, stream)
        os.setsid()
        resource.setrlimit(resource.RLIMIT_AS, (KILOBYTES * 1024, KILOBYTES * 1024))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 2))
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000_000, 100_000_000))
        os.chdir(project)
        os.environ |= {"HOME": str(home), "XDG_CACHE_HOME": str(home / "cache")}
        if real:
            script = os.path.join(os.path.dirname(sys.executable), "qs-lint")
            os.execv(script, [script, *arguments])
        from qs_lint.command import main

        code = main(arguments)
        sys.stdout.flush()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 70
        sys.stdout.flush()
    except BaseException:  # noqa: BLE001 - whatever it is, the parent is told
        import traceback

        traceback.print_exc()
    finally:
        with contextlib.suppress(Exception):
            sys.stderr.flush()
        os._exit(code)


def _wait(child: int, began: float) -> tuple[int, Any]:
    """Wait for the child, and end it and what it started; exit code (or minus signal), usage."""
    while True:
        pid, status, usage = os.wait4(child, os.WNOHANG)
        if pid:
            break
        if time.monotonic() - began > PATIENCE:
            os.kill(child, signal.SIGALRM)
        time.sleep(0.003)
    with contextlib.suppress(OSError):
        os.killpg(child, signal.SIGKILL)
    return os.waitstatus_to_exitcode(status), usage


def judged(
    note: dict[str, Any], one: Input, before: dict[str, Any], after: dict[str, Any]
) -> tuple[str, str] | None:
    """The first fault of a run, and what it is."""
    code, said = note["code"], note["err"]
    if code in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGALRM) or "MemoryError" in said:
        return "limits", f"exit code {code}: {said[-300:]}"
    if code not in CODES or "Traceback" in said or "internal error" in said:
        return "crashes", f"exit code {code}: {said[-600:]}"
    if code == 0 and "No file was checked" in said and "--allow-empty" not in one.arguments:
        return "blind", said
    asked = [a.partition("=")[2] for a in one.arguments if a.startswith("--output-format=")]
    forms = [form for given in asked for form in given.split(",") if form and ":" not in form]
    if not {"--diff", "--help"} & set(one.arguments):
        found = orders(note["out"], forms[0] if len(forms) == 1 else "text")
        if found and not any("msg-template" in argument for argument in one.arguments):
            return "orders", repr(found[:3])
    if found := orders(said, "text"):
        return "orders", repr(found[:3])
    if left := unwanted(before, after, one):
        return "writes", repr(left[:5])
    return None


def main() -> int:
    """Run from the command line; 1 means that there was a fault."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="run one input and show it")
    parser.add_argument("--out", type=Path, default=fuzz.RESULTS / "fuzz-command.json")
    parser.add_argument("--sum", nargs="+", type=Path, help="results of parts to add up")
    options = parser.parse_args()
    if options.sum:
        result = added(json.loads(path.read_text(encoding="utf-8")) for path in options.sum)
        _write(options.out, result)
        return int(bool(result["faults"]))
    _warm()
    maker = Maker(options.seed)
    only = options.only is not None
    numbers = [options.only] if only else range(options.first, options.first + options.inputs)
    tally = Tally(options.seed, options.first)
    with tempfile.TemporaryDirectory() as top:
        for number in numbers:
            base = Path(top) / "base"
            note = run(number, maker, base, only)
            tally.add(note)
            if only:
                print(json.dumps(note | {"files": sorted(shallow(base))}, indent=1))
            shutil.rmtree(base)
            if not only and tally.inputs % OFTEN == 0:
                tally.write(options.out)
    if not only:
        tally.write(options.out)
    return int(bool(tally.faults))


@dataclass
class Tally:
    """What came of the inputs so far."""

    seed: int
    first: int
    inputs: int = 0
    started: int = 0
    checked: int = 0
    seconds: float = 0.0
    worst: tuple[float, int] = (0.0, -1)
    codes: Counter[str] = field(default_factory=Counter)
    faults: list[dict[str, Any]] = field(default_factory=list)

    def add(self, note: dict[str, Any]) -> None:
        """Count one input."""
        self.inputs += 1
        self.started += note["number"] % REAL == 0
        self.checked += note["code"] != 2 or bool(note["out"])
        self.codes[str(note["code"])] += 1
        self.seconds += note["seconds"]
        self.worst = max(self.worst, (note["seconds"], note["number"]))
        if "fault" in note:
            self.faults.append({key: note[key] for key in ("number", "fault", "what")})
            print(json.dumps(self.faults[-1]), file=sys.stderr, flush=True)

    def result(self) -> dict[str, Any]:
        """The result so far."""
        return {
            "what": "fuzz-command",
            "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
            "versions": fuzz.versions(),
            "seed": self.seed,
            "limit": {"seconds": SECONDS, "kilobytes": KILOBYTES},
            "first": self.first,
            "inputs": self.inputs,
            "started": self.started,
            "checked": self.checked,
            **{fault: sum(one["fault"] == fault for one in self.faults) for fault in FAULTS},
            "codes": dict(sorted(self.codes.items())),
            "faults": self.faults,
            "cpu_seconds": round(self.seconds),
            "worst": {"seconds": self.worst[0], "number": self.worst[1]},
        }

    def write(self, file: Path) -> None:
        """Write the result so far."""
        result = self.result()
        _write(file, result)
        sums = {fault: result[fault] for fault in FAULTS}
        print(f"{self.inputs} inputs, {sums}", file=sys.stderr, flush=True)


def added(parts: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """The results of parts of one run, as the result of all; ``ValueError`` if they overlap."""
    ordered = sorted(parts, key=lambda part: part["first"])
    first = ordered[0]
    for part, after in pairwise(ordered):
        if part["first"] + part["inputs"] > after["first"]:
            raise ValueError(f"two parts have the input {after['first']}")
    if len({(part["seed"], str(part["limit"]), str(part["versions"])) for part in ordered}) > 1:
        raise ValueError("the parts are not of one run")
    counts = ("inputs", "started", "checked", "cpu_seconds", *FAULTS)
    codes: Counter[str] = Counter()
    for part in ordered:
        codes.update(part["codes"])
    return first | {
        **{name: sum(part[name] for part in ordered) for name in counts},
        "date": max(part["date"] for part in ordered),
        "codes": dict(sorted(codes.items())),
        "faults": [fault for part in ordered for fault in part["faults"]],
        "worst": max(
            (part["worst"] for part in ordered), key=lambda one: (one["seconds"], one["number"])
        ),
    }


def _write(file: Path, result: dict[str, Any]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _warm() -> None:
    """Import all that the command may import, before any child is forked."""
    # pylint: disable=unused-import
    import gc

    import qs_lint.command.adopt
    import qs_lint.command.engine
    import qs_lint.command.run
    import qs_lint.command.through_pylint
    import qs_lint.fixes  # noqa: F401

    gc.collect()
    gc.freeze()  # children do not copy what they never change


if __name__ == "__main__":
    sys.exit(main())
