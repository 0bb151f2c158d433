"""A query runs at module level: its rows live as long as the process."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain import Place
from qs_lint.domain.observations import ImportQuery, Observation
from qs_lint.findings import Finding, Rule
from qs_lint.rules._import_query import frozen_finding

SYMBOL = "frozen-module-queryset"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Queries at import, at module level, whose rows are kept or decide a branch."""
    if not isinstance(seen, ImportQuery) or seen.place not in (Place.MODULE, Place.STARTUP):
        return
    if not seen.sink.lasts:
        return
    target = seen.context.target
    keeper = f"`{target}`" if target else "The module"
    when = "once, when the module is imported"
    if seen.place is Place.STARTUP:
        name = f"{seen.context.class_name}.{seen.context.function}()"
        when = f"once, in {name}, before the first request"
        keeper = f"The object that {name} creates"
    yield frozen_finding(SYMBOL, path, seen, when, keeper)


RULE = Rule(
    symbol=SYMBOL,
    msgid="E5802",
    summary="A query runs when a module is imported, so its rows are frozen.",
    why=(
        "A module's code runs once per process. A constant, a URL pattern, an argument of "
        "as_view(), a loop or a condition that evaluates a queryset there holds what the database "
        "returned at start-up, for every later request. Moving a query from a class body into a "
        "module constant keeps the bug. On an empty database the query also breaks check, "
        "makemigrations and migrate."
    ),
    bad="""
from shop.models import Category

CHOICES = [(c.pk, c.name) for c in Category.objects.all()]  # [frozen-module-queryset]
""",
    good="""
from shop.models import Category


def choices():
    return [(c.pk, c.name) for c in Category.objects.all()]
""",
    check=check,
    fixable=True,
    related=("frozen-class-queryset", "frozen-default-queryset", "import-time-query"),
    references=(
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#when-querysets-are-evaluated",
    ),
)
