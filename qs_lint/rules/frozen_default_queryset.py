"""A query runs in a default argument or in the argument of a decorator."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain import Place
from qs_lint.domain.observations import ImportQuery, Observation
from qs_lint.findings import Finding, Rule
from qs_lint.rules._import_query import frozen_finding

SYMBOL = "frozen-default-queryset"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Queries at import in defaults and decorators."""
    if not isinstance(seen, ImportQuery) or not seen.sink.lasts:
        return
    name = seen.context.target
    if seen.place is Place.DEFAULT:
        when = "once, when the function is defined: defaults are not evaluated per call"
        keeper = f"The default of {name}()" if name else "The default"
    elif seen.place is Place.DECORATOR:
        when = "once, when the decorator is applied at import"
        keeper = f"The decorator of {name}" if name else "The decorator"
    else:
        return
    yield frozen_finding(SYMBOL, path, seen, when, keeper)


RULE = Rule(
    symbol=SYMBOL,
    msgid="E5803",
    summary="A query runs in a default argument or a decorator argument, so its rows are frozen.",
    why=(
        "Default values and decorator arguments are evaluated when the function is defined, which "
        "for a module's functions and a class's methods is at import. The rows are kept for every "
        "later call."
    ),
    bad="""
from shop.models import Category


def names(categories=list(Category.objects.all())):  # [frozen-default-queryset]
    return [category.name for category in categories]
""",
    good="""
from shop.models import Category


def names(categories=None):
    if categories is None:
        categories = Category.objects.all()
    return [category.name for category in categories]
""",
    check=check,
    fixable=True,
    related=("frozen-module-queryset", "frozen-queryset-argument"),
    references=("https://docs.python.org/3/reference/compound_stmts.html#function-definitions",),
)
