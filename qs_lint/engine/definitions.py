"""Function and class statements: defaults, decorators, bodies."""

from __future__ import annotations

import ast
from dataclasses import replace

from qs_lint.domain import Fate, Moment, Place, uses
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, Frame, dotted_text
from qs_lint.engine.nodes import children_of, per_node
from qs_lint.engine.scope import Scope
from qs_lint.values import (
    ClassValue,
    Const,
    External,
    Function,
    Instance,
    Operation,
    Partial,
    QuerySetValue,
    Sequence,
    Value,
    join,
    options,
)

#: decorators that replace the function by something that runs it later, or not at all
FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef
#: Decorators that a property itself has.
_ACCESSORS = frozenset({"setter", "deleter", "getter"})
#: What a decorator's behaviour makes of a function.
_MARKS: dict[str | None, str] = {
    "classmethod": "classmethod",
    "context-manager": "contextmanager",
    "staticmethod": "staticmethod",
}


class Definitions(Component):
    """The effect of ``def`` and ``class``."""

    def function(self, node: FunctionDef, frame: Frame) -> bool:
        """``def``: decorators, defaults, and the name bound."""
        start = len(self.ctx.runs)
        saved, self.ctx.fates.place = self.ctx.fates.place, Place.DEFAULT
        try:
            defaults = self.ctx.expressions.default_values(node.args, frame)
        finally:
            self.ctx.fates.place = saved
        marks = {"generator"} if frame.source.may_yield(node) and _yields(node) else set()
        function = Function(
            node,
            frame.source,
            frame.scope,
            frame.body_of,
            defaults,
            frozenset(marks),
            born=self.ctx.moment,
        )
        if not self.ctx.fates.watching or start != len(self.ctx.runs):
            self.ctx.fates.settle(
                start,
                Sequence("tuple", list(defaults.values()), self.ctx.moment, node),
                Fate.KEPT,
                node.name,
            )
        self.ctx.annotations.of_function(node, frame)
        value = self._decorated(function, node, frame)
        frame.scope.vars[node.name] = value
        self.ctx.analysis.defined(function, value, frame)
        return False

    def make_lambda(self, node: ast.Lambda, frame: Frame) -> Value:
        """A lambda: its defaults are evaluated now, its body when it is called."""
        saved = self.ctx.fates.place
        if node.args.defaults or node.args.kw_defaults:
            self.ctx.fates.place = Place.DEFAULT
        try:
            function = self.ctx.expressions.make_lambda(node, frame)
        finally:
            self.ctx.fates.place = saved
        assert isinstance(function, Function)
        self.ctx.analysis.defined(function, function, frame)
        return function

    def _decorated(self, function: Function, node: FunctionDef, frame: Frame) -> Value:
        value: Value = function
        for expression in reversed(node.decorator_list):
            start = len(self.ctx.runs)
            saved, self.ctx.fates.place = self.ctx.fates.place, Place.DECORATOR
            try:
                decorator = self.ctx.expressions.eval(expression, frame)
                value = self._decorate(decorator, value, expression, frame)
            finally:
                self.ctx.fates.place = saved
            self.ctx.fates.settle(start, value, Fate.KEPT, node.name)
        return value

    def _decorate(
        self, decorator: Value, value: Value, expression: ast.expr, frame: Frame
    ) -> Value:
        if isinstance(value, Function):
            marked = self._marked(decorator, value, expression, frame)
            if marked is not None:
                return marked
        called = (Function, ClassValue, Partial)
        if not any(isinstance(option, called) for option in options(decorator)):
            return value
        if isinstance(decorator, ClassValue) and isinstance(value, Function):
            if self._is_descriptor(decorator):
                return replace(value, marks=value.marks | {"property"})
        made = self.ctx.calls.call(decorator, [value], {}, expression, frame)
        usable = [
            option
            for option in options(made)
            if isinstance(option, (Function, ClassValue, Instance, Partial))
        ]
        return join(usable) if usable else value

    def _marked(
        self, decorator: Value, value: Function, expression: ast.expr, frame: Frame
    ) -> Value | None:
        """What a decorator makes of a function that it says something about."""
        facts = self.ctx.facts
        name = decorator.name if isinstance(decorator, External) else ""
        mark = self._answers(expression, frame) or facts.properties.get(name)
        if mark is not None:
            return replace(value, marks=value.marks | {mark})
        behaviour = facts.behaviour.get(name)
        if behaviour in _MARKS:
            return replace(value, marks=value.marks | {_MARKS[behaviour]})
        label = facts.memoisers.get(name.removesuffix("()"))
        if label is not None:
            self.ctx.memos.memoised(value, expression, label, frame)
            return replace(value, marks=value.marks | {f"memo:{label}"})
        if isinstance(expression, ast.Attribute) and expression.attr in _ACCESSORS:
            return self._accessor(expression, value, frame)
        mark = _mark_by_name(expression, isinstance(decorator, External))
        return None if mark is None else replace(value, marks=value.marks | {mark})

    def _answers(self, expression: ast.expr, frame: Frame) -> str | None:
        """Whether a decorator makes a function answer requests, or pages what it returns."""
        function = expression.func if isinstance(expression, ast.Call) else expression
        facts = self.ctx.facts
        if dotted_text(function).rpartition(".")[2] not in facts.answering:
            return None
        known = self.ctx.expressions.eval(function, frame)
        if isinstance(known, External):
            does = facts.behaviour.get(known.name)
            return does if does in ("answers", "pages") else None
        if isinstance(known, Operation) and isinstance(known.receiver, Instance):
            row = facts.method(self.ctx.orm.owners(known.receiver.cls), known.name)
            return "answers" if row is not None and row.does == "answers" else None
        return None

    def _accessor(self, expression: ast.Attribute, value: Function, frame: Frame) -> Value:
        """``@name.setter`` and the like: the property as it was, with one function more."""
        known = self.ctx.expressions.eval(expression.value, frame)
        if not isinstance(known, Function) or "property" not in known.marks:
            return value
        if expression.attr == "setter":
            return replace(known, setter=value)
        if expression.attr == "getter":
            return replace(value, marks=value.marks | {"property"}, setter=known.setter)
        return known

    def _is_descriptor(self, cls: ClassValue) -> bool:
        return self.ctx.hierarchy.attribute_of_class(cls.info, "__get__") is not None or any(
            isinstance(base, External) and base.name in self.ctx.facts.properties
            for base in self.ctx.hierarchy.mro(cls.info)
        )

    def class_statement(self, node: ast.ClassDef, frame: Frame) -> bool:
        """``class``: bases, body, decorators, and the name bound."""
        around = self.ctx.body
        if frame.source is self.ctx.main and self.ctx.moment is Moment.IMPORT:
            # a class that a function makes: what stands in it is edited there
            self.ctx.body = len(self.ctx.stack)
        try:
            return self._class(node, frame)
        finally:
            self.ctx.body = around

    def _class(self, node: ast.ClassDef, frame: Frame) -> bool:
        start = len(self.ctx.runs)
        info = ClassInfo(node.name, node, frame.source, Scope("class", frame.source, frame.scope))
        info.scope.info = info
        self.ctx.classes.append(info)
        saved = self.ctx.fates.place
        self.ctx.fates.place = Place.CLASS
        try:
            for base in node.bases:
                info.bases.append(self._base(base, frame))
            for keyword in node.keywords:
                if keyword.arg is not None:
                    info.keywords[keyword.arg] = self.ctx.expressions.eval(keyword.value, frame)
            held = Sequence("tuple", [*info.bases, *info.keywords.values()], self.ctx.moment, node)
            self.ctx.fates.settle(start, held, Fate.KEPT, node.name)
            info.per_call = self.ctx.moment is Moment.CALL
            if self.ctx.muted and frame.scope.kind == "module" and not self.ctx.stack:
                frame.scope.vars[node.name] = ClassValue(info)
                return False  # read attribute by attribute, when somebody asks
            self.execute_class(info, node, frame)
        finally:
            self.ctx.fates.place = saved
        start = len(self.ctx.runs)
        value: Value = ClassValue(info)
        frame.scope.vars[node.name] = value
        self.ctx.making.made(info, node, frame)
        self.ctx.annotations.of_class(info, frame)
        self.ctx.framework.class_effects(info, node, frame)
        self.ctx.forms.class_made(info, node, frame)
        for expression in reversed(node.decorator_list):
            saved, self.ctx.fates.place = self.ctx.fates.place, Place.DECORATOR
            try:
                decorator = self.ctx.expressions.eval(expression, frame)
                self._decorate_class(decorator, info, expression, frame)
            finally:
                self.ctx.fates.place = saved
        self.ctx.fates.settle(
            start,
            Sequence("tuple", list(info.extra.values()), self.ctx.moment, node),
            Fate.DROPPED,
            node.name,
        )
        self.ctx.analysis.class_defined(info, frame)
        return False

    def _base(self, node: ast.expr, frame: Frame) -> Value:
        if isinstance(node, ast.Subscript):
            return self.ctx.expressions.eval(node.value, frame)  # Generic[T]
        if isinstance(node, ast.Name):
            for scope in frame.scope.enclosing():
                value = scope.vars.get(node.id)
                if value is not None:
                    return value  # an import stays unread until somebody asks
        return self.ctx.expressions.eval(node, frame)

    def execute_class(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        """Execute a class body."""
        inner = Frame(
            info.scope,
            frame.source,
            None,
            info,
            None,
            body_of=info,
        )
        info.scope.vars["__qualname__"] = Const(node.name)
        saved = self.ctx.framework.context_of_class(info)
        try:
            self.ctx.statements.execute(node.body, inner)
        finally:
            self.ctx.framework.context_restore(saved)
        info.complete = True

    def _decorate_class(
        self, decorator: Value, info: ClassInfo, expression: ast.expr, frame: Frame
    ) -> None:
        name = decorator.name if isinstance(decorator, External) else ""
        dotted = dotted_text(expression.func if isinstance(expression, ast.Call) else expression)
        if name == "dataclasses.dataclass" or dotted.endswith("dataclasses.dataclass"):
            self._dataclass(info, expression, frame)
            return
        if any(isinstance(option, (Function, Partial)) for option in options(decorator)):
            self.ctx.calls.call(decorator, [ClassValue(info)], {}, expression, frame)

    def _dataclass(self, info: ClassInfo, expression: ast.expr, frame: Frame) -> None:
        """``@dataclass`` writes ``repr(default)`` into the docstring of a class without one."""
        node = info.node
        if node is None or ast.get_docstring(node) is not None:
            return
        for statement in node.body:
            if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                value = info.scope.vars.get(statement.target.id)
                if isinstance(value, QuerySetValue):
                    before = len(self.ctx.runs)
                    self.ctx.orm.peek(value, expression, uses.DATACLASS_REPR, frame)
                    for run in self.ctx.runs[before:]:
                        run.sink = Fate.DROPPED


@per_node
def _yields(node: FunctionDef) -> bool:
    stack: list[ast.AST] = list(node.body)
    for current in stack:
        if isinstance(current, (ast.Yield, ast.YieldFrom)):
            return True
        if isinstance(current, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            continue
        stack.extend(children_of(current))
    return False


def _mark_by_name(decorator: ast.expr, external: bool) -> str | None:
    """What the name of a decorator says that is not read (``external``), or is an object's."""
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    last = dotted_text(function).rpartition(".")[2].lower()
    if external and "classproperty" in last.replace("_", ""):
        return "classproperty"
    if external and last.endswith("property"):
        return "property"
    return "tag" if last in ("simple_tag", "inclusion_tag") else None
