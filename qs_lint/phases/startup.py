"""What runs once, before the first request: ``ready()``, constructors of singletons.

It is code of import, although it stands in methods: the objects that it makes serve all requests.
"""

from __future__ import annotations

import ast

from qs_lint.domain import Fate, Holder, HolderKind, Kept, Moment, Place
from qs_lint.domain.observations import Context, Memo
from qs_lint.engine.arguments import MAYBE, lies_within
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import BUDGET, Component, EngineContext, Frame, GaveUp, file_name
from qs_lint.engine.nodes import nodes_in, per_node
from qs_lint.engine.scope import Scope
from qs_lint.values import (
    UNKNOWN,
    ClassValue,
    Function,
    Instance,
    QueryRun,
    Sequence,
    Value,
    taints_of,
)

#: Calls that ask the database nothing, whoever defines them.
HARMLESS = frozenset(
    "super __init__ ready get_class get_classes get_model get_models import_module autodiscover "
    "autodiscover_modules connect register getattr setattr hasattr isinstance append".split()
)


class Startup(Component):
    """Follows the constructors and hooks that a process calls while it starts."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: such a function is being followed
        self.running = False
        #: admin classes that were registered, and where
        self.registered: list[tuple[ClassInfo, ast.AST]] = []
        #: nodes of the functions that were followed: no request calls them
        self.done: set[int] = set()
        #: what was put into modules and classes of other files
        self.elsewhere: list[Value] = []

    def register(self, args: list[Value], keywords: dict[str, Value], node: ast.AST) -> bool:
        """Admin classes are registered: objects of them are made now; false if there is none."""
        found = False
        for value in (*args, *keywords.values()):
            if isinstance(value, ClassValue) and "admin" in self.ctx.hierarchy.kinds(value):
                found = True
                if not self.ctx.muted and self.ctx.moment is Moment.IMPORT and not self.running:
                    self.registered.append((value.info, self.ctx.anchor(node)))
        return found

    def keep(self, value: Value) -> None:
        """A value is put where this file cannot see it: it may live on."""
        if self.running:
            self.elsewhere.append(value)

    def run(self) -> None:
        """Follow what runs before the first request; its queries are those of import."""
        for info in self.ctx.entries.own_classes:
            if "app-config" in self.ctx.hierarchy.kinds(info):
                self._follow(info, "ready", None)
        seen: set[ClassInfo] = set()
        for info, node in self.registered:
            if info not in seen:
                seen.add(info)
                self._follow(info, "__init__", node)

    def middleware(self) -> None:
        """Follow the constructors of middleware: what they keep or decide is kept for good."""
        for info in self.ctx.entries.own_classes:
            if "middleware" in self.ctx.hierarchy.kinds(info):
                start = len(self.ctx.runs)
                self._follow(info, "__init__", None)
                for run in self.ctx.runs[start:]:
                    self._memo(run)

    def _follow(self, info: ClassInfo, name: str, node: ast.AST | None) -> None:
        function = self.ctx.hierarchy.attribute_of_class(info, name)
        if not isinstance(function, Function):
            return
        if not _may_ask(function.node):
            return
        own = function.source is self.ctx.main
        if not own and node is None:
            return  # told in its own file
        place = function.node if node is None else node
        me = Instance(ClassValue(info), Moment.IMPORT, place, self.ctx.main)
        self.ctx.heap.keep.append(me)
        scope = Scope("function", function.source, function.scope)
        start = len(self.ctx.runs)
        saved = self.ctx.orm.context, self.ctx.moment, self.ctx.fates.place
        self.ctx.orm.context = Context(
            info.name, self.ctx.hierarchy.kinds(info), name, file=file_name(self.ctx.main)
        )
        self.ctx.moment, self.ctx.fates.place = Moment.IMPORT, Place.STARTUP
        self.ctx.budget = BUDGET
        self.ctx.entry_anchor = None if own else node
        self.ctx.entry = None if own else function
        self.running = True
        try:
            self.ctx.calls.bind(function, [me], {MAYBE: UNKNOWN}, scope, place)
            frame = Frame(scope, function.source, function, function.owner, me)
            self.ctx.active.append(function.node)
            self.ctx.calls.run_body(function, frame)
            if own:
                self.done.add(id(function.node))
        except (GaveUp, RecursionError):
            self.ctx.gave_up.append((function.node, "limit"))
            self.ctx.stack.clear()
            self.ctx.placement.clear()
            self.ctx.doubts = self.ctx.unsure = 0
        finally:
            self.ctx.active.clear()
            self.running = False
            self.ctx.entry = self.ctx.entry_anchor = None
            self.ctx.orm.context, self.ctx.moment, self.ctx.fates.place = saved
        self._settle(start, me, place)
        self.ctx.heap.settle_heap()

    def _settle(self, start: int, me: Instance, node: ast.AST) -> None:
        """Keep the queries whose rows live on, or that decided something that does."""
        runs = self.ctx.runs[start:]
        if not runs:
            return
        holders = [me, *self.elsewhere, *self.ctx.main.scope.vars.values()]
        held = self.ctx.fates.reach(Sequence("tuple", holders, Moment.IMPORT, node))
        lasting = []
        for run in runs:
            if run.sink is Fate.OPEN and run in held:
                run.sink = Fate.KEPT
            if run.sink.lasts:
                lasting.append(run)
        self.ctx.runs[start:] = lasting

    def decide(self, test: Value, node: ast.If, frame: Frame) -> None:
        """A condition was tested: what it decides may last."""
        if self.running and self._lasts(node, frame):
            for taint in taints_of(test):
                if isinstance(taint, QueryRun) and taint.moment is Moment.IMPORT:
                    taint.sink = Fate.BRANCH

    def _lasts(self, node: ast.If, frame: Frame) -> bool:
        """Whether a branch sets something, or refuses to work."""
        for statement in [*node.body, *node.orelse]:
            for part in nodes_in(statement):
                if isinstance(part, (ast.Attribute, ast.Subscript)):
                    if isinstance(part.ctx, ast.Store):
                        return True
                elif isinstance(part, ast.Name):
                    if isinstance(part.ctx, ast.Store) and part.id in frame.scope.globals:
                        return True
                elif isinstance(part, ast.Raise) and part.exc is not None:
                    raised = part.exc.func if isinstance(part.exc, ast.Call) else part.exc
                    value = self.ctx.expressions.eval(raised, frame)
                    if "refusal" in self.ctx.hierarchy.kinds(value):
                        return True
        return False

    def _memo(self, run: QueryRun) -> None:
        context = run.context
        if not isinstance(context, Context) or any(
            isinstance(seen, Memo)
            and (
                lies_within(run.anchor, seen.node)
                or (seen.context.class_name, seen.model) == (context.class_name, run.model)
            )
            for seen in self.ctx.observed
        ):
            return  # told where it is kept
        self.ctx.observed.append(
            Memo(
                run.anchor,
                run.confidence,
                context,
                run.steps,
                holder=Holder(HolderKind.CONSTRUCTOR, context.function, context.class_name),
                keeps=Kept.ROWS,
                model=run.model,
            )
        )


@per_node
def _may_ask(function: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) -> bool:
    """Whether a function iterates, or calls something that may ask the database."""
    for part in nodes_in(function):
        if isinstance(part, (ast.For, ast.AsyncFor, ast.comprehension, ast.Starred)):
            return True
        if isinstance(part, ast.Call):
            called = str(getattr(part.func, "attr", "") or getattr(part.func, "id", "call"))
            if called not in HARMLESS and not called[:1].isupper():
                return True
    return False
