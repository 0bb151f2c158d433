"""The command and the plugin inside pylint say the same; ``benchmarks/same.py``: real projects."""

from __future__ import annotations

import json
import os
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pylint.lint import Run
from pylint.reporters.collecting_reporter import CollectingReporter
from support import FIXTURES, Here, qs_lint

from qs_lint.command.engine import examine_all
from qs_lint.engine.expressions import Expressions
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project

if TYPE_CHECKING:
    import ast

    from qs_lint.engine.context import Frame
    from qs_lint.values import Value

pytest_plugins = ["command_project"]

FILES = sorted(str(path.relative_to(FIXTURES)) for path in FIXTURES.rglob("*.py"))
PLUGIN = ["--load-plugins=qs_lint", "--disable=all", "--enable=F,E0001,E0013,qs_lint"]
Message = tuple[str, int, int, int, int, str, str, str, str, str]


def by_plugin(paths: Iterable[str]) -> list[Message]:
    """What pylint with the plugin says."""
    reporter = CollectingReporter()
    Run(["--rcfile=", "--persistent=n", *PLUGIN, *paths], reporter=reporter, exit=False)
    return sorted(
        (
            message.path,
            message.line,
            message.column,
            message.end_line or 0,
            message.end_column or 0,
            message.msg_id,
            message.msg or "",
            message.confidence.name,
            message.module,
            message.obj,
        )
        for message in reporter.messages
    )


def messages(text: str) -> list[Message]:
    """What the command says, of its output as json2."""
    return sorted(
        (
            message["path"],
            message["line"],
            message["column"],
            message["endLine"] or 0,
            message["endColumn"] or 0,
            message["messageId"],
            message["message"],
            message["confidence"],
            message["module"],
            message["obj"],
        )
        for message in json.loads(text)["messages"]
    )


@pytest.fixture(scope="module")
def expected() -> list[Message]:
    """What the plugin says of all fixtures."""
    before = Path.cwd()
    os.chdir(FIXTURES)
    try:
        return by_plugin(FILES)
    finally:
        os.chdir(before)


@pytest.fixture
def fixtures(here: Here, monkeypatch: pytest.MonkeyPatch) -> Here:
    """The command among the fixtures, without a configuration."""
    monkeypatch.chdir(FIXTURES)
    here.write("pylintrc", "[MAIN]\n")
    return here


def asked(here: Here, *arguments: str) -> list[Message]:
    """The command's messages."""
    rcfile = f"--rcfile={here.folder / 'pylintrc'}"
    return messages(here(rcfile, "-f", "json2", *arguments).out)


def test_all_at_once(fixtures: Here, expected: list[Message]) -> None:
    """All fixtures as one project: by name, as a folder, in another order, with two processes."""
    assert len(expected) > 200
    assert asked(fixtures, *FILES) == expected
    shuffled = random.Random(1).sample(FILES, len(FILES))
    assert asked(fixtures, *shuffled) == expected
    folder = {message[:2] for message in asked(fixtures, ".")}
    assert folder == {message[:2] for message in expected}
    rcfile = f"--rcfile={fixtures.folder / 'pylintrc'}"
    ran = qs_lint(rcfile, "--no-cache", "--jobs=2", "-f", "json2", *FILES, cwd=FIXTURES)
    assert messages(ran.out) == expected


def test_cold_and_warm(fixtures: Here, expected: list[Message]) -> None:
    """Filling a cache, and out of it."""
    cached = f"--cache-dir={fixtures.folder / 'cache'}"
    assert asked(fixtures, cached, *FILES) == expected
    assert asked(fixtures, cached, *FILES) == expected
    some = FILES[::3]
    assert asked(fixtures, cached, *some) == [m for m in expected if m[0] in set(some)]


@pytest.mark.parametrize("part", range(4))
def test_file_by_file(fixtures: Here, expected: list[Message], part: int) -> None:
    """Each file alone."""
    for name in FILES[part::4]:
        assert asked(fixtures, name) == [message for message in expected if message[0] == name]


# Work, not time: what grows by a change shows here.

#: What is analysed, the steps of evaluation that takes, and how much more, or less, is let pass.
MEASURED = sorted(
    path
    for folder in ("multifile", "original", "shop")
    for path in (FIXTURES / folder).rglob("*.py")
)
PARSED = 132
STEPS = 3214
TOLERANCE = 1.1


def test_work(monkeypatch: pytest.MonkeyPatch) -> None:
    """No more is parsed, and no more is evaluated, than when the figures were written."""
    spent = 0
    evaluated = Expressions.eval

    def counted(machine: Expressions, node: ast.expr, frame: Frame) -> Value:
        nonlocal spent
        spent += 1
        return evaluated(machine, node, frame)

    monkeypatch.setattr(Expressions, "eval", counted)
    project = Project()
    for path in MEASURED:
        analyse(project, str(path), path.read_bytes())
        project.forget(str(path))
    assert project.parsed <= PARSED, "more files are parsed, or parsed again"
    low, high = STEPS / TOLERANCE, STEPS * TOLERANCE
    assert low < spent < high, f"{spent}: write down the new figure if it is meant"


def test_screened(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A file that imports nothing is not analysed; one that is named often is analysed once."""
    from qs_lint.phases import analysis

    seen: list[str] = []

    def watched(project: Project, path: str, data: bytes) -> object:
        seen.append(path)
        return analyse(project, path, data)

    monkeypatch.setattr(analysis, "analyse", watched)
    files: Sequence[tuple[str, bytes]] = [
        (str(tmp_path / "a.py"), b"x = 1\n"),
        (str(tmp_path / "b.py"), b"import os\n"),
        (str(tmp_path / "c.py"), b"x = (\n"),
    ]
    outcomes = examine_all(files, (), 1, lambda _: None)
    assert [Path(path).name for path in seen] == ["b.py", "c.py"]
    assert [found.silent for found in outcomes.values()] == [True, True, False]
