"""What an expression can be worth: the abstract values of the analysis.

A value never raises and is never executed code of the checked project.  What came out of the
database, or out of a clock, leaves a *taint* on everything that is computed from it.
"""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qs_lint.findings import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.scope import Scope
    from qs_lint.findings import Step
    from qs_lint.project.source import Source

MAX_OPTIONS = 8
MAX_DEPTH = 6


class Moment(enum.Enum):
    """When an expression runs."""

    IMPORT = "import"
    CALL = "call"


@dataclass(eq=False, slots=True)
class Taint:
    """Something that was true only at one moment, and where that happened."""

    how: str
    node: ast.AST
    source: Source
    moment: Moment
    confidence: Confidence
    anchor: ast.AST
    steps: tuple[Step, ...] = ()


@dataclass(eq=False, slots=True)
class QueryRun(Taint):
    """A query that ran: its rows are what they were at ``moment``."""

    model: str = ""
    selected: tuple[str, ...] = ()
    prefetched: tuple[str, ...] = ()
    writes: bool = False
    #: a branch or a loop was decided by the result
    decided: bool = False
    #: how the statement at import uses the rows: kept, branch, dropped, argument
    sink: str = ""
    depth: int = 0
    #: class, module, default or decorator: where the code of the checked file stands
    place: str = "module"
    #: the name that the statement binds
    target: str = ""
    #: the calls around the query, outermost first
    callees: tuple[str, ...] = ()
    #: inside of ``try``: the disguise that hides the error of an empty database
    guarded: bool = False
    context: Any = None


@dataclass(eq=False, slots=True)
class VolatileRead(Taint):
    """A clock, a random number or another value that is right only at ``moment``."""

    kind: str = "clock"


NO_TAINTS: frozenset[Taint] = frozenset()


class Value:
    """The base of all values; by itself: unknown."""

    __slots__ = ()


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


UNKNOWN = Opaque()
#: an attribute that only some paths have set: the class attribute may still be seen
UNSET = Opaque(row_attribute="")


@dataclass(eq=False, slots=True)
class Const(Value):
    """A literal."""

    value: Any


NONE = Const(None)


@dataclass(eq=False, slots=True)
class External(Value):
    """A name of a package that is not read: known by its canonical dotted name only."""

    name: str


@dataclass(eq=False, slots=True)
class ModuleValue(Value):
    """A module of the project."""

    source: Source


@dataclass(eq=False, slots=True)
class ClassValue(Value):
    """A class of the project."""

    info: ClassInfo


@dataclass(eq=False, slots=True)
class Function(Value):
    """A function or lambda of the project, with the scope it closes over."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    source: Source
    scope: Scope
    owner: ClassInfo | None = None
    defaults: dict[str, Value] = field(default_factory=dict)
    #: property | cached_property | classmethod | staticmethod | memo | contextmanager ...
    marks: frozenset[str] = frozenset()
    born: Moment = Moment.IMPORT

    @property
    def name(self) -> str:
        """The function's name (``<lambda>`` for lambdas)."""
        return getattr(self.node, "name", "<lambda>")


@dataclass(eq=False, slots=True)
class Bound(Value):
    """A project function bound to its first argument."""

    receiver: Value
    function: Function


@dataclass(eq=False, slots=True)
class Operation(Value):
    """A method of something that is not project code: ``receiver.name``, not called yet."""

    receiver: Value
    name: str
    #: reached through ``super()``
    above: bool = False


@dataclass(eq=False, slots=True)
class Super(Value):
    """The result of ``super()``."""

    info: ClassInfo
    receiver: Value


@dataclass(eq=False, slots=True)
class Instance(Value):
    """An object of a project or external class; its attributes live in the machine's heap."""

    cls: Value
    born: Moment
    node: ast.AST
    source: Source
    parts: tuple[Value, ...] = ()
    #: stands for "an instance of the class", not for one object
    generic: bool = False


@dataclass(eq=False, slots=True)
class ManagerValue(Value):
    """A Django manager; evaluates nothing by itself."""

    model: Value
    #: the manager's class, if it is known
    cls: Value | None
    confidence: Confidence
    #: unknown methods may exist
    open: bool = False


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
    holder: str = ""
    steps: tuple[Step, ...] = ()
    depth: int = 0


@dataclass(eq=False, slots=True)
class FrozenArgument:
    """A queryset took an argument that was right only when it was computed."""

    node: ast.AST
    anchor: ast.AST
    source: Source
    moment: Moment
    taints: tuple[Taint, ...]
    confidence: Confidence
    steps: tuple[Step, ...]
    model: str
    method: str
    #: the query ran at import and its rows are reported instead
    consumed: bool = False
    #: given to the constructor of a manager, not to a method
    constructor: bool = False


@dataclass(eq=False, slots=True)
class Rows(Value):
    """What came back from the database, in any container or scalar."""

    kind: str
    taints: frozenset[Taint]
    model: Value = UNKNOWN
    confidence: Confidence = Confidence.HIGH
    prefetched: tuple[str, ...] = ()


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


@dataclass(eq=False, slots=True)
class Mapping(Value):
    """A dict; keys that are no constants share the key ``None``."""

    items: dict[Any, Value]
    born: Moment
    node: ast.AST
    nodes: dict[Any, ast.AST] = field(default_factory=dict)
    open: bool = False
    taints: frozenset[Taint] = frozenset()


@dataclass(eq=False, slots=True)
class Deferred(Value):
    """Something that runs when it is consumed: generator, iterator, coroutine, lazy object.

    ``run`` does the work, given the machine that consumes it and the consuming node, and returns
    the items (or the result).  The machine is not the one that made it, if an imported module
    holds it: that file's analysis may be over.
    """

    kind: str
    run: Callable[[Any, ast.AST], Value]
    born: Moment
    parts: tuple[Value, ...] = ()


@dataclass(eq=False, slots=True)
class Partial(Value):
    """``functools.partial(function, ...)``."""

    function: Value
    args: tuple[Value, ...]
    keywords: dict[str, Value]


@dataclass(eq=False, slots=True)
class Imported(Value):
    """A name bound by an import of a project module, not looked up yet."""

    source: Source
    name: str


@dataclass(eq=False, slots=True)
class Choice(Value):
    """One of several values, depending on the path taken."""

    options: tuple[Value, ...]


def options(value: Value) -> tuple[Value, ...]:
    """The alternatives of a value; a value that is no choice is its only alternative."""
    return value.options if isinstance(value, Choice) else (value,)


def _same(one: Value, other: Value) -> bool:
    """Whether two values of one type, which are not one object, say the same."""
    if one is UNSET or other is UNSET:
        return False
    if isinstance(one, Const) and isinstance(other, Const):
        return type(one.value) is type(other.value) and one.value == other.value
    if isinstance(one, External) and isinstance(other, External):
        return one.name == other.name
    if isinstance(one, ClassValue) and isinstance(other, ClassValue):
        return one.info is other.info
    if isinstance(one, Opaque) and isinstance(other, Opaque):
        return one.taints == other.taints and one.parts == other.parts
    return False


def join(values: Iterable[Value]) -> Value:
    """One value that stands for any of several."""
    found: list[Value] = []
    for value in values:
        for option in value.options if isinstance(value, Choice) else (value,):
            for known in found:
                if known is option or (type(known) is type(option) and _same(option, known)):
                    break
            else:
                found.append(option)
                if len(found) == MAX_OPTIONS:
                    return Choice(tuple(found))
    if not found:
        return UNKNOWN
    return found[0] if len(found) == 1 else Choice(tuple(found))


_CHILDREN: dict[type[Value], Callable[[Any], Iterable[Value]]] = {
    Choice: lambda value: value.options,
    Sequence: lambda value: value.items,
    Mapping: lambda value: value.items.values(),
    Opaque: lambda value: value.parts,
    Instance: lambda value: value.parts,
    Deferred: lambda value: value.parts,
    Partial: lambda value: (*value.args, *value.keywords.values()),
    Operation: lambda value: (value.receiver,),
}


def children(value: Value) -> Iterable[Value]:
    """The values that a value holds directly."""
    held = _CHILDREN.get(type(value))
    return () if held is None else held(value)


#: Values that hold no other value, and no taint.
LEAVES = frozenset(
    (Const, External, ModuleValue, ClassValue, Function, Bound, Super, ManagerValue, Imported)
)


def walk(value: Value, depth: int = MAX_DEPTH) -> Iterator[Value]:
    """The value and what is held inside of it, each object once.

    Literals, names, functions, classes and managers inside are left out, and unknown values.
    """
    held = _CHILDREN.get(type(value))
    inner = held(value) if held is not None else None
    if not inner:
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
        held = _CHILDREN.get(type(current))
        if held is not None:
            left -= 1
            for child in held(current):
                if type(child) not in LEAVES and child is not UNKNOWN:
                    stack.append((child, left))


_TAINTED = frozenset((Opaque, Rows, Sequence, Mapping))


def taints_of(value: Value) -> frozenset[Taint]:
    """All taints on a value and on what it holds."""
    kind = type(value)
    if kind is Opaque:
        return value.taints  # type: ignore[attr-defined,no-any-return]  # with those of its parts: see Opaque
    if kind in LEAVES:
        return NO_TAINTS
    held = _CHILDREN.get(kind)
    if held is None or not held(value):
        return value.taints if kind in _TAINTED else NO_TAINTS  # type: ignore[attr-defined]
    found: set[Taint] = set()
    for part in walk(value):
        if type(part) in _TAINTED:
            found |= part.taints  # type: ignore[attr-defined]
    return frozenset(found) if found else NO_TAINTS


def querysets_in(value: Value) -> Iterator[QuerySetValue]:
    """The querysets that a value is or holds."""
    for part in walk(value):
        if isinstance(part, QuerySetValue):
            yield part


def derived(values: Iterable[Value], extra: Iterable[Taint] = ()) -> Value:
    """A value computed from others: keeps their taints, nothing else is known of it."""
    taints: frozenset[Taint] = frozenset(extra)
    for value in values:
        if value is not UNKNOWN and type(value) not in LEAVES:
            taints |= taints_of(value)
    return Opaque(taints) if taints else UNKNOWN
