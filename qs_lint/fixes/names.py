"""Whether an expression means the same somewhere else, and what chains of calls are made of."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import (
    Assignment,
    BaseAssignment,
    ClassScope,
    GlobalScope,
    ImportAssignment,
    Scope,
)

from qs_lint.facts.queryset import LAZY
from qs_lint.fixes.document import Document

#: lazy methods whose result can stand where a plain queryset is expected
PLAIN = LAZY - {"raw", "select_for_update"}


def loads(document: Document, node: cst.CSTNode) -> Iterator[cst.Name]:
    """The names that are looked up within a node (no attributes, no keywords)."""
    stack: list[cst.CSTNode] = [node]
    while stack:
        here = stack.pop()
        if isinstance(here, cst.Name):
            parent = document.parent(here)
            named = (isinstance(parent, cst.Attribute) and parent.attr is here) or (
                isinstance(parent, cst.Arg) and parent.keyword is here
            )
            if not named and not isinstance(parent, cst.Param):
                yield here
        stack.extend(here.children)


def bindings(document: Document, name: cst.Name) -> list[BaseAssignment]:
    """Where a name is bound."""
    scope = document.scope(name)
    return list(scope[name.value]) if scope is not None else []


def why_not_deferred(
    document: Document, node: cst.BaseExpression, target: Scope | None = None
) -> str:
    """Why an expression must not be evaluated later, in a function; "" if it may.

    ``target`` is the scope of that function where it exists already: its names hide others.
    """
    if any(isinstance(each, _STAY) for each in _walk(node)):
        return "the expression assigns a name, or awaits or yields a value"
    for name in loads(document, node):
        found = bindings(document, name)
        if any(_within(document, each, node) for each in found):
            continue
        why = _why_not_seen(document, name, found, target)
        if why:
            return why
    return ""


def _why_not_seen(
    document: Document, name: cst.Name, found: list[BaseAssignment], target: Scope | None
) -> str:
    """Why a name means something else, or nothing, inside a function; "" if it does not."""
    if any(isinstance(each.scope, ClassScope) for each in found):
        return f"`{name.value}` is a name of the class body, which functions cannot see"
    if target is not None and any(each.scope is target for each in target[name.value]):
        return f"`{name.value}` means something else inside the function"
    if any(not isinstance(each.scope, GlobalScope) and _is_local(each) for each in found):
        return f"`{name.value}` is a local name of a function"
    if len(found) > 1 and not all(isinstance(each, ImportAssignment) for each in found):
        return f"`{name.value}` is bound more than once in the module"
    if found and _deleted(document, name.value):
        return f"`{name.value}` is deleted later in the module"
    return ""


_STAY = (cst.NamedExpr, cst.Await, cst.Yield)


def _is_local(binding: BaseAssignment) -> bool:
    return isinstance(binding, Assignment) and not isinstance(binding.scope, ClassScope)


def _within(document: Document, binding: BaseAssignment, node: cst.CSTNode) -> bool:
    if not isinstance(binding, Assignment):
        return False
    return binding.node is node or any(each is node for each in document.around(binding.node))


def _walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    stack = [node]
    while stack:
        here = stack.pop()
        yield here
        stack.extend(here.children)


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """A node and all nodes within it."""
    return _walk(node)


def _deleted(document: Document, name: str) -> bool:
    for node in _walk(document.module):
        if isinstance(node, cst.Del):
            if any(isinstance(each, cst.Name) and each.value == name for each in _walk(node)):
                return True
    return False


def builtin(document: Document, node: cst.BaseExpression) -> str:
    """The builtin function that a name stands for; "" if it is shadowed or something else."""
    if not isinstance(node, cst.Name) or not hasattr(builtins, node.value):
        return ""
    found = bindings(document, node)
    return "" if any(isinstance(each, Assignment) for each in found) else node.value


@dataclass(frozen=True, slots=True)
class Chain:
    """``Model.objects.filter(...).order_by(...)``: the manager, and the methods called on it."""

    root: cst.BaseExpression
    manager: cst.Attribute
    methods: tuple[tuple[str, cst.Call], ...]

    @property
    def plain(self) -> bool:
        """Whether every method is one of Django's that give a lazy, clonable queryset."""
        return all(name in PLAIN for name, _ in self.methods)


def chain(node: cst.CSTNode) -> Chain | None:
    """The chain that an expression is, if it is one."""
    methods: list[tuple[str, cst.Call]] = []
    while isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        methods.append((node.func.attr.value, node))
        node = node.func.value
    if not methods or not isinstance(node, cst.Attribute):
        return None
    root = node.value
    if isinstance(root, cst.Name) and root.value in ("self", "cls"):
        return None
    return Chain(root, node, tuple(reversed(methods)))


def stands_alone(code: str) -> bool:
    """Whether an expression can follow ``x =`` without parentheses around it."""
    try:
        return len(ast.parse(f"x = {code}").body) == 1
    except SyntaxError:
        return False


def bracketed(node: cst.BaseExpression, code: str) -> cst.BaseExpression:
    """The expression, in parentheses if it needs them at the level of a statement."""
    if stands_alone(code):
        return node
    return node.with_changes(
        lpar=[cst.LeftParen(), *node.lpar], rpar=[*node.rpar, cst.RightParen()]
    )
