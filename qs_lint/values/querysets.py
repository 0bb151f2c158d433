"""What Django's ORM makes: managers, lazy querysets, rows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from qs_lint.domain import Holder, HolderKind, Hop, Moment, Use, uses
from qs_lint.domain.holders import NOWHERE
from qs_lint.findings import Confidence
from qs_lint.values.base import UNKNOWN, Const, Value, decide, derived, walk
from qs_lint.values.taints import QueryRun, Taint, in_order

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator

    from qs_lint.engine.context import EngineContext, Frame
    from qs_lint.engine.world import Source

#: Making a text of a raw queryset runs nothing.


@dataclass(eq=False, slots=True)
class ManagerValue(Value):
    """A Django manager; evaluates nothing by itself."""

    leaf: ClassVar[bool] = True

    model: Value
    #: the manager's class, if it is known
    cls: Value | None
    confidence: Confidence
    #: unknown methods may exist
    open: bool = False

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``manager.name``."""
        return ctx.orm.orm_attribute(self, name, node, frame)

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``manager.name = ...``."""
        if ctx.moment is Moment.CALL:
            ctx.memos.memo(value, node, frame, Holder(HolderKind.MANAGER_ATTRIBUTE, name))

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
        """``manager.name(...)``."""
        return ctx.orm.orm_operation(self, name, args, keywords, node, frame, above)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if manager``."""
        return True


@dataclass(eq=False, slots=True)
class QuerySetValue(Value):
    """A lazy query, an object with a result cache."""

    model: Value
    cls: Value | None
    born: Moment
    node: ast.AST
    source: Source
    confidence: Confidence
    raw: bool = False
    none: bool = False
    ordered: bool = False
    #: kind of the rows: instance, values
    rows: str = "instance"
    frozen: tuple[FrozenArgument, ...] = ()
    selected: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    open: bool = False
    filled: QueryRun | None = None
    #: where it is kept, for messages: "ORDERS", "self.queryset"
    holder: Holder = NOWHERE
    steps: tuple[Hop, ...] = ()
    depth: int = 0

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``queryset.name``."""
        return ctx.orm.orm_attribute(self, name, node, frame)

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``queryset[0]``: a query, unless its cache is full already."""
        if self.filled is not None and not ctx.shared(self):
            return Rows("instance", frozenset((self.filled,)), self.model)
        if self.raw:
            return self.iterate(ctx, node, uses.INDEXED, frame)
        found = self.show(ctx, node, uses.INDEXED, frame)
        return replace(found, kind="instance") if isinstance(found, Rows) else found

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``queryset.name = ...``: without its result cache it asks anew."""
        if name == "_result_cache" and isinstance(value, Const) and value.value is None:
            ctx.orm.emptied.add(id(self))

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
        """``queryset.name(...)``."""
        return ctx.orm.orm_operation(self, name, args, keywords, node, frame, above)

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for row in queryset``: a query, and its cache is full."""
        return ctx.orm.evaluate_queryset(self, node, how, frame)

    def contains(self, ctx: EngineContext, item: Value, node: ast.AST, frame: Frame) -> Value:
        """``row in queryset``: iterates."""
        return ctx.orm.evaluate_queryset(self, node, uses.MEMBERSHIP, frame)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if queryset``: iterates."""
        decide(ctx.orm.evaluate_queryset(self, node, how, frame))
        return None

    def show(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``repr(queryset)``: a query of its own; the cache stays as it is."""
        if self.none:
            return derived([self])
        if (self.raw and how.formats) or ctx.shared(self):
            return UNKNOWN
        run = ctx.fates.record_query(self, node, how, frame)
        return Rows("scalar", frozenset((run,)), self.model, self.confidence)


@dataclass(eq=False, slots=True)
class FrozenArgument:
    """A queryset took an argument that was right only when it was computed."""

    node: ast.AST
    anchor: ast.AST
    source: Source
    moment: Moment
    taints: tuple[Taint, ...]
    confidence: Confidence
    steps: tuple[Hop, ...]
    model: str
    #: what took it: ".filter", "get_object_or_404", "limit_choices_to"
    method: str
    #: the query ran at import and its rows are reported instead
    consumed: bool = False

    def __post_init__(self) -> None:
        self.taints = tuple(in_order(self.taints))


@dataclass(eq=False, slots=True)
class Rows(Value):
    """What came back from the database, in any container or scalar."""

    kind: str
    taints: frozenset[Taint]
    model: Value = UNKNOWN
    confidence: Confidence = Confidence.HIGH
    prefetched: tuple[str, ...] = ()

    def own_taints(self) -> frozenset[Taint]:
        """The taints on itself."""
        return self.taints

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``row.name``."""
        return ctx.attributes.row_attribute(self, name, node, frame)

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``rows[0]``."""
        kind = "instance" if self.kind == "list" else "scalar"
        return Rows(kind, self.taints, self.model, self.confidence)

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
        """``rows.copy()`` ..."""
        return ctx.methods.rows_method(self, name, args, keywords, node, frame)

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for row in rows``."""
        if self.kind in ("list", "iterator", "instance", "pair"):
            return Rows("instance", self.taints, self.model, self.confidence)
        return Rows("scalar", self.taints, confidence=self.confidence)


def querysets_in(value: Value) -> Iterator[QuerySetValue]:
    """The querysets that a value is or holds."""
    for part in walk(value):
        if isinstance(part, QuerySetValue):
            yield part
