"""What is assigned or returned is taken out into a function or a method of its own."""

from __future__ import annotations

import ast
import re
from typing import Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import ROOTED, code, loaded, parsed, statements

SYMBOL = re.compile(r"#[^#\n]*?(\[[a-z, -]+\])[ \t]*$", re.MULTILINE)


def _locals(node: cst.CSTNode) -> set[str]:
    """The names that a function or class binds, with its parameters."""
    tree = ast.parse(code(node).strip("\n"))
    found = {
        n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)
    }
    found |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    found |= {
        n.name
        for n in ast.walk(tree)
        if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        and n is not tree.body[0]
    }
    found |= {
        (alias.asname or alias.name).split(".")[0]
        for n in ast.walk(tree)
        if isinstance(n, (ast.Import, ast.ImportFrom))
        for alias in n.names
    }
    shared = {name for n in ast.walk(tree) if isinstance(n, ast.Global) for name in n.names}
    return found - shared


class Extract(cst.CSTTransformer):
    """Take values out; what is taken out waits in ``functions`` and ``methods``."""

    def __init__(self, stem: str, *, method: bool) -> None:
        self.stem, self.method = stem, method
        self.scopes: list[tuple[cst.CSTNode, set[str]]] = []
        self.functions: list[Any] = []
        self.methods: list[Any] = []
        self.number = 0

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.scopes.append((node, _locals(node)))

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> Any:
        self.scopes.pop()
        inside = self.scopes and isinstance(self.scopes[-1][0], cst.ClassDef)
        if self.methods and inside:
            new, self.methods = self.methods, []
            return cst.FlattenSentinel([updated_node, *new])
        return updated_node

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self.scopes.append((node, _locals(node)))

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> Any:
        self.scopes.pop()
        return updated_node

    def visit_Lambda(self, node: cst.Lambda) -> bool:
        return False

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> Any:
        (statement, *more) = updated_node.body
        if more or not self.scopes or not isinstance(statement, (cst.Assign, cst.Return)):
            return updated_node
        value = statement.value
        if not isinstance(
            value, (cst.Call, cst.Attribute, cst.ListComp, cst.DictComp, cst.BinaryOperation)
        ):
            return updated_node
        text = code(value)
        if ROOTED.search(text):
            return updated_node
        available: set[str] = set()
        for depth, (node, names) in enumerate(self.scopes):
            if isinstance(node, cst.FunctionDef) or depth == len(self.scopes) - 1:
                available |= names
        free = loaded(f"({text}\n)")
        params = sorted(free & available)
        owner, _ = self.scopes[-1]
        if self.method:
            plain = (
                isinstance(owner, cst.FunctionDef)
                and len(self.scopes) >= 2
                and isinstance(self.scopes[-2][0], cst.ClassDef)
                and owner.params.params[:1]
                and owner.params.params[0].name.value == "self"
                and "NamedTuple" not in code(self.scopes[-2][0])
            )
            if not plain:
                return updated_node
            params = [name for name in params if name != "self"]
        name = f"_{self.stem}_{self.number}"
        self.number += 1
        given = ["self", *params] if self.method else params
        comment = updated_node.trailing_whitespace.comment
        outer, inner = SYMBOL.search(comment.value if comment else ""), SYMBOL.search(text)
        head, *rest = text.split("\n")
        mark = f"  # or {outer[1]}" if outer and "#" not in head else ""
        returned = "\n".join([f"{head}{mark}", *rest])
        body = f"return (\n        {returned}\n    )" if rest else f"return ({head}){mark}"
        new = statements(f"\ndef {name}({', '.join(given)}):\n    {body}\n")
        (self.methods if self.method else self.functions).extend(new)
        call = cst.parse_expression(f"{'self.' if self.method else ''}{name}({', '.join(params)})")
        line = updated_node.with_changes(body=[statement.with_changes(value=call)])
        if inner and comment is None:
            space = cst.TrailingWhitespace(
                cst.SimpleWhitespace("  "), cst.Comment(f"# or {inner[1]}")
            )
            line = line.with_changes(trailing_whitespace=space)
        return line


def _extracted(program: Program, *, method: bool) -> Program | None:
    module = parsed(program.text)
    change = Extract(program.fresh("extracted"), method=method)
    body: list[Any] = []
    for statement in module.body:
        new: Any = statement.visit(change)
        body += change.functions
        change.functions = []
        body.append(new)
    return program.changed(module.with_changes(body=body).code)


def function(program: Program) -> Program | None:
    """``x = f(y)`` becomes ``x = extracted(y)``, with ``def extracted(y): return f(y)``."""
    return _extracted(program, method=False)


def to_method(program: Program) -> Program | None:
    """The same within a method: ``x = self.extracted(y)``."""
    return _extracted(program, method=True)
