"""Methods of the standard library's own objects, by name alone: what they do with an argument."""

from __future__ import annotations

from qs_lint.facts.libraries.python import ALL
from qs_lint.facts.schema import Callee

_NOTHING_BACK = Callee((0,), returns="none")
_TEST = Callee((0,), returns="scalar")
_SET = Callee(ALL, returns="set")

#: Methods of str, list, set, dict and of writers that iterate or format an argument.
METHODS: dict[str, Callee] = {
    "join": Callee((0,), returns="scalar"),
    "format": Callee(peeks=ALL, returns="scalar"),
    **dict.fromkeys(("extend", "update", "writerows", "writelines"), _NOTHING_BACK),
    **dict.fromkeys(("union", "intersection", "difference"), _SET),
    "symmetric_difference": Callee((0,), returns="set"),
    **dict.fromkeys(("issubset", "issuperset", "isdisjoint"), _TEST),
    **dict.fromkeys(("intersection_update", "difference_update"), Callee(ALL, returns="none")),
    "fromkeys": Callee((0,), returns="dict"),
    "bulk_create": Callee((0,), returns="list"),
}

#: Methods of loggers: arguments are formatted (a query, LIMIT 21) if the level is enabled.
LOG_METHODS = frozenset("debug info warning error critical exception log".split())
