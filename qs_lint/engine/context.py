"""The state of one analysis, and what every component of the engine stands on."""

from __future__ import annotations

import ast
import builtins
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qs_lint.domain import Hop, Moment, Use, uses
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.replay import ANSWERED_BY
from qs_lint.engine.scope import Scope
from qs_lint.engine.world import Source
from qs_lint.findings import Confidence
from qs_lint.values import (
    ClassValue,
    External,
    Function,
    QuerySetValue,
    Value,
)

if TYPE_CHECKING:
    from qs_lint.domain.observations import Observation
    from qs_lint.engine.annotations import Annotations
    from qs_lint.engine.attributes import Attributes
    from qs_lint.engine.calls import Calls
    from qs_lint.engine.definitions import Definitions
    from qs_lint.engine.expressions import Expressions
    from qs_lint.engine.heap import Heap
    from qs_lint.engine.hierarchy import Hierarchy
    from qs_lint.engine.making import Making
    from qs_lint.engine.methods import Methods
    from qs_lint.engine.modules import Modules
    from qs_lint.engine.names import Names
    from qs_lint.engine.protocols import Protocols
    from qs_lint.engine.replay import Log, Question
    from qs_lint.engine.statements import Statements
    from qs_lint.models.behaviours import Behaviours
    from qs_lint.models.callables import Callables
    from qs_lint.models.concurrency import Concurrency
    from qs_lint.models.escapes import Escapes
    from qs_lint.models.forms import Forms
    from qs_lint.models.framework import Framework
    from qs_lint.models.orm import Orm
    from qs_lint.models.places import Places
    from qs_lint.phases.analysis import Analysis
    from qs_lint.phases.entries import Entries
    from qs_lint.phases.fates import Fates
    from qs_lint.phases.leaks import Leaks
    from qs_lint.phases.lifetimes import Lifetimes
    from qs_lint.phases.memos import Memos
    from qs_lint.phases.omissions import Omissions
    from qs_lint.phases.processes import Processes
    from qs_lint.phases.reach import Reach
    from qs_lint.phases.resets import Resets
    from qs_lint.phases.startup import Startup
    from qs_lint.project.source import Project
    from qs_lint.values import FrozenArgument, QueryRun

BUILTINS = frozenset(dir(builtins))
#: Nested calls that are followed.
MAX_CALLS = 12
#: The same in the second phase, for every function of a file.
MAX_CALLS_PER_REQUEST = 6
#: Expressions evaluated for one statement of the module, and for one function.
BUDGET = 30_000
CALL_BUDGET = 10_000
#: Project modules that are read one because of the other.
MAX_LAZY = 30
#: Nested Python frames of ours are about 8 per nested expression.
MAX_NESTING = 90


class GaveUp(Exception):
    """A limit was reached: what is known so far is reported, the rest is not looked at."""


@dataclass(eq=False, slots=True)
class Frame:
    """One activation: of a module body, a class body or a function."""

    scope: Scope
    source: Source
    function: Function | None = None
    owner: ClassInfo | None = None
    receiver: Value | None = None
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    #: the class whose body is being executed
    body_of: ClassInfo | None = None


@dataclass(eq=False, slots=True)
class CallSite:
    """A call that is being followed."""

    node: ast.AST
    source: Source
    name: str
    #: what the function returned on the paths so far: what follows may not run
    returns: list[Value] | None = None


def dotted_text(node: ast.AST) -> str:
    """``a.b.c`` for a chain of names, the last name for others."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


class EngineContext:
    """The state of one analysis, and the components that work on it.

    :func:`qs_lint.phases.analysis.compose` makes one.
    """

    heap: Heap
    names: Names
    modules: Modules
    hierarchy: Hierarchy
    orm: Orm
    attributes: Attributes
    escapes: Escapes
    behaviours: Behaviours
    callables: Callables
    methods: Methods
    protocols: Protocols
    making: Making
    annotations: Annotations
    forms: Forms
    concurrency: Concurrency
    calls: Calls
    expressions: Expressions
    fates: Fates
    definitions: Definitions
    statements: Statements
    framework: Framework
    places: Places
    entries: Entries
    reach: Reach
    lifetimes: Lifetimes
    processes: Processes
    resets: Resets
    omissions: Omissions
    memos: Memos
    leaks: Leaks
    startup: Startup
    analysis: Analysis

    def __init__(self, project: Project, main: Source) -> None:
        self.project = project
        self.facts = project.facts
        self.main = main
        self.world = main.world
        self.moment = Moment.IMPORT
        self.stack: list[CallSite] = []
        self.active: list[ast.AST] = []
        self.muted = 0
        self.budget = BUDGET
        self.nesting = 0
        self.lazy = 0
        self.reading = 0
        self.forcing: set[tuple[str, str]] = set()
        self.runs: list[QueryRun] = []
        self.arguments: list[FrozenArgument] = []
        self.observed: list[Observation] = []
        self.classes: list[ClassInfo] = []
        #: limits that were reached: (node, what)
        self.gave_up: list[tuple[ast.AST, str]] = []
        #: callables that a framework object of process lifetime calls per request
        self.callbacks: list[tuple[Value, ast.AST, Use]] = []
        #: views that path() gives arguments to: (function, positional, keywords, node)
        self.routed: list[tuple[Function, tuple[Value, ...], dict[str, Value], ast.AST]] = []
        #: classes of the project and what ``as_view()`` sets on their instances
        self.configured: list[tuple[ClassInfo, dict[str, Value], ast.AST]] = []
        self.surfaced: set[int] = set()
        #: lazy object -> what its function returned
        self.lazy_results: dict[object, Value] = {}
        #: conditions and loops of followed calls, around what runs now, that nobody can decide
        self.doubts = 0
        #: parts of expressions, around what runs now, that may not be evaluated
        self.unsure = 0
        self.placement: list[ast.expr] = []
        #: how many calls stood around the innermost class body of the checked file that runs now
        self.body = 0
        #: in another file's function: the node of the checked file that stands for it
        self.entry_anchor: ast.AST | None = None
        #: what this entry asked of classes, if somebody wants to know
        self.log: Log | None = None
        #: answers of classes, for comparison with logs
        self.answers: dict[Question, object] = {}
        self.entry: Function | None = None
        self.entry_class: ClassInfo | None = None

    @property
    def depth(self) -> int:
        """How many calls deep we are below the checked file's own code."""
        return len(self.stack)

    def anchor(self, node: ast.AST) -> ast.AST:
        """The node of the checked file that leads to ``node``."""
        if self.entry_anchor is not None:
            return self.entry_anchor
        return self.stack[self.body].node if len(self.stack) > self.body else node

    def steps(self, node: ast.AST, source: Source, how: Use) -> tuple[Hop, ...]:
        """The chain of calls down to ``node``; empty if there is no call between."""
        if not self.stack and self.entry_anchor is None:
            return ()
        chain = []
        if self.entry_anchor is not None and self.entry is not None:
            line = getattr(self.entry.node, "lineno", 1)
            chain.append(Hop(self.entry.source.display, line, uses.called(self.entry.name)))
        chain += [
            Hop(site.source.display, getattr(site.node, "lineno", 1), uses.called(site.name))
            for site in self.stack
        ]
        chain.append(Hop(source.display, getattr(node, "lineno", 1), how))
        return tuple(chain)

    def confidence_here(self, confidence: Confidence) -> Confidence:
        """Below a followed call, nothing is more certain than inference."""
        return min(confidence, Confidence.INFERENCE) if self.stack else confidence

    def limit(self, node: ast.AST) -> None:
        """A value has become so large that it is unknown from here on."""
        if not self.lazy:
            self.gave_up.append((self.anchor(node), "limit"))

    def spend(self, amount: int = 1) -> None:
        """Count work; raises :class:`GaveUp` at the limit."""
        self.budget -= amount
        if self.budget < 0:
            raise GaveUp

    def ask(self, question: Question) -> object:
        """What a class answers, by the component that knows."""
        cls, name, detail = question
        return getattr(getattr(self, ANSWERED_BY[name]), name)(cls, *detail)

    def release(self) -> None:
        """End the analysis: break the cycles of what it made, so that it is freed at once.

        Nothing of it may be used any more; of the trees, only those that are imported stay.
        """
        self.world.release()
        self.main.release()
        for part in self.__dict__.values():
            if isinstance(part, Component):
                part.__dict__.clear()
        self.__dict__.clear()

    def model_name(self, model: Value) -> str:
        """The name of a model for messages."""
        if isinstance(model, ClassValue):
            return model.info.name
        if isinstance(model, External):
            return model.name.removeprefix("model:").rpartition(".")[2]
        return ""

    def shared(self, queryset: QuerySetValue) -> bool:
        """Whether a queryset lives as long as the process, seen from a request."""
        return self.moment is Moment.CALL and queryset.born is Moment.IMPORT


class Component:
    """A part of the engine: works on the context that it was made for."""

    def __init__(self, ctx: EngineContext) -> None:
        self.ctx = ctx


def file_name(source: Source) -> str:
    """The name of a source's file."""
    return os.path.basename(source.path)
