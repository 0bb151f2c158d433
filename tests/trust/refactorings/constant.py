"""Texts within calls and subscripts become constants of the module, or f-strings of such."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import after_imports, expression, parsed, with_inserted


def _hoisted(program: Program, form: str) -> Program | None:
    stem = program.fresh("CONSTANT")
    names: dict[str, str] = {}

    class Hoist(cst.CSTTransformer):
        """See the function around."""

        def __init__(self) -> None:
            self.depth = 0

        def visit_Arg(self, node: cst.Arg) -> None:
            self.depth += 1

        def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> Any:
            self.depth -= 1
            return updated_node.with_changes(value=self.place(updated_node.value))

        def leave_Index(self, original_node: cst.Index, updated_node: cst.Index) -> Any:
            return updated_node.with_changes(value=self.place(updated_node.value))

        def place(self, value: cst.BaseExpression) -> cst.BaseExpression:
            """The name of the constant, where the value is a text."""
            simple = isinstance(value, cst.SimpleString) and value.value[0] in "\"'"
            if not simple or not isinstance(value, cst.SimpleString) or len(value.value) < 4:
                return value
            name = names.setdefault(value.value, f"{stem}_{len(names)}")
            result: cst.BaseExpression = expression(form.format(name=name))
            return result

        def visit_ClassDef_bases(self, node: cst.ClassDef) -> None:
            self.depth += 1

        def leave_ClassDef_bases(self, node: cst.ClassDef) -> None:
            self.depth -= 1

        def visit_FormattedString(self, node: cst.FormattedString) -> bool:
            return False

        def visit_Annotation(self, node: cst.Annotation) -> bool:
            return False

    module = parsed(program.text).visit(Hoist())
    if not names:
        return None
    lines = "".join(f"{name} = {value}\n" for value, name in names.items())
    return program.changed(with_inserted(module, after_imports(module), lines).code)


def hoisted(program: Program) -> Program | None:
    """``order_by("name")`` becomes ``order_by(NAME)``."""
    return _hoisted(program, "{name}")


def formatted(program: Program) -> Program | None:
    """``order_by("name")`` becomes ``order_by(f"{NAME}")``."""
    return _hoisted(program, 'f"{{{name}}}"')
