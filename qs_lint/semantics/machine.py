"""The state of one analysis, names and classes: what the other parts of the engine stand on."""

from __future__ import annotations

import ast
import builtins
import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qs_lint.django_facts.bases import BASES
from qs_lint.django_facts.models import MODELS, NOT_DJANGO
from qs_lint.django_facts.names import canonical
from qs_lint.findings import Confidence, Step
from qs_lint.semantics.classes import ClassInfo, FunctionNode, linearise
from qs_lint.semantics.replay import asked
from qs_lint.semantics.scope import ModuleScope, Scope
from qs_lint.semantics.source import FRAMEWORKS, Source
from qs_lint.semantics.values import (
    UNKNOWN,
    UNSET,
    ClassValue,
    External,
    Function,
    Imported,
    ModuleValue,
    Moment,
    QuerySetValue,
    Value,
    join,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qs_lint.semantics.observations import Observation
    from qs_lint.semantics.replay import Log, Question
    from qs_lint.semantics.source import Project
    from qs_lint.semantics.values import FrozenArgument, QueryRun

BUILTINS = frozenset(dir(builtins))
#: Nested calls that are followed.
MAX_CALLS = 12
#: The same in the second phase, for every function of a file.
MAX_CALLS_PER_REQUEST = 6
#: Expressions evaluated for one statement of the module, and for one function.
BUDGET = 30_000
CALL_BUDGET = 10_000
#: Project modules that are read one because of the other.
MAX_LAZY = 30
#: Nested Python frames of ours are about 8 per nested expression.
MAX_NESTING = 90


Heap = dict[int, dict[str, Value]]
State = tuple[dict[str, Value], Heap]
_NOTHING: dict[str, Value] = {}


class GaveUp(Exception):
    """A limit was reached: what is known so far is reported, the rest is not looked at."""


@dataclass(eq=False, slots=True)
class Frame:
    """One activation: of a module body, a class body or a function."""

    scope: Scope
    source: Source
    function: Function | None = None
    owner: ClassInfo | None = None
    receiver: Value | None = None
    returns: list[Value] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    #: the class whose body is being executed
    body_of: ClassInfo | None = None


@dataclass(eq=False, slots=True)
class CallSite:
    """A call that is being followed."""

    node: ast.AST
    source: Source
    name: str


def dotted_text(node: ast.AST) -> str:
    """``a.b.c`` for a chain of names, the last name for others."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        parts.append(node.id)
    return ".".join(reversed(parts))


class Machine:
    """State shared by all parts of the engine; knows names, modules and classes."""

    def __init__(self, project: Project, main: Source) -> None:
        self.project = project
        self.main = main
        self.moment = Moment.IMPORT
        self.stack: list[CallSite] = []
        self.active: list[ast.AST] = []
        #: attributes of objects: what this statement or entry set, over what was set before
        self.heap: Heap = {}
        self.settled: Heap = {}
        #: whose attributes in the heap no other state shares
        self.owned: set[int] = set()
        self.keep: list[object] = []
        self.muted = 0
        self.budget = BUDGET
        self.nesting = 0
        self.lazy = 0
        self.reading = 0
        self.forcing: set[tuple[str, str]] = set()
        self.runs: list[QueryRun] = []
        self.arguments: list[FrozenArgument] = []
        self.observed: list[Observation] = []
        self.classes: list[ClassInfo] = []
        #: limits that were reached: (node, what)
        self.gave_up: list[tuple[ast.AST, str]] = []
        #: callables that a framework object of process lifetime calls per request
        self.callbacks: list[tuple[Value, ast.AST, str]] = []
        #: views that path() gives arguments to: (function, positional, keywords, node)
        self.routed: list[tuple[Function, tuple[Value, ...], dict[str, Value], ast.AST]] = []
        #: classes of the project and what ``as_view()`` sets on their instances
        self.configured: list[tuple[ClassInfo, dict[str, Value], ast.AST]] = []
        self.surfaced: set[int] = set()
        #: lazy object -> what its function returned
        self.lazy_results: dict[object, Value] = {}
        #: conditions and loops of followed calls, around what runs now, that nobody can decide
        self.doubts = 0
        self.placement: list[ast.expr] = []
        #: in another file's function: the node of the checked file that stands for it
        self.entry_anchor: ast.AST | None = None
        #: what this entry asked of classes, if somebody wants to know
        self.log: Log | None = None
        #: answers of classes, for comparison with logs
        self.answers: dict[Question, object] = {}
        self.entry: Function | None = None

    # what the subclasses add; declared here so that every part can call every other

    def eval(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression."""
        raise NotImplementedError

    def execute(self, body: Iterable[ast.stmt], frame: Frame) -> bool:
        """Execute statements; true if control never reaches their end."""
        raise NotImplementedError

    def call(
        self,
        callee: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call a value."""
        raise NotImplementedError

    # places

    @property
    def depth(self) -> int:
        """How many calls deep we are below the checked file's own code."""
        return len(self.stack)

    def anchor(self, node: ast.AST) -> ast.AST:
        """The node of the checked file that leads to ``node``."""
        if self.entry_anchor is not None:
            return self.entry_anchor
        return self.stack[0].node if self.stack else node

    def steps(self, node: ast.AST, source: Source, how: str) -> tuple[Step, ...]:
        """The chain of calls down to ``node``; empty if there is no call between."""
        if not self.stack and self.entry_anchor is None:
            return ()
        chain = []
        if self.entry_anchor is not None and self.entry is not None:
            line = getattr(self.entry.node, "lineno", 1)
            chain.append(Step(self.entry.source.display, line, f"{self.entry.name}()"))
        chain += [
            Step(site.source.display, getattr(site.node, "lineno", 1), f"{site.name}()")
            for site in self.stack
        ]
        chain.append(Step(source.display, getattr(node, "lineno", 1), how))
        return tuple(chain)

    def confidence_here(self, confidence: Confidence) -> Confidence:
        """Below a followed call, nothing is more certain than inference."""
        return min(confidence, Confidence.INFERENCE) if self.stack else confidence

    def spend(self, amount: int = 1) -> None:
        """Count work; raises :class:`GaveUp` at the limit."""
        self.budget -= amount
        if self.budget < 0:
            raise GaveUp

    # names

    def lookup(self, name: str, frame: Frame) -> Value:
        """What a name means in a frame."""
        near = frame.scope.vars.get(name)
        if near is not None and type(near) is not Imported and name not in frame.scope.globals:
            return near
        for around in frame.scope.enclosing():
            scope = around.module() if name in around.globals else around
            value = self.scope_value(scope, name)
            if value is not None:
                return value
            if name in scope.vars:
                break
        if name in BUILTINS:
            return External(f"builtins.{name}")
        return UNKNOWN

    def scope_value(self, scope: Scope, name: str) -> Value | None:
        """The value of a name in one scope; modules are read on demand."""
        value = scope.vars.get(name)
        if value is not None and type(value) is not Imported:
            return value
        if value is None and isinstance(scope, ModuleScope) and not scope.complete:
            if name in scope.missing:
                return None
            value = self.read_name(scope, name)
            if value is None and not self.lazy and not self.reading:
                scope.missing.add(name)
        if value is None and scope.info is not None and not scope.info.complete:
            if name in scope.info.bindings and scope.info.source is not self.main:
                return self.own_attribute(scope.info, name)
        if isinstance(value, Imported):
            value = self.force(value)
            scope.vars[name] = value
        return value

    def force(self, value: Value) -> Value:
        """Look up a name that was imported from a project module."""
        if not isinstance(value, Imported):
            return value
        key = (value.source.path, value.name)
        if key in self.forcing:
            return UNKNOWN  # two modules import a name from each other
        self.forcing.add(key)
        try:
            found = self.member(value.source, value.name)
        finally:
            self.forcing.discard(key)
        return UNKNOWN if found is None else found

    def read_name(self, scope: ModuleScope, name: str) -> Value | None:
        """Execute the statements of an imported module that bind ``name``, and no others."""
        statements = scope.bindings.get(name)
        if statements is None and not scope.stars:
            return None
        if name in scope.asking or self.lazy >= MAX_LAZY:
            return None
        scope.asking.add(name)
        self.reading += 1
        try:
            todo = [s for s in statements or () if id(s) not in scope.done]
            scope.done.update(map(id, todo))
            if todo:
                self.apart(todo, Frame(scope, scope.source))
            value = scope.vars.get(name)
            if value is None:
                for star in scope.stars:
                    value = self.star_member(star, scope, name)
                    if value is not None:
                        scope.vars[name] = value
                        break
            return value
        finally:
            self.reading -= 1
            scope.asking.discard(name)

    def apart(self, statements: list[ast.stmt], frame: Frame) -> None:
        """Execute statements of another module: nothing that happens there is reported here."""
        saved = (self.stack, self.active, self.moment, self.budget, self.nesting, self.placement)
        self.stack, self.active, self.moment = [], [], Moment.IMPORT
        self.budget, self.nesting, self.placement = BUDGET, 0, []
        mine = (self.heap, self.settled, self.keep)
        foreign = frame.source is not self.main
        if foreign:
            # what the module makes of its objects is the same for whoever imports it, and what
            # the checked file did to them is not the module's doing
            self.heap, self.settled, self.keep = {}, {}, self.project.keep
            self.owned.clear()
            self.project.lasting += 1
        self.muted += 1
        self.lazy += 1
        try:
            self.execute(statements, frame)
        except (GaveUp, RecursionError):
            self.gave_up.append((statements[0], "limit"))
        finally:
            if foreign:
                self.project.lasting -= 1
                for owner, attributes in self.heap.items():
                    self.project.heap.setdefault(owner, {}).update(attributes)
                self.heap, self.settled, self.keep = mine
                self.owned.clear()
            self.muted -= 1
            self.lazy -= 1
            (self.stack, self.active, self.moment, self.budget, self.nesting, self.placement) = (
                saved
            )

    def star_member(self, star: ast.ImportFrom, scope: Scope, name: str) -> Value | None:
        """A name that ``from x import *`` may bind."""
        if name.startswith("_"):
            return None
        target = self.imported_module(scope.source, star.module or "", star.level)
        if isinstance(target, ModuleValue):
            return self.member(target.source, name, submodules=False)
        if isinstance(target, External) and name not in BUILTINS and name[:1].isupper():
            known = canonical(f"{target.name}.{name}")
            return External(known) if known in BASES or known in MODELS else None
        return None

    # modules

    def imported_module(self, importer: Source, dotted: str, level: int) -> Value:
        """The module named by an import statement of ``importer``."""
        key = ("." * level + dotted, "")
        known = importer.imported.get(key)
        if known is None:
            known = importer.imported[key] = self._imported_module(importer, dotted, level)
        return known

    def _imported_module(self, importer: Source, dotted: str, level: int) -> Value:
        path = self.project.find(importer, dotted, level)
        if path is not None and path.endswith(".py"):
            source = self.project.open(path, importer)
            return UNKNOWN if source is None else ModuleValue(source)
        if path is not None:
            return External(f"<folder>{path}")
        if level:
            return UNKNOWN
        return External(canonical(dotted))

    def member(self, source: Source, name: str, submodules: bool = True) -> Value | None:
        """A name of a project module, or one of its submodules."""
        scope = source.scope
        value = self.scope_value(scope, name)
        if value is None and submodules and source.is_package:
            path = self.project.find(source, name, 1)
            if path is not None and path.endswith(".py") and path != source.path:
                below = self.project.open(path, source)
                if below is not None:
                    return ModuleValue(below)
        return value

    def import_member(self, importer: Source, module: str, level: int, name: str) -> Value:
        """What ``from module import name`` binds: looked up when it is used."""
        key = ("." * level + module, name)
        known = importer.imported.get(key)
        if known is None:
            known = importer.imported[key] = self._import_member(importer, module, level, name)
        return known

    def _import_member(self, importer: Source, module: str, level: int, name: str) -> Value:
        first = module.partition(".")[0]
        if not level and first in FRAMEWORKS:
            return External(canonical(f"{module}.{name}"))
        target = self.imported_module(importer, module, level)
        if isinstance(target, ModuleValue):
            return Imported(target.source, name)
        if isinstance(target, External):
            if target.name.startswith("<folder>"):
                path = self.project.find(importer, f"{module}.{name}" if module else name, level)
                if path is not None and path.endswith(".py"):
                    below = self.project.open(path, importer)
                    if below is not None:
                        return ModuleValue(below)
                return UNKNOWN
            return External(canonical(f"{target.name}.{name}"))
        return UNKNOWN

    # classes

    # questions to classes, whose answers decide whether a run need not be repeated

    @asked
    def mro(self, info: ClassInfo) -> list[ClassInfo | Value]:
        """The method resolution order of a class; unknown bases are values."""
        return self._mro(info)

    @asked
    def set_by(self, info: ClassInfo, name: str) -> frozenset[str]:
        """The attributes that the methods of a name, inherited ones too, set on their object."""
        return frozenset(
            attribute
            for base in self._mro(info)
            if isinstance(base, ClassInfo) and name in base.bindings
            for attribute, places in base.rebinds.items()
            if any(method.name == name for method, _, _ in places)
        )

    @asked
    def rebinding(self, info: ClassInfo, name: str) -> list[FunctionNode]:
        """The methods, inherited ones too, that assign ``self.<name>``."""
        return [
            method
            for base in self._mro(info)
            if isinstance(base, ClassInfo)
            for method, _, _ in base.rebinds.get(name, ())
        ]

    @asked
    def class_kinds(self, info: ClassInfo) -> frozenset[str]:
        """The kinds of all framework classes that a class inherits from."""
        return self._kinds(info)

    @asked
    def foreign_bases(self, info: ClassInfo) -> list[str]:
        """The classes above a class that are not read: their names, empty where unknown."""
        return [
            base.name if isinstance(base, External) else ""
            for base in self._mro(info)
            if not isinstance(base, ClassInfo)
        ]

    @asked
    def above(self, info: ClassInfo, owner: ClassInfo, name: str) -> Value | None:
        """An attribute of the classes that come after ``owner`` in the order of ``info``."""
        order = self._mro(info)
        try:
            rest = order[order.index(owner) + 1 :]
        except ValueError:
            rest = self._mro(owner)[1:]
        return self._first(rest, name)

    @asked
    def attribute_of_class(self, info: ClassInfo, name: str) -> Value | None:
        """A class attribute, found along the method resolution order of the project's classes."""
        return self._first(self._mro(info), name)

    def _first(self, order: list[ClassInfo | Value], name: str) -> Value | None:
        for base in order:
            if isinstance(base, ClassInfo) and (
                name in base.scope.vars
                or name in base.extra
                or (not base.complete and name in base.bindings)
            ):
                value = self._own_attribute(base, name)
                if value is not None:
                    return value
        return None

    @asked
    def own_attribute(self, info: ClassInfo, name: str) -> Value | None:
        """An attribute of the class body itself."""
        return self._own_attribute(info, name)

    @asked
    def certainty(self, info: ClassInfo) -> Confidence | None:
        """How certain it is that a class is a Django model; ``None``: it is not known."""
        best: Confidence | None = None
        for base in self._mro(info):
            if isinstance(base, External):
                if base.name in MODELS or "model" in BASES.get(base.name, "").split():
                    return Confidence.HIGH
                guess = external_model_base(base.name)
                if guess is not None and best is None:
                    best = guess
                if base.name.partition(".")[0] in NOT_DJANGO:
                    return None
        return best

    def _mro(self, info: ClassInfo) -> list[ClassInfo | Value]:
        if info.order is None:
            info.order = [info]  # cycles end here
            bases: list[Value] = []
            for base in info.bases:
                for option in options(self.force(base)):
                    bases.append(option)
            info.bases = bases
            orders = {
                index: self._mro(base.info)
                for index, base in enumerate(bases)
                if isinstance(base, ClassValue) and base.info is not info
            }
            info.order = linearise(info, orders)
        return info.order

    def kinds(self, value: Value | ClassInfo) -> frozenset[str]:
        """What a class is for Django: the kinds of all framework classes it inherits from."""
        if isinstance(value, ClassValue):
            value = value.info
        if isinstance(value, External):
            return frozenset(BASES.get(value.name, "").split())
        if not isinstance(value, ClassInfo):
            return frozenset()
        return self.class_kinds(value)

    def _kinds(self, value: ClassInfo) -> frozenset[str]:
        if value.kinds is None:
            found: set[str] = set()
            value.kinds = frozenset()
            for base in self._mro(value):
                if isinstance(base, External):
                    found.update(self.external_kinds(base.name))
                elif isinstance(base, ClassInfo):
                    for method in base.bindings.get("__init__", ()):
                        if _takes_get_response(method):
                            found.update(("middleware", "singleton"))
            value.kinds = frozenset(found)
        return value.kinds

    @staticmethod
    def external_kinds(name: str) -> Iterable[str]:
        """The kinds of an external class; by its name where no table knows it."""
        if name in BASES:
            return BASES[name].split()
        last = name.rpartition(".")[2]
        for ending, kinds in _BY_NAME:
            if last.endswith(ending):
                return kinds
        return ()

    def model_confidence(self, value: Value) -> Confidence | None:
        """How certain it is that a value is a Django model class; ``None``: it is not known."""
        if isinstance(value, External):
            return external_model(value.name)
        if not isinstance(value, ClassValue):
            return None
        return self.certainty(value.info)

    def owner_of(self, info: ClassInfo, name: str) -> ClassInfo | None:
        """The class in whose body an attribute is defined."""
        for base in self._mro(info):
            if isinstance(base, ClassInfo) and self._own_attribute(base, name) is not None:
                return base
        return None

    def _own_attribute(self, info: ClassInfo, name: str) -> Value | None:
        if name in info.extra:
            return self.force(info.extra[name])
        value = info.scope.vars.get(name)
        if value is None and not info.complete and name in info.bindings:
            if name in info.asking or self.lazy >= MAX_LAZY:
                return None
            info.asking.add(name)
            try:
                statements = info.bindings[name]
                if len(statements) > 1 or not isinstance(
                    statements[0],
                    (
                        ast.FunctionDef,
                        ast.AsyncFunctionDef,
                        ast.Assign,
                        ast.AnnAssign,
                        ast.ClassDef,
                    ),
                ):
                    statements = list(info.node.body) if info.node is not None else []
                    info.complete = True
                frame = Frame(info.scope, info.source, owner=info, body_of=info)
                self.apart(statements, frame)
            finally:
                info.asking.discard(name)
            value = info.scope.vars.get(name)
        if isinstance(value, Imported):
            value = self.force(value)
            info.scope.vars[name] = value
        return value

    # small helpers

    def fork(self, frame: Frame) -> State:
        """The state that a branch may change; attributes are copied when they are set."""
        self.owned.clear()
        return frame.scope.vars.copy(), self.heap.copy()

    def leave(self, frame: Frame) -> State:
        """The state at the end of a branch, which nothing changes any more."""
        self.owned.clear()
        return frame.scope.vars, self.heap

    def restore(self, frame: Frame, state: State) -> None:
        """Go back to a state."""
        self.owned.clear()
        frame.scope.vars = state[0].copy()
        self.heap = state[1].copy()

    def merge(self, frame: Frame, states: list[State]) -> None:
        """Continue with what any of several paths may have left; one alone is taken over."""
        if not states:
            return
        self.owned.clear()
        first = states[0]
        if len(states) == 1:
            frame.scope.vars, self.heap = first
            return
        merged = first[0].copy()
        differing = {
            name: None
            for state in states[1:]
            if state[0] is not first[0]
            for name, value in state[0].items()
            if merged.get(name) is not value
        }
        for name in differing:
            merged[name] = self._merged([state[0].get(name) for state in states])
        heap: Heap = {}
        for owner in dict.fromkeys(o for state in states for o in state[1]):
            inner = [state[1].get(owner, _NOTHING) for state in states]
            if all(one is inner[0] for one in inner):
                heap[owner] = inner[0]
                continue
            attributes: dict[str, Value] = {}
            for name in dict.fromkeys(n for one in inner for n in one):
                before = self._settled_attribute(owner, name)
                values = [one.get(name) or before for one in inner]
                missing = any(value is None for value in values)
                made = self._merged(values)
                attributes[name] = join([made, UNSET]) if missing else made
            heap[owner] = attributes
        frame.scope.vars = merged
        self.heap = heap

    @staticmethod
    def _merged(values: list[Value | None]) -> Value:
        present = [value for value in values if value is not None]
        if all(value is present[0] for value in present):
            return present[0]
        return join(present)

    def stored(self, owner: object, name: str) -> Value | None:
        """An attribute that was set on an object."""
        found = self.heap.get(id(owner), _NOTHING).get(name)
        if found is None:
            found = self._settled_attribute(id(owner), name)
        if self.log is not None and isinstance(owner, ClassInfo):
            self.log.keep((owner, "stored", (name,)), found)
        return found

    def stored_all(self, owner: object) -> dict[str, Value]:
        """All attributes that were set on an object."""
        key = id(owner)
        found: dict[str, Value] = {}
        for heap in (self.project.heap, self.settled, self.heap):
            found.update(heap.get(key, {}))
        return found

    def _settled_attribute(self, owner: int, name: str) -> Value | None:
        """What the import of this file, or of the module that made an object, set on it."""
        found = self.settled.get(owner, _NOTHING).get(name)
        return self.project.heap.get(owner, _NOTHING).get(name) if found is None else found

    def put(self, owner: object, name: str, value: Value) -> None:
        """Set an attribute of an object."""
        self.keep.append(owner)
        key = id(owner)
        if key not in self.owned:
            self.owned.add(key)
            self.heap[key] = self.heap.get(key, _NOTHING).copy()
        self.heap[key][name] = value

    def settle_heap(self) -> None:
        """Make what was set so far the ground for all that follows."""
        for owner, attributes in self.heap.items():
            self.settled.setdefault(owner, {}).update(attributes)
        self.heap = {}
        self.owned.clear()

    def model_name(self, model: Value) -> str:
        """The name of a model for messages."""
        if isinstance(model, ClassValue):
            return model.info.name
        if isinstance(model, External):
            return model.name.removeprefix("model:").rpartition(".")[2]
        return ""

    def shared(self, queryset: QuerySetValue) -> bool:
        """Whether a queryset lives as long as the process, seen from a request."""
        return self.moment is Moment.CALL and queryset.born is Moment.IMPORT


def _takes_get_response(method: ast.stmt) -> bool:
    return isinstance(method, ast.FunctionDef) and any(
        argument.arg == "get_response" for argument in method.args.args
    )


_BY_NAME: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("ViewSet", ("drf", "viewset", "per-request")),
    ("APIView", ("drf", "per-request")),
    ("View", ("view", "per-request")),
    ("ModelAdmin", ("admin", "singleton")),
    ("Serializer", ("serializer", "per-request")),
    ("FilterSet", ("filterset", "per-request")),
    ("Form", ("form", "per-request")),
    ("TestCase", ("test",)),
    ("AppConfig", ("app-config", "singleton")),
    ("Command", ("command",)),
    ("Manager", ("manager", "singleton")),
    ("QuerySet", ("queryset",)),
)


def external_model(name: str) -> Confidence | None:
    """Whether a class of an unread package is a model: certain, by convention, or unknown."""
    if name in MODELS or name.startswith("model:"):
        return Confidence.HIGH
    if name in BASES:
        return None
    parts = name.split(".")
    if parts[0] in NOT_DJANGO or parts[0] == "builtins" or parts[0] in STDLIB:
        return None
    last = parts[-1]
    if not last[:1].isupper() or last.isupper():
        return None
    if len(parts) == 1:
        return None
    return Confidence.INFERENCE_FAILURE


def external_model_base(name: str) -> Confidence | None:
    """Whether inheriting from a class of an unread package makes a model, by convention."""
    if name in BASES:
        return None
    parts = name.split(".")
    if parts[0] in NOT_DJANGO or parts[0] in STDLIB or parts[0] in FRAMEWORKS:
        return None
    in_models = any("model" in part.lower() for part in parts[:-1])
    if in_models or parts[-1].endswith(("Model", "Page", "ModelBase")):
        return Confidence.INFERENCE_FAILURE
    return None


def _stdlib() -> frozenset[str]:
    import sys

    return frozenset(sys.stdlib_module_names) | {"builtins"}


STDLIB = _stdlib()


def file_name(source: Source) -> str:
    """The name of a source's file."""
    return os.path.basename(source.path)
