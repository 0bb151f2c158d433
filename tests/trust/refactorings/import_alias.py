"""Imported names are called otherwise: ``from shop.models import Order as Order_1``."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactorings.program import Program, bound
from refactorings.trees import Places, imported_names, parsed


def refactor(program: Program) -> Program | None:
    """Every name that ``from`` imports gets an alias."""
    count = bound(program.text)
    names = [name for name in imported_names(program.text) if count[name] == 1]
    new = {name: f"{name}_{program.fresh('alias')}" for name in names}

    class Aliases(cst.CSTTransformer):
        """See the function around."""

        def leave_ImportAlias(
            self, original_node: cst.ImportAlias, updated_node: cst.ImportAlias
        ) -> Any:
            name = updated_node.asname.name if updated_node.asname else updated_node.name
            if not isinstance(name, cst.Name) or name.value not in new:
                return updated_node
            return updated_node.with_changes(asname=cst.AsName(cst.Name(new[name.value])))

        def visit_Import(self, node: cst.Import) -> bool:
            return False

    module = parsed(program.text).visit(Aliases())
    module = module.visit(Places(lambda name: cst.Name(new[name]) if name in new else None))
    return program.changed(module.code)
