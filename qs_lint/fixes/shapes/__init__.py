"""The shapes of mistakes whose cure can be certain, one module each.

A shape is a function from a :class:`Case` to options, best first: a
:class:`~qs_lint.fixes.plans.Plan`, or a sentence that says why there is none.  A shape that is
not concerned yields nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from qs_lint.fixes.plans import Option
from qs_lint.fixes.shapes import choices, clock, context, default, leaked, queryset, shared
from qs_lint.fixes.shapes.case import Case

__all__ = ["Case", "options"]

#: symbol -> the shapes to try, best first
SHAPES: dict[str, tuple[Callable[[Case], Iterator[Option]], ...]] = {
    "frozen-class-queryset": (choices.options, queryset.options),
    "frozen-module-queryset": (choices.options, queryset.argument_options),
    "frozen-default-queryset": (default.options,),
    "frozen-queryset-argument": (clock.options, queryset.options, default.options),
    "import-time-query": (choices.options, queryset.options),
    "leaked-request-queryset": (leaked.options,),
    "leaked-request-state": (leaked.options,),
    "shared-context-queryset": (context.options,),
    "shared-queryset-cache": (queryset.options, shared.options, default.options_of_parameter),
}


def options(case: Case) -> Iterator[Option]:
    """What the shapes offer for a finding."""
    for shape in SHAPES.get(case.finding.symbol, ()):
        yield from shape(case)
