"""All fixtures in the browser, compared with the command: findings, steps and fixes."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from support import BEFORE, FIXTURES

from qs_lint.command import main
from qs_lint.examination import examine
from qs_lint.fixes import fixes_for
from qs_lint.project.source import Project

pytest.importorskip("playwright", reason="pip install '.[browser]'")

from playwright.sync_api import Browser, Page

pytestmark = [
    pytest.mark.skipif(
        "QS_LINT_SITE" not in os.environ, reason="nox -s browser builds the site for it"
    ),
    pytest.mark.skipif(
        sys.version_info < (3, 12), reason="Python places the parts of f-strings since 3.12"
    ),
]

#: the Python of the browser
PYTHON = (3, 14)
#: what is reported only under an older one
OUTDATED = {path for path, version in BEFORE.items() if version <= PYTHON}
FIELDS = ("symbol", "confidence", "happens", "wrong", "cure")
OPTIONS = "--isolated --no-cache --select=ALL --mark-fixable --output-format=qs-json"
PATIENCE = 300_000  # ms for one answer: a machine with little to spare
ASK = """
async ([patience, name, request]) => {
  if (!window.linter) {
    const { Linter } = await import("../assets/playground/client.js");
    window.linter = new Linter(patience);
    await window.linter.start();
  }
  return window.linter.ask(name, request);
}
"""


@dataclass(frozen=True)
class Part:
    """Fixtures that are one project: all ``files`` by name, with the shop, and those to check."""

    files: dict[str, str]
    check: list[str]


def texts(folder: Path) -> dict[str, str]:
    """The Python files in a folder, by their names in the fixtures."""
    return {
        path.relative_to(FIXTURES).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.py"))
    }


def parts() -> Iterator[Part]:
    """The folder of each rule, and each project of several files."""
    shop = texts(FIXTURES / "shop")
    yield Part(shop, list(shop))
    for folder in sorted(path for path in FIXTURES.iterdir() if path.is_dir()):
        if folder.name == "multifile":
            for project in map(texts, sorted(path for path in folder.iterdir() if path.is_dir())):
                yield Part({**shop, **project}, list(project))
        elif folder.name != "shop":
            yield Part({**shop, **texts(folder)}, list(texts(folder)))


def name_of(part: Part) -> str:
    """What a part is called."""
    return os.path.commonpath(part.check)


@pytest.fixture(scope="module")
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of the site, whose worker is asked without the page's own controls."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{address}/try/")
    yield page
    context.close()


def place(text: str, line: int, column: int) -> dict[str, int]:
    """A place as the command's JSON has it: columns are characters from 1."""
    before = text.split("\n")[line - 1].encode()[:column].decode()
    return {"line": line, "column": len(before) + 1}


def as_command(found: dict[str, Any], path: str, text: str) -> dict[str, Any]:
    """A finding of the browser in the form of :func:`known`."""
    return {
        **{field: found[field] for field in FIELDS},
        "id": found["msgid"],
        "path": path,
        "range": {
            "start": place(text, found["line"], found["column"]),
            "end": place(text, found["endLine"], found["endColumn"]),
        },
        "steps": [(step["path"], step["line"], step["text"]) for step in found["steps"]],
        "fixable": found["fix"] is not None,
    }


def known(found: dict[str, Any]) -> dict[str, Any]:
    """What is compared of a finding in the command's JSON."""
    steps = [
        (step["path"], step["range"]["start"]["line"], step["text"]) for step in found["steps"]
    ]
    compared = (*FIELDS, "id", "path", "range", "fixable")
    return {**{field: found[field] for field in compared}, "steps": steps}


@pytest.mark.parametrize("part", list(parts()), ids=name_of)
def test_equal(
    part: Part,
    page: Page,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Findings are those of the command, field by field, and so are words and texts of fixes."""
    tmp_path.joinpath(".git").mkdir()  # what is around it is another project
    for name, text in part.files.items():
        tmp_path.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    main([*OPTIONS.split(), *part.check])
    found = json.loads(capsys.readouterr().out)["findings"]
    told = [known(each) for each in found if FIXTURES / each["path"] not in OUTDATED]

    request = {"files": part.files, "check": part.check}
    answers = page.evaluate(ASK, [PATIENCE, "lint", request])
    assert [answer["faults"] for answer in answers if answer["faults"]] == []
    shown = [
        as_command(found, answer["path"], part.files[answer["path"]])
        for answer in answers
        for found in answer["findings"]
    ]
    for here, there in zip_longest(in_order(shown), in_order(told)):
        assert here == there

    project = Project()
    for answer in answers:
        if answer["findings"]:
            path = answer["path"]
            assert_fixes(page, project, part, path, answer["findings"])


def in_order(findings: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Findings by place and rule."""
    return sorted(findings, key=lambda found: json.dumps([found["path"], found["range"], found]))


def assert_fixes(
    page: Page, project: Project, part: Part, path: str, shown: list[dict[str, Any]]
) -> None:
    """Words and text of each fix of a file are those of LibCST's own parser."""
    text, full = part.files[path], os.path.abspath(path)
    findings = list(examine(project, full, text).findings)
    native = fixes_for(text, full, findings, project)
    words: dict[int, tuple[str | None, str | None]]
    words = {id(each.finding): (each.what, None) for each in native.fixed}
    words |= {id(each.finding): (None, each.why) for each in native.suggested}
    assert [(found["fix"], found["why"]) for found in shown] == [
        words[id(finding)] for finding in findings
    ]
    for number, finding in enumerate(findings):
        if shown[number]["fix"] is not None:
            request = {"files": part.files, "path": path, "number": number}
            new = page.evaluate(ASK, [PATIENCE, "fix", request])
            assert new == fixes_for(text, full, [finding], project).text
            assert new != text


def test_nothing_is_left_out() -> None:
    """Every fixture is in a part."""
    assert sorted(path for part in parts() for path in part.check) == sorted(texts(FIXTURES))
