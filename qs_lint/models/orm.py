"""Managers and querysets: what their methods do, and what happens when one is evaluated."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint.domain import Fate, Holder, Manner, Moment, Shared, Use, When, uses
from qs_lint.domain.holders import NOWHERE
from qs_lint.domain.observations import Context, SharedUse, StaleArgument
from qs_lint.engine.arguments import given, lies_within
from qs_lint.engine.context import Component, EngineContext, Frame
from qs_lint.facts.queryset import (
    ASYNC,
    DEFERRED,
    EVALUATING,
    FILTERING,
    LAZY,
    MANAGER_NAMES,
    NO_SQL,
    NOT_ON_MANAGER,
    RAW_LAZY,
    VALUE_ROWS,
    WRITING,
)
from qs_lint.findings import Confidence
from qs_lint.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Deferred,
    External,
    FrozenArgument,
    Function,
    Instance,
    ManagerValue,
    Opaque,
    Operation,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Taint,
    Value,
    VolatileRead,
    in_order,
    options,
    taints_of,
    walk,
)

if TYPE_CHECKING:
    from qs_lint.facts.schema import Method, MethodReturns


#: Methods of a queryset whose every argument selects or computes rows.
SELECTING = frozenset({"filter", "exclude", "complex_filter", "annotate", "alias"})
#: The managers that every model has.
BUILT_IN = frozenset({"_default_manager", "_base_manager"})
#: Methods whose first argument says on which objects they work.
BULK = frozenset({"bulk_create", "bulk_update", "in_bulk"})
#: A method of an unread manager that starts like this returns no queryset by convention.
VERBS = (
    "get",
    "create",
    "has_",
    "is_",
    "bulk",
    "add",
    "set",
    "delete",
    "update",
    "make",
    "build",
    "rebuild",
    "count",
    "clear",
    "register",
    "check",
    "can_",
    "to_",
    "as_",
    "find",
    "load",
)


class Orm(Component):
    """What Django's ORM does with a value."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: how deep in the call stack a shared value was last read from where it is kept
        self.read_depth: dict[int, int] = {}
        #: querysets whose result cache this entry has emptied: they ask anew
        self.emptied: set[int] = set()
        self.holders: dict[int, Holder] = {}
        #: how sure a use can be at best, for querysets that a filter backend may have replaced
        self.lowered: dict[int, Confidence] = {}
        #: calls of a manager's own ``get_queryset()`` that are being followed
        self.beginning = 0
        #: querysets that their view does not let anybody evaluate
        self.guarded: set[int] = set()
        self.reported: set[object] = set()
        self.context = Context()

    # managers

    def manager_of(self, model: Value, name: str) -> Value | None:
        """The manager ``model.<name>``; ``None`` if there is no manager of that name."""
        if isinstance(model, ClassValue):
            return self._manager_of_class(model, name)
        if isinstance(model, External):
            brought = self._given_manager(model, [model.name], name)
            if brought is not None or name not in MANAGER_NAMES:
                return brought
            known = self.ctx.hierarchy.model_confidence(model)
            return None if known is None else ManagerValue(model, None, known, open=True)
        if isinstance(model, Opaque) and name in BUILT_IN:
            return ManagerValue(UNKNOWN, None, Confidence.INFERENCE, open=True)
        return None

    def _manager_of_class(self, model: ClassValue, name: str) -> Value | None:
        """The manager of a class of the project: its own, or one that a base class brings."""
        manager = self._own_manager(model, name)
        if manager is not None:
            return manager
        known = self.ctx.hierarchy.model_confidence(model)
        if name not in BUILT_IN:
            own = self.ctx.hierarchy.attribute_of_class(model.info, name)
            if name in MANAGER_NAMES and known is not None and _is_unread(own):
                return ManagerValue(model, None, known, open=True)
            if own is not None:
                return None
        if name not in MANAGER_NAMES and name not in self.ctx.facts.manager_names:
            return None
        foreign = self.ctx.hierarchy.foreign_bases(model.info)
        brought = self._given_manager(model, foreign, name)
        if brought is not None or name not in MANAGER_NAMES or known is None:
            return brought
        unread = any(base and base not in self.ctx.facts.plain for base in foreign)
        return ManagerValue(model, None, known, open=unread)

    def _own_manager(self, model: ClassValue, name: str) -> ManagerValue | None:
        """The manager that a class of the project says it has under a name."""
        if name in BUILT_IN:
            own = self.ctx.hierarchy.attribute_of_class(model.info, "objects")
            if name == "_default_manager" and isinstance(own, ManagerValue):
                return replace(own, model=model)
            return None
        own = self.ctx.hierarchy.attribute_of_class(model.info, name)
        for option in options(own) if own is not None else ():
            if isinstance(option, ManagerValue):
                known = self.ctx.hierarchy.model_confidence(model)
                certain = Confidence.INFERENCE if known is None else known
                rows = UNKNOWN if self._has_foreign_rows(option) else model
                return replace(option, model=rows, confidence=certain)
        return None

    def _given_manager(self, model: Value, classes: list[str], name: str) -> ManagerValue | None:
        """A manager that a class of an unread package brings along."""
        cls = self.ctx.facts.manager(classes, name)
        known = self.ctx.hierarchy.model_confidence(model) if cls is not None else None
        if cls is None or known is None:
            return None
        return ManagerValue(model, External(cls), known, open=True)

    def _has_foreign_rows(self, manager: ManagerValue) -> bool:
        """Whether the rows of a manager are not those of the model that it stands on."""
        for name in self.owners(manager.cls):
            row = self.ctx.facts.classes.get(name)
            if row is not None and row.foreign_rows:
                return True
        return False

    def method(self, cls: Value | None, name: str) -> Method | None:
        """What a method does that a class of an unread package brings along."""
        facts = self.ctx.facts
        return facts.method(self.owners(cls), name) if name in facts.method_names else None

    def owners(self, cls: Value | None) -> list[str]:
        """The classes of unread packages that a class is, or inherits from, in their order."""
        if isinstance(cls, ClassValue):
            return self.ctx.hierarchy.foreign_bases(cls.info)
        return [cls.name] if isinstance(cls, External) else []

    def base_queryset(
        self, manager: ManagerValue, node: ast.AST, frame: Frame, plain: bool = False
    ) -> QuerySetValue:
        """The queryset that a manager starts from; a project's ``get_queryset()`` is followed."""
        confidence = manager.confidence
        if not plain and isinstance(manager.cls, ClassValue):
            custom = self.ctx.hierarchy.attribute_of_class(manager.cls.info, "get_queryset")
            if isinstance(custom, Function) and custom.node not in self.ctx.active:
                self.beginning += 1
                try:
                    made = self.ctx.calls.call(Bound(manager, custom), [], {}, node, frame)
                finally:
                    self.beginning -= 1
                for option in options(made):
                    if isinstance(option, QuerySetValue):
                        return option
        cls = manager.cls
        return QuerySetValue(
            manager.model,
            cls,
            self.ctx.moment,
            node,
            frame.source,
            confidence,
            open=manager.open,
            depth=self.ctx.depth,
        )

    # attributes

    def orm_attribute(
        self, receiver: ManagerValue | QuerySetValue, name: str, node: ast.AST, frame: Frame
    ) -> Value:
        """``receiver.name``."""
        if isinstance(receiver.cls, ClassValue):
            found = self.ctx.hierarchy.attribute_of_class(receiver.cls.info, name)
            if isinstance(found, Function) and "staticmethod" in found.marks:
                return found
            if isinstance(found, Function) and "classmethod" in found.marks:
                return Bound(receiver.cls, found)
            if isinstance(found, Function):
                me: Value = receiver
                owner = found.owner
                if (
                    isinstance(receiver, ManagerValue)
                    and owner is not None
                    and "queryset" in self.ctx.hierarchy.kinds(owner)
                ):
                    # as_manager() and from_queryset() call the method on get_queryset()
                    me = self.base_queryset(receiver, node, frame)
                if found.marks & {"property", "cached_property"}:
                    return self.ctx.calls.call(Bound(me, found), [], {}, node, frame)
                return Bound(me, found)
            if found is not None and name not in LAZY:
                return found
        if name == "model":
            return receiver.model
        if name in ("query", "db", "ordered", "_db", "_meta"):
            return UNKNOWN
        return Operation(receiver, name)

    # operations

    def orm_operation(
        self,
        receiver: ManagerValue | QuerySetValue,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        above: bool = False,
    ) -> Value:
        """Call ``receiver.name(...)``, a method of Django's own classes or of a package's."""
        row = self.method(receiver.cls, name)
        if row is not None:
            return self.by_row(receiver, row, name, args, keywords, node, frame)
        if isinstance(receiver, QuerySetValue):
            return self._queryset_operation(receiver, name, args, keywords, node, frame)
        if name in NOT_ON_MANAGER:
            return UNKNOWN
        if name == "get_queryset":
            return self.base_queryset(receiver, node, frame, plain=True)
        if name == "db_manager":
            return receiver
        if name not in LAZY | EVALUATING.keys() | WRITING.keys() | ASYNC.keys() | DEFERRED:
            return self._unknown_method(receiver, name, node, frame)
        queryset = self.base_queryset(receiver, node, frame, plain=above)
        if name == "all":
            return self._anchored(queryset, node, frame)
        return self._queryset_operation(queryset, name, args, keywords, node, frame)

    def _queryset_operation(
        self,
        queryset: QuerySetValue,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        if queryset.raw:
            return self._raw_operation(queryset, name, node, frame)
        if name in FILTERING:
            queryset = self._with_arguments(queryset, name, args, keywords, node, frame)
        if name in LAZY:
            return self._lazy(queryset, name, args, keywords, node, frame)
        if name in EVALUATING or name in WRITING:
            return self._run_on(queryset, name, args, node, frame)
        if name in DEFERRED:
            return self._iterator(queryset, name, node, frame)
        if name in ASYNC:
            return Deferred(
                "coroutine",
                lambda ctx, consumer: ctx.orm.run_method(queryset, name[1:], consumer, frame),
                self.ctx.moment,
            )
        if name == "as_manager" or name in NO_SQL:
            return UNKNOWN
        if name == "_clone":
            return self.clone(queryset, node, frame)
        return self._unknown_method(queryset, name, node, frame)

    def _run_on(
        self, queryset: QuerySetValue, name: str, args: list[Value], node: ast.AST, frame: Frame
    ) -> Value:
        """A method that runs SQL; of some, the first argument says on which rows."""
        if name in BULK and args:
            first = args[0]
            if isinstance(first, Sequence) and not first.items and not first.open:
                return UNKNOWN  # nothing to do: no SQL
            if name != "in_bulk":
                self.consume(first, node, uses.method(name), frame)
        return self.run_method(queryset, name, node, frame)

    def _is_read(self, name: str) -> bool:
        """Whether a table says all that a manager or queryset class can do."""
        row = self.ctx.facts.classes.get(name)
        return row is not None and (row.plain or bool(row.methods))

    def by_row(
        self,
        receiver: ManagerValue | QuerySetValue,
        row: Method,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call a method that a table knows: of a manager, a queryset or a model class."""
        if row.does == "by-design":
            return self._cached_by_design(receiver, row, name, node, frame)
        iterated = [given(args, keywords, key) for key in row.iterates]
        used = uses.method(name)
        rows = [self.consume(value, node, used, frame) for value in filter(None, iterated)]
        if row.does == "self":
            return receiver
        if row.does == "nothing":
            return UNKNOWN
        return self._asked_by_row(receiver, row, name, args, keywords, rows, node, frame)

    def _asked_by_row(
        self,
        receiver: ManagerValue | QuerySetValue,
        row: Method,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        rows: list[Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """A method that makes or asks a queryset; ``rows`` came out of its arguments."""
        base = self._queryset_of(receiver, node, frame)
        named = keywords if row.filters else {}
        taken = [*rows, *(args if row.filters else ())]
        if row.volatile and not args:
            taken.append(self.ctx.attributes.volatile(f"{name}()", row.volatile, node, frame))
        if row.does == "evaluates" and row.returns == "queryset":
            # lazy, yet for the rows that were there now
            taken.append(self._ran(base, name, "list", False, node, frame))
        if taken or row.filters:
            base = self._with_arguments(base, name, taken, named, node, frame)
        if row.does == "deferred":
            return self._iterator(base, name, node, frame)
        if row.does != "lazy" and row.returns != "queryset":
            return self._ran(base, name, row.returns, row.does == "writes", node, frame)
        return replace(self.clone(base, node, frame), open=True)

    def _queryset_of(
        self,
        receiver: ManagerValue | QuerySetValue,
        node: ast.AST,
        frame: Frame,
        plain: bool = False,
    ) -> QuerySetValue:
        if isinstance(receiver, QuerySetValue):
            return receiver
        return self.base_queryset(receiver, node, frame, plain)

    def _cached_by_design(
        self,
        receiver: ManagerValue | QuerySetValue,
        row: Method,
        name: str,
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Cached for the process by design, yet at import the first call runs a query."""
        if self.ctx.moment is not Moment.IMPORT or self.ctx.doubts:
            return UNKNOWN
        asked = self._queryset_of(receiver, node, frame, plain=True)
        run = self.ctx.fates.record_query(asked, node, uses.method(name), frame)
        if row.returns == "instance":
            return Rows("instance", frozenset((run,)), receiver.model)
        run.sink = Fate.FRESH
        return UNKNOWN

    def _unknown_method(
        self, receiver: ManagerValue | QuerySetValue, name: str, node: ast.AST, frame: Frame
    ) -> Value:
        unread = receiver.open or (
            isinstance(receiver.cls, External) and receiver.cls.name not in self.ctx.facts.plain
        )
        if isinstance(receiver.cls, ClassValue):
            unread = unread or not all(self._is_read(name) for name in self.owners(receiver.cls))
        if unread and name not in NO_SQL and not name.startswith(("_", *VERBS)):
            return QuerySetValue(
                receiver.model,
                receiver.cls,
                self.ctx.moment,
                node,
                frame.source,
                Confidence.INFERENCE_FAILURE,
                open=True,
                depth=self.ctx.depth,
            )
        return UNKNOWN

    def _anchored(self, queryset: QuerySetValue, node: ast.AST, frame: Frame) -> QuerySetValue:
        kept = id(queryset) in self.ctx.heap.sealed
        if kept or queryset.born is not self.ctx.moment or queryset.filled is not None:
            return queryset  # ``Manager.all()`` is no clone: a memoised get_queryset() shows
        queryset.node = node
        queryset.source = frame.source
        return queryset

    def clone(self, queryset: QuerySetValue, node: ast.AST, frame: Frame) -> QuerySetValue:
        """A new queryset of the same query, with an empty result cache."""
        return replace(
            queryset,
            born=self.ctx.moment,
            node=node,
            source=frame.source,
            filled=None,
            holder=NOWHERE,
            depth=self.ctx.depth,
        )

    def _raw_operation(
        self, queryset: QuerySetValue, name: str, node: ast.AST, frame: Frame
    ) -> Value:
        if name in RAW_LAZY:
            return self.clone(queryset, node, frame)
        if name == "iterator":
            copy = self.clone(queryset, node, frame)
            return Deferred(
                "iterator",
                lambda ctx, consumer: ctx.orm.evaluate_queryset(
                    copy, consumer, uses.method("iterator"), frame
                ),
                self.ctx.moment,
                (copy,),
            )
        return UNKNOWN

    def _lazy(
        self,
        queryset: QuerySetValue,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        result = self.clone(queryset, node, frame)
        if name == "none":
            result.none = True
        elif name == "raw":
            result.raw, result.frozen = True, queryset.frozen
        elif name in VALUE_ROWS:
            result.rows = "values"
        elif name in ("order_by", "reverse"):
            result.ordered = True
        elif name == "select_related":
            result.selected = _more(queryset.selected, args)
        elif name == "prefetch_related":
            result.prefetched = _more(queryset.prefetched, args)
        elif name == "union" and queryset.none and len(args) == 1:
            return args[0]  # none().union(x) is x itself
        for argument in args:
            for part in options(argument):
                if isinstance(part, QuerySetValue) and part.raw:
                    self.evaluate_queryset(part, node, uses.method(name), frame)
        return result

    def _with_arguments(
        self,
        queryset: QuerySetValue,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> QuerySetValue:
        """The queryset with a note on arguments that are stale, or will be."""
        stale = self._stale_in([*args, *keywords.values()], uses.method(name), node, frame)
        if not stale:
            return queryset
        argument = self._frozen(
            stale,
            uses.method(name),
            f".{name}",
            self.ctx.model_name(queryset.model),
            queryset.confidence,
            node,
            frame,
        )
        if self.ctx.moment is Moment.IMPORT:
            if not self.ctx.muted:
                self.ctx.arguments.append(argument)
            return replace(queryset, frozen=(*queryset.frozen, argument))
        self._stale_at_call(argument, stale)
        return queryset

    def lookups_to(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        selects: bool = False,
    ) -> None:
        """A request gives lookups to a method of something unknown, or to a shortcut of Django.

        A keyword like ``published__lt`` is a lookup whatever it is given to; the methods of a
        queryset that select rows take others, too.
        """
        if self.ctx.moment is not Moment.CALL:
            return
        if selects:
            values = [*args, *keywords.values()]
        elif name in SELECTING:
            values = [value for value in args if not isinstance(value, (Opaque, Rows))]
            values += keywords.values()
        else:
            values = [value for word, value in keywords.items() if "__" in word.strip("_")]
        stale = self._stale_in(values, uses.method(name), node, frame)
        if stale:
            method, how = (name, uses.called(name)) if selects else (f".{name}", uses.method(name))
            argument = self._frozen(stale, how, method, "", Confidence.INFERENCE, node, frame)
            self._stale_at_call(argument, stale)

    def _stale_in(self, values: list[Value], how: Use, node: ast.AST, frame: Frame) -> list[Taint]:
        """What in arguments was right only at import; a clock, if a request gives them."""
        stale: list[Taint] = []
        for value in values:
            for part in walk(value):
                if isinstance(part, Deferred) and part.kind in (
                    "generator",
                    "iterator",
                    "lazy",
                    "promise",
                ):
                    stale.extend(taints_of(part.run(self.ctx, node)))
                elif isinstance(part, QuerySetValue) and part.raw:
                    stale.extend(taints_of(self.evaluate_queryset(part, node, how, frame)))
            stale.extend(taints_of(value))
        stale = [taint for taint in stale if taint.moment is Moment.IMPORT]
        if self.ctx.moment is Moment.CALL:
            stale = [taint for taint in stale if isinstance(taint, VolatileRead)]
        return [taint for taint in dict.fromkeys(stale) if not _is_identity(taint)]

    def _frozen(
        self,
        stale: list[Taint],
        how: Use,
        method: str,
        model: str,
        confidence: Confidence,
        node: ast.AST,
        frame: Frame,
    ) -> FrozenArgument:
        least = min([confidence, *(taint.confidence for taint in stale)])
        return FrozenArgument(
            node,
            self.ctx.anchor(node),
            frame.source,
            self.ctx.moment,
            tuple(stale),
            self.ctx.confidence_here(least),
            self.ctx.steps(node, frame.source, how),
            model,
            method,
        )

    def _iterator(self, queryset: QuerySetValue, name: str, node: ast.AST, frame: Frame) -> Value:
        """What asks when it is consumed."""
        return Deferred(
            "iterator",
            lambda ctx, consumer: ctx.orm.evaluate_queryset(
                ctx.orm.clone(queryset, node, frame), consumer, uses.method(name), frame
            ),
            self.ctx.moment,
            (queryset,),
        )

    def _stale_at_call(self, argument: FrozenArgument, stale: list[Taint]) -> None:
        if self.ctx.muted:
            return
        if self.ctx.depth and not any(self.read_depth.get(id(taint)) == 0 for taint in stale):
            return
        key = ("argument", self.context.class_name, self.context.function, *map(id, stale))
        default = self._default_in(stale)
        if default is not None:
            # the line to edit is the default's, however many queries take the value
            argument = replace(argument, anchor=default.anchor, steps=())
            key = ("argument", "", "", id(default))
        if key in self.reported:
            return
        self.reported.add(key)
        self.ctx.observed.append(
            StaleArgument(
                argument.anchor,
                argument.confidence,
                self.context,
                argument.steps,
                argument=argument,
                when=When.CALL if default is None else When.DEFAULT,
            )
        )

    def _default_in(self, stale: list[Taint]) -> Taint | None:
        """The value that a default argument of the function in question was computed from."""
        entry = self.ctx.entry
        if entry is None or entry.source is not self.ctx.main:
            return None
        spec = entry.node.args
        defaults = [default for default in (*spec.defaults, *spec.kw_defaults) if default]
        for taint in stale:
            if any(lies_within(taint.anchor, default) for default in defaults):
                return taint
        return None

    # evaluation

    def run_method(self, queryset: QuerySetValue, name: str, node: ast.AST, frame: Frame) -> Value:
        """An evaluating or writing method."""
        kind = EVALUATING.get(name) or WRITING[name]
        return self._ran(queryset, name, kind, name in WRITING, node, frame)

    def _ran(
        self,
        queryset: QuerySetValue,
        name: str,
        kind: MethodReturns,
        writes: bool,
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """What a method returned that asked the database."""
        if queryset.none and not writes:
            return UNKNOWN
        taint = self.ctx.fates.record_query(queryset, node, uses.method(name), frame, writes=writes)
        rows = Rows(
            "instance" if kind == "instance" else kind,
            frozenset((taint,)),
            queryset.model,
            queryset.confidence,
        )
        if kind == "pair":
            one = Rows("instance", rows.taints, queryset.model, queryset.confidence)
            return Sequence("tuple", [one, Rows("scalar", rows.taints)], self.ctx.moment, node)
        return rows

    def record_query(
        self, queryset: QuerySetValue, node: ast.AST, how: Use, frame: Frame, writes: bool = False
    ) -> QueryRun:
        """Note that a query runs now."""
        for argument in queryset.frozen:
            argument.consumed = True
        run = QueryRun(
            how,
            node,
            frame.source,
            self.ctx.moment,
            self.ctx.confidence_here(queryset.confidence),
            self.ctx.anchor(node),
            self.ctx.steps(node, frame.source, how),
            self.ctx.model_name(queryset.model),
            queryset.selected,
            queryset.prefetched,
            writes,
            depth=self.ctx.depth,
            inherited=self.beginning > 0,
        )
        if self.ctx.moment is Moment.IMPORT and not self.ctx.muted:
            self.ctx.runs.append(run)
        return run

    def evaluate_queryset(
        self, queryset: QuerySetValue, node: ast.AST, how: Use, frame: Frame, fills: bool = True
    ) -> Value:
        """Evaluate a queryset; the value is one of its rows."""
        if queryset.none:
            return UNKNOWN
        if self.ctx.shared(queryset):
            if fills:
                self.ctx.analysis.shared_use(queryset, node, how, frame)
            taint = queryset.filled or self.ctx.fates.record_query(queryset, node, how, frame)
        else:
            taint = self.ctx.fates.record_query(queryset, node, how, frame)
            if fills and self.ctx.heap.may_change(queryset):
                queryset.filled = taint
        return Rows(
            "instance" if queryset.rows == "instance" else "scalar",
            frozenset((taint,)),
            queryset.model,
            queryset.confidence,
            queryset.prefetched,
        )

    def shared_use(
        self,
        queryset: QuerySetValue,
        node: ast.AST,
        how: Use,
        frame: Frame,
        manner: Manner = Manner.IN_PLACE,
        confidence: Confidence = Confidence.HIGH,
        kind: Shared | None = None,
        anchor: ast.AST | None = None,
    ) -> None:
        """A queryset of process lifetime is evaluated in place at call time."""
        if self.ctx.muted or queryset.none or id(queryset) in self.emptied:
            return
        read = self.read_depth.get(id(queryset), self.ctx.depth)
        if self.ctx.depth and read:
            return
        holder = self.holders.get(id(queryset), queryset.holder)
        key = ("shared", self.context.class_name, self.context.function, id(queryset))
        if key in self.reported:
            return
        self.reported.add(key)
        if anchor is None:
            anchor = self.ctx.anchor(node)
        guard = id(queryset) in self.guarded and not queryset.raw
        self.ctx.observed.append(
            SharedUse(
                anchor,
                min(
                    self.ctx.confidence_here(queryset.confidence),
                    confidence,
                    self.lowered.get(id(queryset), confidence),
                ),
                self.context,
                self.ctx.steps(node, frame.source, how),
                how=how,
                holder=holder,
                model=self.ctx.model_name(queryset.model),
                guard=guard,
                kind=kind or (Shared.RAW if queryset.raw else Shared.QUERYSET),
                manner=manner,
            )
        )

    def shared_iterator(self, value: Deferred, node: ast.AST, how: Use, frame: Frame) -> Value:
        """An iterator of process lifetime is exhausted by the first request."""
        for part in walk(value):
            if isinstance(part, QuerySetValue) and self.ctx.shared(part):
                if id(value) in self.read_depth:
                    self.read_depth[id(part)] = self.read_depth[id(value)]
                    self.holders[id(part)] = self.holders.get(id(value), NOWHERE)
                self.ctx.analysis.shared_use(part, node, how, frame, kind=Shared.ITERATOR)
                return UNKNOWN
        before = len(self.ctx.runs)
        items = value.run(self.ctx, node)
        del self.ctx.runs[before:]
        for taint in in_order(taints_of(items)):
            if isinstance(taint, QueryRun) and taint.moment is Moment.CALL:
                queryset = QuerySetValue(
                    UNKNOWN, None, Moment.IMPORT, taint.node, taint.source, taint.confidence
                )
                self.read_depth[id(queryset)] = self.read_depth.get(id(value), self.ctx.depth)
                self.holders[id(queryset)] = self.holders.get(id(value), NOWHERE)
                self.ctx.heap.keep.append(queryset)
                self.ctx.analysis.shared_use(queryset, node, how, frame, kind=Shared.ITERATOR)
                break
        return items

    def consume(self, value: Value, node: ast.AST, how: Use, frame: Frame) -> Value:
        """Iterate a value: the result stands for one of its items."""
        return value.iterate(self.ctx, node, how, frame)

    def peek(self, value: Value, node: ast.AST, how: Use, frame: Frame) -> Value:
        """Run a query on a queryset without filling its cache (``repr``, ``[0]``, formatting)."""
        return value.show(self.ctx, node, how, frame)


def _more(known: tuple[str, ...], args: list[Value]) -> tuple[str, ...]:
    """The names that are followed already, and those that arguments add."""
    return tuple(dict.fromkeys((*known, *_names(args))))


def _names(args: list[Value]) -> tuple[str, ...]:
    return tuple(
        value.value for value in args if isinstance(value, Const) and isinstance(value.value, str)
    )


def _is_identity(taint: Taint) -> bool:
    """Whether a value is meant to stay what it is: the mark of a process, a run or a row."""
    return isinstance(taint, VolatileRead) and taint.kind == "identity"


def _is_unread(value: Value | None) -> bool:
    """Whether a value may be an object of a class that nobody read."""
    return value is not None and any(
        isinstance(option, Instance) or (isinstance(option, Opaque) and bool(option.parts))
        for option in options(value)
    )
