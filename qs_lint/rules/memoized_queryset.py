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
#: What is kept -> its words; ``{}`` stands for the rows.
_KEPT = {
    Kept.ROWS: "the {}",
    Kept.COUNT: "the number of {}",
    Kept.EXISTS: "whether there are {}",
    Kept.AGGREGATE: "a value computed from the {}",
}


def check(seen: Observation, path: str) -> Iterator[Finding]:
    """Unbounded caches: decorators, globals, class attributes, singletons."""
    if not isinstance(seen, Memo):
        return
    way = wording.chain(seen.steps)
    via = f" ({way})" if way else ""
    who = holder_words(seen.holder)
    place = wording.place_of(seen.steps)
    if seen.keeps.fetched:
        what = _KEPT[seen.keeps].format(wording.rows_of(seen.model))
        brief = f"{who} keeps {what} from the first call{place}"
        happens = f"{who} keeps {what}{via} from the first call for the lifetime of the process."
        wrong = (
            "This process does not see later changes in the database, and each worker process has "
            "its own copy."
        )
    else:
        one = f"{seen.model} queryset" if seen.model else "queryset"
        brief = f"{who} keeps one lazy {one} for all requests{place}"
        happens = f"{who} keeps one lazy {one}{via} for the lifetime of the process."
        wrong = (
            "All requests share that object: the first request that iterates it fills its result "
            "cache for all others."
        )
    yield Finding(
        SYMBOL,
        location(path, seen.node),
        happens,
        wrong,
        "Use Django's cache framework with a timeout and invalidation, keep the value for one "
        "request (a local variable, a cached_property on the view), or disable this message here "
        "if stale rows are acceptable.",
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
        "module level: each keeps what the database returned on first use. Sometimes that is "
        "intended, so the message is off by default."
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
    related=("shared-queryset-cache", "leaked-request-queryset"),
    enabled=False,
    references=(
        "https://docs.djangoproject.com/en/stable/topics/cache/",
        "https://docs.python.org/3/library/functools.html#functools.lru_cache",
    ),
)
