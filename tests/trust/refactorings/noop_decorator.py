"""Functions get a decorator that does nothing, made with ``functools.wraps``."""

from __future__ import annotations

from typing import Any

import libcst as cst

from refactorings.program import Program
from refactorings.trees import after_imports, parsed, with_inserted

TEXT = '''
import functools


def {name}(function):
    """Do nothing more."""

    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


'''


def refactor(program: Program) -> Program | None:
    """Every function and method without a decorator, if it is not asynchronous."""
    name = program.fresh("kept")

    class Decorate(cst.CSTTransformer):
        """See the function around."""

        def leave_FunctionDef(
            self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
        ) -> Any:
            special = updated_node.name.value.startswith("__") and updated_node.name.value not in (
                "__init__",
                "__call__",
            )
            if updated_node.asynchronous or updated_node.decorators or special:
                return updated_node
            return updated_node.with_changes(decorators=[cst.Decorator(cst.Name(name))])

    module = parsed(program.text).visit(Decorate())
    if "\n@" + name not in module.code and f" @{name}" not in module.code:
        return None
    return program.changed(
        with_inserted(module, after_imports(module), TEXT.format(name=name)).code
    )
