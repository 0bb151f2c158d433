"""Callables that are not read: builtins, the standard library, Django, by the fact tables."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint.domain import Fate, Moment, Use, uses
from qs_lint.engine.arguments import (
    MAYBE,
    given,
    is_many,
    is_raw,
    simple,
    without_promises,
)
from qs_lint.engine.context import Component, Frame
from qs_lint.engine.world import Source
from qs_lint.facts.data_model import CONVERSIONS
from qs_lint.findings import Confidence
from qs_lint.models.behaviours import RUNS, SPECIAL
from qs_lint.models.forms import PARTS
from qs_lint.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Deferred,
    External,
    FrozenArgument,
    Function,
    Getter,
    Instance,
    ManagerValue,
    Mapping,
    ModuleValue,
    Opaque,
    Operation,
    Partial,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    derived,
    join,
    options,
    taints_of,
    walk,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext
    from qs_lint.facts.schema import Behaviour, Callee


class Callables(Component):
    """What calling something of the fact tables does."""

    def opaque(self, values: list[Value]) -> Value:
        """The result of a call that is not followed: may hold its arguments."""
        kept = tuple(value for value in values if not simple(value))
        if kept and self.ctx.moment is Moment.CALL:
            # what an unknown function makes of rows, or of an object with some, need not be rows
            kept = tuple(value for value in kept if _outlives(value))
        if not kept:
            return UNKNOWN
        taints = frozenset().union(*(taints_of(value) for value in kept))
        return Opaque(taints, kept)

    def call_external(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call something that is not read."""
        made = self._by_behaviour(name, args, keywords, node, frame)
        if made is None:
            made = self.ctx.concurrency.call(name, args, keywords, node, frame)
        if made is None and name in CONVERSIONS:
            made = self._converted(name, args, node, frame)
        if made is not None:
            return made
        facts = self.ctx.facts
        got = self.got(name, args, node, frame.source)
        if got is not None:
            return self._with_taints(got, [*args, *keywords.values()])
        if facts.behaviour.get(name) == "cache-read":
            return self._from_cache(name, node, frame)
        callee = facts.callees.get(name)
        if callee is not None:
            return self._by_callee(callee, name, args, keywords, node, frame)
        volatile = facts.volatile.get(name)
        if volatile is not None and not (name in facts.fixed and args):
            return self.ctx.attributes.volatile(name, volatile, node, frame)
        made = self._shown_or_memoised(name, args, keywords, node, frame)
        if made is None:
            made = self._queryset_or_manager(name, args, keywords, node, frame)
        if made is None:
            made = self._object_made(name, args, keywords, node, frame)
        return made

    def _by_behaviour(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """What a callable does that has a behaviour of its own."""
        facts = self.ctx.facts
        behaviour = facts.behaviour.get(name, RUNS.get(name))
        if behaviour is None:
            return None
        special = SPECIAL.get(behaviour)
        if special is not None:
            return special(self.ctx.behaviours, args, keywords, node, frame)
        if behaviour == "namespace":
            return self._namespace(name, keywords, node, frame)
        if behaviour == "template-loader":
            loaded = External(facts.callables[name].gives)
            return self._template(loaded, "<name>", args, node, frame)
        if behaviour == "brings-manager":
            self._bring_manager(facts.callables[name], args, keywords, node, frame)
            return UNKNOWN
        self._beside(behaviour, args, keywords, node, frame)
        return None

    def _by_callee(
        self,
        callee: Callee,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call something whose row says what it does with its arguments."""
        found = self.apply(callee, name, args, keywords, node, frame)
        if callee.behaves == "default-factory" and isinstance(found, Mapping) and args:
            found.open = True
            missing = self.ctx.calls.call(args[0], [], {}, node, frame)
            found.items[None] = join([*filter(None, [found.items.get(None)]), missing])
        if callee.filters:
            last = name.rpartition(".")[2]
            self.ctx.orm.lookups_to(last, args[1:], keywords, node, frame, selects=True)
        made_of = self.ctx.hierarchy.kinds(External(name))
        if made_of & PARTS:
            return self._form_part(name, [found], keywords, node, frame)
        if "model-field" in made_of:
            kept = () if simple(found) else (found,)
            return Instance(External(name), self.ctx.moment, node, frame.source, kept)
        volatile = self.ctx.facts.volatile.get(name)
        if volatile is not None:
            return join([found, self.ctx.attributes.volatile(name, volatile, node, frame)])
        return found

    def _shown_or_memoised(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """Formsets and templates, which show their arguments, and decorators that memoise."""
        facts = self.ctx.facts
        kinds = facts.kinds.get(name, NO_KINDS)
        if "model-formset" in kinds:
            ordered = [
                option
                for option in options(keywords.get("queryset", UNKNOWN))
                if isinstance(option, QuerySetValue) and option.ordered
            ]
            self.ctx.escapes.hand_over(list(ordered), node, uses.FORMSET, frame)
        if "template" in kinds:
            return self._template(External(name), "<text>", args, node, frame)
        if name in facts.shows:
            self.ctx.escapes.template(name, args, keywords, node, frame)
        if name.removesuffix("()") in facts.memoisers:
            return self._memoiser(name, args, keywords, node, frame)
        return None

    def _queryset_or_manager(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """A class method of a package's class; a queryset or manager that is made by its class."""
        kinds = self.ctx.facts.kinds.get(name, NO_KINDS)
        owner_name, _, last = name.rpartition(".")
        owner = External(owner_name)
        known = last in ("from_queryset", "as_manager", "as_view")
        if known or self.ctx.orm.method(owner, last) is not None:
            return self.ctx.methods.class_operation(owner, last, args, keywords, node, frame)
        if "queryset" in kinds:
            model = args[0] if args else keywords.get("model", UNKNOWN)
            return QuerySetValue(
                model,
                None,
                self.ctx.moment,
                node,
                frame.source,
                self.ctx.hierarchy.model_confidence(model) or Confidence.INFERENCE,
                depth=self.ctx.depth,
            )
        if "manager" in kinds:
            return self.manager_made(External(name), args, keywords, node, frame)
        if last.endswith("Manager") and last[:1].isupper():
            return ManagerValue(UNKNOWN, External(name), Confidence.INFERENCE, open=True)
        return None

    def _object_made(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """An instance, where the name is that of a class; else what may hold the arguments."""
        values = [*args, *keywords.values()]
        is_class = name.rpartition(".")[2][:1].isupper()
        if not is_class and "local" not in self.ctx.facts.kinds.get(name, NO_KINDS):
            return self.opaque(values)
        kinds = self.ctx.hierarchy.kinds(External(name))
        if kinds & PARTS:
            return self._form_part(name, values, keywords, node, frame)
        if "serializer" in kinds and is_many(keywords):
            self.ctx.escapes.hand_over(args[:1], node, uses.SERIALIZER, frame)
        kept = tuple(value for value in values if not simple(value))
        instance = Instance(External(name), self.ctx.moment, node, frame.source, kept)
        self.ctx.forms.given_initial(instance, args, keywords, node, frame)
        return instance

    def _beside(
        self,
        behaviour: Behaviour,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """What a call does beside what its row says of arguments and result."""
        if behaviour == "route":
            self.ctx.escapes.route(args, keywords, node, frame)
        elif behaviour == "process-wide":
            for option in options(args[0]) if args else ():
                if isinstance(option, ClassValue) and option.info.source is self.ctx.main:
                    option.info.kinds = self.ctx.hierarchy.kinds(option) | {"singleton"}
        elif behaviour == "relation":
            self._limit_choices(keywords, node, frame)

    def manager_made(
        self,
        cls: External | ClassValue,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> ManagerValue:
        """An instance of a manager class; of some, the arguments are those of a filter."""
        rows = (self.ctx.facts.classes.get(name) for name in self.ctx.orm.owners(cls))
        if any(row is not None and row.filters for row in rows):
            name = cls.name if isinstance(cls, External) else cls.info.name
            values = [*args, *keywords.values()]
            self._stale(values, name.rpartition(".")[2], node, frame)
        return ManagerValue(UNKNOWN, cls, Confidence.HIGH)

    def _bring_manager(
        self,
        row: Callee,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """A function that puts a manager on the model that it is given."""
        keyword, default = row.attribute
        name = keywords.get(keyword, Const(default))
        if args and isinstance(name, Const) and isinstance(name.value, str):
            manager = ManagerValue(UNKNOWN, External(row.gives), Confidence.HIGH)
            for option in options(args[0]):
                if isinstance(option, ClassValue):
                    self.ctx.attributes.store_attribute(option, name.value, manager, node, frame)

    def got(self, name: str, args: list[Value], node: ast.AST, importer: Source) -> Value | None:
        """The class or model that a callable returns; ``None`` if it is none that does."""
        row = self.ctx.facts.callables.get(name)
        if row is None:
            return None
        if row.behaves == "app-getter":
            config = Instance(External(row.gives), self.ctx.moment, node, importer)
            self.ctx.heap.put(config, "<label>", args[0] if args else UNKNOWN)
            return config
        if row.gives:
            return External(row.gives)
        if row.behaves == "model-getter":
            return self.model_got(args)
        if row.behaves == "class-getter":
            return self.class_got(row.below, args, importer)
        return None

    def model_got(self, args: list[Value]) -> Value:
        """The model that a getter returns for a label and a name: ``"shop", "Order"``."""
        names = [a.value for a in args if isinstance(a, Const) and isinstance(a.value, str)]
        parts = ".".join(names).split(".")
        known = self.ctx.places.model(*parts) if len(parts) == 2 else None
        return External("model:" + (parts[-1] or "Model")) if known is None else known

    @staticmethod
    def _with_taints(made: Value, values: list[Value]) -> Value:
        """A class that a function made, and what it may have kept of its arguments."""
        taints = taints_of(derived(values))
        return join([made, Opaque(taints)]) if taints else made

    def _form_part(
        self,
        name: str,
        values: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """A form field or widget: it can be asked for the arguments that it was made with."""
        kept = tuple(value for value in values if not simple(value))
        made = Instance(External(name), self.ctx.moment, node, frame.source, kept)
        self.ctx.heap.keep.append(made)
        for key in ("initial", "widget"):
            if isinstance(keywords.get(key), (QuerySetValue, Instance)):
                self.ctx.heap.put(made, key, keywords[key])
        return made

    def class_got(self, package: str, args: list[Value], importer: Source) -> Value:
        """The class that a project's class loader returns for a module label and a name."""
        names = [a.value for a in args[:2] if isinstance(a, Const) and isinstance(a.value, str)]
        if len(names) != 2:
            return UNKNOWN
        module = self.ctx.modules.imported_module(importer, f"{package}.{names[0]}", 0)
        if isinstance(module, ModuleValue):
            return self.ctx.modules.member(module.source, names[1]) or UNKNOWN
        return External(f"{package}.{names[0]}.{names[1]}")

    def apply(
        self,
        callee: Callee,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """The effects of a callee of the fact tables."""
        how = uses.called(name.removeprefix("builtins.").rpartition(".")[2])
        if callee.later or (callee.returns == "iterator" and _has_deferred(args)):
            return self._later(callee, args, how, node, frame)
        before = len(self.ctx.runs)
        items = self._used(callee, name, args, keywords, how, node, frame)
        for key in callee.invokes:
            function = given(args, keywords, key)
            if isinstance(function, (Function, Bound, Partial, Getter)):
                made = self.ctx.calls.call(function, items[:1] or [UNKNOWN], {}, node, frame)
                if callee.maps and not simple(made):
                    items = [derived(items), made]
        self._sink(callee, self.ctx.runs[before:], [*args, *keywords.values(), *items])
        return self._result(callee, args, items, node, frame, keywords)

    def _sink(self, callee: Callee, runs: list[QueryRun], used: list[Value]) -> None:
        """Where the rows go of which the callee has seen to it."""
        if callee.fresh or callee.silent:
            for run in runs:
                run.sink = Fate.FRESH if callee.fresh else Fate.DROPPED
        if callee.keeps and self.ctx.moment is Moment.IMPORT:
            for taint in taints_of(derived(used)):
                if isinstance(taint, QueryRun) and taint.moment is Moment.IMPORT:
                    taint.sink = Fate.KEPT

    def _used(
        self,
        callee: Callee,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        how: Use,
        node: ast.AST,
        frame: Frame,
    ) -> list[Value]:
        """Iterate over, or ask, the arguments that the row names; what came out of them."""
        items: list[Value] = []
        for key in callee.iterates:
            value = given(args, keywords, key)
            if value is None:
                continue
            if not callee.raw:
                value = join([o for o in options(value) if not is_raw(o)])
            if key == "choices" or (key in (0, 1) and "choices" in callee.iterates):
                self._choices(value, how, node, frame)
            if callee.lazy_text:
                value = without_promises(value)
            items.append(self._iterate(name, value, how, node, frame))
        for key in callee.peeks:
            value = given(args, keywords, key)
            if value is not None:
                items.append(self._peek_argument(callee, value, how, node, frame))
        return items

    def _choices(self, value: Value, how: Use, node: ast.AST, frame: Frame) -> None:
        """``choices``: groups are iterated too, and a callable is called later, per form."""
        for option in options(value):
            if isinstance(option, (Function, Bound, Partial)):
                if self.ctx.moment is Moment.IMPORT and not self.ctx.muted:
                    self.ctx.callbacks.append((option, node, how))
            elif isinstance(option, (Sequence, Mapping)):
                for part in walk(option):
                    if isinstance(part, QuerySetValue):
                        self.ctx.orm.consume(part, node, how, frame)

    def _iterate(self, name: str, value: Value, how: Use, node: ast.AST, frame: Frame) -> Value:
        if name == "builtins.len":
            return derived([value.length(self.ctx, node, how, frame)])
        if name == "builtins.bool":
            asked = [
                self.ctx.protocols.first(option, ("__bool__", "__len__"), [], node, frame)
                if isinstance(option, (Instance, ClassValue))
                else None
                for option in options(value)
            ]
            known = [answer for answer in asked if answer is not None]
            return derived(known or [self.ctx.orm.consume(value, node, how, frame)])
        return self.ctx.orm.consume(value, node, how, frame)

    def _converted(self, name: str, args: list[Value], node: ast.AST, frame: Frame) -> Value | None:
        """``int(object)`` and the like, if that calls a method of the project."""
        for option in options(args[0]) if args else ():
            if isinstance(option, (Instance, ClassValue)):
                made = self.ctx.protocols.first(option, CONVERSIONS[name], args[1:], node, frame)
                if made is not None:
                    return made
        return None

    def _peek_argument(
        self, callee: Callee, value: Value, how: Use, node: ast.AST, frame: Frame
    ) -> Value:
        found: list[Value] = []
        for option in options(value):
            asked = option
            model = (
                self.ctx.hierarchy.model_confidence(option)
                if not simple(option) or isinstance(option, External)
                else None
            )
            if callee.models and isinstance(option, ManagerValue):
                asked = self.ctx.orm.base_queryset(option, node, frame)
            elif callee.models and model is not None:
                asked = QuerySetValue(
                    option, None, self.ctx.moment, node, frame.source, model, depth=self.ctx.depth
                )
            found.append(self.ctx.orm.peek(asked, node, how, frame))
        return join(found)

    def _later(
        self, callee: Callee, args: list[Value], how: Use, node: ast.AST, frame: Frame
    ) -> Value:
        values = list(args)
        if callee.later and callee.iterates:
            inner = [self.ctx.orm.consume(value, node, how, frame) for value in args]
            values = inner

        def run(ctx: EngineContext, consumer: ast.AST) -> Value:
            return join([ctx.orm.consume(value, consumer, how, frame) for value in values])

        return Deferred("iterator", run, self.ctx.moment, tuple(v for v in values if not simple(v)))

    def _result(
        self,
        callee: Callee,
        args: list[Value],
        items: list[Value],
        node: ast.AST,
        frame: Frame,
        keywords: dict[str, Value],
    ) -> Value:
        kind = callee.returns
        first = args[0] if args else UNKNOWN
        if kind in ("first", "copy", "clone"):
            return self._handed_back(kind, first, node, frame)
        if kind == "second":
            return args[1] if len(args) > 1 else UNKNOWN
        if kind == "result":
            return join(items)
        if kind == "none":
            return UNKNOWN
        if kind == "instance":
            found = join(items)
            return replace(found, kind="instance") if isinstance(found, Rows) else found
        if kind in ("list", "tuple", "set", "dict", "iterator"):
            return self._container(kind, first, items, node, keywords)
        if kind == "scalar":
            return derived(items)
        return self.opaque(args + items)

    def _handed_back(self, kind: str, value: Value, node: ast.AST, frame: Frame) -> Value:
        """An argument that comes back: itself, a copy of it, or a clone."""
        if kind == "copy":
            for option in options(value):
                if isinstance(option, QuerySetValue):
                    return replace(option, born=self.ctx.moment)
        if kind == "clone":
            return join(
                [
                    self.ctx.orm.clone(option, node, frame)
                    if isinstance(option, QuerySetValue)
                    else option
                    for option in options(value)
                ]
            )
        return value

    def _container(
        self,
        kind: str,
        first: Value,
        items: list[Value],
        node: ast.AST,
        keywords: dict[str, Value],
    ) -> Value:
        taints = frozenset().union(*(taints_of(item) for item in items)) if items else frozenset()
        if taints:
            model = next(
                (part.model for item in items for part in walk(item) if isinstance(part, Rows)),
                UNKNOWN,
            )
            return Rows(kind if kind != "tuple" else "list", taints, model)
        if kind == "dict":
            named = {key: value for key, value in keywords.items() if key != MAYBE}
            if isinstance(first, Mapping):
                return replace(
                    first, items={**first.items, **named}, born=self.ctx.moment, node=node
                )
            more = first is not UNKNOWN or MAYBE in keywords
            return Mapping(named, self.ctx.moment, node, open=more)
        if isinstance(first, Sequence):
            return Sequence(kind, list(first.items), self.ctx.moment, node, open=first.open)
        return Sequence(
            kind, [i for i in items if i is not UNKNOWN], self.ctx.moment, node, open=True
        )

    def _template(
        self, cls: External, known: str, args: list[Value], node: ast.AST, frame: Frame
    ) -> Value:
        """A template, of which the text or the name is known."""
        made = Instance(cls, self.ctx.moment, node, frame.source)
        if args:
            self.ctx.heap.put(made, known, args[0])
        return made

    def _namespace(
        self, name: str, keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        space = Instance(
            External(name), self.ctx.moment, node, frame.source, tuple(keywords.values())
        )
        for key, value in keywords.items():
            self.ctx.heap.put(space, key, value)
        return space

    def _memoiser(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        size = keywords.get("maxsize", args[0] if args else None)
        if any("expiring" in self._kinds_of(value) for value in (*args, *keywords.values())):
            return UNKNOWN  # what is kept ends by itself
        if args and isinstance(args[0], (Function, Operation, Partial, Bound)):
            label = self.ctx.facts.memoisers[name.removesuffix("()")]
            self.ctx.memos.wrap(args[0], node, label, frame)
            if not isinstance(args[0], Function):
                return Partial(args[0], (), {})
            return replace(args[0], marks=args[0].marks | {f"memo:{label}"})
        if isinstance(size, Const) and size.value == 0:
            return UNKNOWN
        return External(name.removesuffix("()") + "()")

    def _from_cache(self, name: str, node: ast.AST, frame: Frame) -> Value:
        """What a cache holds: at import it is kept, as rows are; later it may differ any time."""
        if self.ctx.moment is Moment.CALL:
            return self.ctx.attributes.volatile(name, "cache", node, frame)
        if self.ctx.stack:
            return UNKNOWN  # settings that a function reads from a cache have defaults of their own
        asked = QuerySetValue(
            UNKNOWN, None, self.ctx.moment, node, frame.source, Confidence.INFERENCE
        )
        use = uses.called(".".join(name.rsplit(".", 2)[-2:]))
        run = self.ctx.fates.record_query(asked, node, use, frame)
        run.cached = True
        return Opaque(frozenset((run,)))

    def _kinds_of(self, value: Value) -> frozenset[str]:
        """What an object of a package is."""
        return self.ctx.hierarchy.kinds(value.cls) if isinstance(value, Instance) else frozenset()

    def _limit_choices(self, keywords: dict[str, Value], node: ast.AST, frame: Frame) -> None:
        how = "limit_choices_to"
        if how in keywords:
            self._stale([keywords[how]], how, node, frame)

    def _stale(self, values: list[Value], how: str, node: ast.AST, frame: Frame) -> None:
        """Note arguments that select rows for as long as the process lives."""
        stale = tuple(
            taint for value in values for taint in taints_of(value) if taint.moment is Moment.IMPORT
        )
        if stale and not self.ctx.muted:
            self.ctx.arguments.append(
                FrozenArgument(
                    node,
                    self.ctx.anchor(node),
                    frame.source,
                    self.ctx.moment,
                    stale,
                    min(t.confidence for t in stale),
                    self.ctx.steps(node, frame.source, uses.Use(uses.UseKind.OPTION, how)),
                    "",
                    how,
                )
            )


def _has_deferred(values: list[Value]) -> bool:
    """Whether a value is computed when it is iterated over."""
    return any(
        isinstance(option, Deferred) and option.kind != "lazy"
        for value in values
        for option in options(value)
    )


def _outlives(value: Value) -> bool:
    """Whether a value is more than rows of this call, or an object of the project with some."""
    if isinstance(value, Rows):
        return False
    if not isinstance(value, Instance) or not value.parts:
        return True
    taints = taints_of(value)
    if not taints or any(taint.moment is Moment.IMPORT for taint in taints):
        return True
    return any(isinstance(part, (QuerySetValue, Deferred)) for part in walk(value))


NO_KINDS: frozenset[str] = frozenset()
