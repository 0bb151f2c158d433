"""The words of the rules about what one request leaves behind for others."""

from __future__ import annotations

from collections.abc import Iterator

from qs_lint.domain import HolderKind
from qs_lint.domain.leaks import Content, Cure, Meaning, Storing
from qs_lint.domain.observations import Leak
from qs_lint.findings import Finding, Step
from qs_lint.rules import location

#: What keeps it, and for how long; "{code}" is what the code says.
_HOLDERS: dict[HolderKind, str] = {
    HolderKind.MODULE_GLOBAL: "the module-level name {code}, which lives as long as the process",
    HolderKind.MODULE_ATTRIBUTE: "{code}, which lives as long as the process",
    HolderKind.CLASS_ATTRIBUTE: "{code}, a class attribute that all requests share",
    HolderKind.OBJECT_ATTRIBUTE: "{code}: that object lives as long as the process",
    HolderKind.FUNCTION_ATTRIBUTE: "{code}, a function attribute that all requests share",
    HolderKind.MANAGER_ATTRIBUTE: "{code}: all requests share one manager of a model",
    HolderKind.CLOSURE: "the enclosing function's variable {code}, which all requests share",
    HolderKind.DEFAULT: "the default of the parameter {code}, created once and shared by all calls",
}
#: The same for ``self.x``: what there is one of.
_ONE_OF: tuple[tuple[str, str], ...] = (
    ("admin", "one ModelAdmin"),
    ("admin-site", "one AdminSite"),
    ("middleware", "one middleware object"),
    ("feed", "one feed object"),
    ("template-node", "one node of the compiled template"),
    ("url-converter", "one converter object"),
    ("password-validator", "one validator object"),
    ("app-config", "one AppConfig"),
    ("manager", "one manager"),
)
_CONTENTS: dict[Content, str] = {
    Content.QUERYSET: "A queryset built for one request",
    Content.ROWS: "The result of a query made for one request",
    Content.STATE: "State that belongs to one request",
    Content.CHOICE: "A value chosen by one request",
}
_STORING: dict[Storing, str] = {
    Storing.SET: "is stored in",
    Storing.ITEM: "is stored as an item in",
    Storing.ADDED: "is added to",
    Storing.REMOVED: "is removed from",
}
CURES: dict[Cure, str] = {
    Cure.VIEW_OBJECT: "Set it on self: each request has its own view object.",
    Cure.GET_QUERYSET: "Set self.queryset, or override get_queryset(): each request has its own "
    "view object.",
    Cure.FORM_FIELDS: "Change self.fields[...] in the form's __init__(), after super().__init__(): "
    "those are copies.",
    Cure.ADMIN_FIELD: "Override formfield_for_foreignkey(), or change self.fields[...] in the "
    "form's __init__(): those are copies.",
    Cure.ADMIN_CLOSURE: "Use it where the request is an argument: as a closure made in "
    "get_list_display(), in formfield_for_foreignkey(), or as an attribute of the request.",
    Cure.ADMIN_GETTER: "Override the method that is called for each request "
    "(get_list_filter() ...), and return the value.",
    Cure.ADMIN_FORM: "Pass it to the method of the parent class: super().get_form(request, obj, "
    "form=..., **kwargs).",
    Cure.COPY_FIRST: "Copy it first (list(x), {**x}), and change or return the copy.",
    Cure.REQUEST: "Store it on the request (request.x = ...), or in a local variable.",
    Cure.RENDER_CONTEXT: "Use a local variable, or context.render_context[self].",
    Cure.FEED_OBJECT: "Return it from get_object(): it is passed to the feed's methods.",
    Cure.RETURN_VALUE: "Return it: the view is passed what to_python() returns.",
    Cure.DEFAULT_NONE: "Use None as the default, and create the object inside the function.",
    Cure.CONTEXT_VARIABLE: "Pass it as an argument, or store it on the request or in a ContextVar.",
    Cure.META: "Return it from get_field_names() or another method: Meta is shared by all objects.",
    Cure.LOCAL: "Create it inside the function that handles the request.",
}


def findings(symbol: str, seen: Leak, path: str) -> Iterator[Finding]:
    """One report about what is left behind, or raced."""
    yield Finding(
        symbol,
        location(path, seen.node),
        f"{_CONTENTS[seen.content]} {_STORING[seen.storing]} {_holder(seen)}.",
        f"{_meaning(seen)}{_reader(seen)}.",
        CURES[seen.cure],
        seen.confidence,
        tuple(Step(hop.path, hop.line, hop.use.name) for hop in seen.steps),
        holder=seen.holder,
        brief=f"{_CONTENTS[seen.content]} {_STORING[seen.storing]} {_brief_holder(seen)}",
    )


def _holder(seen: Leak) -> str:
    code = seen.holder.code
    if seen.holder.kind is HolderKind.INSTANCE_ATTRIBUTE:
        one = next((words for kind, words in _ONE_OF if kind in seen.holder_kinds), "one object")
        return f"{code}: {one} serves all requests"
    return _HOLDERS.get(seen.holder.kind, "{code}").format(code=code)


def _brief_holder(seen: Leak) -> str:
    outlives = seen.meaning is Meaning.LEFT_BEHIND
    return f"{seen.holder.code}: {'later' if outlives else 'concurrent'} requests see it"


def _meaning(seen: Leak) -> str:
    if seen.meaning is Meaning.LEFT_BEHIND:
        return "It is left behind: a later request that does not set it sees the old value"
    return "It is a race condition: of two concurrent requests, one may see what the other stored"


def _reader(seen: Leak) -> str:
    """Where it is read."""
    if not seen.steps:
        return " when the framework reads it"
    step = seen.steps[0]
    where = f"{step.path}, line {step.line}" if seen.elsewhere else f"line {step.line}"
    return f" in {seen.read_in}(), {where}" if seen.read_in else f" in {where}"
