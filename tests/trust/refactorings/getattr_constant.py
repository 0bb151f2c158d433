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
        def leave_Attribute(self, original: cst.Attribute, updated: cst.Attribute) -> Any:  # noqa: N802
            base = updated.value
            if not (isinstance(base, cst.Name) and base.value in ("self", "cls")):
                return updated
            if updated.attr.value.startswith("__"):
                return updated
            text = cst.SimpleString(f'"{updated.attr.value}"')
            return cst.Call(cst.Name("getattr"), [cst.Arg(base), cst.Arg(text)])

        def leave_AssignTarget(self, original: cst.AssignTarget, updated: cst.AssignTarget) -> Any:  # noqa: N802
            return original

        def leave_AnnAssign(self, original: cst.AnnAssign, updated: cst.AnnAssign) -> Any:  # noqa: N802
            return updated.with_changes(target=original.target)

        def leave_AugAssign(self, original: cst.AugAssign, updated: cst.AugAssign) -> Any:  # noqa: N802
            return updated.with_changes(target=original.target)

        def leave_Del(self, original: cst.Del, updated: cst.Del) -> Any:  # noqa: N802
            return original

        def leave_For(self, original: cst.For, updated: cst.For) -> Any:  # noqa: N802
            return updated.with_changes(target=original.target)

        def leave_AsName(self, original: cst.AsName, updated: cst.AsName) -> Any:  # noqa: N802
            return original

        def visit_FormattedString(self, node: cst.FormattedString) -> bool:  # noqa: N802
            return False  # before Python 3.12 there are no quotes within quotes

        def visit_Decorator(self, node: cst.Decorator) -> bool:  # noqa: N802
            return False

    return program.changed(parsed(program.text).visit(Reads()).code)
