#!/usr/bin/env python3
"""Compare the command ``qs-lint`` with the plugin inside pylint, over pinned projects from PyPI.

    python benchmarks/same.py                        all projects; writes results/same.json
    python benchmarks/same.py wagtail django-oscar   only these; the others' results are kept

pylint itself, with the plugin, checks all files of a project once.  The command does so in several
ways: without a cache, filling one, out of it, with two processes, with the files named in another
order, without any configuration, and one file at a time for a sample.  Each answer is compared
message by message: path, place, id, text, confidence, module and object.  Left out is what pylint
says, asked or not, about comments that name messages it does not know (W0012, R0022).  The exit
code is 1 if anything differs.

A project is found, or fetched, as ``corpus.py`` does it.  No configuration is read: what pylint's
means to the command is the business of the tests.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import Any

from corpus import CACHE, HERE, VENDORED, Pin, sources

RESULT = HERE / "results" / "same.json"
#: What both are asked for.
PLUGIN = ["--load-plugins=qs_lint", "--disable=all", "--enable=F,E0001,E0013,qs_lint"]
COMMAND = ["--enable=memoized-queryset"]
#: Files that are checked alone: with findings, and without.
SAMPLE = (12, 12)
SEED = 6
ABOUT_COMMENTS = {"W0012", "R0022"}
Message = tuple[Any, ...]


def asked(module: str, arguments: list[str], root: Path, place: Path) -> list[Message]:
    """The messages of ``python -m module``, sorted; RuntimeError if it could not start.

    It is run in the folder ``place``; paths below ``root`` are told from there.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, "--output-format=json2", *arguments],
        cwd=place,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONPATH": str(HERE.parent)},
    )
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError):
        raise RuntimeError(f"{module}: exit code {done.returncode}: {done.stderr}") from None
    return sorted(
        (
            message["path"].removeprefix(f"{root}/"),
            message["line"],
            message["column"],
            message["endLine"] or 0,
            message["endColumn"] or 0,
            message["messageId"],
            message["message"],
            message["confidence"],
            message["module"],
            message["obj"],
        )
        for message in messages
        if message["messageId"] not in ABOUT_COMMENTS
    )


def difference(way: str, expected: list[Message], found: list[Message]) -> list[str]:
    """What is in one and not in the other, a line each."""
    one, other = set(expected), set(found)
    lines = [f"{way}: only the plugin says {message}" for message in sorted(one - other)]
    lines += [f"{way}: only the command says {message}" for message in sorted(other - one)]
    if not lines and len(expected) != len(found):
        lines = [f"{way}: {len(found)} messages, the plugin has {len(expected)}"]
    return lines


def compared(pin: Pin, cache: Path, temporary: Path) -> dict[str, Any]:
    """The result of one project."""
    root = sources(pin, cache).resolve()
    vendored = VENDORED.get(pin["name"], "\0")
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))
    files = [name for name in files if not name.startswith(f"{vendored}/")]
    rcfile = temporary / "pylintrc"
    rcfile.write_text("[MAIN]\n", encoding="utf-8")
    kept = temporary / pin["name"]
    began = time.monotonic()
    empty = f"--rcfile={rcfile}"
    expected = asked("pylint", [empty, *PLUGIN, "--persistent=n", *files], root, root)
    seconds = time.monotonic() - began
    differences: list[str] = []
    ways: list[str] = []

    def check(way: str, *arguments: str, of: list[Message] | None = None) -> None:
        found = asked("qs_lint", [empty, *COMMAND, *arguments], root, root)
        ways.append(way)
        differences.extend(difference(way, expected if of is None else of, found))

    check("cold", "--no-cache", "--jobs=1", *files)
    alone = temporary / "without a configuration"
    alone.mkdir()
    names = [f"{root}/{name}" for name in files]
    found = asked("qs_lint", ["--no-cache", "--jobs=1", *names], root, alone)
    ways.append(alone.name)
    differences += difference(alone.name, expected, found)
    check("filling the cache", f"--cache-dir={kept}", *files)
    check("warm", f"--cache-dir={kept}", *files)
    check("two processes", "--no-cache", "--jobs=2", *files)
    chance = random.Random(SEED)
    shuffled = chance.sample(files, len(files))
    check("shuffled", "--no-cache", *shuffled)
    half = sorted(chance.sample(files, (len(files) + 1) // 2))
    chosen = set(half)
    check(
        "half of the files, out of the cache of all",
        f"--cache-dir={kept}",
        *half,
        of=[message for message in expected if message[0] in chosen],
    )
    speaking = sorted({message[0] for message in expected})
    silent = [name for name in files if name not in set(speaking)]
    sample = [
        name
        for group, size in zip((speaking, silent), SAMPLE, strict=True)
        for name in sorted(chance.sample(group, min(size, len(group))))
    ]
    for name in sample:
        check("one file", "--no-cache", name, of=[m for m in expected if m[0] == name])
    print(
        f"{pin['name']} {pin['version']}: {len(files)} files, {len(expected)} messages, "
        f"{len(differences)} differences; pylint took {seconds:.0f} s",
        file=sys.stderr,
    )
    return {
        "project": pin["name"],
        "version": pin["version"],
        "files": len(files),
        "findings": len(expected),
        "ways": {way: ways.count(way) for way in dict.fromkeys(ways)},
        "differences": differences,
    }


def main() -> int:
    """Compare and write the result; 1 means that something differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="projects (default: all)")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where wheels are kept")
    parser.add_argument("--output", type=Path, default=RESULT)
    options = parser.parse_args()
    pins: list[Pin] = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    by_name = {pin["name"]: pin for pin in pins}
    if unknown := set(options.names) - set(by_name):
        parser.error(f"not in projects.json: {', '.join(sorted(unknown))}")
    options.cache.mkdir(parents=True, exist_ok=True)
    results: dict[str, Any] = {}
    if options.output.exists():
        before = json.loads(options.output.read_text(encoding="utf-8"))
        results = {result["project"]: result for result in before["projects"]}
    wanted = options.names or list(by_name)
    for name in wanted:
        with tempfile.TemporaryDirectory() as temporary:
            results[name] = compared(by_name[name], options.cache, Path(temporary))
        data = {
            "plugin": ["pylint", *PLUGIN],
            "command": ["qs-lint", *COMMAND],
            "versions": {name: version(name) for name in ("pylint", "astroid")}
            | {"python": sys.version.split()[0]},
            "projects": [results[name] for name in sorted(results, key=str.lower)],
        }
        options.output.parent.mkdir(exist_ok=True)
        text = json.dumps(data, indent=1, ensure_ascii=False)
        options.output.write_text(f"{text}\n", encoding="utf-8")
    return int(any(results[name]["differences"] for name in wanted))


if __name__ == "__main__":
    sys.exit(main())
