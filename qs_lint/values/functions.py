"""Functions of the project, alone or with arguments bound to them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from qs_lint.domain import Holder, HolderKind, Moment, Use
from qs_lint.values.base import UNKNOWN, Value
from qs_lint.values.external import External

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.context import EngineContext, Frame
    from qs_lint.engine.scope import Scope
    from qs_lint.engine.world import Source


@dataclass(eq=False, slots=True)
class Function(Value):
    """A function or lambda of the project, with the scope it closes over."""

    leaf: ClassVar[bool] = True

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    source: Source
    scope: Scope
    owner: ClassInfo | None = None
    defaults: dict[str, Value] = field(default_factory=dict)
    #: property | cached_property | classmethod | staticmethod | memo | contextmanager ...
    marks: frozenset[str] = frozenset()
    born: Moment = Moment.IMPORT
    #: of a property: what runs when the attribute is assigned
    setter: Function | None = None

    @property
    def name(self) -> str:
        """The function's name (``<lambda>`` for lambdas)."""
        return getattr(self.node, "name", "<lambda>")

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``function.name``: what was set on it."""
        held = ctx.heap.stored(self.node, name)
        if held is None:
            return UNKNOWN
        ctx.attributes.note_read(held, Holder(HolderKind.FUNCTION_ATTRIBUTE, name, self.name))
        return held

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``function.name = ...``."""
        ctx.heap.put(self.node, name, value)
        if ctx.moment is Moment.CALL and self.born is Moment.IMPORT:
            ctx.memos.memo(
                value, node, frame, Holder(HolderKind.FUNCTION_ATTRIBUTE, name, self.name)
            )

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``function(...)``: its body is followed."""
        return ctx.calls.call_function(self, args, keywords, node, frame)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if function``."""
        return True


@dataclass(eq=False, slots=True)
class Bound(Value):
    """A project function bound to its first argument."""

    leaf: ClassVar[bool] = True

    receiver: Value
    function: Function

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``receiver.function(...)``."""
        return ctx.calls.call_function(
            self.function, [self.receiver, *args], keywords, node, frame, self.receiver
        )


def _is_placeholder(value: Value) -> bool:
    return isinstance(value, External) and value.name == "functools.Placeholder"


@dataclass(eq=False, slots=True)
class Partial(Value):
    """``functools.partial(function, ...)``."""

    function: Value
    args: tuple[Value, ...]
    keywords: dict[str, Value]

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return (*self.args, *self.keywords.values())

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call the function with the arguments of both."""
        merged = {**self.keywords, **keywords}
        later = list(args)
        given = [later.pop(0) if later and _is_placeholder(arg) else arg for arg in self.args]
        return ctx.calls.call(self.function, [*given, *later], merged, node, frame)
