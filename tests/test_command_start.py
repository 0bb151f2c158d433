"""A run that has nothing to analyse imports little, and plain command lines need no parser."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from qs_lint.command import options
from qs_lint.command.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

#: What takes long to import, and is not needed to find out that there is nothing to do.
SLOW = (
    "argparse configparser dataclasses hashlib inspect json logging pathlib pylint "
    "qs_lint.phases.analysis shutil tempfile tomllib"
).split()
SHOW = """\
import sys
from qs_lint.command import main
main(["--no-cache", "--jobs=1", "empty.py"])
print(*sys.modules)
"""


def test_little_is_imported(tmp_path: Path) -> None:
    """A run over an empty file loads neither the engine nor a parser of options."""
    (tmp_path / "empty.py").touch()
    run = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{SHOW}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = set(run.stdout.split())
    assert "qs_lint.command.run" in imported
    assert not imported & set(SLOW)


PLAIN = [
    [],
    ["."],
    ["a.py", "b"],
    ["--no-cache", "a.py"],
    ["a.py", "b", "-v", "--jobs=2"],
    ["--jobs=0", "--exit-zero", "--no-progress", "--verbose"],
    ["--jobs=1", "--jobs=3", "x"],
]
OTHER = [
    ["--statistics"],
    ["--jobs", "2", "a.py"],
    ["--jobs=-1"],
    ["--jobs=two"],
    ["--jobs=\u0663"],
    ["--no-cache", "--", "-a"],
    ["a.py", "--no-cache", "b"],
    ["-"],
    [""],
    ["--no-cach", "a.py"],
    ["a b", "-vv"],
]


def by_parser(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> object:
    """The options as the parser gives them, or what it says."""
    with monkeypatch.context() as patch:
        patch.setattr(options, "_plain", lambda _: None)
        return parsed(arguments)


def parsed(arguments: list[str]) -> object:
    """The options, or what is wrong with them."""
    try:
        return options.parse(arguments)
    except UsageError as error:
        return error.args


@pytest.mark.parametrize("arguments", [*PLAIN, *OTHER])
def test_plain_command_lines_mean_what_the_parser_says(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The short way and the parser agree, also on what is wrong."""
    assert parsed(arguments) == by_parser(arguments, monkeypatch)


@pytest.mark.parametrize("arguments", PLAIN)
def test_plain_command_lines_need_no_parser(
    arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Usual command lines do not load argparse."""
    monkeypatch.setitem(sys.modules, "qs_lint.command.parser", None)
    assert isinstance(options.parse(arguments), options.Options)
