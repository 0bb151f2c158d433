"""Packages for dates and times: arrow, pendulum."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, each

_ABSENT = "not installed for the tests"
_CLOCK = Callee(volatile="clock")

LIBRARY = Library(
    "arrow, pendulum",
    callables={**each("arrow", "now utcnow", _CLOCK), **each("pendulum", "now today", _CLOCK)},
    unproven={"arrow.*": _ABSENT, "pendulum.*": _ABSENT},
)
