#!/usr/bin/env python3
"""Compare what is said of files in all orders: forward, backward, shuffled, alone.

    python benchmarks/isolation.py --packages 5000    random packages; results/isolation.json
    python benchmarks/isolation.py --projects netbox  unpacked projects, see ``corpus.py``
    python benchmarks/isolation.py --folder FOLDER    a project for each folder in it

The packages are those of ``tests/trust/packages.py``: their modules share registries, mutate what
they import and import each other in circles.  The engine is asked about their files in one project
in several orders, and about each file alone, which is what must come out.  The command then checks
a tenth of the packages, many at once: with one process and two, in another order, filling a cache
and out of it.
Of real projects, a sample of the files is asked for alone.

All texts, steps and places of the findings are compared.  The exit code is 1 if anything differs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULT = HERE / "results" / "isolation.json"
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests"), str(HERE.parent / "tests" / "trust")]

import packages  # noqa: E402
from corpus import CACHE, sources  # noqa: E402

import orders  # noqa: E402
from qs_lint.project.source import Project  # noqa: E402

#: Packages that the command checks in one run, and every so many times it does.
BATCH = 250
SHARE = 10
#: Files of a real project that are asked for alone: with findings, and without.
SAMPLE = (25, 25)
#: Ways of the command, each an order and its arguments.
WAYS: dict[str, tuple[str, list[str]]] = {
    "jobs 1": ("forward", ["--no-cache", "--jobs=1"]),
    "jobs 2": ("forward", ["--no-cache", "--jobs=2"]),
    "backward": ("backward", ["--no-cache", "--jobs=1"]),
    "shuffled, jobs 2": ("shuffled", ["--no-cache", "--jobs=2"]),
    "filling the cache": ("shuffled", ["--cache-dir={cache}"]),
    "warm": ("forward", ["--cache-dir={cache}"]),
}


def random_packages(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """Compare so many packages; what is known so far, after each batch."""
    files = findings = by_the_command = 0
    differences: list[str] = []
    made = packages.packages(seed, count)
    for start in range(0, count, BATCH):
        with tempfile.TemporaryDirectory() as temporary:
            folder = Path(temporary)
            paths: list[Path] = []
            for number, package in enumerate(made[start : start + BATCH], start):
                own = orders.write(package, folder)
                right = orders.alone(own)
                findings += sum(map(len, right.values()))
                differences += orders.differences(own, number, right)
                paths += own
            files += len(paths)
            if start // BATCH % SHARE == 0:
                differences += by_command(paths, folder, start)
                by_the_command += len(paths)
        done = min(start + BATCH, count)
        print(f"{done} packages, {len(differences)} differences", file=sys.stderr, flush=True)
        yield {
            "packages": done,
            "seed": seed,
            "files": files,
            "files_by_command": by_the_command,
            "findings": findings,
            "orders": [*orders.ORDERS, "alone", *WAYS],
            "differences": differences,
        }


def by_command(paths: list[Path], folder: Path, seed: int) -> list[str]:
    """Where one way of the command gives something else than another one."""
    cache = folder / "cache"
    expected: list[str] | None = None
    found: list[str] = []
    for way, (order, arguments) in WAYS.items():
        names = orders.ordered(order, [str(path) for path in paths], seed)
        rcfile = folder / "pylintrc"
        rcfile.write_text("[MAIN]\n", encoding="utf-8")
        done = subprocess.run(
            [
                *(sys.executable, "-m", "qs_lint", f"--rcfile={rcfile}", "--output-format=json2"),
                *(argument.format(cache=cache) for argument in arguments),
                *("--enable=memoized-queryset", *names),
            ],
            cwd=HERE.parent,
            capture_output=True,
            text=True,
            check=False,
        )
        try:
            messages = json.loads(done.stdout)["messages"]
        except (ValueError, KeyError):
            raise RuntimeError(f"exit code {done.returncode}: {done.stderr}") from None
        said = sorted(json.dumps(message, sort_keys=True) for message in messages)
        if expected is None:
            expected = said
        found += [f"{way}: less {one}" for one in sorted(set(expected) - set(said))]
        found += [f"{way}: more {one}" for one in sorted(set(said) - set(expected))]
    return found


def project(name: str, root: Path, seed: int) -> dict[str, Any]:
    """Compare the orders of one real project."""
    paths = sorted(path for path in root.resolve().rglob("*.py") if path.is_file())
    began = time.process_time()
    expected = orders.in_order(paths)
    seconds = time.process_time() - began
    differences: list[str] = []
    for order in ("backward", "shuffled"):
        said = orders.in_order(orders.ordered(order, paths, seed))
        differences += [f"{order}: {path}" for path in paths if said[path] != expected[path]]
    chance = random.Random(seed)
    speaking = [path for path in paths if expected[path]]
    silent = [path for path in paths if not expected[path]]
    alone = [
        path
        for group, size in zip((speaking, silent), SAMPLE, strict=True)
        for path in chance.sample(group, min(size, len(group)))
    ]
    for path in alone:
        if orders.said(Project(), path) != expected[path]:
            differences.append(f"alone: {path}")
    print(f"{name}: {len(paths)} files, {len(differences)} differences", file=sys.stderr)
    return {
        "project": name,
        "files": len(paths),
        "alone": len(alone),
        "findings": sum(map(len, expected.values())),
        "seconds": round(seconds, 1),
        "differences": [text.replace(f"{root.resolve()}/", "") for text in differences],
    }


def main() -> int:
    """Compare and write the result; 1 means that something differs."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--packages", type=int, default=0, help="how many random packages")
    parser.add_argument("--projects", nargs="*", default=[], help="names in projects.json")
    parser.add_argument("--folder", type=Path, help="a folder with unpacked projects")
    parser.add_argument("--cache", type=Path, default=CACHE, help="where wheels are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, default=RESULT)
    options = parser.parse_args()
    data: dict[str, Any] = {"packages": None, "projects": []}
    if options.output.exists():
        data |= json.loads(options.output.read_text(encoding="utf-8"))
    data["date"] = dt.datetime.now(dt.timezone.utc).date().isoformat()
    roots: dict[str, Path] = {}
    if options.folder:
        roots |= {path.name: path for path in sorted(options.folder.iterdir()) if path.is_dir()}
    if options.projects:
        pins = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
        roots |= {
            f"{pin['name']}-{pin['version']}": sources(pin, options.cache)
            for pin in pins
            if pin["name"] in options.projects
        }
    results = {result["project"]: result for result in data["projects"]}
    count = 0
    for name, root in roots.items():
        results[name] = project(name, root, options.seed)
        count += len(results[name]["differences"])
        data["projects"] = [results[key] for key in sorted(results, key=str.lower)]
        save(data, options.output)
    if options.packages:
        for data["packages"] in random_packages(options.packages, options.seed):
            save(data, options.output)
        count += len(data["packages"]["differences"])
    return int(count > 0)


def save(data: dict[str, Any], path: Path) -> None:
    """Write the result."""
    path.write_text(json.dumps(data, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
