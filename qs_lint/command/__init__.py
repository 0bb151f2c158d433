"""The command ``qs-lint``: the findings of the plugin without the cost of a whole pylint run.

Every file is screened by the engine alone; only files that have something to say go through
pylint, for pragmas, configuration and messages.  A clean run never imports pylint.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from qs_lint.command.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

#: The command itself failed: an impossible option, an unknown path, an unreadable configuration.
USAGE = 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command with ``argv`` (default: the process's arguments); the exit code.

    0: nothing found; otherwise pylint's bits (1 fatal, 2 error, 4 warning); 2 also where the
    command could not start: one line on standard error says why.
    """
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] in (["explain"], ["rules"]):
            from qs_lint.command.about import about

            return about(arguments)
        if arguments[:1] == ["server"]:
            from qs_lint.server import serve

            return serve(arguments[1:])
        from qs_lint.command.options import parse
        from qs_lint.command.run import run

        return run(parse(arguments))
    except UsageError as error:
        print(f"qs-lint: {error}", file=sys.stderr)
        return USAGE
    except BrokenPipeError:
        # whoever read the output has gone; Python must not complain when it flushes at exit
        sys.stdout = None
        return USAGE
    except KeyboardInterrupt:
        print("qs-lint: interrupted", file=sys.stderr)
        return 130


__all__ = ["USAGE", "UsageError", "main"]
