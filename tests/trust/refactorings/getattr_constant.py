"""``self.rows`` becomes ``getattr(self, "rows")``."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import parsed


def refactor(program: Program) -> Program | None:
    """Every attribute of ``self`` and ``cls`` that is read."""
    if "getattr" in program.text:
        return None

    class Reads(cst.CSTTransformer):
        """See the function around."""

        def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> Any:
            base = updated_node.value
            if not (isinstance(base, cst.Name) and base.value in ("self", "cls")):
                return updated_node
            if updated_node.attr.value.startswith("__"):
                return updated_node
            text = cst.SimpleString(f'"{updated_node.attr.value}"')
            return cst.Call(cst.Name("getattr"), [cst.Arg(base), cst.Arg(text)])

        def leave_AssignTarget(
            self, original_node: cst.AssignTarget, updated_node: cst.AssignTarget
        ) -> Any:
            return original_node

        def leave_AnnAssign(self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign) -> Any:
            return updated_node.with_changes(target=original_node.target)

        def leave_AugAssign(self, original_node: cst.AugAssign, updated_node: cst.AugAssign) -> Any:
            return updated_node.with_changes(target=original_node.target)

        def leave_Del(self, original_node: cst.Del, updated_node: cst.Del) -> Any:
            return original_node

        def leave_For(self, original_node: cst.For, updated_node: cst.For) -> Any:
            return updated_node.with_changes(target=original_node.target)

        def leave_AsName(self, original_node: cst.AsName, updated_node: cst.AsName) -> Any:
            return original_node

        def visit_FormattedString(self, node: cst.FormattedString) -> bool:
            return False  # before Python 3.12 there are no quotes within quotes

        def visit_Decorator(self, node: cst.Decorator) -> bool:
            return False

    return program.changed(parsed(program.text).visit(Reads()).code)
