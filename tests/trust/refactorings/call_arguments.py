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
        """See the function around."""

        def visit_FormattedString(self, node: cst.FormattedString) -> bool:
            return False  # before Python 3.12 there are no quotes within quotes

        def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> Any:
            named = [arg for arg in updated_node.args if arg.keyword is not None]
            if not named or any(arg.star == "**" for arg in updated_node.args):
                return updated_node
            items = [
                cst.DictElement(cst.SimpleString(f'"{arg.keyword.value}"'), arg.value)
                for arg in named
                if arg.keyword
            ]
            others = [arg for arg in updated_node.args if arg.keyword is None]
            if others:
                others[-1] = others[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)
            rest = cst.Arg(cst.Dict(items), star="**")
            # a comment behind an argument stays where the last one was
            return updated_node.with_changes(args=[*others, rest])

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
        """See the function around."""

        def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> Any:
            names = known.get(code(updated_node.func))
            if not names or any(arg.star for arg in updated_node.args):
                return updated_node
            given = sum(arg.keyword is None for arg in updated_node.args)
            if given > len(names):
                return updated_node
            named = [
                arg.with_changes(keyword=cst.Name(name), equal=EQUAL)
                for arg, name in zip(updated_node.args, names[:given], strict=False)
            ]
            return updated_node.with_changes(args=[*named, *updated_node.args[given:]])

    return program.changed(parsed(program.text).visit(Named()).code)
