"""Which functions can matter at call time: a cheap look at names, before anything is followed.

A function matters if it mentions something of process lifetime that holds a queryset or a clock,
if it has such a default argument, or if it stores something that outlives the call.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass

from qs_lint.engine.nodes import children_of, nodes_in, per_node
from qs_lint.values import Function, Value, options

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a function's body (nested functions included) mentions."""

    #: names that are read
    names: frozenset[str]
    #: attributes, whatever they are read from
    attributes: frozenset[str]
    #: ``name.attribute`` pairs
    pairs: frozenset[tuple[str, str]]
    #: attributes read from the first argument
    own: frozenset[str]
    #: attributes or items that are stored or taken away: the name at the root of the target
    stored: frozenset[str]
    has_global: bool
    returns: bool


_STORING = frozenset(
    "append add update extend setdefault insert appendleft extendleft remove pop discard".split()
)


def _root(node: ast.AST) -> str:
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Call)):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


@per_node
def mentions(function: FunctionNode) -> Mentions:
    """Collect what a function mentions."""
    names: set[str] = set()
    attributes: set[str] = set()
    pairs: set[tuple[str, str]] = set()
    own: set[str] = set()
    stored: set[str] = set()
    has_global = False
    returns = isinstance(function, ast.Lambda)
    arguments = [*function.args.posonlyargs, *function.args.args]
    me = arguments[0].arg if arguments else ""
    body = [function.body] if isinstance(function, ast.Lambda) else function.body
    stack: list[ast.AST] = list(body)
    for node in stack:
        kind = type(node)
        if kind is ast.Name:
            assert isinstance(node, ast.Name)
            names.add(node.id)
            continue
        if kind is ast.Attribute:
            assert isinstance(node, ast.Attribute)
            attributes.add(node.attr)
            inner = node.value
            if type(inner) is ast.Name:
                names.add(inner.id)
                pairs.add((inner.id, node.attr))
                if inner.id == me:
                    own.add(node.attr)
            else:
                stack.extend((inner,))
            if type(node.ctx) is ast.Store:
                stored.add(_root(inner))
            continue
        if kind is ast.Subscript:
            assert isinstance(node, ast.Subscript)
            if not isinstance(node.ctx, ast.Load):
                stored.add(_root(node.value))
        elif kind is ast.Constant:
            value = node.value  # type: ignore[attr-defined]
            if isinstance(value, str) and value.isidentifier():
                attributes.add(value)  # getattr(self, "queryset")
                own.add(value)
            continue
        elif kind is ast.Call:
            assert isinstance(node, ast.Call)
            func = node.func
            if isinstance(func, ast.Attribute) and func.attr in _STORING:
                stored.add(_root(func.value))
            elif isinstance(func, ast.Name) and func.id == "setattr" and node.args:
                stored.add(_root(node.args[0]))
        elif kind in (ast.Global, ast.Nonlocal):
            has_global = True
            names.update(node.names)  # type: ignore[attr-defined]
        elif (kind is ast.Return and node.value is not None) or kind in (ast.Yield, ast.YieldFrom):  # type: ignore[attr-defined]
            returns = True
        stack.extend(children_of(node))
    return Mentions(
        frozenset(names),
        frozenset(attributes),
        frozenset(pairs),
        frozenset(own),
        frozenset(stored),
        has_global,
        returns,
    )


def is_computed(statements: list[ast.stmt]) -> bool:
    """Whether an attribute is bound to something that is worth a look: no method, no literal."""
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        if not _is_literal(statement):
            return True
    return False


_PARTS = (ast.Call, ast.Name, ast.Attribute, ast.Lambda, ast.Starred, ast.comprehension)


@per_node
def _is_literal(statement: ast.stmt) -> bool:
    """Whether a statement only binds a literal, of which nothing can come but itself."""
    value = getattr(statement, "value", None)
    return value is not None and not any(isinstance(part, _PARTS) for part in nodes_in(value))


def is_middleware(function: Function) -> bool:
    """Whether a function is a middleware factory: ``def middleware(get_response)``."""
    arguments = [a.arg for a in function.node.args.args]
    return arguments == ["get_response"] and function.scope.kind == "module"


def marks_of(value: Value) -> frozenset[str]:
    """The marks of the functions that a name is bound to."""
    return frozenset().union(
        *(option.marks for option in options(value) if isinstance(option, Function))
    )


def decorator_anchor(function: Function) -> ast.AST:
    """The node that stands for a decorated function: its outermost decorator."""
    decorators = getattr(function.node, "decorator_list", ())
    return decorators[0] if decorators else function.node


@per_node
def attributes_of_self(method: ast.FunctionDef | ast.AsyncFunctionDef) -> frozenset[str]:
    """The attributes that a method reads or writes on its first argument, or above its class."""
    arguments = method.args.posonlyargs + method.args.args
    if not arguments:
        return frozenset()
    me = arguments[0].arg
    found: set[str] = set()
    for node in nodes_in(method):
        if isinstance(node, ast.Attribute):
            if _is_name(node.value, me) or _is_super(node.value):
                found.add(node.attr)
        elif isinstance(node, ast.Call) and _is_name(node.func, "getattr") and len(node.args) > 1:
            name = node.args[1]
            if _is_name(node.args[0], me) and isinstance(name, ast.Constant):
                found.add(str(name.value))
    return frozenset(found)


def _is_name(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _is_super(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and _is_name(node.func, "super")
