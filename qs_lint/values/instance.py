"""Objects of classes: of the project's own, and of packages that are not read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qs_lint.domain import Moment, Use
from qs_lint.values.base import Value, derived
from qs_lint.values.deferred import Deferred

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from qs_lint.engine.context import EngineContext, Frame
    from qs_lint.engine.world import Source


@dataclass(eq=False, slots=True)
class Instance(Value):
    """An object of a project or external class; its attributes live in the heap."""

    cls: Value
    born: Moment
    node: ast.AST
    source: Source
    parts: tuple[Value, ...] = ()
    #: stands for "an instance of the class", not for one object
    generic: bool = False

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return self.parts

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``object.name``."""
        return ctx.attributes.instance_attribute(self, name, node, frame)

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``object.name = ...``."""
        ctx.attributes.store_on_instance(self, name, value, node, frame)

    def store_item(
        self, ctx: EngineContext, key: Value, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``object[key] = ...``: its ``__setitem__``, or that of a container."""
        if ctx.protocols.ask(self, "__setitem__", [key, value], {}, node, frame) is None:
            ctx.attributes.store_in_instance(self, value, node, frame)

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``object(...)``: its ``__call__``."""
        made = ctx.protocols.ask(self, "__call__", args, keywords, node, frame)
        return ctx.callables.opaque([*args, *keywords.values(), self]) if made is None else made

    def method(
        self,
        ctx: EngineContext,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        above: bool = False,
    ) -> Value:
        """``object.name(...)``, a method that it inherits from a framework class."""
        return ctx.framework.framework_method(self, name, args, keywords, node, frame)

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in object``."""
        return ctx.protocols.iterate(self, node, how, frame)

    def length(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``len(object)``: its ``__len__``."""
        return ctx.protocols.length(self, node, frame)

    def contains(self, ctx: EngineContext, item: Value, node: ast.AST, frame: Frame) -> Value:
        """``item in object``: its ``__contains__``."""
        return ctx.protocols.contains(self, item, node, frame)

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``object[key]``: its ``__getitem__``."""
        made = ctx.protocols.ask(self, "__getitem__", [key], {}, node, frame)
        return derived([self]) if made is None else made

    def show(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``str(object)``: its ``__str__`` ..."""
        return ctx.protocols.show(self, node, how, frame)

    def enter(self, ctx: EngineContext, node: ast.AST, frame: Frame) -> Value:
        """``with object as ...``: its ``__enter__``."""
        made = ctx.protocols.first(self, ("__enter__", "__aenter__"), [], node, frame)
        if isinstance(made, Deferred) and made.kind == "coroutine":
            made = made.run(ctx, node)
        return self if made is None else made

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if object``: its ``__bool__`` or ``__len__``."""
        return ctx.protocols.test(self, node, frame)
