#!/usr/bin/env python3
"""Run the engine over pinned projects from PyPI and compare what it says with what is expected.

    python benchmarks/corpus.py --check             exit 1 if a finding is new, gone or changed
    python benchmarks/corpus.py --check wagtail     only these projects
    python benchmarks/corpus.py --check --small     only those of SMALL, below
    python benchmarks/corpus.py --update            write expected/, and results/corpus.json
    python benchmarks/corpus.py --download          only fetch and unpack (needs nothing but pip)

The wheels of ``projects.json`` are downloaded by pip with their hashes (nothing is installed or
built) and unpacked under ``--cache``; the next run finds them there.  All messages count, those
that are off by default too.  A finding that ``expected/<project>.toml`` does not know becomes
``unreviewed`` there, and the check fails until somebody has read it and says otherwise.

A run that was interrupted goes on: what a project gave is kept under ``--cache`` until its pin,
the sources of qs_lint or Python change.  ``--fresh`` runs it again.
"""

from __future__ import annotations

import argparse
import ast
import datetime as dt
import hashlib
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
import zipfile
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from itertools import repeat
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from expectations import Entry

HERE = Path(__file__).resolve().parent
CACHE = HERE.parent / ".corpus"
RESULT = HERE / "results" / "corpus.json"
#: Folders with the code of others.
VENDORED = {"kolibri": "kolibri/dist"}
#: Checked by .ci/run: together well under a minute, with 40 findings of all but one kind.
SMALL = ("django-oscar", "NEMO", "pulpcore", "edx-enterprise", "django-cms", "GeoNode")
#: To be changed with what a run keeps of a project.
FORM = 1
#: Longer expressions are cut.
LONGEST = 160
sys.path[:0] = [str(HERE), str(HERE.parent)]


class Pin(TypedDict):
    """One project: a name and version for pip, and the file that it must give."""

    name: str
    version: str
    archive: str
    sha256: str


class Outcome(TypedDict):
    """What one project gave: counts of files, processor time, and the findings.

    ``unread`` files cannot be parsed or are too large, in ``limited`` files the engine reached its
    limits somewhere, ``faults`` are files that made it fail, with the error.
    """

    key: str
    files: int
    unread: int
    limited: int
    faults: list[str]
    seconds: float
    findings: list[dict[str, Any]]


def sources(pin: Pin, cache: Path) -> Path:
    """The folder with the sources of a project; downloads and unpacks what is not there yet.

    ``ValueError`` if the archive is not the pinned one, ``CalledProcessError`` if pip fails.
    """
    folder = cache / f"{pin['name']}-{pin['version']}"
    if folder.exists():
        return folder
    archive = cache / pin["archive"]
    if not archive.exists():
        _download(pin, cache)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != pin["sha256"]:
        raise ValueError(f"{archive} is not the file that projects.json names")
    unfinished = cache / f"{folder.name}.part"
    with zipfile.ZipFile(archive) as wheel:
        wheel.extractall(unfinished)
    return unfinished.rename(folder)


def _download(pin: Pin, cache: Path) -> None:
    # Some projects ask for a newer Python than the one that runs this.
    options = ["--quiet", "--no-deps", "--ignore-requires-python", "--only-binary=:all:"]
    options += ["--python-version=3.13", f"--dest={cache}", "--require-hashes"]
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder, "wanted.txt")
        line = f"{pin['name']}=={pin['version']} --hash=sha256:{pin['sha256']}\n"
        wanted.write_text(line, encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", *options, f"--requirement={wanted}"]
        subprocess.run(command, check=True)


def outcome(pin: Pin, cache: Path, fresh: bool = False) -> Outcome:
    """What the engine says about a project, from the last run if nothing changed since."""
    kept = cache / "runs" / f"{pin['name']}.json"
    key = run_key(pin)
    if kept.exists() and not fresh:
        before: Outcome = json.loads(kept.read_text(encoding="utf-8"))
        if before["key"] == key:
            return before
    found = analysed(sources(pin, cache), VENDORED.get(pin["name"]))
    found["key"] = key
    kept.parent.mkdir(parents=True, exist_ok=True)
    unfinished = kept.with_suffix(".part")
    unfinished.write_text(json.dumps(found), encoding="utf-8")
    unfinished.rename(kept)
    return found


def run_key(pin: Pin) -> str:
    """A hash of all that the findings of a project depend on."""
    import qs_lint

    package = Path(qs_lint.__file__).parent
    digest = hashlib.sha256(f"{FORM} {pin['sha256']} {sys.version}".encode())
    for path in sorted(package.rglob("*.py")):
        digest.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return digest.hexdigest()


def analysed(root: Path, vendored: str | None = None) -> Outcome:
    """Run the engine over the files below a folder, but those below ``vendored``."""
    from qs_lint.examination import examine
    from qs_lint.project.source import Project

    start, project = time.process_time(), Project()
    found = Outcome(key="", files=0, unread=0, limited=0, faults=[], seconds=0.0, findings=[])
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if vendored and name.startswith(f"{vendored}/"):
            continue
        found["files"] += 1
        outcome = examine(project, str(path), path.read_bytes())  # as the command does
        project.forget(str(path))
        found["unread"] += not outcome.readable
        found["limited"] += bool(outcome.gave_up)
        found["faults"] += [f"{name}: {how}" for _, how in outcome.faults]
        if outcome.findings:
            judged = list(outcome.findings)
            found["findings"] += [asdict(entry) for entry in entries(judged, path, name)]
    found["seconds"] = round(time.process_time() - start, 1)
    return found


def entries(judged: list[Any], path: Path, name: str) -> list[Entry]:
    """The findings of one file in the form of the expectations, without verdicts."""
    from expectations import Entry

    from qs_lint import sources as texts

    text = texts.read(str(path)) or ""
    lines, tree = texts.lines_of(text), ast.parse(text)
    found = []
    for one in judged:
        at = one.location
        code = texts.segment(lines, at.line, at.column, at.end_line, at.end_column)
        code = re.sub(r"\s+", " ", code).strip()
        code = code if len(code) <= LONGEST else f"{code[: LONGEST - 1]}…"
        confidence = one.confidence.name
        within = around(tree, at.line, at.column)
        found.append(Entry(name, at.line, one.symbol, confidence, within, code))
    return found


def around(tree: ast.AST, line: int, column: int) -> str:
    """The qualified name of the innermost class or function that a place is in, or ""."""
    best: list[str] = []
    stack: list[tuple[ast.AST, list[str]]] = [(tree, [])]
    while stack:
        node, names = stack.pop()
        for child in ast.iter_child_nodes(node):
            inner = names
            if isinstance(child, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                end = (child.end_lineno or 0, child.end_col_offset or 0)
                if not (child.lineno, child.col_offset) <= (line, column) < end:
                    continue
                inner = [*names, child.name]
                best = inner
            stack.append((child, inner))
    return ".".join(best)


def main() -> int:
    """Check, update or download; 1 means that something differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="projects (default: all)")
    parser.add_argument("--small", action="store_true", help="only the small ones")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("--check", action="store_true", help="exit 1 on a difference")
    what.add_argument("--update", action="store_true", help="write what is expected from now on")
    what.add_argument("--download", action="store_true", help="fetch and unpack only")
    parser.add_argument("--fresh", action="store_true", help="run finished projects again")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where wheels are kept")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    pins: list[Pin] = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    known = {pin["name"] for pin in pins}
    if unknown := set(options.names) - known:
        parser.error(f"not in projects.json: {', '.join(sorted(unknown))}")
    wanted = {*options.names, *(SMALL if options.small else ())} or known
    pins = [pin for pin in pins if pin["name"] in wanted]
    options.cache.mkdir(parents=True, exist_ok=True)
    if options.download:
        for pin in pins:
            sources(pin, options.cache)
        return 0
    found: dict[str, Outcome] = {}
    with ProcessPoolExecutor(options.jobs) as pool:
        outcomes = pool.map(outcome, pins, repeat(options.cache), repeat(options.fresh))
        for pin, one in zip(pins, outcomes, strict=True):
            counts = f"{one['files']} files, {len(one['findings'])} findings"
            print(f"{pin['name']} {pin['version']}: {counts}", file=sys.stderr, flush=True)
            found[pin["name"]] = one
    if options.check:
        return check(pins, found)
    update(pins, found)
    if wanted == known:
        record(pins, found)
    return 0


def check(pins: list[Pin], found: dict[str, Outcome], folder: Path | None = None) -> int:
    """Print what differs from what is expected, is a fault or unread; 1 if there is anything."""
    from expectations import EXPECTED, UNREVIEWED, Entry, Expectation, compare, everything

    expected, wrong = everything(folder or EXPECTED), 0
    for pin in pins:
        name = pin["name"]
        before = expected.get(name, Expectation(pin["version"]))
        lines = [f"! {fault}" for fault in found[name]["faults"]]
        if before.version != pin["version"]:
            lines.append(f"! expected/{name}.toml is about {before.version}, not {pin['version']}")
        now = [Entry(**data) for data in found[name]["findings"]]
        lines += str(compare(before.entries, now)).splitlines()
        lines += [f"? unreviewed: {one}" for one in before.entries if one.verdict == UNREVIEWED]
        if lines:
            print("\n".join([f"{name} {pin['version']}", *lines]))
        wrong += len(lines)
    print(f"{wrong} differences." if wrong else "No difference.")
    return int(wrong > 0)


def update(pins: list[Pin], found: dict[str, Outcome], folder: Path | None = None) -> None:
    """Write what is expected from now on, with the verdicts that are known."""
    from dataclasses import replace

    from expectations import EXPECTED, Entry, Expectation, everything, updated, written

    folder = folder or EXPECTED
    expected = everything(folder)
    for pin in pins:
        before = expected.get(pin["name"], Expectation(""))
        now = updated(before.entries, [Entry(**data) for data in found[pin["name"]]["findings"]])
        path = folder / f"{pin['name']}.toml"
        if now:
            after = replace(before, version=pin["version"], entries=now)
            path.write_text(written(pin["name"], after), encoding="utf-8")
        else:
            path.unlink(missing_ok=True)


def record(pins: list[Pin], found: dict[str, Outcome]) -> None:
    """Write the figures of a run over all projects, for docs/trust.md."""
    import qs_lint

    columns = ("files", "unread", "limited", "faults", "seconds")
    projects = {
        pin["name"]: {"version": pin["version"]}
        | {column: found[pin["name"]][column] for column in columns}  # type: ignore[literal-required]
        for pin in pins
    }
    result = {
        "what": "corpus",
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "versions": {"python": platform.python_version(), "qs-lint": qs_lint.__version__},
        "projects": projects,
    }
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
