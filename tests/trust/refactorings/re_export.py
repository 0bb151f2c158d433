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
        def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:  # noqa: N802
            return False

        def visit_If(self, node: cst.If) -> bool:  # noqa: N802
            return False

        def visit_Try(self, node: cst.Try) -> bool:  # noqa: N802
            return False

        def leave_ImportFrom(self, original: cst.ImportFrom, updated: cst.ImportFrom) -> Any:  # noqa: N802
            future = isinstance(updated.module, cst.Name) and updated.module.value == "__future__"
            if isinstance(updated.names, cst.ImportStar) or updated.relative or future:
                return updated
            names = [
                cst.ImportAlias(cst.Name(str(alias.evaluated_alias or alias.evaluated_name)))
                for alias in updated.names
            ]
            return updated.with_changes(module=cst.Name(package), names=names)

    module = parsed(program.text).visit(Through())
    files = {f"{package}/__init__.py": outer, f"{package}/names.py": inner + "\n"}
    return program.changed(module.code, files)
