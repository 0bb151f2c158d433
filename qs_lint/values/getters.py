"""What ``operator`` makes: objects that take something out of whatever they are called with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qs_lint.values.base import UNKNOWN, Value

if TYPE_CHECKING:
    import ast

    from qs_lint.engine.context import EngineContext, Frame


@dataclass(eq=False, slots=True)
class Getter(Value):
    """``operator.attrgetter(...)``, ``itemgetter(...)`` or ``methodcaller(...)``.

    ``take`` does the work, given the context that calls it, what it is called with, the calling
    node and its frame.
    """

    take: Callable[[Any, Value, ast.AST, Any], Value]
    parts: tuple[Value, ...] = ()

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return self.parts

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``getter(thing)``."""
        return self.take(ctx, args[0], node, frame) if len(args) == 1 else UNKNOWN

    def test(self, ctx: EngineContext, node: ast.AST, how: Any, frame: Frame) -> bool | None:
        """``if getter``."""
        return True
