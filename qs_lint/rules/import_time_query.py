"""A query runs at import although nothing of it lasts."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain.observations import ImportQuery, Observation
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _wording as wording
from qs_lint.rules import location
from qs_lint.rules._uses import told, use_words

SYMBOL = "import-time-query"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Queries at import whose rows are dropped, or cloned before use."""
    if not isinstance(seen, ImportQuery) or seen.sink.lasts:
        return
    run = seen.run
    way = wording.chain(seen.steps)
    via = f" ({way})" if way else ""
    on = f" on {run.model}" if run.model else ""
    verb = "writes to the database" if run.writes else f"runs a query{on}"
    yield Finding(
        SYMBOL,
        location(path, seen.node),
        f"`{use_words(run.how)}`{via} {verb} whenever the module is imported"
        f"{wording.others(seen)}.",
        "No request uses its result, but it runs every time a process starts, and on an empty "
        "database it breaks the commands check, makemigrations and migrate.",
        wording.cure_for(seen),
        seen.confidence,
        told(seen.steps),
        brief=f"`{use_words(run.how)}` {verb} at import{wording.place_of(seen.steps)}",
    )


RULE = Rule(
    symbol=SYMBOL,
    msgid="W5808",
    summary="A query runs at import although no request uses its result.",
    why=(
        "The rows are discarded, or the object that is kept is cloned before use. Nothing is "
        "stale, but the query runs at every start of every process, possibly before the database "
        "exists: check, makemigrations and migrate fail on an empty database, and a test run reads "
        "the real database."
    ),
    bad="""
from shop.models import Category

Category.objects.get_or_create(name="default")  # [import-time-query]
""",
    good="""
from shop.models import Category


def create_default(sender, **kwargs):
    Category.objects.get_or_create(name="default")
""",
    check=check,
    fixable=True,
    related=("frozen-module-queryset", "frozen-class-queryset"),
    references=(
        "https://docs.djangoproject.com/en/stable/ref/applications/#django.apps.AppConfig.ready",
    ),
)
