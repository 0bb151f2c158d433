"""What a view stores on its class for one request: on the view object in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from qs_lint.domain import HolderKind
from qs_lint.fixes.names import walk
from qs_lint.fixes.plans import Option, Plan, by
from qs_lint.fixes.shapes.case import Case
from qs_lint.fixes.views import ClassView, set_on_self

#: Kinds of which each request has an object of its own.
PER_REQUEST = frozenset({"view", "drf"})
#: Members that decide what setting or reading an attribute means.
_HOOKS = ("__setattr__", "__getattribute__", "__slots__")
#: Functions that take the name of an attribute.
_BY_STRING = frozenset({"getattr", "setattr", "hasattr", "delattr", "attrgetter"})


def options(case: Case) -> Iterator[Option]:
    """``self.x`` for ``self.__class__.x``, wherever the class says so."""
    if case.finding.holder.kind is not HolderKind.CLASS_ATTRIBUTE:
        return
    view, target = case.view, _target(case)
    if target is None or view is None:
        yield "only what a method stores on the class of `self` can be stored on `self`"
        return
    found = _of_class(case, target)
    why = _why_not(view, target.attr.value, len(found))
    if why:
        yield why
        return
    me = cst.Name(_first(case) or "")
    yield Plan(
        f"{me.value}.{target.attr.value}, which belongs to one request",
        (case.node, *found),
        {node: by(cst.Attribute(me, node.attr)) for node in found},
    )


def _target(case: Case) -> cst.Attribute | None:
    """The attribute that the statement of a finding sets, if the class of ``self`` owns it."""
    node = case.node
    if not isinstance(node, cst.Assign) or len(node.targets) != 1:
        return None
    target = node.targets[0].target
    return target if isinstance(target, cst.Attribute) and _owns(case, target) else None


def _owns(case: Case, node: cst.Attribute) -> bool:
    """Whether a node is an attribute of ``self.__class__`` or ``type(self)``."""
    me = _first(case)
    return bool(me) and case.document.code(node.value) in (f"{me}.__class__", f"type({me})")


def _first(case: Case) -> str:
    """The first parameter of the method around a finding; "" if that gets no object."""
    function = case.function
    if function is None or not isinstance(case.document.parent(function), cst.IndentedBlock):
        return ""
    if function.decorators or case.document.enclosing(function, cst.FunctionDef) is not None:
        return ""
    parameters = [*function.params.posonly_params, *function.params.params]
    return parameters[0].name.value if parameters else ""


def _of_class(case: Case, target: cst.Attribute) -> list[cst.Attribute]:
    """All places of the class that mean the same attribute in the same words."""
    around = case.document.enclosing(case.node, cst.ClassDef)
    codes = {f"{_first(case)}.__class__", f"type({_first(case)})"}
    return [
        node
        for node in walk(around or case.node)
        if isinstance(node, cst.Attribute)
        and node.attr.value == target.attr.value
        and case.document.code(node.value) in codes
    ]


def _why_not(view: ClassView, name: str, found: int) -> str:
    """Why an object's attribute would not do what the class's does in one request."""
    if not view.kinds & PER_REQUEST:
        return f"that each request has its own {view.name} is not known"
    if view.unknown_base:
        return f"the source of {view.unknown_base} is not read"
    for hook in _HOOKS:
        if view.defining(hook):
            return f"{view.name} has a `{hook}` of its own"
    if any(name in methods_of(each.node) for each in view.own):
        return f"`{name}` is a method or a property"
    if any(target == name for each in _family(view) for target, _ in set_on_self(each)):
        return f"`{name}` is set on the object as well"
    if _otherwise(view, name) > found:
        return f"`{name}` is read from a class somewhere else"
    if view.sources.mentioned(view.name, rf"\b{view.name}\.{name}\b"):
        return f"`{view.name}.{name}` is used in another file"
    return view.replaced(name)


def methods_of(node: ast.ClassDef) -> set[str]:
    """The functions that a class body defines."""
    return {
        each.name for each in node.body if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
    }


def _family(view: ClassView) -> list[ast.ClassDef]:
    return [each.node for each in [*view.own, *view.children]]


def _otherwise(view: ClassView, name: str) -> int:
    """How often the file, or a class of the family, takes the attribute from something else."""
    trees: list[ast.AST] = [view.source.module.tree]
    trees += [each.node for each in view.own if each.module is not view.source.module]
    found = 0
    for tree in trees:
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr == name:
                found += not (isinstance(node.value, ast.Name) and node.value.id == "self")
            elif isinstance(node, ast.Call) and _names(node, name):
                found += 1
    return found


def _names(call: ast.Call, name: str) -> bool:
    """Whether a call may reach the attribute by a string: ``getattr(type(self), "x")``."""
    called = getattr(call.func, "attr", getattr(call.func, "id", ""))
    return called in _BY_STRING and any(
        isinstance(each, ast.Constant) and each.value == name for each in call.args
    )
