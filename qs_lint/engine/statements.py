"""Statements: the flow of control, bindings, and what becomes of an import-time query."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable

from qs_lint.domain import Fate, Holder, HolderKind, Moment, uses
from qs_lint.engine.context import Component, EngineContext, Frame, GaveUp, dotted_text
from qs_lint.engine.nodes import nodes_in
from qs_lint.engine.scope import Scope
from qs_lint.facts.queryset import LAZY, NO_SQL
from qs_lint.values import (
    UNKNOWN,
    Choice,
    Const,
    Deferred,
    External,
    Imported,
    Mapping,
    ModuleValue,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    decide,
    join,
    options,
    taints_of,
    usable,
)

#: Methods that put their arguments into the receiver.
MUTATORS = frozenset("append add extend update insert setdefault appendleft register".split())

Handler = Callable[["Statements", ast.stmt, Frame], bool]


class ScriptFound(Exception):
    """The module sets Django up itself: it is a script, nothing of it serves requests."""


class Statements(Component):
    """The effect of every kind of statement."""

    def execute(self, body: Iterable[ast.stmt], frame: Frame) -> bool:
        """Execute statements in order; true if control never reaches their end."""
        top = not self.ctx.stack and not self.ctx.muted and frame.function is None
        for statement in body:
            if top:
                self.ctx.fates.fresh_budget()
                self.ctx.heap.settle_heap()
            handler = _HANDLERS.get(type(statement))
            if handler is None:
                continue
            self.ctx.spend()
            if top:
                try:
                    ended = handler(self, statement, frame)
                except (GaveUp, RecursionError):
                    self.ctx.gave_up.append((statement, "limit"))
                    self.ctx.stack.clear()
                    self.ctx.doubts = self.ctx.unsure = 0
                    self.ctx.active.clear()
                    self.ctx.nesting = 0
                    self.ctx.placement.clear()
                    continue
            else:
                ended = handler(self, statement, frame)
            if ended:
                return True
        return False

    # what becomes of queries at import

    # simple statements

    def _expr(self, node: ast.Expr, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        value = self.ctx.expressions.eval(node.value, frame)
        mutates = (
            isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
            and node.value.func.attr in MUTATORS
        )
        for run in self.ctx.runs[start:]:
            if mutates and run.writes and run.node is node.value:
                run.sink = Fate.DROPPED
        self.ctx.fates.settle(start, value, Fate.DROPPED, outermost=None if mutates else node.value)
        return False

    def _assign(self, node: ast.Assign, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        value = self.ctx.expressions.eval(node.value, frame)
        for item in node.targets:
            self.assign(item, value, node, frame)
        if start == len(self.ctx.runs):
            return False
        if self.ctx.fates.watching:
            bound = [
                frame.scope.vars[part.id]
                for item in node.targets
                for part in nodes_in(item)
                if isinstance(part, ast.Name) and part.id in frame.scope.vars
            ]
            value = Sequence("tuple", [value, *bound], self.ctx.moment, node)
        self.ctx.fates.settle(start, value, Fate.DROPPED, dotted_text(node.targets[0]))
        return False

    def _annotated(self, node: ast.AnnAssign, frame: Frame) -> bool:
        if node.value is None:
            self.ctx.annotations.of_name(node, frame)
            return False
        start = len(self.ctx.runs)
        value = self.ctx.expressions.eval(node.value, frame)
        self.assign(node.target, value, node, frame)
        if start != len(self.ctx.runs):
            self.ctx.fates.settle(start, value, Fate.DROPPED, dotted_text(node.target))
        self.ctx.annotations.of_name(node, frame)
        return False

    def _type_alias(self, node: ast.stmt, frame: Frame) -> bool:
        """``type Name = value``: the value is made when somebody asks for it, and kept."""
        made: list[Value] = []

        def run(ctx: EngineContext, consumer: ast.AST) -> Value:
            if not made or ctx.moment is not Moment.IMPORT:
                made[:] = [ctx.expressions.eval(node.value, frame)]  # type: ignore[attr-defined]
            return made[0]

        name = node.name.id  # type: ignore[attr-defined]
        frame.scope.vars[name] = Deferred("alias", run, self.ctx.moment)
        return False

    def _augmented(self, node: ast.AugAssign, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        old = self.ctx.expressions.eval(node.target, frame)
        value = self.ctx.expressions.eval(node.value, frame)
        if isinstance(old, Sequence) and isinstance(node.op, ast.Add):
            if not isinstance(value, Sequence):
                item = self.ctx.orm.consume(value, node.value, uses.ADDED_IN_PLACE, frame)
                value = Rows("list", taints_of(item)) if taints_of(item) else value
        made = self.ctx.expressions.operate(old, node.op, value, node, frame)
        self.assign(node.target, made, node, frame)
        if start != len(self.ctx.runs):
            self.ctx.fates.settle(start, made, Fate.DROPPED, dotted_text(node.target))
        return False

    def assign(self, target: ast.expr, value: Value, node: ast.AST, frame: Frame) -> None:
        """Bind a target of an assignment."""
        if isinstance(target, ast.Name):
            self._store_name(target.id, value, node, frame)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target, value, node, frame)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, node, frame)
        elif isinstance(target, ast.Attribute):
            holder = self.ctx.expressions.eval(target.value, frame)
            self.ctx.attributes.store_attribute(holder, target.attr, value, node, frame)
        elif isinstance(target, ast.Subscript):
            holder = self.ctx.expressions.eval(target.value, frame)
            if isinstance(target.slice, ast.Slice):
                value = self.ctx.orm.consume(value, node, uses.SLICE_ASSIGNED, frame)
                self.ctx.attributes.store_item(holder, UNKNOWN, value, node, frame)
            else:
                self.ctx.attributes.store_item(
                    holder, self.ctx.expressions.eval(target.slice, frame), value, node, frame
                )

    def _store_name(self, name: str, value: Value, node: ast.AST, frame: Frame) -> None:
        scope = frame.scope
        if name in scope.globals:
            module = scope.module()
            if self.ctx.moment is Moment.CALL:
                self.ctx.memos.memo(value, node, frame, Holder(HolderKind.MODULE_GLOBAL, name))
                scope.vars[name] = value
                return
            self.ctx.startup.keep(value)
            if self.ctx.startup.running and name in module.vars:
                value = join([module.vars[name], value])
            self.ctx.heap.rebind(module, name, value)
            return
        if name in scope.nonlocals:
            for outer in list(scope.enclosing())[1:]:
                if name in outer.vars:
                    if self.ctx.moment is Moment.CALL:
                        self.memo_nonlocal(outer, name, value, node, frame)
                    self.ctx.heap.rebind(outer, name, value)
                    return
        scope.vars[name] = value

    def memo_nonlocal(
        self, outer: Scope, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """A closure variable set at call time; it lives as long as the closure."""
        old = outer.vars.get(name)
        if old is not None and frame.function is not None:
            if frame.function.born is Moment.IMPORT and not self.ctx.stack:
                self.ctx.memos.memo(value, node, frame, Holder(HolderKind.CLOSURE, name))

    def _unpack(
        self, target: ast.Tuple | ast.List, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        shares = [_shares(option, target.elts) for option in options(value)]
        known = [share for share in shares if share is not None]
        if len(known) == len(shares):
            for index, item in enumerate(target.elts):
                self.assign(item, join(share[index] for share in known), node, frame)
            return
        inner = self.ctx.orm.consume(
            value, getattr(node, "value", node) or node, uses.UNPACKED, frame
        )
        for item in target.elts:
            found = inner
            if isinstance(item, ast.Starred) and taints_of(inner):
                found = Rows("list", taints_of(inner))
            self.assign(item, found, node, frame)

    def _return(self, node: ast.Return, frame: Frame) -> bool:
        value = (
            self.ctx.expressions.eval(node.value, frame) if node.value is not None else Const(None)
        )
        frame.returns.append(value)
        if not self.ctx.stack:
            self.ctx.framework.returned(value, node, frame)
        return True

    def _raise(self, node: ast.Raise, frame: Frame) -> bool:
        if node.exc is not None:
            start = len(self.ctx.runs)
            self.ctx.expressions.eval(node.exc, frame)
            if self.ctx.moment is Moment.IMPORT:
                del self.ctx.runs[start:]  # an import that fails keeps nothing
        return True

    def _assert(self, node: ast.Assert, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        test = self.ctx.expressions.eval(node.test, frame)
        self.ctx.expressions.truth(test, node.test, frame, uses.ASSERTED)
        for run in self.ctx.runs[start:]:
            run.sink = Fate.DROPPED
        self.ctx.fates.settle(start, None, Fate.DROPPED)
        return False

    def _delete(self, node: ast.Delete, frame: Frame) -> bool:
        for target in node.targets:
            if isinstance(target, ast.Name):
                frame.scope.vars.pop(target.id, None)
        return False

    def _global(self, node: ast.Global, frame: Frame) -> bool:
        frame.scope.globals.update(node.names)
        return False

    def _nonlocal(self, node: ast.Nonlocal, frame: Frame) -> bool:
        frame.scope.nonlocals.update(node.names)
        return False

    def _stop(self, node: ast.stmt, frame: Frame) -> bool:
        return True

    # imports

    def _import(self, node: ast.Import, frame: Frame) -> bool:
        for alias in node.names:
            if alias.asname is not None:
                value = self.ctx.modules.imported_module(frame.source, alias.name, 0)
                frame.scope.vars[alias.asname] = value
                continue
            top = alias.name.partition(".")[0]
            value = self.ctx.modules.imported_module(frame.source, top, 0)
            if isinstance(value, External) and value.name.startswith("<folder>"):
                value = UNKNOWN
            frame.scope.vars[top] = value
        return False

    def _import_from(self, node: ast.ImportFrom, frame: Frame) -> bool:
        for alias in node.names:
            if alias.name == "*":
                self._star_import(node, frame)
                continue
            name = alias.asname or alias.name
            value = self.ctx.modules.import_member(
                frame.source, node.module or "", node.level, alias.name
            )
            if isinstance(value, Imported) and "__getattr__" in value.source.scope.bindings:
                # whether the module has the name decides what the statement does
                start = len(self.ctx.runs)
                value = ModuleValue(value.source).read(self.ctx, value.name, node, frame)
                self.ctx.fates.settle(start, value, Fate.KEPT, name)
            frame.scope.vars[name] = value
        return False

    def _star_import(self, node: ast.ImportFrom, frame: Frame) -> None:
        target = self.ctx.modules.imported_module(frame.source, node.module or "", node.level)
        if not isinstance(target, ModuleValue):
            return
        source = target.source
        names = self.exported(source, 6)
        for name in names:
            frame.scope.vars[name] = Imported(source, name)

    def exported(self, source: object, depth: int) -> list[str]:
        """The public names of a module, for a star import."""
        scope = source.scope  # type: ignore[attr-defined]
        names = [name for name in scope.bindings if not name.startswith("_")]
        if depth:
            for star in scope.stars:
                below = self.ctx.modules.imported_module(
                    scope.source, star.module or "", star.level
                )
                if isinstance(below, ModuleValue) and below.source is not source:
                    names.extend(self.exported(below.source, depth - 1))
        return names

    # compound statements

    def _if(self, node: ast.If, frame: Frame) -> bool:
        # ``elif`` chains may be thousands long: walk them without recursion
        states = []
        ends: list[bool] = []
        while True:
            start = len(self.ctx.runs)
            test = self.ctx.expressions.eval(node.test, frame)
            known = self.ctx.expressions.truth(test, node.test, frame, uses.IF)
            for run in self.ctx.runs[start:]:
                run.decided = run.decided or run in self.ctx.fates.reach(test)
                if _only_complains(node):
                    run.sink = Fate.DROPPED
            self.ctx.fates.settle(start, test, Fate.BRANCH)
            self.ctx.startup.decide(test, node, frame)
            doubt = known is None and bool(self.ctx.stack)
            self.ctx.doubts += doubt
            if known is not False:
                before = self.ctx.heap.fork(frame)
                self.narrow(node.test, frame, True)
                ended = self.execute(node.body, frame)
                ends.append(ended)
                if not ended:
                    states.append(self.ctx.heap.leave(frame))
                if known is True:
                    self.ctx.doubts -= doubt
                    break
                self.ctx.heap.restore(frame, before)
            self.narrow(node.test, frame, False)
            if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
                self.ctx.doubts -= doubt
                node = node.orelse[0]
                self.ctx.spend()
                continue
            ended = self.execute(node.orelse, frame)
            self.ctx.doubts -= doubt
            ends.append(ended)
            if not ended:
                states.append(self.ctx.heap.leave(frame))
            break
        if not states:
            return all(ends)
        self.ctx.heap.merge(frame, states)
        return False

    def narrow(self, test: ast.expr, frame: Frame, outcome: bool) -> None:
        """What a test tells of a name: ``x is None`` leaves ``None`` on one path only."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            self.narrow(test.operand, frame, not outcome)
            return
        target: ast.expr | None = None
        none_here = False
        if (
            isinstance(test, ast.Compare)
            and len(test.ops) == 1
            and isinstance(test.ops[0], (ast.Is, ast.IsNot))
            and isinstance(test.comparators[0], ast.Constant)
            and test.comparators[0].value is None
        ):
            target = test.left
            none_here = isinstance(test.ops[0], ast.Is) is outcome
        elif isinstance(test, ast.Name) and outcome:
            target = test
        if not isinstance(target, ast.Name):
            return
        value = frame.scope.vars.get(target.id)
        if value is None or len(options(value)) < 2:
            return
        kept = [
            option
            for option in options(value)
            if (isinstance(option, Const) and option.value is None) is none_here
            or (none_here and option is UNKNOWN)
        ]
        if kept:
            frame.scope.vars[target.id] = join(kept)

    def _for(self, node: ast.For | ast.AsyncFor, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        source = self.ctx.expressions.eval(node.iter, frame)
        how = uses.ASYNC_FOR if isinstance(node, ast.AsyncFor) else uses.FOR
        item = self.ctx.orm.consume(source, node.iter, how, frame)
        if self.ctx.fates.watching:
            decide(item)
            for run in self.ctx.runs[start:]:
                run.decided = True
        self.ctx.fates.settle(start, item, Fate.BRANCH)
        if self.ctx.stack and all(_is_empty(option) for option in options(source)):
            self.execute(node.orelse, frame)
            return False
        doubt = bool(self.ctx.stack) and not any(
            isinstance(option, (QuerySetValue, Rows, Deferred)) or _is_filled(option)
            for option in options(source)
        )
        before = self.ctx.heap.fork(frame)
        self.assign(node.target, item, node.target, frame)
        self.ctx.doubts += doubt
        ended = self.execute(node.body, frame)
        self.ctx.doubts -= doubt
        states = [before] if ended else [before, self.ctx.heap.leave(frame)]
        self.ctx.heap.merge(frame, states)
        self.execute(node.orelse, frame)
        return False

    def _while(self, node: ast.While, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        test = self.ctx.expressions.eval(node.test, frame)
        known = self.ctx.expressions.truth(test, node.test, frame, uses.WHILE)
        self.ctx.fates.settle(start, test, Fate.BRANCH)
        before = self.ctx.heap.fork(frame)
        if known is not False:
            ended = self.execute(node.body, frame)
            if known is True and ended and not _breaks(node.body):
                return True
            self.ctx.heap.merge(frame, [before] if ended else [before, self.ctx.heap.leave(frame)])
        self.execute(node.orelse, frame)
        return False

    def _with(self, node: ast.With | ast.AsyncWith, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        for item in node.items:
            entered = self.ctx.expressions.eval(item.context_expr, frame)
            value = entered.enter(self.ctx, item.context_expr, frame)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, node, frame)
        self.ctx.fates.settle(start, None, Fate.KEPT)
        return self.execute(node.body, frame)

    def _try(self, node: ast.Try, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        returned = len(frame.returns)
        before = self.ctx.heap.fork(frame)
        if node.handlers:
            self.ctx.fates.guarded += 1
        try:
            ended = self.execute(node.body, frame)
        finally:
            if node.handlers:
                self.ctx.fates.guarded -= 1
        after = self.ctx.heap.fork(frame)
        if self.ctx.stack and node.handlers and not _same_everywhere(node):
            for run in self.ctx.runs[start:]:
                run.decided = True
        states = []
        if not ended:
            ended = self.execute(node.orelse, frame)
            if not ended:
                states.append(self.ctx.heap.leave(frame))
        safe = self._cannot_fail(node, frame)
        for handler in node.handlers:
            if safe and _catches_only_misuse(handler):
                continue
            self.ctx.heap.merge(frame, [before, after])
            if handler.name:
                frame.scope.vars[handler.name] = UNKNOWN
            self.ctx.doubts += bool(self.ctx.stack)
            if not self.execute(handler.body, frame):
                states.append(self.ctx.heap.leave(frame))
            self.ctx.doubts -= bool(self.ctx.stack)
        if states:
            self.ctx.heap.merge(frame, states)
            self._found_imports(node, frame)
        given = len(frame.returns)
        done = self.execute(node.finalbody, frame)
        if done:
            del frame.returns[returned:given]  # what ``finally`` returns is returned instead
        return done or not states

    @staticmethod
    def _found_imports(node: ast.Try, frame: Frame) -> None:
        """A name that was imported from the project, or is ``None``, is what was imported."""
        for statement in node.body:
            if isinstance(statement, ast.ImportFrom):
                for alias in statement.names:
                    name = alias.asname or alias.name
                    value = frame.scope.vars.get(name)
                    if isinstance(value, Choice):
                        left = usable(value)
                        if any(isinstance(option, Imported) for option in left):
                            frame.scope.vars[name] = join(left)

    def _cannot_fail(self, node: ast.Try, frame: Frame) -> bool:
        """Whether ``try: queryset.query`` and the like are known to work."""
        if len(node.body) != 1:
            return False
        expression = getattr(node.body[0], "value", None)
        if isinstance(expression, ast.Call):
            expression = expression.func
        if not isinstance(expression, ast.Attribute) or not isinstance(expression.value, ast.Name):
            return False
        value = frame.scope.vars.get(expression.value.id)
        return (
            value is not None
            and expression.attr in LAZY | NO_SQL
            and all(isinstance(option, QuerySetValue) for option in options(value))
        )

    def _match(self, node: ast.Match, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        self.ctx.expressions.eval(node.subject, frame)
        self.ctx.fates.settle(start, None, Fate.BRANCH)
        before = self.ctx.heap.fork(frame)
        states = [before]
        for case in node.cases:
            self.ctx.heap.restore(frame, before)
            for part in nodes_in(case.pattern):
                name = getattr(part, "name", None)
                if isinstance(name, str):
                    frame.scope.vars[name] = UNKNOWN
            if case.guard is not None:
                self.ctx.expressions.truth(
                    self.ctx.expressions.eval(case.guard, frame), case.guard, frame, uses.CASE_GUARD
                )
            if not self.execute(case.body, frame):
                states.append(self.ctx.heap.leave(frame))
        self.ctx.heap.merge(frame, states)
        return False

    # definitions

    # calls that end the reading

    def call_external(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call something that is not read."""
        if self.ctx.facts.behaviour.get(name) == "setup":
            if self.ctx.fates.watching and self.ctx.fates.guarded == 0:
                raise ScriptFound
        return self.ctx.callables.call_external(name, args, keywords, node, frame)


def _catches_only_misuse(handler: ast.ExceptHandler) -> bool:
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return all(
        isinstance(name, ast.Name) and name.id in ("AttributeError", "TypeError") for name in names
    )


def _shares(value: Value, targets: list[ast.expr]) -> list[Value] | None:
    """What each target gets of an unpacked display; ``None`` if nobody knows."""
    if not isinstance(value, Sequence) or value.open:
        return None
    items = value.items
    stars = [index for index, item in enumerate(targets) if isinstance(item, ast.Starred)]
    if not stars:
        return items if len(items) == len(targets) else None
    first = stars[0]
    last = len(items) - (len(targets) - first - 1)
    if last < first:
        return None  # too few: Python would raise
    rest = Sequence("list", items[first:last], value.born, value.node, taints=value.taints)
    return [*items[:first], rest, *items[last:]]


def _is_empty(value: Value) -> bool:
    """Whether a container is known to have no items."""
    return (
        isinstance(value, (Sequence, Mapping))
        and not value.items
        and not value.open
        and not value.taints
    )


def _is_filled(value: Value) -> bool:
    return isinstance(value, (Sequence, Mapping)) and bool(value.items) and not value.open


def _breaks(body: list[ast.stmt]) -> bool:
    return any(isinstance(part, ast.Break) for item in body for part in nodes_in(item))


def _only_complains(node: ast.If) -> bool:
    """Whether the branches only raise, warn, print or begin work: nothing of the result lasts."""
    for statement in [*node.body, *node.orelse]:
        if isinstance(statement, (ast.Raise, ast.Pass)):
            continue
        if isinstance(statement, ast.Expr):
            call = statement.value
            if isinstance(call, ast.Constant):
                continue
            if isinstance(call, ast.Call):
                name = dotted_text(call.func).rpartition(".")[2]
                if name in ("print", "warn", "warning", "info", "debug", "error", "exit"):
                    continue
                if not call.args and not call.keywords and name not in MUTATORS:
                    continue  # something is begun, and nothing is handed to it
        return False
    return True


def _same_everywhere(node: ast.Try) -> bool:
    return all(
        len(handler.body) == 1 and isinstance(handler.body[0], (ast.Raise, ast.Pass))
        for handler in node.handlers
    )


_HANDLERS: dict[type[ast.AST], Handler] = {
    ast.Expr: Statements._expr,  # type: ignore[dict-item]
    ast.Assign: Statements._assign,  # type: ignore[dict-item]
    ast.AnnAssign: Statements._annotated,  # type: ignore[dict-item]
    ast.AugAssign: Statements._augmented,  # type: ignore[dict-item]
    ast.Return: Statements._return,  # type: ignore[dict-item]
    ast.Raise: Statements._raise,  # type: ignore[dict-item]
    ast.Assert: Statements._assert,  # type: ignore[dict-item]
    ast.Delete: Statements._delete,  # type: ignore[dict-item]
    ast.Global: Statements._global,  # type: ignore[dict-item]
    ast.Nonlocal: Statements._nonlocal,  # type: ignore[dict-item]
    ast.Break: Statements._stop,
    ast.Continue: Statements._stop,
    ast.Import: Statements._import,  # type: ignore[dict-item]
    ast.ImportFrom: Statements._import_from,  # type: ignore[dict-item]
    ast.If: Statements._if,  # type: ignore[dict-item]
    ast.For: Statements._for,  # type: ignore[dict-item]
    ast.AsyncFor: Statements._for,  # type: ignore[dict-item]
    ast.While: Statements._while,  # type: ignore[dict-item]
    ast.With: Statements._with,  # type: ignore[dict-item]
    ast.AsyncWith: Statements._with,  # type: ignore[dict-item]
    ast.Try: Statements._try,  # type: ignore[dict-item]
    ast.Match: Statements._match,  # type: ignore[dict-item]
    ast.FunctionDef: lambda self, node, frame: self.ctx.definitions.function(node, frame),  # type: ignore[arg-type]
    ast.AsyncFunctionDef: lambda self, node, frame: self.ctx.definitions.function(node, frame),  # type: ignore[arg-type]
    ast.ClassDef: lambda self, node, frame: self.ctx.definitions.class_statement(node, frame),  # type: ignore[arg-type]
}
if hasattr(ast, "TypeAlias"):
    _HANDLERS[ast.TypeAlias] = Statements._type_alias
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = Statements._try  # type: ignore[assignment]
