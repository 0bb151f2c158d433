"""pylint's configuration, as far as it is needed before pylint is: which files, which roots.

The rules for finding and reading the file are pylint's; ``tests/test_command_settings.py`` compares
them with pylint's own answers.  Options that only matter to messages are left to pylint.
"""

from __future__ import annotations

import configparser
import os
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from typing import TYPE_CHECKING, Any

from qs_lint.command.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.command.options import Options

RC_NAMES = ("pylintrc", "pylintrc.toml", ".pylintrc", ".pylintrc.toml")
CONFIG_NAMES = (*RC_NAMES, "pyproject.toml", "setup.cfg", "tox.ini")
#: pylint's defaults
IGNORE = "CVS"
IGNORE_PATTERNS = r"^\.#"


@dataclass(frozen=True)
class Settings:
    """The configuration of a run.

    ``path``: the configuration file, or ``None``; ``values``: its options.
    """

    path: str | None
    values: dict[str, str] = field(default_factory=dict)
    ignore: tuple[str, ...] = (IGNORE,)
    ignore_patterns: tuple[re.Pattern[str], ...] = ()
    ignore_paths: tuple[re.Pattern[str], ...] = ()
    source_roots: tuple[str, ...] = ()
    jobs: int = 1


def settings_for(options: Options) -> Settings:
    """The settings of a run; ``UsageError`` if the configuration cannot be read or understood."""
    path = options.rcfile or next(iter(_default_files()), None)
    values = {} if path is None else _values(path)

    def chosen(name: str, default: str) -> str:
        given: str | None = getattr(options, name.replace("-", "_"))
        return given if given is not None else values.get(name, default)

    return Settings(
        path=path,
        values=values,
        ignore=_csv(chosen("ignore", IGNORE)),
        ignore_patterns=_patterns("ignore-patterns", chosen("ignore-patterns", IGNORE_PATTERNS)),
        ignore_paths=_path_patterns(chosen("ignore-paths", "")),
        source_roots=_csv(chosen("source-roots", "")),
        jobs=options.jobs if options.jobs is not None else _number(values.get("jobs", "1")),
    )


# finding the file


def _default_files() -> Iterator[str]:
    here = Path.cwd()
    for name in CONFIG_NAMES:
        if _counts(here / name):
            yield str(here / name)
    if (here / "__init__.py").is_file():
        folder = here.resolve()
        while (folder / "__init__.py").is_file() and folder != folder.parent:
            folder = folder.parent
            for name in RC_NAMES:
                if (folder / name).is_file():
                    yield str(folder / name)
    folder = here.resolve()
    while True:
        if (folder / "pyproject.toml").is_file():
            if _counts(folder / "pyproject.toml"):
                yield str(folder / "pyproject.toml")
            break
        top = any((folder / mark).is_dir() for mark in (".git", ".hg"))
        if top or folder == folder.parent:
            break
        folder = folder.parent
    yield from _personal_files()


def _personal_files() -> Iterator[str]:
    named = os.environ.get("PYLINTRC", "")
    if "PYLINTRC" in os.environ and Path(named).exists():  # an empty name is the current folder
        if os.path.isfile(named):
            yield named
    else:
        home = os.path.expanduser("~")
        if home not in ("~", "/root"):
            for inner in (".pylintrc", os.path.join(".config", "pylintrc")):
                if os.path.isfile(os.path.join(home, inner)):
                    yield os.path.join(home, inner)
    if os.path.isfile("/etc/pylintrc"):
        yield "/etc/pylintrc"


def _counts(path: Path) -> bool:
    """Whether pylint takes a file of this place for its configuration."""
    if not path.is_file():
        return False
    if path.suffix == ".toml":
        return "pylint" in _toml(path).get("tool", {})
    if path.suffix in (".cfg", ".ini"):
        parser = configparser.ConfigParser()
        try:
            parser.read(path, encoding="utf-8")
        except (configparser.Error, UnicodeDecodeError):
            return False
        return any(name == "pylint" or name.startswith("pylint.") for name in parser.sections())
    return True


# reading it


def _toml(path: Path) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        with path.open("rb") as stream:
            found: dict[str, Any] = tomllib.load(stream)
            return found
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {error}") from None


def _values(name: str) -> dict[str, str]:
    path = Path(os.path.expandvars(name)).expanduser()
    if not path.is_file():
        raise UsageError(f"no configuration file {name}")
    if path.suffix == ".toml":
        found = {}
        for key, value in _toml(path).get("tool", {}).get("pylint", {}).items():
            inner = value if isinstance(value, dict) else {key: value}
            found.update({option: _flat(item) for option, item in inner.items()})
    else:
        found = _ini(path)
    return found


def _ini(path: Path) -> dict[str, str]:
    parser = configparser.ConfigParser(inline_comment_prefixes=("#", ";"))
    shared = "setup.cfg" in path.parts or "tox.ini" in path.parts
    try:
        with path.open(encoding="utf_8_sig") as stream:
            parser.read_file(stream)
        return {
            option: value
            for section in parser.sections()
            if not shared or section.startswith("pylint")
            for option, value in parser[section].items()
        }
    except (OSError, configparser.Error, UnicodeDecodeError) as error:
        raise UsageError(f"cannot read {path}: {' '.join(str(error).split())}") from None


def _flat(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(_flat, value))
    if isinstance(value, dict):
        return ",".join(f"{key}:{item}" for key, item in value.items())
    return str(value)


# understanding it


def _csv(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _patterns(option: str, value: str) -> tuple[re.Pattern[str], ...]:
    """Patterns separated by commas; a comma in braces (``{1,2}``) belongs to its pattern."""
    parts: list[str] = [""]
    depth = 0
    for character in value:
        depth += (character == "{") - (character == "}" and depth > 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    try:
        return tuple(re.compile(part.strip()) for part in parts if part.strip())
    except re.error as error:
        raise UsageError(f"{option}: {value!r} is no regular expression: {error}") from None


def _path_patterns(value: str) -> tuple[re.Pattern[str], ...]:
    found = []
    for part in _csv(value):
        path = PureWindowsPath(part)
        windows = str(path).replace("\\", "\\\\")
        try:
            found.append(re.compile(f"{windows}|{path.as_posix()}"))
        except re.error as error:
            raise UsageError(f"ignore-paths: {part!r}: {error}") from None
    return tuple(found)


def _number(value: str) -> int:
    try:
        return max(int(value), 0)
    except ValueError:
        raise UsageError(f"jobs: {value!r} is no number") from None
