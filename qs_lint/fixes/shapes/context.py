"""Querysets in template contexts that live as long as the process: a callable in their place.

Django's templates call what can be called, for each use.  Other readers do not, so anything that
may read the context from Python keeps the fix from being applied.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst
from libcst import matchers as m

from qs_lint.fixes.names import bindings, chain
from qs_lint.fixes.plans import Option, Plan, by
from qs_lint.fixes.shapes.case import Case
from qs_lint.fixes.shapes.choices import as_callable
from qs_lint.fixes.shapes.shared import cloned

RENDERERS = frozenset(
    {
        "django.shortcuts.render",
        "django.template.loader.render_to_string",
        "django.template.response.TemplateResponse",
    }
)
JINJA = r"django\.template\.backends\.jinja2|django_jinja"


def options(case: Case) -> Iterator[Option]:
    """A bound method, a function or a lambda; in a function, which runs per request, a clone."""
    value = case.node
    if not isinstance(value, cst.BaseExpression):
        return
    key = _key(case, value)
    if key is None:
        yield "the queryset is not a plain value of a context dictionary"
        return
    if case.function is not None:
        if isinstance(value, cst.Name) and len(bindings(case.document, value)) == 1:
            yield Plan("clone it for each request", (value,), {value: cloned})
        else:
            yield "the queryset is created or stored elsewhere"
        return
    if reason := _other_readers(case, value, key):
        yield reason
        return
    links = chain(value)
    if links and len(links.methods) == 1 and links.methods[0][0] == "all":
        call = links.methods[0][1]
        if not call.args:
            func = call.func
            yield Plan(
                "pass the bound method, which the template calls", (value,), {value: by(func)}
            )
            return
    if isinstance(value, cst.Name):
        name = value
        if len(bindings(case.document, value)) != 1:
            yield f"`{value.value}` is bound more than once"
            return
        bound = cst.Attribute(name, cst.Name("all"))
        yield Plan("pass the bound method, which the template calls", (value,), {value: by(bound)})
        return
    yield as_callable(case, value)


def _key(case: Case, value: cst.BaseExpression) -> str | None:
    """The name under which the template finds the value."""
    parent = case.document.parent(value)
    if isinstance(parent, cst.DictElement) and parent.value is value:
        if isinstance(parent.key, cst.SimpleString):
            return str(ast.literal_eval(parent.key.value))
        return None
    if isinstance(parent, cst.Arg) and parent.value is value and parent.keyword is not None:
        call = case.document.parent(parent)
        if call is not None and m.matches(call, m.Call(func=m.Name("dict"))):
            return parent.keyword.value
    return None


def _other_readers(case: Case, value: cst.BaseExpression, key: str) -> str:
    """Who may read the context beside a template of Django's; "" if nothing is found."""
    if case.sources.mentioned("jinja", JINJA) or re.search(JINJA, case.document.text):
        return "the project uses Jinja, whose templates do not call callables"
    text = re.escape(key)
    read = rf"""\[\s*["']{text}["']\s*\](?!\s*=[^=])|\.(get|pop|setdefault)\(\s*["']{text}["']"""
    if re.search(read, case.document.text) or case.sources.mentioned(key, r"context", read):
        return f"Python code may read `{key}` from the context"
    held = _constant(case, value)
    if held is None:
        return ""
    for node in ast.walk(case.sources.here.tree):
        if isinstance(node, ast.Name) and node.id == held and isinstance(node.ctx, ast.Load):
            if not _rendered(case, node):
                return f"`{held}` is used for more than rendering"
    if case.sources.mentioned(held, rf"\b{re.escape(held)}\b"):
        return f"`{held}` is used in another file"
    return ""


def _constant(case: Case, value: cst.BaseExpression) -> str | None:
    """The module's name for the dictionary, if it is no ``extra_context``."""
    for outer in case.document.around(value):
        if isinstance(outer, cst.Arg) and m.matches(outer, m.Arg(keyword=m.Name("extra_context"))):
            return None
        if isinstance(outer, cst.Assign):
            target = outer.targets[0].target
            name = target.value if isinstance(target, cst.Name) else ""
            return None if name == "extra_context" else str(name)
    return ""


def _rendered(case: Case, name: ast.Name) -> bool:
    here = case.sources.here
    return any(
        isinstance(node, ast.Call)
        and here.dotted(node.func) in RENDERERS
        and name in [*node.args, *(each.value for each in node.keywords)]
        for node in ast.walk(here.tree)
    )
