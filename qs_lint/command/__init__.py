"""The command ``qs-lint``: the findings of the plugin without the cost of a whole pylint run.

Every file is screened by the engine alone; only files with findings go through
pylint, for pragmas, configuration and messages.  A clean run never imports pylint.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from qs_lint.command.console import abandon, say
from qs_lint.command.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The command itself failed: an impossible option, an unknown path, an unreadable configuration.
USAGE = 2
SUBCOMMANDS = ("explain", "facts", "rules", "server")
#: How editors start a language server.
STDIO = "--stdio"


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with ``argv`` (default: the process's arguments); the exit code.

    0: nothing found; otherwise pylint's bits (1 fatal, 2 error, 4 warning); 2 also where the
    command could not start, or checked no file: one line on standard error says why.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        return _run(arguments)
    except UsageError as error:
        for problem in error.args:
            say(str(problem))
        return USAGE
    except BrokenPipeError:
        # the reader of the output has closed it; Python must not complain when it flushes at exit
        abandon()
        return USAGE
    except KeyboardInterrupt:
        say("interrupted")
        return 130
    except Exception as error:  # noqa: BLE001 - in a hook, an error must be one line
        return _fault(error, "-v" in arguments or "--verbose" in arguments)


def _run(arguments: list[str]) -> int:
    try:
        os.getcwd()
    except OSError as error:
        raise UsageError(f"the working directory: {error.strerror}") from None
    subcommand = arguments[0] if arguments and arguments[0] in SUBCOMMANDS else None
    # what exists is a path: whatever a folder is called, it is checked
    # (editors start ``server --stdio`` in a project that may have a folder of that name)
    if subcommand and (not os.path.lexists(subcommand) or STDIO in arguments):
        if subcommand == "server":
            from qs_lint.server import serve

            return serve([option for option in arguments[1:] if option != STDIO])
        if subcommand == "facts":
            from qs_lint.command.facts import show

            return show(arguments[1:])
        from qs_lint.command.about import about

        return about(arguments)
    from qs_lint.command.options import parse
    from qs_lint.command.run import run

    try:
        return run(parse(arguments))
    except UsageError as error:
        if arguments and not os.path.lexists(arguments[0]):
            from qs_lint.command.names import subcommand as meant

            if hint := meant(arguments[0], SUBCOMMANDS):
                raise UsageError(f"{error.args[0]}; {hint}", *error.args[1:]) from None
        if not subcommand:
            raise
        hint = f"{error.args[0]} ({subcommand!r} is a path here, not the subcommand)"
        raise UsageError(hint, *error.args[1:]) from None


def _fault(error: Exception, verbose: bool) -> int:
    """Say that the command itself has failed, in a line; with ``--verbose`` where."""
    import traceback

    if verbose:
        for text in traceback.format_exception(error):
            for part in text.splitlines():
                say(part)
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"
    kind = f"{type(error).__name__}: {str(error)[:300]}"
    say(f"internal error: {kind} ({place}); please report it, with the output of --verbose")
    return USAGE


__all__ = ["USAGE", "UsageError", "main"]
