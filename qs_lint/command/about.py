"""``qs-lint explain SYMBOL`` and ``qs-lint rules``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.command.console import put
from qs_lint.command.errors import UsageError
from qs_lint.explain import UnknownRuleError, explain, rules_table

if TYPE_CHECKING:
    from collections.abc import Sequence


HELP = """\
usage: qs-lint explain MESSAGE ...   explain messages, and show what to write instead
       qs-lint rules                 list all messages

MESSAGE is a symbol (frozen-class-queryset) or an id (E5801).
"""


def about(arguments: Sequence[str]) -> int:
    """Print what was asked for; ``UsageError`` for an unknown rule."""
    command, *names = arguments
    if any(name in ("-h", "--help") for name in names):
        put(HELP)
        return 0
    if command == "rules":
        if names:
            raise UsageError("rules does not accept arguments")
        put(f"{rules_table()}\n")
        return 0
    if not names:
        raise UsageError("explain needs the symbol or the id of a message; see: qs-lint rules")
    try:
        texts = [explain(name) for name in names]
    except UnknownRuleError as error:
        close = f"; did you mean {', '.join(error.close)}?" if error.close else ""
        raise UsageError(f"unknown message {error.args[0]!r}{close} (see qs-lint rules)") from None
    put("\n\n".join(texts) + "\n")
    return 0
