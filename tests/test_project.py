"""What surrounds the code: workflows with pinned actions and few rights, and the packaging."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import tomlkit
import yaml
from support import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
#: The jobs that may do more than read the sources, and what.
RIGHTS = {("release.yml", "publish"): {"id-token": "write"}}
USES = re.compile(r"^\s*(?:- )?uses: (?P<action>\S+)@(?P<commit>\S+)(?P<comment>.*)$", re.MULTILINE)


def workflow(path: Path) -> dict[Any, Any]:
    """A workflow as data."""
    found: dict[Any, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return found


def test_there_are_workflows() -> None:
    """The parameters of the tests below are not empty."""
    assert {path.name for path in WORKFLOWS} >= {"ci.yml", "dependency-review.yml", "release.yml"}


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_few_rights(path: Path) -> None:
    """A workflow reads the sources and no more, but for the jobs that are named."""
    data = workflow(path)
    assert data["permissions"] in ({}, {"contents": "read"})
    for name, job in data["jobs"].items():
        rights = job.get("permissions", data["permissions"])
        assert rights in ({"contents": "read"}, RIGHTS.get((path.name, name)))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_pinned(path: Path) -> None:
    """Each action is a commit, with its version beside it."""
    text = path.read_text(encoding="utf-8")
    steps = [step for job in workflow(path)["jobs"].values() for step in job["steps"]]
    found = list(USES.finditer(text))
    assert len(found) == sum("uses" in step for step in steps)
    for match in found:
        assert re.fullmatch(r"[0-9a-f]{40}", match["commit"]), match[0]
        assert re.fullmatch(r" # v\d+\.\d+\.\d+", match["comment"]), match[0]


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_no_secrets(path: Path) -> None:
    """No secret is used, none is left in the checkout, no event's text becomes a command."""
    text = path.read_text(encoding="utf-8")
    assert "secrets." not in text
    for job in workflow(path)["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] is False
            assert "${{" not in step.get("run", "")


def test_one_commit_for_an_action() -> None:
    """The workflows agree on the version of an action."""
    pins: dict[str, set[str]] = {}
    for path in WORKFLOWS:
        for match in USES.finditer(path.read_text(encoding="utf-8")):
            pins.setdefault(match["action"], set()).add(match["commit"] + match["comment"])
    assert all(len(versions) == 1 for versions in pins.values()), pins


def test_site_configuration() -> None:
    """The service that builds the site is told what there is."""
    data = yaml.safe_load((ROOT / "docs" / ".readthedocs.yaml").read_text(encoding="utf-8"))
    project: Any = tomlkit.parse((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert (ROOT / data["mkdocs"]["configuration"]).is_file()
    (install,) = data["python"]["install"]
    assert set(install["extra_requirements"]) <= set(project["project"]["optional-dependencies"])


def test_dependabot() -> None:
    """Updates are proposed for actions and packages, from folders that there are."""
    data = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text(encoding="utf-8"))
    assert {update["package-ecosystem"] for update in data["updates"]} == {"github-actions", "pip"}
    for update in data["updates"]:
        assert (ROOT / update["directory"].lstrip("/")).is_dir()


def test_release_tools_have_hashes() -> None:
    """What builds a release is pinned to a version and to files."""
    folder = ROOT / ".github"
    text = (folder / "build-requirements.txt").read_text(encoding="utf-8")
    blocks = re.split(
        r"^(?=\S)", re.sub(r"^ *#.*\n", "", text, flags=re.MULTILINE), flags=re.MULTILINE
    )
    packages = [block for block in blocks if block.strip()]
    assert packages
    for block in packages:
        assert re.match(r"[a-z-]+==\S+ \\\n( +--hash=sha256:[0-9a-f]{64}( \\)?\n)+$", block), block
    wanted = (folder / "build-requirements.in").read_text(encoding="utf-8")
    for name in re.findall(r"^[a-z].*$", wanted, re.MULTILINE):
        assert any(block.startswith(f"{name}==") for block in packages), name


def test_source_distribution() -> None:
    """What is listed for the source distribution is there, and the tests' needs are listed."""
    project: Any = tomlkit.parse((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"])
    # the sources of the package may be gone, where the wheel is tested
    assert all((ROOT / name[1:]).exists() for name in listed - {"/qs_lint"})
    needed = "/.ci /.github /benchmarks /docs /examples /mkdocs.yml /noxfile.py /tests".split()
    assert listed >= {*needed, *(f"/{path.name}" for path in ROOT.glob("*.md"))} - {"/README.md"}
