"""``from shop.models import Order`` becomes ``import shop.models as models_1``."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactorings.program import Program, bound
from refactorings.trees import Places, after_imports, expression, imported_names, parsed


def refactor(program: Program) -> Program | None:
    """The names of the project are read from their modules."""
    count = bound(program.text)
    paths = {
        name: where
        for name, where in imported_names(program.text).items()
        if count[name] == 1 and where[0].startswith("shop.")
    }
    if not paths:
        return None
    stem = program.fresh("module")
    aliases = {
        module: f"{stem}_{i}" for i, module in enumerate(sorted({m for m, _ in paths.values()}))
    }

    class Removed(cst.CSTTransformer):
        """See the function around."""

        def leave_ImportFrom(
            self, original_node: cst.ImportFrom, updated_node: cst.ImportFrom
        ) -> Any:
            if isinstance(updated_node.names, cst.ImportStar):
                return updated_node
            kept = [
                alias
                for alias in updated_node.names
                if str(alias.evaluated_alias or alias.evaluated_name) not in paths
            ]
            if not kept:
                return cst.RemoveFromParent()
            kept[-1] = kept[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            return updated_node.with_changes(names=kept)

        def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
            return False

    def place(name: str) -> Any:
        if name not in paths:
            return None
        module, real = paths[name]
        return expression(f"{aliases[module]}.{real}")

    changed = parsed(program.text).visit(Places(place)).visit(Removed())
    lines = [f"import {module} as {alias}" for module, alias in aliases.items()]
    index = after_imports(changed)
    body = list(changed.body)
    start = index or (1 if body and '"""' in cst.Module([body[0]]).code else 0)
    new = cst.parse_module("\n".join(lines) + "\n").body
    return program.changed(changed.with_changes(body=[*body[:start], *new, *body[start:]]).code)
