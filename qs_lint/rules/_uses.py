"""What uses and holders are called in messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.domain import Holder, HolderKind, Use, UseKind
from qs_lint.findings import Step

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qs_lint.domain import Hop

#: kind of use -> its words; ``{}`` stands for the name that is called or read
_USES: dict[UseKind, str] = {
    UseKind.CALLED: "{}()",
    UseKind.METHOD: ".{}()",
    UseKind.ATTRIBUTE: ".{}",
    UseKind.PAGINATOR_METHOD: "Paginator.{}()",
    UseKind.PAGINATOR_ATTRIBUTE: "Paginator.{}",
    UseKind.OPTION: "{}",
    UseKind.FOR: "for loop",
    UseKind.ASYNC_FOR: "async for loop",
    UseKind.LIST_COMPREHENSION: "list comprehension",
    UseKind.SET_COMPREHENSION: "set comprehension",
    UseKind.DICT_COMPREHENSION: "dict comprehension",
    UseKind.GENERATOR_EXPRESSION: "generator expression",
    UseKind.UNPACKED: "unpacking",
    UseKind.STARRED: "unpacking (*)",
    UseKind.YIELD_FROM: "yield from",
    UseKind.ADDED_IN_PLACE: "+=",
    UseKind.SLICE_ASSIGNED: "slice assignment",
    UseKind.SET: ".{} =",
    UseKind.TRUTH: "truth test",
    UseKind.BOOL: "bool",
    UseKind.AND: "truth test (and)",
    UseKind.OR: "truth test (or)",
    UseKind.NOT: "not",
    UseKind.IF: "if",
    UseKind.WHILE: "while",
    UseKind.CONDITION: "condition",
    UseKind.CASE_GUARD: "case guard",
    UseKind.ASSERTED: "assert",
    UseKind.MEMBERSHIP: "in",
    UseKind.INDEXED: "[index]",
    UseKind.SLICED: "slice",
    UseKind.STEPPED: "slice with a step",
    UseKind.F_STRING: "f-string",
    UseKind.PERCENT: "%-formatting",
    UseKind.DATACLASS_REPR: "repr() by @dataclass",
    UseKind.RETURNED: "return",
    UseKind.KEPT: "kept",
    UseKind.TEMPLATE: "a template",
    UseKind.SERIALIZER: "serializer",
    UseKind.FORM: "the form",
    UseKind.FORMSET: "a formset",
    UseKind.FEED: "Feed.items",
    UseKind.TEMPLATE_TAG: "a template tag",
    UseKind.CONTEXT_PROCESSOR: "a context processor",
    UseKind.CONTEXT_DATA: "get_context_data()",
    UseKind.EXTRA_CONTEXT: "extra_context",
    UseKind.AS_VIEW_CONTEXT: "as_view(extra_context=...)",
    UseKind.RAW_SQL: "raw()",
    UseKind.GENERATOR: "generator",
    UseKind.ITERATOR: "iterator",
}
#: kind of holder -> who keeps the value; ``{}`` stands for the code that names the holder
_HOLDERS: dict[HolderKind, str] = {
    HolderKind.CACHE: "@{}",
    HolderKind.CACHED_PROPERTY: "@{}",
    HolderKind.LAZY_OBJECT: "{}",
    HolderKind.MODULE_GLOBAL: "global {}",
    HolderKind.CLOSURE: "nonlocal {}",
    HolderKind.OBJECT_ATTRIBUTE: "{} of an object made at import",
    HolderKind.MANAGER_ATTRIBUTE: "the manager's attribute {}",
    HolderKind.CONSTRUCTOR: "The object that {}() creates",
    HolderKind.MIDDLEWARE_VARIABLE: "the middleware's variable {}",
}
#: the same where the holder has no name
_NAMELESS: dict[HolderKind, str] = {
    HolderKind.CONTAINER: "a module-level container",
    HolderKind.DEFAULT: "a default argument",
}


def use_words(use: Use) -> str:
    """What a use is called: ``list()``, ``.count()``, ``for loop``."""
    return _USES[use.kind].format(use.name)


def holder_words(holder: Holder) -> str:
    """Who keeps something: ``@lru_cache``, ``global _rows``, ``Planner.routes``."""
    code = holder.code
    if not code:
        return _NAMELESS.get(holder.kind, "something")
    return _HOLDERS.get(holder.kind, "{}").format(code)


def told(hops: Iterable[Hop]) -> tuple[Step, ...]:
    """The way to a use, as findings tell it."""
    return tuple(Step(hop.path, hop.line, use_words(hop.use)) for hop in hops)
