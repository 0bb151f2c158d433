"""What stands in a class is moved: into a base class, a subclass, a mixin, a function."""

from __future__ import annotations

import re
from typing import Any

import libcst as cst

from refactorings.extract import SYMBOL
from refactorings.program import Program
from refactorings.trees import (
    code,
    is_docstring,
    is_import,
    members,
    names_of,
    new_class,
    parsed,
    plain_class,
    read,
    read_at_once,
    rewritten,
    statements,
)


def _docstring(statement: cst.ClassDef) -> list[Any]:
    return [each for each in statement.body.body[:1] if is_docstring(each)]


def _block(statement: cst.ClassDef, body: list[Any]) -> cst.BaseSuite:
    lines = body or [cst.SimpleStatementLine([cst.Pass()])]
    return statement.body.with_changes(body=lines)


def _based(statement: cst.ClassDef, base: str, body: list[Any], first: bool = False) -> Any:
    """The class over a base class of that name: alone, or ``first`` among its old ones."""
    bases = [cst.Arg(cst.Name(base)), *(statement.bases if first else ())]
    return statement.with_changes(
        bases=bases,
        lpar=cst.LeftParen(),
        rpar=cst.RightParen(),
        body=_block(statement, [*_docstring(statement), *body]),
    )


def methods_to_base(program: Program) -> Program | None:
    """``class V(B): def m`` becomes ``class Base(B): def m`` and ``class V(Base)``."""

    def change(statement: Any, module: cst.Module) -> list[Any] | None:
        if not plain_class(statement, program.text):
            return None
        functions, others = members(statement)
        tied = names_of(functions) & read_at_once(others) or names_of(others) & read_at_once(
            functions
        )
        if not functions or tied or names_of(functions) & names_of(others):
            return None
        base = f"{statement.name.value}_{program.fresh('base')}"
        return [new_class(base, statement.bases, functions), _based(statement, base, others)]

    return program.changed(rewritten(parsed(program.text), change).code)


def attributes_to_base(program: Program) -> Program | None:
    """``class V(B): x = 1`` becomes ``class Base(B): x = 1`` and ``class V(Base)``."""

    def change(statement: Any, module: cst.Module) -> list[Any] | None:
        if not plain_class(statement, program.text):
            return None
        functions, others = members(statement)
        simple = [each for each in others if isinstance(each, cst.SimpleStatementLine)]
        rest = [each for each in others if each not in simple]
        tied = names_of(functions) & read_at_once(others) or names_of(others) & read_at_once(
            functions
        )
        if not simple or tied or read_at_once(rest) & names_of(simple):
            return None
        if names_of(simple) & names_of(functions) or read_at_once(simple) & names_of(rest):
            return None
        base = f"{statement.name.value}_{program.fresh('base')}"
        lower = [*rest, *functions]
        return [new_class(base, statement.bases, simple), _based(statement, base, lower)]

    return program.changed(rewritten(parsed(program.text), change).code)


def none_in_base(program: Program) -> Program | None:
    """The methods move to a base class that has ``x = None``; the class sets ``x``."""

    def change(statement: Any, module: cst.Module) -> list[Any] | None:
        if not plain_class(statement, program.text):
            return None
        functions, others = members(statement)
        simple = [each for each in others if isinstance(each, cst.SimpleStatementLine)]
        tied = names_of(functions) & read_at_once(others) or names_of(others) & read_at_once(
            functions
        )
        names = sorted(name for name in names_of(simple) if not name.startswith("__"))
        if not functions or not names or tied or names_of(functions) & names_of(others):
            return None
        base = f"{statement.name.value}_{program.fresh('base')}"
        nothing = statements("".join(f"{name} = None\n" for name in names))
        upper = new_class(base, statement.bases, [*nothing, *functions])
        return [upper, _based(statement, base, others)]

    return program.changed(rewritten(parsed(program.text), change).code)


def super_chain(program: Program) -> Program | None:
    """``class V(B)`` becomes ``class Base(B)``, and ``V`` calls ``super()`` in every method."""

    def change(statement: Any, module: cst.Module) -> list[Any] | None:
        if not plain_class(statement, program.text) or statement.decorators:
            return None
        functions, _ = members(statement)
        chosen = []
        for each in functions:
            first = each.params.params[:1]
            plain = first and first[0].name.value == "self" and not each.asynchronous
            if plain and not each.decorators and "yield" not in code(each):
                chosen.append(each.name.value)
        if not chosen:
            return None
        base = f"{statement.name.value}_{program.fresh('base')}"
        lines = [
            f"def {name}(self, *args, **kwargs):\n    return super().{name}(*args, **kwargs)\n"
            for name in dict.fromkeys(chosen)
        ]
        lower = new_class(
            statement.name.value, [cst.Arg(cst.Name(base))], statements("\n".join(lines))
        )
        return [statement.with_changes(name=cst.Name(base)), lower]

    return program.changed(rewritten(parsed(program.text), change).code)


def function_made(program: Program) -> Program | None:
    """``class V`` becomes ``def make(): class V; return V`` and ``V = make()``."""

    def change(statement: Any, module: cst.Module) -> list[Any] | None:
        if not isinstance(statement, cst.ClassDef):
            return None
        name = statement.name.value
        make = f"make_{name}_{program.fresh('made')}"
        back = cst.SimpleStatementLine([cst.Return(cst.Name(name))])
        body = cst.IndentedBlock([statement.with_changes(leading_lines=[]), back])
        function = cst.FunctionDef(
            cst.Name(make), cst.Parameters(), body, leading_lines=[cst.EmptyLine(indent=False)]
        )
        return [function, *statements(f"{name} = {make}()\n")]

    return program.changed(rewritten(parsed(program.text), change).code)


def mixin_elsewhere(program: Program) -> Program | None:
    """The methods move to a mixin in another module."""
    stem = program.fresh("mixins")
    tree = parsed(program.text)
    imports = [each for each in tree.body if is_import(each)]
    imported = names_in(imports)
    own = {name for each in tree.body if not is_import(each) for name in names_of([each])}
    moved: list[Any] = []

    def change(statement: Any, module: cst.Module) -> list[Any] | None:
        if not plain_class(statement, program.text):
            return None
        functions, others = members(statement)
        tied = names_of(functions) & read_at_once(others) or names_of(others) & read_at_once(
            functions
        )
        used = {name for each in functions for name in read(code(each).strip("\n"))}
        if not functions or tied or names_of(functions) & names_of(others) or used & own - imported:
            return None
        mixin = f"{statement.name.value}_{stem}"
        moved.append(new_class(mixin, [], functions))
        return [_based(statement, mixin, others, first=True)]

    changed = rewritten(tree, change)
    if not moved or any("global " in code(each) for each in moved):
        return None
    functions = [function for each in moved for function in each.body.body]
    changed = rewritten(
        changed,
        lambda each, _: [_marked(each, functions)] if isinstance(each, cst.ClassDef) else None,
    )
    elsewhere = cst.Module([*imports, *moved]).code
    names = ", ".join(each.name.value for each in moved)
    last = max((i + 1 for i, each in enumerate(changed.body) if is_import(each)), default=0)
    new = statements(f"from {stem} import {names}\n")
    body = [*changed.body[:last], *new, *changed.body[last:]]
    return program.changed(changed.with_changes(body=body).code, {f"{stem}.py": elsewhere})


def _marked(statement: cst.ClassDef, functions: list[Any]) -> cst.ClassDef:
    """Mark what marked functions read of a class: in another module, they speak of no class."""
    if not isinstance(statement.body, cst.IndentedBlock):
        return statement
    moved = "".join(map(code, functions))
    marks = SYMBOL.findall(moved)
    found: list[Any] = []
    body: list[Any] = list(statement.body.body)
    for each in body:
        line = isinstance(each, cst.SimpleStatementLine) and not is_docstring(each)
        read_there = line and any(re.search(rf"\.{name}\b", moved) for name in names_of([each]))
        if marks and read_there and each.trailing_whitespace.comment is None:
            comment = cst.Comment(f"# or {marks[0]}")
            space = cst.TrailingWhitespace(cst.SimpleWhitespace("  "), comment)
            each = each.with_changes(trailing_whitespace=space)  # noqa: PLW2901
        found.append(each)
    return statement.with_changes(body=statement.body.with_changes(body=found))


def names_in(imports: list[Any]) -> set[str]:
    """The names that import statements bind."""
    found: set[str] = set()
    for statement in imports:
        named = statement.body[0].names
        for alias in () if isinstance(named, cst.ImportStar) else named:
            found.add((alias.evaluated_alias or alias.evaluated_name).split(".")[0])
    return found
