"""What runs per request: the functions that may do something with a value of process lifetime."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from qs_lint.domain.observations import Context
from qs_lint.engine.classes import ClassInfo, remembers
from qs_lint.engine.context import Component, file_name
from qs_lint.engine.relevance import (
    Mentions,
    attributes_of_self,
    decorator_anchor,
    is_computed,
    is_middleware,
    marks_of,
    mentions,
)
from qs_lint.engine.replay import asked
from qs_lint.engine.scope import Scope
from qs_lint.facts.lifecycle import BEFORE
from qs_lint.values import (
    UNKNOWN,
    ClassValue,
    Deferred,
    Function,
    Imported,
    Instance,
    Mapping,
    ModuleValue,
    QuerySetValue,
    Sequence,
    Value,
    VolatileRead,
    options,
    taints_of,
    walk,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext


_LAZY = frozenset((QuerySetValue, Deferred))


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
        self._hands_out: dict[int, bool] = {}
        self._class_shared: dict[int, set[str]] = {}
        self._body_shared: dict[int, set[str]] = {}
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
            for name, value in self.ctx.main.scope.vars.items()
            if isinstance(
                value,
                (Mapping, Sequence, Instance, ClassValue, Function, Imported, ModuleValue),
            )
        }
        chosen: set[int] = set()
        for function, value, info in self.functions:
            known = seen[id(function.node)]
            own = self._shared_attributes_of(info) if info is not None else set()
            keeps_rows = (
                known.has_global
                or is_middleware(function)
                or any(mark.startswith("memo:") for mark in marks_of(value))
                or self._stores(known, function, info, containers)
                or (
                    "cached_property" in marks_of(value)
                    and info is not None
                    and "singleton" in self.ctx.hierarchy.kinds(info)
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
        for name in list(self.ctx.main.scope.vars):
            if name not in mentioned:
                continue
            value: Value | None = self.ctx.main.scope.vars[name]
            if isinstance(value, Imported):
                if not self._is_plain_binding(value):
                    continue
                value = self.ctx.names.scope_value(self.ctx.main.scope, name)
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
        kinds = self.ctx.hierarchy.kinds(info)
        if kinds & {"singleton", "lazy-object"} or "__class__" in known.attributes:
            return True
        own = {
            name
            for name, value in info.scope.vars.items()
            if isinstance(value, (Mapping, Sequence))
        }
        return bool(own & known.own)

    def mentioned(self, function: Function) -> Mentions:
        """What a function mentions."""
        return mentions(function.node)

    def worth_following(
        self, function: Function, args: list[Value], keywords: dict[str, Value]
    ) -> bool:
        """Whether a call made by a request may do something that matters here."""
        if (
            self.ctx.entry is None
            or id(self.ctx.entry.node) in self.wide
            or self.ctx.entry.scope.kind == "function"
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
        info = self.ctx.entry_class
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
        scope = (
            function.source.scope if function.source is not self.ctx.main else self.ctx.main.scope
        )
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
            found = self.ctx.names.scope_value(scope, name)
            if found is not None and self.interesting(found):
                return True
        return any(self.interesting(default) for default in function.defaults.values())

    @asked
    def _shared_attributes_of(self, info: ClassInfo) -> set[str]:
        if id(info) not in self._class_shared:
            found: set[str] = set()
            singleton = "singleton" in self.ctx.hierarchy.kinds(info)
            for base in self.ctx.hierarchy.mro(info):
                if not isinstance(base, ClassInfo):
                    continue
                own = self._shared_in_body(base)
                if own:
                    found |= own
                if singleton:
                    found.update(
                        name
                        for name, places in base.rebinds.items()
                        if any(method.name in BEFORE for method, _, _ in places)
                    )
            if found:
                found.add("get_queryset")
            self._class_shared[id(info)] = found
        return self._class_shared[id(info)]

    def _shared_in_body(self, info: ClassInfo) -> set[str]:
        """What the body of a class, or the file afterwards, gives it to share."""
        known = self._body_shared.get(id(info))
        if known is None:
            known = set()
            for name, statements in info.bindings.items():
                if is_computed(statements):
                    value = self.ctx.hierarchy.own_attribute(info, name)
                    if value is not None and self.interesting(value):
                        known.add(name)
            known.update(name for name, value in info.extra.items() if self.interesting(value))
            self._body_shared[id(info)] = known
            self.ctx.heap.keep.append(info)
        return known

    def _uses_class_attribute(self, known: Mentions) -> bool:
        """``SomeView.queryset``: a class attribute, read through the name of the class."""
        for name, attribute in known.pairs:
            if attribute in ("objects", "DoesNotExist", "as_view"):
                continue
            value = self.ctx.main.scope.vars.get(name)
            if (
                not name[:1].isupper()
                and not isinstance(value, (Function, ModuleValue))
                and not (isinstance(value, Imported) and _is_submodule(value))
            ):
                continue
            if isinstance(value, Imported):
                value = self.ctx.names.scope_value(self.ctx.main.scope, name)
            if isinstance(value, ModuleValue):
                statements = value.source.scope.bindings.get(attribute, ())
                if not statements or all(
                    isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
                    for s in statements
                ):
                    continue
                member = self.ctx.modules.member(value.source, attribute, submodules=False)
                if member is not None and self.interesting(member):
                    return True
                continue
            if isinstance(value, Function):
                held = self.ctx.heap.stored(value.node, attribute)
                if held is not None and self.interesting(held):
                    return True
            if not isinstance(value, ClassValue):
                continue
            for base in self.ctx.hierarchy.mro(value.info):
                if isinstance(base, ClassInfo) and attribute in base.bindings:
                    found = self.ctx.hierarchy.own_attribute(base, attribute)
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
            mine = self.ctx.hierarchy.kinds(info)
            for base in self.ctx.hierarchy.mro(info)[1:]:
                if not isinstance(base, ClassInfo) or not base.methods:
                    continue
                # a mixin's method means something else in a class of another kind
                known = shared if self.ctx.hierarchy.kinds(base) != mine else own
                for name, method in base.methods:
                    used = known & attributes_of_self(method)
                    if not used or self.ctx.hierarchy.owner_of(info, name) is not base:
                        continue
                    function = self.ctx.hierarchy.own_attribute(base, name)
                    if not isinstance(function, Function):
                        continue
                    anchor = None
                    if base.source is not self.ctx.main:
                        first = sorted(used & own) or sorted(used)
                        assert info.node is not None
                        anchor = self.ctx.framework.binding(
                            info, first[0], info.node.bases[0] if info.node.bases else info.node
                        )
                    yield function, info, None, anchor

    def _singletons(
        self,
    ) -> Iterator[tuple[Function, ClassInfo | None, Value | None, ast.AST | None]]:
        """Methods of objects that were made at import and live as long as the process."""
        seen: set[int] = set()
        roots: list[Value] = list(self.ctx.main.scope.vars.values())
        for info in self.own_classes:
            roots.extend(info.scope.vars.values())
        for root in roots:
            for value in walk(root, 3):
                if not isinstance(value, Instance) or id(value) in seen:
                    continue
                seen.add(id(value))
                if value.source is not self.ctx.main or not isinstance(value.cls, ClassValue):
                    continue
                if self.ctx.hierarchy.kinds(value.cls) & {
                    "form-field",
                    "widget",
                    "serializer-field",
                    "filter",
                }:
                    continue  # copied for every request, like the fields of a form
                held = {
                    name
                    for name, item in self.ctx.heap.stored_all(value).items()
                    if self.interesting(item)
                }
                for base in self.ctx.hierarchy.mro(value.cls.info):
                    if not isinstance(base, ClassInfo):
                        continue
                    for name, statements in base.bindings.items():
                        method = statements[-1]
                        if not isinstance(method, (ast.FunctionDef, ast.AsyncFunctionDef)):
                            continue
                        if name == "__init__":
                            continue
                        function = self.ctx.hierarchy.own_attribute(base, name)
                        if isinstance(function, Function) and (
                            held & attributes_of_self(method)
                            or "cached_property" in function.marks
                            or remembers(method)
                        ):
                            if base.source is self.ctx.main:
                                self.wide.add(id(method))
                            anchor = value.node if base.source is not self.ctx.main else None
                            yield function, value.cls.info, value, anchor

    def interesting(self, value: Value) -> bool:
        """Whether a value of process lifetime may matter at call time."""
        if value.leaf or value is UNKNOWN:
            return False
        for part in walk(value, 4):
            if type(part) in _LAZY:
                return True
        return any(isinstance(taint, VolatileRead) for taint in taints_of(value))


def _is_submodule(value: Imported) -> bool:
    return value.source.is_package and value.name not in value.source.scope.bindings
