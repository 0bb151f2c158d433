#!/usr/bin/env python3
"""Run the engine over pinned projects from PyPI and compare what it says with ``findings.txt``.

    python benchmarks/corpus.py                     write findings.txt
    python benchmarks/corpus.py --check             exit 1 if anything differs from it
    python benchmarks/corpus.py --check wagtail     only these projects

The wheels of ``projects.json`` are downloaded by pip (nothing is installed or built), compared
with their sha256 and unpacked under ``--cache``; the next run finds them there.  All messages
count, those that are off by default too.  ``docs/field-notes.md`` judges each finding.
"""

from __future__ import annotations

import argparse
import difflib
import hashlib
import json
import subprocess
import sys
import zipfile
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path
from typing import TypedDict

HERE = Path(__file__).resolve().parent
FINDINGS = HERE / "findings.txt"
CACHE = HERE.parent / ".corpus"
#: Folders with the code of others.
VENDORED = {"kolibri": "kolibri/dist"}
sys.path.insert(0, str(HERE.parent))


class Pin(TypedDict):
    """One project: a name and version for pip, and the file that it must give."""

    name: str
    version: str
    archive: str
    sha256: str


def sources(pin: Pin, cache: Path) -> Path:
    """The folder with the sources of a project; downloads and unpacks what is not there yet."""
    folder = cache / f"{pin['name']}-{pin['version']}"
    if folder.exists():
        return folder
    archive = cache / pin["archive"]
    if not archive.exists():
        options = ["--quiet", "--no-deps", "--ignore-requires-python", "--only-binary=:all:"]
        # Some projects ask for a newer Python than the one that runs this.
        options += ["--python-version=3.13", f"--dest={cache}", f"{pin['name']}=={pin['version']}"]
        subprocess.run([sys.executable, "-m", "pip", "download", *options], check=True)
    if hashlib.sha256(archive.read_bytes()).hexdigest() != pin["sha256"]:
        raise ValueError(f"{archive} is not the file that projects.json names")
    unfinished = folder.with_suffix(".part")
    with zipfile.ZipFile(archive) as wheel:
        wheel.extractall(unfinished)
    return unfinished.rename(folder)


def findings(pin: Pin, cache: Path) -> list[str]:
    """One line per finding (and per file that failed), in the order of the files."""
    from qs_lint.rules import judge
    from qs_lint.semantics import Project, analyse

    root = sources(pin, cache)
    vendored = VENDORED.get(pin["name"])
    project, lines = Project(), []
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if vendored and name.startswith(f"{vendored}/"):
            continue
        try:
            analysis = analyse(project, str(path))
            found = judge(str(path), analysis.observed) if analysis else []
        except Exception as error:  # noqa: BLE001 - a fault is a line of the result
            lines.append(f"{pin['name']} {name}:1 FAULT {type(error).__name__}: {error}")
            continue
        for one in found:
            line = f"{pin['name']} {name}:{one.location.line} {one.symbol} {one.confidence.name}"
            lines.append(line)
    return lines


def main() -> int:
    """Write or compare; 1 means that something differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="projects (default: all)")
    parser.add_argument("--check", action="store_true", help="compare, and exit 1 on a difference")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where wheels are kept")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    pins: list[Pin] = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    known = {pin["name"] for pin in pins}
    if unknown := set(options.names) - known:
        parser.error(f"not in projects.json: {', '.join(sorted(unknown))}")
    options.cache.mkdir(parents=True, exist_ok=True)
    wanted = set(options.names) or known
    pins = [pin for pin in pins if pin["name"] in wanted]
    before = FINDINGS.read_text(encoding="utf-8").splitlines() if FINDINGS.exists() else []
    kept = [line for line in before if line.partition(" ")[0] not in wanted]
    now = []
    with ProcessPoolExecutor(options.jobs) as pool:
        for pin, lines in zip(pins, pool.map(findings, pins, repeat(options.cache)), strict=True):
            print(f"{pin['name']} {pin['version']}: {len(lines)} findings", file=sys.stderr)
            now += lines
    now = sorted(now + kept, key=_place)
    if not options.check:
        FINDINGS.write_text("".join(f"{line}\n" for line in now), encoding="utf-8")
        return 0
    difference = list(difflib.unified_diff(before, now, "findings.txt", "now", "", "", 0, ""))
    print("\n".join(difference) or "No difference.")
    return int(bool(difference))


def _place(line: str) -> tuple[str, str, int, str]:
    name, rest = line.split(" ", 1)
    path, _, tail = rest.partition(":")
    number, _, what = tail.partition(" ")
    return name.lower(), path, int(number), what


if __name__ == "__main__":
    sys.exit(main())
