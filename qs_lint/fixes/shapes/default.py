"""A default argument that runs at import: ``None``, and the expression inside the function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst
from libcst import matchers as m
from libcst.metadata import Assignment

from qs_lint.facts.queryset import ASYNC
from qs_lint.fixes.names import bindings, builtin, chain, loads, walk, why_not_deferred
from qs_lint.fixes.plans import Insertion, Option, Plan, by
from qs_lint.fixes.shapes.case import Case

#: decorators that neither keep results nor look at default values
HARMLESS = ("django.", "rest_framework.", "builtins.", "functools.wraps", "asgiref.")


def options(case: Case) -> Iterator[Option]:
    """The finding is in the default itself."""
    inner: cst.CSTNode = case.node
    for outer in case.document.around(case.node):
        if isinstance(outer, cst.Param) and outer.default is inner:
            yield _late(case, outer)
            return
        if isinstance(outer, cst.Decorator):
            yield "the argument of a decorator cannot be computed later"
            return
        inner = outer


def options_of_parameter(case: Case) -> Iterator[Option]:
    """The finding is where the function uses a parameter with such a default."""
    seen: set[str] = set()
    for name in loads(case.document, case.node):
        for binding in bindings(case.document, name):
            if not isinstance(binding, Assignment) or not isinstance(binding.node, cst.Param):
                continue
            if binding.node.default is None or name.value in seen:
                continue
            seen.add(name.value)
            if isinstance(binding.node.default, cst.Call):
                yield _late(case, binding.node)


def _late(case: Case, param: cst.Param) -> Option:
    document = case.document
    function = document.enclosing(param, cst.FunctionDef)
    if function is None or param.default is None or document.enclosing(param, cst.Lambda):
        return "a lambda cannot hold the statement that evaluates it"
    if not isinstance(function.body, cst.IndentedBlock):
        return "the function is written on one line"
    value, name = param.default, param.name.value
    if reason := _meaningful(case, function, name) or _decorated(case, function):
        return reason
    inside = document.scope(function.body.body[0])
    if reason := why_not_deferred(document, value, inside):
        return reason
    late = _asynchronous(case, value) if function.asynchronous else value
    if late is None:
        return "an async function cannot run this query as it is"
    annotation = _annotation(case, param)
    if isinstance(annotation, str):
        return annotation
    condition = cst.parse_statement(
        f"if {name} is None:\n    pass\n", config=document.module.config_for_parsing
    )
    assert isinstance(condition, cst.If)
    assign = cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], late)])
    condition = condition.with_changes(body=condition.body.with_changes(body=[assign]))
    changed = param.with_changes(
        default=cst.Name("None"), annotation=annotation or param.annotation
    )
    body = function.body.body
    first = 1 if function.get_docstring() is not None else 0
    before = body[first] if first < len(body) else None
    return Plan(
        "compute it inside the function, on each call",
        (value, case.node),
        {param: by(changed)},
        insert=(Insertion(function.body, before, condition),),
    )


def _meaningful(case: Case, function: cst.FunctionDef, name: str) -> str:
    """Whether ``None`` may be a value of its own for the parameter."""
    for node in walk(function.body):
        if m.matches(node, m.Comparison(left=m.Name(name))) and any(
            m.matches(each, m.ComparisonTarget(comparator=m.Name("None")))
            for each in getattr(node, "comparisons", ())
        ):
            return f"the function already checks whether `{name}` is None"
    called = function.name.value
    empty = _empty_parameters(case.sources.here.tree)
    for call in ast.walk(case.sources.here.tree):
        if not isinstance(call, ast.Call):
            continue
        func = call.func
        if called not in (getattr(func, "id", None), getattr(func, "attr", None)):
            continue
        given = [*call.args, *(each.value for each in call.keywords if each.arg in (name, None))]
        for each in given:
            if isinstance(each, ast.Constant) and each.value is None:
                return f"{called}() is called with None"
            if isinstance(each, ast.Name) and each.id in empty:
                return f"{called}() is called with `{each.id}`, which may be None"
    return ""


def _empty_parameters(tree: ast.Module) -> set[str]:
    """The parameters of the file's functions whose default is ``None``."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            plain = [*node.posonlyargs, *node.args]
            named = zip(reversed(plain), reversed(node.defaults), strict=False)
            for arg, default in [*named, *zip(node.kwonlyargs, node.kw_defaults, strict=True)]:
                if isinstance(default, ast.Constant) and default.value is None:
                    found.add(arg.arg)
    return found


def _decorated(case: Case, function: cst.FunctionDef) -> str:
    for decorator in function.decorators:
        node = decorator.decorator
        if isinstance(node, cst.Call):
            node = node.func
        dotted = case.document.dotted(node)
        if dotted in ("staticmethod", "classmethod") or dotted.startswith(HARMLESS):
            continue
        return "a decorator may inspect the default, or cache the result"
    return ""


def _annotation(case: Case, param: cst.Param) -> cst.Annotation | str | None:
    """The annotation with ``None`` added; ``None`` if it may stay; else why neither is certain."""
    if param.annotation is None:
        return None
    node = param.annotation.annotation
    code = case.document.code(node)
    if "None" in code or "Optional" in code or code in ("Any", "object"):
        return None
    if isinstance(node, cst.SimpleString):
        quote = node.quote
        changed: cst.BaseExpression = cst.SimpleString(f"{quote}{node.raw_value} | None{quote}")
    elif case.sources.here.imports.get("annotations") == "__future__.annotations":
        changed = cst.BinaryOperation(node, cst.BitOr(), cst.Name("None"))
    else:
        return "the annotation does not allow None"
    return param.annotation.with_changes(annotation=changed)


def _asynchronous(case: Case, value: cst.BaseExpression) -> cst.BaseExpression | None:
    """The expression as an async function may run it, if there is such a form."""
    links = chain(value)
    if links is not None:
        last, call = links.methods[-1]
        lazy = [name for name, _ in links.methods[:-1]]
        if links.plain:
            return value
        if f"a{last}" in ASYNC and not set(lazy) & {"raw"}:
            assert isinstance(call.func, cst.Attribute)
            func = call.func.with_changes(attr=cst.Name(f"a{last}"))
            return cst.Await(call.with_changes(func=func))
        return None
    if isinstance(value, cst.Call) and len(value.args) == 1:
        name, arg = builtin(case.document, value.func), value.args[0]
        found = chain(arg.value)
        if found is None or not found.plain or arg.keyword or arg.star:
            return None
        row = _unused(case, "row")
        rows = cst.parse_expression(f"[{row} async for {row} in x]")
        assert isinstance(rows, cst.ListComp)
        rows = rows.with_changes(for_in=rows.for_in.with_changes(iter=arg.value))
        if name == "list":
            return rows
        if name in ("tuple", "set", "frozenset"):
            return value.with_changes(args=[arg.with_changes(value=rows)])
    return None


def _unused(case: Case, name: str) -> str:
    taken = {node.value for node in walk(case.document.module) if isinstance(node, cst.Name)}
    while name in taken:
        name += "_"
    return name
