"""What keeps a value."""

from __future__ import annotations

import enum

from qs_lint.domain.moments import Lifetime
from qs_lint.records import record


class HolderKind(enum.Enum):
    """What kind of place a value is kept in."""

    UNKNOWN = "unknown"
    LOCAL = "local variable"
    MODULE_GLOBAL = "module global"
    MODULE_ATTRIBUTE = "attribute of a module"
    CLASS_ATTRIBUTE = "class attribute"
    #: of an object that stands for every instance of its class
    INSTANCE_ATTRIBUTE = "instance attribute"
    #: of one object that is known
    OBJECT_ATTRIBUTE = "attribute of one object"
    FUNCTION_ATTRIBUTE = "function attribute"
    MANAGER_ATTRIBUTE = "manager attribute"
    #: a variable of an enclosing function
    CLOSURE = "closure"
    #: the value that a parameter has where nobody gives one
    DEFAULT = "default"
    #: an item of a list, dict, set ...
    CONTAINER = "container"
    #: the results of a function, kept by a decorator
    CACHE = "cache"
    CACHED_PROPERTY = "cached property"
    LAZY_OBJECT = "lazy object"
    #: what a constructor makes that runs once
    CONSTRUCTOR = "constructor"
    #: a variable of the function that makes a middleware
    MIDDLEWARE_VARIABLE = "middleware variable"


#: Kinds of holders that are attributes of an object.
ATTRIBUTES = frozenset({HolderKind.INSTANCE_ATTRIBUTE, HolderKind.OBJECT_ATTRIBUTE})


@record(frozen=True, slots=True)
class Holder:
    """One place that keeps a value.

    ``name`` is the variable, attribute or decorator; ``owner`` the code in front of the dot
    (``self``, ``Planner``), if there is one.  ``lifetime`` is the answer of ``lifetime_of()``.
    """

    kind: HolderKind = HolderKind.UNKNOWN
    name: str = ""
    owner: str = ""
    lifetime: Lifetime = Lifetime.UNKNOWN

    @property
    def code(self) -> str:
        """How code names it: ``ORDERS``, ``self.queryset``; empty if it has no name."""
        return f"{self.owner}.{self.name}" if self.owner and self.name else self.name

    def __bool__(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.name) or self.kind is not HolderKind.UNKNOWN


NOWHERE = Holder()
