"""Who reads what is stored: other functions of the file, and the framework."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qs_lint.domain import HolderKind
from qs_lint.engine.nodes import nodes_in, per_node
from qs_lint.facts.requests import (
    ADDING,
    EMPTYING,
    META_READ,
    READ_BY_FRAMEWORK,
    REMOVING,
    SETTING,
    SHARED_FIELDS,
)
from qs_lint.phases.leaks.flow import position
from qs_lint.phases.leaks.things import FunctionNode, Place, Position

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.engine.classes import ClassInfo
    from qs_lint.phases.leaks.references import References
    from qs_lint.project.source import File

_CHANGING = ADDING | REMOVING | EMPTYING | SETTING


@dataclass(frozen=True, slots=True)
class Read:
    """Something reads a place; ``function`` is ``None`` for the framework."""

    function: FunctionNode | None
    info: ClassInfo | None
    node: ast.AST | None
    #: the file, if it is not the checked one
    file: File | None = None

    @property
    def position(self) -> Position:
        """Where it is read."""
        return position(self.node) if self.node is not None else (0, 0)


@dataclass(slots=True)
class Functions:
    """The functions of a file: (function, class), who calls whom, what is read."""

    all: list[tuple[FunctionNode, ClassInfo | None]] = field(default_factory=list)
    #: name of a function or method -> (calling function, where)
    callers: dict[str, list[tuple[FunctionNode, ast.AST]]] = field(default_factory=dict)
    #: calls that a condition decides
    perhaps: set[int] = field(default_factory=set)
    #: name or attribute -> (reading function, its class, node)
    mentions: dict[str, list[tuple[FunctionNode, ClassInfo | None, ast.AST]]] = field(
        default_factory=dict
    )


def collect(functions: list[tuple[FunctionNode, ClassInfo | None]]) -> Functions:
    """Look through functions once."""
    found = Functions(functions)
    for function, info in functions:
        changed = only_changed(function)
        found.perhaps |= _conditional_calls(function)
        for node in nodes_in(function):
            name = ""
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                name = node.id
            elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                name = node.attr
            elif isinstance(node, ast.Call):
                called = node.func
                text = getattr(called, "attr", getattr(called, "id", ""))
                found.callers.setdefault(text, []).append((function, node))
                if text == "getattr" and len(node.args) > 1:
                    word = node.args[1]
                    if isinstance(word, ast.Constant) and isinstance(word.value, str):
                        name = word.value
            if name and id(node) not in changed:
                found.mentions.setdefault(name, []).append((function, info, node))
    return found


def _conditional_calls(function: FunctionNode) -> set[int]:
    """The calls of a function that stand under a condition, in a loop or in a handler."""
    found: set[int] = set()
    for node in nodes_in(function):
        parts: list[ast.AST] = []
        if isinstance(node, (ast.If, ast.For, ast.AsyncFor, ast.While)):
            parts = [*node.body, *node.orelse]
        elif isinstance(node, ast.ExceptHandler):
            parts = list(node.body)
        elif isinstance(node, ast.IfExp):
            parts = [node.body, node.orelse]
        elif isinstance(node, ast.BoolOp):
            parts = list(node.values[1:])
        for part in parts:
            found.update(id(below) for below in nodes_in(part) if isinstance(below, ast.Call))
    return found


def only_changed(function: FunctionNode) -> set[int]:
    """Nodes that are named only to change what they stand for: ``x`` in ``x.append(1)``."""
    found: set[int] = set()
    for node in nodes_in(function):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            if isinstance(called, ast.Attribute) and called.attr in _CHANGING:
                found.add(id(called.value))
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            found.add(id(node.value))
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            if isinstance(node.ops[0], (ast.In, ast.NotIn)):
                found.add(id(node.comparators[0]))  # a registry of what was seen
            elif isinstance(node.ops[0], (ast.Is, ast.IsNot)):
                found.add(id(node.left))
    return found


def reads_of(place: Place, functions: Functions, references: References) -> Iterator[Read]:
    """Who reads a place."""
    kind = place.holder.kind
    if place.name == "<fields>":
        if any(kind in SHARED_FIELDS for kind in place.kinds):
            yield Read(None, place.info, None)
        return
    name = place.name.rpartition(".")[2]
    for function, info, node in functions.mentions.get(name, ()):
        if kind is HolderKind.MODULE_GLOBAL:
            if isinstance(node, ast.Name) and not _is_local(function, name):
                yield Read(function, info, node)
        elif kind in (HolderKind.DEFAULT, HolderKind.CLOSURE):
            if isinstance(node, ast.Name) and _inside(function, place.owner):
                yield Read(function, info, node)
        elif isinstance(node, ast.Attribute):
            if _means(place, node, function, info, references):
                yield Read(function, info, node)
        elif isinstance(node, ast.Call) and info is not None and place.info is not None:
            if references.family(info, place.info):
                yield Read(function, info, node)
    if place.info is not None and kind in (
        HolderKind.CLASS_ATTRIBUTE,
        HolderKind.INSTANCE_ATTRIBUTE,
        HolderKind.OBJECT_ATTRIBUTE,
    ):
        meta = place.holder.owner.endswith(".Meta")
        table = META_READ if meta else READ_BY_FRAMEWORK
        if any(name in table.get(one, ()) for one in place.kinds):
            yield Read(None, place.info, None)
    if "shared-object" in place.kinds:
        yield Read(None, None, None)


def _means(
    place: Place,
    node: ast.Attribute,
    function: FunctionNode,
    info: ClassInfo | None,
    references: References,
) -> bool:
    """Whether ``x.name`` may be the attribute that is stored."""
    kind = place.holder.kind
    root = node.value
    owner = ast.unparse(root)
    if kind is HolderKind.MANAGER_ATTRIBUTE:
        return owner == place.holder.owner or "manager" in references.kinds(info)
    if kind in (HolderKind.FUNCTION_ATTRIBUTE, HolderKind.MODULE_ATTRIBUTE):
        return owner.rpartition(".")[2] == place.holder.owner
    if place.info is None:
        return owner == place.holder.owner
    first = [*function.args.posonlyargs, *function.args.args][:1]
    me = first[0].arg if first else ""
    own = owner in (me, f"type({me})", f"{me}.__class__") and info is not None
    if own and info is not None:
        return references.family(info, place.info)
    if place.holder.owner.endswith(".Meta"):
        return owner.endswith("Meta")
    if kind is HolderKind.OBJECT_ATTRIBUTE and owner == place.holder.owner:
        return True
    last = owner.rpartition(".")[2]
    if last == place.info.name:
        return True
    # another variable: an object of the class, if only that class has such an attribute
    return kind is HolderKind.INSTANCE_ATTRIBUTE and isinstance(root, ast.Name) and info is None


def _is_local(function: FunctionNode, name: str) -> bool:
    """Whether a name is a parameter or a variable of a function."""
    return name in _locals(function)


@per_node
def _locals(function: FunctionNode) -> frozenset[str]:
    """The names of the parameters and variables of a function."""
    spec = function.args
    parameters = {each.arg for each in [*spec.posonlyargs, *spec.args, *spec.kwonlyargs]}
    stored: set[str] = set()
    declared: set[str] = set()
    for node in nodes_in(function):
        if isinstance(node, ast.Global):
            declared.update(node.names)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            stored.add(node.id)
    return frozenset(parameters | (stored - declared))


def _inside(function: FunctionNode, outer: object) -> bool:
    return isinstance(outer, ast.AST) and any(node is function for node in nodes_in(outer))
