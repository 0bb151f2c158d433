"""six, of code that once ran under Python 2."""

from __future__ import annotations

from qs_lint.facts.schema import Library

LIBRARY = Library(
    "six",
    aliases={
        "six.moves.map": "builtins.map",
        "six.moves.filter": "builtins.filter",
        "six.moves.zip": "builtins.zip",
    },
    unproven={"six.*": "not installed for the tests"},
)
