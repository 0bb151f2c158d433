"""A query takes an argument that was right only at import."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain import When
from qs_lint.domain.observations import Observation, StaleArgument
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _wording as wording
from qs_lint.rules import location
from qs_lint.rules._uses import told, use_words

SYMBOL = "frozen-queryset-argument"


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Querysets with a clock, a random number or rows of import among their arguments."""
    if not isinstance(seen, StaleArgument):
        return
    argument = seen.argument
    first = min(argument.taints, key=lambda taint: not hasattr(taint, "kind"))
    kind = getattr(first, "kind", "rows")
    where = f"{first.source.display}:{getattr(first.node, 'lineno', 1)}"
    what = wording.MOMENTS.get(kind, "rows that were fetched once, at import")
    way = wording.chain(seen.steps or first.steps)
    via = f" ({way})" if way else ""
    target = argument.method if argument.method == "limit_choices_to" else f"{argument.method}()"
    on = f" on {argument.model}" if argument.model else ""
    if seen.when is not When.IMPORT:
        happens = f"`{target}`{on} takes {what}: `{use_words(first.how)}` ran at {where}, once."
        wrong = "Every request uses that stale value."
    else:
        happens = f"`{target}`{on} takes {what}: `{use_words(first.how)}`{via} runs once."
        wrong = (
            "The queryset lives as long as the process, and so does the value in it: every request "
            "uses the value computed at start-up."
        )
    source = seen.steps or first.steps if seen.when is When.IMPORT else ()
    yield Finding(
        SYMBOL,
        location(path, seen.node),
        happens,
        wrong,
        _cure(kind, seen),
        seen.confidence,
        told(seen.steps),
        brief=f"`{target}`{on} takes {what}{wording.place_of(source)}",
    )


def _cure(kind: str, seen: StaleArgument) -> str:
    if seen.argument.method == "limit_choices_to":
        return "Pass a callable as limit_choices_to: Django calls it for every form."
    if seen.when is When.DEFAULT:
        return "Use None as the default, and compute the value inside the function."
    if kind == "clock":
        return (
            "Use the database's clock (django.db.models.functions.Now()), or build the query per "
            "request (get_queryset(), a form's __init__())."
        )
    if kind == "date":
        return (
            "Use the database's date (TruncDate(Now()), both from django.db.models.functions), or "
            "build the query per request (get_queryset(), a form's __init__())."
        )
    if kind == "rows":
        return "Pass a lazy queryset (it becomes a subquery), or build the query per request."
    return "Build the query per request (get_queryset(), a form's __init__())."


RULE = Rule(
    symbol=SYMBOL,
    msgid="E5806",
    summary="A query takes an argument that was computed once, at import.",
    why=(
        "The queryset itself is lazy, so its rows are fresh, but a Python value among its "
        "arguments was computed when the class body, the constant or the default was: the time of "
        "start-up, a random number, the language or tenant of that moment, rows fetched then. A "
        "clock hidden in a manager method is no different when the method is called at import. "
        "Database functions such as Now() are evaluated by every query."
    ),
    bad="""
from django.utils import timezone
from django.views.generic import ListView

from shop.models import Post


class PostList(ListView):
    queryset = Post.objects.filter(published_at__lte=timezone.now())  # [frozen-queryset-argument]
""",
    good="""
from django.db.models.functions import Now
from django.views.generic import ListView

from shop.models import Post


class PostList(ListView):
    queryset = Post.objects.filter(published_at__lte=Now())
""",
    check=check,
    fixable=True,
    related=("frozen-class-queryset", "frozen-default-queryset"),
    references=("https://docs.djangoproject.com/en/stable/ref/models/database-functions/#now",),
)
