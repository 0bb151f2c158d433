"""One file as LibCST reads it: nodes, places, scopes, names."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import libcst as cst
from libcst.metadata import (
    CodeRange,
    MetadataWrapper,
    ParentNodeProvider,
    PositionProvider,
    QualifiedNameSource,
    Scope,
    ScopeProvider,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qs_lint.facts import Facts
    from qs_lint.findings import Location

NodeT = TypeVar("NodeT", bound=cst.CSTNode)
_NODES = (cst.BaseExpression, cst.BaseSmallStatement, cst.BaseStatement)


class Unreadable(ValueError):
    """LibCST cannot read the text, or would not write it back as it was."""


class Document:
    """The tree of a text, and questions about it."""

    def __init__(self, text: str, facts: Facts) -> None:
        """Parse; raises :class:`Unreadable`."""
        try:
            module = cst.parse_module(text)
        except (cst.ParserSyntaxError, RecursionError) as error:
            raise Unreadable("LibCST cannot parse this file") from error
        if module.code != text:
            raise Unreadable("LibCST would change other parts of this file")
        self.text = text
        self.facts = facts
        self.module = module
        self._lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self._wrapper = MetadataWrapper(module, unsafe_skip_copy=True)

    @cached_property
    def _ranges(self) -> Mapping[cst.CSTNode, CodeRange]:
        return self._wrapper.resolve(PositionProvider)

    @cached_property
    def _parents(self) -> Mapping[cst.CSTNode, cst.CSTNode]:
        return self._wrapper.resolve(ParentNodeProvider)

    @cached_property
    def _scopes(self) -> Mapping[cst.CSTNode, Scope | None]:
        return self._wrapper.resolve(ScopeProvider)

    def range(self, node: cst.CSTNode) -> CodeRange:
        """Where a node is: lines from 1, columns from 0, in characters."""
        return self._ranges[node]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around a node; none of the module."""
        return self._parents.get(node)

    def around(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around a node, from inside out, without itself."""
        outer = self.parent(node)
        while outer is not None:
            yield outer
            outer = self.parent(outer)

    def enclosing(self, node: cst.CSTNode, kind: type[NodeT]) -> NodeT | None:
        """The innermost node of a kind around a node."""
        return next((outer for outer in self.around(node) if isinstance(outer, kind)), None)

    def scope(self, node: cst.CSTNode) -> Scope | None:
        """The scope that a node's names are looked up in."""
        return self._scopes.get(node)

    def covers(self, node: cst.CSTNode, where: Location) -> bool:
        """Whether a finding's place lies within a node."""
        start, end = self._place(where)
        found = self.range(node)
        return (found.start.line, found.start.column) <= start and end <= (
            found.end.line,
            found.end.column,
        )

    def at(self, where: Location) -> cst.CSTNode:
        """The smallest node that covers a finding's place; of equal ones the expression."""
        start, end = self._place(where)
        best: cst.CSTNode = self.module
        size: tuple[int, int, int, int, bool] | None = None
        for node, found in self._ranges.items():
            if not isinstance(node, _NODES):
                continue
            first = (found.start.line, found.start.column)
            last = (found.end.line, found.end.column)
            if first <= start and end <= last:
                # All of these lie one within the other.
                this = (-first[0], -first[1], *last, not isinstance(node, cst.BaseExpression))
                if size is None or this < size:
                    best, size = node, this
        return best

    def _place(self, where: Location) -> tuple[tuple[int, int], tuple[int, int]]:
        return (
            (where.line, self._column(where.line, where.column)),
            (where.end_line, self._column(where.end_line, where.end_column)),
        )

    def _column(self, line: int, column: int) -> int:
        """A column in characters: the findings count the bytes of UTF-8."""
        if not 0 < line <= len(self._lines):
            return column
        head = self._lines[line - 1].encode("utf-8", "surrogatepass")[:column]
        return len(head.decode("utf-8", "ignore"))

    def code(self, node: cst.CSTNode) -> str:
        """The text of a node."""
        return self.module.code_for_node(node)

    def dotted(self, node: cst.CSTNode) -> str:
        """The canonical dotted name that an expression stands for; "" if it is not one name."""
        scope = self.scope(node)
        names = scope.get_qualified_names_for(node) if scope else set()
        if len(names) != 1:
            return ""
        found = next(iter(names))
        if found.source is QualifiedNameSource.LOCAL:
            return ""
        return self.facts.canonical(found.name)
