"""Values made at call time that are kept for the lifetime of the process."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qs_lint.domain import Holder, HolderKind, Hop, Kept, Lifetime, Moment, method, uses
from qs_lint.domain.holders import ATTRIBUTES
from qs_lint.domain.observations import Context, ImportQuery, Memo
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import BUDGET, Component, Frame, GaveUp, file_name
from qs_lint.engine.nodes import nodes_in
from qs_lint.engine.relevance import is_middleware
from qs_lint.engine.scope import Scope
from qs_lint.findings import Confidence
from qs_lint.phases.guards import (
    bound_in,
    compared_items,
    flags_of,
    holder_codes,
    is_guarded,
    place,
)
from qs_lint.values import (
    ClassValue,
    Const,
    Deferred,
    Function,
    Instance,
    Mapping,
    Operation,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    VolatileRead,
    in_order,
    options,
    querysets_in,
    taints_of,
    walk,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext
    from qs_lint.values import Taint

#: Objects within objects that are looked into.
MAX_INSIDE = 4
#: Methods in which everything is filled for the first time.
FILLING = frozenset({"__init__", "ready", "_setup"})
#: What a query's method says of the only value that is kept.
_OF_METHOD = {
    method("count"): Kept.COUNT,
    method("acount"): Kept.COUNT,
    method("exists"): Kept.EXISTS,
    method("aexists"): Kept.EXISTS,
    method("aggregate"): Kept.AGGREGATE,
    method("aaggregate"): Kept.AGGREGATE,
}

#: Methods that make a row, and fetch none.
_MAKING = frozenset({method("create"), method("acreate")})
_NUMBERS = (Kept.COUNT, Kept.EXISTS)


@dataclass(slots=True)
class Candidate:
    """A value that is put into something that outlives the call."""

    #: the statement that stores, in whatever file, and whether it is the entry's own
    store: ast.AST
    own: bool
    depth: int
    #: whether the holder is looked at first, and nothing throws the value away
    lasts: bool
    anchor: ast.AST
    memo: Memo
    queries: frozenset[int]


class Memos(Component):
    """Unbounded caches."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        self.candidates: list[Candidate] = []
        #: what this entry put into something that outlives it: id of the value -> where
        self.escaped: dict[int, Holder] = {}
        #: conditions that this entry tested, and what was true only then about their values
        self.tested: list[tuple[ast.AST, frozenset[Taint]]] = []
        #: functions whose cache is keyed by a time: their results are not kept for long
        self.timed: set[int] = set()
        #: callables that are given to a memoiser, at import: (callable, call, label, frame)
        self.wrapped: list[tuple[Value, ast.AST, str, Frame]] = []

    def begin(self) -> None:
        """Another function runs: what the one before did to objects is over."""
        self.escaped.clear()
        self.tested.clear()

    def test(self, node: ast.AST, value: Value) -> None:
        """A condition was tested: a clock in it may end a memo."""
        if self.ctx.moment is Moment.CALL and not self.ctx.muted:
            taints = taints_of(value)
            if taints:
                self.tested.append((node, taints))

    def pass_over(self, rest: list[ast.expr], frame: Frame) -> None:
        """Conditions that the first call does not come to; the second one may."""
        entry = self.ctx.entry
        if self.ctx.moment is not Moment.CALL or self.ctx.muted or entry is None:
            return
        if id(entry.node) not in self.ctx.entries.wide:
            return
        self.ctx.muted += 1
        try:
            for item in rest:
                taints = taints_of(self.ctx.expressions.eval(item, frame))
                if taints:
                    self.tested.append((item, taints))
        finally:
            self.ctx.muted -= 1

    # what a value holds

    def inside(self, value: Value) -> Iterator[Value]:
        """A value and what it holds, the attributes of objects made by this call included."""
        seen: set[int] = set()
        todo = [(value, 0)]
        while todo:
            outer, depth = todo.pop()
            for part in walk(outer):
                if id(part) in seen:
                    continue
                seen.add(id(part))
                yield part
                if isinstance(part, Instance) and not part.generic and depth < MAX_INSIDE:
                    if part.born is Moment.CALL and isinstance(part.cls, ClassValue):
                        held = self.ctx.heap.stored_all(part).values()
                        todo += [(inner, depth + 1) for inner in held]

    def runs_in(self, value: Value) -> list[QueryRun]:
        """The queries of this call whose rows a value holds."""
        return [
            taint
            for part in self.inside(value)
            for taint in part.own_taints()
            if isinstance(taint, QueryRun) and taint.moment is Moment.CALL
        ]

    def keeps(self, value: Value) -> Kept:
        """What of a database a value made at call time holds."""
        runs = [run for run in self.runs_in(value) if run.how not in _MAKING]
        if runs:
            said = {_OF_METHOD.get(run.how, Kept.ROWS) for run in runs}
            return said.pop() if len(said) == 1 else Kept.ROWS
        todo, seen = [value], set[int]()
        while todo:
            part = todo.pop()
            if id(part) in seen or isinstance(part, Operation):
                continue  # a method of a queryset, not called yet, makes a new one
            seen.add(id(part))
            if isinstance(part, QuerySetValue) and part.born is Moment.CALL and not part.none:
                return Kept.QUERYSET
            todo += part.held()
        return Kept.NOTHING

    def model_in(self, value: Value) -> str:
        """The model whose rows a value holds."""
        for part in self.inside(value):
            if isinstance(part, (Rows, QuerySetValue)):
                name = self.ctx.model_name(part.model)
                if name:
                    return name
        return next((run.model for run in in_order(self.runs_in(value)) if run.model), "")

    def keeper(self, container: Value) -> Holder | None:
        """What keeps a container, or an object, beyond this call; ``None``: nothing does."""
        if self.ctx.moment is not Moment.CALL:
            return None
        if isinstance(container, (Mapping, Sequence)) and container.born is Moment.IMPORT:
            return self.ctx.orm.holders.get(id(container), Holder(HolderKind.CONTAINER))
        return self.escaped.get(id(container))

    # what is kept by decorators and the like

    def memoised(self, function: Function, expression: ast.expr, label: str, frame: Frame) -> None:
        """Remember the functions whose results are kept."""
        if not self.ctx.muted and label and frame.source is self.ctx.main:
            self.ctx.entries.memos.append((function, expression, label, frame.body_of))

    def wrap(self, value: Value, node: ast.AST, label: str, frame: Frame) -> None:
        """``cache(function)``: the results of whatever is given are kept."""
        if self.ctx.moment is Moment.IMPORT and not self.ctx.muted and not self.ctx.stack:
            if label and frame.source is self.ctx.main:
                self.wrapped.append((value, node, label, frame))

    def called(self, function: Function, args: list[Value], keywords: dict[str, Value]) -> None:
        """A function was called; a memoised one may get a time as a part of its key."""
        if self.ctx.moment is Moment.CALL:
            for value in (*args, *keywords.values()):
                if any(_is_clock(taint) for taint in taints_of(value)):
                    self.timed.add(id(function.node))
                    return

    def memoised_result(
        self,
        function: Function,
        expression: ast.expr,
        label: str,
        owner: ClassInfo | None,
        result: Value,
    ) -> None:
        """What a function under a memoising decorator returned."""
        kept = self.keeps(result)
        if not kept or self.ctx.resets.is_cleared(function.name):
            return
        parameters = [a.arg for a in [*function.node.args.posonlyargs, *function.node.args.args]]
        if "request" in parameters:
            return
        decorated = {getattr(d, "id", "") for d in getattr(function.node, "decorator_list", ())}
        free = {"staticmethod", "classmethod"} & {*function.marks, *decorated}
        kinds = frozenset[str]()
        if owner is not None and not free:
            # the object is a part of the key: the result is kept for it alone
            kinds = self.ctx.hierarchy.kinds(owner)
            if self.ctx.lifetimes.lifetime_of(HolderKind.CACHE, owner) is not Lifetime.PROCESS:
                if "model" not in kinds:  # rows are equal by their primary key
                    return
        member = f"{owner.name}.{function.name}" if owner is not None else function.name
        self._keep(
            expression, Holder(HolderKind.CACHE, label), kept, result, (member,), function.node
        )

    def cached_property(
        self, function: Function, info: ClassInfo, result: Value, receiver: Value | None
    ) -> None:
        """What a ``cached_property`` returned: kept as long as its object lives."""
        kept = self.keeps(result)
        if not kept or function.source is not self.ctx.main:
            return
        if receiver is None and (
            "singleton" not in self.ctx.hierarchy.kinds(info) or function.owner is not info
        ):
            return
        decorators = getattr(function.node, "decorator_list", ())
        where: ast.AST = decorators[-1] if decorators else function.node
        made = Holder(HolderKind.CACHED_PROPERTY, "cached_property")
        # a related manager is made for each row; the class does not say which of the two it is
        certain = "manager" not in self.ctx.hierarchy.kinds(info)
        best = Confidence.HIGH if certain else Confidence.INFERENCE
        self._keep(where, made, kept, result, best=best)

    def kept_by(self, value: Value, node: ast.AST, name: str) -> None:
        """Python itself keeps what it made for the first one who asked."""
        kept = self.keeps(value)
        if kept:
            self._keep(node, Holder(HolderKind.LAZY_OBJECT, name), kept, value)

    def _keep(
        self,
        node: ast.AST,
        holder: Holder,
        kept: Kept,
        result: Value,
        members: tuple[str, ...] = (),
        function: ast.AST | None = None,
        best: Confidence = Confidence.HIGH,
    ) -> None:
        """Something keeps a result for good."""
        parts = list(self.inside(result))
        lowest = [p.confidence for p in parts if isinstance(p, (QuerySetValue, Rows))]
        lowest += [run.confidence for run in self.runs_in(result)]
        memo = Memo(
            node,
            min([best, *lowest]),
            self.ctx.orm.context,
            (),
            holder=holder,
            keeps=kept,
            model=self.model_in(result),
        )
        lasts = (function is None or id(function) not in self.timed) and not (
            members and self.ctx.resets.is_reset_elsewhere(members)
        )
        made = Candidate(node, True, 0, lasts, node, memo, frozenset())
        if function is not None:
            made.queries = frozenset({id(function)})
        self.candidates.append(made)

    # what is kept by an assignment

    def memo(self, value: Value, node: ast.AST, frame: Frame, holder: Holder) -> None:
        """A value made at call time is put into something that outlives the call."""
        if self.ctx.muted:
            return
        for part in _kept_parts(value):
            self.escaped.setdefault(id(part), holder)
            self.ctx.heap.keep.append(part)
        entry = self.ctx.entry
        kept = self.keeps(value)
        if not kept or entry is None:
            return
        if kept is Kept.QUERYSET and holder.kind is HolderKind.INSTANCE_ATTRIBUTE:
            return
        wraps = self._decorated(entry)
        # in another module, only what the decorator of a function here does is told here
        decorates = bool(wraps) and frame.source is entry.source
        if frame.source is not self.ctx.main and not decorates and not self._is_given(value):
            return
        codes = holder_codes(node)
        if holder.kind is HolderKind.CONTAINER and not holder.name and codes:
            holder = replace(holder, name=min(codes))
        if holder.lifetime is Lifetime.UNKNOWN:
            holder = replace(holder, lifetime=self.ctx.lifetimes.lifetime_of(holder.kind))
        guarded = self._is_filled_once(node, codes, holder)
        ends = self._ends(value, node, codes, entry)
        anchor = wraps[0].node if wraps else node  # the function whose rows are kept
        self._add(value, node, frame, holder, kept, anchor, lasts=guarded and not ends)

    def _ends(self, value: Value, node: ast.AST, codes: frozenset[str], entry: Function) -> bool:
        """Whether what is kept is dropped, or asked for anew, before the process ends."""
        return (
            self.ctx.resets.is_reset(codes, entry.node)
            or self._is_timed(node)
            or self._is_asked_anew(node, value, codes)
            or (not any(querysets_in(value)) and self._is_compared_anew(codes))
        )

    def _decorated(self, entry: Function) -> list[Function]:
        """The functions that the entry, a decorator's wrapper, stands for."""
        return [
            function
            for function, target, _ in self.ctx.entries.functions
            if function.node is not entry.node
            and any(option is entry for option in options(target))
        ]

    def _is_given(self, value: Value) -> bool:
        """Whether the rows were asked for in the checked file, and kept by another one."""
        return any(run.source is self.ctx.main for run in self.runs_in(value))

    def _add(
        self,
        value: Value,
        node: ast.AST,
        frame: Frame,
        holder: Holder,
        kept: Kept,
        anchor: ast.AST,
        *,
        lasts: bool,
    ) -> None:
        runs = self.runs_in(value)
        confidence = min([Confidence.HIGH, *(run.confidence for run in runs)])
        if lasts and self.ctx.resets.is_reset_elsewhere(self._members(holder)):
            lasts = False
        saved, self.ctx.entry_anchor = self.ctx.entry_anchor, self.ctx.entry_anchor
        if anchor is not node:
            self.ctx.entry_anchor = anchor
        try:
            memo = Memo(
                self.ctx.anchor(node),
                self.ctx.confidence_here(confidence),
                self.ctx.orm.context,
                self.ctx.steps(node, frame.source, uses.KEPT),
                holder=holder,
                keeps=kept,
                model=self.model_in(value),
            )
        finally:
            self.ctx.entry_anchor = saved
        self.candidates.append(
            Candidate(
                node,
                frame.source is self.ctx.main,
                self.ctx.depth,
                lasts,
                anchor,
                memo,
                frozenset(id(run.node) for run in runs),
            )
        )

    def _members(self, holder: Holder) -> tuple[str, ...]:
        """The names by which other files reach a holder."""
        if holder.kind in (HolderKind.MODULE_GLOBAL, HolderKind.CONTAINER):
            return (holder.name,) if holder.name and not holder.owner else ()
        if holder.kind in (HolderKind.CLASS_ATTRIBUTE, HolderKind.FUNCTION_ATTRIBUTE):
            return (holder.code,)
        return ()

    def _is_filled_once(self, node: ast.AST, codes: frozenset[str], holder: Holder) -> bool:
        """Whether something is looked at before the holder is filled, here or by a caller."""
        entry = self.ctx.entry
        assert entry is not None
        if entry.name in FILLING and not self.ctx.stack:
            info = self.ctx.entry_class
            if holder.kind in ATTRIBUTES:
                return True
            if info is not None and self.ctx.lifetimes.of_instances(info) is Lifetime.PROCESS:
                return True  # such an object is made once
        if is_guarded(
            self.ctx.active[-1] if self.ctx.active else entry.node, node, codes, self._constant
        ):
            return True
        for function, site in zip(self.ctx.active, self.ctx.stack, strict=False):
            receiver = holder_codes(site.node) - _first_parameter(function)
            if is_guarded(function, site.node, codes | receiver, self._constant):
                return True
        return False

    def _constant(self, node: ast.expr) -> tuple[object] | None:
        """What a literal, a constant of the module, or a text made of such stands for."""
        if isinstance(node, ast.Constant):
            return (node.value,)
        if not isinstance(node, (ast.Name, ast.JoinedStr)):
            return None
        parts = nodes_in(node)
        names = {part.id for part in parts if isinstance(part, ast.Name)}
        local = any(names & bound_in(function) for function in self.ctx.active)
        if local or any(isinstance(part, ast.Call) for part in parts):
            return None
        self.ctx.muted += 1
        try:
            value = self.ctx.expressions.eval(node, Frame(self.ctx.main.scope, self.ctx.main))
        finally:
            self.ctx.muted -= 1
        return (value.value,) if isinstance(value, Const) else None

    def _is_timed(self, node: ast.AST) -> bool:
        """Whether a condition on the way to the store asks a clock."""
        bodies = {id(part) for function in self.ctx.active for part in nodes_in(function)}
        own = {id(part) for part in nodes_in(self.ctx.active[-1])} if self.ctx.active else set()
        return any(
            id(test) in bodies
            and (id(test) not in own or place(test) <= place(node))
            and any(_is_clock(taint) for taint in taints)
            for test, taints in self.tested
        )

    def _is_compared_anew(self, codes: frozenset[str]) -> bool:
        """Whether a condition compares what was kept with what the database or a cache says now.

        How many rows there are says little of them.
        """
        roots = {code.partition("[")[0].rpartition(".")[0] or code for code in codes}
        roots = roots.union(codes, *map(flags_of, self.ctx.active))
        for test, taints in self.tested:
            asked = [
                taint
                for taint in taints
                if taint.moment is Moment.CALL
                and (
                    (isinstance(taint, QueryRun) and _OF_METHOD.get(taint.how) not in _NUMBERS)
                    or (isinstance(taint, VolatileRead) and taint.kind == "cache")
                )
            ]
            if asked and any(
                isinstance(part, (ast.Name, ast.Attribute)) and ast.unparse(part) in roots
                for part in nodes_in(test)
            ):
                return True
        return False

    def _is_asked_anew(self, node: ast.AST, value: Value, codes: frozenset[str]) -> bool:
        """Whether each call asks for a key and compares it, and all that is kept is the key's.

        A pair of key and value is replaced as soon as the key differs.  That is enough if all
        rows come from queries that the key comes from; others may be stale under the same key.
        """
        assert self.ctx.entry is not None
        if not isinstance(value, Sequence) or any(querysets_in(value)):
            return False
        rows = _queries(value)
        return any(
            rows <= _queries(value.items[index])
            for index in compared_items(self.ctx.entry.node, node, set(codes))
            if index < len(value.items)
        )

    # what remains

    def finish(self) -> None:
        """Say what is kept: once for each store, where a person would change it."""
        by_store: dict[int, list[Candidate]] = {}
        for candidate in self.candidates:
            by_store.setdefault(id(candidate.store), []).append(candidate)
        reported: set[int] = set()
        for found in by_store.values():
            for candidate in self._lasting(found):
                memo = candidate.memo
                if memo.holder.kind is HolderKind.CACHE and candidate.queries & self.timed:
                    continue
                if self._is_told(candidate):
                    continue
                if id(memo.node) not in reported:
                    reported.add(id(memo.node))
                    self.ctx.observed.append(memo)
        self.candidates = []

    def _is_told(self, candidate: Candidate) -> bool:
        """Whether a constructor keeps rows of which the object that is made at import tells."""
        if candidate.memo.context.function not in FILLING or not candidate.queries:
            return False
        asked = {
            id(seen.run.node)
            for seen in self.ctx.observed
            if isinstance(seen, ImportQuery) and seen.sink.lasts
        }
        return candidate.queries <= asked

    def _lasting(self, found: list[Candidate]) -> list[Candidate]:
        """Of what one store keeps, what lasts and is nearest to the store."""
        own = [c for c in found if c.depth == 0]
        lasting = [c for c in own if c.lasts]
        below = [c for c in found if c.lasts]
        if lasting or not below:
            return lasting
        least = min(c.depth for c in below)
        lasting = [c for c in below if c.depth == least]
        if any(c.own for c in own):
            # the function that stores has rows of its own; its callers ask first
            return [self._at_store(lasting[0])]
        return lasting

    @staticmethod
    def _at_store(candidate: Candidate) -> Candidate:
        steps: tuple[Hop, ...] = ()
        return replace(candidate, memo=replace(candidate.memo, node=candidate.store, steps=steps))

    def wrapped_results(self) -> None:
        """What the callables that were given to a memoiser return."""
        self.ctx.entry = None
        for value, node, label, frame in self.wrapped:
            self._start(Context(file=file_name(self.ctx.main)))
            try:
                made = self.ctx.calls.call(value, [], {}, node, frame)
            except (GaveUp, RecursionError):
                continue
            name = getattr(value, "name", "")
            if self.ctx.resets.is_cleared(name):
                continue
            kept = self.keeps(made)
            if kept:
                function = value.node if isinstance(value, Function) else None
                self._keep(
                    node,
                    Holder(HolderKind.CACHE, label),
                    kept,
                    made,
                    (name,) if name else (),
                    function,
                )

    def _start(self, context: Context) -> None:
        self.begin()
        self.ctx.budget = BUDGET
        self.ctx.orm.context = context

    def lazy_objects(self) -> None:
        """Objects that run a function on first use and keep the result."""
        holders: list[tuple[str, Value, Context]] = [
            (name, value, Context(file=file_name(self.ctx.main)))
            for name, value in self.ctx.main.scope.vars.items()
        ]
        for info in self.ctx.entries.own_classes:
            context = Context(
                info.name, self.ctx.hierarchy.kinds(info), file=file_name(self.ctx.main)
            )
            holders.extend((name, value, context) for name, value in info.scope.vars.items())
        for name, value, context in holders:
            for option in options(value):
                if isinstance(option, Deferred) and option.kind == "lazy":
                    self._start(replace(context, target=name))
                    statement = self._statement_of(name, context)
                    if statement is None:
                        continue
                    try:
                        made = option.run(self.ctx, statement)
                    except (GaveUp, RecursionError):
                        continue
                    kept = self.keeps(made)
                    if kept.fetched or (kept is Kept.QUERYSET and not context.class_name):
                        holder = Holder(HolderKind.LAZY_OBJECT, "SimpleLazyObject")
                        self._keep(statement, holder, kept, made)

    def _statement_of(self, name: str, context: Context) -> ast.AST | None:
        bindings = self.ctx.main.scope.bindings
        for info in self.ctx.entries.own_classes:
            if info.name == context.class_name:
                bindings = info.bindings
        for statement in bindings.get(name, ()):
            value = getattr(statement, "value", None)
            if isinstance(value, ast.Call):
                return value
        return None

    def middleware_function(self, function: Function, scope: Scope) -> None:
        """``def middleware(get_response)`` runs once: what its inner function keeps, it keeps."""
        if not is_middleware(function):
            return
        inner = [value for value in scope.vars.values() if isinstance(value, Function)]
        for name, value in scope.vars.items():
            kept = self.keeps(value)
            if not kept.fetched:
                continue
            if any(name in self.ctx.reach.mentioned(closure).names for closure in inner):
                for part in nodes_in(function.node):
                    if isinstance(part, ast.Assign) and any(
                        isinstance(t, ast.Name) and t.id == name for t in part.targets
                    ):
                        holder = Holder(HolderKind.MIDDLEWARE_VARIABLE, name)
                        self._keep(part, holder, kept, value)


def _kept_parts(value: Value) -> Iterator[Value]:
    """A value and what it keeps alive: what an attribute was read of is not kept with it."""
    todo, seen = [value], set[int]()
    while todo:
        part = todo.pop()
        if id(part) not in seen:
            seen.add(id(part))
            yield part
            if not isinstance(part, Operation):
                todo += [inner for inner in part.held() if not inner.leaf]


def _first_parameter(function: ast.AST) -> frozenset[str]:
    """The name of ``self`` in a method: whatever it does, it says nothing of one attribute."""
    spec = getattr(function, "args", None)
    names = [*spec.posonlyargs, *spec.args] if isinstance(spec, ast.arguments) else []
    return frozenset(name.arg for name in names[:1])


def _is_clock(taint: Taint) -> bool:
    """Whether a value was right only at the time of this call."""
    return isinstance(taint, VolatileRead) and taint.kind == "clock" and taint.moment is Moment.CALL


def _queries(value: Value) -> set[int]:
    """The queries in the text whose rows a value holds, whenever they ran."""
    return {id(taint.node) for taint in taints_of(value) if isinstance(taint, QueryRun)}
