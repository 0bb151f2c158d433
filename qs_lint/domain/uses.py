"""What code does with a value at one place."""

from __future__ import annotations

import enum

from qs_lint.records import record


class Text(enum.Enum):
    """Which text a use makes of a value."""

    NONE = enum.auto()
    STR = enum.auto()
    REPR = enum.auto()
    FORMATTED = enum.auto()


class UseKind(enum.Enum):
    """Ways to use a value."""

    # by a name of the code
    CALLED = enum.auto()
    METHOD = enum.auto()
    ATTRIBUTE = enum.auto()
    PAGINATOR_METHOD = enum.auto()
    PAGINATOR_ATTRIBUTE = enum.auto()
    #: an argument with a name: ``limit_choices_to``
    OPTION = enum.auto()
    # iterated
    FOR = enum.auto()
    ASYNC_FOR = enum.auto()
    LIST_COMPREHENSION = enum.auto()
    SET_COMPREHENSION = enum.auto()
    DICT_COMPREHENSION = enum.auto()
    GENERATOR_EXPRESSION = enum.auto()
    UNPACKED = enum.auto()
    STARRED = enum.auto()
    YIELD_FROM = enum.auto()
    ADDED_IN_PLACE = enum.auto()
    SLICE_ASSIGNED = enum.auto()
    #: assigned to an attribute that evaluates it
    SET = enum.auto()
    # asked
    TRUTH = enum.auto()
    BOOL = enum.auto()
    AND = enum.auto()
    OR = enum.auto()
    NOT = enum.auto()
    IF = enum.auto()
    WHILE = enum.auto()
    CONDITION = enum.auto()
    CASE_GUARD = enum.auto()
    ASSERTED = enum.auto()
    MEMBERSHIP = enum.auto()
    INDEXED = enum.auto()
    SLICED = enum.auto()
    STEPPED = enum.auto()
    # shown
    F_STRING = enum.auto()
    PERCENT = enum.auto()
    DATACLASS_REPR = enum.auto()
    # given away
    RETURNED = enum.auto()
    KEPT = enum.auto()
    TEMPLATE = enum.auto()
    SERIALIZER = enum.auto()
    FORM = enum.auto()
    FORMSET = enum.auto()
    FEED = enum.auto()
    TEMPLATE_TAG = enum.auto()
    CONTEXT_PROCESSOR = enum.auto()
    CONTEXT_DATA = enum.auto()
    EXTRA_CONTEXT = enum.auto()
    AS_VIEW_CONTEXT = enum.auto()
    # kept by a view as it is
    RAW_SQL = enum.auto()
    GENERATOR = enum.auto()
    ITERATOR = enum.auto()


_FORMATS = frozenset({"str", "repr", "print", "format"})
_TEXTS = {
    "ascii": Text.REPR,
    "format": Text.FORMATTED,
    "repr": Text.REPR,
    "get_list_or_404": Text.NONE,
    "get_object_or_404": Text.NONE,
}
_CONVERSIONS = {"": Text.FORMATTED, "s": Text.STR, "r": Text.REPR, "a": Text.REPR}
_SHOWN = {UseKind.PERCENT: Text.STR, UseKind.METHOD: Text.STR, UseKind.DATACLASS_REPR: Text.REPR}
_RENDERING = frozenset({"render", "render_to_string"})


@record(frozen=True, slots=True)
class Use:
    """One use; ``name`` is what is called or read, where the kind has a name."""

    kind: UseKind
    name: str = ""

    @property
    def formats(self) -> bool:
        """Whether it shows the value as a text: a raw queryset runs no SQL then."""
        if self.kind is UseKind.CALLED:
            return self.name in _FORMATS
        return self.kind in (UseKind.F_STRING, UseKind.DATACLASS_REPR)

    @property
    def text(self) -> Text:
        """The text that is made of the value, if it is shown at all."""
        if self.kind is UseKind.CALLED:
            return _TEXTS.get(self.name, Text.STR)
        if self.kind is UseKind.F_STRING:
            return _CONVERSIONS[self.name]
        return _SHOWN.get(self.kind, Text.NONE)

    @property
    def renders_at_once(self) -> bool:
        """Whether a template is rendered in the call itself; a response is when it is sent."""
        if self.kind is UseKind.CALLED:
            return self.name in _RENDERING
        return self.kind is UseKind.TEMPLATE


def called(name: str) -> Use:
    """``name(value)``."""
    return Use(UseKind.CALLED, name)


def method(name: str) -> Use:
    """``value.name()``, or a method that takes the value."""
    return Use(UseKind.METHOD, name)


def assigned(name: str) -> Use:
    """``object.name = value``."""
    return Use(UseKind.SET, name)


def read(name: str) -> Use:
    """``value.name``."""
    return Use(UseKind.ATTRIBUTE, name)


# Uses that need no name.
FOR = Use(UseKind.FOR)
ASYNC_FOR = Use(UseKind.ASYNC_FOR)
LIST_COMPREHENSION = Use(UseKind.LIST_COMPREHENSION)
SET_COMPREHENSION = Use(UseKind.SET_COMPREHENSION)
DICT_COMPREHENSION = Use(UseKind.DICT_COMPREHENSION)
GENERATOR_EXPRESSION = Use(UseKind.GENERATOR_EXPRESSION)
UNPACKED = Use(UseKind.UNPACKED)
STARRED = Use(UseKind.STARRED)
YIELD_FROM = Use(UseKind.YIELD_FROM)
ADDED_IN_PLACE = Use(UseKind.ADDED_IN_PLACE)
SLICE_ASSIGNED = Use(UseKind.SLICE_ASSIGNED)
TRUTH = Use(UseKind.TRUTH)
BOOL = Use(UseKind.BOOL)
AND = Use(UseKind.AND)
OR = Use(UseKind.OR)
NOT = Use(UseKind.NOT)
IF = Use(UseKind.IF)
WHILE = Use(UseKind.WHILE)
CONDITION = Use(UseKind.CONDITION)
CASE_GUARD = Use(UseKind.CASE_GUARD)
ASSERTED = Use(UseKind.ASSERTED)
MEMBERSHIP = Use(UseKind.MEMBERSHIP)
INDEXED = Use(UseKind.INDEXED)
SLICED = Use(UseKind.SLICED)
STEPPED = Use(UseKind.STEPPED)
F_STRING = Use(UseKind.F_STRING)
STR_FIELD = Use(UseKind.F_STRING, "s")
REPR_FIELD = Use(UseKind.F_STRING, "r")
PERCENT = Use(UseKind.PERCENT)
DATACLASS_REPR = Use(UseKind.DATACLASS_REPR)
RETURNED = Use(UseKind.RETURNED)
KEPT = Use(UseKind.KEPT)
TEMPLATE = Use(UseKind.TEMPLATE)
SERIALIZER = Use(UseKind.SERIALIZER)
FORM = Use(UseKind.FORM)
FORMSET = Use(UseKind.FORMSET)
FEED = Use(UseKind.FEED)
TEMPLATE_TAG = Use(UseKind.TEMPLATE_TAG)
CONTEXT_PROCESSOR = Use(UseKind.CONTEXT_PROCESSOR)
CONTEXT_DATA = Use(UseKind.CONTEXT_DATA)
EXTRA_CONTEXT = Use(UseKind.EXTRA_CONTEXT)
AS_VIEW_CONTEXT = Use(UseKind.AS_VIEW_CONTEXT)
RAW_SQL = Use(UseKind.RAW_SQL)
GENERATOR = Use(UseKind.GENERATOR)
ITERATOR = Use(UseKind.ITERATOR)


@record(frozen=True, slots=True)
class Hop:
    """One step of the way from the reported line to the use that matters."""

    path: str
    line: int
    use: Use
