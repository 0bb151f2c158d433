"""A lazy queryset in a template context that lives as long as the process."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain.observations import Observation, SharedContext
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _wording as wording
from qs_lint.rules import location
from qs_lint.rules._uses import told, use_words

SYMBOL = "shared-context-queryset"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Querysets in ``extra_context`` and in other contexts of process lifetime."""
    if not isinstance(seen, SharedContext):
        return
    key = f"`{seen.key}`" if seen.key not in ("", "None") else "A value"
    way = wording.chain(seen.steps)
    via = f" ({way})" if way else ""
    where = use_words(seen.where)
    one = f"{seen.model} queryset" if seen.model else "queryset"
    yield Finding(
        SYMBOL,
        location(path, seen.node),
        f"{key} in {where}{via} is one {one} shared by all requests of the process.",
        "The first template that iterates or tests it fills its result cache; every later request "
        "renders those rows.",
        "Pass the template a callable (the bound method `Model.objects.all`, without calling it, "
        "or a lambda), or add the queryset in get_context_data().",
        seen.confidence,
        told(seen.steps),
        brief=f"{key} in {where} is one {one} for all requests{wording.place_of(seen.steps)}",
    )


RULE = Rule(
    symbol=SYMBOL,
    msgid="E5805",
    summary="A template context that lives as long as the process holds a queryset.",
    why=(
        "extra_context is a class attribute, or an argument of as_view() that the URLconf "
        "evaluates once. A queryset in it is one object for all requests; the first template that "
        "iterates it fills its result cache. Templates call callables, so a bound method is looked "
        "up and called per request."
    ),
    bad="""
from django.views.generic import TemplateView

from shop.models import Category


class Home(TemplateView):
    template_name = "home.html"
    extra_context = {"categories": Category.objects.all()}  # [shared-context-queryset]
""",
    good="""
from django.views.generic import TemplateView

from shop.models import Category


class Home(TemplateView):
    template_name = "home.html"
    extra_context = {"categories": Category.objects.all}
""",
    check=check,
    fixable=True,
    related=("shared-queryset-cache",),
    references=(
        "https://docs.djangoproject.com/en/stable/ref/class-based-views/mixins-simple/#django.views.generic.base.ContextMixin.extra_context",
    ),
)
