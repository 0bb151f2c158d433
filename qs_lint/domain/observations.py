"""What the analysis saw: the input of the rules."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qs_lint.domain import uses
from qs_lint.domain.fates import Fate, Manner, Place, Shared, When
from qs_lint.domain.holders import NOWHERE, Holder
from qs_lint.domain.leaks import Content, Cure, Meaning, Storing
from qs_lint.domain.rows import Kept
from qs_lint.domain.uses import Hop, Use

if TYPE_CHECKING:
    from qs_lint.findings import Confidence
    from qs_lint.values import FrozenArgument, QueryRun


@dataclass(frozen=True, slots=True)
class Context:
    """What is around a node: the class, what it is for Django, the attribute that is assigned."""

    class_name: str = ""
    #: kinds of :mod:`qs_lint.facts.schema`
    kinds: frozenset[str] = frozenset()
    function: str = ""
    target: str = ""
    #: file name, for urls.py, tests, settings ...
    file: str = ""
    #: the callee that keeps the value: "ChoiceField", "as_view", "path"
    callee: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """Something at ``node`` of the checked file."""

    node: ast.AST
    confidence: Confidence
    context: Context
    steps: tuple[Hop, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportQuery(Observation):
    """A query runs at import; ``sink`` is what becomes of its rows."""

    place: Place = Place.MODULE
    sink: Fate = Fate.KEPT
    run: QueryRun = field(kw_only=True)
    #: how many places of the file run it at import
    places: int = 1


@dataclass(frozen=True, slots=True)
class SharedUse(Observation):
    """A queryset of process lifetime is evaluated in place, or handed to somebody who will.

    ``guard``: whether the framework's run-time guard turns it into an error.
    """

    how: Use = uses.TRUTH
    holder: Holder = NOWHERE
    model: str = ""
    guard: bool = False
    kind: Shared = Shared.QUERYSET
    manner: Manner = Manner.IN_PLACE


@dataclass(frozen=True, slots=True)
class SharedContext(Observation):
    """A queryset of process lifetime in a template context that lives as long."""

    key: str = ""
    model: str = ""
    where: Use = uses.EXTRA_CONTEXT


@dataclass(frozen=True, slots=True)
class StaleArgument(Observation):
    """A query takes an argument that was right only at import."""

    argument: FrozenArgument = field(kw_only=True)
    when: When = When.IMPORT


@dataclass(frozen=True, slots=True)
class Memo(Observation):
    """Rows, or one queryset object, made at call time and kept for the process."""

    holder: Holder = NOWHERE
    keeps: Kept = Kept.ROWS
    model: str = ""


@dataclass(frozen=True, slots=True)
class Leak(Observation):
    """What belongs to a request is stored where other requests find it."""

    meaning: Meaning = Meaning.LEFT_BEHIND
    content: Content = Content.STATE
    storing: Storing = Storing.SET
    holder: Holder = NOWHERE
    #: what the class is for Django whose attribute it is
    holder_kinds: frozenset[str] = frozenset()
    cure: Cure = Cure.LOCAL
    #: the function that reads it; empty for the framework
    read_in: str = ""
    #: another file does
    elsewhere: bool = False
