"""Try all changes of :mod:`metamorphic` on one file, and count."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import metamorphic
from mutations import parsed

from qs_lint.examination import findings_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from qs_lint.findings import Finding
    from qs_lint.project.source import Project

    Engine = Callable[[Project, str, str], list[Finding]]

EVALUATING, RELAXING = "a lazy class queryset evaluated", "an evaluated class queryset left lazy"


@dataclass
class Count:
    """What was tried: cases and violations for each invariant, and the violations themselves."""

    files: int = 0
    with_findings: int = 0
    cases: Counter[str] = field(default_factory=Counter)
    violated: Counter[str] = field(default_factory=Counter)
    violations: list[dict[str, Any]] = field(default_factory=list)

    def violation(
        self, invariant: str, name: str, less: Iterable[Any], more: Iterable[Any]
    ) -> None:
        """Note a violation."""
        self.violated[invariant] += 1
        self.violations.append(
            {"invariant": invariant, "name": name, "less": list(less)[:3], "more": list(more)[:3]}
        )


def try_file(
    project: Project,
    path: str,
    text: str,
    count: Count,
    *,
    name: str,
    only: Iterable[str] = (*metamorphic.SAME, EVALUATING, RELAXING),
    engine: Engine = findings_in,
) -> None:
    """All changes of one file; ``name`` is how it is called in the count."""
    before = engine(project, path, text)
    expected = metamorphic.facts(text, before)
    count.files += 1
    count.with_findings += bool(before)
    wanted = set(only)
    for invariant, change in metamorphic.SAME.items():
        changed = change(text) if invariant in wanted else None
        if changed is None or parsed(changed) is None:
            continue
        count.cases[invariant] += 1
        found = metamorphic.facts(changed, engine(project, path, changed))
        if found != expected:
            count.violation(invariant, name, expected - found, found - expected)

    def told(changed: str, first: int, last: int | None) -> set[str]:
        found = engine(project, path, changed)
        lines = range(first, (last or first) + 1)
        return {one.symbol for one in found if one.location.line in lines} & metamorphic.EVALUATED

    for operation, queryset, changed in (
        metamorphic.evaluations(text) if EVALUATING in wanted else ()
    ):
        count.cases[EVALUATING] += 1
        if not told(changed, queryset.lineno, queryset.end_lineno):
            count.violation(EVALUATING, f"{name}:{queryset.lineno}", [operation], [])
    for call, changed in metamorphic.relaxations(text) if RELAXING in wanted else ():
        count.cases[RELAXING] += 1
        if still := told(changed, call.lineno, call.end_lineno):
            count.violation(RELAXING, f"{name}:{call.lineno}", [], still)
