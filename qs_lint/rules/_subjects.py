"""What an observation is about: typed, and the same whatever a message says of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.domain.observations import (
    ImportQuery,
    Leak,
    Memo,
    SharedContext,
    SharedUse,
    StaleArgument,
)
from qs_lint.findings import Subject

if TYPE_CHECKING:
    from qs_lint.domain import Use
    from qs_lint.domain.observations import Observation


def subject(seen: Observation) -> Subject:
    """The model, and what is done with its rows; empty where nobody knows."""
    if isinstance(seen, ImportQuery):
        return Subject(seen.run.model, _named(seen.run.how))
    if isinstance(seen, SharedUse):
        return Subject(seen.model, f"{_named(seen.how)} of {seen.holder.code}")
    if isinstance(seen, SharedContext):
        return Subject(seen.model, seen.key)
    if isinstance(seen, StaleArgument):
        taken = sorted({_named(taint.how) for taint in seen.argument.taints})
        return Subject(seen.argument.model, f"{seen.argument.method} of {' '.join(taken)}")
    if isinstance(seen, Memo):
        return Subject(seen.model, f"{seen.holder.kind.name} {seen.holder.code}")
    if isinstance(seen, Leak):
        what = f"{seen.meaning.name} {seen.content.name} {seen.storing.name}"
        return Subject("", f"{what} {seen.holder.code}")
    return Subject()


def _named(use: Use) -> str:
    return f"{use.kind.name} {use.name}"
