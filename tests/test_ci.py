"""The recipes of docs/ci.md: commands are run, formats exist, actions are pinned."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from support import OPTIONS, ORIGINAL, PLAIN, ROOT, SHOP, qs_lint

from qs_lint.formats import FORMATS
from qs_lint.reporters import REPORTERS

TEXT = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
TRAP = "<!-- command: the trap -->"


def commands(program: str) -> list[list[str]]:
    """The commands of all code blocks that run a program, as arguments without the program."""
    found = []
    for block in re.findall(r"^```(?:sh|yaml|groovy)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        # a folded scalar goes on while lines are indented
        folded = re.sub(r">-\n", ">- ", block)
        folded = re.sub(r"(?<=[^\n])\n +(?=--)", " ", folded)
        for line in folded.splitlines():
            match = re.search(rf"(?:^|>-\s+|run: |script: |- |sh '){program} ([^']*)'?$", line)
            if match:
                found.append(shlex.split(match[1]))
    return found


PYLINT = [options for options in commands("pylint") if "--load-plugins=qs_lnt" not in options]


def pylint(options: list[str], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pylint as a recipe does."""
    environ = {k: v for k, v in os.environ.items() if k not in ("GITHUB_WORKSPACE", "FORCE_COLOR")}
    return subprocess.run(
        [sys.executable, "-m", "pylint", *PLAIN, *options],
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environ | {"PYTHONIOENCODING": "utf-8"} | environment,
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the bug in ``src``."""
    shutil.copytree(SHOP, tmp_path / "src" / "shop")
    (tmp_path / "src" / "views.py").write_text(ORIGINAL, encoding="utf-8")
    return tmp_path


def test_there_are_commands() -> None:
    """The recipes are found; for pylint there are fewer."""
    assert len(PYLINT) == 4
    assert len(commands("qs-lint")) == 9


@pytest.mark.parametrize("options", PYLINT, ids=lambda options: options[-2].partition("=")[2])
def test_pylint(project: Path, options: list[str]) -> None:
    """A recipe's command finds the bug, fails, and writes its files; repaired, it passes."""
    assert set(OPTIONS) <= set(options)
    done = pylint(options, project)
    assert done.returncode == 2, done.stderr
    assert "frozen-class-queryset" in done.stdout
    (forms,) = [option.partition("=")[2] for option in options if "--output-format=" in option]
    for form in forms.split(","):
        name, _, file = form.partition(":")
        assert name in {reporter.name for reporter in REPORTERS}
        text = (project / file).read_text(encoding="utf-8") if file else done.stdout
        assert "frozen-class-queryset" in text
        if file.endswith((".json", ".sarif")):
            json.loads(text)
        elif file:
            ET.fromstring(text)
    (project / "src" / "views.py").write_text("", encoding="utf-8")
    assert pylint(options, project).returncode == 0


@pytest.mark.parametrize("options", PYLINT, ids=lambda options: options[-2].partition("=")[2])
def test_no_recipe_is_green_without_the_plugin(project: Path, options: list[str]) -> None:
    """Where the plugin cannot be imported, the command fails."""
    (project / "stand-in").mkdir()
    broken = "raise ModuleNotFoundError('not in this environment')\n"
    (project / "stand-in" / "qs_lint.py").write_text(broken, encoding="utf-8")
    done = pylint(options, project, PYTHONPATH=str(project / "stand-in"))
    assert done.returncode != 0
    assert "InvalidReporterError" in done.stderr  # the format is the plugin's, too
    # with a format of pylint's own, it is the message that makes the run fail
    options = [o if "--output-format=" not in o else "--output-format=text" for o in options]
    done = pylint(options, project, PYTHONPATH=str(project / "stand-in"))
    assert done.returncode == 2 + 4  # E0013 and W0012
    assert "E0013" in done.stdout


def test_the_trap(project: Path) -> None:
    """The command that the text warns of is green, although the bug is there."""
    (options,) = [options for options in commands("pylint") if options not in PYLINT]
    block = TEXT[TEXT.index(TRAP) :]
    assert " ".join(["pylint", *options]) in block[: block.index("```\n\n")]
    done = pylint(options, project)
    assert done.returncode == 0, done.stdout
    assert "frozen" not in done.stdout


@pytest.mark.parametrize("options", commands("qs-lint"), ids=" ".join)
def test_qs_lint(project: Path, options: list[str]) -> None:
    """A recipe's command finds the bug, fails, and writes its files; repaired, it passes."""
    (project / "test-results").mkdir()  # as two recipes do
    done = qs_lint(*options, cwd=project)
    assert (done.code, done.err) == (2, "")
    given = [b for a, b in pairwise(options) if a == "--output-format"]
    assert options.count("--output-format") == len(given)
    if not all(":" in form for form in given) or not given:
        assert "frozen-class-queryset" in done.out
    for form in given:
        name, _, file = form.partition(":")
        assert name in FORMATS
        if file:
            text = (project / file).read_text(encoding="utf-8")
            assert "frozen-class-queryset" in text
            parse = json.loads if file.endswith((".json", ".sarif")) else ET.fromstring
            assert parse(text) is not None
    (project / "src" / "views.py").write_text("", encoding="utf-8")
    assert qs_lint(*options, cwd=project).code == 0


BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def recipe(word: str) -> Any:
    """The YAML of the only recipe that has a word."""
    (block,) = [text for language, text in BLOCKS if language == "yaml" and word in text]
    return yaml.safe_load(block)


def test_azure() -> None:
    """The steps are tasks or scripts, in the form of the service's schema."""
    steps = recipe("UsePythonVersion")["steps"]
    assert [set(step) for step in steps] == [{"task", "inputs"}, {"script"}, {"script"}]
    assert re.fullmatch(r"\w+@\d+", steps[0]["task"])


def test_junit_services() -> None:
    """The report is written where the service looks for it."""
    circle = recipe("store_test_results")
    assert set(circle) == {"version", "jobs", "workflows"}
    (job,) = circle["jobs"].values()
    *_, make, run, store = job["steps"]
    folder = store["store_test_results"]["path"]
    assert make["run"] == f"mkdir {folder}"
    assert f"junit:{folder}/" in run["run"]
    assert circle["workflows"]["main"]["jobs"] == list(circle["jobs"])
    (step,) = recipe("pipelines:")["pipelines"]["default"]
    _, make, run = step["step"]["script"]
    assert make == "mkdir test-results"
    assert "junit:test-results/" in run
    (jenkins,) = [text for language, text in BLOCKS if language == "groovy"]
    assert jenkins.count("{") == jenkins.count("}")
    assert "junit:qs-lint.xml" in jenkins
    assert "junit 'qs-lint.xml'" in jenkins


def test_reviewdog(project: Path) -> None:
    """What reviewdog reads has the fix as a suggestion."""
    pytest.importorskip("libcst")
    (options,) = [options for options in commands("qs-lint") if "--mark-fixable" in options]
    qs_lint(*options, cwd=project)
    data = json.loads((project / "qs-lint.json").read_text(encoding="utf-8"))
    (found,) = data["diagnostics"]
    (suggestion,) = found["suggestions"]
    assert "def get_queryset(self):" in suggestion["text"]
    assert "reviewdog -f=rdjson -reporter=" in TEXT


def test_table() -> None:
    """The table has every format, by both names."""
    for name in FORMATS:
        assert f"| `{name}` | `qs-{name.removeprefix('qs-')}` |" in TEXT


def test_workflows() -> None:
    """Actions are pinned to commits, and every workflow says what it may do."""
    uses = re.findall(r"uses: (.*)$", TEXT, re.MULTILINE)
    assert len(uses) == 5
    for action in uses:
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action), action
    workflows = [block for block in TEXT.split("```") if "\n    runs-on:" in block]
    assert len(workflows) == 2
    for block in workflows:
        permissions = re.findall(r"^permissions:(?: \{\}|\n  contents: read)$", block, re.MULTILINE)
        assert len(permissions) == 1
        granted = set(re.findall(r"^ +([\w-]+): write$", block, re.MULTILINE))
        assert granted == ({"security-events"} if "upload-sarif" in block else set())
        assert block.count("persist-credentials: false") == block.count("actions/checkout@")
