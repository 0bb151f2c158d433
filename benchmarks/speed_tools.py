"""The other linters that are measured: how they are installed and called.

Each has a virtual environment of its own, since some pin what others need in another version.
"""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
#: A message that asks for nearly nothing: what is left is the cost of pylint itself.
TRIVIAL = "unnecessary-pass"
#: The environment with what is compared first of all.
MAIN = ("pylint", "django", "djangorestframework")
BIN = "Scripts" if sys.platform == "win32" else "bin"

SEMGREP_RULE = """\
rules:
  - id: list-of-queryset-in-class
    languages: [python]
    severity: ERROR
    message: A queryset is evaluated while a class body is executed.
    pattern: |
      class $CLASS(...):
          ...
          $NAME = list($MODEL.objects. ... .all())
          ...
"""


@dataclass(frozen=True)
class Tool:
    """Another linter.

    ``packages`` are given to pip; ``arguments``: the command, its program first, with ``{rule}``
    for the path of semgrep's rule; ``by_file``: whether it is given all files by name, in place of
    a dot; ``largest``: projects with more files are left out, since a run takes minutes.
    """

    name: str
    packages: tuple[str, ...]
    arguments: tuple[str, ...]
    by_file: bool = False
    largest: int | None = None


TOOLS = (
    Tool(
        "ruff",
        ("ruff",),
        ("ruff", "check", "--isolated", "--no-cache", "--exit-zero", "--select=RUF012"),
    ),
    Tool(
        "flake8-django",
        ("flake8", "flake8-django"),
        ("flake8", "--isolated", "--jobs=1", "--exit-zero", "--select=DJ"),
    ),
    Tool(
        "pylint-django",
        ("pylint", "pylint-django", "django", "djangorestframework"),
        (
            "pylint",
            "--rcfile=",
            "--persistent=n",
            "--jobs=1",
            "--exit-zero",
            "--load-plugins=pylint_django",
            "--disable=all",
            "--enable=modelform-uses-exclude,imported-auth-user",
        ),
        by_file=True,
        largest=500,
    ),
    Tool(
        "semgrep",
        ("semgrep",),
        (
            "semgrep",
            "scan",
            "--config={rule}",
            "--metrics=off",
            "--disable-version-check",
            "--no-git-ignore",
            "--jobs=1",
            "--quiet",
        ),
    ),
)


def environment(folder: Path, packages: tuple[str, ...]) -> Path:
    """The interpreter of a virtual environment with these packages; makes it if it is not there.

    Raises :class:`subprocess.CalledProcessError` with pip's words if they cannot be installed.
    """
    python = folder / BIN / "python"
    done = folder / "packages.txt"
    wanted = "\n".join(packages)
    if not done.exists() or done.read_text(encoding="utf-8") != wanted:
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        _pip(python, "install", *packages)
        done.write_text(wanted, encoding="utf-8")
    return python


def install_checkout(python: Path) -> None:
    """Put qs-lint, as it is in this checkout, in the place of whatever version is there."""
    _pip(python, "install", "--force-reinstall", "--no-deps", str(ROOT))


def versions(python: Path) -> dict[str, str]:
    """Package, in small letters, -> version."""
    lines = _pip(python, "list", "--format=freeze").splitlines()
    pairs = (line.split("==", 1) for line in lines if "==" in line)
    return {name.lower(): number for name, number in pairs}


def _pip(python: Path, *arguments: str) -> str:
    command = [str(python), "-m", "pip", *arguments, "--disable-pip-version-check"]
    return subprocess.run(
        command, check=True, capture_output=True, encoding="utf-8", errors="replace"
    ).stdout
