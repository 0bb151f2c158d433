"""Values made at call time that are kept for the life of the process."""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint.domain import Holder, HolderKind, Kept
from qs_lint.domain.holders import ATTRIBUTES
from qs_lint.domain.observations import Context, Memo
from qs_lint.engine.attributes import keeps, model_in
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import BUDGET, Component, Frame, GaveUp, file_name
from qs_lint.engine.nodes import nodes_in, per_node
from qs_lint.engine.relevance import decorator_anchor, is_middleware
from qs_lint.engine.scope import Scope
from qs_lint.findings import Confidence
from qs_lint.phases.guards import compared_items, other_keys
from qs_lint.values import (
    Deferred,
    Function,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    options,
    querysets_in,
    taints_of,
    walk,
)

if TYPE_CHECKING:
    pass


#: Methods that empty a container.
EMPTYING = frozenset({"clear", "pop", "popitem"})


class Memos(Component):
    """Caches without an end."""

    def memoised(self, function: Function, expression: ast.expr, label: str, frame: Frame) -> None:
        """Remember the functions whose results are kept."""
        if not self.ctx.muted and label and frame.source is self.ctx.main:
            self.ctx.entries.memos.append((function, expression, label, frame.body_of))

    def memoised_result(
        self,
        function: Function,
        expression: ast.expr,
        label: str,
        owner: ClassInfo | None,
        result: Value,
    ) -> None:
        """What a function under a memoising decorator returned."""
        kept = keeps(result)
        if not kept or self._cleared(function.name):
            return
        parameters = [a.arg for a in [*function.node.args.posonlyargs, *function.node.args.args]]
        if "request" in parameters or "self.request" in parameters:
            return
        confidence = Confidence.HIGH
        plain = not function.marks & {"staticmethod", "classmethod"}
        if owner is not None and plain:
            kinds = self.ctx.hierarchy.kinds(owner)
            decorated = {getattr(d, "id", "") for d in getattr(function.node, "decorator_list", ())}
            if not decorated & {"staticmethod", "classmethod"}:
                if kinds & {"per-request", "queryset"}:
                    return
                if not kinds & {"singleton", "model"}:
                    confidence = Confidence.INFERENCE
        self._memo_at(expression, Holder(HolderKind.CACHE, label), kept, result, confidence)

    def cached_property(
        self, function: Function, info: ClassInfo, result: Value, receiver: Value | None
    ) -> None:
        """What a ``cached_property`` returned: kept as long as its object lives."""
        kept = keeps(result)
        if not kept or function.source is not self.ctx.main:
            return
        if receiver is None and (
            "singleton" not in self.ctx.hierarchy.kinds(info) or function.owner is not info
        ):
            return
        place: ast.AST = function.node
        for decorator in getattr(function.node, "decorator_list", ()):
            place = decorator
        self._memo_at(
            place,
            Holder(HolderKind.CACHED_PROPERTY, "cached_property"),
            kept,
            result,
            Confidence.HIGH,
        )

    def _memo_at(
        self, node: ast.AST, holder: Holder, kept: Kept, result: Value, confidence: Confidence
    ) -> None:
        key = ("memo", id(node))
        if key in self.ctx.orm.reported:
            return
        self.ctx.orm.reported.add(key)
        lowest = [t.confidence for t in taints_of(result) if isinstance(t, QueryRun)] + [
            p.confidence for p in walk(result) if isinstance(p, (QuerySetValue, Rows))
        ]
        self.ctx.observed.append(
            Memo(
                node,
                min([confidence, *lowest]),
                self.ctx.orm.context,
                (),
                holder=holder,
                keeps=kept,
                model=model_in(result, self.ctx),
            )
        )

    def memo(self, value: Value, node: ast.AST, frame: Frame, holder: Holder) -> None:
        """A value made at call time is kept: a memo, if it is filled only once.

        A memo in a followed call is the business of the function that has it, but for the wrapper
        of a home-made decorator: there the decorated function is the place.
        """
        entry = self.ctx.entry
        if self.ctx.stack or entry is None:
            return
        decorated = [
            function
            for function, target, _ in self.ctx.entries.functions
            if function.node is not entry.node
            and any(option is entry for option in options(target))
        ]
        if frame.source is not self.ctx.main and not decorated:
            return
        holders = _holders(node)
        if not self._is_guarded(node, holders, holder) or self._is_reset(holders):
            return
        if self._is_asked_anew(node, value, holders):
            return
        if decorated:
            self.ctx.entry_anchor = decorator_anchor(decorated[0])
        self.ctx.attributes.memo(value, node, frame, holder)

    def _is_guarded(self, node: ast.AST, holders: set[str], holder: Holder) -> bool:
        """Whether the holder is looked at before it is filled; else it is filled every time."""
        assert self.ctx.entry is not None
        if holder.kind in ATTRIBUTES and self.ctx.entry.name in ("__init__", "ready", "_setup"):
            return True
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", "")
            if name == "setdefault":
                return True
        names = {code.rpartition(".")[2] for code in holders}
        here = _place(node)
        elsewhere = other_keys(self.ctx.entry.node, node)
        for part in ast.walk(self.ctx.entry.node):
            if _place(part) > here or _within(part, node):
                continue
            if isinstance(part, (ast.Name, ast.Attribute)) and isinstance(part.ctx, ast.Load):
                if ast.unparse(part) in holders and id(part) not in elsewhere:
                    return True
            elif isinstance(part, ast.Call) and getattr(part.func, "id", "") in (
                "hasattr",
                "getattr",
            ):
                if any(isinstance(a, ast.Constant) and a.value in names for a in part.args):
                    return True
        return False

    def _is_asked_anew(self, node: ast.AST, value: Value, holders: set[str]) -> bool:
        """Whether each call asks for a key and compares it, and all that is kept is the key's.

        A pair of key and value is replaced as soon as the key differs.  That is enough if all
        rows come from queries that the key comes from; others may be stale under the same key.
        """
        assert self.ctx.entry is not None
        if not isinstance(value, Sequence) or any(querysets_in(value)):
            return False
        rows = _queries(value)
        return any(
            rows <= _queries(value.items[index])
            for index in compared_items(self.ctx.entry.node, node, holders)
            if index < len(value.items)
        )

    def _is_reset(self, holders: set[str]) -> bool:
        """Whether the file empties the holder somewhere else: stale rows are taken care of."""
        assert self.ctx.entry is not None
        emptied, assigned = _resets(self.ctx.main.tree)
        if emptied & holders:
            return True
        own = {id(part) for part in nodes_in(self.ctx.entry.node)}
        return any(
            targets & holders
            and id(function) not in own
            and not _within(self.ctx.entry.node, function)  # ``cache = {}`` around the closure
            for function, targets in assigned
        )

    def _cleared(self, name: str) -> bool:
        """Whether the file empties the cache of a function itself."""
        return any(
            isinstance(node, ast.Attribute)
            and node.attr.startswith(("cache_clear", "cache_invalidate", "invalidate", "delete"))
            and isinstance(node.value, (ast.Name, ast.Attribute))
            and (getattr(node.value, "id", None) or getattr(node.value, "attr", None)) == name
            for node in ast.walk(self.ctx.main.tree)
        )

    def lazy_objects(self, frame: Frame) -> None:
        """Objects that run a function on first use and keep the result."""
        holders: list[tuple[str, Value, Context]] = [
            (name, value, Context(file=file_name(self.ctx.main)))
            for name, value in self.ctx.main.scope.vars.items()
        ]
        for info in self.ctx.entries.own_classes:
            context = Context(
                info.name, self.ctx.hierarchy.kinds(info), file=file_name(self.ctx.main)
            )
            holders.extend((name, value, context) for name, value in info.scope.vars.items())
        for name, value, context in holders:
            for option in options(value):
                if isinstance(option, Deferred) and option.kind == "lazy":
                    self.ctx.budget = BUDGET
                    self.ctx.orm.context = replace(context, target=name)
                    statement = self._statement_of(name, context)
                    if statement is None:
                        continue
                    try:
                        made = option.run(self.ctx, statement)
                    except (GaveUp, RecursionError):
                        continue
                    kept = keeps(made)
                    if kept.fetched or (kept is Kept.QUERYSET and not context.class_name):
                        self._memo_at(
                            statement,
                            Holder(HolderKind.LAZY_OBJECT, "SimpleLazyObject"),
                            kept,
                            made,
                            Confidence.HIGH,
                        )

    def _statement_of(self, name: str, context: Context) -> ast.AST | None:
        bindings = self.ctx.main.scope.bindings
        for info in self.ctx.entries.own_classes:
            if info.name == context.class_name:
                bindings = info.bindings
        for statement in bindings.get(name, ()):
            value = getattr(statement, "value", None)
            if isinstance(value, ast.Call):
                return value
        return None

    def middleware_function(self, function: Function, scope: Scope) -> None:
        """``def middleware(get_response)`` runs once: what its inner function keeps, it keeps."""
        if not is_middleware(function):
            return
        inner = [value for value in scope.vars.values() if isinstance(value, Function)]
        for name, value in scope.vars.items():
            if not keeps(value).fetched:
                continue
            if any(name in self.ctx.reach.mentioned(closure).names for closure in inner):
                for part in ast.walk(function.node):
                    if isinstance(part, ast.Assign) and any(
                        isinstance(t, ast.Name) and t.id == name for t in part.targets
                    ):
                        self._memo_at(
                            part,
                            Holder(HolderKind.MIDDLEWARE_VARIABLE, name),
                            keeps(value),
                            value,
                            Confidence.HIGH,
                        )


def _place(node: ast.AST) -> tuple[int, int]:
    """Line and column; smaller than those of every node if it has none."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def _queries(value: Value) -> set[int]:
    """The queries in the text whose rows a value holds, whenever they ran."""
    return {id(taint.node) for taint in taints_of(value) if isinstance(taint, QueryRun)}


def _holders(node: ast.AST) -> set[str]:
    """The text of what a storing statement stores into."""
    found: set[str] = set()
    targets: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        targets = list(node.targets)
    elif isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        targets = [node.target]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        targets = [node.func.value]
    elif isinstance(node, ast.Call) and len(node.args) > 1:
        name = node.args[1]
        text = str(name.value) if isinstance(name, ast.Constant) else ""
        found.add(f"{ast.unparse(node.args[0])}.{text}")
    found.update(
        ast.unparse(target.value if isinstance(target, ast.Subscript) else target)
        for target in targets
    )
    return found


Resets = tuple[
    frozenset[str], tuple[tuple[ast.FunctionDef | ast.AsyncFunctionDef, frozenset[str]], ...]
]


@per_node
def _resets(tree: ast.Module) -> Resets:
    """What a file empties anywhere, and what its functions set to nothing."""
    emptied: set[str] = set()
    assigned: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, frozenset[str]]] = []
    for part in nodes_in(tree):
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
            if part.func.attr in EMPTYING:
                emptied.add(ast.unparse(part.func.value))
        elif isinstance(part, ast.Delete):
            for target in part.targets:
                inner = target.value if isinstance(target, ast.Subscript) else target
                emptied.add(ast.unparse(inner))
        elif isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            targets = frozenset(
                ast.unparse(target)
                for statement in nodes_in(part)
                if isinstance(statement, ast.Assign) and _is_empty(statement.value)
                for target in statement.targets
            )
            if targets and part.name != "__init__":
                assigned.append((part, targets))
    return frozenset(emptied), tuple(assigned)


def _within(node: ast.AST, outer: ast.AST) -> bool:
    return any(part is node for part in nodes_in(outer))


def _is_empty(node: ast.expr) -> bool:
    """Whether an expression is ``None`` or an empty container."""
    if isinstance(node, ast.Constant):
        return node.value is None
    if isinstance(node, ast.Dict):
        return not node.keys
    if isinstance(node, (ast.List, ast.Set, ast.Tuple)):
        return not node.elts
    return isinstance(node, ast.Call) and not node.args and not node.keywords
