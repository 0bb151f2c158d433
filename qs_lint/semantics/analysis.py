"""The analysis of one file: first its import, then every function, as a request would run it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint.django_facts.bases import BEFORE, BEFORE_IN_ORDER
from qs_lint.findings import Confidence
from qs_lint.semantics.attributes import keeps, model_in
from qs_lint.semantics.calls import MAYBE
from qs_lint.semantics.classes import ClassInfo, self_assignments
from qs_lint.semantics.framework import Framework
from qs_lint.semantics.machine import BUDGET, CALL_BUDGET, Frame, GaveUp, file_name
from qs_lint.semantics.observations import (
    Context,
    ImportQuery,
    Memo,
    Observation,
    Place,
    StaleArgument,
)
from qs_lint.semantics.relevance import Mentions, mentions
from qs_lint.semantics.scope import ModuleScope, Scope
from qs_lint.semantics.source import Project, Source
from qs_lint.semantics.statements import ScriptFound
from qs_lint.semantics.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Deferred,
    Function,
    Imported,
    Instance,
    ManagerValue,
    Mapping,
    ModuleValue,
    Moment,
    Partial,
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

#: positional and keyword values that somebody gives to every call of a function
Given = tuple[tuple[Value, ...], dict[str, Value]]


class Analysis(Framework):
    """Everything that can be said about one file."""

    def __init__(self, project: Project, main: Source) -> None:
        super().__init__(project, main)
        #: functions of the checked file: (function, what its name is bound to, class)
        self.functions: list[tuple[Function, Value, ClassInfo | None]] = []
        self.own_classes: list[ClassInfo] = []
        self.memos: list[tuple[Function, ast.expr, str, ClassInfo | None]] = []
        #: functions made by calls at import: decorators, factories of views
        self.closures: list[tuple[Function, ClassInfo | None]] = []
        self.nested: list[tuple[Function, ClassInfo | None]] = []
        self.returned_shared: set[int] = set()
        #: functions that may keep what they compute: everything they call is followed
        self.wide: set[int] = set()
        self._mentions: dict[int, Mentions] = {}
        self._hands_out: dict[int, bool] = {}
        self._class_shared: dict[int, set[str]] = {}
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
        self.settle_heap()
        self._report_import()
        if self.is_test_module():
            return self.observed  # its process ends with the tests
        self.moment = Moment.CALL
        for entry in self._entries():
            self._run_entry(*entry)
        self._later_calls()
        self._lazy_objects(frame)
        return self.observed

    def is_test_module(self) -> bool:
        """Whether the file holds tests: test functions, or classes of a test framework."""
        return any(
            function.name.startswith("test_") and (info is None or info.name.startswith("Test"))
            for function, _, info in self.functions
        ) or any("test" in self.kinds(info) for info in self.own_classes)

    # hooks of the import phase

    def defined(self, function: Function, value: Value, frame: Frame) -> None:
        """Remember the functions of the file, for the second phase."""
        if self.muted or function.source is not self.main:
            return
        if self.moment is Moment.IMPORT and not self.stack and frame.scope.kind != "function":
            self.functions.append((function, value, frame.body_of))
        elif self.moment is Moment.IMPORT and frame.scope.kind == "function":
            self.closures.append((function, frame.body_of))
        elif self.moment is Moment.CALL and not self.stack:
            for option in options(value):
                if isinstance(option, Function) and option.source is self.main:
                    self.nested.append((option, frame.body_of or None))

    def class_defined(self, info: ClassInfo, frame: Frame) -> None:
        """Remember the classes of the file."""
        if not self.muted and not self.stack and self.moment is Moment.IMPORT:
            self.own_classes.append(info)

    def memoised(self, function: Function, expression: ast.expr, label: str, frame: Frame) -> None:
        """Remember the functions whose results are kept."""
        if not self.muted and label and frame.source is self.main:
            self.memos.append((function, expression, label, frame.body_of))

    # the first phase

    def _report_import(self) -> None:
        order = {"kept": 0, "branch": 1, "dropped": 2, "fresh": 2, "": 2}
        best: dict[int, QueryRun] = {}
        for run in self.runs:
            if run.sink == "argument":
                continue
            known = best.get(id(run.anchor))
            rank = (order[run.sink], -run.confidence)
            if known is None or rank < (order[known.sink], -known.confidence):
                best[id(run.anchor)] = run
        for run in best.values():
            sink = run.sink or "dropped"
            context = run.context if isinstance(run.context, Context) else Context()
            context = replace(
                context,
                target=run.target,
                callee=run.callees[-1] if run.callees else "",
                file=file_name(self.main),
            )
            self.observed.append(
                ImportQuery(
                    run.anchor,
                    run.confidence,
                    context,
                    run.steps,
                    place=Place(run.place),
                    sink=sink,
                    run=run,
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
                argument.anchor,
                argument.confidence,
                context,
                argument.steps,
                argument=argument,
                when="import",
            )
        )

    # the second phase

    def _entries(self) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """What runs per request: (function, class, receiver or None, anchor or None)."""
        chosen = self._relevant()
        ordered = sorted(self.functions, key=lambda entry: entry[0].name != "get_queryset")
        for function, value, info in ordered:
            targets = [option for option in options(value) if isinstance(option, Function)]
            if id(function.node) not in chosen and all(
                target.node is function.node for target in targets
            ):
                continue
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
        done = {
            id(option)
            for _, value, _ in self.functions
            for option in options(value)
            if isinstance(option, Function)
        }
        for closure, info in self.closures:
            if id(closure) not in done and (
                self._captures(closure) or self.mentioned(closure).has_global
            ):
                yield closure, info, None, None
        yield from self._inherited()
        yield from self._singletons()

    def _captures(self, function: Function) -> bool:
        """Whether a closure holds something of process lifetime that it uses."""
        known = self.mentioned(function)
        scope: Scope | None = function.scope
        while scope is not None and scope.kind == "function":
            for name in known.names & scope.vars.keys():
                if self.interesting(scope.vars[name]):
                    return True
            scope = scope.parent
        return any(self.interesting(default) for default in function.defaults.values())

    def _relevant(self) -> set[int]:
        """The functions that may do something with a value of process lifetime."""
        seen = {id(function.node): self.mentioned(function) for function, _, _ in self.functions}
        everything = (
            frozenset().union(*(m.names | m.attributes for m in seen.values()))
            if seen
            else frozenset()
        )
        shared = self._shared_names(everything)
        containers = {
            name
            for name, value in self.main.scope.vars.items()
            if isinstance(value, (Mapping, Sequence, Instance, ClassValue, Function))
            or isinstance(value, (Imported, ModuleValue))
        }
        chosen: set[int] = set()
        for function, value, info in self.functions:
            known = seen[id(function.node)]
            own = self._shared_attributes_of(info) if info is not None else set()
            keeps_rows = (
                known.has_global
                or _is_middleware(function)
                or any(mark.startswith("memo:") for mark in _marks(value))
                or self._stores(known, function, info, containers)
                or (
                    "cached_property" in _marks(value)
                    and info is not None
                    and "singleton" in self.kinds(info)
                )
            )
            if keeps_rows:
                self.wide.add(id(function.node))
            if (
                keeps_rows
                or known.names & shared
                or known.attributes & own
                or any(self.interesting(default) for default in function.defaults.values())
                or self._uses_class_attribute(known)
            ):
                chosen.add(id(function.node))
        # whoever calls a function that hands out something shared matters, too
        names = {
            function.name
            for function, _, _ in self.functions
            if id(function.node) in chosen and seen[id(function.node)].returns
        }
        for function, _, _ in self.functions:
            known = seen[id(function.node)]
            if (known.names | known.attributes) & names:
                chosen.add(id(function.node))
        return chosen

    def _shared_names(self, mentioned: frozenset[str]) -> set[str]:
        """Module-level names that hold a queryset, a clock or something that may."""
        found: set[str] = set()
        for name in list(self.main.scope.vars):
            if name not in mentioned:
                continue
            value: Value | None = self.main.scope.vars[name]
            if isinstance(value, Imported):
                if not self._is_plain_binding(value):
                    continue
                value = self.scope_value(self.main.scope, name)
            if value is not None and self.interesting(value):
                found.add(name)
        return found

    @staticmethod
    def _is_plain_binding(value: Imported) -> bool:
        """Whether an imported name is bound by something else than ``def`` and ``class``."""
        statements = value.source.scope.bindings.get(value.name, ())
        if not statements:
            return bool(value.source.scope.stars)
        return not all(
            isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
            for statement in statements
        )

    def _stores(
        self, known: Mentions, function: Function, info: ClassInfo | None, containers: set[str]
    ) -> bool:
        if known.stored & containers:
            return True
        if any(
            name in known.stored and isinstance(default, (Mapping, Sequence))
            for name, default in function.defaults.items()
        ):
            return True
        arguments = [*function.node.args.posonlyargs, *function.node.args.args]
        me = arguments[0].arg if arguments and info is not None else ""
        if not me or me not in known.stored:
            return "type" in known.stored
        if "classmethod" in function.marks or me in ("cls", "klass"):
            return True
        assert info is not None
        kinds = self.kinds(info)
        if kinds & {"singleton", "lazy-object"} or "__class__" in known.attributes:
            return True
        own = {
            name
            for name, value in info.scope.vars.items()
            if isinstance(value, (Mapping, Sequence))
        }
        return bool(own & known.own)

    def mentioned(self, function: Function) -> Mentions:
        """What a function mentions, computed once."""
        key = id(function.node)
        if key not in self._mentions:
            self.keep.append(function.node)
            self._mentions[key] = mentions(function.node)
        return self._mentions[key]

    def worth_following(
        self, function: Function, args: list[Value], keywords: dict[str, Value]
    ) -> bool:
        """Whether a call made by a request may do something that matters here."""
        if (
            self.entry is None
            or id(self.entry.node) in self.wide
            or self.entry.scope.kind == "function"
        ):
            return True
        if function.scope.kind == "function" or isinstance(function.node, ast.Lambda):
            return True
        for value in (*args, *keywords.values()):
            if self.interesting(value):
                return True
        key = id(function.node)
        if key not in self._hands_out:
            self._hands_out[key] = False  # recursion ends here
            self._hands_out[key] = self._may_hand_out(function)
        if self._hands_out[key]:
            return True
        info = self.entry_class
        return (
            info is not None
            and function.owner is not None
            and bool(self._shared_attributes_of(info) & self.mentioned(function).attributes)
        )

    def _may_hand_out(self, function: Function) -> bool:
        """Whether a function mentions something shared of the module that it is in."""
        known = self.mentioned(function)
        if not known.returns:
            return False
        scope = function.source.scope if function.source is not self.main else self.main.scope
        for name in known.names:
            statements = scope.bindings.get(name, ())
            if not statements or all(
                isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import))
                for s in statements
            ):
                continue
            if isinstance(statements[-1], ast.ImportFrom):
                value = scope.vars.get(name)
                if isinstance(value, Imported) and not self._is_plain_binding(value):
                    continue
            found = self.scope_value(scope, name)
            if found is not None and self.interesting(found):
                return True
        return any(self.interesting(default) for default in function.defaults.values())

    def _shared_attributes_of(self, info: ClassInfo) -> set[str]:
        if id(info) not in self._class_shared:
            found: set[str] = set()
            for base in self.mro(info):
                if not isinstance(base, ClassInfo):
                    continue
                for name, statements in base.bindings.items():
                    if name in found or not _computed(statements):
                        continue
                    value = self.own_attribute(base, name)
                    if value is not None and self.interesting(value):
                        found.add(name)
                found.update(n for n, v in base.extra.items() if self.interesting(v))
                if "singleton" in self.kinds(info):
                    found.update(
                        name
                        for name, places in base.rebinds.items()
                        if any(method.name in BEFORE for method, _, _ in places)
                    )
            if found:
                found.add("get_queryset")
            self._class_shared[id(info)] = found
        return self._class_shared[id(info)]

    def _uses_class_attribute(self, known: Mentions) -> bool:
        """``SomeView.queryset``: a class attribute, read through the name of the class."""
        for name, attribute in known.pairs:
            if attribute in ("objects", "DoesNotExist", "as_view"):
                continue
            value = self.main.scope.vars.get(name)
            if (
                not name[:1].isupper()
                and not isinstance(value, (Function, ModuleValue))
                and not (isinstance(value, Imported) and _is_submodule(value))
            ):
                continue
            if isinstance(value, Imported):
                value = self.scope_value(self.main.scope, name)
            if isinstance(value, ModuleValue):
                statements = value.source.scope.bindings.get(attribute, ())
                if not statements or all(
                    isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                    for s in statements
                ):
                    continue
                member = self.member(value.source, attribute, submodules=False)
                if member is not None and self.interesting(member):
                    return True
                continue
            if isinstance(value, Function):
                held = self.stored(value.node, attribute)
                if held is not None and self.interesting(held):
                    return True
            if not isinstance(value, ClassValue):
                continue
            for base in self.mro(value.info):
                if isinstance(base, ClassInfo) and attribute in base.bindings:
                    found = self.own_attribute(base, attribute)
                    if found is not None and self.interesting(found):
                        return True
                    break
        return False

    def _inherited(
        self,
    ) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """Methods of base classes that use an attribute which a subclass of this file sets."""
        for info in self.own_classes:
            shared = self._shared_attributes_of(info) - {"get_queryset"}
            own = {name for name in shared if name in info.bindings}
            if not shared:
                continue
            for base in self.mro(info)[1:]:
                if not isinstance(base, ClassInfo):
                    continue
                # a mixin's method means something else in a class of another kind
                known = shared if self.kinds(base) != self.kinds(info) else own
                for name, statements in base.bindings.items():
                    method = statements[-1]
                    if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        continue
                    used = known & _attributes_of_self(method)
                    if not used or self.owner_of(info, name) is not base:
                        continue
                    function = self.own_attribute(base, name)
                    if not isinstance(function, Function):
                        continue
                    anchor = None
                    if base.source is not self.main:
                        first = sorted(used & own) or sorted(used)
                        assert info.node is not None
                        anchor = self.binding(
                            info, first[0], info.node.bases[0] if info.node.bases else info.node
                        )
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
                if self.kinds(value.cls) & {"form-field", "widget", "serializer-field", "filter"}:
                    continue  # copied for every request, like the fields of a form
                held = {
                    name for name, item in self.stored_all(value).items() if self.interesting(item)
                }
                for base in self.mro(value.cls.info):
                    if not isinstance(base, ClassInfo):
                        continue
                    for name, statements in base.bindings.items():
                        method = statements[-1]
                        if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                            continue
                        if name == "__init__":
                            continue
                        function = self.own_attribute(base, name)
                        if isinstance(function, Function) and (
                            held & _attributes_of_self(method)
                            or "cached_property" in function.marks
                            or self._remembers(method)
                        ):
                            if base.source is self.main:
                                self.wide.add(id(method))
                            anchor = value.node if base.source is not self.main else None
                            yield function, value.cls.info, value, anchor

    @staticmethod
    def _remembers(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        """Whether a method sets attributes of its object."""
        return any(True for _ in self_assignments(method))

    def interesting(self, value: Value) -> bool:
        """Whether a value of process lifetime may matter at call time."""
        for part in walk(value, 4):
            if isinstance(part, (QuerySetValue, Deferred)):
                return True
        return any(isinstance(taint, VolatileRead) for taint in taints_of(value))

    def _run_entry(
        self,
        function: Function,
        info: ClassInfo | None,
        receiver: Value | None,
        anchor: ast.AST | None,
        given: Given | None = None,
        handed: str = "",
    ) -> None:
        self.heap = {}
        self.budget = CALL_BUDGET
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
        self.surfaced.clear()
        try:
            self._enter(function, info, receiver, given, handed)
        except (GaveUp, RecursionError):
            self.gave_up.append((function.node, "limit"))
            self.stack.clear()
            self.active.clear()
            self.placement.clear()
            self.muted = self.lazy = self.doubts = 0
            self.moment = Moment.CALL
        finally:
            self.heap = {}
            self.entry_anchor = None
        for nested, owner in self._take_nested():
            self._run_entry(nested, info if owner is None else owner, receiver, anchor)

    def _take_nested(self) -> list[tuple[Function, ClassInfo | None]]:
        taken, self.nested = self.nested, []
        return taken

    def _enter(
        self,
        function: Function,
        info: ClassInfo | None,
        receiver: Value | None,
        given: Given | None = None,
        handed: str = "",
    ) -> None:
        scope = Scope("function", function.source, function.scope)
        me = self._bind_entry(function, info, receiver, scope)
        if given is not None:
            self._give(function, given, scope, me)
        frame = Frame(scope, function.source, function, function.owner, me)
        if isinstance(me, Instance) and me.generic and info is not None:
            self._prepare(function, info, me, frame)
        self.active.append(function.node)
        try:
            result = self.run_body(function, frame)
        finally:
            self.active.pop()
        if handed:
            shown = getattr(function.node, "body", function.node)
            node = shown if isinstance(shown, ast.AST) else function.node
            self.hand_over([result], node, handed, frame, manner="returned")
        self._middleware_function(function, scope)
        for memoised, expression, label, owner in self.memos:
            if memoised.node is function.node:
                self._memoised_result(function, expression, label, owner, result)
        if "cached_property" in function.marks and info is not None:
            self._cached_property(function, info, result, receiver)

    def _give(self, function: Function, given: Given, scope: Scope, me: Value | None) -> None:
        """Values of process lifetime that path() or as_view() gives to every call."""
        positional, keywords = given
        if isinstance(me, Instance):
            for name, value in keywords.items():
                self.note_read(value, f"self.{name}")
                self.put(me, name, value)
            return
        names = [a.arg for a in [*function.node.args.posonlyargs, *function.node.args.args]]
        for name, value in [*zip(names, positional, strict=False), *keywords.items()]:
            self.note_read(value, name)
            scope.vars[name] = value

    def _later_calls(self) -> None:
        """What framework objects of process lifetime call per request."""
        for value, node, how in self.callbacks:
            for option in options(value):
                function = option.function if isinstance(option, (Bound, Partial)) else option
                if not isinstance(function, Function):
                    continue
                anchor = node if function.source is not self.main else None
                self._run_entry(function, None, None, anchor, handed=how)
        for function, positional, keywords, node in self.routed:
            anchor = node if function.source is not self.main else None
            self._run_entry(function, None, None, anchor, (positional, keywords))
        for info, keywords, node in self.configured:
            used = {name for name, value in keywords.items() if self.interesting(value)}
            for base in self.mro(info) if used else ():
                if not isinstance(base, ClassInfo):
                    continue
                for name, statements in base.bindings.items():
                    method = statements[-1]
                    if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        continue
                    found = self.own_attribute(base, name)
                    if isinstance(found, Function) and used & _attributes_of_self(method):
                        anchor = node if base.source is not self.main else None
                        kept = {key: keywords[key] for key in used}
                        self._run_entry(found, info, None, anchor, ((), kept))

    def _middleware_function(self, function: Function, scope: Scope) -> None:
        """``def middleware(get_response)`` runs once: what its inner function keeps, it keeps."""
        if not _is_middleware(function):
            return
        inner = [value for value in scope.vars.values() if isinstance(value, Function)]
        for name, value in scope.vars.items():
            if keeps(value) != "rows":
                continue
            if any(name in self.mentioned(closure).names for closure in inner):
                for part in ast.walk(function.node):
                    if isinstance(part, ast.Assign) and any(
                        isinstance(t, ast.Name) and t.id == name for t in part.targets
                    ):
                        self._memo_at(
                            part,
                            f"the middleware's variable {name}",
                            "rows",
                            value,
                            Confidence.HIGH,
                        )

    def _prepare(self, function: Function, info: ClassInfo, me: Instance, frame: Frame) -> None:
        """Run what runs before: ``__init__``, ``setup`` ... may set attributes of the object."""
        wanted = self.mentioned(function).attributes
        if function.name in BEFORE:
            return
        for name in BEFORE_IN_ORDER:
            methods = [
                base
                for base in self.mro(info)
                if isinstance(base, ClassInfo) and name in base.bindings
            ]
            if not any(
                method.name == name and attribute in wanted
                for base in methods
                for attribute, places in base.rebinds.items()
                for method, _, _ in places
            ):
                continue
            found = self.attribute_of_class(info, name)
            if isinstance(found, Function):
                self.muted += 1
                if "singleton" in self.kinds(info):
                    self.moment = Moment.IMPORT  # made once, before the first request
                try:
                    self.call_function(found, [me], {MAYBE: UNKNOWN}, function.node, frame, me)
                finally:
                    self.muted -= 1
                    self.moment = Moment.CALL

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
            "__init_subclass__",
            "__class_getitem__",
            "__new__",
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
        self,
        function: Function,
        expression: ast.expr,
        label: str,
        owner: ClassInfo | None,
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
            decorated = {getattr(d, "id", "") for d in getattr(function.node, "decorator_list", ())}
            if not decorated & {"staticmethod", "classmethod"}:
                if kinds & {"per-request", "queryset"}:
                    return
                if not kinds & {"singleton", "model"}:
                    confidence = Confidence.INFERENCE
        self._memo_at(expression, f"@{label}", kept, result, confidence)

    def _cached_property(
        self, function: Function, info: ClassInfo, result: Value, receiver: Value | None
    ) -> None:
        kept = keeps(result)
        if not kept or function.source is not self.main:
            return
        if receiver is None and ("singleton" not in self.kinds(info) or function.owner is not info):
            return
        place: ast.AST = function.node
        for decorator in getattr(function.node, "decorator_list", ()):
            place = decorator
        self._memo_at(place, "@cached_property", kept, result, Confidence.HIGH)

    def _memo_at(
        self, node: ast.AST, by: str, kept: str, result: Value, confidence: Confidence
    ) -> None:
        key = ("memo", id(node))
        if key in self.reported:
            return
        self.reported.add(key)
        lowest = [t.confidence for t in taints_of(result) if isinstance(t, QueryRun)] + [
            p.confidence for p in walk(result) if isinstance(p, (QuerySetValue, Rows))
        ]
        self.observed.append(
            Memo(
                node,
                min([confidence, *lowest]),
                self.context,
                (),
                by=by,
                keeps=kept,
                model=model_in(result, self),
            )
        )

    def memo(self, value: Value, node: ast.AST, frame: Frame, by: str) -> None:
        """A value made at call time is kept; class attributes of tests are no memo."""
        if not self._is_guarded(node, by):
            return
        entry = self.entry
        if entry is not None and entry.scope.kind == "function" and not self.stack:
            for function, target, _ in self.functions:
                if any(option is entry for option in options(target)):
                    self.entry_anchor = _decorator_anchor(function)
        super().memo(value, node, frame, by)

    def _is_guarded(self, node: ast.AST, by: str) -> bool:
        """Whether the holder is read where it is filled: a memo, and no explicit refresh."""
        if self.entry is None or self.stack:
            return True
        if by.startswith("a Paginator"):
            return True
        if by.startswith("self.") and self.entry.name in ("__init__", "ready", "_setup"):
            return True
        body = ast.walk(self.entry.node)
        reads: set[str] = set()
        for part in body:
            if isinstance(part, (ast.Name, ast.Attribute)) and isinstance(part.ctx, ast.Load):
                reads.add(ast.unparse(part))
            if isinstance(part, ast.Call) and isinstance(part.func, ast.Attribute):
                if part.func.attr == "clear":
                    return False
                if part.func.attr in ("setdefault", "get"):
                    return True
                reads.discard(ast.unparse(part.func))
        holders = _holders(node)
        counted = [
            part
            for part in ast.walk(self.entry.node)
            if isinstance(part, (ast.Name, ast.Attribute))
            and isinstance(part.ctx, ast.Load)
            and ast.unparse(part) in holders
        ]
        stores = [part for part in counted if _within(part, node)]
        return len(counted) > len(stores)

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
                        self._memo_at(statement, "SimpleLazyObject", kept, made, Confidence.HIGH)

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
        self,
        queryset: QuerySetValue,
        node: ast.AST,
        how: str,
        frame: Frame,
        manner: str = "in-place",
        confidence: Confidence = Confidence.HIGH,
        kind: str = "",
        anchor: ast.AST | None = None,
    ) -> None:
        """Report a shared queryset once where it is returned, not again where it arrives."""
        if id(queryset) in self.surfaced and id(queryset) in self.returned_shared:
            return
        before = len(self.observed)
        super().shared_use(queryset, node, how, frame, manner, confidence, kind, anchor)
        if manner == "returned" and len(self.observed) > before:
            self.returned_shared.add(id(queryset))


def _computed(statements: list[ast.stmt]) -> bool:
    """Whether an attribute is bound to something that is worth a look: no method, no literal."""
    for statement in statements:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        value = getattr(statement, "value", statement)
        if not isinstance(value, ast.Constant):
            return True
    return False


def _is_submodule(value: Imported) -> bool:
    return value.source.is_package and value.name not in value.source.scope.bindings


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


def _within(node: ast.AST, outer: ast.AST) -> bool:
    return any(part is node for part in ast.walk(outer))


def _is_middleware(function: Function) -> bool:
    arguments = [a.arg for a in function.node.args.args]
    return arguments == ["get_response"] and function.scope.kind == "module"


def _marks(value: Value) -> frozenset[str]:
    return frozenset().union(
        *(option.marks for option in options(value) if isinstance(option, Function))
    )


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
