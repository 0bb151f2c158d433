"""What is assigned or returned goes through something on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import after_imports, code, parsed, with_inserted

if TYPE_CHECKING:
    from collections.abc import Callable

PLAIN = (cst.SimpleString, cst.Integer, cst.Lambda, cst.Yield, cst.FormattedString)


class Values(cst.CSTTransformer):
    """Rewrite what is assigned and returned."""

    def __init__(self, change: Callable[[cst.BaseExpression], cst.BaseExpression]) -> None:
        self.change = change

    def _value(self, updated: Any) -> Any:
        if updated.value is None or isinstance(updated.value, PLAIN):
            return updated
        if isinstance(updated.value, cst.Tuple) and not updated.value.lpar:
            return updated
        if isinstance(updated.value, cst.Name) and updated.value.value in ("None", "True", "False"):
            return updated
        return updated.with_changes(value=self.change(updated.value))

    def leave_Return(self, original_node: cst.Return, updated_node: cst.Return) -> Any:
        return self._value(updated_node)

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> Any:
        if code(updated_node.targets[0].target).startswith("__"):
            return updated_node
        return self._value(updated_node)

    def leave_AnnAssign(self, original_node: cst.AnnAssign, updated_node: cst.AnnAssign) -> Any:
        return self._value(updated_node)


def identity(program: Program) -> Program | None:
    """``x = f()`` becomes ``x = same(f())``."""
    name = program.fresh("same")
    change = Values(lambda value: cst.Call(cst.Name(name), [cst.Arg(value)]))
    module = parsed(program.text).visit(change)
    text = f'\n\ndef {name}(value):\n    """Give what is given."""\n    return value\n\n\n'
    return program.changed(with_inserted(module, after_imports(module), text).code)


def variable(program: Program) -> Program | None:
    """``return f()`` becomes ``result = f()`` and ``return result``."""
    name = program.fresh("result")

    class Split(cst.CSTTransformer):
        """See the function around."""

        def leave_SimpleStatementLine(
            self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
        ) -> Any:
            (statement, *more) = updated_node.body
            if more or not isinstance(statement, cst.Return) or statement.value is None:
                return updated_node
            if isinstance(statement.value, (*PLAIN, cst.Name)):
                return updated_node
            target = cst.AssignTarget(cst.Name(name))
            first = updated_node.with_changes(body=[cst.Assign([target], statement.value)])
            second = cst.SimpleStatementLine([cst.Return(cst.Name(name))])
            return cst.FlattenSentinel([first, marked_other(second, updated_node)])

    return program.changed(parsed(program.text).visit(Split()).code)


def marked_other(statement: Any, marked: cst.SimpleStatementLine) -> Any:
    """The statement with the mark of another one as a second possibility."""
    comment = marked.trailing_whitespace.comment
    if comment is None or "[" not in comment.value:
        return statement
    symbol = comment.value[comment.value.index("[") :]
    space = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), cst.Comment(f"# or {symbol}"))
    return statement.with_changes(trailing_whitespace=space)


def walrus(program: Program) -> Program | None:
    """``x = f()`` within a function becomes ``(x := f())``."""

    class Walrus(cst.CSTTransformer):
        """See the function around."""

        def __init__(self) -> None:
            self.scopes: list[bool] = [False]

        def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
            self.scopes.append(True)

        def leave_FunctionDef(
            self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
        ) -> Any:
            self.scopes.pop()
            return updated_node

        def visit_ClassDef(self, node: cst.ClassDef) -> None:
            self.scopes.append(False)

        def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> Any:
            self.scopes.pop()
            return updated_node

        def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> Any:
            (target, *more) = updated_node.targets
            if more or not self.scopes[-1] or not isinstance(target.target, cst.Name):
                return updated_node
            if isinstance(updated_node.value, (cst.Yield, cst.Tuple)):
                return updated_node
            named = cst.NamedExpr(
                target.target,
                updated_node.value,
                lpar=[cst.LeftParen()],
                rpar=[cst.RightParen()],
            )
            return cst.Expr(named)

    return program.changed(parsed(program.text).visit(Walrus()).code)
