"""What an expression means for leaks: whose data it holds, and which shared things it refers to."""

from __future__ import annotations

import ast
import enum
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qs_lint.domain import HolderKind
from qs_lint.domain.leaks import Storing

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qs_lint.domain import Holder
    from qs_lint.engine.classes import ClassInfo
    from qs_lint.values import ModuleValue

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
Position = tuple[int, int]


class Origin(enum.IntEnum):
    """How sure it is that a value comes from a request."""

    NONE = 0
    #: from an argument of a function, whoever calls it
    ARGUMENT = 1
    #: from an argument that has the name of something that belongs to requests
    NAMED = 2
    REQUEST = 3


class Stuff(enum.IntEnum):
    """What kind of thing a value is; of two that it may be, the greater counts."""

    UNKNOWN = 0
    CLOCK = 1
    CONSTANT = 2
    #: a list, dict ... written in the code
    DISPLAY = 3
    MANAGER = 4
    ROWS = 5
    QUERYSET = 6


@dataclass(frozen=True, slots=True)
class Place:
    """Something of process lifetime that a value can be stored in."""

    holder: Holder
    #: the class, module or function that it belongs to, for comparison
    owner: object
    name: str
    #: for fields of forms: what of the field is meant
    detail: str = ""
    kinds: frozenset[str] = frozenset()
    #: the class whose attribute it is
    info: ClassInfo | None = None

    @property
    def key(self) -> tuple[int, str, str]:
        """Equal for the same place."""
        return (id(self.owner), self.name, self.detail)


# what a value may refer to


@dataclass(frozen=True, slots=True)
class ClassRef:
    """A class that was made at import; ``outer``: the class in whose body it stands."""

    info: ClassInfo
    outer: ClassInfo | None = None


@dataclass(frozen=True, slots=True)
class ObjectRef:
    """An object.  ``place``: where it is kept, if it is one that lives as long as the process."""

    info: ClassInfo | None
    shared: bool
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class SuperRef:
    """``super()``: of which class, and for which object."""

    info: ClassInfo
    receiver: ObjectRef | ClassRef


@dataclass(frozen=True, slots=True)
class ContainerRef:
    """A list, dict or set of process lifetime."""

    place: Place
    is_list: bool


@dataclass(frozen=True, slots=True)
class FieldsRef:
    """The fields of a form's, serializer's or filter set's class, by name.

    ``copied``: the dict itself is new, and the fields that the class does not declare.
    """

    info: ClassInfo
    name: str
    copied: bool


@dataclass(frozen=True, slots=True)
class FieldRef:
    """A field that all objects of a class start from, or something of it."""

    place: Place


@dataclass(frozen=True, slots=True)
class MadeClassRef:
    """A class that the admin has made for this request, from the form of its class."""

    info: ClassInfo


@dataclass(frozen=True, slots=True)
class ModuleRef:
    """A module of the project."""

    module: ModuleValue


@dataclass(frozen=True, slots=True)
class FunctionRef:
    """A function of the checked file; ``receiver``: what it is bound to."""

    node: FunctionNode
    info: ClassInfo | None
    receiver: ObjectRef | ClassRef | None = None
    #: made by a call that is running: a closure
    local: bool = False


@dataclass(frozen=True, slots=True)
class MethodRef:
    """A method that is not the project's."""

    receiver: object
    name: str


@dataclass(frozen=True, slots=True)
class ExternalRef:
    """A name of a package."""

    name: str


Ref = (
    ClassRef
    | ObjectRef
    | SuperRef
    | ContainerRef
    | FieldsRef
    | FieldRef
    | MadeClassRef
    | ModuleRef
    | FunctionRef
    | MethodRef
    | ExternalRef
)


@dataclass(frozen=True, slots=True)
class Thing:
    """What is known of a value."""

    taint: Origin = Origin.NONE
    stuff: Stuff = Stuff.UNKNOWN
    refs: tuple[Ref, ...] = ()
    #: a function that is not read had a hand in it
    indirect: bool = False
    #: the value of a literal, in a tuple of one
    literal: tuple[object, ...] = ()
    #: one row: there is one, or the call has raised
    found: bool = False


NOTHING = Thing()
#: Alternatives that one value keeps.
MOST_REFS = 6


def join(things: Iterable[Thing]) -> Thing:
    """What any of several values may be."""
    found = list(things)
    if not found:
        return NOTHING
    if len(found) == 1:
        return found[0]
    refs: list[Ref] = []
    for thing in found:
        refs.extend(ref for ref in thing.refs if ref not in refs)
    literals = {thing.literal for thing in found} if _hashable(found) else set()
    return Thing(
        max(thing.taint for thing in found),
        max(thing.stuff for thing in found),
        tuple(refs[:MOST_REFS]),
        any(thing.indirect for thing in found),
        literals.pop() if len(literals) == 1 else (),
        all(thing.found for thing in found),
    )


def _hashable(things: list[Thing]) -> bool:
    try:
        for thing in things:
            hash(thing.literal)
    except TypeError:
        return False
    return True


def made_of(things: Iterable[Thing], stuff: Stuff = Stuff.UNKNOWN) -> Thing:
    """Something new that was computed from others."""
    joined = join(things)
    return Thing(joined.taint, stuff, (), joined.indirect)


def without_refs(thing: Thing) -> Thing:
    """A copy of a value."""
    return replace(thing, refs=()) if thing.refs else thing


# what happens

#: Holders that the code mentions by their name alone.
_NAMED = frozenset({HolderKind.MODULE_GLOBAL, HolderKind.DEFAULT, HolderKind.CLOSURE})


@dataclass(frozen=True, slots=True)
class Guard:
    """A condition that decides whether a statement runs."""

    function: FunctionNode
    taint: Origin
    #: it may turn out differently for two requests
    dynamic: bool
    #: where it is known to have been met
    start: Position
    end: Position
    #: names and attributes (``.x``) that it asks for
    names: frozenset[str]
    #: the condition is that something is not there yet
    absent: bool = False
    #: which condition it is, and whether it must not be met
    test: int = 0
    negated: bool = False

    def asks_for(self, place: Place) -> bool:
        """Whether the condition mentions a place, not only a local variable of its name."""
        name = place.name.rpartition(".")[2]
        return (name if place.holder.kind in _NAMED else f".{name}") in self.names


@dataclass(frozen=True, slots=True)
class Store:
    """A value is stored in something of process lifetime."""

    place: Place
    thing: Thing
    storing: Storing
    node: ast.AST
    guards: tuple[Guard, ...]
    #: the functions that run, outermost first, and where each of them is
    positions: tuple[tuple[FunctionNode, Position], ...]
    #: the class whose method the outermost is
    info: ClassInfo | None
    #: the item's key depends on the request
    keyed: bool = False
    #: the container was emptied before, on every path
    emptied: bool = False
    #: the name of the container in the code, if an item of it is set
    container: str = ""
    #: the new value is computed from the old one
    counts: bool = False

    @property
    def entry(self) -> FunctionNode:
        """The outermost function."""
        return self.positions[0][0]
