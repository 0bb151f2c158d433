"""Arguments are given in another way."""

from __future__ import annotations

import ast
from typing import Any

import libcst as cst

from refactorings.program import Program, bound
from refactorings.trees import code, parsed

EQUAL = cst.AssignEqual(
    whitespace_before=cst.SimpleWhitespace(""), whitespace_after=cst.SimpleWhitespace("")
)


def spread(program: Program) -> Program | None:
    """``f(a=1)`` becomes ``f(**{"a": 1})``."""

    class Spread(cst.CSTTransformer):
        def visit_FormattedString(self, node: cst.FormattedString) -> bool:  # noqa: N802
            return False  # before Python 3.12 there are no quotes within quotes

        def leave_Call(self, original: cst.Call, updated: cst.Call) -> Any:  # noqa: N802
            named = [arg for arg in updated.args if arg.keyword is not None]
            if not named or any(arg.star == "**" for arg in updated.args):
                return updated
            items = [
                cst.DictElement(cst.SimpleString(f'"{arg.keyword.value}"'), arg.value)
                for arg in named
                if arg.keyword
            ]
            others = [arg for arg in updated.args if arg.keyword is None]
            if others:
                others[-1] = others[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            rest = cst.Arg(cst.Dict(items), star="**")
            # a comment behind an argument stays where the last one was
            return updated.with_changes(args=[*others, rest])

    if "=  #" in program.text:
        return None
    before = program.text.count("# [")
    changed = program.changed(parsed(program.text).visit(Spread()).code)
    return changed if changed and changed.text.count("# [") == before else None


def by_name(program: Program) -> Program | None:
    """``f(a, b)`` becomes ``f(x=a, y=b)``, for the functions of the module and ``path``."""
    tree = ast.parse(program.text)
    count = bound(program.text)
    known: dict[str, list[str]] = {"path": ["route", "view"]}
    for node in tree.body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and count[node.name] == 1:
            plain = not (node.decorator_list or node.args.posonlyargs or node.args.vararg)
            if plain:
                known[node.name] = [arg.arg for arg in node.args.args]

    class Named(cst.CSTTransformer):
        def leave_Call(self, original: cst.Call, updated: cst.Call) -> Any:  # noqa: N802
            names = known.get(code(updated.func))
            if not names or any(arg.star for arg in updated.args):
                return updated
            given = sum(arg.keyword is None for arg in updated.args)
            if given > len(names):
                return updated
            named = [
                arg.with_changes(keyword=cst.Name(name), equal=EQUAL)
                for arg, name in zip(updated.args, names[:given], strict=False)
            ]
            return updated.with_changes(args=[*named, *updated.args[given:]])

    return program.changed(parsed(program.text).visit(Named()).code)
