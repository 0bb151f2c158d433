"""Refactorings that keep the meaning of a module, each a function of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from refactorings import (
    call_arguments,
    class_moves,
    constant,
    extract,
    forms,
    getattr_constant,
    guarded_import,
    import_alias,
    module_import,
    noop_decorator,
    re_export,
    values,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from refactorings.program import Program

REFACTORINGS: dict[str, Callable[[Program], Program | None]] = {
    "import alias": import_alias.refactor,
    "import of the module": module_import.refactor,
    "re-export by a package": re_export.refactor,
    "import in `try`": guarded_import.in_try,
    "import under `TYPE_CHECKING`": guarded_import.type_checking,
    "keywords as `**`": call_arguments.spread,
    "positional to keyword": call_arguments.by_name,
    "texts as constants": constant.hoisted,
    "texts as f-strings": constant.formatted,
    "`getattr` with a constant": getattr_constant.refactor,
    "identity helper": values.identity,
    "extract variable": values.variable,
    "walrus": values.walrus,
    "no-op decorator": noop_decorator.refactor,
    "methods to a base class": class_moves.methods_to_base,
    "attributes to a base class": class_moves.attributes_to_base,
    "`None` in the base class": class_moves.none_in_base,
    "`super()` chain": class_moves.super_chain,
    "class made by a function": class_moves.function_made,
    "mixin in another module": class_moves.mixin_elsewhere,
    "extract function": extract.function,
    "extract method": extract.to_method,
    "inline variable": forms.inline,
    "ternary to `if`": forms.ternary,
    "comprehension to loop": forms.loop,
}
