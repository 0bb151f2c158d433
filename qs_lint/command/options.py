"""The command line."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from qs_lint.command import names
from qs_lint.command.errors import UsageError
from qs_lint.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Options that are understood without a parser: what takes none is the fastest to start.
_PLAIN: dict[str, tuple[str, bool]] = {
    "--no-cache": ("cache", False),
    "--no-progress": ("progress", False),
    "--exit-zero": ("exit_zero", True),
    "--verbose": ("verbose", True),
    "-v": ("verbose", True),
}
_JOBS = "--jobs="


@record(frozen=True)
class Options:
    """What the user asked for.  ``None`` and empty: what the configuration says, or the default."""

    paths: tuple[str, ...]
    formats: tuple[str, ...] = ()
    output: str | None = None
    rcfile: str | None = None
    disable: tuple[str, ...] = ()
    enable: tuple[str, ...] = ()
    confidence: str | None = None
    msg_template: str | None = None
    ignore: str | None = None
    ignore_patterns: str | None = None
    ignore_paths: str | None = None
    source_roots: str | None = None
    facts: str | None = None
    jobs: int | None = None
    cache_dir: str | None = None
    cache: bool = True
    exit_zero: bool = False
    allow_empty: bool = False
    verbose: bool = False
    progress: bool = True
    from_stdin: bool = False
    baseline: str | None = None
    write_baseline: str | None = None
    add_disable: bool = False
    reason: str | None = None
    diff: bool = False
    fix: bool = False
    statistics: bool = False
    mark_fixable: bool | None = None
    show_files: bool = False
    show_settings: bool = False
    isolated: bool = False
    gitignore: bool = True

    @property
    def repairs(self) -> bool:
        """Whether this run repairs, or shows what repairing would change."""
        return self.fix or self.diff

    @property
    def changes(self) -> bool:
        """Whether this run writes something for the user to keep."""
        return self.fix or self.add_disable or self.write_baseline is not None


def parse(arguments: Sequence[str]) -> Options:
    """Options from command-line arguments.

    Raises :class:`UsageError` for what cannot be, and ``SystemExit`` after ``--help`` and
    ``--version``.
    """
    plain = _plain(arguments)
    if plain is not None:
        return plain
    from qs_lint.command.parser import parser

    found = vars(parser().parse_args(list(arguments)))
    _reject_dashes(found)
    formats = [part for item in found.pop("output_format") for part in item.split(",") if part]
    found["formats"] = tuple(formats)
    found["paths"] = tuple(found["paths"])
    _take_standard_input(found)
    for name in ("disable", "enable", "select"):
        found[name] = _names(found[name])
    selected = _selected(found.pop("select"))
    if selected:
        found["enable"] += selected
        found["disable"] += tuple(name for name in names.symbols() if name not in selected)
    if found["isolated"]:
        if found["rcfile"]:
            raise UsageError("--isolated and --rcfile cannot be combined")
        found["rcfile"] = ""
    options = Options(**found)
    _reject_contradictions(options)
    return options


def _plain(arguments: Sequence[str]) -> Options | None:
    """Options from paths and the plainest options, as the parser gives them; ``None``: ask it."""
    paths: list[str] = []
    found: dict[str, Any] = {}
    together = True
    for text in arguments:
        if text in _PLAIN:
            name, value = _PLAIN[text]
            found[name] = value
        elif text.startswith(_JOBS) and text[len(_JOBS) :].isdecimal() and text.isascii():
            found["jobs"] = int(text[len(_JOBS) :])
        elif not text or text.startswith("-") or (paths and not together):
            return None
        else:
            paths.append(text)
            together = True
            continue
        together = False
    return Options(paths=tuple(paths), **found)


def _reject_dashes(found: dict[str, Any]) -> None:
    """``--option=--``: argparse takes the dashes for the end of the options, and leaves a list."""
    for name, value in found.items():
        several = name in ("paths", "output_format", "disable", "enable", "select")
        if not all(isinstance(item, str) for item in value) if several else value == []:
            raise UsageError(f"argument --{name.replace('_', '-')}: '--' is not a value")


def _take_standard_input(found: dict[str, Any]) -> None:
    """``--stdin-filename FILE`` and ``-``, as ruff has them, are ``--from-stdin FILE``."""
    name, paths = found.pop("stdin_filename"), found["paths"]
    if name is not None:
        if paths not in ((), ("-",)):
            raise UsageError("--stdin-filename cannot be combined with PATH")
        found["paths"], found["from_stdin"] = (name,), True
    elif paths == ("-",) and not os.path.lexists("-"):
        raise UsageError("-: standard input needs a name: --stdin-filename FILE")


def _names(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(name.strip() for value in values for name in value.split(",") if name.strip())


def _selected(given: Sequence[str]) -> tuple[str, ...]:
    """The symbols of the messages after ``--select``."""
    found: dict[str, None] = {}
    for name in given:
        try:
            found |= dict.fromkeys(names.symbols() if name == "ALL" else [names.rule(name)])
        except ValueError as error:
            raise UsageError(f"--select: {error}") from None
    return tuple(found)


def _reject_messages(given: str | None) -> None:
    """``--ignore`` is about files, as pylint's; ruff's is about messages."""
    for name in _names([given or ""]):
        try:
            symbol = names.rule(name)
        except ValueError:
            continue
        if not os.path.exists(name):
            raise UsageError(f"--ignore is about files; did you mean --disable={symbol}?")


def _reject_unknown(option: str, given: Sequence[str]) -> None:
    """A misspelt message would silently have no effect."""
    for name in given:
        wrong = names.unknown(name)
        if wrong is not None:
            raise UsageError(f"{option}: {wrong}")


def _reject_contradictions(options: Options) -> None:
    _reject_unknown("--disable", options.disable)
    _reject_unknown("--enable", options.enable)
    _reject_messages(options.ignore)
    _reject_actions(options)
    if options.jobs is not None and options.jobs < 0:
        raise UsageError("--jobs must be 0 or more")
    for folder in (options.source_roots or "").split(","):
        if folder and not os.path.isdir(folder):
            raise UsageError(f"--source-roots: no folder {folder}")


def _reject_actions(options: Options) -> None:
    """A run does one thing with what it finds."""
    if options.from_stdin and len(options.paths) != 1:
        raise UsageError("--from-stdin needs exactly one PATH, the name of what is read")
    actions = {
        "--fix": options.fix,
        "--diff": options.diff,
        "--add-disable": options.add_disable,
        "--write-baseline": options.write_baseline is not None,
    }
    asked = [name for name, on in actions.items() if on]
    if len(asked) > 1:
        raise UsageError(f"{' and '.join(asked)} cannot be combined")
    if options.from_stdin and (options.add_disable or options.write_baseline is not None):
        raise UsageError(f"{asked[0]} changes files, and cannot be combined with standard input")
    if options.baseline is not None and options.write_baseline is not None:
        raise UsageError("--baseline and --write-baseline cannot be combined")
    if options.reason is not None and not options.add_disable:
        raise UsageError("--reason can only be used with --add-disable")
