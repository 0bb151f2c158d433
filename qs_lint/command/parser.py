"""The parser of the command line: which options there are, and what ``--help`` says."""

from __future__ import annotations

import argparse
from typing import Any, NoReturn

import qs_lint
from qs_lint.command import names
from qs_lint.command.errors import UsageError

EPILOG = """\
exit code: 0 if nothing was found, otherwise the sum of 1 (fatal), 2 (error) and 4 (warning), as
with pylint; also 2 if the command could not start or no file was checked.

qs-lint explain SYMBOL   explain a message, and show what to write instead
qs-lint rules            list all messages
qs-lint facts NAME       show what is known about a class or function of a library
qs-lint server           run the language server for editors
"""


class _Parser(argparse.ArgumentParser):
    """An impossible option is one line, like every other mistake."""

    def error(self, message: str) -> NoReturn:
        """Raise :class:`UsageError`."""
        raise UsageError(f"{message} (see qs-lint --help)")

    def parse_args(self, args: Any = None, namespace: Any = None) -> Any:
        """The same, with what an unknown option may have meant."""
        given = list(args)
        end = given.index("--") if "--" in given else len(given)
        found, unknown = self.parse_known_args(given[:end], namespace)
        if not any(text.startswith("-") and text != "-" for text in unknown):
            # paths behind options that stand behind paths; argparse takes the first group alone
            found.paths += [*unknown, *given[end + 1 :]]
        else:
            known = [text for text in self._option_string_actions if text.startswith("--")]
            name = unknown[0].partition("=")[0]
            hint = names.option(name, known)
            self.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")
        return found


def parser() -> argparse.ArgumentParser:
    """A new parser; what it cannot understand is a :class:`UsageError`."""
    made = _Parser(
        prog="qs-lint",
        description="Find Django querysets whose result is frozen at import.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = made.add_argument
    add("paths", nargs="*", metavar="PATH", help="files and folders to check (default: .)")
    add("--version", action="version", version=f"qs-lint {qs_lint.__version__}")
    add("-v", "--verbose", action="store_true", help="log what is done to standard error")

    shown = made.add_argument_group("output")
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

    chosen = made.add_argument_group("selection of files and messages")
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

    work = made.add_argument_group("execution")
    add = work.add_argument
    add("-j", "--jobs", type=int, metavar="N", help="number of processes; 0 uses all cores")
    add("--no-cache", dest="cache", action="store_false", help="do not read or write the cache")
    add(
        "--cache-dir",
        metavar="FOLDER",
        help="folder of the cache (default: $QS_LINT_CACHE_DIR, or in the user's cache folder)",
    )

    old = made.add_argument_group("existing code bases")
    add = old.add_argument
    add("--baseline", metavar="FILE", help="suppress the findings listed in FILE")
    add("--write-baseline", metavar="FILE", help="write all findings to FILE")
    add("--add-disable", action="store_true", help="add disable comments above the findings")
    add("--reason", metavar="TEXT", help="the reason that --add-disable writes")

    repair = made.add_argument_group("fixes (they need the extra: pip install 'qs-lint[fix]')")
    add = repair.add_argument
    add("--diff", action="store_true", help="show the certain fixes as a diff, and change no file")
    add("--fix", action="store_true", help="apply the certain fixes")
    add(
        "--mark-fixable",
        action=argparse.BooleanOptionalAction,
        help="find out which findings --fix would fix, and mark them with [*] (slower; by default "
        "on a terminal, if there are not many)",
    )
    return made
