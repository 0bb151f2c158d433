"""What one request leaves behind for others: stores into what lives as long as the process."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.domain import uses
from qs_lint.domain.leaks import Content, Meaning
from qs_lint.domain.observations import Context, Leak, Memo
from qs_lint.domain.uses import Hop
from qs_lint.engine.context import Component, file_name
from qs_lint.engine.nodes import nodes_in, per_node
from qs_lint.facts.requests import NOT_SERVING
from qs_lint.findings import Confidence
from qs_lint.phases.leaks.flow import Trace, Walk
from qs_lint.phases.leaks.judgement import Judge, content_of, cure_of
from qs_lint.phases.leaks.reads import Read, collect
from qs_lint.phases.leaks.references import References, defaults_of
from qs_lint.phases.leaks.things import FunctionNode, Origin, Store

if TYPE_CHECKING:
    from qs_lint.engine.classes import ClassInfo

__all__ = ["Leaks"]

_CHANGING = frozenset(
    "append extend add insert appendleft extendleft update setdefault remove pop".split()
)


class Leaks(Component):
    """Asks of each function what it stores for others to find."""

    def examine(self) -> None:
        """Add what is left behind to what was observed."""
        if any(
            self.ctx.hierarchy.kinds(info) & NOT_SERVING for info in self.ctx.entries.own_classes
        ):
            return
        functions = self._functions()
        if not any(may_store(function) for function, _ in functions):
            return
        references = References(self.ctx)
        stores = self._stores(functions, references)
        if not stores:
            return
        judge = Judge(references, collect(functions), stores)
        found: dict[int, tuple[Store, Content, Meaning, Read]] = {}
        for store in stores:
            content = content_of(store, references)
            if content is None:
                continue
            judged = judge.meaning(store)
            if judged is None:
                continue
            known = found.get(id(store.node))
            if known is None or _rank(judged[0], store) > _rank(known[2], known[0]):
                found[id(store.node)] = (store, content, *judged)
        for store, content, meaning, read in found.values():
            self._report(store, content, meaning, read, references)

    def _functions(self) -> list[tuple[FunctionNode, ClassInfo | None]]:
        """The functions and methods of the file, but for those inside of functions."""
        classes = {id(info.node): info for info in self.ctx.entries.own_classes}
        found: list[tuple[FunctionNode, ClassInfo | None]] = []
        todo: list[tuple[ast.AST, ClassInfo | None]] = [(self.ctx.main.tree, None)]
        while todo:
            node, info = todo.pop()
            for child in ast.iter_child_nodes(node):
                if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    found.append((child, info))
                elif isinstance(child, ast.ClassDef):
                    todo.append((child, classes.get(id(child))))
                elif isinstance(child, ast.stmt):
                    todo.append((child, info))
        return sorted(found, key=lambda entry: entry[0].lineno)

    def _stores(
        self, functions: list[tuple[FunctionNode, ClassInfo | None]], references: References
    ) -> list[Store]:
        """What the functions store, each run as if it were called by somebody unknown.

        What a function stores that others of the file call is known from those calls.
        """
        alone: list[tuple[FunctionNode, list[Store]]] = []
        followed: set[int] = set()
        storing = _storing(functions)
        for function, info in functions:
            if id(function) not in storing:
                continue
            trace = Trace()
            walk = Walk(references, trace, function, info, references.parameters(function, info))
            walk.run()
            for closure in walk.closures.values():
                if id(closure) not in trace.followed:
                    variables = references.parameters(closure, None)
                    Walk(references, trace, closure, info, variables, None, walk).run()
            followed |= trace.followed
            alone.append((function, trace.stores))
        return [
            store
            for function, stores in alone
            for store in stores
            if id(function) not in followed or store.thing.taint is Origin.REQUEST
        ]

    def _report(
        self,
        store: Store,
        content: Content,
        meaning: Meaning,
        read: Read,
        references: References,
    ) -> None:
        confidence = Confidence.HIGH
        controlled = max((guard.taint for guard in store.guards), default=Origin.NONE)
        if max(store.thing.taint, controlled) < Origin.REQUEST or store.thing.indirect:
            confidence = Confidence.INFERENCE
        if not references.is_certain(store.info) or not references.is_certain(store.place.info):
            confidence = Confidence.INFERENCE
        info = store.info
        name = getattr(store.entry, "name", "")
        step = None
        if read.node is not None:
            line = getattr(read.node, "lineno", 1)
            step = Hop(self.ctx.main.display, line, uses.read(ast.unparse(read.node)))
        # one cause, one report: that it is a memo, too, is the lesser evil
        self.ctx.observed[:] = [
            seen
            for seen in self.ctx.observed
            if not isinstance(seen, Memo)
            or getattr(seen.node, "lineno", 0) != getattr(store.node, "lineno", -1)
        ]
        self.ctx.observed.append(
            Leak(
                store.node,
                confidence,
                Context(
                    info.name if info is not None else "",
                    references.kinds(info),
                    name,
                    file=file_name(self.ctx.main),
                ),
                () if step is None else (step,),
                meaning=meaning,
                content=content,
                storing=store.storing,
                holder=store.place.holder,
                holder_kinds=store.place.kinds,
                cure=cure_of(store, content, references),
                read_in=getattr(read.function, "name", ""),
            )
        )


def _rank(meaning: Meaning, store: Store) -> tuple[bool, int]:
    """What is left behind is worse than what is raced; a request is more certain than a guess."""
    return meaning is Meaning.LEFT_BEHIND, int(store.thing.taint)


def _storing(functions: list[tuple[FunctionNode, ClassInfo | None]]) -> set[int]:
    """The functions that may store something, and those that call them."""
    chosen = {id(function) for function, _ in functions if may_store(function)}
    names = {function.name for function, _ in functions if id(function) in chosen}  # type: ignore[union-attr]
    for function, _ in functions:
        if calls_of(function) & names:
            chosen.add(id(function))
    return chosen


@per_node
def calls_of(function: FunctionNode) -> frozenset[str]:
    """The names of what a function calls."""
    return frozenset(
        getattr(node.func, "attr", getattr(node.func, "id", ""))
        for node in nodes_in(function)
        if isinstance(node, ast.Call)
    )


@per_node
def may_store(function: FunctionNode) -> bool:
    """Whether a function stores anything but its own variables, attributes and new containers."""
    fresh = _fresh(function)
    for node in nodes_in(function):
        if isinstance(node, (ast.Global, ast.Nonlocal)):
            return True
        target: ast.expr | None = None
        if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(
            node.ctx, (ast.Store, ast.Del)
        ):
            target = node.value
        elif isinstance(node, ast.AugAssign):
            target = node.target
        elif isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute) and node.func.attr in _CHANGING:
                target = node.func.value
            elif isinstance(node.func, ast.Name) and node.func.id == "setattr" and node.args:
                target = node.args[0]
        if target is not None and not (isinstance(target, ast.Name) and target.id in fresh):
            return True
    return False


def _fresh(function: FunctionNode) -> set[str]:
    """Variables that hold nothing but what the function has made."""
    shared = {name for name, _ in defaults_of(function)}
    made: set[str] = set()
    for node in nodes_in(function):
        if not isinstance(node, (ast.Assign, ast.AnnAssign)):
            continue
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        for target in targets:
            if not isinstance(target, ast.Name):
                continue
            value = node.value
            literal = isinstance(
                value, (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
            )
            if (
                literal
                or isinstance(value, ast.Constant)
                or (isinstance(value, ast.Call) and isinstance(value.func, ast.Name))
            ):
                made.add(target.id)
            else:
                shared.add(target.id)
    return made - shared
