#!/usr/bin/env python3
"""Wrap real lazy querysets in evaluating operations, and count how many the linter finds.

    python benchmarks/recall.py --samples 300 --seed 1

The class-level querysets are those of the projects of ``projects.json`` (see ``corpus.py``). Each
sample picks one of them and one operation at random, edits the file in memory, and expects
``frozen-class-queryset`` or ``import-time-query`` at the place.  Prints the share and each miss.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import CACHE, HERE, VENDORED, Pin, sources

#: name -> the expression, with ``{}`` for the queryset
OPERATIONS: dict[str, str] = {
    "list": "list({})",
    "sorted": "sorted({}, key=id)",
    "tuple": "tuple({})",
    "set": "set({})",
    "list comprehension": "[_o for _o in {}]",
    "dict comprehension": "{{_o: 1 for _o in {}}}",
    "star": "[*{}]",
    "len": "len({})",
    "bool": "bool({})",
    "count": "{}.count()",
    "first": "{}.first()",
    "exists": "{}.exists()",
    "get": "{}.get(pk=1)",
    "index": "{}[0]",
    "step": "{}[::2]",
    "in_bulk": "{}.in_bulk()",
    "aggregate": "{}.aggregate()",
    "max": "max({}, key=id)",
    "next": "next(iter({}))",
    "or": "{} or None",
    "in": "1 in {}",
    "join": "','.join(map(str, {}))",
    "enumerate": "list(enumerate({}))",
    "filter": "list(filter(None, {}))",
    "unpacking": "(lambda *a: a)(*{})",
}
MANAGERS = (".objects.", "._default_manager.", ".all_objects.")
EXPECTED = {"frozen-class-queryset", "import-time-query"}


@dataclass(frozen=True)
class Site:
    """A class-level queryset of a project."""

    project: str
    path: Path
    text: str
    start: int
    end: int
    line: int


def sites(pin: Pin, cache: Path = CACHE) -> Iterator[Site]:
    """The class-level querysets of a project."""
    root = sources(pin, cache)
    vendored = VENDORED.get(pin["name"], "\0")
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).as_posix().startswith(vendored):
            continue
        try:
            text = path.read_text(encoding="utf-8")
            tree = ast.parse(text) if "queryset" in text else ast.Module([], [])
        except (SyntaxError, ValueError):
            continue
        starts = [0]
        for line in text.splitlines(keepends=True):
            starts.append(starts[-1] + len(line))
        for node in ast.walk(tree):
            for statement in node.body if isinstance(node, ast.ClassDef) else ():
                value = getattr(statement, "value", None)
                target = getattr(statement, "targets", [None])[0]
                if not (isinstance(value, ast.Call) and isinstance(target, ast.Name)):
                    continue
                if "queryset" not in target.id.lower() or value.end_lineno is None:
                    continue
                lines = text.splitlines()
                first, last = lines[value.lineno - 1], lines[value.end_lineno - 1]
                if not (first.isascii() and last.isascii()):
                    continue
                start = starts[value.lineno - 1] + value.col_offset
                end = starts[value.end_lineno - 1] + (value.end_col_offset or 0)
                code = text[start:end]
                if any(manager in code for manager in MANAGERS) and not (
                    ".raw(" in code or ".none()" in code or code.startswith(("list(", "tuple("))
                ):
                    yield Site(pin["name"], path, text, start, end, value.lineno)


def main() -> int:
    """Sample, and print the share that was found."""
    from qs_lint.phases.analysis import analyse
    from qs_lint.project.source import Project
    from qs_lint.rules import judge

    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="projects (default: all)")
    parser.add_argument("--samples", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    pins: list[Pin] = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    wanted = [pin for pin in pins if not options.names or pin["name"] in options.names]
    found = [site for pin in wanted for site in sites(pin)]
    print(f"{len(found)} class-level querysets in {len(wanted)} projects")
    chance = random.Random(options.seed)
    projects: dict[str, Project] = {}
    missed: Counter[str] = Counter()
    for _ in range(options.samples):
        site, operation = chance.choice(found), chance.choice(sorted(OPERATIONS))
        code = f"({site.text[site.start : site.end]})"
        text = site.text[: site.start] + OPERATIONS[operation].format(code) + site.text[site.end :]
        analysis = analyse(projects.setdefault(site.project, Project()), str(site.path), text)
        assert analysis is not None
        last = site.line + code.count("\n")
        if not any(
            finding.symbol in EXPECTED and site.line <= finding.location.line <= last
            for finding in judge(str(site.path), analysis.observed)
        ):
            missed[operation] += 1
            print(f"missed: {operation} at {site.path}:{site.line}")
    hits = options.samples - missed.total()
    print(f"found {hits} of {options.samples} ({hits / options.samples:.1%})")
    return int(hits < 0.99 * options.samples)


if __name__ == "__main__":
    sys.exit(main())
