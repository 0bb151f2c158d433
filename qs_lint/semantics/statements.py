"""Statements: the flow of control, bindings, and what becomes of an import-time query."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from dataclasses import replace

from qs_lint.django_facts.callables import CONTEXT_MANAGERS, MEMOISERS, PROPERTIES
from qs_lint.django_facts.querysets import LAZY, NO_SQL
from qs_lint.findings import Confidence
from qs_lint.semantics.classes import ClassInfo
from qs_lint.semantics.expressions import Expressions, decide
from qs_lint.semantics.machine import Frame, GaveUp, dotted_text
from qs_lint.semantics.scope import Scope
from qs_lint.semantics.values import (
    UNKNOWN,
    ClassValue,
    Const,
    Deferred,
    External,
    Function,
    Instance,
    ModuleValue,
    Moment,
    Partial,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Taint,
    Value,
    children,
    derived,
    join,
    options,
    taints_of,
)

Handler = Callable[["Statements", ast.stmt, Frame], bool]
#: decorators that replace the function by something that runs it later, or not at all
FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef
#: Methods that put their arguments into the receiver.
MUTATORS = frozenset("append add extend update insert setdefault appendleft register".split())


class ScriptFound(Exception):
    """The module sets Django up itself: it is a script, nothing of it serves requests."""


class Statements(Expressions):
    """The effect of every kind of statement."""

    def __init__(self, *args: object, **keywords: object) -> None:
        super().__init__(*args, **keywords)
        #: how the statement being executed is placed: class, module, default, decorator
        self.place = "module"
        self.guarded = 0
        #: conditions of followed calls, around what is executed now, that nobody knows
        self.doubts = 0

    def execute(self, body: Iterable[ast.stmt], frame: Frame) -> bool:
        """Execute statements in order; true if control never reaches their end."""
        top = not self.stack and not self.muted and frame.function is None
        for statement in body:
            if top:
                self.fresh_budget()
                self.settle_heap()
            handler = _HANDLERS.get(type(statement))
            if handler is None:
                continue
            self.spend()
            if top:
                try:
                    ended = handler(self, statement, frame)
                except (GaveUp, RecursionError):
                    self.gave_up.append((statement, "limit"))
                    self.stack.clear()
                    self.doubts = 0
                    self.active.clear()
                    self.nesting = 0
                    self.placement.clear()
                    continue
            else:
                ended = handler(self, statement, frame)
            if ended:
                return True
        return False

    def fresh_budget(self) -> None:
        """Every statement of a module or class body gets a budget of its own."""
        from qs_lint.semantics.machine import BUDGET

        self.budget = BUDGET

    # what becomes of queries at import

    @property
    def watching(self) -> bool:
        """Whether this is import-time code of the checked file itself, outside of any call."""
        return not self.stack and not self.muted and self.moment is Moment.IMPORT

    def settle(
        self,
        start: int,
        value: Value | None,
        default: str,
        target: str = "",
        outermost: ast.AST | None = None,
    ) -> None:
        """Say of the queries since ``start`` what the statement does with their rows.

        A query's rows are *kept* if ``value`` holds them, a *branch* if they decided, an
        *argument* if a lazy queryset took them, else ``default``.
        """
        if not self.watching or start == len(self.runs):
            return
        held = self.reach(value) if value is not None else frozenset()
        arguments = {
            taint
            for argument in self.arguments
            if not argument.consumed
            for taint in argument.taints
        }
        everywhere: frozenset[Taint] | None = None
        for run in self.runs[start:]:
            if not run.target:
                run.target = target
            if run.sink == "fresh":
                continue
            if run.decided and run.sink != "dropped":
                run.sink = "branch"
            elif run.sink == "dropped":
                continue
            elif run in held and not (outermost is not None and run.node is outermost):
                run.sink = "kept"
            elif run in arguments:
                run.sink = "argument"
            else:
                run.sink = default
                if default == "dropped":
                    if everywhere is None:
                        holders = list(self.main.scope.vars.values())
                        everywhere = self.reach(
                            Sequence("tuple", holders, self.moment, self.main.tree)
                        )
                    if run in everywhere and run.node is not outermost:
                        run.sink = "kept"

    def reach(self, value: Value) -> frozenset[Taint]:
        """The taints on everything that can be reached from a value."""
        found: set[Taint] = set()
        seen: set[int] = set()
        stack: list[tuple[Value, int]] = [(value, 8)]
        while stack:
            current, depth = stack.pop()
            if id(current) in seen or depth < 0:
                continue
            seen.add(id(current))
            found |= getattr(current, "taints", frozenset())
            below: list[Value] = list(children(current))
            if isinstance(current, Instance):
                below.extend(self.stored_all(current).values())
            elif isinstance(current, Function):
                below.extend(current.defaults.values())
                below.extend(self.stored_all(current.node).values())
                scope: Scope | None = current.scope
                while scope is not None and scope.kind == "function":
                    below.extend(scope.vars.values())
                    scope = scope.parent
            elif isinstance(current, ClassValue):
                parent = current.info.scope.parent
                if parent is not None and parent.kind == "function":
                    below.extend(current.info.scope.vars.values())
                below.extend(current.info.extra.values())
            elif isinstance(current, Partial):
                below.append(current.function)
            stack.extend((item, depth - 1) for item in below)
        return frozenset(found)

    # simple statements

    def _expr(self, node: ast.Expr, frame: Frame) -> bool:
        start = len(self.runs)
        value = self.eval(node.value, frame)
        mutates = (
            isinstance(node.value, ast.Call)
            and isinstance(node.value.func, ast.Attribute)
            and node.value.func.attr in MUTATORS
        )
        for run in self.runs[start:]:
            if mutates and run.writes and run.node is node.value:
                run.sink = "dropped"
        self.settle(start, value, "dropped", outermost=None if mutates else node.value)
        return False

    def _assign(self, node: ast.Assign, frame: Frame) -> bool:
        start = len(self.runs)
        value = self.eval(node.value, frame)
        target = dotted_text(node.targets[0]) if node.targets else ""
        for item in node.targets:
            self.assign(item, value, node, frame)
        if start != len(self.runs) and self.watching:
            bound = [
                frame.scope.vars[part.id]
                for item in node.targets
                for part in ast.walk(item)
                if isinstance(part, ast.Name) and part.id in frame.scope.vars
            ]
            value = Sequence("tuple", [value, *bound], self.moment, node)
        self.settle(start, value, "dropped", target)
        return False

    def _annotated(self, node: ast.AnnAssign, frame: Frame) -> bool:
        if node.value is None:
            return False
        start = len(self.runs)
        value = self.eval(node.value, frame)
        self.assign(node.target, value, node, frame)
        self.settle(start, value, "dropped", dotted_text(node.target))
        return False

    def _augmented(self, node: ast.AugAssign, frame: Frame) -> bool:
        start = len(self.runs)
        old = self.eval(node.target, frame)
        value = self.eval(node.value, frame)
        if isinstance(old, Sequence) and isinstance(node.op, ast.Add):
            if not isinstance(value, Sequence):
                item = self.consume(value, node.value, "+=", frame)
                value = Rows("list", taints_of(item)) if taints_of(item) else value
        made = self.operate(old, node.op, value, node, frame)
        self.assign(node.target, made, node, frame)
        self.settle(start, made, "dropped", dotted_text(node.target))
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
            holder = self.eval(target.value, frame)
            self.store_attribute(holder, target.attr, value, node, frame)
        elif isinstance(target, ast.Subscript):
            holder = self.eval(target.value, frame)
            if isinstance(target.slice, ast.Slice):
                value = self.consume(value, node, "slice assignment", frame)
                self.store_item(holder, UNKNOWN, value, node, frame)
            else:
                self.store_item(holder, self.eval(target.slice, frame), value, node, frame)

    def _store_name(self, name: str, value: Value, node: ast.AST, frame: Frame) -> None:
        scope = frame.scope
        if name in scope.globals:
            module = scope.module()
            if self.moment is Moment.CALL:
                self.memo(value, node, frame, f"global {name}")
                scope.vars[name] = value
                return
            module.vars[name] = value
            return
        if name in scope.nonlocals:
            for outer in list(scope.enclosing())[1:]:
                if name in outer.vars:
                    if self.moment is Moment.CALL:
                        self.memo_nonlocal(outer, name, value, node, frame)
                    outer.vars[name] = value
                    return
        scope.vars[name] = value

    def memo_nonlocal(
        self, outer: Scope, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """A closure variable set at call time; it lives as long as the closure."""
        old = outer.vars.get(name)
        if old is not None and frame.function is not None:
            if frame.function.born is Moment.IMPORT and not self.stack:
                self.memo(value, node, frame, f"nonlocal {name}")

    def _unpack(
        self, target: ast.Tuple | ast.List, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        starred = any(isinstance(item, ast.Starred) for item in target.elts)
        if (
            isinstance(value, Sequence)
            and not starred
            and not value.open
            and len(value.items) == len(target.elts)
        ):
            for item, part in zip(target.elts, value.items, strict=True):
                self.assign(item, part, node, frame)
            return
        choices = [option for option in options(value) if isinstance(option, Sequence)]
        if (
            not starred
            and choices
            and len(choices) == len(options(value))
            and all(not c.open and len(c.items) == len(target.elts) for c in choices)
        ):
            for index, item in enumerate(target.elts):
                self.assign(item, join(c.items[index] for c in choices), node, frame)
            return
        inner = self.consume(value, getattr(node, "value", node) or node, "unpacking", frame)
        for item in target.elts:
            found = inner
            if isinstance(item, ast.Starred) and taints_of(inner):
                found = Rows("list", taints_of(inner))
            self.assign(item, found, node, frame)

    def _return(self, node: ast.Return, frame: Frame) -> bool:
        value = self.eval(node.value, frame) if node.value is not None else Const(None)
        frame.returns.append(value)
        if not self.stack:
            self.returned(value, node, frame)
        return True

    def returned(self, value: Value, node: ast.Return, frame: Frame) -> None:
        """A method of the checked file returns a value to whoever called it."""

    def _raise(self, node: ast.Raise, frame: Frame) -> bool:
        if node.exc is not None:
            start = len(self.runs)
            self.eval(node.exc, frame)
            if self.moment is Moment.IMPORT:
                del self.runs[start:]  # an import that fails keeps nothing
        return True

    def _assert(self, node: ast.Assert, frame: Frame) -> bool:
        start = len(self.runs)
        test = self.eval(node.test, frame)
        self.truth(test, node.test, frame, "assert")
        for run in self.runs[start:]:
            run.sink = "dropped"
        self.settle(start, None, "dropped")
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
                value = self.imported_module(frame.source, alias.name, 0)
                frame.scope.vars[alias.asname] = value
                continue
            top = alias.name.partition(".")[0]
            value = self.imported_module(frame.source, top, 0)
            if isinstance(value, External) and value.name.startswith("<folder>"):
                value = UNKNOWN
            frame.scope.vars[top] = value
        return False

    def _import_from(self, node: ast.ImportFrom, frame: Frame) -> bool:
        for alias in node.names:
            if alias.name == "*":
                self._star_import(node, frame)
                continue
            frame.scope.vars[alias.asname or alias.name] = self.import_member(
                frame.source, node.module or "", node.level, alias.name
            )
        return False

    def _star_import(self, node: ast.ImportFrom, frame: Frame) -> None:
        target = self.imported_module(frame.source, node.module or "", node.level)
        if not isinstance(target, ModuleValue):
            return
        source = target.source
        names = self.exported(source, 6)
        for name in names:
            frame.scope.vars[name] = self.import_member(
                frame.source, node.module or "", node.level, name
            )

    def exported(self, source: object, depth: int) -> list[str]:
        """The public names of a module, for a star import."""
        scope = source.scope  # type: ignore[attr-defined]
        names = [name for name in scope.bindings if not name.startswith("_")]
        if depth:
            for star in scope.stars:
                below = self.imported_module(scope.source, star.module or "", star.level)
                if isinstance(below, ModuleValue) and below.source is not source:
                    names.extend(self.exported(below.source, depth - 1))
        return names

    # compound statements

    def _if(self, node: ast.If, frame: Frame) -> bool:
        # ``elif`` chains may be thousands long: walk them without recursion
        states = []
        ends: list[bool] = []
        while True:
            start = len(self.runs)
            test = self.eval(node.test, frame)
            known = self.truth(test, node.test, frame, "if")
            for run in self.runs[start:]:
                run.decided = run.decided or run in self.reach(test)
                if _only_complains(node):
                    run.sink = "dropped"
            self.settle(start, test, "branch")
            doubt = known is None and bool(self.stack)
            self.doubts += doubt
            if known is not False:
                before = self.fork(frame)
                self.narrow(node.test, frame, True)
                ended = self.execute(node.body, frame)
                ends.append(ended)
                if not ended:
                    states.append(self.fork(frame))
                if known is True:
                    self.doubts -= doubt
                    break
                self.restore(frame, before)
            self.narrow(node.test, frame, False)
            if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
                self.doubts -= doubt
                node = node.orelse[0]
                self.spend()
                continue
            ended = self.execute(node.orelse, frame)
            self.doubts -= doubt
            ends.append(ended)
            if not ended:
                states.append(self.fork(frame))
            break
        if not states:
            return all(ends)
        self.merge(frame, states)
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
        start = len(self.runs)
        source = self.eval(node.iter, frame)
        how = "async for loop" if isinstance(node, ast.AsyncFor) else "for loop"
        item = self.consume(source, node.iter, how, frame)
        if self.watching:
            decide(item)
            for run in self.runs[start:]:
                run.decided = True
        self.settle(start, item, "branch")
        before = self.fork(frame)
        self.assign(node.target, item, node.target, frame)
        ended = self.execute(node.body, frame)
        states = [before] if ended else [before, self.fork(frame)]
        self.merge(frame, states)
        self.execute(node.orelse, frame)
        return False

    def _while(self, node: ast.While, frame: Frame) -> bool:
        start = len(self.runs)
        test = self.eval(node.test, frame)
        known = self.truth(test, node.test, frame, "while")
        self.settle(start, test, "branch")
        before = self.fork(frame)
        if known is not False:
            ended = self.execute(node.body, frame)
            if known is True and ended and not _breaks(node.body):
                return True
            self.merge(frame, [before] if ended else [before, self.fork(frame)])
        self.execute(node.orelse, frame)
        return False

    def _with(self, node: ast.With | ast.AsyncWith, frame: Frame) -> bool:
        start = len(self.runs)
        for item in node.items:
            value = self.eval(item.context_expr, frame)
            if isinstance(value, Deferred) and value.kind == "context":
                value = value.run(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, value, node, frame)
        self.settle(start, None, "kept")
        return self.execute(node.body, frame)

    def _try(self, node: ast.Try, frame: Frame) -> bool:
        start = len(self.runs)
        before = self.fork(frame)
        if node.handlers:
            self.guarded += 1
        try:
            ended = self.execute(node.body, frame)
        finally:
            if node.handlers:
                self.guarded -= 1
        after = self.fork(frame)
        if self.stack:
            for run in self.runs[start:]:
                if node.handlers and not _same_everywhere(node):
                    run.decided = True
        states = []
        if not ended:
            ended = self.execute(node.orelse, frame)
            if not ended:
                states.append(self.fork(frame))
        safe = self._cannot_fail(node, frame)
        for handler in node.handlers:
            if safe and _catches_only_misuse(handler):
                continue
            self.merge(frame, [before, after])
            if handler.name:
                frame.scope.vars[handler.name] = UNKNOWN
            self.doubts += bool(self.stack)
            if not self.execute(handler.body, frame):
                states.append(self.fork(frame))
            self.doubts -= bool(self.stack)
        if states:
            self.merge(frame, states)
        done = self.execute(node.finalbody, frame)
        return done or not states

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
        start = len(self.runs)
        self.eval(node.subject, frame)
        self.settle(start, None, "branch")
        before = self.fork(frame)
        states = [before]
        for case in node.cases:
            self.restore(frame, before)
            for part in ast.walk(case.pattern):
                name = getattr(part, "name", None)
                if isinstance(name, str):
                    frame.scope.vars[name] = UNKNOWN
            if case.guard is not None:
                self.truth(self.eval(case.guard, frame), case.guard, frame, "case guard")
            if not self.execute(case.body, frame):
                states.append(self.fork(frame))
        self.merge(frame, states)
        return False

    # definitions

    def _function(self, node: FunctionDef, frame: Frame) -> bool:
        start = len(self.runs)
        saved, self.place = self.place, "default"
        try:
            defaults = self.default_values(node.args, frame)
        finally:
            self.place = saved
        marks = {"generator"} if _yields(node) else set()
        function = Function(
            node,
            frame.source,
            frame.scope,
            frame.body_of,
            defaults,
            frozenset(marks),
            born=self.moment,
        )
        if not self.watching or start != len(self.runs):
            self.settle(
                start,
                Sequence("tuple", list(defaults.values()), self.moment, node),
                "kept",
                node.name,
            )
        value = self._decorated(function, node, frame)
        frame.scope.vars[node.name] = value
        self.defined(function, value, frame)
        return False

    def defined(self, function: Function, value: Value, frame: Frame) -> None:
        """A function was defined; ``value`` is what its name is bound to."""

    def _lambda(self, node: ast.Lambda, frame: Frame) -> Value:
        saved = self.place
        if node.args.defaults or node.args.kw_defaults:
            self.place = "default"
        try:
            function = super()._lambda(node, frame)
        finally:
            self.place = saved
        assert isinstance(function, Function)
        self.defined(function, function, frame)
        return function

    def _decorated(self, function: Function, node: FunctionDef, frame: Frame) -> Value:
        value: Value = function
        for expression in reversed(node.decorator_list):
            start = len(self.runs)
            saved, self.place = self.place, "decorator"
            try:
                decorator = self.eval(expression, frame)
                value = self._decorate(decorator, value, expression, frame)
            finally:
                self.place = saved
            self.settle(start, value, "kept", node.name)
        return value

    def _decorate(
        self, decorator: Value, value: Value, expression: ast.expr, frame: Frame
    ) -> Value:
        name = decorator.name if isinstance(decorator, External) else ""
        text = dotted_text(expression.func if isinstance(expression, ast.Call) else expression)
        if isinstance(value, Function):
            if name in PROPERTIES:
                mark = PROPERTIES[name]
                if name.endswith("classproperty"):
                    mark = "classproperty"
                return replace(value, marks=value.marks | {mark})
            if name in ("builtins.staticmethod", "builtins.classmethod"):
                return replace(value, marks=value.marks | {name.rpartition(".")[2]})
            if name in CONTEXT_MANAGERS:
                return replace(value, marks=value.marks | {"contextmanager"})
            if name.removesuffix("()") in MEMOISERS:
                label = MEMOISERS[name.removesuffix("()")]
                self.memoised(value, expression, label, frame)
                return replace(value, marks=value.marks | {f"memo:{label}"})
            if text.endswith((".setter", ".deleter", ".getter")):
                return value
            last = text.rpartition(".")[2].lower()
            if isinstance(decorator, External) and "classproperty" in last.replace("_", ""):
                return replace(value, marks=value.marks | {"classproperty"})
            if isinstance(decorator, External) and last.endswith("property"):
                return replace(value, marks=value.marks | {"property"})
            if isinstance(decorator, External) and last in ("simple_tag", "inclusion_tag"):
                return replace(value, marks=value.marks | {"tag"})
            if not isinstance(decorator, External) and last in ("simple_tag", "inclusion_tag"):
                return replace(value, marks=value.marks | {"tag"})
        if any(
            isinstance(option, (Function, ClassValue, Partial)) for option in options(decorator)
        ):
            if isinstance(decorator, ClassValue) and self._is_descriptor(decorator):
                if isinstance(value, Function):
                    return replace(value, marks=value.marks | {"property"})
            made = self.call(decorator, [value], {}, expression, frame)
            usable = [
                option
                for option in options(made)
                if isinstance(option, (Function, ClassValue, Instance, Partial))
            ]
            if usable:
                return join(usable)
        return value

    def _is_descriptor(self, cls: ClassValue) -> bool:
        return self.attribute_of_class(cls.info, "__get__") is not None or any(
            isinstance(base, External) and base.name in PROPERTIES for base in self.mro(cls.info)
        )

    def memoised(self, function: Function, expression: ast.expr, label: str, frame: Frame) -> None:
        """A function whose results are kept for the life of the process."""

    def _class(self, node: ast.ClassDef, frame: Frame) -> bool:
        start = len(self.runs)
        info = self.classes.get(id(node))
        if info is None or self.watching or frame.scope.kind == "function":
            info = ClassInfo(
                node.name, node, frame.source, Scope("class", frame.source, frame.scope)
            )
            info.scope.info = info
            self.classes[id(node)] = info
            self.keep.append(node)
        saved = self.place
        self.place = "class"
        try:
            for base in node.bases:
                info.bases.append(self._base(base, frame))
            for keyword in node.keywords:
                if keyword.arg is not None:
                    info.keywords[keyword.arg] = self.eval(keyword.value, frame)
            held = Sequence("tuple", [*info.bases, *info.keywords.values()], self.moment, node)
            self.settle(start, held, "kept", node.name)
            info.per_call = self.moment is Moment.CALL
            if self.muted and frame.scope.kind == "module" and not self.stack:
                frame.scope.vars[node.name] = ClassValue(info)
                return False  # read attribute by attribute, when somebody asks
            self.execute_class(info, node, frame)
        finally:
            self.place = saved
        start = len(self.runs)
        value: Value = ClassValue(info)
        frame.scope.vars[node.name] = value
        self._init_subclass(info, node, frame)
        self.class_effects(info, node, frame)
        for expression in reversed(node.decorator_list):
            saved, self.place = self.place, "decorator"
            try:
                decorator = self.eval(expression, frame)
                self._decorate_class(decorator, info, expression, frame)
            finally:
                self.place = saved
        self.settle(
            start,
            Sequence("tuple", list(info.extra.values()), self.moment, node),
            "dropped",
            node.name,
        )
        self.class_defined(info, frame)
        return False

    def _base(self, node: ast.expr, frame: Frame) -> Value:
        if isinstance(node, ast.Subscript):
            return self.eval(node.value, frame)  # Generic[T]
        if isinstance(node, ast.Name):
            for scope in frame.scope.enclosing():
                value = scope.vars.get(node.id)
                if value is not None:
                    return value  # an import stays unread until somebody asks
        return self.eval(node, frame)

    def execute_class(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        """Execute a class body."""
        inner = Frame(
            info.scope,
            frame.source,
            None,
            info,
            None,
            body_of=info,
            classes=(*frame.classes, info),
        )
        info.scope.vars["__qualname__"] = Const(node.name)
        saved = self.context_of_class(info)
        try:
            self.execute(node.body, inner)
        finally:
            self.context_restore(saved)
        info.complete = True

    def context_of_class(self, info: ClassInfo) -> object:
        """Note for messages that a class body is being executed."""
        return None

    def context_restore(self, saved: object) -> None:
        """Leave the class body again."""

    def class_defined(self, info: ClassInfo, frame: Frame) -> None:
        """A class statement was executed."""

    def _init_subclass(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        for base in self.mro(info)[1:]:
            if isinstance(base, ClassInfo):
                hook = self.own_attribute(base, "__init_subclass__")
                if isinstance(hook, Function):
                    cls = ClassValue(info)
                    start = len(self.runs)
                    self.call_function(hook, [cls], dict(info.keywords), node, frame, cls)
                    if self.watching:
                        for run in self.runs[start:]:
                            run.sink = run.sink or "kept"
                    return

    def _decorate_class(
        self, decorator: Value, info: ClassInfo, expression: ast.expr, frame: Frame
    ) -> None:
        name = decorator.name if isinstance(decorator, External) else ""
        text = dotted_text(expression.func if isinstance(expression, ast.Call) else expression)
        if name == "dataclasses.dataclass" or text.endswith("dataclasses.dataclass"):
            self._dataclass(info, expression, frame)
            return
        if any(isinstance(option, (Function, Partial)) for option in options(decorator)):
            self.call(decorator, [ClassValue(info)], {}, expression, frame)

    def _dataclass(self, info: ClassInfo, expression: ast.expr, frame: Frame) -> None:
        """``@dataclass`` writes ``repr(default)`` into the docstring of a class without one."""
        node = info.node
        if node is None or ast.get_docstring(node) is not None:
            return
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                value = info.scope.vars.get(statement.target.id)
                if isinstance(value, QuerySetValue):
                    before = len(self.runs)
                    self.peek(value, expression, "repr() by @dataclass", frame)
                    for run in self.runs[before:]:
                        run.sink = "dropped"

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
        if name == "django.setup" and self.watching and self.guarded == 0:
            raise ScriptFound
        return super().call_external(name, args, keywords, node, frame)

    def record_query(
        self, queryset: QuerySetValue, node: ast.AST, how: str, frame: Frame, writes: bool = False
    ) -> QueryRun:
        """Note that a query runs now, and where that stands."""
        run = super().record_query(queryset, node, how, frame, writes)
        if self.doubts > 1:
            run.confidence = Confidence.INFERENCE_FAILURE
        run.place = self.place
        run.callees = tuple(name for name, _ in self.placement)
        run.guarded = self.guarded > 0
        run.context = self.context
        return run


def _yields(node: FunctionDef) -> bool:
    stack: list[ast.AST] = list(node.body)
    while stack:
        current = stack.pop()
        if isinstance(current, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        stack.extend(ast.iter_child_nodes(current))
    return False


def _catches_only_misuse(handler: ast.ExceptHandler) -> bool:
    names = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return all(
        isinstance(name, ast.Name) and name.id in ("AttributeError", "TypeError") for name in names
    )


def _breaks(body: list[ast.stmt]) -> bool:
    return any(isinstance(part, ast.Break) for item in body for part in ast.walk(item))


def _only_complains(node: ast.If) -> bool:
    """Whether the branches only raise, warn or print: nothing of the result lasts."""
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
    ast.FunctionDef: Statements._function,  # type: ignore[dict-item]
    ast.AsyncFunctionDef: Statements._function,  # type: ignore[dict-item]
    ast.ClassDef: Statements._class,  # type: ignore[dict-item]
}
if hasattr(ast, "TryStar"):
    _HANDLERS[ast.TryStar] = Statements._try  # type: ignore[assignment]

__all__ = ["ScriptFound", "Statements", "derived"]
