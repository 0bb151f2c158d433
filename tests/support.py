"""What the tests share: where things are, annotations, and three ways to ask the linter."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pylint.lint import Run
from pylint.reporters import JSON2Reporter

from qs_lint.command import main
from qs_lint.facts.data_model import LAZY_ANNOTATIONS_SINCE
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project
from qs_lint.rules import judge

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

ROOT = Path(__file__).resolve().parent.parent
FIXTURES = ROOT / "tests" / "fixtures"
SHOP = FIXTURES / "shop"
ANNOTATION = re.compile(r"#.*\[([a-z, -]+)\]\s*$")

#: The command of the README, without ``pylint`` and the paths.
OPTIONS = (
    "--load-plugins=qs_lint",
    "--disable=all",
    "--enable=F,E0001,E0013,W0012,qs_lint",
    "--fail-on=F,E,W",
)

#: No configuration of somebody's, and no file written.
PLAIN = ("--rcfile=", "--persistent=n")

ORIGINAL = '''\
"""A page that shows no new order."""

from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    """All orders, by number."""

    queryset = sorted(Order.objects.all(), key=lambda order: order.number)
'''


#: Fixtures in the syntax of Python 3.14, or about what it does.
PYTHON314 = sorted((ROOT / "tests" / "data" / "python314").glob("*.py"))
#: Fixtures whose reports are right only before a version of Python: from then on there are none.
BEFORE = {FIXTURES / "import-time-query" / "bad_annotations.py": LAZY_ANNOTATIONS_SINCE}


@dataclass(frozen=True, order=True)
class Report:
    """What a report says about place and kind."""

    path: str
    line: int
    symbol: str


def annotated(path: Path, text: str | None = None) -> list[Report]:
    """The reports that the annotations ``# [symbol]`` of a file announce."""
    lines = (path.read_text(encoding="utf-8") if text is None else text).splitlines()
    found = set()
    for number, line in enumerate(lines, 1):
        match = ANNOTATION.search(line)
        for symbol in match[1].split(",") if match else ():
            found.add(Report(str(path), number, symbol.strip()))
    return sorted(found)


def expected(path: Path) -> list[Report]:
    """What a fixture announces for the Python that runs the tests."""
    return [] if outdated(path) else annotated(path)


def outdated(path: Path) -> bool:
    """Whether a fixture's reports are right only before the Python that runs the tests."""
    return sys.version_info >= BEFORE.get(path, (sys.maxsize,))


def analysed(path: Path, text: str | None = None, project: Project | None = None) -> list[Report]:
    """What the engine reports, all rules on."""
    if text is None:
        text = path.read_text(encoding="utf-8")
    analysis = analyse(project or Project(), str(path), text)
    assert analysis is not None, f"{path} cannot be parsed"
    findings = judge(str(path), analysis.observed)
    return sorted({Report(str(path), f.location.line, f.symbol) for f in findings})


@dataclass(frozen=True)
class Outcome:
    """What a run of pylint gave."""

    code: int
    messages: list[dict[str, Any]]
    stderr: str = ""

    @property
    def symbols(self) -> list[str]:
        """The symbols of the messages, in their order."""
        return [message["symbol"] for message in self.messages]

    @property
    def reports(self) -> list[Report]:
        """Place and kind of the messages, ordered."""
        return sorted({Report(m["absolutePath"], m["line"], m["symbol"]) for m in self.messages})

    @property
    def lines(self) -> list[int]:
        """The lines of the messages, ordered."""
        return sorted(message["line"] for message in self.messages)


def lint(*arguments: object, options: Iterable[str] = OPTIONS) -> Outcome:
    """Run pylint in this process."""
    output = io.StringIO()
    command_line = [
        *PLAIN,
        "--clear-cache-post-run=y",
        *options,
        *(str(argument) for argument in arguments),
    ]
    run = Run(command_line, reporter=JSON2Reporter(output), exit=False)
    return Outcome(run.linter.msg_status, json.loads(output.getvalue() or "{}")["messages"])


def command(
    *arguments: object,
    options: Iterable[str] = OPTIONS,
    cwd: Path | None = None,
    stdin: str | None = None,
    reporter: str = "json2",
    environment: dict[str, str] | None = None,
) -> Outcome:
    """Run pylint in a process of its own."""
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pylint",
            f"--output-format={reporter}",
            *PLAIN,
            *options,
            *map(str, arguments),
        ],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **(environment or {})},
    )
    try:
        messages = json.loads(done.stdout)["messages"]
    except (ValueError, KeyError, TypeError):
        messages = []
    return Outcome(done.returncode, messages, done.stderr)


@dataclass(frozen=True)
class Ran:
    """What a run of the command gave."""

    code: int
    out: str
    err: str

    @property
    def symbols(self) -> list[str]:
        """The symbols at the ends of the lines of the text format."""
        return re.findall(r"\(([a-z-]+)\)$", self.out, re.MULTILINE)


def qs_lint(
    *arguments: object,
    cwd: Path,
    stdin: bytes | None = None,
    environment: dict[str, str] | None = None,
) -> Ran:
    """Run ``qs-lint`` in a process of its own, as ``python -m qs_lint``."""
    inherited = {k: v for k, v in os.environ.items() if k not in UNWANTED}
    done = subprocess.run(
        [sys.executable, "-m", "qs_lint", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        stdin=subprocess.DEVNULL if stdin is None else None,
        capture_output=True,
        check=False,
        env=inherited | {"PYTHONIOENCODING": "utf-8:surrogateescape"} | (environment or {}),
    )
    out, err = (text.decode("utf-8", "replace") for text in (done.stdout, done.stderr))
    return Ran(done.returncode, out.replace("\r\n", "\n"), err.replace("\r\n", "\n"))


#: What would change what the command says, if whoever runs the tests has it set.
UNWANTED = {"FORCE_COLOR", "GITHUB_WORKSPACE", "PYLINTRC", "QS_LINT_CACHE_DIR"}


class Here:
    """``qs-lint`` in this process: much faster, and enough unless processes matter."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capture = capture

    def __call__(self, *arguments: object) -> Ran:
        """Run without a cache, unless ``arguments`` name one."""
        asked = [str(argument) for argument in arguments]
        if not any(argument.startswith("--cache-dir") for argument in asked):
            asked.insert(0, "--no-cache")
        return self.raw(*asked)

    def raw(self, *arguments: object) -> Ran:
        """Run with just these arguments."""
        self._capture.readouterr()
        code = main([str(argument) for argument in arguments])
        out, err = self._capture.readouterr()
        return Ran(code, out, err)

    def write(self, name: str, text: str | bytes) -> Path:
        """A file of the project."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path
