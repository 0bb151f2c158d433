"""Callables with a behaviour of their own: attributes by name, decorators, promises, coroutines."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qs_lint.domain import Moment
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, Frame
from qs_lint.engine.scope import Scope
from qs_lint.values import (
    NONE,
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Deferred,
    External,
    Function,
    Getter,
    Instance,
    ManagerValue,
    Mapping,
    Opaque,
    Operation,
    Partial,
    QuerySetValue,
    Sequence,
    Value,
    derived,
    join,
    options,
    taints_of,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext
    from qs_lint.facts.schema import Behaviour


class Behaviours(Component):
    """What those callables do; :data:`SPECIAL` says which method is whose."""

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
            return self.ctx.callables.opaque(args) if self.ctx.moment is Moment.IMPORT else NONE
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

    def _callable(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        """``callable(x)``: decorators with optional arguments ask what they were given."""
        answers = {self._may_be_called(option) for option in options(args[0])} if args else {None}
        known = answers.pop() if len(answers) == 1 else None
        return derived(args) if known is None else Const(known)

    def _may_be_called(self, value: Value) -> bool | None:
        if isinstance(value, (Function, Bound, Partial, Getter, ClassValue)):
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

    def _attribute_getter(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        """``attrgetter("a.b", ...)``; of several names, the getter makes a tuple."""
        names = [a.value for a in args if isinstance(a, Const) and isinstance(a.value, str)]

        def attribute(ctx: EngineContext, thing: Value, name: str, *at: Any) -> Value:
            for part in name.split("."):
                thing = ctx.attributes.attribute(thing, part, *at)
            return thing

        def take(ctx: EngineContext, thing: Value, consumer: ast.AST, where: Frame) -> Value:
            found = [attribute(ctx, thing, name, consumer, where) for name in names]
            return _alone_or_tuple(found, ctx.moment, consumer)

        return Getter(take) if names and len(names) == len(args) else UNKNOWN

    def _item_getter(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        """``itemgetter(key, ...)``; of several keys, the getter makes a tuple."""

        def take(ctx: EngineContext, thing: Value, consumer: ast.AST, where: Frame) -> Value:
            found = [ctx.attributes.item(thing, key, consumer, where) for key in args]
            return _alone_or_tuple(found, ctx.moment, consumer)

        return Getter(take, tuple(args)) if args else UNKNOWN

    def _method_caller(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        """``methodcaller("name", ...)``."""
        name = args[0] if args else UNKNOWN
        if not isinstance(name, Const) or not isinstance(name.value, str):
            return UNKNOWN
        called, given = name.value, args[1:]

        def take(ctx: EngineContext, thing: Value, consumer: ast.AST, where: Frame) -> Value:
            method = ctx.attributes.attribute(thing, called, consumer, where)
            return ctx.calls.call(method, list(given), dict(keywords), consumer, where)

        return Getter(take, (*given, *keywords.values()))

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


def _alone_or_tuple(found: list[Value], now: Moment, node: ast.AST) -> Value:
    return found[0] if len(found) == 1 else Sequence("tuple", found, now, node)


#: callables that this module makes, and the behaviour of each
RUNS: dict[str, Behaviour] = {
    "<run>": "coroutine-runner",
    "<promise>": "promise",
    "<registered>": "registered",
}
#: what each behaviour does with ``(arguments, keywords, node, frame)``
SPECIAL: dict[
    Behaviour, Callable[[Behaviours, list[Value], dict[str, Value], ast.AST, Frame], Value]
] = {
    "attribute-getter": Behaviours._attribute_getter,
    "callable": Behaviours._callable,
    "classmethod": Behaviours._classmethod,
    "coroutine-runner": Behaviours._run_coroutine,
    "enters": Behaviours._entered,
    "getattr": Behaviours._getattr,
    "hasattr": Behaviours._hasattr,
    "item-getter": Behaviours._item_getter,
    "lazy-function": Behaviours._lazy_function,
    "lazy-object": Behaviours._lazy_object,
    "method-caller": Behaviours._method_caller,
    "partial": Behaviours._partial,
    "promise": Behaviours._promise,
    "property": Behaviours._property,
    "registered": Behaviours._registered,
    "registers": Behaviours._registers,
    "setattr": Behaviours._setattr,
    "staticmethod": Behaviours._staticmethod,
    "to-sync": Behaviours._to_sync,
    "type": Behaviours._type,
}
