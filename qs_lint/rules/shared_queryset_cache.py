"""A queryset that lives as long as the process is evaluated in place."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain import HolderKind, Manner, Shared, UseKind
from qs_lint.domain.observations import Observation, SharedUse
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _wording as wording
from qs_lint.rules import location
from qs_lint.rules._uses import told, use_words

SYMBOL = "shared-queryset-cache"

#: What all requests share, in half a line.
_ONE = {
    Shared.QUERYSET: "one queryset for all requests",
    Shared.RAW: "one RawQuerySet for all requests",
    Shared.ITERATOR: "one iterator for all requests",
    Shared.PAGINATOR: "one Paginator for all requests",
}


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Shared querysets that a request evaluates, or hands to somebody who will."""
    if not isinstance(seen, SharedUse):
        return
    holder = f"`{seen.holder.code}`" if seen.holder.code else "this queryset"
    way = wording.chain(seen.steps)
    via = f" ({way})" if way else ""
    what = "one queryset object shared by all requests of the process"
    if seen.kind is Shared.RAW:
        what = "one RawQuerySet, which has no .all() to clone it, shared by all requests"
    elif seen.kind is Shared.ITERATOR:
        what = "one iterator shared by all requests of the process"
    cure = _cure(seen)
    how = use_words(seen.how)
    place = wording.place_of(seen.steps)
    one = _ONE[seen.kind]
    if seen.kind is Shared.PAGINATOR:
        happens = (
            f"{holder} is one Paginator shared by all requests of the process; `{how}` counts once."
        )
        brief = f"{holder} is {one}: `{how}` counts once{place}"
        wrong = "Rows added later appear on no page, and `count` does not include them."
    elif seen.manner is Manner.KEPT:
        name = seen.context.class_name or "the view"
        happens = f"{name} keeps {what}: {how} runs no SQL at import."
        brief = f"{name} keeps {one}"
        wrong = (
            "The first request exhausts it; later requests find it empty."
            if seen.kind is Shared.ITERATOR
            else "The first request fills its result cache; later requests are served those rows."
        )
        cure = "Build it per request, in get_queryset()."
    elif seen.manner is Manner.RETURNED:
        happens = f"{seen.context.function}() returns {holder} itself{via}, {what}."
        brief = f"{seen.context.function}() returns {holder} itself, {one}{place}"
        wrong = (
            "Iterating it fills its result cache: the first request loads the rows, and all later "
            "requests are served the same rows."
        )
    elif seen.manner is Manner.HANDED:
        happens = f"{holder}, {what}, is passed to {how}{via}, which evaluates it in place."
        brief = f"{how} evaluates {holder} in place, {one}{place}"
        wrong = "The first request fills its result cache; later requests are served those rows."
    else:
        happens = f"`{how}`{via} evaluates {holder} in place, {what}."
        brief = f"`{how}` evaluates {holder} in place, {one}{place}"
        wrong = (
            "The first request fills its result cache, and later requests are served those rows "
            "without a query."
        )
    if seen.guard:
        wrong += (
            " Django REST framework's guard turns this into a RuntimeError (error 500) in API "
            "views that are not viewsets."
        )
    elif "viewset" in seen.context.kinds and seen.holder.code == "self.queryset":
        wrong += " Django REST framework's guard does not cover viewsets: it is silently stale."
    yield Finding(
        SYMBOL,
        location(path, seen.node),
        happens,
        wrong,
        cure,
        seen.confidence,
        told(seen.steps),
        seen.holder,
        seen.kind,
        brief=brief,
    )


def _cure(seen: SharedUse) -> str:
    name = seen.holder.code or "queryset"
    kinds = seen.context.kinds
    if seen.holder.code == "self.queryset" and kinds & {"view", "drf", "multiple", "single"}:
        if seen.context.function == "get_queryset":
            return "Return super().get_queryset() or self.queryset.all()."
        return "Use self.get_queryset() or self.queryset.all()."
    if seen.kind is Shared.PAGINATOR:
        return "Create the Paginator per request; the queryset can stay as it is."
    if seen.how.kind is UseKind.FORM:
        return (
            "Pass a callable, which the form calls each time: `initial=queryset.all`; or build the "
            "initial data per request (get_initial())."
        )
    if seen.holder.kind is HolderKind.CONTAINER:
        return f"Clone what you take from {name} first: .all()."
    return f"Clone it first: {name}.all()."


RULE = Rule(
    symbol=SYMBOL,
    msgid="E5804",
    summary="A queryset that lives as long as the process is evaluated in place.",
    why=(
        "A queryset in a class attribute, a module constant, a default argument or a closure is "
        "one object for all requests. Iterating it, testing it, len(), `in` or passing it to a "
        "serializer or a template fills its result cache, and every later request of the process "
        "is served those rows. Any method that returns a new queryset (.all(), .filter() ...) "
        "protects, and so does get_queryset() of Django's and REST framework's generic views, "
        "because it clones. Annotating the attribute with ClassVar changes nothing."
    ),
    bad="""
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = Order.objects.all()

    def numbers(self):
        return [order.number for order in self.queryset]  # [shared-queryset-cache]
""",
    good="""
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = Order.objects.all()

    def numbers(self):
        return [order.number for order in self.get_queryset()]
""",
    check=check,
    fixable=True,
    related=("shared-context-queryset", "frozen-class-queryset", "memoized-queryset"),
    references=(
        "https://docs.djangoproject.com/en/stable/topics/db/queries/#caching-and-querysets",
        "https://www.django-rest-framework.org/api-guide/generic-views/#attributes",
    ),
)
