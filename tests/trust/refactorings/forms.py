"""Statements are written in another form: inlined, as conditions, as loops."""

from __future__ import annotations

import re
from typing import Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import code, expression, parsed, statements
from refactorings.values import marked_other


def _single(line: Any, *kinds: type[Any]) -> Any:
    """The only statement of a line, if it is of one of these kinds."""
    if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
        statement = line.body[0]
        if isinstance(statement, kinds):
            return statement
    return None


class Blocks(cst.CSTTransformer):
    """Rewrite the lists of statements of functions."""

    def __init__(self) -> None:
        self.inside: list[cst.CSTNode] = []

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self.inside.append(node)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self.inside.append(node)

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> Any:
        self.inside.pop()
        return updated_node

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> Any:
        self.inside.pop()
        return updated_node

    def leave_IndentedBlock(
        self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
    ) -> Any:
        if not self.inside or not isinstance(self.inside[-1], cst.FunctionDef):
            return updated_node
        return updated_node.with_changes(
            body=self.block(list(updated_node.body), code(self.inside[-1]))
        )

    def block(self, body: list[Any], function: str) -> list[Any]:
        """Other statements; ``function`` is the text of the function around."""
        raise NotImplementedError


class Inline(Blocks):
    """``x = f()`` and ``return x.y()`` become ``return f().y()``."""

    def block(self, body: list[Any], function: str) -> list[Any]:
        result: list[Any] = []
        for line in body:
            before: Any = _single(result[-1], cst.Assign) if result else None
            back: Any = _single(line, cst.Return)
            name = code(before.targets[0].target) if before and len(before.targets) == 1 else ""
            if back and back.value and name.isidentifier():
                once = len(re.findall(rf"\b{name}\b", function)) == 2
                text = code(back.value)
                free = not re.search(r"\b(for|lambda|await|yield)\b|#", text + code(before.value))
                # before Python 3.12 there are no quotes within quotes
                quoted = re.search(r"\bf['\"]", text) and re.search(r"['\"]", code(before.value))
                if once and free and not quoted and re.search(rf"(?<![.\w]){name}\b(?!=)", text):
                    value = f"({code(before.value)})".replace("\\", r"\\")
                    new = re.sub(rf"(?<![.\w]){name}\b(?!=)", value, text)
                    kept = result.pop()
                    changed = line.with_changes(body=[back.with_changes(value=expression(new))])
                    if kept.trailing_whitespace.comment and not line.trailing_whitespace.comment:
                        space = kept.trailing_whitespace
                        changed = changed.with_changes(trailing_whitespace=space)
                    result.append(changed)
                    continue
            result.append(line)
        return result


class Ternary(Blocks):
    """``return a if c else b`` becomes an ``if`` statement with two branches."""

    def block(self, body: list[Any], function: str) -> list[Any]:
        result: list[Any] = []
        for line in body:
            statement = _single(line, cst.Return, cst.Assign)
            value: Any = statement.value if statement else None
            if not isinstance(value, cst.IfExp) or "#" in code(value):
                result.append(line)
                continue
            branches = []
            for part in (value.body, value.orelse):
                one = cst.SimpleStatementLine([statement.with_changes(value=part)])
                branches.append(cst.IndentedBlock([marked_other(one, line)]))
            test = value.test.with_changes()
            result.append(cst.If(test, branches[0], cst.Else(branches[1])))
        return result


class Loop(Blocks):
    """``x = [f(y) for y in z]`` becomes a loop that appends."""

    def block(self, body: list[Any], function: str) -> list[Any]:
        result: list[Any] = []
        for line in body:
            statement = _single(line, cst.Return, cst.Assign)
            value: Any = statement.value if statement else None
            plain = isinstance(value, cst.ListComp) and "#" not in code(value)
            if not plain or value.for_in.inner_for_in or value.for_in.asynchronous:
                result.append(line)
                continue
            loop = value.for_in
            names = re.findall(r"\w+", code(loop.target))
            inside = code(value)
            if any(
                len(re.findall(rf"\b{n}\b", function)) > len(re.findall(rf"\b{n}\b", inside))
                for n in names
            ):
                result.append(line)
                continue
            tests = "".join(f" and ({code(each.test)})" for each in loop.ifs)
            append = f"collected.append({code(value.elt)})"
            inner = f"    if {tests[5:]}:\n        {append}\n" if tests else f"    {append}\n"
            start, over = statements(
                f"collected = []\nfor {code(loop.target)} in {code(loop.iter)}:\n{inner}"
            )
            other = marked_other(start, line).trailing_whitespace
            suite = over.body.with_changes(header=other)
            result += [start, over.with_changes(body=suite)]
            last = line.with_changes(body=[statement.with_changes(value=cst.Name("collected"))])
            result.append(last)
        return result


def inline(program: Program) -> Program | None:
    """A variable that is returned at once is inlined."""
    if not re.search(r"^ +(\w+) = .*\n +return .*\b\1\b", program.text, re.MULTILINE):
        return None
    return program.changed(parsed(program.text).visit(Inline()).code)


def ternary(program: Program) -> Program | None:
    """Conditional expressions become statements."""
    if " if " not in program.text or " else " not in program.text:
        return None
    return program.changed(parsed(program.text).visit(Ternary()).code)


def loop(program: Program) -> Program | None:
    """List comprehensions become loops."""
    if "collected" in program.text or not re.search(r"\[.*\sfor\b", program.text, re.DOTALL):
        return None
    return program.changed(parsed(program.text).visit(Loop()).code)
