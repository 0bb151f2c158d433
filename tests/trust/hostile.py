"""What a stranger's repository may hold, and every way to check it."""

from __future__ import annotations

import atexit
import io
import json
import re
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import OPTIONS, ORIGINAL, Here, Ran, command, qs_lint

from qs_lint.command.engine import MANY

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a terminal or a CI service would take for an order.
ORDERS = (
    "::error::x",
    "##[error]x",
    "##vso[task.setvariable variable=x]y",
    "##teamcity[message text='x']",
    "\x1b[31mx",
    "\x1b]0;x\x07",
    "x\r::set-output name=a::b",
    "x\n::error::y",
    "\u202ex",
    "x\x9b31m",
)
#: Characters that no output may hold, beside the end of a line.
ACTING = frozenset(map(chr, [*range(10), *range(11, 32), *range(127, 160), 0x202E, 0x2028]))
#: What our own lines for GitHub begin with; those about no file of the repository name none.
OWN = re.compile(r"::(error|warning) (file=|title=[a-z-]+ \([A-Z][0-9]{4}\)::)")
FORMATS = (
    "text",
    "full",
    "concise",
    "statistics",
    "github",
    "sarif",
    "gitlab",
    "junit",
    "qs-json",
    "qs-jsonl",
    "parseable",
    "msvs",
    "colorized",
    "json",
    "json2",
)


def kept(folder: Path) -> dict[str, bytes | None]:
    """All that is in a folder: names, and what the files hold."""
    found: dict[str, bytes | None] = {}
    for path in folder.rglob("*"):
        if "__pycache__" not in path.parts:
            whole = path.is_file() and not path.is_symlink()
            found[str(path.relative_to(folder))] = path.read_bytes() if whole else None
    return found


def orders(text: str, form: str) -> list[str]:
    """The lines of an output that a terminal or a CI service would obey."""
    plain = text.replace("\x1b[0m", "")
    if form == "colorized":  # pylint's own colours
        for code in ("7;33", "1", "31", "35", "1;31", "1;4;31", "32", "4", "33"):
            plain = plain.replace(f"\x1b[{code}m", "")
    found = [line for line in plain.split("\n") if set(line) & ACTING]
    for line in plain.split("\n"):
        mine = form == "github" and OWN.match(line)
        if (line.strip().startswith("::") and not mine) or "##[" in line or "##vso[" in line:
            found.append(line)
        if "##teamcity[" in line:
            found.append(line)
    return found


@cache
def many() -> str:
    """A folder of files without a finding: enough for a second process to be worth its start."""
    folder = tempfile.mkdtemp(prefix="qs-lint-many-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for number in range(MANY + 1):
        Path(folder, f"quiet_{number}.py").write_text("x = 1\n", encoding="utf-8")
    return folder


def _two(here: Here, name: str, *options: str) -> Ran:
    return qs_lint("--no-cache", "--jobs=2", *options, name, many(), cwd=here.folder)


def _stdin(here: Here, name: str, *options: str) -> Ran:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(ORIGINAL.encode())))
        return here("--from-stdin", *options, name)


def _plugin(here: Here, name: str, *options: str) -> Ran:
    done = command(name, options=(*OPTIONS, *options), cwd=here.folder, reporter="json2")
    lines = "".join(f"{json.dumps(m)} ({m['symbol']})\n" for m in done.messages)
    return Ran(done.code, lines, done.stderr)


#: Each takes the project, a file's name, and options; the findings stand in the output.
WAYS: dict[str, Callable[..., Ran]] = {
    "command": lambda here, name, *options: here(*options, name),
    "folder": lambda here, name, *options: here(*options, "."),
    "two processes": _two,
    "standard input": _stdin,
    "plugin": _plugin,
}


def deep(depth: int) -> str:
    """Nested lists of TOML."""
    return f"x = {'[' * depth}{']' * depth}\n"


def one_line(ran: Ran) -> bool:
    """Whether a run ended with 2, one line on standard error, and nothing else."""
    return ran.code == 2 and ran.out == "" and ran.err.count("\n") == 1 and _ours(ran.err)


def _ours(text: str) -> bool:
    return text.startswith("qs-lint: ") and "Traceback" not in text and "internal error" not in text


def limits() -> None:
    """Bounds for a process: 2 GB of addresses, 10 s of processor time."""
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (2_000_000 * 1024, 2_000_000 * 1024))
    resource.setrlimit(resource.RLIMIT_CPU, (10, 12))


__all__ = ["FORMATS", "ORDERS", "WAYS", "deep", "kept", "limits", "many", "one_line", "orders"]
