"""The command line."""

from __future__ import annotations

import argparse
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import qs_lint
from qs_lint.command import names
from qs_lint.command.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

EPILOG = """\
exit code: 0 if nothing was found, otherwise the sum of 1 (fatal), 2 (error) and 4 (warning), as
with pylint; also 2 if the command could not start or no file was checked.

qs-lint explain SYMBOL   explain a message, and show what to write instead
qs-lint rules            list all messages
qs-lint facts NAME       show what is known about a class or function of a library
qs-lint server           run the language server for editors
"""


@dataclass(frozen=True)
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
    def changes(self) -> bool:
        """Whether this run writes something for the user to keep."""
        return self.fix or self.add_disable or self.write_baseline is not None


class _Parser(argparse.ArgumentParser):
    """An impossible option is one line, like every other mistake."""

    def error(self, message: str) -> NoReturn:
        """Raise :class:`UsageError`."""
        raise UsageError(f"{message} (see qs-lint --help)")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The same, with what an unknown option may have meant."""
        found, unknown = self.parse_known_args(args, namespace)
        if unknown:
            known = [text for text in self._option_string_actions if text.startswith("--")]
            name = unknown[0].partition("=")[0]
            close = names.hint(names.alike(name, known, 0.7) if name.startswith("--") else [])
            self.error(f"unrecognized arguments: {' '.join(unknown)}{close}")
        return found


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="qs-lint",
        description="Find Django querysets whose result is frozen at import.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders to check (default: .)")
    add("--version", action="version", version=f"qs-lint {qs_lint.__version__}")
    add("-v", "--verbose", action="store_true", help="log what is done to standard error")

    shown = parser.add_argument_group("output")
    add = shown.add_argument
    add(
        "-f",
        "--output-format",
        action="append",
        default=[],
        metavar="FORMAT[:FILE]",
        help="full (default on a terminal), concise (default elsewhere), statistics, github, "
        "azure, sarif, gitlab, junit, rdjson, qs-json, qs-jsonl, or any format of pylint (text, "
        "json2 ...); may be repeated",
    )
    add("--output", metavar="FILE", help="write to FILE instead of standard output")
    add(
        "--statistics",
        action="store_true",
        help="show counts for every rule instead of the findings",
    )
    add("--msg-template", metavar="TEMPLATE", help="pylint's template for a line of text")
    add("--no-progress", dest="progress", action="store_false", help="hide the progress line")
    add("--exit-zero", action="store_true", help="exit with 0 even if something is found")
    add("--allow-empty", action="store_true", help="exit with 0 if there was no file to check")

    chosen = parser.add_argument_group("selection of files and messages")
    add = chosen.add_argument
    add("--rcfile", metavar="FILE", help="use this configuration file and no other")
    add("--isolated", action="store_true", help="ignore all configuration files")
    add(
        "--select",
        action="append",
        default=[],
        metavar="MESSAGES",
        help="report only these messages: symbols or ids, comma-separated, or ALL",
    )
    add("--disable", action="append", default=[], metavar="MESSAGES", help="do not report these")
    add("--enable", action="append", default=[], metavar="MESSAGES", help="report these, too")
    add(
        "--confidence",
        metavar="LEVELS",
        help="report only findings of these levels: HIGH, INFERENCE, INFERENCE_FAILURE",
    )
    add("--ignore", metavar="NAMES", help="skip files and folders with these names")
    add("--ignore-patterns", metavar="REGEXES", help="skip files and folders whose names match")
    add("--ignore-paths", metavar="REGEXES", help="skip paths that match")
    add(
        "--no-gitignore",
        dest="gitignore",
        action="store_false",
        help="also check files that .gitignore excludes",
    )
    add("--source-roots", metavar="FOLDERS", help="resolve absolute imports in these folders first")
    add("--facts", metavar="FILE", help="TOML file that describes packages which the project uses")
    add("--show-files", action="store_true", help="list the files that would be checked and exit")
    add("--show-settings", action="store_true", help="show the settings of this run and exit")
    add(
        "--stdin-filename",
        metavar="FILE",
        help="read standard input and treat it as FILE; with --fix, write the fixed code to "
        "standard output",
    )
    add("--from-stdin", action="store_true", help="the same in pylint's form: --from-stdin PATH")

    work = parser.add_argument_group("execution")
    add = work.add_argument
    add("-j", "--jobs", type=int, metavar="N", help="number of processes; 0 uses all cores")
    add("--no-cache", dest="cache", action="store_false", help="do not read or write the cache")
    add(
        "--cache-dir",
        metavar="FOLDER",
        help="folder of the cache (default: $QS_LINT_CACHE_DIR, or in the user's cache folder)",
    )

    old = parser.add_argument_group("existing code bases")
    add = old.add_argument
    add("--baseline", metavar="FILE", help="suppress the findings listed in FILE")
    add("--write-baseline", metavar="FILE", help="write all findings to FILE")
    add("--add-disable", action="store_true", help="add disable comments above the findings")
    add("--reason", metavar="TEXT", help="the reason that --add-disable writes")

    repair = parser.add_argument_group("fixes (they need the extra: pip install 'qs-lint[fix]')")
    add = repair.add_argument
    add("--diff", action="store_true", help="show the certain fixes as a diff, and change no file")
    add("--fix", action="store_true", help="apply the certain fixes")
    add(
        "--mark-fixable",
        action=argparse.BooleanOptionalAction,
        help="find out which findings --fix would fix, and mark them with [*] (slower; by default "
        "on a terminal, if there are not many)",
    )
    return parser


def parse(arguments: Sequence[str]) -> Options:
    """Options from command-line arguments.

    Raises :class:`UsageError` for what cannot be, and ``SystemExit`` after ``--help`` and
    ``--version``.
    """
    found = vars(_parser().parse_args(list(arguments)))
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
    if options.jobs is not None and options.jobs < 0:
        raise UsageError("--jobs must be 0 or more")
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
    for folder in (options.source_roots or "").split(","):
        if folder and not os.path.isdir(folder):
            raise UsageError(f"--source-roots: no folder {folder}")
