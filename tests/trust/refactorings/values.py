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

    def leave_Return(self, original: cst.Return, updated: cst.Return) -> Any:  # noqa: N802
        return self._value(updated)

    def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> Any:  # noqa: N802
        if code(updated.targets[0].target).startswith("__"):
            return updated
        return self._value(updated)

    def leave_AnnAssign(self, original: cst.AnnAssign, updated: cst.AnnAssign) -> Any:  # noqa: N802
        return self._value(updated)


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
        def leave_SimpleStatementLine(  # noqa: N802
            self, original: cst.SimpleStatementLine, updated: cst.SimpleStatementLine
        ) -> Any:
            (statement, *more) = updated.body
            if more or not isinstance(statement, cst.Return) or statement.value is None:
                return updated
            if isinstance(statement.value, (*PLAIN, cst.Name)):
                return updated
            target = cst.AssignTarget(cst.Name(name))
            first = updated.with_changes(body=[cst.Assign([target], statement.value)])
            second = cst.SimpleStatementLine([cst.Return(cst.Name(name))])
            return cst.FlattenSentinel([first, marked_other(second, updated)])

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
        def __init__(self) -> None:
            self.scopes: list[bool] = [False]

        def visit_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
            self.scopes.append(True)

        def leave_FunctionDef(self, original: cst.FunctionDef, updated: cst.FunctionDef) -> Any:  # noqa: N802
            self.scopes.pop()
            return updated

        def visit_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
            self.scopes.append(False)

        def leave_ClassDef(self, original: cst.ClassDef, updated: cst.ClassDef) -> Any:  # noqa: N802
            self.scopes.pop()
            return updated

        def leave_Assign(self, original: cst.Assign, updated: cst.Assign) -> Any:  # noqa: N802
            (target, *more) = updated.targets
            if more or not self.scopes[-1] or not isinstance(target.target, cst.Name):
                return updated
            if isinstance(updated.value, (cst.Yield, cst.Tuple)):
                return updated
            named = cst.NamedExpr(
                target.target,
                updated.value,
                lpar=[cst.LeftParen()],
                rpar=[cst.RightParen()],
            )
            return cst.Expr(named)

    return program.changed(parsed(program.text).visit(Walrus()).code)
