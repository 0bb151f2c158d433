"""The configuration files: which there are, and what is read from them.

The rules for finding pylint's file are pylint's; ``tests/test_command_settings.py`` compares them
with pylint's own answers.  What is read is a list (:data:`READ`): whoever wrote the checked project
wrote this too, and must not decide what is run, imported or written.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

from qs_lint.command import names, table
from qs_lint.command.errors import UsageError
from qs_lint.files import read_file
from qs_lint.places import TOP_MARKS
from qs_lint.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterator

RC_NAMES = ("pylintrc", "pylintrc.toml", ".pylintrc", ".pylintrc.toml")
PROJECT = "pyproject.toml"
CONFIG_NAMES = (*RC_NAMES, PROJECT, "setup.cfg", "tox.ini")
#: The options of pylint that are read from a configuration, whoever wrote it: which files, which
#: messages.  None of them can name code, a class, or a file that is written.
READ = frozenset(
    {
        "disable",
        "enable",
        "confidence",
        "files",
        "ignore",
        "ignore-patterns",
        "ignore-paths",
        "jobs",
        "qs-facts",
        "source-roots",
    }
)
#: bytes of a configuration
LARGEST = 2_000_000
#: what the parsers raise for texts that are not written by hand: nesting, numbers of many digits
ODD = (RecursionError, MemoryError, ValueError)


@record(frozen=True)
class Configuration:
    """What was found.

    ``path``: pylint's configuration, or ``None``; ``pairs``: of its options those that are read,
    in their order.  ``table``: ``[tool.qs-lint]``, and ``table_path`` where it stands.
    ``warnings``: what its author may want to know.
    """

    path: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    table: table.Table = field(default_factory=table.Table)
    table_path: str | None = None
    warnings: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, str]:
        """The last value of each option."""
        return dict(self.pairs)


def configuration(rcfile: str | None) -> Configuration:
    """The configuration of a run that is started here.

    ``rcfile``: the one file to read, and no other; empty: none at all.  Raises :class:`UsageError`
    if a file cannot be read or understood.
    """
    reader = _Reader()
    if rcfile is not None:
        return reader.named(rcfile) if rcfile else Configuration()
    return reader.found()


@record
class _Reader:
    """Reads files, each once."""

    tomls: dict[str, dict[str, Any]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def named(self, rcfile: str) -> Configuration:
        """The configuration in a file that the command line names."""
        from pathlib import Path  # hardly ever needed

        path = str(Path(os.path.expandvars(rcfile)).expanduser())
        if not os.path.isfile(path):
            raise UsageError(f"no configuration file {rcfile}")
        own = self.own(path) if path.endswith(".toml") else None
        return self.made(rcfile, path, own, path)

    def found(self) -> Configuration:
        """The configuration that belongs to the working directory."""
        name = next(iter(self.default_files()), None)
        own, place = None, None
        for folder in _upwards(os.getcwd()):
            path = os.path.join(folder, PROJECT)
            if os.path.isfile(path):
                own = self.own(path)
                if own is not None:
                    place = path
                    break
        return self.made(name, name, own, place)

    def made(
        self, shown: str | None, path: str | None, own: object, own_path: str | None
    ) -> Configuration:
        """What was read, together."""
        found = table.Table() if own is None or own_path is None else table.read(own, own_path)
        pairs = () if path is None or shown is None else tuple(self.pairs(path, shown))
        return Configuration(
            path=shown,
            pairs=pairs,
            table=found,
            table_path=None if own is None else own_path,
            warnings=tuple(dict.fromkeys(self.warnings)),
        )

    # finding pylint's file

    def default_files(self) -> Iterator[str]:
        """The files that pylint would take, best first."""
        here = os.getcwd()
        for name in CONFIG_NAMES:
            path = os.path.join(here, name)
            if self.counts(path):
                yield path
        if os.path.isfile(os.path.join(here, "__init__.py")):
            folder = os.path.realpath(here)
            above = os.path.dirname(folder)
            while os.path.isfile(os.path.join(folder, "__init__.py")) and folder != above:
                folder, above = above, os.path.dirname(above)
                for name in RC_NAMES:
                    if os.path.isfile(os.path.join(folder, name)):
                        yield os.path.join(folder, name)
        for folder in _upwards(os.path.realpath(here), (".git", ".hg")):
            path = os.path.join(folder, PROJECT)
            if os.path.isfile(path):
                if self.counts(path):
                    yield path
                break
        yield from _personal_files()

    def counts(self, path: str) -> bool:
        """Whether pylint takes a file of this place for its configuration."""
        if not os.path.isfile(path):
            return False
        if path.endswith(".toml"):
            return "pylint" in self.tool(path)
        if path.endswith((".cfg", ".ini")):
            import configparser

            parser = configparser.ConfigParser()
            try:
                parser.read_string(_read(path).decode("utf-8"))
            except (configparser.Error, UsageError, *ODD):
                return False
            sections = parser.sections()
            self.warnings += table.misnamed(sections, path, place="")
            return any(name == "pylint" or name.startswith("pylint.") for name in sections)
        return True

    # reading it

    def tool(self, path: str) -> dict[str, Any]:
        """The table ``tool`` of a TOML file."""
        if path not in self.tomls:
            found = _toml(path).get("tool", {})
            if not isinstance(found, dict):
                raise UsageError(f"cannot read {path}: tool must be a table")
            self.warnings += table.misnamed(found, path)
            self.tomls[path] = found
        return self.tomls[path]

    def own(self, path: str) -> object:
        """``[tool.qs-lint]`` of a TOML file; ``None`` if there is none."""
        return self.tool(path).get(table.NAME)

    def pairs(self, path: str, shown: str) -> Iterator[tuple[str, str]]:
        """The options of pylint that are read."""
        found = self.of_toml(path) if path.endswith(".toml") else _of_ini(path)
        for option, value in found:
            if option in READ:
                yield option, value
                if option in ("disable", "enable"):
                    self.check(option, value, shown)
            elif option == "per-file-ignores" and any(name in value for name in names.symbols()):
                self.warnings.append(
                    f"{shown}: per-file-ignores is ignored here; use the one of [tool.qs-lint]"
                )

    def check(self, option: str, value: str, shown: str) -> None:
        """Note names that are no messages, and look like ours."""
        for name in value.split(","):
            wrong = names.misspelt(name.strip())
            if wrong is not None:
                self.warnings.append(f"{shown}: {option}: {wrong}")

    def of_toml(self, path: str) -> list[tuple[str, str]]:
        """All options of pylint in a TOML file."""
        sections = self.tool(path).get("pylint", {})
        if not isinstance(sections, dict):
            raise UsageError(f"cannot read {path}: tool.pylint must be a table")
        pairs: list[tuple[str, str]] = []
        try:
            for key, value in sections.items():
                inner = value if isinstance(value, dict) else {key: value}
                pairs += [(option, _flat(item)) for option, item in inner.items()]
        except ODD as error:
            raise UsageError(f"cannot read {path}: {_why(error)}") from None
        return pairs


def _upwards(folder: str, marks: tuple[str, ...] = TOP_MARKS) -> Iterator[str]:
    """A folder and those above it, up to the top of the project, or of the file system."""
    while True:
        yield folder
        above = os.path.dirname(folder)
        if above == folder or any(os.path.isdir(os.path.join(folder, mark)) for mark in marks):
            return
        folder = above


def _personal_files() -> Iterator[str]:
    named = os.environ.get("PYLINTRC", "")
    if "PYLINTRC" in os.environ and os.path.exists(
        named or os.curdir
    ):  # an empty name is the current folder
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


def _read(path: str) -> bytes:
    try:
        return read_file(path, LARGEST)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {error.strerror or error}") from None


def _toml(path: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    data = _read(path)
    try:
        found: dict[str, Any] = tomllib.loads(data.decode("utf-8").replace("\r\n", "\n"))
    except ODD as error:
        raise UsageError(f"cannot read {path}: {_why(error)}") from None
    return found


def _of_ini(path: str) -> list[tuple[str, str]]:
    import configparser

    parser = configparser.ConfigParser(inline_comment_prefixes=("#", ";"))
    shared = bool({"setup.cfg", "tox.ini"} & set(path.replace(os.sep, "/").split("/")))
    data = _read(path)
    try:
        parser.read_string(data.decode("utf_8_sig"))
        return [
            pair
            for section in parser.sections()
            if not shared or section.startswith("pylint")
            for pair in parser[section].items()
        ]
    except (configparser.Error, *ODD) as error:
        raise UsageError(f"cannot read {path}: {_why(error)}") from None


def _why(error: Exception) -> str:
    """One line about an error."""
    return " ".join(str(error).split())[:300] or type(error).__name__


def _flat(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return ",".join(map(_flat, value))
    if isinstance(value, dict):
        return ",".join(f"{key}:{item}" for key, item in value.items())
    return str(value)
