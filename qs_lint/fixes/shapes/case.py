"""What a shape is asked about."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from qs_lint.findings import Finding
from qs_lint.fixes.document import Document
from qs_lint.fixes.sources import Sources
from qs_lint.fixes.views import ClassView, view_of


@dataclass(frozen=True)
class Case:
    """A finding, the file it is in, and the project around."""

    document: Document
    sources: Sources
    finding: Finding

    @cached_property
    def node(self) -> cst.CSTNode:
        """The node that the finding is about."""
        return self.document.at(self.finding.location)

    @cached_property
    def function(self) -> cst.FunctionDef | None:
        """The function whose body the node is in."""
        inner = self.node
        for outer in self.document.around(self.node):
            if isinstance(outer, cst.FunctionDef) and inner is outer.body:
                return outer
            inner = outer
        return None

    @cached_property
    def view(self) -> ClassView | None:
        """The class that the node is in."""
        return view_of(self.document, self.sources, self.node)
