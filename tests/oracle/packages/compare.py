"""Compare the table of a package with what the package did; every complaint names its row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.facts.schema import Callee, Class, Library, Method

#: How long an object of a kind lives: measured with Django's own classes (``fact_makers``).
LIVES: dict[str, str] = {
    "admin": "process",
    "manager": "process",
    "form": "request",
    "form-field": "request",
    "inline": "request",
    "list-filter": "request",
    "view": "request",
    "widget": "request",
}
#: What a callable returns: word of the table -> kinds that are that.
RETURNS: dict[str, set[str]] = {
    "list": {"list", "tuple"},
    "iterator": {"iterator"},
    "derived": {"other", "queryset"},
    "first": {"same", "other"},
}


def complaints(library: Library, answers: dict[str, Any]) -> Iterator[str]:
    """All differences: the row, and what is wrong."""
    for name, row in library.classes.items():
        found = answers["classes"][name]
        if found.get("error"):
            yield f"{name}: {found['error']}"
            continue
        for text in of_class(row, found):
            yield f"{name}: {text}"
    for name, callee in library.callables.items():
        for text in of_callable(callee, answers["callables"][name]):
            yield f"{name}: {text}"
    for name in library.volatile:
        if not answers["volatile"][name]:
            yield f"{name}: two contexts see the same"
    for name, same in answers["aliases"].items():
        if not same:
            yield f"{name}: is another thing, or is not there"


def of_class(row: Class, found: dict[str, Any]) -> Iterator[str]:
    """One class."""
    if set(row.kinds) != set(found["words"]):
        yield f"is {found['words']}"
    known = {LIVES[kind] for kind in row.kinds if kind in LIVES}
    if "lives" in found:
        known = {"process" if found["lives"] == 1 else "request"}
    if row.lifetime and not known:
        yield "nothing says how long an object lives"
    elif known and {row.lifetime} != known:
        yield f"lives {sorted(known)}"
    for attribute, cls in row.managers.items():
        if not found["managers"][attribute]:
            yield f"has no {cls} as {attribute}"
    for name, method in row.methods.items():
        for text in of_method(method, found["methods"][name]):
            yield f"{name}(): {text}"
    if row.foreign_rows != found.get("foreign_rows", False):
        yield f"foreign rows: {found.get('foreign_rows')}"
    if row.filters != found.get("filters", False):
        yield f"filters: {found.get('filters')}"


def of_method(row: Method, found: dict[str, Any]) -> Iterator[str]:
    """One method of a manager, a queryset or a model."""
    if row.does == "answers":
        if found.get("serves") != "stale":
            yield f"serves {found.get('serves')}"
        return
    if found["error"]:
        yield found["error"]
        return
    does, returns = did(found)
    if does != row.does:
        yield f"{does}, not {row.does}"
    elif does == "evaluates" and returns != row.returns:
        yield f"returns {returns}, not {row.returns}"
    if row.filters and not found["tells"]:
        yield "its arguments select nothing"
    if bool(row.volatile) != found.get("differs", False):
        yield f"two contexts: {found.get('differs')}"
    if bool(row.iterates) and not found["filled"]:
        yield "does not iterate its argument"


def did(found: dict[str, Any]) -> tuple[str, str]:
    """What a method did, in the words of the table, and what it returned."""
    if found["writes"]:
        return "writes", found["returns"]
    if found.get("deferred"):
        return "deferred", "iterator"
    if found["lazy"]:
        # the argument, and no query of its own, may have been what was iterated
        own = found["queries"] and not found["filled"]
        return ("evaluates", "queryset") if own else ("lazy", "queryset")
    if found["queries"]:
        return "evaluates", found["returns"]
    return ("self", "") if found["returns"] == "other" else ("nothing", "")


def of_callable(row: Callee, found: dict[str, Any]) -> Iterator[str]:
    """One callable."""
    if found.get("error"):
        yield found["error"]
        return
    said = {
        str(argument): effect
        for effect in ("iterates", "peeks", "later")
        for argument in getattr(row, effect)
    }
    if not found["arguments"] and found.get("behaves") is not True:
        yield "nothing was asked of it"
    for argument in said.keys() - found["arguments"].keys():
        yield f"argument {argument}: not asked"
    for argument, outcome in found["arguments"].items():
        if outcome["error"]:
            yield f"argument {argument}: {outcome['error']}"
        elif outcome["effect"] != said.get(argument, "nothing"):
            yield f"argument {argument}: {outcome['effect']}"
        elif outcome["returns"] not in RETURNS.get(row.returns, {row.returns}):
            yield f"argument {argument}: returns {outcome['returns']}"
