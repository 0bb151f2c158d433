"""Calls: project functions are followed, framework callables are looked up."""

from __future__ import annotations

import ast

from qs_lint.domain import Fate, Holder, HolderKind, Moment, uses
from qs_lint.engine.arguments import MAYBE, annotated_names, in_mapping, is_many, simple
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import (
    CALL_BUDGET,
    MAX_CALLS,
    MAX_CALLS_PER_REQUEST,
    CallSite,
    Component,
    EngineContext,
    Frame,
    GaveUp,
)
from qs_lint.engine.replay import asked
from qs_lint.engine.scope import Scope
from qs_lint.findings import Confidence
from qs_lint.values import (
    NONE,
    UNKNOWN,
    ClassValue,
    Deferred,
    Function,
    Instance,
    QuerySetValue,
    Sequence,
    Value,
    derived,
    join,
    walk,
)


class Calls(Component):
    """What calling a value does."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: (entry, function) that had a budget of its own
        self._budgeted: set[tuple[int, int]] = set()

    def call(
        self,
        callee: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call a value; the result is what the call may return."""
        return callee.call(self.ctx, list(args), keywords.copy(), node, frame)

    # project functions

    def call_function(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        receiver: Value | None = None,
    ) -> Value:
        """Follow a call of a project function."""
        if self.ctx.moment is Moment.CALL and not self.ctx.reach.worth_following(
            function, args, keywords
        ):
            return self.ctx.callables.opaque([*args, *keywords.values()])
        if function.name in ("get_class", "get_model"):
            dotted = f"{function.source.name}.{function.name}"
            got = self.ctx.callables.got(dotted, args, node, function.source)
            if got is not None:
                return got
        self.ctx.memos.called(function, args, keywords)
        result = self._called(function, args, keywords, node, frame, receiver)
        if self.ctx.moment is Moment.CALL and not self.ctx.stack:
            self.surface(result)
        return result

    def surface(self, value: Value) -> None:
        """A shared value that a call handed out is now in the hands of the function itself."""
        for part in walk(value):
            if self.ctx.orm.read_depth.get(id(part), 0):
                self.ctx.orm.read_depth[id(part)] = 0
                self.ctx.surfaced.add(id(part))

    def _called(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        receiver: Value | None,
    ) -> Value:
        if isinstance(function.node, ast.AsyncFunctionDef) and "generator" not in function.marks:
            return Deferred(
                "coroutine",
                lambda ctx, consumer: ctx.calls.run_function(
                    function, args, keywords, consumer, frame, receiver
                ),
                self.ctx.moment,
            )
        if "generator" in function.marks:
            kind = "context" if "contextmanager" in function.marks else "generator"
            return Deferred(
                kind,
                lambda ctx, consumer: ctx.calls.run_function(
                    function, args, keywords, consumer, frame, receiver
                ),
                self.ctx.moment,
            )
        return self.run_function(function, args, keywords, node, frame, receiver)

    def run_function(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        receiver: Value | None,
    ) -> Value:
        """Run a project function's body with bound arguments; the join of what it returns."""
        if len(self.ctx.stack) >= (
            MAX_CALLS if self.ctx.moment is Moment.IMPORT else MAX_CALLS_PER_REQUEST
        ) or self.ctx.active.count(function.node) > (2 if self.ctx.moment is Moment.IMPORT else 0):
            return derived([*args, *keywords.values()])
        self.ctx.spend(2)
        scope = Scope("function", function.source, function.scope)
        scope.live = self.ctx.moment is Moment.CALL
        self.bind(function, args, keywords, scope, node)
        inner = Frame(
            scope,
            function.source,
            function,
            function.owner,
            receiver if receiver is not None else (args[0] if args else None),
        )
        self.ctx.stack.append(CallSite(node, frame.source, function.name, inner.returns))
        self.ctx.active.append(function.node)
        nesting = self.ctx.nesting
        own = self._own_budget(function)
        try:
            return self.run_body(function, inner)
        except GaveUp:
            if own is None:
                raise
            own.spent(node)
            return self.ctx.callables.opaque([*args, *keywords.values()])
        finally:
            self.ctx.nesting = nesting
            self.ctx.stack.pop()
            self.ctx.active.pop()
            if own is not None:
                own.end()

    def _own_budget(self, function: Function) -> _Budget | None:
        """What a request's call may cost that fills a container: as much as a function by itself.

        Only the first call that the entry itself makes of it has one.
        """
        entry = self.ctx.entry
        if self.ctx.moment is not Moment.CALL or len(self.ctx.stack) != 1 or entry is None:
            return None
        pair = (id(entry.node), id(function.node))
        if id(function.node) not in self.ctx.reach.filling or pair in self._budgeted:
            return None
        self._budgeted.add(pair)
        return _Budget(self.ctx)

    def run_body(self, function: Function, inner: Frame) -> Value:
        """Execute a function's body; the value it returns, or the items it yields."""
        if isinstance(function.node, ast.Lambda):
            return self.ctx.expressions.eval(function.node.body, inner)
        ended = self.ctx.statements.execute(function.node.body, inner)
        if "generator" in function.marks:
            return join(inner.yields)
        if not ended:
            inner.returns.append(NONE)
        result = join(inner.returns)
        inner.returns.clear()  # a generator among them may refer to this frame
        return result

    def bind(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        scope: Scope,
        node: ast.AST,
    ) -> None:
        """Bind arguments to parameters."""
        spec = function.node.args
        maybe = keywords.pop(MAYBE, None)
        positional = [*spec.posonlyargs, *spec.args]
        for index, parameter in enumerate(positional):
            name = parameter.arg
            if index < len(args):
                scope.vars[name] = args[index]
            elif name in keywords:
                scope.vars[name] = keywords.pop(name)
            else:
                scope.vars[name] = self._default(function, name, maybe)
        if spec.vararg is not None:
            rest = list(args[len(positional) :])
            scope.vars[spec.vararg.arg] = Sequence(
                "tuple", rest, self.ctx.moment, node, open=maybe is not None
            )
        for parameter in spec.kwonlyargs:
            name = parameter.arg
            if name in keywords:
                scope.vars[name] = keywords.pop(name)
            else:
                scope.vars[name] = self._default(function, name, maybe)
        if spec.kwarg is not None:
            scope.vars[spec.kwarg.arg] = in_mapping(
                keywords, self.ctx.moment, node, maybe is not None
            )

    def _default(self, function: Function, name: str, maybe: Value | None) -> Value:
        value = function.defaults.get(name)
        if value is not None and self.ctx.moment is Moment.CALL:
            self.ctx.attributes.note_read(value, Holder(HolderKind.DEFAULT, name), 1)
        if value is None:
            return UNKNOWN if maybe is None else maybe
        return value if maybe is None else join([value, maybe])

    # classes

    def instantiate(
        self,
        cls: ClassValue,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Create an instance of a project class."""
        kinds = self.ctx.hierarchy.kinds(cls)
        if "manager" in kinds:
            return self.ctx.callables.manager_made(cls, args, keywords, node, frame)
        if "queryset" in kinds:
            model = args[0] if args else keywords.get("model", UNKNOWN)
            return QuerySetValue(
                model,
                cls,
                self.ctx.moment,
                node,
                frame.source,
                self.ctx.hierarchy.model_confidence(model) or Confidence.INFERENCE,
                depth=self.ctx.depth,
            )
        if "enum" in kinds:
            return self.ctx.callables.opaque([*args, *keywords.values()])
        values = [*args, *keywords.values()]
        instance = Instance(
            cls, self.ctx.moment, node, frame.source, tuple(v for v in values if not simple(v))
        )
        self.ctx.heap.keep.append(instance)
        init = self.ctx.hierarchy.attribute_of_class(cls.info, "__init__")
        before = len(self.ctx.runs)
        if isinstance(init, Function):
            self.call_function(init, [instance, *args], keywords, node, frame, instance)
        else:
            self.construct(cls, instance, args, keywords, node, frame)
        if self.ctx.lifetimes.remade(cls, frame.body_of):
            for run in self.ctx.runs[before:]:
                run.sink = Fate.DROPPED  # the constructor of each copy asks again
        if "serializer" in kinds and is_many(keywords):
            self.ctx.escapes.hand_over(
                args[:1] or [keywords.get("instance", UNKNOWN)], node, uses.SERIALIZER, frame
            )
        return instance

    def construct(
        self,
        cls: ClassValue,
        instance: Instance,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """What the nearest framework class does in its constructor."""
        foreign = [name for name in self.ctx.hierarchy.foreign_bases(cls.info) if name]
        self.ctx.forms.constructed(cls, instance, args, keywords, node, frame)
        self.ctx.forms.given_initial(instance, args, keywords, node, frame)
        for name in foreign:
            row = self.ctx.facts.callees.get(name)
            if row is not None:
                self.ctx.callables.apply(row, name, args, keywords, node, frame)
                break
        if not foreign or self.ctx.hierarchy.kinds(cls) <= {"enum"}:
            names = self.fields(cls.info)
            for name, value in [*zip(names, args, strict=False), *keywords.items()]:
                if name != MAYBE:
                    self.ctx.heap.put(instance, name, value)
            after = self.ctx.hierarchy.attribute_of_class(cls.info, "__post_init__")
            if isinstance(after, Function):
                self.call_function(after, [instance], {}, node, frame, instance)

    @asked
    def fields(self, info: ClassInfo) -> list[str]:
        """The fields of a dataclass."""
        return annotated_names(info)

    # framework callables

    # special builtins and library functions

    # handing over

    # operations on values


class _Budget:
    """A budget for one call; the caller's is the same before and after it."""

    def __init__(self, ctx: EngineContext) -> None:
        self.ctx = ctx
        self.before = ctx.budget
        ctx.budget = CALL_BUDGET
        self.state = (ctx.muted, ctx.lazy, ctx.doubts, ctx.unsure, len(ctx.placement))

    def spent(self, node: ast.AST) -> None:
        """The call was not followed to its end: the caller goes on as after an unknown one."""
        ctx = self.ctx
        ctx.limit(node)
        ctx.muted, ctx.lazy, ctx.doubts, ctx.unsure, placed = self.state
        del ctx.placement[placed:]
        ctx.moment = Moment.CALL

    def end(self) -> None:
        """Go on with the caller's own."""
        self.ctx.budget = self.before
