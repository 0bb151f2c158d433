#!/usr/bin/env python3
"""Measure what qs-lint costs, beside ``ast.parse``, pylint and other linters, on real projects.

    python benchmarks/speed.py                          print the figures
    python benchmarks/speed.py --write --profile        write results/speed.json, table and plot
    python benchmarks/speed.py --projects djangorestframework --repeat 1 --tools ruff

Everything is measured on one machine in one run, so that ratios mean something.  Runs of different
commands take turns, each in a process of its own; what counts is CPU seconds (user and system, of
all child processes), which other work on the machine disturbs less than wall time.  Runs of pylint
take a minute on a large project: ``--repeat-pylint`` and ``--once`` (projects) bound that, for the
other linters as well.

The projects are those of ``projects.json`` (see ``corpus.py``); their Python files and templates
are copied into a temporary folder.  ``--python`` names an interpreter with qs-lint, pylint, Django
and Django REST framework; without it, one is made with pip under ``.corpus/environments``, with
qs-lint from this checkout.

The result is one JSON object:

``what``, ``date``   "speed", and the day, ISO 8601
``machine``     ``cpu``, ``cores``, ``system``, ``load`` (running processes per core at the start)
``versions``    package -> version; ``python`` among them
``repeat``      how many runs each, ``repeat_pylint`` those of other linters, ``once``: projects
                with one of these
``start``       ``python`` (an interpreter that does nothing) and ``empty`` (qs-lint, an empty file)
``projects``    name -> ``version``, ``files``, ``bytes``, ``view`` (the file for runs over one),
                ``runs``: what -> ``cpu``, ``wall``, ``memory``, each a list with a number a run,
                ``floor``: ``read``, ``hash``, ``parse`` -> CPU seconds, a list each,
                ``findings``: how many, ``same``: way -> whether it has the findings of a cold run,
                ``phases``: phase -> CPU seconds (see ``speed_phases.py``)
``growth``      ``project``, ``files``, ``runs``: number of copies -> as above
``tools``       name -> ``command`` and ``packages`` (package -> version), or ``skipped``: why not;
                ``failed``: project -> how a run over it failed
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import performance  # noqa: E402
import speed_tools as tools  # noqa: E402
from corpus import CACHE, Pin, sources  # noqa: E402
from speed_measure import Cost, FailedError, Series, Trial  # noqa: E402

PROJECTS = ("djangorestframework", "django-oscar", "wagtail", "netbox")
GROWING = "django-oscar"
COPIES = (1, 2, 4, 8)
#: A finding in the default format of pylint.
FINDING = re.compile(r"^(?:\./)?(.+?:\d+:\d+: [EW]58\d\d: .*)$", re.MULTILINE)
PYLINT = ("--rcfile=", "--persistent=n", "--jobs=1", "--score=n")
ONLY = ("--disable=all", f"--enable={tools.TRIVIAL}")


class Bench:
    """One run of the benchmark: the environment and the temporary folder."""

    def __init__(self, python: Path, work: Path, options: argparse.Namespace) -> None:
        self.python = python
        self.work = work
        self.options = options
        self.scratch = work / "scratch"
        self.scratch.mkdir()
        left_out = {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "QS_LINT_CACHE_DIR"}
        self.env = {key: value for key, value in os.environ.items() if key not in left_out}
        self.env |= {"HOME": str(work), "PYLINTHOME": str(work / "pylint"), "NO_COLOR": "1"}

    def program(self, name: str) -> str:
        """A program of the environment."""
        return str(self.python.parent / name)

    def slow(self, project: str) -> int:
        """How often what takes long is run over a project."""
        return 1 if project in self.options.once else int(self.options.repeat_pylint)

    def measure(
        self, trials: Iterable[Trial], repeat: int, seen: Callable[[str, Cost], None]
    ) -> dict[str, Series]:
        """Run the trials in turns; ``seen`` is called with each run."""
        trials = list(trials)
        series = {trial.name: Series() for trial in trials if repeat}
        for turn in range(repeat):
            for trial in trials:
                cost = trial.run(self.env, self.scratch)
                series[trial.name].add(cost)
                seen(trial.name, cost)
                say(f"  {turn + 1}/{repeat} {trial.name}: {cost.cpu:.2f} s CPU")
        return series


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def copy_of(project: Path, folder: Path) -> Path:
    """A copy of what the linters read of a project."""

    def left_out(place: str, names: list[str]) -> set[str]:
        return {
            name
            for name in names
            if name.endswith(".dist-info")
            or name in ("__pycache__", "node_modules", "static")
            or not (name.endswith((".py", ".html")) or Path(place, name).is_dir())
        }

    return Path(shutil.copytree(project, folder, ignore=left_out, copy_function=shutil.copyfile))


def files_of(root: Path) -> list[str]:
    """The Python files of a folder, by relative path."""
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*.py"))


def view_of(root: Path, files: list[str]) -> str:
    """The file for runs over one file: the largest ``views.py``."""
    views = [name for name in files if name.rpartition("/")[2] == "views.py"]
    return max(views or files, key=lambda name: (root / name).stat().st_size)


def findings_in(cost: Cost) -> frozenset[str]:
    """The findings that a run printed."""
    return frozenset(FINDING.findall(cost.out))


def qs_lint_fits(status: int) -> bool:
    """Whether an exit code of the command says that everything was checked."""
    return status in (0, 2, 4, 6)


def pylint_fits(status: int) -> bool:
    """Whether an exit code of pylint says that it ran: not a fatal message, not a usage error."""
    return 0 <= status < 32 and not status & 1


def qs_lint_trials(bench: Bench, root: Path, view: str, prefix: str) -> list[Trial]:
    """The runs of the command over a project."""
    command = [bench.program("qs-lint"), "--output-format=text"]
    cold = [*command, "--no-cache", "--jobs=1"]
    caches = {name: bench.work / f"cache-{prefix}-{name}" for name in ("all", "one")}

    def cached(name: str) -> list[str]:
        return [*command, "--jobs=1", f"--cache-dir={caches[name]}"]

    def forget(name: str) -> Callable[[], object]:
        return partial(shutil.rmtree, caches[name], ignore_errors=True)

    trial = partial(Trial, cwd=root, fits=qs_lint_fits)
    return [
        trial("cold", [*cold, "."]),
        trial("cold, cache written", [*cached("all"), "."], before=forget("all")),
        trial("second run", [*cached("all"), "."]),
        trial("two processes", [*command, "--no-cache", "--jobs=2", "."]),
        trial("one file", [*cold, view]),
        trial("one file, cache written", [*cached("one"), view], before=forget("one")),
        trial("one file, second run", [*cached("one"), view]),
        trial("one file, changed", [*cached("all"), view], before=partial(touch, root / view)),
    ]


def touch(path: Path) -> None:
    """Change a file, and nothing of what it says."""
    with path.open("a", encoding="utf-8") as stream:
        stream.write("# one more line\n")


def pylint_trials(bench: Bench, root: Path, files: list[str], view: str) -> list[Trial]:
    """The runs of pylint over a project."""
    trial = partial(Trial, cwd=root, fits=pylint_fits)
    pylint = [bench.program("pylint"), *PYLINT]
    trivial = [*pylint, *ONLY]
    plugin = [*trivial, "--load-plugins=qs_lint", "--enable=qs_lint"]
    return [
        trial("pylint", [*trivial, *files]),
        trial("pylint with the plugin", [*plugin, *files]),
        trial("pylint, one file", [*trivial, view]),
        trial("pylint, one file, default messages", [*pylint, view]),
    ]


def floor_trial(bench: Bench, root: Path, files: list[str], prefix: str) -> Trial:
    """The run that only reads, hashes and parses."""
    listed = bench.work / f"{prefix}.list"
    listed.write_text("\n".join(files), encoding="utf-8")
    return Trial("ast.parse", [str(bench.python), str(HERE / "speed_floor.py"), str(listed)], root)


def tool_trials(
    bench: Bench, found: dict[str, Any], name: str, root: Path, files: list[str]
) -> list[tuple[Trial, int]]:
    """The runs of other linters over a project, and how often."""
    made: list[tuple[Trial, int]] = []
    for tool in tools.TOOLS:
        folder = found.get(tool.name, {}).get("folder")
        if folder is None or (tool.largest is not None and len(files) > tool.largest):
            continue
        program, *arguments = tool.arguments
        rule = bench.work / "rule.yml"
        rule.write_text(tools.SEMGREP_RULE, encoding="utf-8")
        command = [str(folder / program), *(word.format(rule=rule) for word in arguments)]
        command += files if tool.by_file else ["."]
        made.append((Trial(tool.name, command, root), bench.slow(name)))
    return made


def measure_project(bench: Bench, pin: Pin, found: dict[str, Any]) -> dict[str, Any]:
    """All figures of one project."""
    say(f"{pin['name']} {pin['version']}")
    root = copy_of(sources(pin, CACHE), bench.work / pin["name"])
    (root / ".hg").mkdir()  # the top of a checkout: nothing above is looked at
    files = files_of(root)
    view = view_of(root, files)
    steps: dict[str, list[float]] = {"read": [], "hash": [], "parse": []}
    said: dict[str, set[frozenset[str]]] = {}
    size = 0

    def seen(name: str, cost: Cost) -> None:
        nonlocal size
        if name == "ast.parse":
            data = json.loads(cost.out)
            size = data["bytes"]
            for step, numbers in steps.items():
                numbers.append(round(data[step], 5))
        else:
            said.setdefault(name, set()).add(findings_in(cost))

    floor = floor_trial(bench, root, files, pin["name"])
    floor.run(bench.env, bench.scratch)  # reads everything into the system's memory
    trials = [floor, *qs_lint_trials(bench, root, view, pin["name"])]
    series = bench.measure(trials, bench.options.repeat, seen)
    if pin["name"] not in bench.options.without_pylint:
        trials = pylint_trials(bench, root, files, view)
        series |= bench.measure(trials, bench.slow(pin["name"]), seen)
    for trial, times in tool_trials(bench, found, pin["name"], root, files):
        try:
            series |= bench.measure([trial], times, lambda *_: None)
        except FailedError as error:
            say(f"  {error}")
            why = str(error).partition(": ")[2].partition("\n")[0]
            found[trial.name].setdefault("failed", {})[pin["name"]] = why
    (truth,) = said["cold"]
    ways = ("cold, cache written", "second run", "two processes", "pylint with the plugin")
    result: dict[str, Any] = {
        "version": pin["version"],
        "files": len(files),
        "bytes": size,
        "view": view,
        "runs": {name: one.to_data() for name, one in series.items()},
        "floor": steps,
        "findings": len(truth),
        "same": {name: said[name] == {truth} for name in ways if name in said},
    }
    if bench.options.profile:
        result["phases"] = phases(bench, root)
    return result


def phases(bench: Bench, root: Path) -> dict[str, float]:
    """Where the CPU time of a cold run goes."""
    result = bench.work / "phases.json"
    command = [str(bench.python), str(HERE / "speed_phases.py"), str(result)]
    command += ["--no-cache", "--jobs=1", "."]
    Trial("phases", command, root, qs_lint_fits).run(bench.env, bench.scratch)
    found: dict[str, float] = json.loads(result.read_text(encoding="utf-8"))
    return found


def measure_growth(bench: Bench, pin: Pin) -> dict[str, Any]:
    """Cold runs over one copy of a project, and over more of them side by side."""
    say(f"growth: copies of {pin['name']}")
    trials, files = [], 0
    for number in COPIES:
        root = bench.work / f"copies-{number}"
        for copy in range(number):
            copy_of(sources(pin, CACHE), root / f"copy_{copy}")
        (root / ".hg").mkdir()
        files = files or len(files_of(root))
        command = [bench.program("qs-lint"), "--no-cache", "--jobs=1", "."]
        trials.append(Trial(str(number), command, root, qs_lint_fits))
    series = bench.measure(trials, bench.options.repeat, lambda *_: None)
    runs = {name: one.to_data() for name, one in series.items()}
    return {"project": pin["name"], "files": files, "runs": runs}


def measure_start(bench: Bench) -> dict[str, Any]:
    """What is paid before anything is done."""
    say("start")
    root = bench.work / "empty"
    root.mkdir()
    (root / ".hg").mkdir()
    (root / "empty.py").touch()
    command = [bench.program("qs-lint"), "--no-cache", "--jobs=1", "empty.py"]
    trials = [
        Trial("python", [str(bench.python), "-c", "pass"], root),
        Trial("empty", command, root, qs_lint_fits),
    ]
    series = bench.measure(trials, bench.options.repeat, lambda *_: None)
    return {name: one.to_data() for name, one in series.items()}


def installed_tools(wanted: list[str], folder: Path) -> dict[str, Any]:
    """Install other linters: name -> ``folder`` of its programs, ``packages``, or ``skipped``."""
    found: dict[str, Any] = {}
    for tool in tools.TOOLS:
        if tool.name not in wanted:
            continue
        say(f"installing {tool.name}")
        try:
            python = tools.environment(folder / tool.name, tool.packages)
        except subprocess.CalledProcessError as error:
            reason = (error.stderr or "").strip().splitlines() or ["pip failed"]
            found[tool.name] = {"skipped": f"pip: {reason[-1]}"}
            continue
        listed = tools.versions(python)
        packages = {name: listed[name] for name in tool.packages if name in listed}
        shown = " ".join(tool.arguments).format(rule="RULE")
        found[tool.name] = {"folder": python.parent, "packages": packages, "command": shown}
    return found


def machine() -> dict[str, Any]:
    """What was measured on, without names."""
    cpu = platform.processor() or platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        match = re.search(r"^model name\s*: (.*)$", information.read_text("utf-8"), re.MULTILINE)
        cpu = match[1].strip() if match else cpu
    cores = os.cpu_count() or 1
    return {
        "cpu": cpu,
        "cores": cores,
        "system": f"{platform.system()} {platform.machine()}",
        "load": round(os.getloadavg()[0] / cores, 1),
    }


def all_figures(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    """Measure everything that was asked for."""
    pins: list[Pin] = json.loads((HERE / "projects.json").read_text(encoding="utf-8"))
    known = {pin["name"]: pin for pin in pins}
    CACHE.mkdir(parents=True, exist_ok=True)
    if options.python is None:
        python = tools.environment(options.environments / "main", tools.MAIN)
        tools.install_checkout(python)
    else:
        python = options.python.absolute()
    listed = tools.versions(python)
    versions = {name: listed[name] for name in ("qs-lint", "astroid", *tools.MAIN)}
    shown = subprocess.run([str(python), "-V"], check=True, capture_output=True, encoding="utf-8")
    versions["python"] = shown.stdout.split()[1]
    bench = Bench(python, work, options)
    found = installed_tools(options.tools, options.environments)
    result: dict[str, Any] = {
        "what": "speed",
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "machine": machine(),
        "versions": versions,
        "repeat": options.repeat,
        "repeat_pylint": options.repeat_pylint,
        "once": sorted(set(options.once) & set(options.projects)),
        "start": measure_start(bench),
        "projects": {name: measure_project(bench, known[name], found) for name in options.projects},
    }
    if GROWING in options.projects:
        result["growth"] = measure_growth(bench, known[GROWING])
    for tool in found.values():
        tool.pop("folder", None)
    result["tools"] = found
    return result


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    names = [tool.name for tool in tools.TOOLS]
    parser.add_argument("--projects", nargs="+", default=list(PROJECTS), metavar="NAME")
    parser.add_argument("--repeat", type=int, default=5, help="runs of each command")
    parser.add_argument(
        "--repeat-pylint", type=int, help="runs of other linters (default: --repeat)"
    )
    parser.add_argument(
        "--once",
        nargs="*",
        default=["wagtail", "netbox"],
        metavar="NAME",
        help="projects over which those are run once (default: the two large ones)",
    )
    parser.add_argument(
        "--without-pylint", nargs="*", default=[], metavar="NAME", help="projects without its runs"
    )
    parser.add_argument("--tools", nargs="*", default=names, choices=names, metavar="TOOL")
    parser.add_argument("--python", type=Path, help="an interpreter with all that is needed")
    parser.add_argument("--environments", type=Path, default=CACHE / "environments")
    parser.add_argument("--profile", action="store_true", help="measure where the time goes, too")
    parser.add_argument("--write", action="store_true", help="write results, table and plot")
    parser.add_argument("--render", action="store_true", help="write table and plot only")
    options = parser.parse_args()
    if options.repeat < 1:
        parser.error("--repeat must be 1 or more")
    if options.repeat_pylint is None:
        options.repeat_pylint = options.repeat
    return options


def main() -> int:
    """Measure, and print or write."""
    options = arguments()
    if options.render:
        return performance.write()
    # no symbolic links in paths: macOS has one in its temporary folder's
    with tempfile.TemporaryDirectory(prefix="qs-lint-speed-") as temporary:
        result = all_figures(options, Path(temporary).resolve())
    if not options.write:
        print(performance.tables(result))
        return 0
    performance.RESULTS.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    return performance.write()


if __name__ == "__main__":
    sys.exit(main())
