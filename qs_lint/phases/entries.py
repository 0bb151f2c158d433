"""What runs per request: the functions that may do something with a value of process lifetime."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qs_lint.domain import Lifetime, Moment
from qs_lint.domain.observations import Context
from qs_lint.engine.arguments import MAYBE
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, Frame, GaveUp, file_name
from qs_lint.engine.relevance import (
    Mentions,
    attributes_of_self,
    decorator_anchor,
    is_middleware,
    marks_of,
    mentions,
)
from qs_lint.engine.scope import Scope
from qs_lint.phases.reach import is_moment, is_plain_binding
from qs_lint.values import (
    UNKNOWN,
    ClassValue,
    Function,
    Imported,
    Instance,
    Mapping,
    ModuleValue,
    Sequence,
    Value,
    options,
    walk,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext


class Entries(Component):
    """Chooses the functions of the second phase."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: functions of the checked file: (function, what its name is bound to, class)
        self.functions: list[tuple[Function, Value, ClassInfo | None]] = []
        self.own_classes: list[ClassInfo] = []
        #: decorators that keep results: (function, decorator, name, class)
        self.memos: list[tuple[Function, ast.expr, str, ClassInfo | None]] = []
        #: functions made by calls at import: decorators, factories of views
        self.closures: list[tuple[Function, ClassInfo | None]] = []
        self.nested: list[tuple[Function, ClassInfo | None]] = []
        self.returned_shared: set[int] = set()
        #: functions that may keep what they compute: everything they call is followed
        self.wide: set[int] = set()
        self.ctx.orm.context = Context(file=file_name(ctx.main))

    def entries(self) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """What runs per request: (function, class, receiver or None, anchor or None)."""
        chosen = self._relevant()
        ordered = sorted(self.functions, key=lambda entry: entry[0].name != "get_queryset")
        for function, value, info in ordered:
            if info is not None and "test" in self.ctx.hierarchy.kinds(info):
                continue
            targets = [option for option in options(value) if isinstance(option, Function)]
            if id(function.node) not in chosen and all(
                target.node is function.node for target in targets
            ):
                continue
            found = False
            for target in targets:
                if target.source is self.ctx.main:
                    found = True
                    yield target, info, None, None
                elif target.scope.kind == "function":
                    anchor = decorator_anchor(function)
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
                self._captures(closure) or self.ctx.reach.mentioned(closure).has_global
            ):
                yield closure, info, None, None
        yield from self._inherited()
        yield from self._singletons()

    def _captures(self, function: Function) -> bool:
        """Whether a closure holds something of process lifetime that it uses."""
        known = self.ctx.reach.mentioned(function)
        scope: Scope | None = function.scope
        while scope is not None and scope.kind == "function":
            for name in known.names & scope.vars.keys():
                if self.ctx.reach.interesting(scope.vars[name]):
                    return True
            scope = scope.parent
        return any(self.ctx.reach.interesting(default) for default in function.defaults.values())

    def _relevant(self) -> set[int]:
        """The functions that may do something with a value of process lifetime."""
        reach = self.ctx.reach
        seen = {id(function.node): reach.mentioned(function) for function, _, _ in self.functions}
        everything = (
            frozenset().union(*(m.names | m.attributes for m in seen.values()))
            if seen
            else frozenset()
        )
        shared = reach.shared_names(everything)
        containers = {
            name
            for name, value in self.ctx.main.scope.vars.items()
            if isinstance(
                value,
                (Mapping, Sequence, Instance, ClassValue, Function, Imported, ModuleValue),
            )
        }
        chosen: set[int] = set()
        for function, value, info in self.functions:
            known = seen[id(function.node)]
            reached = [shared[name] for name in known.names & shared.keys()]
            reached += filter(reach.interesting, function.defaults.values())
            reached += reach.through_names(known)
            keeps_rows = self._keeps_rows(function, value, info, containers)
            moment = any(map(is_moment, reached))
            if info is not None:
                moment = moment or bool(known.attributes & reach.moments(info))
            if keeps_rows or moment:
                self.wide.add(id(function.node))
            if keeps_rows or reached or self._uses_shared_attribute(known, info):
                chosen.add(id(function.node))
        # whoever calls a function that hands out something shared matters, too
        names = {
            function.name
            for function, _, _ in self.functions
            if id(function.node) in chosen and seen[id(function.node)].returns
        }
        # and whoever calls one that stores may look at what is there before
        filling = {
            function.name
            for function, _, _ in self.functions
            if id(function.node) in self.wide and not seen[id(function.node)].returns
        }
        # whoever calls a memoised one may give it a time as a part of its key
        filling |= {
            function.name
            for function, value, info in self.functions
            if any(mark.startswith("memo:") for mark in marks_of(value))
            and len(function.node.args.args) > (info is not None)
        }
        for function, _, _ in self.functions:
            known = seen[id(function.node)]
            if (known.names | known.attributes) & names:
                chosen.add(id(function.node))
            if (known.names | known.own) & filling:
                chosen.add(id(function.node))
                self.wide.add(id(function.node))
        return chosen

    def _uses_shared_attribute(self, known: Mentions, info: ClassInfo | None) -> bool:
        if info is None:
            return False
        shared = self.ctx.reach.shared_attributes(info)
        return bool(shared) and bool(
            known.attributes & shared or known.own & self.ctx.reach.carriers(info)
        )

    def _keeps_rows(
        self, function: Function, value: Value, info: ClassInfo | None, containers: set[str]
    ) -> bool:
        """Whether a function may keep what it computes for longer than the call."""
        known = self.ctx.reach.mentioned(function)
        return (
            known.has_global
            or is_middleware(function)
            or any(mark.startswith("memo:") for mark in marks_of(value))
            or self._stores(known, function, info, containers)
            or self._fills_an_object(known)
            or (
                "cached_property" in marks_of(value)
                and info is not None
                and "singleton" in self.ctx.hierarchy.kinds(info)
            )
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
        kinds = self.ctx.hierarchy.kinds(info)
        if kinds & {"singleton", "lazy-object"} or "__class__" in known.attributes:
            return True
        own = {
            name
            for name, value in info.scope.vars.items()
            if isinstance(value, (Mapping, Sequence))
        }
        return bool(own & known.own)

    def _fills_an_object(self, known: Mentions) -> bool:
        """Whether a method of an object of process lifetime, which stores in it, is called."""
        for name, attribute in known.pairs:
            value = self.ctx.main.scope.vars.get(name)
            if isinstance(value, Imported):
                if not is_plain_binding(value):
                    continue
                value = self.ctx.names.scope_value(self.ctx.main.scope, name)
            if isinstance(value, Instance) and isinstance(value.cls, ClassValue):
                method = self.ctx.hierarchy.attribute_of_class(value.cls.info, attribute)
                if isinstance(method, Function) and not isinstance(method.node, ast.Lambda):
                    if stores_in_itself(method.node):
                        return True
        return False

    def _inherited(
        self,
    ) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """Methods of base classes that reach what a subclass of this file gives its objects."""
        reach = self.ctx.reach
        for info in self.own_classes:
            shared = reach.shared_attributes(info)
            if not shared:
                continue
            everything = shared | reach.leading_to(info, shared)
            given = frozenset(everything & info.bindings.keys())
            own = given | reach.leading_to(info, given) if given else given
            mine = self.ctx.hierarchy.kinds(info)
            for base in self.ctx.hierarchy.mro(info)[1:]:
                if not isinstance(base, ClassInfo) or not base.methods:
                    continue
                # a mixin's method means something else in a class of another kind
                known = everything if self.ctx.hierarchy.kinds(base) != mine else own
                for name, method in base.methods:
                    used = known & attributes_of_self(method)
                    if not used or self.ctx.hierarchy.owner_of(info, name) is not base:
                        continue
                    function = self.ctx.hierarchy.own_attribute(base, name)
                    if not isinstance(function, Function):
                        continue
                    if used & reach.moments(info):
                        self.wide.add(id(method))
                    anchor = None
                    if base.source is not self.ctx.main:
                        anchor = self._stands_for(info, used, given & shared)
                    yield function, info, None, anchor

    def _stands_for(self, info: ClassInfo, used: frozenset[str], given: frozenset[str]) -> ast.AST:
        """What in a class of this file leads to a method of another file: an attribute, a base."""
        assert info.node is not None
        first = sorted(used & given) or sorted(given) or sorted(used)
        return self.ctx.framework.binding(
            info, first[0], info.node.bases[0] if info.node.bases else info.node
        )

    def _made_by(self, info: ClassInfo) -> list[Value]:
        """What the constructor of a class, whose objects live as long as the process, keeps."""
        init = self.ctx.hierarchy.attribute_of_class(info, "__init__")
        if self.ctx.lifetimes.of_instances(info) is not Lifetime.PROCESS:
            return []
        if not isinstance(init, Function) or init.source is not self.ctx.main:
            return []
        frame = Frame(self.ctx.main.scope, self.ctx.main)
        made = Instance(ClassValue(info), Moment.IMPORT, init.node, self.ctx.main, generic=True)
        self.ctx.muted += 1
        self.ctx.moment = Moment.IMPORT  # made once, before the first request
        try:
            self.ctx.calls.call_function(init, [made], {MAYBE: UNKNOWN}, init.node, frame, made)
            return list(self.ctx.heap.stored_all(made).values())
        except (GaveUp, RecursionError):
            return []
        finally:
            self.ctx.muted -= 1
            self.ctx.moment = Moment.CALL

    def _singletons(
        self,
    ) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """Methods of objects that were made at import and live as long as the process."""
        seen: set[int] = set()
        for root, around in self._roots():
            for value in walk(root, 3):
                if not isinstance(value, Instance) or id(value) in seen:
                    continue
                seen.add(id(value))
                if isinstance(value.cls, ClassValue) and self._is_singleton(value, around):
                    yield from self._methods_of(value, value.cls)

    def _roots(self) -> Iterator[tuple[Value, ClassInfo | None]]:
        """What the file's module and classes hold, and the class body it stands in."""
        for value in self.ctx.main.scope.vars.values():
            yield value, None
        for body in self.own_classes:  # what is set on a class later is not copied
            yield from ((value, None) for value in body.extra.values())
        for body in self.own_classes:
            yield from ((value, body) for value in body.scope.vars.values())
            yield from ((value, None) for value in self._made_by(body))

    def _is_singleton(self, value: Instance, around: ClassInfo | None) -> bool:
        """Whether an object is the file's own, and not copied like the fields of a form."""
        if value.source is not self.ctx.main or self.ctx.hierarchy.kinds(value.cls) & _COPIED:
            return False
        return around is None or self.ctx.lifetimes.in_body(value, around) is Lifetime.PROCESS

    def _methods_of(
        self, value: Instance, cls: ClassValue
    ) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """The methods of an object that read what is interesting of it, or store in it."""
        held = {
            name
            for name, item in self.ctx.heap.stored_all(value).items()
            if self.ctx.reach.interesting(item)
        }
        for base in self.ctx.hierarchy.mro(cls.info):
            if not isinstance(base, ClassInfo):
                continue
            anchor = value.node if base.source is not self.ctx.main else None
            for name, statements in base.bindings.items():
                method = statements[-1]
                if name == "__init__" or not isinstance(
                    method, (ast.FunctionDef, ast.AsyncFunctionDef)
                ):
                    continue
                function = self.ctx.hierarchy.own_attribute(base, name)
                if isinstance(function, Function) and (
                    held & attributes_of_self(method)
                    or "cached_property" in function.marks
                    or stores_in_itself(method)
                ):
                    if anchor is None:
                        self.wide.add(id(method))
                    yield function, cls.info, value, anchor


#: Objects that are copied for every request.
_COPIED = frozenset({"form-field", "widget", "serializer-field", "filter"})


def stores_in_itself(method: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a method puts something into its object: an attribute, or an item."""
    arguments = [*method.args.posonlyargs, *method.args.args]
    return bool(arguments) and arguments[0].arg in mentions(method).stored
