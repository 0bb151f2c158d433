"""Classes of the project, and what is above them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qs_lint.domain import Holder, HolderKind, Moment, Use
from qs_lint.values.base import UNKNOWN, Value
from qs_lint.values.functions import Bound, Function

if TYPE_CHECKING:
    import ast

    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.context import EngineContext, Frame


@dataclass(eq=False, slots=True)
class ClassValue(Value):
    """A class of the project."""

    leaf: ClassVar[bool] = True

    info: ClassInfo

    def same(self, other: Value) -> bool:
        """Whether another value says the same."""
        return isinstance(other, ClassValue) and self.info is other.info

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``Class.name``."""
        return ctx.attributes.class_attribute(self, name, node, frame)

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``Class.name = ...``."""
        if ctx.protocols.assigned(self, name, value, node, frame):
            return
        if ctx.moment is Moment.CALL:
            ctx.heap.put(self.info, name, value)
            ctx.memos.memo(
                value, node, frame, Holder(HolderKind.CLASS_ATTRIBUTE, name, self.info.name)
            )
        elif self.info.source is not ctx.main:
            ctx.startup.keep(value)
            ctx.heap.put(self.info, name, value)  # not for the files checked after this
        elif not ctx.muted:
            self.info.extra[name] = value

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``Class(...)``: the ``__call__`` of its metaclass, or an instance."""
        made = ctx.protocols.ask(self, "__call__", args, keywords, node, frame)
        if made is not None:
            return made
        return ctx.calls.instantiate(self, args, keywords, node, frame)

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
        """``Class.name(...)``, a class method of a framework class above it."""
        return ctx.methods.class_operation(self, name, args, keywords, node, frame)

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in Class``: by its metaclass."""
        return ctx.protocols.iterate(self, node, how, frame)

    def length(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``len(Class)``: by its metaclass."""
        return ctx.protocols.length(self, node, frame)

    def contains(self, ctx: EngineContext, item: Value, node: ast.AST, frame: Frame) -> Value:
        """``item in Class``: by its metaclass."""
        return ctx.protocols.contains(self, item, node, frame)

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``Class[key]``: by its metaclass, or its own ``__class_getitem__``."""
        made = ctx.protocols.ask(self, "__getitem__", [key], {}, node, frame)
        if made is not None:
            return made
        found = ctx.hierarchy.attribute_of_class(self.info, "__class_getitem__")
        if isinstance(found, Function):
            return ctx.calls.call(Bound(self, found), [key], {}, node, frame)
        return UNKNOWN

    def show(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``str(Class)``: by its metaclass."""
        return ctx.protocols.show(self, node, how, frame)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if Class``."""
        return ctx.protocols.test(self, node, frame) if ctx.protocols.type_of(self) else True


@dataclass(eq=False, slots=True)
class Super(Value):
    """The result of ``super()``."""

    leaf: ClassVar[bool] = True

    info: ClassInfo
    receiver: Value

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``super().name``."""
        return ctx.attributes.super_attribute(self, name, node, frame)
