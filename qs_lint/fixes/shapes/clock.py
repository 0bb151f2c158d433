"""``filter(field__lte=timezone.now())`` at import: the clock of the database, ``Now()``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst
from libcst import matchers as m

from qs_lint.fixes.names import chain
from qs_lint.fixes.plans import Option, Plan
from qs_lint.fixes.shapes.case import Case
from qs_lint.fixes.sources import ClassSource

NOW = "django.utils.timezone.now"
LOOKUPS = frozenset({"lt", "lte", "gt", "gte"})
METHODS = frozenset({"filter", "exclude"})
MODULE = "django.db.models.functions"


def options(case: Case) -> Iterator[Option]:
    """``Now()`` for each clock among the arguments, where all of them can be replaced."""
    if case.function is not None or case.document.enclosing(case.node, cst.Param):
        return
    clocks = list(_clocks(case))
    if not clocks:
        return
    for call in clocks:
        if reason := _uncertain(case, call):
            yield reason
            return
    if reason := _name_taken(case):
        yield reason
        return
    now = cst.Call(cst.Name("Now"))
    yield Plan(
        "use Now(), the database's clock",
        (case.node,),
        {call: lambda _: now.deep_clone() for call in clocks},
        imports=((MODULE, "Now"),),
    )


def _clocks(case: Case) -> Iterator[cst.Call]:
    whole = case.node
    while isinstance(outer := case.document.parent(whole), cst.Attribute | cst.Call):
        if whole not in (getattr(outer, "value", None), getattr(outer, "func", None)):
            break
        whole = outer
    for node in m.findall(whole, m.Call()):
        assert isinstance(node, cst.Call)
        if case.document.dotted(node.func) == NOW:
            yield node


def _uncertain(case: Case, call: cst.Call) -> str:
    """Why ``Now()`` may mean something else; "" if it means the same."""
    arg = case.document.parent(call)
    if call.args or not isinstance(arg, cst.Arg) or arg.keyword is None:
        return "the clock is not a plain keyword argument"
    around = case.document.parent(arg)
    if not (
        isinstance(around, cst.Call)
        and isinstance(around.func, cst.Attribute)
        and around.func.attr.value in METHODS
    ):
        return "the clock is not an argument of filter() or exclude() itself"
    field, _, lookup = arg.keyword.value.partition("__")
    if lookup not in LOOKUPS:
        return "the lookup is not a plain comparison of a field"
    links = chain(around)
    model = _model(case, links.root) if links else None
    if model is None:
        return "the source of the model is not known"
    kind = _field(case, model, field)
    if kind != "django.db.models.DateTimeField":
        return f"`{field}` is not known to be a DateTimeField"
    if case.sources.mentioned("USE_TZ", r"(?m)^\s*USE_TZ\s*=\s*False"):
        return "with USE_TZ = False the database's clock may run in another time zone"
    return ""


def _model(case: Case, root: cst.BaseExpression) -> ClassSource | None:
    name = case.document.code(root)
    if not re.fullmatch(r"[\w.]+", name):
        return None
    return case.sources.find_class(case.sources.here, name)


def _field(case: Case, model: ClassSource, name: str) -> str:
    """The canonical name of the class of a model's field; "" if it is not seen."""
    for each in case.sources.family(model):
        if not isinstance(each, ClassSource):
            continue
        for statement in each.node.body:
            if isinstance(statement, ast.Assign | ast.AnnAssign):
                targets = (
                    statement.targets if isinstance(statement, ast.Assign) else [statement.target]
                )
                if any(isinstance(target, ast.Name) and target.id == name for target in targets):
                    value = statement.value
                    if isinstance(value, ast.Call):
                        return case.sources.facts.canonical(each.module.dotted(value.func))
                    return ""
    return ""


def _name_taken(case: Case) -> str:
    """Whether ``Now`` means something else in the file."""
    imported = case.sources.here.imports.get("Now")
    if imported is not None:
        canonical = case.sources.facts.canonical
        return (
            ""
            if canonical(imported) == canonical(f"{MODULE}.Now")
            else "`Now` has another meaning in this file"
        )
    scope = case.document.scope(case.node)
    if scope is not None and scope["Now"]:
        return "`Now` has another meaning in this file"
    return ""
