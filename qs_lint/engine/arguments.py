"""Small questions about the arguments of calls."""

from __future__ import annotations

import ast

from qs_lint.domain import Moment
from qs_lint.engine.classes import ClassInfo
from qs_lint.values import (
    UNKNOWN,
    Const,
    Deferred,
    External,
    Mapping,
    QuerySetValue,
    Sequence,
    Value,
    join,
    options,
    querysets_in,
)

#: methods that nothing but a queryset has
UNMISTAKABLE = frozenset({"select_related", "prefetch_related", "values_list", "order_by"})
#: a missing argument that may have been given by ``*args`` or ``**kwargs``
MAYBE = "*"


_SIMPLE = frozenset((Const, External))


def simple(value: Value) -> bool:
    """Whether nothing of interest can be inside of a value."""
    return value is UNKNOWN or type(value) in _SIMPLE


def given(args: list[Value], keywords: dict[str, Value], key: int | str) -> Value | None:
    """An argument by position or keyword, if it was given."""
    if isinstance(key, int):
        return args[key] if key < len(args) else None
    return keywords.get(key)


def is_raw(value: Value) -> bool:
    """Whether a value is a RawQuerySet."""
    return isinstance(value, QuerySetValue) and value.raw


def is_many(keywords: dict[str, Value]) -> bool:
    """Whether a serializer gets ``many=True``."""
    many = keywords.get("many")
    return isinstance(many, Const) and bool(many.value)


def annotated_names(info: ClassInfo) -> list[str]:
    """The annotated names of a class body, in order: the fields of a dataclass."""
    if info.node is None:
        return []
    return [
        statement.target.id
        for statement in info.node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    ]


def without_promises(value: Value) -> Value:
    """The alternatives that are no ``lazy()`` promise."""
    kept = [
        option
        for option in options(value)
        if not (isinstance(option, Deferred) and option.kind == "promise")
    ]
    return join(kept)


def querysets_directly_in(value: Value) -> list[QuerySetValue]:
    """The querysets that a template finds under a key."""
    if isinstance(value, QuerySetValue):
        return [value]
    if isinstance(value, (Sequence, Mapping)):
        return list(querysets_in(value))
    return []


class Keywords(dict[str, Value]):
    """The keyword arguments of a call, and where in the text the value of each stands."""

    __slots__ = ("nodes",)

    def __init__(self) -> None:
        super().__init__()
        self.nodes: dict[str, ast.AST] = {}

    def copy(self) -> Keywords:
        """The same arguments in an object of their own."""
        made = Keywords()
        made.update(self)
        made.nodes = self.nodes
        return made


def in_mapping(
    keywords: dict[str, Value], moment: Moment, node: ast.AST, more: bool = False
) -> Mapping:
    """The dict that a function gets for ``**keywords``."""
    nodes: dict[object, ast.AST] = {}
    if isinstance(keywords, Keywords):
        nodes = {word: keywords.nodes[word] for word in keywords if word in keywords.nodes}
    items = {word: value for word, value in keywords.items() if word != MAYBE}
    return Mapping(items, moment, node, nodes, open=more)


def lies_within(node: ast.AST, outer: ast.AST) -> bool:
    """Whether a node lies in the range of another one of the same file."""
    start = (getattr(outer, "lineno", 0), getattr(outer, "col_offset", 0))
    end = (getattr(outer, "end_lineno", 0), getattr(outer, "end_col_offset", 0))
    return start <= (getattr(node, "lineno", 0), getattr(node, "col_offset", 0)) < end
