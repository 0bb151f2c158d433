"""The methods that Python calls by itself on objects of the project: ``__iter__`` and others."""

from __future__ import annotations

import ast

from qs_lint.domain import Use, uses
from qs_lint.engine.context import Component, Frame
from qs_lint.values import Bound, ClassValue, Function, Instance, Value, decide, derived


class Protocols(Component):
    """What Python asks of an object when the code only uses it."""

    def ask(
        self,
        value: Instance,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """Call a special method, looked up on the class; ``None`` if the project defines none."""
        if not isinstance(value.cls, ClassValue):
            return None
        method = self.ctx.hierarchy.attribute_of_class(value.cls.info, name)
        if not isinstance(method, Function):
            return None
        return self.ctx.calls.call(Bound(value, method), args, keywords, node, frame)

    def iterate(self, value: Instance, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in object``."""
        for name in ("__iter__", "__len__", "__bool__"):
            if how.asks_length and name != "__len__":
                continue
            made = self.ask(value, name, [], {}, node, frame)
            if made is not None:
                return made.iterate(self.ctx, node, how, frame) if name == "__iter__" else made
        return derived([value])

    def test(self, value: Instance, node: ast.AST, frame: Frame) -> bool | None:
        """``if object``: its ``__bool__`` or ``__len__``; ``None``: nobody knows."""
        if isinstance(value.cls, ClassValue) and (
            self.ctx.hierarchy.attribute_of_class(value.cls.info, "__bool__") is not None
            or self.ctx.hierarchy.attribute_of_class(value.cls.info, "__len__") is not None
        ):
            decide(self.iterate(value, node, uses.BOOL, frame))
        return None
