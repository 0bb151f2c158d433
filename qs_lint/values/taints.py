"""What was true only at one moment, and where that happened."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from qs_lint.domain import Fate, Hop, Moment, Place, Use

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qs_lint.engine.world import Source
    from qs_lint.findings import Confidence


@dataclass(eq=False, slots=True)
class Taint:
    """Something that was true only at one moment, and where that happened."""

    how: Use
    node: ast.AST
    source: Source
    moment: Moment
    confidence: Confidence
    anchor: ast.AST
    steps: tuple[Hop, ...] = ()


@dataclass(eq=False, slots=True)
class QueryRun(Taint):
    """A query that ran: its rows are what they were at ``moment``."""

    model: str = ""
    selected: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    writes: bool = False
    #: a cache was asked, not the database
    cached: bool = False
    #: a branch or a loop was decided by the result
    decided: bool = False
    #: how the statement at import uses the rows: kept, branch, dropped, argument
    sink: Fate = Fate.OPEN
    depth: int = 0
    #: class, module, default or decorator: where the code of the checked file stands
    place: Place = Place.MODULE
    #: the name that the statement binds
    target: str = ""
    #: the calls around the query, outermost first
    callees: tuple[str, ...] = ()
    #: inside of ``try``: the disguise that hides the error of an empty database
    guarded: bool = False
    #: a condition that nobody could decide stands before it, or a return that may have come first
    doubtful: bool = False
    #: in a manager's own ``get_queryset()``, which every query of the manager begins with
    inherited: bool = False
    context: Any = None


@dataclass(eq=False, slots=True)
class VolatileRead(Taint):
    """A clock, a random number or another value that is right only at ``moment``."""

    kind: str = "clock"


NO_TAINTS: frozenset[Taint] = frozenset()


AnyTaint = TypeVar("AnyTaint", bound=Taint)


def in_order(taints: Iterable[AnyTaint]) -> list[AnyTaint]:
    """Taints by place: what is said must not depend on the order of a set."""
    found = list(taints)
    if len(found) > 1:
        found.sort(key=_place)
    return found


def _place(taint: Taint) -> tuple[str, int, int, str, int]:
    node, anchor = taint.node, taint.anchor
    return (
        taint.source.path,
        getattr(node, "lineno", 0),
        getattr(node, "col_offset", 0),
        taint.how.name,
        getattr(anchor, "lineno", 0),
    )
