"""What becomes of the rows of a query at import: kept, deciding a branch, dropped."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.domain import Fate, Moment, Place, Use
from qs_lint.engine.context import BUDGET, Component, Frame, dotted_text
from qs_lint.engine.scope import Scope
from qs_lint.findings import Confidence
from qs_lint.values import (
    ClassValue,
    Function,
    Instance,
    Partial,
    QueryRun,
    QuerySetValue,
    Taint,
    Value,
    children,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext

#: How deep inside of each other things are that are looked for.
MAX_REACH = 8


class Fates(Component):
    """Follows the rows of import-time queries to where they end."""

    @property
    def watching(self) -> bool:
        """Whether this is import-time code of the checked file itself, outside of any call.

        The body of a class that a function makes is such code, too.
        """
        return (
            len(self.ctx.stack) == self.ctx.body
            and not self.ctx.muted
            and self.ctx.moment is Moment.IMPORT
            and not self.ctx.startup.running
        )

    def settle(
        self,
        start: int,
        value: Value | None,
        default: Fate,
        target: str = "",
        outermost: ast.AST | None = None,
    ) -> None:
        """Say of the queries since ``start`` what the statement does with their rows.

        A query's rows are *kept* if ``value`` holds them, a *branch* if they decided, an
        *argument* if a lazy queryset took them, else ``default``.
        """
        if not self.watching or start == len(self.ctx.runs):
            return
        held = self.reach(value) if value is not None else frozenset()
        arguments = self._of_arguments()
        loose: list[QueryRun] = []
        for run in self.ctx.runs[start:]:
            run.target = run.target or target
            if run.sink in (Fate.FRESH, Fate.KEPT, Fate.DROPPED):
                continue
            # a branch inside of a function whose result is dropped decides nothing that lasts here
            passing = outermost is not None and run.depth > 0
            if run.decided and not passing:
                run.sink = Fate.BRANCH
            elif run in held and (outermost is None or outermost not in (run.node, run.anchor)):
                run.sink = Fate.KEPT
            else:
                run.sink = Fate.ARGUMENT if run in arguments else default
                loose.append(run)
        if default is Fate.DROPPED:
            self._find([run for run in loose if run.sink is default], outermost)

    def _of_arguments(self) -> set[Taint]:
        """What lazy querysets have taken as arguments so far."""
        return {
            taint
            for argument in self.ctx.arguments
            if not argument.consumed
            for taint in argument.taints
        }

    def _find(self, dropped: list[QueryRun], outermost: ast.AST | None) -> None:
        """Rows that the statement drops may be kept by a name of the module all the same."""
        if not dropped:
            return
        everywhere = self.reach(*self.ctx.main.scope.vars.values())
        for run in dropped:
            if run in everywhere and run.node is not outermost:
                run.sink = Fate.KEPT

    def reach(self, *values: Value) -> frozenset[Taint]:
        """The taints on everything that can be reached from values."""
        found: set[Taint] = set()
        seen: set[int] = set()
        stack: list[tuple[Value, int]] = [(value, MAX_REACH) for value in values]
        while stack:
            current, depth = stack.pop()
            if id(current) in seen or depth < 0:
                continue
            seen.add(id(current))
            found |= getattr(current, "taints", frozenset())
            below: list[Value] = list(children(current))
            if isinstance(current, Instance):
                below.extend(self.ctx.heap.stored_all(current).values())
            elif isinstance(current, Function):
                below.extend(current.defaults.values())
                below.extend(self.ctx.heap.stored_all(current.node).values())
                scope: Scope | None = current.scope
                while scope is not None and scope.kind == "function":
                    below.extend(scope.vars.values())
                    scope = scope.parent
            elif isinstance(current, ClassValue):
                below.extend(current.info.scope.vars.values())
                below.extend(current.info.extra.values())
            elif isinstance(current, Partial):
                below.append(current.function)
            stack.extend((item, depth - 1) for item in below)
        return frozenset(found)

    def record_query(
        self, queryset: QuerySetValue, node: ast.AST, how: Use, frame: Frame, writes: bool = False
    ) -> QueryRun:
        """Note that a query runs now, and where that stands."""
        run = self.ctx.orm.record_query(queryset, node, how, frame, writes)
        if self.ctx.doubts > 1:
            run.confidence = Confidence.INFERENCE_FAILURE
        run.place = self.place
        run.callees = tuple(dotted_text(callee) for callee in self.ctx.placement)
        run.guarded = self.guarded > 0
        run.doubtful = bool(self.ctx.doubts or self.ctx.unsure) or any(
            site.returns for site in self.ctx.stack
        )
        run.context = self.ctx.orm.context
        return run

    def fresh_budget(self) -> None:
        """Every statement of a module or class body gets a budget of its own."""
        self.ctx.budget = BUDGET

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: how the statement being executed is placed: class, module, default, decorator
        self.place = Place.MODULE
        self.guarded = 0
