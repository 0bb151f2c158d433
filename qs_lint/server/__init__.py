"""``qs-lint server``: the linter as a language server, for every editor that speaks the protocol.

Needs the extra: ``pip install 'qs-lint[lsp]'``.  One file a task: :mod:`.session` asks the linter
about buffers, :mod:`.convert` turns its answers into the protocol's terms, :mod:`.actions` offers
fixes and disable comments, :mod:`.app` answers the editor.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from qs_lint.command.console import put
from qs_lint.command.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

HELP = """\
usage: qs-lint server [--stdio] [OPTION ...]

Run the language server on standard input and output.  OPTION is one of qs-lint's options that
select files and messages (--disable, --select, --confidence, --rcfile, --isolated, --ignore,
--source-roots, --facts, --baseline ...), or --verbose; it applies to every file.
"""
MISSING = "qs-lint server needs its extra: pip install 'qs-lint[lsp]'"


def serve(arguments: Sequence[str]) -> int:
    """Serve one editor on standard input and output until it says goodbye; the exit code.

    ``arguments`` are options of the command (``--disable``, ``--rcfile`` ...), for every file.
    Raises :class:`UsageError` for an impossible option, or if the extra is not installed.
    """
    if any(argument in ("-h", "--help") for argument in arguments):
        put(HELP)
        return 0
    if importlib.util.find_spec("pygls") is None:
        raise UsageError(MISSING)
    from qs_lint.command.console import verbose
    from qs_lint.server.app import make_server
    from qs_lint.server.session import Session

    session = Session(arguments)
    if session.verbose:
        verbose()
    make_server(session).start_io()
    return 0
