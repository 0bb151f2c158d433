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
    return {**shop, **examples[0]["files"]}


@pytest.mark.skipif(shutil.which("node") is None, reason="no Node")
@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_syntax(path: Path, tmp_path: Path) -> None:
    """Node can read the scripts."""
    copy = tmp_path / f"{path.stem}.mjs"
    shutil.copyfile(path, copy)
    subprocess.run(["node", "--check", str(copy)], check=True)


def test_no_other_host() -> None:
    """The scripts load what lies beside them."""
    for path in SCRIPTS:
        assert not re.search(r"(https?:)?//[\w.-]+\.\w", path.read_text(encoding="utf-8")), path


def test_examples(files: dict[str, str]) -> None:
    """Each rule has a bad one, which is found, and what to write instead, which is not."""
    examples = playground.data()["examples"]
    assert isinstance(examples, list)
    found = {}
    for example in examples:
        request = {"files": {**files, **example["files"]}, "check": list(example["files"])}
        answers = json.loads(playground_bridge.lint(json.dumps(request)))
        found[example["name"]] = [each["symbol"] for one in answers for each in one["findings"]]
        assert not any(answer["faults"] for answer in answers)
    for rule in all_rules():
        assert found.pop(f"{rule.msgid} {rule.symbol}") == [rule.symbol]
        assert found.pop(f"{rule.msgid} {rule.symbol}: what to write instead") == []
    assert list(found.values()) == [["frozen-class-queryset"]] * 2


def test_steps(files: dict[str, str]) -> None:
    """The second example's finding leads through another file."""
    examples = playground.data()["examples"]
    assert isinstance(examples, list)
    request = {"files": {**files, **examples[1]["files"]}, "check": [playground.MAIN]}
    found = json.loads(playground_bridge.lint(json.dumps(request)))[0]["findings"]
    assert [step["path"] for step in found[0]["steps"]][-1] == "listing.py"


def test_steps_in_a_folder(files: dict[str, str]) -> None:
    """A step names a file as the page does, wherever the finding is."""
    examples = playground.data()["examples"]
    assert isinstance(examples, list)
    moved = {f"app/{name}": text for name, text in examples[1]["files"].items()}
    request = {"files": {**files, **moved}, "check": [f"app/{playground.MAIN}"]}
    found = json.loads(playground_bridge.lint(json.dumps(request)))[0]["findings"]
    assert {step["path"] for step in found[0]["steps"]} == set(moved)


def test_what_cannot_be_read(files: dict[str, str]) -> None:
    """A syntax error is told with its line, and is no finding."""
    request = {"files": {**files, "example.py": "import a\nx = (\n"}, "check": ["example.py"]}
    (answer,) = json.loads(playground_bridge.lint(json.dumps(request)))
    assert answer["findings"] == []
    assert answer["faults"] == ["example.py:2: '(' was never closed"]


def test_the_older_parser(tmp_path: Path) -> None:
    """LibCST's parser in Python reads what its native one does, up to Python 3.8."""
    code = """\
import sys
import libcst.native as native
sys.modules.pop("libcst.native")
import playground_bridge
playground_bridge.start()
import libcst
from pathlib import Path
assert libcst.native is not native
for path in map(Path, sys.argv[1:]):
    text = path.read_text("utf-8")
    assert libcst.parse_module(text).code == text, path
for text in ("[x async for x in y]", "a.b(c)"):
    assert libcst.parse_expression(text).deep_equals(native.parse_expression(text))
text = "if a is None:\\n    a = [x async for x in y]\\n"
assert libcst.parse_statement(text).deep_equals(native.parse_statement(text))
try:
    libcst.parse_module("match x:\\n    case 1:\\n        pass\\n")
except libcst.ParserSyntaxError:
    print("3.8")
"""
    paths = sorted((ROOT / "tests" / "fixtures" / "frozen-class-queryset").glob("bad_*.py"))[:12]
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, paths)],
        cwd=ROOT / "docs",
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("3.8\n", "")


def test_newer_syntax(files: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the fixer cannot read a file its findings stay, and say why there is no fix."""

    def fails(*given: object) -> None:
        raise SyntaxError

    monkeypatch.setattr("qs_lint.fixes.fixes_for", fails)
    request = {"files": files, "check": ["example.py"]}
    found = json.loads(playground_bridge.lint(json.dumps(request)))[0]["findings"]
    assert [(each["fix"], each["why"]) for each in found] == [(None, playground_bridge.NO_FIX)]


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
    page = tmp_path / "site" / "try" / "index.html"
    page.parent.mkdir()
    page.write_text('a <span id="qs-lint-size">about</span> b', encoding="utf-8")
    subprocess.run(
        [sys.executable, str(ROOT / "docs" / "playground.py"), str(tmp_path / "site")]
        + ["--pyodide", str(package), "--wheel", str(package / "wheel")],
        check=True,
    )
    worker = (ASSETS / "worker.js").read_text(encoding="utf-8")
    for name in ("qs_lint.zip", "libcst.zip", "data.json", "pyodide/pyodide.mjs"):
        assert name in worker
        assert (folder / name).is_file()
    told = r'a <span id="qs-lint-size">0\.\d MB \(0\.\d MB if the server does not .*\)</span> b'
    assert re.fullmatch(told, page.read_text(encoding="utf-8"))
    assert '<span id="qs-lint-size">' in (ROOT / "docs" / "try.md").read_text(encoding="utf-8")
