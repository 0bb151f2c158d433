"""A queryset, or rows, of one request are stored where other requests find them."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain.leaks import Content
from qs_lint.domain.observations import Leak, Observation
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _leaks

SYMBOL = "leaked-request-queryset"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Querysets and rows that depend on a request, on something that others read."""
    if isinstance(seen, Leak) and seen.content in (Content.QUERYSET, Content.ROWS):
        yield from _leaks.findings(SYMBOL, seen, path)


RULE = Rule(
    symbol=SYMBOL,
    msgid="E5810",
    summary="A queryset or rows of one request are stored where another request reads them.",
    why=(
        "Classes, modules, default arguments, ModelAdmin and middleware objects are shared by all "
        "requests of a process. A queryset that was filtered for one visitor and stored there is "
        "shown to the next visitor (left behind), or to a visitor whose request runs at the same "
        "time (a race condition). No test with a single client detects it."
    ),
    bad="""
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = Order.objects.order_by("number")

    def get(self, request, *args, **kwargs):
        if "mine" in request.GET:
            self.__class__.queryset = Order.objects.filter(  # [leaked-request-queryset]
                buyer__name=request.user.username
            )
        return super().get(request, *args, **kwargs)
""",
    good="""
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = Order.objects.order_by("number")

    def get_queryset(self):
        orders = super().get_queryset()
        if "mine" in self.request.GET:
            orders = orders.filter(buyer__name=self.request.user.username)
        return orders
""",
    check=check,
    fixable=True,
    related=("leaked-request-state", "memoized-queryset"),
    references=(
        "https://docs.djangoproject.com/en/stable/topics/class-based-views/generic-display/",
        "https://docs.djangoproject.com/en/stable/howto/custom-template-tags/",
    ),
)
