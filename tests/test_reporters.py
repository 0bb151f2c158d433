"""The formats inside pylint: by name and by path, several at once, with jobs, with neighbours."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from support import FIXTURES, OPTIONS, ORIGINAL, PLAIN, SHOP

from qs_lint import formats
from qs_lint.reporters import REPORTERS

FORMATS = list(formats.FORMATS)
CLASSES = {reporter.form: f"qs_lint.reporters.{reporter.__name__}" for reporter in REPORTERS}
#: what would change paths, colours and width
CLEARED = ("CI_PROJECT_DIR", "COLUMNS", "FORCE_COLOR", "GITHUB_WORKSPACE", "NO_COLOR")


def run(
    output: str,
    *arguments: object,
    cwd: Path,
    options: tuple[str, ...] = OPTIONS,
    stdin: str | None = None,
    code: int | None = None,
    **environment: str,
) -> str:
    """What pylint prints in a format, run in a process of its own."""
    environ = {name: value for name, value in os.environ.items() if name not in CLEARED}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pylint",
            *PLAIN,
            *options,
            f"--output-format={output}",
            *map(str, arguments),
        ],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env=environ | {"PYTHONIOENCODING": "utf-8"} | environment,
    )
    assert "Traceback" not in done.stderr, done.stderr
    if code is not None:
        assert done.returncode == code, done.stdout + done.stderr
    return done.stdout


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A mini-app whose findings lead through several files, and a file that cannot be parsed."""
    for name in ("navigation", "library"):
        shutil.copytree(FIXTURES / "multifile" / name, tmp_path / name)
    shutil.copytree(SHOP, tmp_path / "shop")
    (tmp_path / "broken.py").write_text("x = (\n", encoding="utf-8")
    return tmp_path


def test_names() -> None:
    """Each format has a reporter, with a name that no reporter of pylint's has."""
    assert sorted(CLASSES) == sorted(FORMATS)
    assert {reporter.name for reporter in REPORTERS} == {
        f"qs-{name.removeprefix('qs-')}" for name in FORMATS
    }


@pytest.mark.parametrize("name", FORMATS)
def test_jobs(project: Path, name: str) -> None:
    """By short name or by path, with one process or two: the same text."""
    one = run(f"qs-{name.removeprefix('qs-')}", ".", cwd=project, code=2)
    assert one == run(CLASSES[name], "--jobs=2", ".", cwd=project, code=2)
    assert "frozen-class-queryset" in one
    assert "syntax-error" in one
    if name == "statistics":  # it counts, and names no place
        assert "\n1  E0001  syntax-error\n" in f"\n{one}"
        assert "navigation" not in one
    else:
        assert "navigation/services.py" in one  # of the finding, not only of the message
    assert str(project) not in one


@pytest.mark.parametrize("name", FORMATS)
def test_the_finding_is_there(project: Path, name: str) -> None:
    """What reaches the format is the finding, not only the message."""
    text = run(f"qs-{name.removeprefix('qs-')}", "navigation", "--jobs=2", cwd=project)
    sentence = {
        "full": "\n  What to write instead\n",
        "concise": " keeps what `for loop` loaded at import (navigation/services.py:8) (",
        # nothing of a finding but its name
        "statistics": "1  E5801  frozen-class-queryset\nFound 1 problem in 1 file. Checked ",
        "github": "%0A%0AWhat to write instead: ",
        "sarif": '"codeFlows"',
        "gitlab": " What to write instead: ",
        "azure": "##vso[task.logissue ",
        "rdjson": '"diagnostics"',
        "junit": "\nWhat to write instead: ",
        "qs-json": '"cure": "Run the query in a method of the view',
        "qs-jsonl": '"cure": "Run the query in a method of the view',
    }
    assert sentence[name] in text
    if name.startswith("qs-json"):
        data = json.loads(text)  # there is one finding, so JSON lines are one object, too
        (finding,) = data["findings"] if name == "qs-json" else [data]
        assert [step["text"] for step in finding["steps"]] == ["menu()", "entries()", "for loop"]


def test_several(project: Path) -> None:
    """One run, several formats, each in a file of its own."""
    output = (
        "qs-full,qs-sarif:a.sarif,qs-gitlab:b.json,qs-junit:c.xml,json2:d.json,github:e.txt,"
        "qs-json:f.json,qs-jsonl:g.jsonl,qs-concise:h.txt,qs-statistics:i.txt"
    )
    shown = run(output, ".", cwd=project, code=2, FORCE_COLOR="1")
    summary = (
        "Found 3 problems and 1 other message in 3 files, 1 file could not be checked. "
        "Checked 15 files."
    )
    assert summary in shown
    sarif = json.loads((project / "a.sarif").read_text(encoding="utf-8"))
    gitlab = json.loads((project / "b.json").read_text(encoding="utf-8"))
    suites = ET.parse(project / "c.xml").getroot()
    theirs = json.loads((project / "d.json").read_text(encoding="utf-8"))["messages"]
    results = sarif["runs"][0]["results"]
    assert len(gitlab) == len(theirs) == len(results) + 1
    assert {r["ruleId"] for r in results} | {"E0001"} == {m["messageId"] for m in theirs}
    assert suites.get("tests") == str(len({m["path"] for m in theirs}))
    assert "::error file=" in (project / "e.txt").read_text(encoding="utf-8")
    whole = json.loads((project / "f.json").read_text(encoding="utf-8"))
    lines = (project / "g.jsonl").read_text(encoding="utf-8").splitlines()
    assert {m["id"] for m in whole["messages"]} == {"E0001"}
    assert len(whole["findings"]) == len(results)
    assert not whole["complete"]
    items = [json.loads(line) for line in lines]
    assert [i for i in items if i["rule"]] == whole["findings"]
    assert [i for i in items if not i["rule"]] == whole["messages"]
    *concise, last = (project / "h.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split(":")[0] for line in concise] == [i["path"] for i in items]
    assert last == summary
    *counts, last = (project / "i.txt").read_text(encoding="utf-8").splitlines()
    assert sum(int(line.split()[0]) for line in counts) == len(theirs)
    assert {line.split()[1] for line in counts} == {m["messageId"] for m in theirs}
    assert last == summary


def test_a_file_has_no_colours(project: Path) -> None:
    """Colours that the environment forces are for what is shown, not for files."""
    assert "\x1b[" in run("qs-full", "navigation", cwd=project, FORCE_COLOR="1")
    assert "\x1b[" not in run("qs-full", "navigation", cwd=project)
    run("qs-full:a.txt", "navigation", cwd=project, FORCE_COLOR="1")
    text = (project / "a.txt").read_text(encoding="utf-8")
    assert "frozen-class-queryset" in text
    assert "\x1b[" not in text


@pytest.mark.parametrize("name", FORMATS)
def test_neighbours(project: Path, name: str) -> None:
    """Messages of other checkers come through, without a finding, at their level."""
    (project / "broken.py").write_text("import os\n\n\ndef f(a=[]):\n    pass\n", encoding="utf-8")
    options = ("--load-plugins=qs_lint", "--disable=all", "--reports=y", "--score=y")
    enabled = "--enable=qs_lint,unused-import,dangerous-default-value,missing-module-docstring"
    text = run(
        f"qs-{name.removeprefix('qs-')}",
        enabled,
        "navigation",
        "broken.py",
        cwd=project,
        options=options,
    )
    for symbol in ("unused-import", "missing-module-docstring", "frozen-class-queryset"):
        assert symbol in text
    assert "rated" not in text
    if name == "sarif":
        results = json.loads(text)["runs"][0]["results"]
        levels = {(result["ruleId"], result["level"]) for result in results}
        assert {("W0611", "warning"), ("C0114", "note"), ("E5801", "error")} <= levels
    if name == "junit":
        ET.fromstring(text)


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_found(tmp_path: Path, name: str) -> None:
    """A clean run writes a whole document, too."""
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    text = run(f"qs-{name.removeprefix('qs-')}", "a.py", cwd=tmp_path, code=0)
    if name in ("full", "statistics"):
        assert text == "All checks passed! Checked 1 file.\n"
    elif name in ("concise", "github", "azure", "qs-jsonl"):
        assert text == ""
    elif name == "qs-json":
        data = json.loads(text)
        assert data["findings"] == data["messages"] == []
        assert data["checked"] == 1
        assert data["complete"] is True
    elif name == "junit":
        assert ET.fromstring(text).get("failures") == "0"
    elif name == "sarif":
        assert json.loads(text)["runs"][0]["results"] == []
    elif name == "rdjson":
        assert json.loads(text)["diagnostics"] == []
    else:
        assert json.loads(text) == []


@pytest.mark.parametrize("jobs", [1, 2])
def test_files_are_counted(project: Path, jobs: int) -> None:
    """Files with equal names are several; what could not be read is none."""
    for name in ("one", "two"):
        (project / name).mkdir()
        (project / name / "same.py").write_text("x = 1\n", encoding="utf-8")
    text = run("qs-full", f"--jobs={jobs}", "one/same.py", "two/same.py", "gone.py", cwd=project)
    summary = text.splitlines()[-1]
    assert "Checked 2 files." in summary
    assert "1 file could not be checked" in summary


def test_source_roots(tmp_path: Path) -> None:
    """The way to the query goes through modules that only an option leads to."""
    deep = tmp_path / "lib" / "deep"
    deep.mkdir(parents=True)
    shutil.copytree(SHOP, deep / "shop")
    app = tmp_path / "other" / "app"
    app.mkdir(parents=True)
    source = "from shop.helpers import category_choices\n\nCHOICES = category_choices()\n"
    (app / "views.py").write_text(source, encoding="utf-8")
    arguments = (f"--source-roots={deep}", "other/app/views.py")
    text = run("qs-sarif", *arguments, "--jobs=2", cwd=tmp_path, code=2)
    (result,) = json.loads(text)["runs"][0]["results"]
    flow = result["codeFlows"][0]["threadFlows"][0]["locations"]
    assert flow[0]["location"]["message"]["text"] == "category_choices()"


def test_standard_input(project: Path) -> None:
    """A buffer that differs from the file on disk is reported from its messages."""
    path = project / "views.py"
    path.write_text("x = 1\n", encoding="utf-8")
    text = run("qs-full", "--from-stdin", "views.py", cwd=project, stdin=ORIGINAL, code=2)
    assert "views.py:11" in text
    assert "`sorted()` runs a query on Order once, while" in " ".join(text.split())


@pytest.mark.parametrize("name", FORMATS)
def test_hostile_file_name(project: Path, name: str) -> None:
    """A file's name begins no command and steers no terminal."""
    path = project / "a,b%0A::error::\n::warning::x\x1b[31m\u202e.py"
    try:
        path.write_text(ORIGINAL, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    text = run(f"qs-{name.removeprefix('qs-')}", path, cwd=project)
    assert "frozen-class-queryset" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    commands = [line for line in text.splitlines() if line.lstrip().startswith("::")]
    assert len(commands) == (name == "github")


@pytest.mark.parametrize("name", FORMATS)
def test_ascii_terminal(project: Path, name: str) -> None:
    """A stream that knows ASCII only is written to."""
    path = project / "views.py"
    path.write_text(ORIGINAL.replace("number)", "number)  # é 日"), encoding="utf-8")
    text = run(
        f"qs-{name.removeprefix('qs-')}", path, cwd=project, code=2, PYTHONIOENCODING="ascii"
    )
    assert "frozen-class-queryset" in text
    text.encode("ascii")


def test_subdirectory_of_a_checkout(project: Path) -> None:
    """In a monorepo, paths for the service start at its checkout; for people they do not."""
    top = str(project)
    where = project / "navigation"
    assert "file=navigation/urls.py," in run(
        "qs-github", "urls.py", cwd=where, GITHUB_WORKSPACE=top
    )
    assert " urls.py:13:13" in run("qs-full", "urls.py", cwd=where, GITHUB_WORKSPACE=top)
    text = run("qs-sarif", "urls.py", cwd=where, GITHUB_WORKSPACE=top)
    assert '"uri": "navigation/services.py"' in text


def test_pylints_own_github(project: Path) -> None:
    """The reporter that pylint calls github is still its own."""
    text = run("github", "navigation", cwd=project)
    assert "What to write instead" not in text


def loaded(plugin: str) -> set[str]:
    """The modules that are loaded once pylint has read its options with a plugin."""
    script = (
        "import sys, json; from pylint.lint import PyLinter; linter = PyLinter(); "
        f"linter.load_plugin_modules([{plugin!r}]); print(json.dumps(sorted(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    found: Any = json.loads(done.stdout)
    return set(found)


def test_loading_is_cheap() -> None:
    """Loading the plugin loads no format."""
    modules = loaded("qs_lint")
    assert "qs_lint.reporters" in modules
    assert not {name for name in modules if name.startswith(("qs_lint.formats", "jsonschema"))}
