"""The page "Try it", as far as it goes without a browser; ``nox -s browser`` has the rest."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import ROOT

from qs_lint.rules import all_rules

sys.path.insert(0, str(ROOT / "docs"))

import playground
import playground_bridge

ASSETS = ROOT / "docs" / "assets" / "playground"
SCRIPTS = sorted(ASSETS.glob("*.js"))


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The first example beside the shop's models, laid into a folder of the test."""
    monkeypatch.setattr(playground_bridge, "ROOT", str(tmp_path / "project"))
    monkeypatch.setattr(playground_bridge.lay, "__defaults__", (str(tmp_path / "project"),))
    data = playground.data()
    examples, shop = data["examples"], data["shop"]
    assert isinstance(examples, list)
    assert isinstance(shop, dict)
    return {**shop, "example.py": examples[0]["text"]}


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_syntax(path: Path, tmp_path: Path) -> None:
    """Node can read the scripts."""
    copy = tmp_path / f"{path.stem}.mjs"
    shutil.copyfile(path, copy)
    subprocess.run(["node", "--check", str(copy)], check=True)


def test_no_other_host() -> None:
    """The scripts load what lies beside them."""
    assert {path.name for path in SCRIPTS} == {"try.js", "worker.js"}
    for path in SCRIPTS:
        assert not re.search(r"(https?:)?//[\w.-]+\.\w", path.read_text(encoding="utf-8")), path


def test_every_rule_has_an_example() -> None:
    """Each bad one, and what to write instead."""
    examples = playground.data()["examples"]
    assert isinstance(examples, list)
    for rule in all_rules():
        assert sum(rule.symbol in example["name"] for example in examples) == 2


def test_bug_and_fix(files: dict[str, str]) -> None:
    """The bridge finds the first page's bug, fixes it, and is silent then."""
    request = {"files": files, "check": ["example.py"]}
    answer = json.loads(playground_bridge.lint(json.dumps(request)))
    found = answer[0]["findings"]
    assert [each["msgid"] for each in found] == ["E5801"]
    assert found[0]["fix"]
    assert {step["path"] for step in found[0]["steps"]} <= set(files)
    text = json.loads(
        playground_bridge.fix(json.dumps({"files": files, "path": "example.py", "number": 0}))
    )
    request["files"] = {**files, "example.py": text}
    assert json.loads(playground_bridge.lint(json.dumps(request)))[0]["findings"] == []


@pytest.mark.parametrize("name", ["../a.py", "/tmp/a.py", "a.txt"])
def test_names_are_checked(name: str, tmp_path: Path) -> None:
    """Nothing is written beside the project."""
    with pytest.raises(ValueError, match="no name"):
        playground_bridge.lay({name: ""}, str(tmp_path / "project"))
    with pytest.raises(ValueError, match="characters"):
        playground_bridge.lay({"a.py": " " * 300_001}, str(tmp_path / "project"))


def test_built(tmp_path: Path) -> None:
    """The files lie where the page looks for them."""
    package, folder = tmp_path / "package", tmp_path / "site" / playground.FOLDER
    for place in (package, folder):
        place.mkdir(parents=True)
    for name in (*playground.FILES, "wheel"):
        (package / name).write_text(name, encoding="utf-8")
    (folder / "worker.js").touch()
    subprocess.run(
        [sys.executable, str(ROOT / "docs" / "playground.py"), str(tmp_path / "site")]
        + ["--pyodide", str(package), "--wheel", str(package / "wheel")],
        check=True,
    )
    worker = (ASSETS / "worker.js").read_text(encoding="utf-8")
    for name in ("qs_lint.zip", "libcst.zip", "data.json", "pyodide/pyodide.mjs"):
        assert name in worker
        assert (folder / name).is_file()
