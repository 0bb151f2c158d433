"""The rules, one module each, found by walking this package.

A module's name is its message's symbol, with underscores; it defines one :data:`RULE`.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from qs_lint.findings import Finding, Location, Rule
from qs_lint.records import replace

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable

    from qs_lint.domain.observations import Observation


@cache
def all_rules() -> tuple[Rule, ...]:
    """Every rule, ordered by message id."""
    import importlib
    import pkgutil

    found: list[Rule] = []
    for module in pkgutil.iter_modules(__path__):
        if not module.name.startswith("_"):
            found.append(importlib.import_module(f"{__name__}.{module.name}").RULE)
    return tuple(sorted(found, key=lambda rule: rule.msgid[1:]))


def location(path: str, node: ast.AST) -> Location:
    """Where a node is."""
    line = getattr(node, "lineno", 1)
    column = getattr(node, "col_offset", 0)
    return Location(
        path,
        line,
        column,
        getattr(node, "end_lineno", None) or line,
        getattr(node, "end_col_offset", None) or column,
    )


def judge(
    path: str,
    observations: Iterable[Observation],
    on_fault: Callable[[Rule, Exception], None] | None = None,
) -> list[Finding]:
    """The findings in one file, ordered by place; one per rule and place.

    A rule that raises is given to ``on_fault``, and the others go on.
    """
    from qs_lint.rules._subjects import subject  # not before somebody judges: it knows the domain

    found: dict[tuple[str, int, int], Finding] = {}
    for observation in observations:
        for rule in all_rules():
            try:
                findings = list(rule.check(observation, path))
            except Exception as error:
                if on_fault is None:
                    raise
                on_fault(rule, error)
                continue
            for said in findings:
                finding = replace(said, about=subject(observation))
                key = (finding.symbol, finding.location.line, finding.location.column)
                if key not in found or found[key].confidence < finding.confidence:
                    found[key] = finding
    return sorted(found.values(), key=lambda f: (f.location.line, f.location.column, f.symbol))
