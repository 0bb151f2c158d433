"""What imports bind: names of packages that are not read, modules of the project."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from qs_lint.domain import Holder, HolderKind, Moment, Use
from qs_lint.values.base import UNKNOWN, Value, derived

if TYPE_CHECKING:
    import ast

    from qs_lint.engine.context import EngineContext, Frame
    from qs_lint.engine.world import Source


@dataclass(eq=False, slots=True)
class External(Value):
    """A name of a package that is not read: known by its canonical dotted name only."""

    leaf: ClassVar[bool] = True

    name: str

    def same(self, other: Value) -> bool:
        """Whether another value says the same."""
        return isinstance(other, External) and self.name == other.name

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``package.name``."""
        return ctx.attributes.external_attribute(self, name, node, frame)

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``package.name[key]``: ``Literal[...]`` keeps what is written in the brackets."""
        return derived([key])

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``package.name(...)``, by the tables of facts."""
        return ctx.statements.call_external(self.name, args, keywords, node, frame)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if TYPE_CHECKING``."""
        return False if self.name == "typing.TYPE_CHECKING" else None


@dataclass(eq=False, slots=True)
class ModuleValue(Value):
    """A module of the project."""

    leaf: ClassVar[bool] = True

    source: Source

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``module.name``."""
        found = ctx.modules.member(self.source, name)
        if found is None:
            return ctx.protocols.missing_from(self, name, node, frame) or UNKNOWN
        ctx.attributes.note_read(found, Holder(HolderKind.MODULE_ATTRIBUTE, name, self.source.name))
        return found

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``module.name = ...``."""
        ctx.startup.keep(value)
        if ctx.moment is Moment.CALL:
            ctx.memos.memo(
                value, node, frame, Holder(HolderKind.MODULE_ATTRIBUTE, name, self.source.name)
            )

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if module``."""
        return True


@dataclass(eq=False, slots=True)
class Imported(Value):
    """A name bound by an import of a project module, not looked up yet."""

    leaf: ClassVar[bool] = True

    source: Source
    name: str
