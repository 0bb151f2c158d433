"""Strawberry."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library

LIBRARY = Library(
    "Strawberry",
    # a field of strawberry_django asks for a new queryset: it has no row
    callables={"strawberry.field": Callee(behaves="answers")},
)
