"""``choices=`` and ``initial=`` of form fields: Django calls a callable there when it is needed."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst
from libcst import matchers as m

from qs_lint.fixes.names import bindings, builtin, why_not_deferred
from qs_lint.fixes.plans import Option, Plan, by
from qs_lint.fixes.shapes.case import Case

CHOICE_FIELDS = frozenset(
    {
        "django.forms.ChoiceField",
        "django.forms.TypedChoiceField",
        "django.forms.MultipleChoiceField",
        "django.forms.TypedMultipleChoiceField",
        "django_filters.ChoiceFilter",
        "django_filters.MultipleChoiceFilter",
        "django_filters.TypedChoiceFilter",
        "django_filters.TypedMultipleChoiceFilter",
    }
)
#: beginning of a canonical name -> why a callable is no cure there
NO_CALLABLE = {
    "rest_framework.": "fields of Django REST framework take no callable as `choices`",
    "django.db.models.": "model fields take a callable as `choices` from Django 5.0 on only",
    "django.forms.": "widgets take no callable as `choices`",
}


def options(case: Case) -> Iterator[Option]:
    """A callable in place of the value."""
    found = _argument(case)
    if found is None:
        return
    arg, callee = found
    keyword = arg.keyword.value if arg.keyword else ""
    if keyword == "initial":
        field = callee.rpartition(".")[2]
        if not (callee.startswith("django.forms.") and field.endswith("Field")):
            yield "only form fields are known to call `initial`"
            return
    elif callee not in CHOICE_FIELDS:
        for prefix, reason in NO_CALLABLE.items():
            if callee.startswith(prefix):
                yield reason
                return
        yield "this class is not known to take a callable as `choices`"
        return
    yield as_callable(case, arg.value)


def _argument(case: Case) -> tuple[cst.Arg, str] | None:
    """The argument that the finding is in, or that its call is given; and the callee's name."""
    inner: cst.CSTNode | None = None
    for outer in [case.node, *case.document.around(case.node)]:
        if isinstance(outer, cst.FunctionDef | cst.ClassDef | cst.Lambda):
            return None
        if isinstance(outer, cst.Call):
            for arg in outer.args:
                if arg.keyword is None or arg.keyword.value not in ("choices", "initial"):
                    continue
                if (inner is None and arg.keyword.value == "choices") or arg is inner:
                    return arg, case.document.dotted(outer.func)
        inner = outer
    return None


def as_callable(case: Case, value: cst.BaseExpression) -> Option:
    """A plan that puts a callable in the place of an expression."""
    if reason := why_not_deferred(case.document, value):
        return reason
    if m.matches(value, m.Call(func=m.Name(), args=[])):
        assert isinstance(value, cst.Call)
        assert isinstance(value.func, cst.Name)
        if _function(case, value.func):
            name = value.func
            return Plan("pass the function itself, not its result", (value,), {value: by(name)})
    return Plan("pass a callable, which is called when needed", (value,), {value: wrapped})


def wrapped(value: cst.BaseExpression) -> cst.Lambda:
    """``lambda: value``."""
    return cst.Lambda(
        params=cst.Parameters(),
        body=value,
        colon=cst.Colon(whitespace_after=cst.SimpleWhitespace(" ")),
    )


def _function(case: Case, name: cst.Name) -> bool:
    """Whether a name is bound once, and not to something of the language itself."""
    return not builtin(case.document, name) and len(bindings(case.document, name)) == 1
