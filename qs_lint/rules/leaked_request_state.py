"""The request, or what it says, is stored where other requests find it."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain.leaks import Content
from qs_lint.domain.observations import Leak, Observation
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _leaks

SYMBOL = "leaked-request-state"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Requests, users, and values taken from them or chosen by them, that others read."""
    if isinstance(seen, Leak) and seen.content in (Content.STATE, Content.CHOICE):
        yield from _leaks.findings(SYMBOL, seen, path)


RULE = Rule(
    symbol=SYMBOL,
    msgid="W5811",
    summary="A request, or a value taken from it, is stored where other requests read it.",
    why=(
        "A ModelAdmin, a middleware, a feed, a node of a compiled template, a class, a module: "
        "all requests of a process share one of each, and several threads or tasks use it at "
        "once. A request that is stored there, its user, or a constant that it selects, determines "
        "what the next visitor sees (left behind), or a visitor whose request runs at the same "
        "time (a race condition)."
    ),
    bad="""
from django.contrib import admin

from shop.models import Order


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_filter = ["status", "region"]

    def get_queryset(self, request):
        orders = super().get_queryset(request)
        if not request.user.is_superuser:
            self.list_filter = []  # [leaked-request-state]
            orders = orders.filter(buyer__name=request.user.username)
        return orders
""",
    good="""
from django.contrib import admin

from shop.models import Order


@admin.register(Order)
class OrderAdmin(admin.ModelAdmin):
    list_filter = ["status", "region"]

    def get_queryset(self, request):
        orders = super().get_queryset(request)
        if not request.user.is_superuser:
            orders = orders.filter(buyer__name=request.user.username)
        return orders

    def get_list_filter(self, request):
        return self.list_filter if request.user.is_superuser else []
""",
    check=check,
    fixable=True,
    related=("leaked-request-queryset",),
    references=(
        "https://docs.djangoproject.com/en/stable/ref/contrib/admin/#modeladmin-methods",
        "https://docs.djangoproject.com/en/stable/howto/custom-template-tags/#thread-safety-considerations",
        "https://docs.python.org/3/library/contextvars.html",
    ),
)
