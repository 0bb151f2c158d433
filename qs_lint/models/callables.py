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
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, Frame
from qs_lint.engine.scope import Scope
from qs_lint.engine.world import Source
from qs_lint.facts.data_model import CONVERSIONS
from qs_lint.findings import Confidence
from qs_lint.models.forms import PARTS
from qs_lint.values import (
    NONE,
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
        facts = self.ctx.facts
        behaviour = facts.behaviour.get(name, RUNS.get(name))
        if behaviour is not None:
            special = _SPECIAL.get(behaviour)
            if special is not None:
                made: Value = getattr(self, special)(args, keywords, node, frame)
                return made
            if behaviour == "namespace":
                return self._namespace(name, keywords, node, frame)
            if behaviour == "template-loader":
                loaded = External(facts.callables[name].gives)
                return self._template(loaded, "<name>", args, node, frame)
            if behaviour == "brings-manager":
                self._bring_manager(facts.callables[name], args, keywords, node, frame)
                return UNKNOWN
            self._beside(behaviour, args, keywords, node, frame)
        elsewhere = self.ctx.concurrency.call(name, args, keywords, node, frame)
        if elsewhere is not None:
            return elsewhere
        if name in CONVERSIONS:
            converted = self._converted(name, args, node, frame)
            if converted is not None:
                return converted
        got = self.got(name, args, node, frame.source)
        if got is not None:
            return self._with_taints(got, [*args, *keywords.values()])
        callee = facts.callees.get(name)
        volatile = facts.volatile.get(name)
        if facts.behaviour.get(name) == "cache-read":
            return self._from_cache(name, node, frame)
        if callee is not None:
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
            if volatile is not None:
                return join([found, self.ctx.attributes.volatile(name, volatile, node, frame)])
            return found
        if volatile is not None and not (name in facts.fixed and args):
            return self.ctx.attributes.volatile(name, volatile, node, frame)
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
        last = name.rpartition(".")[2]
        owner = External(name.rpartition(".")[0])
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
        values = [*args, *keywords.values()]
        if last[:1].isupper() or "local" in kinds:
            kinds = self.ctx.hierarchy.kinds(External(name))
            if kinds & PARTS:
                return self._form_part(name, values, keywords, node, frame)
            if "serializer" in kinds and is_many(keywords):
                self.ctx.escapes.hand_over(args[:1], node, uses.SERIALIZER, frame)
            instance = Instance(
                External(name),
                self.ctx.moment,
                node,
                frame.source,
                tuple(value for value in values if not simple(value)),
            )
            self.ctx.forms.given_initial(instance, args, keywords, node, frame)
            return instance
        return self.opaque(values)

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
        short = name.removeprefix("builtins.").rpartition(".")[2]
        how = uses.called(short)
        before = len(self.ctx.runs)
        items: list[Value] = []
        if callee.later:
            return self._later(callee, args, how, node, frame)
        if callee.returns == "iterator" and any(
            isinstance(option, Deferred) and option.kind != "lazy"
            for value in args
            for option in options(value)
        ):
            return self._later(callee, args, how, node, frame)
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
        for key in callee.invokes:
            function = given(args, keywords, key)
            if isinstance(function, (Function, Bound, Partial)):
                made = self.ctx.calls.call(function, items[:1] or [UNKNOWN], {}, node, frame)
                if callee.maps:
                    items = [derived(items), made] if not simple(made) else items
        for run in self.ctx.runs[before:]:
            if callee.fresh:
                run.sink = Fate.FRESH
            elif callee.silent:
                run.sink = Fate.DROPPED
        if callee.keeps and self.ctx.moment is Moment.IMPORT:
            for taint in taints_of(derived([*args, *keywords.values(), *items])):
                if isinstance(taint, QueryRun) and taint.moment is Moment.IMPORT:
                    taint.sink = Fate.KEPT
        return self._result(callee, args, items, node, frame, keywords)

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
        if kind == "first":
            return first
        if kind == "second":
            return args[1] if len(args) > 1 else UNKNOWN
        if kind == "result":
            return join(items)
        if kind == "none":
            return UNKNOWN
        if kind == "instance":
            found = join(items)
            return replace(found, kind="instance") if isinstance(found, Rows) else found
        if kind == "copy":
            for option in options(first):
                if isinstance(option, QuerySetValue):
                    return replace(option, born=self.ctx.moment)
            return first
        if kind == "clone":
            clones = [
                self.ctx.orm.clone(option, node, frame)
                if isinstance(option, QuerySetValue)
                else option
                for option in options(first)
            ]
            return join(clones)
        if kind in ("list", "tuple", "set", "dict", "iterator"):
            return self._container(kind, first, items, node, keywords)
        if kind == "scalar":
            return derived(items)
        return self.opaque(args + items)

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

    def _getattr(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if len(args) >= 2 and isinstance(args[1], Const) and isinstance(args[1].value, str):
            found = self.ctx.attributes.attribute(args[0], args[1].value, node, frame)
            if len(args) == 3 and (found is UNKNOWN or isinstance(found, Operation)):
                return join([found, args[2]])
            return found
        return derived(args)

    def _setattr(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if len(args) == 3 and isinstance(args[1], Const) and isinstance(args[1].value, str):
            self.ctx.attributes.store_attribute(args[0], args[1].value, args[2], node, frame)
            return self.opaque(args) if self.ctx.moment is Moment.IMPORT else NONE
        return NONE

    def _type(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if len(args) == 1:
            for option in options(args[0]):
                if isinstance(option, Instance):
                    return option.cls
            return UNKNOWN
        if len(args) == 3:
            name = args[0].value if isinstance(args[0], Const) else "<type>"
            bases = args[1].items if isinstance(args[1], Sequence) else []
            info = self.synthetic(str(name), list(bases), frame)
            if isinstance(args[2], Mapping):
                info.extra.update(
                    {str(k): v for k, v in args[2].items.items() if isinstance(k, str)}
                )
            self.ctx.framework.class_effects(info, node, frame)
            value = ClassValue(info)
            taints = taints_of(args[2])
            return Opaque(taints, (value,)) if taints else value
        return UNKNOWN

    def synthetic(self, name: str, bases: list[Value], frame: Frame) -> ClassInfo:
        """A class that no ``class`` statement made."""
        return ClassInfo(
            name,
            None,
            frame.source,
            Scope("class", frame.source, frame.scope),
            bases,
            complete=True,
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

    def _callable(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        """``callable(x)``: decorators with optional arguments ask what they were given."""
        answers = {self._may_be_called(option) for option in options(args[0])} if args else {None}
        known = answers.pop() if len(answers) == 1 else None
        return derived(args) if known is None else Const(known)

    def _may_be_called(self, value: Value) -> bool | None:
        if isinstance(value, (Function, Bound, Partial, ClassValue)):
            return True
        if isinstance(value, (Const, Sequence, Mapping, QuerySetValue, ManagerValue)):
            return False
        if isinstance(value, Instance) and isinstance(value.cls, ClassValue):
            info = value.cls.info
            if self.ctx.hierarchy.attribute_of_class(info, "__call__") is not None:
                return True
            return None if self.ctx.hierarchy.foreign_bases(info) else False
        return None

    def _hasattr(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if len(args) == 2 and isinstance(args[1], Const) and args[1].value == "__call__":
            return self._callable(args[:1], keywords, node, frame)
        if len(args) == 2 and self.ctx.moment is Moment.IMPORT and isinstance(args[1], Const):
            # import runs in one thread, in which nobody has set what a request will
            if all(self._is_local(option) for option in options(args[0])):
                name = str(args[1].value)
                return Const(all(self.ctx.heap.stored(o, name) for o in options(args[0])))
        return UNKNOWN

    def _is_local(self, value: Value) -> bool:
        """Whether a value is an object with attributes of their own for each thread or task."""
        if not isinstance(value, Instance) or not isinstance(value.cls, External):
            return False
        return value.cls.name in self.ctx.facts.locals

    def _partial(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        return Partial(args[0], tuple(args[1:]), keywords) if args else UNKNOWN

    def _lazy_object(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        function = args[0] if args else keywords.get("func", UNKNOWN)
        key = object()

        def run(ctx: EngineContext, consumer: ast.AST) -> Value:
            if key not in ctx.lazy_results:
                ctx.lazy_results[key] = ctx.calls.call(function, [], {}, consumer, frame)
            return ctx.lazy_results[key]

        return Deferred("lazy", run, self.ctx.moment, (function,))

    def _lazy_function(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        return Partial(External("<promise>"), (args[0],), {}) if args else UNKNOWN

    def _to_sync(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        return Partial(External("<run>"), (args[0],), {}) if args else UNKNOWN

    def _run_coroutine(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        made = self.ctx.calls.call(args[0], args[1:], keywords, node, frame)
        found = [
            option.run(self.ctx, node) if isinstance(option, Deferred) else option
            for option in options(made)
        ]
        return join(found)

    def _promise(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        function, rest = args[0], args[1:]
        return Deferred(
            "promise",
            lambda ctx, consumer: ctx.calls.call(function, rest, keywords, consumer, frame),
            self.ctx.moment,
        )

    def _entered(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        """``nullcontext(value)``, ``closing(value)``: what ``with`` binds is the value."""
        given = (*args, *keywords.values())[:1]
        bound = given[0] if given else NONE
        return Deferred("context", lambda ctx, consumer: bound, self.ctx.moment, given)

    def _registers(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        """A class is registered, or the result is a decorator that does so."""
        if self.ctx.startup.register(args, keywords, node):
            return NONE
        return Partial(External("<registered>"), (), {})

    def _registered(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        self.ctx.startup.register(args, keywords, node)
        return args[0] if args else UNKNOWN

    def _property(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        getter = args[0] if args else keywords.get("fget")
        setter = args[1] if len(args) > 1 else keywords.get("fset")
        if isinstance(getter, Function):
            marks = getter.marks | {"property"}
            return replace(
                getter, marks=marks, setter=setter if isinstance(setter, Function) else None
            )
        return UNKNOWN

    def _staticmethod(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if args and isinstance(args[0], Function):
            return replace(args[0], marks=args[0].marks | {"staticmethod"})
        return args[0] if args else UNKNOWN

    def _classmethod(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if args and isinstance(args[0], Function):
            return replace(args[0], marks=args[0].marks | {"classmethod"})
        return UNKNOWN

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


#: callables that this module makes, and the behaviour of each
RUNS: dict[str, Behaviour] = {
    "<run>": "coroutine-runner",
    "<promise>": "promise",
    "<registered>": "registered",
}
_SPECIAL: dict[Behaviour, str] = {
    "callable": "_callable",
    "classmethod": "_classmethod",
    "coroutine-runner": "_run_coroutine",
    "enters": "_entered",
    "getattr": "_getattr",
    "hasattr": "_hasattr",
    "lazy-function": "_lazy_function",
    "lazy-object": "_lazy_object",
    "partial": "_partial",
    "promise": "_promise",
    "property": "_property",
    "registered": "_registered",
    "registers": "_registers",
    "setattr": "_setattr",
    "staticmethod": "_staticmethod",
    "to-sync": "_to_sync",
    "type": "_type",
}
NO_KINDS: frozenset[str] = frozenset()
