#!/usr/bin/env python3
"""Write what ``speed.py`` measured into the documentation: tables, and a plot.

    python benchmarks/performance.py            write
    python benchmarks/performance.py --check    exit 1 if something is not what it should be

From ``results/speed.json`` come the part of ``docs/performance.md`` between the markers, and
``docs/assets/speed.svg``.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import performance_plot  # noqa: E402
from speed_phases import PHASES  # noqa: E402

RESULTS = HERE / "results" / "speed.json"
PAGE = HERE.parent / "docs" / "performance.md"
PLOT = HERE.parent / "docs" / "assets" / "speed.svg"
BEGIN = "<!-- speed: written by benchmarks/performance.py -->"
END = "<!-- end of speed -->"
MEGABYTE = 1_000_000
#: Running processes per core with which wall times are left out.
BUSY = 1.0
#: In a cell of a table: not measured.
NONE = "\N{EN DASH}"

#: The runs, as they are called in the results and in the tables.
RUNS = {
    "ast.parse": "a process that only reads and parses",
    "cold": "`qs-lint`, no cache",
    "cold, cache written": "`qs-lint`, cache written",
    "second run": "`qs-lint`, second run",
    "two processes": "`qs-lint --jobs=2`, no cache",
    "one file": "`qs-lint`, one file",
    "one file, second run": "`qs-lint`, one file, second run",
    "one file, changed": "`qs-lint`, one file that changed after a run over all",
    "pylint": "pylint, one trivial message",
    "pylint with the plugin": "the same with the plugin's messages",
    "pylint, one file": "pylint, one trivial message, one file",
    "pylint, one file, default messages": "pylint, default messages, one file",
}
WAYS = {
    "cold, cache written": "cache written",
    "second run": "second run",
    "two processes": "two processes",
    "pylint with the plugin": "plugin in pylint",
}


def cpu(runs: dict[str, Any], name: str) -> float:
    """The median of the CPU seconds of a run; ``KeyError`` if it was not measured."""
    return float(statistics.median(runs[name]["cpu"]))


def parsing(project: dict[str, Any]) -> float:
    """CPU seconds of ``ast.parse`` alone, over all files of a project."""
    return float(statistics.median(project["floor"]["parse"]))


@dataclass(frozen=True)
class Bar:
    """A figure to reach: ``of`` gives it for a project, given the whole result as well.

    ``only``: the projects that it is asked of, if it is not asked of all.
    """

    what: str
    limit: float
    of: Callable[[dict[str, Any], dict[str, Any]], float]
    only: tuple[str, ...] = ()
    unit: str = ""

    def asks(self, project: str) -> bool:
        """Whether a project is to reach it."""
        return not self.only or project in self.only

    def shown(self, value: float) -> str:
        """A value as text."""
        if self.unit == " MB":
            return f"{value:.0f}"
        return f"{value:.2f}" if value >= 0.2 else f"{value:.3f}"


def start_up(_: dict[str, Any], result: dict[str, Any]) -> float:
    """What the command takes for an empty file, without what Python takes for nothing."""
    start = result["start"]
    return cpu(start, "empty") - cpu(start, "python")


def memory(runs: dict[str, Any], name: str) -> float:
    """The median of the peak of a run, in MB."""
    return float(statistics.median(runs[name]["memory"])) / MEGABYTE


def has_wall(result: dict[str, Any]) -> bool:
    """Whether wall times say something: not where others were waiting for the cores as well."""
    return float(result["machine"]["load"]) <= BUSY


def two_processes(project: dict[str, Any], result: dict[str, Any]) -> float:
    """The wall time of two processes to that of one; ``KeyError`` if it says nothing."""
    if not has_wall(result):
        raise KeyError("wall")
    runs = project["runs"]
    walls = [statistics.median(runs[name]["wall"]) for name in ("two processes", "cold")]
    return float(walls[0] / walls[1])


def second_run(project: dict[str, Any], _: dict[str, Any]) -> float:
    """A second run without start-up, to parsing.

    Start-up is a second run over one file: it imports less than a first one over an empty file, so
    less is taken off.
    """
    runs = project["runs"]
    start = cpu(runs, "one file, second run")
    return max(0.0, cpu(runs, "second run") - start) / parsing(project)


def cold(project: dict[str, Any], result: dict[str, Any]) -> float:
    """A run without cache less start-up, to parsing."""
    return (cpu(project["runs"], "cold") - start_up(project, result)) / parsing(project)


SMALL, LARGE = "djangorestframework", "netbox"
BARS = (
    Bar("start-up: an empty file, less Python itself, CPU seconds", 0.04, start_up, unit=" s"),
    Bar("no cache less start-up, to `ast.parse` of all files", 1.5, cold, only=(SMALL,)),
    Bar("the same", 2.0, cold, only=("django-oscar", "wagtail", LARGE)),
    Bar(
        "one file, no cache, CPU seconds",
        1.0,
        lambda one, _: cpu(one["runs"], "one file"),
        only=(LARGE,),
        unit=" s",
    ),
    Bar(
        "one file changed after a run over all, CPU seconds",
        0.35,
        lambda one, _: cpu(one["runs"], "one file, changed"),
        only=(LARGE,),
        unit=" s",
    ),
    Bar(
        "second run less a second run over one file (start-up), to `ast.parse` of all files",
        0.15,
        second_run,
    ),
    Bar(
        "pylint with the plugin, to pylint without it",
        1.08,
        lambda one, _: cpu(one["runs"], "pylint with the plugin") / cpu(one["runs"], "pylint"),
        only=(LARGE,),
    ),
    Bar(
        "memory that the plugin adds to pylint, MB",
        150,
        lambda one, _: (
            memory(one["runs"], "pylint with the plugin") - memory(one["runs"], "pylint")
        ),
        only=(LARGE,),
        unit=" MB",
    ),
    Bar(
        "peak memory of the command, no cache, MB",
        200,
        lambda one, _: memory(one["runs"], "cold"),
        only=(LARGE,),
        unit=" MB",
    ),
    Bar(
        "`--jobs=2`, wall time to that of one process",
        0.6,
        two_processes,
    ),
    Bar(
        "`--jobs=2`, CPU time to that of one process",
        1.08,
        lambda one, _: cpu(one["runs"], "two processes") / cpu(one["runs"], "cold"),
    ),
)
#: A doubling may cost a tenth more than double.
GROWTH_LIMIT = 1.1


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown; the first column is text, the others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def limit_text(bar: Bar) -> str:
    """A limit as the reader knows it."""
    return f"≤ {bar.limit:g}{bar.unit}"


def bars(result: dict[str, Any]) -> str:
    """The figures to reach, and whether they are reached."""
    projects = result["projects"]
    rows = []
    for bar in BARS:
        values: dict[str, float] = {}
        for name, project in projects.items():
            try:
                values[name] = bar.of(project, result)
            except KeyError:
                continue
        asked = {n: v for n, v in values.items() if bar.asks(n)}
        shown = [_marked(bar, name, values) for name in projects]
        rows.append([bar.what, limit_text(bar), *shown, verdict(asked.values(), bar.limit)])
    if (ratio := growth(result)) is not None:
        name = result["growth"]["project"]
        text = f"{ratio:.2f}" if ratio <= GROWTH_LIMIT else f"**{ratio:.2f}**"
        shown = [text if name == one else "" for one in projects]
        rows.append(
            [
                "growth: the most that a doubling of the copies costs, to double",
                f"≤ {GROWTH_LIMIT:g}",
                *shown,
                verdict([ratio], GROWTH_LIMIT),
            ]
        )
    return table(["", "bar", *projects, "reached"], rows)


def _marked(bar: Bar, name: str, values: dict[str, float]) -> str:
    """A value; bold where it misses the bar."""
    if name not in values:
        return NONE
    text = bar.shown(values[name])
    missed = values[name] > bar.limit and bar.asks(name)
    return f"**{text}**" if missed else text


def verdict(values: Iterable[float], limit: float) -> str:
    """Whether all values are within a limit, in words."""
    found = [value <= limit for value in values]
    if not found:
        return "not measured"
    if all(found):
        return "yes"
    return f"{sum(found)} of {len(found)}" if any(found) else "no"


def growth(result: dict[str, Any]) -> float | None:
    """How much more than double a doubling of the copies costs, where it costs most."""
    if "growth" not in result:
        return None
    runs = result["growth"]["runs"]
    numbers = sorted(map(int, runs))
    return max(
        cpu(runs, str(more)) / cpu(runs, str(few)) / (more / few)
        for few, more in itertools.pairwise(numbers)
    )


def seconds(result: dict[str, Any]) -> str:
    """CPU seconds and wall time of every run."""
    projects, walls = result["projects"], has_wall(result)
    rows = [["files", *(f"{one['files']:,}" for one in projects.values())]]
    rows.append(["bytes of Python", *(f"{one['bytes']:,}" for one in projects.values())])
    for step in ("read", "hash", "parse"):
        cells = [f"{statistics.median(one['floor'][step]):.3f}" for one in projects.values()]
        rows.append([f"{step}, without a process around it", *cells])
    for name, text in (*RUNS.items(), *((tool, tool) for tool in result["tools"])):
        cells = [_cost(one["runs"].get(name), walls) for one in projects.values()]
        if any(cell != NONE for cell in cells):
            rows.append([text, *cells])
    start = result["start"]
    before = (
        f"Before anything is checked: an interpreter that does nothing takes "
        f"{_cost(start['python'], walls)} s, `qs-lint` on an empty file "
        f"{_cost(start['empty'], walls)} s."
    )
    head = "CPU (wall), seconds" if walls else "CPU seconds"
    return f"{table([head, *projects], rows)}\n\n{before}"


def _cost(series: dict[str, Any] | None, walls: bool) -> str:
    if series is None:
        return NONE
    if not walls:
        return f"{statistics.median(series['cpu']):.2f}"
    return f"{statistics.median(series['cpu']):.2f} ({statistics.median(series['wall']):.2f})"


def phases(result: dict[str, Any]) -> str:
    """Where the time goes."""
    projects = {n: one for n, one in result["projects"].items() if "phases" in one}
    rows = []
    for phase, text in PHASES.items():
        cells = []
        for one in projects.values():
            spent, total = one["phases"][phase], sum(one["phases"].values())
            cells.append(f"{spent:.2f} ({spent / total:.0%})")
        rows.append([text, *cells])
    return table(["CPU seconds, one run with timers", *projects], rows) if projects else ""


def agreement(result: dict[str, Any]) -> str:
    """Whether all ways gave the same findings."""
    projects = result["projects"]
    rows = [["findings", *(str(one["findings"]) for one in projects.values())]]
    for way, text in WAYS.items():
        words = {True: "same", False: "**other**", None: NONE}
        rows.append([text, *(words[one["same"].get(way)] for one in projects.values())])
    return table(["to a run without cache", *projects], rows)


def copies(result: dict[str, Any]) -> str:
    """How the cost grows."""
    if "growth" not in result:
        return ""
    runs, walls = result["growth"]["runs"], has_wall(result)
    rows = []
    for number, series in runs.items():
        memory = statistics.median(series["memory"]) / MEGABYTE
        files = result["growth"]["files"] * int(number)
        ratio = f"{cpu(runs, number) / cpu(runs, '1'):.2f}"
        rows.append([number, f"{files:,}", _cost(series, walls), ratio, f"{memory:.0f}"])
    head = [f"copies of {result['growth']['project']}", "files"]
    head += ["CPU (wall), seconds" if walls else "CPU seconds", "to one"]
    return table([*head, "MB"], rows)


def tools(result: dict[str, Any]) -> str:
    """What the other linters were asked."""
    lines = []
    for name, tool in result["tools"].items():
        if "skipped" in tool:
            lines.append(f"- {name}: not measured ({tool['skipped']}).")
            continue
        packages = ", ".join(f"{package} {number}" for package, number in tool["packages"].items())
        failures = ", ".join(f"{where} ({why})" for where, why in tool.get("failed", {}).items())
        failed = f" It failed over {failures}." if failures else ""
        lines.append(f"- {name}: `{tool['command']}` ({packages}).{failed}")
    return "\n".join(lines)


def conditions(result: dict[str, Any]) -> str:
    """Machine, versions, date, repetitions."""
    on, versions = result["machine"], result["versions"]
    packages = ", ".join(f"{name} {number}" for name, number in versions.items())
    projects = ", ".join(f"{name} {one['version']}" for name, one in result["projects"].items())
    once = f", once over {' and '.join(result['once'])}" if result["once"] else ""
    times = {1: "once", 2: "twice"}
    often = times.get(result["repeat"], f"{result['repeat']} times")
    pylint = times.get(result["repeat_pylint"], f"{result['repeat_pylint']} times")
    return (
        f"Measured on {result['date']}: {on['cpu']}, {on['cores']} cores, {on['system']}; load "
        f"when it began {on['load']:g} per core; {packages}; {projects}. Each command ran {often}, "
        f"other linters {pylint}{once}; the figures are medians."
    )


def tables(result: dict[str, Any]) -> str:
    """Everything that is between the markers of the page."""
    views = ", ".join(f"`{one['view']}` ({name})" for name, one in result["projects"].items())
    parts = [
        conditions(result),
        "## Figures to reach",
        bars(result),
        f"Bold figures miss their bar. *One file* is the largest `views.py`: {views}.",
        "## What was measured",
        seconds(result),
        "The other linters, which look for other things:" if result["tools"] else "",
        tools(result),
        "## The same findings",
        agreement(result),
        "## Growth" if "growth" in result else "",
        copies(result),
        "## Where the time goes" if phases(result) else "",
        phases(result),
    ]
    return "\n\n".join(part for part in parts if part)


def put(text: str, part: str) -> str:
    """A text with a part between its markers; ``ValueError`` if it does not have them once."""
    pattern = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}", re.DOTALL)
    if len(pattern.findall(text)) != 1:
        raise ValueError(f"no place, or more than one, for {BEGIN}")
    return pattern.sub(lambda _: f"{BEGIN}\n{part}\n{END}", text)


def rendered() -> dict[Path, str]:
    """Every file that depends on the results, as it should be."""
    result: dict[str, Any] = json.loads(RESULTS.read_text(encoding="utf-8"))
    return {
        PAGE: put(PAGE.read_text(encoding="utf-8"), f"\n{tables(result)}\n"),
        PLOT: performance_plot.plot(result),
    }


def write() -> int:
    """Write all files."""
    for path, text in rendered().items():
        path.write_text(text, encoding="utf-8")
    return 0


def stale() -> list[str]:
    """The names of files that are not what they should be."""
    return [
        path.name
        for path, text in rendered().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]


def main() -> int:
    """Write or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="compare, and exit 1 on a difference")
    if not parser.parse_args().check:
        return write()
    found = stale()
    if found:
        print(f"not what results/speed.json says: {', '.join(found)}; run {Path(__file__).name}")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
