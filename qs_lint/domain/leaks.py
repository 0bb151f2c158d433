"""What one request leaves behind for others."""

from __future__ import annotations

import enum


class Meaning(enum.Enum):
    """How another request comes to see it."""

    #: a later request that does not set it reads it
    LEFT_BEHIND = "left behind"
    #: each request sets it before it reads it, but two at once read each other's
    RACED = "raced"


class Content(enum.Enum):
    """What is stored."""

    QUERYSET = "queryset"
    ROWS = "rows"
    #: the request, or what was taken from it
    STATE = "state"
    #: a constant, chosen by a request
    CHOICE = "choice"


class Storing(enum.Enum):
    """How it is stored."""

    #: a name or an attribute is set
    SET = "set"
    #: an item of a container is set
    ITEM = "item"
    #: a container grows
    ADDED = "added"
    #: a container shrinks
    REMOVED = "removed"


class Cure(enum.Enum):
    """What to write instead; the words are the rules'."""

    VIEW_OBJECT = enum.auto()
    GET_QUERYSET = enum.auto()
    FORM_FIELDS = enum.auto()
    ADMIN_FIELD = enum.auto()
    ADMIN_CLOSURE = enum.auto()
    ADMIN_GETTER = enum.auto()
    ADMIN_FORM = enum.auto()
    COPY_FIRST = enum.auto()
    REQUEST = enum.auto()
    RENDER_CONTEXT = enum.auto()
    FEED_OBJECT = enum.auto()
    RETURN_VALUE = enum.auto()
    DEFAULT_NONE = enum.auto()
    CONTEXT_VARIABLE = enum.auto()
    META = enum.auto()
    LOCAL = enum.auto()
