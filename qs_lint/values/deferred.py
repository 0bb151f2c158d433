"""What runs later: generators, iterators, coroutines, lazy objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qs_lint.domain import Moment, Use, uses
from qs_lint.values.base import Operation, Value, decide, derived

if TYPE_CHECKING:
    import ast
    from collections.abc import Callable, Iterable

    from qs_lint.engine.context import EngineContext, Frame


@dataclass(eq=False, slots=True)
class Deferred(Value):
    """Something that runs when it is consumed: generator, iterator, coroutine, lazy object.

    ``run`` does the work, given the context that consumes it and the consuming node, and returns
    the items (or the result).  The context is not the one that made it, if an imported module
    holds it: that file's analysis may be over.
    """

    kind: str
    run: Callable[[Any, ast.AST], Value]
    born: Moment
    parts: tuple[Value, ...] = ()

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return self.parts

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``value.name``: a lazy object is made now."""
        if self.kind == "lazy":
            return self.run(ctx, node).read(ctx, name, node, frame)
        if self.kind == "alias" and name == "__value__":
            value = self.run(ctx, node)
            if ctx.moment is Moment.CALL and self.born is Moment.IMPORT:
                ctx.memos.kept_by(value, node, "type")
            return value
        return Operation(self, name)

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``value[key]``: a lazy object is made now."""
        if self.kind == "lazy":
            return self.run(ctx, node).item(ctx, key, node, frame)
        return derived([self])

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``value(...)``: a lazy object is made now."""
        if self.kind == "lazy":
            return ctx.calls.call(self.run(ctx, node), args, keywords, node, frame)
        return ctx.callables.opaque([*args, *keywords.values(), self])

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
        """``value.name(...)``."""
        if self.kind == "lazy":
            found = self.run(ctx, node).read(ctx, name, node, frame)
            return ctx.calls.call(found, args, keywords, node, frame)
        return ctx.callables.opaque([self, *args])

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in value``: one of process lifetime is exhausted by the first request."""
        if (
            ctx.moment is Moment.CALL
            and self.born is Moment.IMPORT
            and self.kind in ("generator", "iterator")
        ):
            return ctx.orm.shared_iterator(self, node, how, frame)
        return self.run(ctx, node)

    def contains(self, ctx: EngineContext, item: Value, node: ast.AST, frame: Frame) -> Value:
        """``item in value``: iterates."""
        return self.iterate(ctx, node, uses.MEMBERSHIP, frame)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if value``: a lazy object is made now."""
        decide(self.run(ctx, node) if self.kind == "lazy" else self)
        return None

    def show(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``str(value)``: a promise is made good."""
        if self.kind in ("lazy", "promise"):
            return self.run(ctx, node)
        return derived([self])

    def enter(self, ctx: EngineContext, node: ast.AST, frame: Frame) -> Value:
        """``with value as ...``: what a generator of a context manager yields."""
        return self.run(ctx, node) if self.kind == "context" else self
