"""A query runs in a class body: its rows live as long as the process."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain import Place
from qs_lint.domain.observations import ImportQuery, Observation
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _wording as wording
from qs_lint.rules._import_query import frozen_finding

SYMBOL = "frozen-class-queryset"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Queries at import, in a class body, whose rows are kept or decide a branch."""
    if not isinstance(seen, ImportQuery) or seen.place is not Place.CLASS:
        return
    if not seen.sink.lasts:
        return
    context = seen.context
    name = context.class_name
    kind = wording.kind_name(context)
    when = (
        f"once, while the body of {kind} {name} executes at import"
        if name
        else "once, while a class body executes at import"
    )
    keeper = f"{kind[0].upper()}{kind[1:]} {name}" if name else "The class"
    if context.target and name and context.target != name:
        keeper = f"`{name}.{context.target}`"
    yield frozen_finding(SYMBOL, path, seen, when, keeper)


RULE = Rule(
    symbol=SYMBOL,
    msgid="E5801",
    summary="A query runs while a class body executes, so its rows are frozen at import.",
    why=(
        "Python executes a class body once, when its module is imported. A call that evaluates a "
        "queryset there runs its SQL once, and the class keeps the rows: every later request of "
        "the process is served the rows loaded at start-up. Nothing raises, tests pass, and the "
        "development server hides the bug by reloading. Relations loaded with the rows "
        "(select_related(), prefetch_related()) are frozen with them; reverse relations that were "
        "not prefetched are fetched again, and a foreign key on its first use, which is why "
        "removing both calls seems to fix the related data while the list stays frozen."
    ),
    bad="""
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = sorted(  # [frozen-class-queryset]
        Order.objects.select_related("buyer").prefetch_related("lines"),
        key=lambda order: order.number,
    )
""",
    good="""
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = (
        Order.objects.select_related("buyer").prefetch_related("lines").order_by("number")
    )
""",
    check=check,
    fixable=True,
    related=("frozen-module-queryset", "shared-queryset-cache", "import-time-query"),
    references=(
        "https://docs.djangoproject.com/en/stable/ref/models/querysets/#when-querysets-are-evaluated",
        "https://docs.djangoproject.com/en/stable/topics/class-based-views/generic-display/",
    ),
)
