#!/usr/bin/env python3
"""Repair real projects in memory, count what is fixed, and prove that every fix holds.

    python benchmarks/fixes.py                         the findings of expected/
    python benchmarks/fixes.py --samples 400 --seed 1  and as many planted ones

*Real*: the files that ``expected/*.toml`` name, with the findings they have now.  *Planted*: the
class-level querysets of the projects, each wrapped in an evaluating operation (see ``recall.py``).
Nothing on disk is changed.  For each finding the fixer is asked; what it applies is proven here
once more: the result compiles, nothing is reported at the place any more, no other finding has
come up, and a second run changes nothing.  Exits with 1 if a proof fails.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import warnings
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from corpus import CACHE, HERE, Pin, sources
from expectations import reported_files
from recall import EXPECTED, OPERATIONS, Site, sites

from qs_lint.examination import findings_in
from qs_lint.findings import Finding
from qs_lint.fixes import FixResult, fixes_for
from qs_lint.project.source import Project

#: operations that only copy the rows of a queryset, or choose or order some of them
SEQUENCES = frozenset(
    {"list", "tuple", "star", "list comprehension", "sorted", "set", "step", "filter", "enumerate"}
)


@dataclass
class Tally:
    """What became of findings."""

    applied: Counter[str] = field(default_factory=Counter)
    suggested: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def show(self, title: str) -> None:
        """Print the table."""
        applied, suggested = self.applied.total(), self.suggested.total()
        offered = applied + suggested
        print(f"\n{title}: {offered} offered, {applied} applied, {suggested} only suggested")
        print(f"  proven: {applied - len(self.broken)} of {applied}")
        for name in sorted({*self.applied, *self.suggested}):
            done = self.applied[name]
            print(f"  {name:24} {done:4} of {done + self.suggested[name]:4}")
        for reason, number in self.reasons.most_common():
            print(f"  {number:4} suggested: {reason}")
        for line in self.broken:
            print(f"  BROKEN: {line}")


def disproof(
    project: Project, path: str, before: list[Finding], text: str, result: FixResult[str]
) -> str:
    """What is wrong with a result; "" if it holds."""
    try:
        compile(result.text, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return f"does not parse: {error}"
    after = findings_in(project, path, result.text)
    cured = Counter(fix.finding.symbol for fix in result.fixed)
    expected = Counter(finding.symbol for finding in before) - cured
    found = Counter(finding.symbol for finding in after)
    if found != expected:
        return f"reported after the fix: {dict(found)}, expected {dict(expected)}"
    again = fixes_for(result.text, path, after, project)
    if again.text != result.text:
        return "a second run changes something"
    return "" if result.text != text else "said to be fixed, but nothing is changed"


def real(pins: list[Pin], cache: Path) -> Tally:
    """Ask for fixes of all findings of all files that are known to have some."""
    tally = Tally()
    names = {pin["name"]: pin for pin in pins}
    files = [(project, path) for project, path in reported_files() if project in names]
    read: dict[str, Project] = {}
    for project, name in files:
        source = read.setdefault(project, Project())
        path = sources(names[project], cache) / name
        text = path.read_text(encoding="utf-8")
        before = findings_in(source, str(path), text)
        result = fixes_for(text, path, before, source)
        tally.applied.update(fix.finding.symbol for fix in result.fixed)
        for each in result.suggested:
            tally.suggested[each.finding.symbol] += 1
            tally.reasons[each.why] += 1
        for fix in result.fixed:
            print(f"{project} {name}:{fix.finding.location.line} {fix.finding.symbol}: {fix.what}")
        if result.fixed and (wrong := disproof(source, str(path), before, text, result)):
            tally.broken.append(f"{project} {name}: {wrong}")
    return tally


def planted(found: list[Site], samples: int, seed: int, *, show: bool) -> Tally:
    """Plant an operation into a class-level queryset, and ask for its fix."""
    tally, chance = Tally(), random.Random(seed)
    projects: dict[str, Project] = {}
    operations = sorted(OPERATIONS)
    for _ in range(samples):
        site, operation = chance.choice(found), chance.choice(operations)
        code = site.text[site.start : site.end]
        if "\n" in code:
            code = f"({code})"
        new = OPERATIONS[operation].format(code)
        text = site.text[: site.start] + new + site.text[site.end :]
        path, last = str(site.path), site.line + code.count("\n")
        project = projects.setdefault(site.project, Project())
        before = findings_in(project, path, text)
        wanted = [
            finding
            for finding in before
            if finding.symbol in EXPECTED and site.line <= finding.location.line <= last
        ]
        if not wanted:
            continue
        kind = f"rows: {operation}" if operation in SEQUENCES else f"other: {operation}"
        result = fixes_for(text, path, wanted, project)
        if len(result.fixed) < len(wanted):
            tally.suggested[kind] += 1
            if operation in SEQUENCES:
                tally.reasons[result.suggested[0].why] += 1
            continue
        tally.applied[kind] += 1
        if wrong := disproof(project, path, before, text, result):
            tally.broken.append(f"{site.project} {path}:{site.line} {operation}: {wrong}")
        elif show:
            print(f"{path}:{site.line} {operation}: {result.fixed[0].what}")
    return tally


def main() -> int:
    """Measure, and print; 1 means that a fix did not hold."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", help="projects (default: all)")
    parser.add_argument("--samples", type=int, default=0, help="planted findings")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, default=CACHE, help="where wheels are kept")
    parser.add_argument("--show", action="store_true", help="name each planted fix")
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    pins: list[Pin] = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    wanted = [pin for pin in pins if not options.names or pin["name"] in options.names]
    options.cache.mkdir(parents=True, exist_ok=True)
    tallies = [real(wanted, options.cache)]
    tallies[0].show("Real findings")
    if options.samples:
        found = [site for pin in wanted for site in sites(pin, options.cache)]
        tally = planted(found, options.samples, options.seed, show=options.show)
        tally.show(f"Planted into {len(found)} class-level querysets of {len(wanted)} projects")
        for name in ("rows", "other"):
            done = sum(n for kind, n in tally.applied.items() if kind.startswith(name))
            rest = sum(n for kind, n in tally.suggested.items() if kind.startswith(name))
            print(f"  {name}: {done} of {done + rest} applied")
        tallies.append(tally)
    return int(any(tally.broken for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
