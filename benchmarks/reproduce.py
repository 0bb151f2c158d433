#!/usr/bin/env python3
"""Show with the real packages, under real Django, that what was reported does freeze.

    python benchmarks/reproduce.py                  all packages; writes results/reproduce.json
    python benchmarks/reproduce.py NEMO             only this one

For each package of ``reproductions/`` an environment is made with the pinned versions of its
``requirements.txt`` (by pip; kept under ``--cache``).  Each scenario runs twice: one process asks,
writes to the database and asks again; then a new process asks the same database.  It is *stale*
if the first process answers as before although the new one does not, and if the first answers like
the new one as soon as the one object that is reported as frozen is made anew in it.  Exit status 1
if a scenario is not stale.

The result is one JSON object:

``what``      "reproduce"
``date``      the day, ISO 8601
``packages``  name -> ``versions`` (of Python, the package and Django), ``how`` it was run, and
              ``scenarios``: ``name``, ``what``, the finding (``path``, ``message``, ``within``),
              the answers ``first``, ``second``, ``renewed`` and ``new``, and ``stale``
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import Any

import tomlkit

HERE = Path(__file__).resolve().parent
PACKAGES = HERE / "reproductions"
CACHE = HERE.parent / ".corpus" / "environments"
RESULT = HERE / "results" / "reproduce.json"
#: Seconds that one process may take.
LIMIT = 300


def environment(folder: Path, cache: Path) -> Path:
    """The interpreter of an environment with the folder's requirements, made if it is not there.

    ``CalledProcessError`` if pip cannot install them.
    """
    wanted = folder / "requirements.txt"
    digest = hashlib.sha256(wanted.read_bytes() + sys.version.encode()).hexdigest()[:12]
    home = cache / f"{folder.name}-{digest}"
    python = home / "bin" / "python"
    done = home / "installed"
    if not done.exists():
        venv.create(home, with_pip=True, clear=True)
        options = ["install", "--quiet", "--no-deps", f"--requirement={wanted}"]
        subprocess.run([python, "-m", "pip", *options], check=True)
        done.touch()
    return python


def answers(python: Path, folder: Path, scenario: dict[str, Any]) -> dict[str, Any]:
    """What the processes answer; ``CalledProcessError`` if one fails, its output is shown."""
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        command = [str(python), "-W", "ignore", str(PACKAGES / "two_requests.py"), str(folder)]
        command += [scenario["name"], f"--later={scenario.get('later', 0)}"]
        database = str(Path(place, "database.sqlite3"))
        # Nothing of this process's own environment may reach the package.
        keep = {"PATH", "HOME", "LANG", "LC_ALL", "TMPDIR"}
        clean = {name: value for name, value in os.environ.items() if name in keep}
        for options in ([database], [f"{database}.before", "--new"]):
            done = subprocess.run(
                [*command, *options],
                cwd=place,
                env=clean,
                capture_output=True,
                text=True,
                timeout=LIMIT,
                check=False,
            )
            if done.returncode:
                print(done.stdout, done.stderr, sep="\n", file=sys.stderr)
                done.check_returncode()
            found |= json.loads(done.stdout.splitlines()[-1])
    return found


def is_stale(found: dict[str, Any]) -> bool:
    """The process answers as before the write, unlike a new one, for the reported reason."""
    return bool(found["second"] == found["first"] != found["new"] == found["renewed"])


def versions(python: Path, package: str) -> dict[str, str]:
    """The versions that matter, as the environment has them."""
    code = "import importlib.metadata as m, json, platform, sys; print(json.dumps("
    code += "{'python': platform.python_version()} | {n: m.version(n) for n in sys.argv[1:]}))"
    done = subprocess.run(
        [python, "-c", code, package, "Django"], capture_output=True, text=True, check=True
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def reproduced(folder: Path, cache: Path) -> dict[str, Any]:
    """All scenarios of a package, with their answers."""
    data = tomlkit.parse((folder / "package.toml").read_text(encoding="utf-8")).unwrap()
    python = environment(folder, cache)
    scenarios = []
    for scenario in data["scenarios"]:
        found = answers(python, folder, scenario)
        stale = is_stale(found)
        print(f"{data['package']} {scenario['name']}: {'stale' if stale else 'NOT STALE'}")
        for name in ("first", "second", "renewed", "new"):
            print(f"  {name:7} {found[name]}", flush=True)
        scenarios.append({**scenario, **found, "stale": stale})
    return {
        "how": data["how"],
        "versions": versions(python, data["package"]),
        "scenarios": scenarios,
    }


def main() -> int:
    """Run from the command line; 1 means that something is not stale."""
    known = {path.parent.name: path.parent for path in sorted(PACKAGES.glob("*/package.toml"))}
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(known))
    parser.add_argument("--cache", type=Path, default=CACHE, help="where environments are kept")
    parser.add_argument("--out", type=Path, default=RESULT)
    options = parser.parse_args()
    if unknown := set(options.names) - set(known):
        parser.error(f"no such package: {', '.join(sorted(unknown))}")
    packages = {}
    if options.names and options.out.exists():
        packages = json.loads(options.out.read_text(encoding="utf-8"))["packages"]
    for name in options.names or known:
        packages[name] = reproduced(known[name], options.cache)
    result = {
        "what": "reproduce",
        "date": dt.datetime.now(dt.timezone.utc).date().isoformat(),
        "packages": packages,
    }
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_text(json.dumps(result, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    ran = [packages[name] for name in options.names or known]
    return int(not all(one["stale"] for package in ran for one in package["scenarios"]))


if __name__ == "__main__":
    sys.exit(main())
