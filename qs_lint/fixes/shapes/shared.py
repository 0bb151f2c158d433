"""A shared queryset that is evaluated in place, or handed on: a clone in its place."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst
from libcst.metadata import Assignment, BaseAssignment, FunctionScope, GlobalScope

from qs_lint.domain import Shared
from qs_lint.fixes.names import bindings, walk
from qs_lint.fixes.plans import Option, Plan, by
from qs_lint.fixes.shapes.case import Case
from qs_lint.fixes.views import ClassView, set_on_self

#: methods that the framework's get_queryset() calls, or that replace it
BEHIND = frozenset({"get_queryset", "get_ordering", "__init__", "setup"})
GENERIC = frozenset({"multiple", "single", "drf-generic"})


def options(case: Case) -> Iterator[Option]:
    """``.all()`` or ``get_queryset()`` at the holder that the finding is about."""
    if case.finding.shared is not Shared.QUERYSET:
        yield "it is not a queryset that can be cloned (raw SQL, or an iterator)"
        return
    if case.function is None:
        yield "the queryset is evaluated outside a function"
        return
    found = list(_holders(case))
    for holder in found:
        option = _at(case, holder)
        yield option
        if isinstance(option, Plan) and holder in option.replace:
            yield from _everywhere(case, holder, option)
    if not found:
        yield "the shared queryset has no name here"


def cloned(node: cst.BaseExpression) -> cst.Call:
    """``node.all()``."""
    return cst.Call(cst.Attribute(node, cst.Name("all")))


def _holders(case: Case) -> Iterator[cst.Name | cst.Attribute]:
    """The names and attributes of ``self`` at the place that hold the queryset."""
    for node in _looked_up(case):
        # The finding knows the holder; a local name for it is evaluated as it stands.
        if node is case.node or case.document.code(node) == case.finding.holder.code:
            yield node


def _everywhere(case: Case, holder: cst.Name | cst.Attribute, plan: Plan) -> Iterator[Plan]:
    """The same in the whole statement, and in the whole function: one report may stand for all."""
    code, head = case.document.code(holder), _head(holder)
    known = bindings(case.document, head)
    for outer in (case.document.enclosing(holder, cst.SimpleStatementLine), case.function):
        if outer is None:
            continue
        same = [
            node
            for node in walk(outer)
            if isinstance(node, cst.Name | cst.Attribute)
            and case.document.code(node) == code
            and _evaluates(case.document.parent(node))
            and bindings(case.document, _head(node)) == known
        ]
        if len(same) > 1:
            yield Plan(plan.what, (case.node, *same), dict.fromkeys(same, plan.replace[holder]))


def _evaluates(parent: cst.CSTNode | None) -> bool:
    """Whether a name may be evaluated there: not where it is bound, or compared with None.

    A method that is called on it is reported on its own if it evaluates.
    """
    if isinstance(parent, cst.Comparison):
        return False
    if isinstance(parent, cst.ComparisonTarget):
        return isinstance(parent.operator, cst.In | cst.NotIn)
    return not isinstance(parent, cst.AssignTarget | cst.AugAssign | cst.Attribute | cst.NameItem)


def _head(node: cst.BaseExpression) -> cst.Name:
    while isinstance(node, cst.Attribute):
        node = node.value
    assert isinstance(node, cst.Name)
    return node


def _looked_up(case: Case) -> Iterator[cst.Name | cst.Attribute]:
    for node in walk(case.node):
        parent = case.document.parent(node)
        if isinstance(parent, cst.AssignTarget):
            continue
        if isinstance(node, cst.Attribute) and isinstance(node.value, cst.Name):
            if node.value.value in ("self", "cls") and not _called(case, node):
                yield node
        elif isinstance(node, cst.Name) and not _called(case, node):
            if isinstance(parent, cst.Attribute) and parent.attr is node:
                continue
            if isinstance(parent, cst.Arg) and parent.keyword is node:
                continue
            if node.value not in ("self", "cls") and bindings(case.document, node):
                yield node


def _called(case: Case, node: cst.CSTNode) -> bool:
    parent = case.document.parent(node)
    return isinstance(parent, cst.Call) and parent.func is node


def _at(case: Case, holder: cst.Name | cst.Attribute) -> Option:
    if isinstance(holder, cst.Attribute):
        if case.view is None:
            return "the class that keeps the queryset is not known"
        return _attribute(case, case.view, holder)
    parent = case.document.parent(holder)
    if isinstance(parent, cst.Subscript) and parent.value is holder:
        if not any(isinstance(each.slice, cst.Slice) for each in parent.slice):
            return f"`{holder.value}` holds several things"
    found = bindings(case.document, holder)
    if len(found) == 1:
        option = _bound_once(case, holder, found[0])
        if option is not None:
            return option
    # Where a local name is bound again and again, the first binding gets the clone.
    taken = [node for node in (_taken(case, each) for each in found) if node is not None]
    if len(taken) == 1:
        return Plan("clone it for each call", (case.node,), {taken[0]: cloned})
    return f"`{holder.value}` is bound more than once"


def _bound_once(case: Case, holder: cst.Name, binding: BaseAssignment) -> Option | None:
    """What to do about a name with one binding; ``None`` where that binding gets the clone."""
    if isinstance(binding, Assignment):
        if isinstance(binding.node, cst.Param):
            return f"other callers may pass something else as `{holder.value}`"
        if isinstance(binding.scope, FunctionScope) and holder is case.node:
            if not _is_the_queryset(case, binding):
                return f"`{holder.value}` may be something that contains the queryset"
            return Plan("clone it for each use", (case.node,), {holder: cloned})
    if not isinstance(binding.scope, GlobalScope):
        return None
    value = case.sources.find_value(case.sources.here, holder.value)
    # A method of a queryset, or of something that holds one: only the former has all().
    whole = not isinstance(case.document.parent(holder), cst.Attribute)
    if isinstance(value, ast.Call) and (whole or isinstance(value.func, ast.Attribute)):
        return Plan("clone it for each use", (case.node,), {holder: cloned})
    return f"the value of `{holder.value}` cannot be traced"


def _taken(case: Case, binding: BaseAssignment) -> cst.Attribute | cst.Name | None:
    """The holder that a binding takes the queryset from: ``orders = self.orders``."""
    value = _assigned(case, binding) if isinstance(binding, Assignment) else None
    return value if isinstance(value, cst.Attribute | cst.Name) else None


def _assigned(case: Case, binding: Assignment) -> cst.BaseExpression | None:
    """What a name is set to, where an assignment sets it and nothing else."""
    outer = case.document.enclosing(binding.node, cst.Assign)
    if outer is None or len(outer.targets) != 1 or outer.targets[0].target is not binding.node:
        return None
    return outer.value


def _is_the_queryset(case: Case, binding: Assignment) -> bool:
    """Whether a local name was given the shared queryset itself, not a container or a result."""
    value = _assigned(case, binding)
    if value is None:
        return True
    code, assigned = case.finding.holder.code, case.document.code(value)
    if isinstance(value, cst.IfExp | cst.BooleanOperation | cst.BinaryOperation):
        return code in assigned
    return assigned == code or assigned.startswith(f"{code}.")


def _attribute(case: Case, view: ClassView, holder: cst.Attribute) -> Option:
    name = holder.attr.value
    values = view.values(name)
    if not values:
        return f"where `{name}` is set is not known"
    if len(values) > 1:
        return f"`{name}` is set in more than one place"
    if not isinstance(values[0], ast.Call | ast.Name | ast.Attribute | ast.BinOp):
        return f"the value of `{name}` cannot be traced"
    if isinstance(values[0], ast.Name) and any(True for _ in _set_in_methods(view, name)):
        return f"other callers may pass something else as `{name}`"
    function = case.function
    method = function.name.value if function else ""
    if (
        name == "queryset"
        and view.kinds & GENERIC
        and method not in BEHIND
        and not view.unknown_base
        and not view.defining("get_queryset")
        and not view.defining("ordering")
        and not view.defining("get_ordering")
        and not any(True for _ in _set_in_methods(view, name))
    ):
        call = cst.Call(cst.Attribute(holder.value, cst.Name("get_queryset")))
        return Plan("call get_queryset(), which clones it", (case.node,), {holder: by(call)})
    return Plan("clone it for each use", (case.node,), {holder: cloned})


def _set_in_methods(view: ClassView, name: str) -> Iterator[str]:
    for each in view.own:
        for target, _ in set_on_self(each.node):
            if target == name:
                yield target
