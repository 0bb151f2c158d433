"""What the analysis saw: the input of the rules."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from qs_lint.findings import Confidence, Step
    from qs_lint.values import FrozenArgument, QueryRun


class Place(enum.Enum):
    """Where import-time code stands."""

    CLASS = "class"
    MODULE = "module"
    DEFAULT = "default"
    DECORATOR = "decorator"


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
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportQuery(Observation):
    """A query runs at import.  ``sink`` is kept, branch or dropped."""

    place: Place = Place.MODULE
    sink: str = "kept"
    run: QueryRun = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class SharedUse(Observation):
    """A queryset of process lifetime is evaluated in place, or handed to somebody who will.

    ``guard``: "raises" where DRF's run-time guard turns it into an error, else "".
    """

    how: str = ""
    holder: str = ""
    model: str = ""
    guard: str = ""
    #: iterator | raw | queryset
    kind: str = "queryset"
    #: in-place | returned | handed
    manner: str = "in-place"
    born: Step | None = None


@dataclass(frozen=True, slots=True)
class SharedContext(Observation):
    """A queryset of process lifetime in a template context that lives as long."""

    key: str = ""
    model: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class StaleArgument(Observation):
    """A query takes an argument that was right only at import."""

    argument: FrozenArgument = field(kw_only=True)
    #: import: the queryset itself is kept; call: a query per request takes the old value
    when: str = "import"


@dataclass(frozen=True, slots=True)
class Memo(Observation):
    """Rows, or one queryset object, made at call time and kept for the process."""

    by: str = ""
    keeps: str = "rows"
    model: str = ""
