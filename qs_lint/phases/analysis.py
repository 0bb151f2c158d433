"""The analysis of one file: first its import, then every function, as a request would run it."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint.domain import (
    Fate,
    Holder,
    HolderKind,
    Manner,
    Moment,
    Place,
    Process,
    Shared,
    Use,
    When,
)
from qs_lint.domain.observations import Context, ImportQuery, Observation, StaleArgument
from qs_lint.engine.annotations import Annotations
from qs_lint.engine.arguments import MAYBE, lies_within
from qs_lint.engine.attributes import Attributes
from qs_lint.engine.calls import Calls
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import (
    BUDGET,
    CALL_BUDGET,
    Component,
    EngineContext,
    Frame,
    GaveUp,
    file_name,
)
from qs_lint.engine.definitions import Definitions
from qs_lint.engine.expressions import Expressions
from qs_lint.engine.heap import Heap
from qs_lint.engine.hierarchy import Hierarchy
from qs_lint.engine.making import Making
from qs_lint.engine.methods import Methods
from qs_lint.engine.modules import Modules
from qs_lint.engine.names import Names
from qs_lint.engine.protocols import Protocols
from qs_lint.engine.relevance import attributes_of_self
from qs_lint.engine.replay import CleanRuns, Log
from qs_lint.engine.scope import Scope
from qs_lint.engine.statements import ScriptFound, Statements
from qs_lint.engine.world import Source, World
from qs_lint.facts.lifecycle import BEFORE, BEFORE_IN_ORDER
from qs_lint.findings import Confidence
from qs_lint.models.behaviours import Behaviours
from qs_lint.models.callables import Callables
from qs_lint.models.concurrency import Concurrency
from qs_lint.models.escapes import Escapes
from qs_lint.models.forms import Forms
from qs_lint.models.framework import Framework
from qs_lint.models.orm import Orm
from qs_lint.models.places import Places
from qs_lint.phases.entries import Entries
from qs_lint.phases.fates import Fates
from qs_lint.phases.leaks import Leaks
from qs_lint.phases.lifetimes import Lifetimes
from qs_lint.phases.memos import Memos
from qs_lint.phases.omissions import Omissions
from qs_lint.phases.processes import Processes
from qs_lint.phases.reach import Reach
from qs_lint.phases.resets import Resets
from qs_lint.phases.startup import Startup
from qs_lint.values import (
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Function,
    Instance,
    ManagerValue,
    Mapping,
    Partial,
    QueryRun,
    QuerySetValue,
    Sequence,
    Value,
    VolatileRead,
    join,
    options,
)

if TYPE_CHECKING:
    from qs_lint.project.source import Project
    from qs_lint.values import FrozenArgument

#: positional and keyword values that somebody gives to every call of a function
Given = tuple[tuple[Value, ...], dict[str, Value]]


class Analysis(Component):
    """Everything that can be said about one file."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: (method, bases of the class) -> its runs that said nothing
        self.silent: dict[tuple[object, ...], CleanRuns] = {}
        #: classes that functions made at import, and their methods, by the id of the node
        self.made: set[int] = set()

    def run(self) -> list[Observation]:
        """Analyse the file; the observations in no particular order."""
        scope = self.ctx.main.scope
        scope.vars["__name__"] = Const(self.ctx.main.name)
        frame = Frame(scope, self.ctx.main)
        try:
            self.ctx.statements.execute(self.ctx.main.tree.body, frame)
        except ScriptFound:
            return []
        scope.complete = True
        self.ctx.heap.settle_heap()
        self.ctx.startup.run()
        self._report_import()
        process = self.ctx.processes.process
        if process in (Process.TEST, Process.MIGRATION):
            return self.ctx.observed  # its process serves no requests
        if process is Process.SCRIPT:
            self.ctx.observed = []
            return self.ctx.observed
        if process is Process.COMMAND:
            self.ctx.observed = [
                seen
                for seen in self.ctx.observed
                if self.ctx.processes.serves(seen.context.class_name or seen.context.target)
            ]
        self.ctx.moment = Moment.CALL
        self.ctx.startup.middleware()
        for function, info, receiver, anchor in self.ctx.entries.entries():
            if not self.ctx.processes.serves(function.name, info):
                continue
            if id(function.node) in self.ctx.startup.done:
                continue
            if (
                info is None
                or anchor is None
                or receiver is not None
                or function.source is self.ctx.main
            ):
                self._run_entry(function, info, receiver, anchor)
            else:
                self._run_inherited(function, info, anchor)
        self._later_calls()
        self.ctx.memos.wrapped_results()
        self.ctx.memos.lazy_objects()
        self.ctx.memos.finish()
        self.ctx.budget = BUDGET
        try:
            self.ctx.leaks.examine()
        except (GaveUp, RecursionError):
            self.ctx.gave_up.append((self.ctx.main.tree, "limit"))
        reached = self.ctx.processes.reached(self.ctx.observed)
        self.ctx.observed = self.ctx.omissions.weighed(reached)
        return self.ctx.observed

    # hooks of the import phase

    def defined(self, function: Function, value: Value, frame: Frame) -> None:
        """Remember the functions of the file, for the second phase."""
        if self.ctx.muted or function.source is not self.ctx.main:
            return
        if self.ctx.moment is Moment.IMPORT and frame.scope.kind != "function":
            if not self.ctx.stack or self._is_new(function.node):
                self.ctx.entries.functions.append((function, value, frame.body_of))
        elif self.ctx.moment is Moment.IMPORT and frame.scope.kind == "function":
            self.ctx.entries.closures.append((function, frame.body_of))
        elif self.ctx.moment is Moment.CALL and not self.ctx.stack:
            for option in options(value):
                if isinstance(option, Function) and option.source is self.ctx.main:
                    self.ctx.entries.nested.append((option, frame.body_of or None))

    def class_defined(self, info: ClassInfo, frame: Frame) -> None:
        """Remember the classes of the file."""
        if self.ctx.muted or self.ctx.moment is not Moment.IMPORT:
            return
        if not self.ctx.stack or (frame.source is self.ctx.main and self._is_new(info.node)):
            self.ctx.entries.own_classes.append(info)

    def _is_new(self, node: ast.AST | None) -> bool:
        """Whether a class that a function makes at import, or a method of it, is the first one."""
        if id(node) in self.made:
            return False
        self.made.add(id(node))
        return True

    # the first phase

    def _report_import(self) -> None:
        for run, anchor, places in _by_cause(_worst(self.ctx.runs), self.ctx.main):
            sink = Fate.DROPPED if run.sink is Fate.OPEN else run.sink
            if run.place is Place.DEFAULT and self.ctx.omissions.unused_around(anchor):
                sink = Fate.DROPPED
            if run.cached and not sink.lasts:
                continue  # it costs little, and needs no database
            context = run.context if isinstance(run.context, Context) else Context()
            context = replace(
                context,
                target=run.target,
                callee=run.callees[-1] if run.callees else "",
                file=file_name(self.ctx.main),
            )
            self.ctx.observed.append(
                ImportQuery(
                    anchor,
                    run.confidence,
                    context,
                    run.steps if anchor is run.anchor else (),
                    place=run.place,
                    sink=sink,
                    run=run,
                    places=places,
                )
            )
        for argument in self.ctx.arguments:
            if not argument.consumed and self._is_cause(argument):
                self._report_argument(argument)

    @staticmethod
    def _is_cause(argument: FrozenArgument) -> bool:
        """Whether the stale value is not reported elsewhere already."""
        for taint in argument.taints:
            if isinstance(taint, VolatileRead):
                return True
            if isinstance(taint, QueryRun) and taint.sink == Fate.ARGUMENT:
                return True
        return False

    def _report_argument(self, argument: FrozenArgument) -> None:
        key = ("argument", id(argument.anchor))
        if key in self.ctx.orm.reported:
            return
        self.ctx.orm.reported.add(key)
        context = Context(file=file_name(self.ctx.main))
        for info in self.ctx.entries.own_classes:
            if info.node is not None and lies_within(argument.anchor, info.node):
                name = _bound_around(argument.anchor, info)
                if name and not self.ctx.reach.is_read(info, name):
                    return
                context = Context(info.name, self.ctx.hierarchy.kinds(info), file=context.file)
        self.ctx.observed.append(
            StaleArgument(
                argument.anchor,
                argument.confidence,
                context,
                argument.steps,
                argument=argument,
                when=When.IMPORT,
            )
        )

    # the second phase

    def _run_inherited(self, function: Function, info: ClassInfo, anchor: ast.AST) -> None:
        """Run a base class's method for a class, unless that says nothing, as for another one."""
        known = self.silent.setdefault(
            (function.node, *self.ctx.hierarchy.mro(info)[1:]), CleanRuns()
        )
        if known.hold(self.ctx, info):
            return
        said = self._said()
        self.ctx.log = log = Log()
        try:
            self._run_entry(function, info, None, anchor)
        finally:
            self.ctx.log = None
        if said == self._said():
            known.learn(info, log)

    def _said(self) -> tuple[int, ...]:
        """Grows whenever a run leaves something behind."""
        return (
            len(self.ctx.observed),
            len(self.ctx.arguments),
            len(self.ctx.gave_up),
            len(self.ctx.callbacks),
            len(self.ctx.routed),
            len(self.ctx.configured),
            len(self.ctx.classes),
            len(self.ctx.orm.reported),
            len(self.ctx.memos.candidates),
        )

    def _run_entry(
        self,
        function: Function,
        info: ClassInfo | None,
        receiver: Value | None,
        anchor: ast.AST | None,
        given: Given | None = None,
        handed: Use | None = None,
    ) -> None:
        self.ctx.heap.current = {}
        self.ctx.heap.owned.clear()
        self.ctx.budget = CALL_BUDGET
        self.ctx.nesting = 0
        self.ctx.entry_anchor = anchor
        self.ctx.entry = function
        self.ctx.entry_class = info
        self.ctx.orm.context = Context(
            info.name if info is not None else "",
            self.ctx.hierarchy.kinds(info) if info is not None else frozenset(),
            function.name,
            file=file_name(self.ctx.main),
        )
        self.ctx.memos.begin()
        self.ctx.orm.emptied.clear()
        self.ctx.orm.read_depth.clear()
        self.ctx.surfaced.clear()
        self.ctx.orm.lowered.clear()
        try:
            self._enter(function, info, receiver, given, handed)
        except (GaveUp, RecursionError):
            self.ctx.gave_up.append((function.node, "limit"))
            self.ctx.stack.clear()
            self.ctx.active.clear()
            self.ctx.placement.clear()
            self.ctx.muted = self.ctx.lazy = self.ctx.doubts = self.ctx.unsure = 0
            self.ctx.moment = Moment.CALL
        finally:
            self.ctx.heap.current = {}
            self.ctx.heap.owned.clear()
            self.ctx.entry_anchor = None
        for nested, owner in self._take_nested():
            self._run_entry(nested, info if owner is None else owner, receiver, anchor)

    def _take_nested(self) -> list[tuple[Function, ClassInfo | None]]:
        taken, self.ctx.entries.nested = self.ctx.entries.nested, []
        return taken

    def _enter(
        self,
        function: Function,
        info: ClassInfo | None,
        receiver: Value | None,
        given: Given | None = None,
        handed: Use | None = None,
    ) -> None:
        scope = Scope("function", function.source, function.scope)
        scope.live = True
        me = self._bind_entry(function, info, receiver, scope)
        if given is not None:
            self._give(function, given, scope, me)
        frame = Frame(scope, function.source, function, function.owner, me)
        if isinstance(me, Instance) and me.generic and info is not None:
            self._prepare(function, info, me, frame)
        self.ctx.active.append(function.node)
        try:
            result = self.ctx.calls.run_body(function, frame)
        finally:
            self.ctx.active.pop()
        if handed:
            shown = getattr(function.node, "body", function.node)
            node = shown if isinstance(shown, ast.AST) else function.node
            self.ctx.escapes.hand_over([result], node, handed, frame, manner=Manner.RETURNED)
        self.ctx.memos.middleware_function(function, scope)
        for memoised, expression, label, owner in self.ctx.entries.memos:
            if memoised.node is function.node:
                self.ctx.memos.memoised_result(function, expression, label, owner, result)
        if "cached_property" in function.marks and info is not None:
            self.ctx.memos.cached_property(function, info, result, receiver)

    def _give(self, function: Function, given: Given, scope: Scope, me: Value | None) -> None:
        """Values of process lifetime that path() or as_view() gives to every call."""
        positional, keywords = given
        if isinstance(me, Instance):
            for name, value in keywords.items():
                self.ctx.attributes.note_read(
                    value, Holder(HolderKind.INSTANCE_ATTRIBUTE, name, "self")
                )
                self.ctx.heap.put(me, name, value)
            return
        names = [a.arg for a in [*function.node.args.posonlyargs, *function.node.args.args]]
        for name, value in [*zip(names, positional, strict=False), *keywords.items()]:
            self.ctx.attributes.note_read(value, Holder(HolderKind.DEFAULT, name))
            scope.vars[name] = value

    def _later_calls(self) -> None:
        """What framework objects of process lifetime call per request."""
        for value, node, how in self.ctx.callbacks:
            for option in options(value):
                function = option.function if isinstance(option, (Bound, Partial)) else option
                if not isinstance(function, Function):
                    continue
                anchor = node if function.source is not self.ctx.main else None
                self._run_entry(function, None, None, anchor, handed=how)
        for function, positional, keywords, node in self.ctx.routed:
            anchor = node if function.source is not self.ctx.main else None
            self._run_entry(function, None, None, anchor, (positional, keywords))
        for info, keywords, node in self.ctx.configured:
            kept = {k: value for k, value in keywords.items() if self.ctx.reach.interesting(value)}
            if kept:
                self._run_configured(info, kept, node)

    def _run_configured(self, info: ClassInfo, kept: dict[str, Value], node: ast.AST) -> None:
        """The methods of a view that read what ``as_view()`` sets on its instances."""
        for base in self.ctx.hierarchy.mro(info):
            if not isinstance(base, ClassInfo):
                continue
            anchor = node if base.source is not self.ctx.main else None
            for name, statements in base.bindings.items():
                method = statements[-1]
                if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    continue
                found = self.ctx.hierarchy.own_attribute(base, name)
                if isinstance(found, Function) and kept.keys() & attributes_of_self(method):
                    self._run_entry(found, info, None, anchor, ((), dict(kept)))

    def _prepare(self, function: Function, info: ClassInfo, me: Instance, frame: Frame) -> None:
        """Run what runs before: ``__init__``, ``setup`` ... may set attributes of the object."""
        wanted = self.ctx.reach.mentioned(function).attributes
        if function.name in BEFORE:
            return
        for name in BEFORE_IN_ORDER:
            if not self.ctx.hierarchy.set_by(info, name) & wanted:
                continue
            found = self.ctx.hierarchy.attribute_of_class(info, name)
            if isinstance(found, Function):
                self.ctx.muted += 1
                if "singleton" in self.ctx.hierarchy.kinds(info):
                    self.ctx.moment = Moment.IMPORT  # made once, before the first request
                try:
                    self.ctx.calls.call_function(
                        found, [me], {MAYBE: UNKNOWN}, function.node, frame, me
                    )
                finally:
                    self.ctx.muted -= 1
                    self.ctx.moment = Moment.CALL

    def _bind_entry(
        self, function: Function, info: ClassInfo | None, receiver: Value | None, scope: Scope
    ) -> Value | None:
        """Give a function the arguments that nobody knows, but ``self`` and the defaults."""
        spec = function.node.args
        me: Value | None = None
        names = [*spec.posonlyargs, *spec.args]
        # a lambda in a method knows its class, for ``super()``, and is none of its methods
        is_method = info is not None and function.owner is not None and not _inner(function)
        for index, parameter in enumerate([*names, *spec.kwonlyargs]):
            default = function.defaults.get(parameter.arg)
            value: Value = UNKNOWN
            if index == 0 and names and is_method and "staticmethod" not in function.marks:
                assert info is not None
                value = me = receiver or self._receiver(function, info)
            elif default is not None and not self._is_unused(function, parameter.arg, default):
                value = default if default is UNKNOWN else join([default, UNKNOWN])
                self.ctx.attributes.note_read(default, Holder(HolderKind.DEFAULT, parameter.arg))
            scope.vars[parameter.arg] = value
        if spec.vararg is not None:
            scope.vars[spec.vararg.arg] = Sequence(
                "tuple", [], Moment.CALL, function.node, open=True
            )
        if spec.kwarg is not None:
            scope.vars[spec.kwarg.arg] = Mapping({}, Moment.CALL, function.node, open=True)
        return me

    def _is_unused(self, function: Function, parameter: str, default: Value) -> bool:
        """Whether a default matters that no call comes to see."""
        matters = isinstance(default, (Mapping, Sequence)) or self.ctx.reach.interesting(default)
        return matters and self.ctx.omissions.is_unused(function.node, parameter)

    def _receiver(self, function: Function, info: ClassInfo) -> Value:
        cls = ClassValue(info)
        if "classmethod" in function.marks or function.name in (
            "__init_subclass__",
            "__class_getitem__",
            "__new__",
        ):
            return cls
        kinds = self.ctx.hierarchy.kinds(info)
        if "manager" in kinds:
            return ManagerValue(UNKNOWN, cls, Confidence.HIGH)
        if "queryset" in kinds:
            return QuerySetValue(
                UNKNOWN, cls, Moment.CALL, function.node, function.source, Confidence.HIGH
            )
        instance = Instance(cls, Moment.CALL, function.node, function.source, generic=True)
        self.ctx.heap.keep.append(instance)
        return instance

    # what is kept

    def shared_use(
        self,
        queryset: QuerySetValue,
        node: ast.AST,
        how: Use,
        frame: Frame,
        manner: Manner = Manner.IN_PLACE,
        confidence: Confidence = Confidence.HIGH,
        kind: Shared | None = None,
        anchor: ast.AST | None = None,
    ) -> None:
        """Report a shared queryset once where it is returned, not again where it arrives."""
        if id(queryset) in self.ctx.surfaced and id(queryset) in self.ctx.entries.returned_shared:
            return
        before = len(self.ctx.observed)
        self.ctx.orm.shared_use(queryset, node, how, frame, manner, confidence, kind, anchor)
        if manner is Manner.RETURNED and len(self.ctx.observed) > before:
            self.ctx.entries.returned_shared.add(id(queryset))


def _inner(function: Function) -> bool:
    return function.scope.kind == "function"


def _by_cause(runs: list[QueryRun], main: Source) -> Iterator[tuple[QueryRun, ast.AST, int]]:
    """One run for each cause, the place to edit, and in how many places of the file it runs.

    What a manager's own ``get_queryset()`` asks has one cause, wherever the manager is used.
    """
    causes: dict[int, list[QueryRun]] = {}
    for run in runs:
        causes.setdefault(id(run.node if run.inherited else run.anchor), []).append(run)
    found: list[tuple[QueryRun, ast.AST, int]] = []
    for same in causes.values():
        run = min(same, key=lambda each: getattr(each.anchor, "lineno", 0))
        own = run.inherited and run.source is main
        found.append((run, run.node if own else run.anchor, len(same)))
    told: set[tuple[object, ...]] = set()
    for run, place, count in sorted(found, key=lambda each: -each[0].confidence):
        # of the branches that one line decides by, one is enough
        line = (getattr(place, "lineno", 0), run.target) if run.sink is Fate.BRANCH else place
        if (run.sink, line) not in told:
            told.add((run.sink, line))
            yield run, place, count


def _bound_around(node: ast.AST, info: ClassInfo) -> str:
    """The attribute of a class body whose value a node is a part of."""
    for name, statements in info.bindings.items():
        for statement in statements:
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and lies_within(node, statement):
                return name
    return ""


def compose(project: Project, main: Source) -> EngineContext:
    """The context of one analysis, with all components."""
    ctx = EngineContext(project, main)
    ctx.heap = Heap(ctx)
    ctx.names = Names(ctx)
    ctx.modules = Modules(ctx)
    ctx.hierarchy = Hierarchy(ctx)
    ctx.orm = Orm(ctx)
    ctx.attributes = Attributes(ctx)
    ctx.escapes = Escapes(ctx)
    ctx.behaviours = Behaviours(ctx)
    ctx.callables = Callables(ctx)
    ctx.methods = Methods(ctx)
    ctx.protocols = Protocols(ctx)
    ctx.making = Making(ctx)
    ctx.annotations = Annotations(ctx)
    ctx.forms = Forms(ctx)
    ctx.concurrency = Concurrency(ctx)
    ctx.calls = Calls(ctx)
    ctx.expressions = Expressions(ctx)
    ctx.fates = Fates(ctx)
    ctx.definitions = Definitions(ctx)
    ctx.statements = Statements(ctx)
    ctx.framework = Framework(ctx)
    ctx.places = Places(ctx)
    ctx.reach = Reach(ctx)
    ctx.entries = Entries(ctx)
    ctx.lifetimes = Lifetimes(ctx)
    ctx.processes = Processes(ctx)
    ctx.resets = Resets(ctx)
    ctx.omissions = Omissions(ctx)
    ctx.memos = Memos(ctx)
    ctx.leaks = Leaks(ctx)
    ctx.startup = Startup(ctx)
    ctx.analysis = Analysis(ctx)
    return ctx


def analyse(project: Project, path: str, text: bytes | str | None = None) -> EngineContext | None:
    """Analyse one file of a project.

    ``text`` is what to read in place of the file on disk.  Returns the finished analysis, or
    ``None`` if the file is no Python that this interpreter can parse.
    """
    path = os.path.abspath(path)
    world = World(project, path)
    file = project.open(path) if text is None else project.parse_only(path, text)
    if file is None:
        return None
    main = world.checked(file)
    ctx = compose(project, main)
    try:
        ctx.analysis.run()
    except RecursionError:
        ctx.gave_up.append((main.tree, "limit"))
    return ctx


def _worst(runs: list[QueryRun]) -> list[QueryRun]:
    """Of the queries of each place, the one whose result lasts longest; the surest of those."""
    best: dict[int, QueryRun] = {}
    for run in runs:
        if run.sink == Fate.ARGUMENT:
            continue
        known = best.get(id(run.anchor))
        if known is None or _badness(run) < _badness(known):
            best[id(run.anchor)] = run
    return list(best.values())


def _badness(run: QueryRun) -> tuple[int, int]:
    """What to sort queries of one place by, the worst first."""
    return _ORDER[run.sink], -run.confidence


_ORDER = {Fate.KEPT: 0, Fate.BRANCH: 1, Fate.DROPPED: 2, Fate.FRESH: 2, Fate.OPEN: 2}
