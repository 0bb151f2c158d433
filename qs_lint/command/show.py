"""``--show-files`` and ``--show-settings``: what a run would do."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from qs_lint.command import names
from qs_lint.command.console import put, say
from qs_lint.command.discovery import discover
from qs_lint.findings import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings

#: The exit code of a run that would check nothing.
BLIND = 2
_EVERYTHING = frozenset({"all", "qs_lint"})


def show_files(options: Options, settings: Settings) -> int:
    """List what would be checked; an unreadable folder is a line on standard error."""
    found = discover(options.paths or settings.files() or (os.curdir,), settings)
    put("".join(f"{printable(os.path.normpath(path))}\n" for path in found.files))
    for path, why in found.unreadable:
        say(f"cannot read {path}: {why}")
    return BLIND if not found.files and not options.allow_empty else 0


def show_settings(options: Options, settings: Settings) -> int:
    """Print each setting and its value, as TOML, and which files they come from."""
    lines = "".join(f"{name} = {_toml(value)}\n" for name, value in _settings(options, settings))
    put(lines)
    return 0


def _settings(options: Options, settings: Settings) -> Iterator[tuple[str, object]]:
    found, table = settings.found, settings.found.table
    reported = enabled(options, settings)
    yield "pylint-configuration", found.path or ""
    yield "qs-lint-configuration", found.table_path or ""
    yield "messages", [name for name in names.symbols() if name in reported]
    yield "messages-off", [name for name in names.symbols() if name not in reported]
    yield (
        "per-file-ignores",
        {
            text: sorted(symbols)
            for globs, symbols in table.per_file_ignores
            for text in globs.texts
        },
    )
    yield "confidence", options.confidence or found.values.get("confidence", "all")
    yield "paths", options.paths or settings.files() or (os.curdir,)
    yield "exclude", table.exclude.texts
    yield "ignore-files", settings.ignore
    yield "ignore-patterns", [pattern.pattern for pattern in settings.ignore_patterns]
    yield "ignore-paths", [pattern.pattern for pattern in settings.ignore_paths]
    yield "gitignore", settings.gitignore
    yield "source-roots", settings.source_roots
    yield "facts", options.facts or table.facts or found.values.get("qs-facts", "")
    yield "jobs", settings.jobs


def enabled(options: Options, settings: Settings) -> frozenset[str]:
    """The symbols of the messages that are reported, before comments and per-file settings."""
    said = [(option, value.split(",")) for option, value in settings.message_options()]
    said += [("disable", list(options.disable)), ("enable", list(options.enable))]
    on = set(names.symbols())
    for option, values in said:
        for symbol in _meant(value.strip() for value in values):
            if option == "disable":
                on.discard(symbol)
            elif option == "enable":
                on.add(symbol)
    return frozenset(on)


def _meant(given: Iterable[str]) -> Iterator[str]:
    """The symbols of our messages that are meant by names of messages and of groups."""
    for name in given:
        if name.lower() in _EVERYTHING:
            yield from names.symbols()
        elif name.upper() in names.CATEGORIES:
            yield from (symbol for msgid, symbol in names.ids().items() if msgid[0] == name.upper())
        elif name.lower() in names.symbols():
            yield name.lower()
        elif name.upper() in names.ids():
            yield names.ids()[name.upper()]


def _toml(value: object) -> str:
    """A value as TOML; nothing in it acts."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        inner = ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {inner} }}" if inner else "{}"
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(_toml, value))}]"
    if isinstance(value, str):
        text = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{"".join(map(_escaped, text))}"'
    return str(value)


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
