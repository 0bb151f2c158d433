"""What comes back from a database, and what a memo keeps of it."""

from __future__ import annotations

import enum


class RowKind(enum.Enum):
    """The shape of what a query returned."""

    LIST = "list"
    #: one row
    INSTANCE = "instance"
    #: a row, and whether it is new
    PAIR = "pair"
    ITERATOR = "iterator"
    DICT = "dict"
    #: a value that was computed from rows
    SCALAR = "scalar"
    #: how many rows there are
    COUNT = "count"
    #: whether there are rows
    EXISTS = "exists"
    #: a sum, an average, a newest date ...
    AGGREGATE = "aggregate"


class Kept(enum.Enum):
    """What of a database a value made at call time holds."""

    NOTHING = "nothing"
    ROWS = "rows"
    COUNT = "count"
    EXISTS = "exists"
    AGGREGATE = "aggregate"
    #: a lazy queryset, whose result cache the first request fills
    QUERYSET = "queryset"

    def __bool__(self) -> bool:
        """Whether it holds anything of a database."""
        return self is not Kept.NOTHING

    @property
    def fetched(self) -> bool:
        """Whether the query ran."""
        return self not in (Kept.NOTHING, Kept.QUERYSET)
