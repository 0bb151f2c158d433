"""Imports within ``try: ... except ImportError``, or in both branches of ``TYPE_CHECKING``."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import code, imported_names, is_import, parsed, rewritten, statements


def _guarded(program: Program, form: str, head: str) -> Program | None:
    def change(statement: Any, module: cst.Module) -> list[Any] | None:
        if not is_import(statement) or not (names := imported_names(code(statement))):
            return None
        first = next(iter(names))
        text = code(statement.with_changes(leading_lines=[])).strip()
        block = text.replace("\n", "\n    ")
        return statements(form.format(block=block, name=first))

    module = parsed(program.text)
    changed = rewritten(module, change).code
    if changed == program.text:
        return None
    if head:
        body = list(parsed(changed).body)
        start = next((i for i, each in enumerate(body) if not _first(each)), 0)
        body[start:start] = statements(head)
        changed = cst.Module(body).code
    return program.changed(changed)


def _first(statement: Any) -> bool:
    text = code(statement).lstrip()
    return text.startswith(('"""', "from __future__"))


def in_try(program: Program) -> Program | None:
    """The import may fail."""
    return _guarded(program, "try:\n    {block}\nexcept ImportError:\n    {name} = None\n", "")


def type_checking(program: Program) -> Program | None:
    """The import stands in both branches of ``if TYPE_CHECKING``."""
    form = "if TYPE_CHECKING:\n    {block}\nelse:\n    {block}\n"
    return _guarded(program, form, "from typing import TYPE_CHECKING\n")
