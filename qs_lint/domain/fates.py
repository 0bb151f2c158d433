"""What becomes of a value: where it stands, who takes it, and how it ends."""

from __future__ import annotations

import enum


class Place(enum.Enum):
    """Where import-time code stands."""

    CLASS = "class"
    MODULE = "module"
    DEFAULT = "default"
    DECORATOR = "decorator"
    #: in a method that runs once, before the first request
    STARTUP = "startup"


class Fate(enum.Enum):
    """What a statement at import does with the rows of a query."""

    #: not worked out yet
    OPEN = "open"
    KEPT = "kept"
    #: they decide a condition or a loop
    BRANCH = "branch"
    DROPPED = "dropped"
    #: what is kept is copied before every use
    FRESH = "fresh"
    #: a lazy queryset takes them as an argument
    ARGUMENT = "argument"

    @property
    def lasts(self) -> bool:
        """Whether requests see what the query said at import."""
        return self in (Fate.KEPT, Fate.BRANCH)


class Manner(enum.Enum):
    """How a shared queryset comes to be evaluated."""

    IN_PLACE = "in-place"
    RETURNED = "returned"
    HANDED = "handed"
    #: by the framework, which keeps it
    KEPT = "kept"


class Shared(enum.Enum):
    """What kind of object is shared."""

    QUERYSET = "queryset"
    #: a queryset of SQL text, which has no ``.all()``
    RAW = "raw"
    #: a generator or an iterator: exhausted by the first request
    ITERATOR = "iterator"
    #: a paginator around a queryset: it keeps the number of rows
    PAGINATOR = "paginator"


class When(enum.Enum):
    """Who asks with a stale argument."""

    #: the queryset is kept, and its argument with it
    IMPORT = "import"
    #: a query per request takes the old value
    CALL = "call"
    #: the same, and the value is that of a default argument
    DEFAULT = "default"
