"""Messages without pylint, where pylint could change nothing about them.

Importing pylint takes longer than analysing a hundred files.  It is needed for what people tell it:
comments in the file, a configuration, options.  Where there are none of these, a finding is a
message as it stands; only the names of its module and object are still to be found, by pylint's
rules.  ``tests/test_command_direct.py`` compares both ways.
"""

from __future__ import annotations

import ast
import os
from bisect import bisect_left
from typing import TYPE_CHECKING

from qs_lint.command.versions import installed
from qs_lint.project.source import package_parent, parse
from qs_lint.reports import Report
from qs_lint.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Collection

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings
    from qs_lint.examination import Outcome

#: pylint's message about a file that it cannot read.
NOT_CHECKED = ("parse-error", "F0010")
#: What every comment for pylint holds.
WORD = b"pylint"
_FRAMES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_SCOPES = (*_FRAMES, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def possible(options: Options, settings: Settings) -> bool:
    """Whether nothing is configured that pylint would have to apply."""
    return (
        not settings.message_options()
        and not options.enable
        and not options.disable
        and options.confidence is None
        and not settings.source_roots
    )


def reports_of(path: str, outcome: Outcome, data: bytes) -> list[Report] | None:
    """The messages about one file, or ``None`` if pylint is to be asked.

    ``path`` is absolute, ``data`` what the file holds.
    """
    if WORD in data or outcome.faults or not outcome.readable:
        return None
    module = module_name(path)
    tree = parse(data, path)
    if module is None or tree is None:
        return None
    places = {(found.location.line, found.location.column) for found in outcome.findings}
    names = object_names(tree, places)
    ids = {rule.symbol: rule.msgid for rule in all_rules()}
    return [
        Report(
            path=path.removeprefix(os.getcwd() + os.sep),
            abspath=path,
            module=module,
            obj=names[finding.location.line, finding.location.column],
            line=finding.location.line,
            column=finding.location.column,
            end_line=finding.location.end_line,
            end_column=finding.location.end_column,
            symbol=finding.symbol,
            msgid=ids[finding.symbol],
            text=finding.message,
            confidence=finding.confidence.name,
            finding=finding,
        )
        for finding in outcome.findings
    ]


def refusals(path: str, shown: str, why: str, options: Options) -> list[Report]:
    """The message about a file that was not read or not analysed, for pylint would try to.

    It is pylint's own for this case, and only the command line can switch it off: what is not
    looked at must not be decided by what is looked at.
    """
    symbol, msgid = NOT_CHECKED
    if {name.lower() for name in options.disable} & {symbol, msgid.lower(), "f", "all"}:
        return []
    return [
        Report(
            path=shown,
            abspath=path,
            module=module_name(path) or os.path.basename(path),
            obj="",
            line=1,
            column=0,
            end_line=None,
            end_column=None,
            symbol=symbol,
            msgid=msgid,
            text=f"error while code parsing: {why}",
            confidence="UNDEFINED",
        )
    ]


def module_name(path: str) -> str | None:
    """The dotted name that pylint gives to a file, or ``None`` where links make that doubtful.

    The name begins where the outermost package is.
    """
    stem, extension = os.path.splitext(path)
    if extension != ".py" or os.path.realpath(path) != path:
        return None
    parts = os.path.relpath(stem, package_parent(os.path.dirname(path))).split(os.sep)
    if parts[-1] == "__init__":
        parts.pop()
    return ".".join(parts) or None


def object_names(
    tree: ast.Module, places: Collection[tuple[int, int]]
) -> dict[tuple[int, int], str]:
    """The functions and classes around places (line, column), joined by dots, of all in one go.

    A decorator is inside of what it decorates for astroid 3, and outside of it for astroid 4.
    """
    outer = not installed("astroid").startswith("3.")
    exact: dict[tuple[int, int], tuple[str, ...]] = {}
    scopes: list[tuple[int, int, tuple[str, ...]]] = []
    stack: list[tuple[ast.AST, tuple[str, ...], tuple[str, ...]]] = [(tree, (), ())]
    while stack:
        parent, within, outside = stack.pop()
        decorators = frozenset(map(id, getattr(parent, "decorator_list", ())))
        for child in ast.iter_child_nodes(parent):
            around = outside if outer and id(child) in decorators else within
            inside = around
            if isinstance(child, _FRAMES):
                inside = (*around, getattr(child, "name", "<lambda>"))
            line = getattr(child, "lineno", None)
            if line is not None:
                place = line, getattr(child, "col_offset", 0)
                if place in places:
                    exact.setdefault(place, inside)
                if isinstance(child, _SCOPES):
                    scopes.append((line, child.end_lineno or line, inside))
            stack.append((child, inside, around))
    names = {place: ".".join(inside) for place, inside in exact.items()}
    rest = sorted(place for place in places if place not in names)
    for first, last, inside in scopes if rest else ():
        # lines are sorted, and scopes lie in each other, or apart
        for number in range(bisect_left(rest, (first, -1)), bisect_left(rest, (last + 1, -1))):
            names[rest[number]] = ".".join(inside)
    return {place: names.get(place, "") for place in places}
