"""Members of enumerations that have a label beside their value."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from qs_lint.values.base import UNKNOWN, Operation, Value
from qs_lint.values.containers import Sequence

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from qs_lint.domain import Use
    from qs_lint.engine.context import EngineContext, Frame


@dataclass(eq=False, slots=True)
class Member(Value):
    """A member: worth its value; the label is for people."""

    value: Value
    label: Value

    def held(self) -> Iterable[Value]:
        """The values that it holds directly: the label is asked for by name."""
        return (self.value,)

    def same(self, other: Value) -> bool:
        """Whether another value says the same."""
        return isinstance(other, Member) and self.value is other.value

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``member.value``, ``member.label``."""
        if name in ("value", "_value_"):
            return self.value
        if name in ("label", "_label_"):
            return self.label
        if isinstance(self.value, Sequence):
            return UNKNOWN  # what the constructor of the enumeration made of an item
        return Operation(self.value, name)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if member``."""
        return self.value.test(ctx, node, how, frame)
