"""What an expression may evaluate to: the abstract values of the analysis, a file a kind."""

from qs_lint.values.base import (
    MAX_DEPTH,
    MAX_OPTIONS,
    NONE,
    UNKNOWN,
    UNSET,
    Choice,
    Const,
    Opaque,
    Operation,
    Value,
    children,
    decide,
    derived,
    join,
    options,
    taints_of,
    usable,
    walk,
)
from qs_lint.values.classes import ClassValue, Super
from qs_lint.values.containers import MAX_ITEMS, Mapping, Sequence
from qs_lint.values.deferred import Deferred
from qs_lint.values.enums import Member
from qs_lint.values.external import External, Imported, ModuleValue
from qs_lint.values.functions import Bound, Function, Partial
from qs_lint.values.getters import Getter
from qs_lint.values.instance import Instance
from qs_lint.values.querysets import FrozenArgument, ManagerValue, QuerySetValue, Rows, querysets_in
from qs_lint.values.taints import NO_TAINTS, QueryRun, Taint, VolatileRead, in_order

__all__ = [
    "MAX_DEPTH",
    "MAX_ITEMS",
    "MAX_OPTIONS",
    "NONE",
    "NO_TAINTS",
    "UNKNOWN",
    "UNSET",
    "Bound",
    "Choice",
    "ClassValue",
    "Const",
    "Deferred",
    "External",
    "FrozenArgument",
    "Function",
    "Getter",
    "Imported",
    "Instance",
    "ManagerValue",
    "Mapping",
    "Member",
    "ModuleValue",
    "Opaque",
    "Operation",
    "Partial",
    "QueryRun",
    "QuerySetValue",
    "Rows",
    "Sequence",
    "Super",
    "Taint",
    "Value",
    "VolatileRead",
    "children",
    "decide",
    "derived",
    "in_order",
    "join",
    "options",
    "querysets_in",
    "taints_of",
    "usable",
    "walk",
]
