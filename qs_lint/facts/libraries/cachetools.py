"""Packages whose decorators keep results: cachetools, methodtools, memoize, cached-property."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, of

_KEEPS = Callee(memoises="process", behaves="memoiser")
_FOR_A_WHILE = Callee(memoises="while", behaves="memoiser")
_ABSENT = "not installed for the tests"

LIBRARY = Library(
    "cachetools, methodtools, memoize, cached-property",
    callables={
        "cachetools.cached": _KEEPS,
        "cachetools.func.lru_cache": _KEEPS,
        "cachetools.func.ttl_cache": _FOR_A_WHILE,
        "methodtools.lru_cache": _KEEPS,
        "memoize.mproperty": _FOR_A_WHILE,
    },
    classes={
        "cachetools.TTLCache": of("expiring"),
        "cachetools.TLRUCache": of("expiring"),
    },
    aliases={"cached_property.cached_property": "functools.cached_property"},
    unproven={
        "cachetools.*": _ABSENT,
        "methodtools.*": _ABSENT,
        "memoize.*": _ABSENT,
        "cached_property.*": _ABSENT,
    },
)
