"""The analysis of one file: first its import, then every function, as a request would run it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint.findings import Confidence
from qs_lint.semantics.attributes import keeps, model_in
from qs_lint.semantics.classes import ClassInfo
from qs_lint.semantics.framework import Framework
from qs_lint.semantics.machine import BUDGET, Frame, GaveUp, file_name
from qs_lint.semantics.observations import (
    Context,
    ImportQuery,
    Memo,
    Observation,
    Place,
    StaleArgument,
)
from qs_lint.semantics.scope import ModuleScope, Scope
from qs_lint.semantics.source import Project, Source
from qs_lint.semantics.statements import ScriptFound
from qs_lint.semantics.values import (
    UNKNOWN,
    ClassValue,
    Const,
    Deferred,
    Function,
    Instance,
    ManagerValue,
    Mapping,
    Moment,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    VolatileRead,
    join,
    options,
    taints_of,
    walk,
)

if TYPE_CHECKING:
    from qs_lint.semantics.values import FrozenArgument


class Analysis(Framework):
    """Everything that can be said about one file."""

    def __init__(self, project: Project, main: Source) -> None:
        super().__init__(project, main)
        #: functions of the checked file: (function, what its name is bound to, class)
        self.functions: list[tuple[Function, Value, ClassInfo | None]] = []
        self.own_classes: list[ClassInfo] = []
        self.memos: list[tuple[Function, ast.expr, str, ClassInfo | None]] = []
        self.nested: list[tuple[Function, ClassInfo | None]] = []
        self.returned_shared: set[int] = set()
        self.context = Context(file=file_name(main))

    def run(self) -> list[Observation]:
        """Analyse the file; the observations in no particular order."""
        scope = self.main.scope
        scope.vars["__name__"] = Const(self.main.name)
        frame = Frame(scope, self.main)
        try:
            self.execute(self.main.tree.body, frame)
        except ScriptFound:
            return []
        scope.complete = True
        self._report_import()
        self.moment = Moment.CALL
        for entry in self._entries():
            self._run_entry(*entry)
        self._lazy_objects(frame)
        return self.observed

    # hooks of the import phase

    def defined(self, function: Function, value: Value, frame: Frame) -> None:
        """Remember the functions of the file, for the second phase."""
        if self.muted or function.source is not self.main:
            return
        if self.moment is Moment.IMPORT and not self.stack:
            self.functions.append((function, value, frame.body_of))
        elif self.moment is Moment.CALL and not self.stack:
            for option in options(value):
                if isinstance(option, Function) and option.source is self.main:
                    self.nested.append((option, frame.body_of or None))

    def class_defined(self, info: ClassInfo, frame: Frame) -> None:
        """Remember the classes of the file."""
        if not self.muted and not self.stack and self.moment is Moment.IMPORT:
            self.own_classes.append(info)

    def memoised(
        self, function: Function, expression: ast.expr, label: str, frame: Frame
    ) -> None:
        """Remember the functions whose results are kept."""
        if not self.muted and label and frame.source is self.main:
            self.memos.append((function, expression, label, frame.body_of))

    # the first phase

    def _report_import(self) -> None:
        seen: set[tuple[int, str]] = set()
        suppressed = {"argument"}
        for run in self.runs:
            if run.sink in suppressed:
                continue
            sink = run.sink or "dropped"
            key = (id(run.anchor), "kept" if sink in ("kept", "branch") else "dropped")
            if key in seen:
                continue
            seen.add(key)
            context = run.context if isinstance(run.context, Context) else Context()
            context = replace(
                context,
                target=run.target,
                callee=run.callees[-1] if run.callees else "",
                file=file_name(self.main),
            )
            self.observed.append(
                ImportQuery(
                    run.anchor, run.confidence, context, run.steps,
                    place=Place(run.place), sink=sink, run=run,
                )
            )
        for argument in self.arguments:
            if not argument.consumed and self._is_cause(argument):
                self._report_argument(argument)

    @staticmethod
    def _is_cause(argument: FrozenArgument) -> bool:
        """Whether the stale value is not reported elsewhere already."""
        for taint in argument.taints:
            if isinstance(taint, VolatileRead):
                return True
            if isinstance(taint, QueryRun) and taint.sink == "argument":
                return True
        return False

    def _report_argument(self, argument: FrozenArgument) -> None:
        key = ("argument", id(argument.anchor))
        if key in self.reported:
            return
        self.reported.add(key)
        context = Context(file=file_name(self.main))
        for info in self.own_classes:
            if info.node is not None and _inside(argument.anchor, info.node):
                context = Context(info.name, self.kinds(info), file=context.file)
        self.observed.append(
            StaleArgument(
                argument.anchor, argument.confidence, context, argument.steps,
                argument=argument, when="import",
            )
        )

    # the second phase

    def _entries(self) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """What runs per request: (function, class, receiver or None, anchor or None)."""
        ordered = sorted(
            self.functions, key=lambda entry: entry[0].name != "get_queryset"
        )
        for function, value, info in ordered:
            targets = [option for option in options(value) if isinstance(option, Function)]
            found = False
            for target in targets:
                if target.source is self.main:
                    found = True
                    yield target, info, None, None
                elif target.scope.kind == "function":
                    anchor = _decorator_anchor(function)
                    yield target, info, None, anchor
            if not found or all(target.node is not function.node for target in targets):
                yield function, info, None, None
        yield from self._inherited()
        yield from self._singletons()

    def _inherited(
        self,
    ) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """Methods of base classes that use an attribute which a subclass of this file sets."""
        for info in self.own_classes:
            own = {
                name
                for name, value in info.scope.vars.items()
                if not isinstance(value, (Function, ClassValue)) and self.interesting(value)
            }
            if not own:
                continue
            for base in self.mro(info)[1:]:
                if not isinstance(base, ClassInfo):
                    continue
                for name, statements in base.bindings.items():
                    method = statements[-1]
                    if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        continue
                    used = own & _attributes_of_self(method)
                    if not used or name in info.bindings:
                        continue
                    function = self.own_attribute(base, name)
                    if not isinstance(function, Function):
                        continue
                    anchor = None
                    if base.source is not self.main:
                        anchor = self.binding(info, sorted(used)[0], method)
                    yield function, info, None, anchor

    def _singletons(
        self,
    ) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """Methods of objects that were made at import and live as long as the process."""
        seen: set[int] = set()
        roots: list[Value] = list(self.main.scope.vars.values())
        for info in self.own_classes:
            roots.extend(info.scope.vars.values())
        for root in roots:
            for value in walk(root, 3):
                if not isinstance(value, Instance) or id(value) in seen:
                    continue
                seen.add(id(value))
                if value.source is not self.main or not isinstance(value.cls, ClassValue):
                    continue
                held = {
                    name
                    for (owner, name), item in self.heap.items()
                    if owner == id(value) and self.interesting(item)
                }
                if not held:
                    continue
                for base in self.mro(value.cls.info):
                    if not isinstance(base, ClassInfo):
                        continue
                    for name, statements in base.bindings.items():
                        method = statements[-1]
                        if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                            continue
                        if name == "__init__" or not held & _attributes_of_self(method):
                            continue
                        function = self.own_attribute(base, name)
                        if isinstance(function, Function):
                            anchor = value.node if base.source is not self.main else None
                            yield function, value.cls.info, value, anchor

    def interesting(self, value: Value) -> bool:
        """Whether a value of process lifetime may matter at call time."""
        for part in walk(value, 4):
            if isinstance(part, (QuerySetValue, Deferred)):
                return True
        return any(isinstance(taint, VolatileRead) for taint in taints_of(value))

    def _run_entry(
        self, function: Function, info: ClassInfo | None, receiver: Value | None,
        anchor: ast.AST | None,
    ) -> None:
        heap = dict(self.heap)
        self.budget = BUDGET
        self.nesting = 0
        self.entry_anchor = anchor
        self.entry = function
        self.entry_class = info
        self.context = Context(
            info.name if info is not None else "",
            self.kinds(info) if info is not None else frozenset(),
            function.name,
            file=file_name(self.main),
        )
        self.read_depth.clear()
        try:
            self._enter(function, info, receiver)
        except (GaveUp, RecursionError):
            self.gave_up.append((function.node, "limit"))
            self.stack.clear()
            self.active.clear()
            self.placement.clear()
            self.muted = self.lazy = 0
        finally:
            self.heap = heap
            self.entry_anchor = None
        for nested, owner in self._take_nested():
            self._run_entry(nested, info if owner is None else owner, receiver, anchor)

    def _take_nested(self) -> list[tuple[Function, ClassInfo | None]]:
        taken, self.nested = self.nested, []
        return taken

    def _enter(
        self, function: Function, info: ClassInfo | None, receiver: Value | None
    ) -> None:
        scope = Scope("function", function.source, function.scope)
        me = self._bind_entry(function, info, receiver, scope)
        frame = Frame(scope, function.source, function, function.owner, me)
        self.active.append(function.node)
        try:
            result = self.run_body(function, frame)
        finally:
            self.active.pop()
        for memoised, expression, label, owner in self.memos:
            if memoised.node is function.node:
                self._memoised_result(function, expression, label, owner, result)
        if "cached_property" in function.marks and info is not None:
            self._cached_property(function, info, result)

    def _bind_entry(
        self, function: Function, info: ClassInfo | None, receiver: Value | None, scope: Scope
    ) -> Value | None:
        """Give a function the arguments that nobody knows, but ``self`` and the defaults."""
        spec = function.node.args
        me: Value | None = None
        names = [*spec.posonlyargs, *spec.args]
        is_method = info is not None and function.owner is not None
        for index, parameter in enumerate([*names, *spec.kwonlyargs]):
            default = function.defaults.get(parameter.arg)
            value: Value = UNKNOWN
            if index == 0 and names and is_method and "staticmethod" not in function.marks:
                assert info is not None
                value = me = receiver or self._receiver(function, info)
            elif default is not None:
                value = default if default is UNKNOWN else join([default, UNKNOWN])
                self.note_read(default, parameter.arg)
            scope.vars[parameter.arg] = value
        if spec.vararg is not None:
            scope.vars[spec.vararg.arg] = Sequence(
                "tuple", [], Moment.CALL, function.node, open=True
            )
        if spec.kwarg is not None:
            scope.vars[spec.kwarg.arg] = Mapping({}, Moment.CALL, function.node, open=True)
        return me

    def _receiver(self, function: Function, info: ClassInfo) -> Value:
        cls = ClassValue(info)
        if "classmethod" in function.marks or function.name in (
            "__init_subclass__", "__class_getitem__", "__new__",
        ):
            return cls
        kinds = self.kinds(info)
        if "manager" in kinds:
            return ManagerValue(UNKNOWN, cls, Confidence.HIGH)
        if "queryset" in kinds:
            return QuerySetValue(
                UNKNOWN, cls, Moment.CALL, function.node, function.source, Confidence.HIGH
            )
        instance = Instance(cls, Moment.CALL, function.node, function.source, generic=True)
        self.keep.append(instance)
        return instance

    # what is kept

    def _memoised_result(
        self, function: Function, expression: ast.expr, label: str, owner: ClassInfo | None,
        result: Value,
    ) -> None:
        kept = keeps(result)
        if not kept or self._cleared(function.name):
            return
        parameters = [a.arg for a in [*function.node.args.posonlyargs, *function.node.args.args]]
        if "request" in parameters or "self.request" in parameters:
            return
        confidence = Confidence.HIGH
        plain = not function.marks & {"staticmethod", "classmethod"}
        if owner is not None and plain:
            kinds = self.kinds(owner)
            decorated = {
                getattr(d, "id", "") for d in getattr(function.node, "decorator_list", ())
            }
            if not decorated & {"staticmethod", "classmethod"}:
                if "per-request" in kinds:
                    return
                if not kinds & {"singleton", "model"}:
                    confidence = Confidence.INFERENCE
        self._memo_at(expression, f"@{label}", kept, result, confidence)

    def _cached_property(self, function: Function, info: ClassInfo, result: Value) -> None:
        kept = keeps(result)
        if not kept or "singleton" not in self.kinds(info) or function.owner is not info:
            return
        place: ast.AST = function.node
        for decorator in getattr(function.node, "decorator_list", ()):
            place = decorator
        self._memo_at(place, "@cached_property", kept, result, Confidence.HIGH)

    def _memo_at(
        self, node: ast.AST, by: str, kept: str, result: Value, confidence: Confidence
    ) -> None:
        key = ("memo", id(node))
        if key in self.reported or "test" in self.context.kinds:
            return
        self.reported.add(key)
        lowest = [
            t.confidence for t in taints_of(result) if isinstance(t, QueryRun)
        ] + [p.confidence for p in walk(result) if isinstance(p, (QuerySetValue, Rows))]
        self.observed.append(
            Memo(
                node, min([confidence, *lowest]), self.context, (), by=by, keeps=kept,
                model=model_in(result, self),
            )
        )

    def memo(self, value: Value, node: ast.AST, frame: Frame, by: str) -> None:
        """A value made at call time is kept; class attributes of tests are no memo."""
        if "test" in self.context.kinds or self.is_test_file(frame):
            return
        super().memo(value, node, frame, by)

    def _cleared(self, name: str) -> bool:
        """Whether the file empties the cache of a function itself."""
        return any(
            isinstance(node, ast.Attribute)
            and node.attr in ("cache_clear", "cache_invalidate")
            and isinstance(node.value, (ast.Name, ast.Attribute))
            and (getattr(node.value, "id", None) or getattr(node.value, "attr", None)) == name
            for node in ast.walk(self.main.tree)
        )

    def _lazy_objects(self, frame: Frame) -> None:
        """Objects that run a function on first use and keep the result."""
        holders: list[tuple[str, Value, Context]] = [
            (name, value, Context(file=file_name(self.main)))
            for name, value in self.main.scope.vars.items()
        ]
        for info in self.own_classes:
            context = Context(info.name, self.kinds(info), file=file_name(self.main))
            holders.extend((name, value, context) for name, value in info.scope.vars.items())
        for name, value, context in holders:
            for option in options(value):
                if isinstance(option, Deferred) and option.kind == "lazy":
                    self.budget = BUDGET
                    self.context = replace(context, target=name)
                    statement = self._statement_of(name, context)
                    if statement is None:
                        continue
                    try:
                        made = option.run(statement)
                    except (GaveUp, RecursionError):
                        continue
                    kept = keeps(made)
                    if kept == "rows" or (kept == "queryset" and not context.class_name):
                        self._memo_at(
                            statement, "SimpleLazyObject", kept, made, Confidence.HIGH
                        )

    def _statement_of(self, name: str, context: Context) -> ast.AST | None:
        bindings = self.main.scope.bindings
        for info in self.own_classes:
            if info.name == context.class_name:
                bindings = info.bindings
        for statement in bindings.get(name, ()):
            value = getattr(statement, "value", None)
            if isinstance(value, ast.Call):
                return value
        return None

    def shared_use(
        self, queryset: QuerySetValue, node: ast.AST, how: str, frame: Frame,
        manner: str = "in-place", confidence: Confidence = Confidence.HIGH,
        kind: str = "", anchor: ast.AST | None = None,
    ) -> None:
        """Report a shared queryset once where it is returned, not again where it arrives."""
        read = self.read_depth.get(id(queryset), 0)
        if read and id(queryset) in self.returned_shared:
            return
        before = len(self.observed)
        super().shared_use(queryset, node, how, frame, manner, confidence, kind, anchor)
        if manner == "returned" and len(self.observed) > before:
            self.returned_shared.add(id(queryset))


def _inside(node: ast.AST, outer: ast.AST) -> bool:
    line = getattr(node, "lineno", 0)
    return bool(outer.lineno <= line <= (outer.end_lineno or 0))  # type: ignore[attr-defined]


def _decorator_anchor(function: Function) -> ast.AST:
    decorators = getattr(function.node, "decorator_list", ())
    return decorators[0] if decorators else function.node


def _attributes_of_self(method: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    arguments = method.args.posonlyargs + method.args.args
    if not arguments:
        return set()
    me = arguments[0].arg
    return {
        node.attr
        for node in ast.walk(method)
        if isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id == me
    }


def analyse(project: Project, path: str, text: bytes | str | None = None) -> Analysis | None:
    """Analyse one file of a project.

    ``text`` is what to read in place of the file on disk.  Returns the finished analysis, or
    ``None`` if the file is no Python that this interpreter can parse.
    """
    source = project.open(path) if text is None else project.parse_only(path, text)
    if source is None:
        return None
    # a copy with names of its own: what other files make of this one must not depend on
    # whether it was checked before them
    main = Source(source.path, source.tree, project)
    main.scope = ModuleScope(main)
    machine = Analysis(project, main)
    machine.run()
    return machine
