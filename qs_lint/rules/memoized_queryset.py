"""Rows, or one queryset object, made per request but kept for the lifetime of the process."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain import Kept
from qs_lint.domain.observations import Memo, Observation
from qs_lint.findings import Finding, Rule
from qs_lint.rules import _wording as wording
from qs_lint.rules import location
from qs_lint.rules._uses import holder_words, told

SYMBOL = "memoized-queryset"
#: What is kept -> its words.
_KEPT = {
    Kept.ROWS: "the rows",
    Kept.COUNT: "the number of rows",
    Kept.EXISTS: "whether there are rows",
    Kept.AGGREGATE: "what was computed from the rows",
}


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Unbounded caches: decorators, globals, class attributes, singletons."""
    if not isinstance(seen, Memo):
        return
    on = f" of {seen.model}" if seen.model else ""
    way = wording.chain(seen.steps)
    via = f" ({way})" if way else ""
    who = holder_words(seen.holder)
    place = wording.place_of(seen.steps)
    if seen.keeps.fetched:
        what = _KEPT[seen.keeps]
        brief = f"{who} keeps {what}{on} of the first call{place}"
        happens = f"{who} keeps {what}{on}{via} of the first call for the lifetime of the process."
        wrong = (
            "Later changes in the database are not seen by this process, each worker has its own."
        )
    else:
        one = f"{seen.model} queryset" if seen.model else "queryset"
        brief = f"{who} keeps one lazy {one} for all requests{place}"
        happens = f"{who} keeps one lazy queryset{on}{via} for the lifetime of the process."
        wrong = (
            "All requests share that object: the first one that iterates it fills its result cache "
            "for the others."
        )
    yield Finding(
        SYMBOL,
        location(path, seen.node),
        happens,
        wrong,
        "Use Django's cache framework with a timeout and an invalidation, keep it for one request "
        "(a local variable, cached_property on the view), or disable this message here if stale "
        "rows are meant.",
        seen.confidence,
        told(seen.steps),
        seen.holder,
        brief=brief,
    )


RULE = Rule(
    symbol=SYMBOL,
    msgid="W5807",
    summary="Rows or a queryset are kept for the lifetime of the process by an unbounded cache.",
    why=(
        "lru_cache, a module or class attribute used as a memo, cached_property on an object that "
        "lives as long as the process (a ModelAdmin, a manager, a middleware), SimpleLazyObject at "
        "module level: each keeps what the database said on first use. Sometimes that is meant, "
        "so the message is off by default."
    ),
    bad="""
from functools import lru_cache

from shop.models import Category


@lru_cache(maxsize=None)  # [memoized-queryset]
def category_names():
    return [category.name for category in Category.objects.all()]
""",
    good="""
from shop.models import Category


def category_names():
    return [category.name for category in Category.objects.all()]
""",
    check=check,
    enabled=False,
    references=(
        "https://docs.djangoproject.com/en/stable/topics/cache/",
        "https://docs.python.org/3/library/functools.html#functools.lru_cache",
    ),
)
