"""Classes of the project: their attributes and the order in which bases are searched."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from qs_lint.engine.nodes import per_node
from qs_lint.engine.scope import Scope, blocks, names_bound
from qs_lint.values import External, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.engine.world import Source

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
#: Longer lines of inheritance are cut off: what is above is not seen.
MAX_ORDER = 100
#: attribute -> the methods that assign it: (method, node, on every path)
Rebinds = dict[str, list[tuple[FunctionNode, ast.AST, bool]]]


@dataclass(eq=False)
class ClassInfo:
    """One class of the project.

    ``bases`` are values: other classes, :class:`External` names, or unknown ones.
    """

    name: str
    node: ast.ClassDef | None
    source: Source
    scope: Scope
    bases: list[Value] = field(default_factory=list)
    keywords: dict[str, Value] = field(default_factory=dict)
    #: every name of the body was executed, in order
    complete: bool = False
    #: the body runs per call, not at import
    per_call: bool = False
    asking: set[str] = field(default_factory=set)
    #: the slices of the body that were executed
    done: set[int] = field(default_factory=set)
    #: attributes set from outside after the body was executed
    extra: dict[str, Value] = field(default_factory=dict)
    order: list[ClassInfo | Value] | None = None
    kinds: frozenset[str] | None = None

    def __post_init__(self) -> None:
        self.source.world.made.append(self)

    def release(self) -> None:
        """Forget what refers to the class itself."""
        self.order = None
        self.extra = {}

    @cached_property
    def bindings(self) -> dict[str, list[ast.stmt]]:
        """Which statements of the body bind which name."""
        return _bindings(self.node) if self.node is not None else {}

    @cached_property
    def methods(self) -> list[tuple[str, FunctionNode]]:
        """The names that are functions in the end, and the functions."""
        return [
            (name, statements[-1])
            for name, statements in self.bindings.items()
            if isinstance(statements[-1], (ast.FunctionDef, ast.AsyncFunctionDef))
        ]

    @cached_property
    def rebinds(self) -> Rebinds:
        """Which methods assign ``self.<attribute>``: (method, node, on every path)."""
        return _rebinds(self.node) if self.node is not None else {}


@per_node
def _bindings(node: ast.ClassDef) -> dict[str, list[ast.stmt]]:
    found: dict[str, list[ast.stmt]] = {}
    for statement in node.body:
        for name in names_bound(statement):
            found.setdefault(name, []).append(statement)
    return found


@per_node
def _rebinds(node: ast.ClassDef) -> Rebinds:
    found: Rebinds = {}
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            for name, place, always in self_assignments(statement):
                found.setdefault(name, []).append((statement, place, always))
    return found


@per_node
def remembers(method: FunctionNode) -> bool:
    """Whether a method sets attributes of its object."""
    return any(True for _ in self_assignments(method))


def self_assignments(function: FunctionNode) -> Iterator[tuple[str, ast.AST, bool]]:
    """The attributes that a method assigns on its first argument, and whether on every path."""
    arguments = function.args.posonlyargs + function.args.args
    if not arguments or any(
        isinstance(d, ast.Name) and d.id in ("staticmethod", "classmethod")
        for d in function.decorator_list
    ):
        return
    yield from _assigned_in(function.body, arguments[0].arg, True)


def _assigned_in(
    body: list[ast.stmt], me: str, always: bool
) -> Iterator[tuple[str, ast.AST, bool]]:
    for statement in body:
        places: list[ast.AST] = []
        if isinstance(statement, ast.Assign):
            places = list(statement.targets)
        elif isinstance(statement, (ast.AnnAssign, ast.AugAssign)):
            if getattr(statement, "value", None) is not None:
                places = [statement.target]
        elif isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            call = statement.value
            if (
                isinstance(call.func, ast.Name)
                and call.func.id == "setattr"
                and len(call.args) == 3
                and isinstance(call.args[0], ast.Name)
                and call.args[0].id == me
                and isinstance(call.args[1], ast.Constant)
                and isinstance(call.args[1].value, str)
            ):
                yield call.args[1].value, call, always
        for place in places:
            for target in _own_attributes(place, me):
                yield target.attr, target, always
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        nested = always and isinstance(statement, (ast.With, ast.AsyncWith))
        yield from _assigned_in(list(blocks(statement)), me, nested)
        if isinstance(statement, ast.Return):
            return


def _own_attributes(target: ast.AST, me: str) -> Iterator[ast.Attribute]:
    if isinstance(target, ast.Attribute):
        if isinstance(target.value, ast.Name) and target.value.id == me:
            yield target
    elif isinstance(target, (ast.Tuple, ast.List)):
        for item in target.elts:
            yield from _own_attributes(item, me)


def linearise(
    info: ClassInfo, bases_of: dict[int, list[ClassInfo | Value]]
) -> list[ClassInfo | Value]:
    """The method resolution order (C3), given those of the bases; never raises."""
    lists = [list(order) for order in bases_of.values()]
    lists.append([_entry(base) for base in info.bases])
    if len(lists) == 2 and len(lists[1]) == 1:
        return [info, *lists[0]][:MAX_ORDER]  # one base: nothing to merge
    lists = [entries[::-1] for entries in lists if entries]  # the next one is the last
    waiting = Counter(_key(entry) for entries in lists for entry in entries[:-1])
    result: list[ClassInfo | Value] = [info]
    while lists and len(result) < MAX_ORDER:
        heads = (entries[-1] for entries in lists)
        # none that fits: inconsistent, Python would refuse the class
        head = next((one for one in heads if not waiting[_key(one)]), lists[0][-1])
        result.append(head)
        _take(head, lists, waiting)
        lists = [entries for entries in lists if entries]
    return result


def _take(
    head: ClassInfo | Value, lists: list[list[ClassInfo | Value]], waiting: Counter[object]
) -> None:
    """Remove an entry from all lists, of which the last entry is the next one."""
    key = _key(head)
    for entries in lists:
        if _key(entries[-1]) == key:
            entries.pop()
            if entries:
                waiting[_key(entries[-1])] -= 1
        elif waiting[key]:
            kept = [entry for entry in entries if _key(entry) != key]
            waiting[key] -= len(entries) - len(kept)
            entries[:] = kept


def _key(entry: ClassInfo | Value) -> object:
    """What makes two entries the same base: the name of an external class, else identity."""
    return entry.name if isinstance(entry, External) else id(entry)


def _entry(value: Value) -> ClassInfo | Value:
    info = getattr(value, "info", None)
    return info if isinstance(info, ClassInfo) else value
