"""A project's own facts in the command: the file read, and ``qs-lint facts NAME``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.command.errors import UsageError
from qs_lint.files import digest
from qs_lint.records import record

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.facts.schema import Library


HELP = """\
usage: qs-lint facts [--facts FILE] NAME ...

Show what is known about classes and functions of libraries, and where that comes from.
NAME is a dotted name, such as django.views.generic.ListView.
"""


@record(frozen=True)
class OwnFacts:
    """The rows of a project's file, and a digest of its bytes; nothing if it has none."""

    library: Library | None = None
    digest: str = ""


def own_facts(path: str | None) -> OwnFacts:
    """What a facts file says; :class:`UsageError` with a line for each problem in it."""
    if not path:
        return OwnFacts()
    from qs_lint.facts.project import FactsError, parse, read

    try:
        data = read(path)
        return OwnFacts(parse(data, path), digest(data))
    except FactsError as error:
        raise UsageError(*error.problems) from None


def show(arguments: Sequence[str]) -> int:
    """Print what is known of dotted names, and from where; 1 if nothing is known of one."""
    from qs_lint.command.console import put
    from qs_lint.command.options import parse
    from qs_lint.command.settings import settings_for
    from qs_lint.facts import facts_with
    from qs_lint.facts.describe import describe, guess

    if any(argument in ("-h", "--help") for argument in arguments):
        put(HELP)
        return 0
    options = parse(arguments)
    if not options.paths:
        raise UsageError("facts needs a dotted name, such as django.views.generic.ListView")
    known = facts_with(settings_for(options).own.library)
    found = [(name, describe(known, name)) for name in options.paths]
    put("\n\n".join(text or guess(known, name) for name, text in found) + "\n")
    return 0 if all(text for _, text in found) else 1
