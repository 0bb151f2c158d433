"""What all values have in common, and the values without a kind of their own.

A value never raises and is never executed code of the checked project.  What came out of the
database, or out of a clock, leaves a *taint* on everything that is computed from it.

What happens to a value when Python reads an attribute of it, iterates it, tests it ... is a
method of the value.  The engine asks; it does not look what kind of value it has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from qs_lint.domain import Use
from qs_lint.values.taints import NO_TAINTS, QueryRun, Taint

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterable, Iterator

    from qs_lint.engine.context import EngineContext, Frame

MAX_OPTIONS = 8
MAX_DEPTH = 6


class Value:
    """The base of all values; by itself: unknown."""

    __slots__ = ()

    #: holds no other value, and no taint
    leaf: ClassVar[bool] = False

    # what a value is made of

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return ()

    def own_taints(self) -> frozenset[Taint]:
        """The taints on itself, not on what it holds."""
        return NO_TAINTS

    def same(self, other: Value) -> bool:
        """Whether another value of the same type, which is not this object, says the same."""
        return False

    # what Python does with it

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``value.name``."""
        return Operation(self, name)

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``value.name = ...``."""

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``value[key]`` with a key that is no slice."""
        return derived([self])

    def store_item(
        self, ctx: EngineContext, key: Value, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``value[key] = ...``."""

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``value(...)``; the result is what the call may return."""
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
        """``value.name(...)``, a method that is not project code (``above``: by ``super()``)."""
        return ctx.methods.plain_method(self, name, args, keywords, node, frame)

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in value``; the result stands for one of its items."""
        return UNKNOWN

    def length(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``len(value)``; the result has the taints of the answer."""
        return self.iterate(ctx, node, how, frame)

    def contains(self, ctx: EngineContext, item: Value, node: ast.AST, frame: Frame) -> Value:
        """``item in value``; the result has the taints of the answer."""
        return self

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if value``; ``None``: nobody knows."""
        decide(self)
        return None

    def show(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``str(value)`` and the like: made a text, without filling a cache."""
        return derived([self])

    def enter(self, ctx: EngineContext, node: ast.AST, frame: Frame) -> Value:
        """``with value as ...``; the result is what is bound."""
        return self


@dataclass(eq=False, slots=True)
class Opaque(Value):
    """A value of unknown type, with what is known to be inside of it.

    Whoever makes one of parts gives it their taints, too.
    """

    taints: frozenset[Taint] = frozenset()
    parts: tuple[Value, ...] = ()
    #: an attribute read from a row: may be a related manager
    row_attribute: str = ""
    model: Value | None = None

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return self.parts

    def own_taints(self) -> frozenset[Taint]:
        """The taints on itself, not on what it holds."""
        return self.taints

    def same(self, other: Value) -> bool:
        """Whether another value says the same."""
        if self is UNSET or other is UNSET or not isinstance(other, Opaque):
            return False
        return self.taints == other.taints and self.parts == other.parts

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``value.name``: perhaps the manager of a model that nobody knows."""
        manager = ctx.orm.manager_of(self, name)
        return Operation(self, name) if manager is None else manager

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
        """``value.name(...)``: perhaps a method of a related manager, or of a time."""
        if self.row_attribute:
            return ctx.methods.related(self, name, args, keywords, node, frame)
        made = ctx.methods.plain_method(self, name, args, keywords, node, frame)
        return ctx.attributes.part_of_time(made, name) if self.taints else made

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in value``."""
        return Opaque(self.taints) if self.taints else UNKNOWN


UNKNOWN = Opaque()
#: an attribute that only some paths have set: the class attribute may still be seen
UNSET = Opaque(row_attribute="")


@dataclass(eq=False, slots=True)
class Const(Value):
    """A literal."""

    leaf: ClassVar[bool] = True

    value: Any

    def same(self, other: Value) -> bool:
        """Whether another value says the same."""
        return (
            isinstance(other, Const)
            and type(self.value) is type(other.value)
            and bool(self.value == other.value)
        )

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if value``."""
        return bool(self.value)


NONE = Const(None)


@dataclass(eq=False, slots=True)
class Operation(Value):
    """A method of something that is not project code: ``receiver.name``, not called yet."""

    receiver: Value
    name: str
    #: reached through ``super()``
    above: bool = False

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return (self.receiver,)

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``receiver.name(...)``."""
        return self.receiver.method(ctx, self.name, args, keywords, node, frame, self.above)


@dataclass(eq=False, slots=True)
class Choice(Value):
    """One of several values, depending on the path taken: what happens, happens to each."""

    options: tuple[Value, ...]

    def held(self) -> Iterable[Value]:
        """The values that it holds directly."""
        return self.options

    def read(self, ctx: EngineContext, name: str, node: ast.AST, frame: Frame) -> Value:
        """``value.name``."""
        read = self.options if name.startswith("__") else usable(self)
        return join(option.read(ctx, name, node, frame) for option in read)

    def store(
        self, ctx: EngineContext, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``value.name = ...``."""
        for option in ctx.attributes.stored_on(tuple(usable(self))):
            option.store(ctx, name, value, node, frame)

    def item(self, ctx: EngineContext, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``value[key]``."""
        return join(option.item(ctx, key, node, frame) for option in usable(self))

    def store_item(
        self, ctx: EngineContext, key: Value, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``value[key] = ...``."""
        for option in usable(self):
            option.store_item(ctx, key, value, node, frame)

    def call(
        self,
        ctx: EngineContext,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """``value(...)``; each may change the arguments that it is given."""
        return join(
            option.call(ctx, list(args), keywords.copy(), node, frame) for option in usable(self)
        )

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
        return join(
            option.method(ctx, name, list(args), keywords.copy(), node, frame, above)
            for option in usable(self)
        )

    def iterate(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in value``."""
        return join([option.iterate(ctx, node, how, frame) for option in usable(self)])

    def length(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``len(value)``."""
        return join([option.length(ctx, node, how, frame) for option in usable(self)])

    def contains(self, ctx: EngineContext, item: Value, node: ast.AST, frame: Frame) -> Value:
        """``item in value``."""
        return join([option.contains(ctx, item, node, frame) for option in usable(self)])

    def test(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> bool | None:
        """``if value``: known if it is the same for all."""
        results = {option.test(ctx, node, how, frame) for option in self.options}
        return results.pop() if len(results) == 1 else None

    def show(self, ctx: EngineContext, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``str(value)``."""
        return join([option.show(ctx, node, how, frame) for option in self.options])

    def enter(self, ctx: EngineContext, node: ast.AST, frame: Frame) -> Value:
        """``with value as ...``."""
        return join([option.enter(ctx, node, frame) for option in usable(self)])


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value; a value that is no choice is its only alternative."""
    return value.options if isinstance(value, Choice) else (value,)


def usable(value: Value) -> tuple[Value, ...]:
    """The alternatives that have attributes, items, or can be called.

    ``None`` has none and cannot be: where something is done with the value, it was not ``None``.
    """
    found = options(value)
    return tuple(option for option in found if not is_none(option)) or found


def is_none(value: Value) -> bool:
    """Whether a value is ``None``."""
    return isinstance(value, Const) and value.value is None


def join(values: Iterable[Value]) -> Value:
    """One value that stands for any of several."""
    found: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, Choice) else (value,):
            for known in found:
                if known is option or (type(known) is type(option) and option.same(known)):
                    break
            else:
                found.append(option)
                if len(found) == MAX_OPTIONS:
                    return Choice(tuple(found))
    if not found:
        return UNKNOWN
    return found[0] if len(found) == 1 else Choice(tuple(found))


def children(value: Value) -> Iterable[Value]:
    """The values that a value holds directly."""
    return value.held()


def walk(value: Value, depth: int = MAX_DEPTH) -> Iterator[Value]:
    """The value and what is held inside of it, each object once.

    Literals, names, functions, classes and managers inside are left out, and unknown values.
    """
    if not value.held():
        yield value
        return
    seen: set[int] = set()
    stack = [(value, depth)]
    while stack:
        current, left = stack.pop()
        key = id(current)
        if key in seen:
            continue
        seen.add(key)
        yield current
        if not left:
            continue
        left -= 1
        for child in current.held():
            if not child.leaf and child is not UNKNOWN:
                stack.append((child, left))


def taints_of(value: Value) -> frozenset[Taint]:
    """All taints on a value and on what it holds."""
    if type(value) is Opaque:
        return value.taints  # with those of its parts: see Opaque
    if value.leaf:
        return NO_TAINTS
    if not value.held():
        return value.own_taints()
    # as walk() goes, without a generator: this is asked of every argument
    found: set[Taint] = set()
    seen: set[int] = set()
    stack = [(value, MAX_DEPTH)]
    while stack:
        part, left = stack.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        own = part.own_taints()
        if own:
            found |= own
        if left:
            left -= 1
            for child in part.held():
                if not child.leaf and child is not UNKNOWN:
                    stack.append((child, left))
    return frozenset(found) if found else NO_TAINTS


def derived(values: Iterable[Value], extra: Iterable[Taint] = ()) -> Value:
    """A value computed from others: keeps their taints, nothing else is known of it."""
    taints: frozenset[Taint] = frozenset(extra)
    for value in values:
        if value is not UNKNOWN and not value.leaf:
            taints |= taints_of(value)
    return Opaque(taints) if taints else UNKNOWN


def decide(value: Value) -> None:
    """Note that queries behind a value decided which way the code goes."""
    for taint in taints_of(value):
        if isinstance(taint, QueryRun):
            taint.decided = True
