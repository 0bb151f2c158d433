"""Lists, tuples, sets and dicts whose items are known."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qs_lint.domain import Moment, Use
from qs_lint.values.base import UNKNOWN, Const, Opaque, Value, decide, join, taints_of
from qs_lint.values.taints import NO_TAINTS, Taint

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable

    from qs_lint.engine.context import EngineContext, Frame


#: Of a larger container nothing is known: nobody writes one, but ``x = x + x`` may make it.
MAX_ITEMS = 1_000


@dataclass(eq=False, slots=True)
class Sequence(Value):
    """A list, tuple, set or frozenset whose items are known (approximately, in any order)."""

    kind: str
    items: list[Value]
    born: Moment
    node: ast.AST
    #: other items may be in it
    open: bool = False
    taints: frozenset[Taint] = frozenset()

    def __post_init__(self) -> None:
        self.bound()

    def bound(self) -> bool:
        """Forget everything if there is too much; whether that was so."""
        if len(self.items) <= MAX_ITEMS:
            return False
        self.items, self.open, self.taints = [], True, NO_TAINTS
        return True

    def add(self, ctx: EngineContext, items: Iterable[Value], node: ast.AST) -> None:
        """Put items into it, if whatever runs now may do so."""
        if not ctx.heap.may_change(self):
            return
        self.items.extend(items)
        if self.bound():
            ctx.limit(node)

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return self.items

    def own_taints(self) -> frozenset[Taint]:
        """The taints on itself, not on what it holds."""
        return self.taints

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``value[key]``."""
        if (
            isinstance(key, Const)
            and isinstance(key.value, int)
            and not self.open
            and -len(self.items) <= key.value < len(self.items)
        ):
            return self.items[key.value]
        return join([*self.items, Opaque(self.taints)])

    def store_item(
        self, ctx: EngineContext, key: Value, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``value[key] = ...``."""
        if not _kept(self, ctx, key, value, node, frame):
            self.add(ctx, (value,), node)

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
        """``value.append(...)`` ..."""
        return ctx.methods.sequence_method(self, name, args, node, frame)

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in value``."""
        if not self.taints:
            return join(self.items)
        return join([*self.items, Opaque(self.taints)])

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if value``: whether it has items."""
        return _has_items(self, ctx)


@dataclass(eq=False, slots=True)
class Mapping(Value):
    """A dict; keys that are no constants share the key ``None``."""

    items: dict[Any, Value]
    born: Moment
    node: ast.AST
    nodes: dict[Any, ast.AST] = field(default_factory=dict)
    open: bool = False
    taints: frozenset[Taint] = frozenset()

    def __post_init__(self) -> None:
        self.bound()

    def bound(self) -> bool:
        """Forget everything if there is too much; whether that was so."""
        if len(self.items) <= MAX_ITEMS:
            return False
        self.items, self.nodes, self.open, self.taints = {}, {}, True, NO_TAINTS
        return True

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return self.items.values()

    def own_taints(self) -> frozenset[Taint]:
        """The taints on itself, not on what it holds."""
        return self.taints

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``value[key]``."""
        constant = key.value if isinstance(key, Const) else None
        try:
            if isinstance(key, Const) and constant in self.items and constant is not None:
                return self.items[constant]
        except TypeError:
            return UNKNOWN
        rest = [*self.items.values()] if not isinstance(key, Const) else []
        if None in self.items:
            rest.append(self.items[None])
        if self.open or self.taints:
            rest.append(Opaque(self.taints))
        return join(rest)

    def store_item(
        self, ctx: EngineContext, key: Value, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``value[key] = ...``."""
        if _kept(self, ctx, key, value, node, frame):
            return
        constant = key.value if isinstance(key, Const) else None
        try:
            hash(constant)
        except TypeError:
            constant = None
        if constant is None and None in self.items:
            value = join([self.items[None], value])
        self.items[constant] = value
        self.nodes[constant] = node
        if self.bound():
            ctx.limit(node)

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
        """``value.get(...)`` ..."""
        return ctx.methods.mapping_method(self, name, args, keywords, node, frame)

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for key in value``."""
        keys: list[Value] = [Const(key) for key in self.items if key is not None]
        if self.taints:
            keys.append(Opaque(self.taints))
        return join(keys)

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if value``: whether it has items."""
        return _has_items(self, ctx)


def _has_items(container: Sequence | Mapping, ctx: EngineContext) -> bool | None:
    decide(container)
    if container.open or container.taints:
        return None
    if container.born is ctx.moment or container.items:
        return bool(container.items)
    return None  # a request may have filled it before


def _kept(
    container: Sequence | Mapping,
    ctx: EngineContext,
    key: Value,
    value: Value,
    node: ast.AST,
    frame: Frame,
) -> bool:
    """Whether a value does not get into a container: it is another module's, or outlives this."""
    if not ctx.heap.may_change(container):
        return True
    if ctx.moment is container.born:
        container.taints |= taints_of(key)
    keeper = ctx.memos.keeper(container)
    if keeper is not None:
        ctx.memos.memo(value, node, frame, keeper)
    return ctx.moment is Moment.CALL and container.born is Moment.IMPORT
