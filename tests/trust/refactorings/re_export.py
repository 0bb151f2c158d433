"""Imported names come through the ``__init__`` of a package that has them from a module."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import imported_names, parsed


def refactor(program: Program) -> Program | None:
    """Every ``from`` import goes through a new package."""
    found = imported_names(program.text)
    if not found:
        return None
    package = program.fresh("exports")
    inner = "\n".join(
        f"from {module} import {real} as {name}" for name, (module, real) in found.items()
    )
    outer = f"from .names import {', '.join(found)}\n\n__all__ = {sorted(found)!r}\n"

    class Through(cst.CSTTransformer):
        """See the function around."""

        def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
            return False

        def visit_If(self, node: cst.If) -> bool:
            return False

        def visit_Try(self, node: cst.Try) -> bool:
            return False

        def leave_ImportFrom(
            self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
        ) -> Any:
            future = (
                isinstance(updated_node.module, cst.Name)
                and updated_node.module.value == "__future__"
            )
            if isinstance(updated_node.names, cst.ImportStar) or updated_node.relative or future:
                return updated_node
            names = [
                cst.ImportAlias(cst.Name(str(alias.evaluated_alias or alias.evaluated_name)))
                for alias in updated_node.names
            ]
            return updated_node.with_changes(module=cst.Name(package), names=names)

    module = parsed(program.text).visit(Through())
    files = {f"{package}/__init__.py": outer, f"{package}/names.py": inner + "\n"}
    return program.changed(module.code, files)
