"""What a function can reach of the values that live as long as the process.

It reaches them by names of its module, by attributes of its object and of the methods that it
calls there, by default arguments, and by functions that hand them out.  All of this is asked
before anything is run: the answers decide what is worth running.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.domain import Moment
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component
from qs_lint.engine.nodes import nodes_in
from qs_lint.engine.relevance import Mentions, attributes_of_self, is_computed, mentions
from qs_lint.engine.replay import asked
from qs_lint.facts.lifecycle import BEFORE, READ_IN
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
    from collections.abc import Iterator

    from qs_lint.engine.context import EngineContext
    from qs_lint.engine.scope import ModuleScope

_LAZY = frozenset((QuerySetValue, Deferred))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)


class Reach(Component):
    """Answers what functions and classes can get hold of."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        self._hands_out: dict[int, bool] = {}
        #: functions that were given a container of process lifetime in which they store
        self.filling: set[int] = set()
        self._class_shared: dict[int, frozenset[str]] = {}
        self._body_shared: dict[int, dict[str, Value]] = {}

    # values

    @staticmethod
    def interesting(value: Value) -> bool:
        """Whether a value of process lifetime may matter at call time."""
        if value.leaf or value is UNKNOWN:
            return False
        for part in walk(value, 4):
            if type(part) in _LAZY:
                return True
        return is_moment(value)

    # functions

    @staticmethod
    def mentioned(function: Function) -> Mentions:
        """What a function mentions."""
        return mentions(function.node)

    def hands_out(self, function: Function) -> bool:
        """Whether a function may return something of process lifetime that it reaches."""
        key = id(function.node)
        known = self._hands_out.get(key)
        if known is None:
            self._hands_out[key] = False  # recursion ends here
            known = self._hands_out[key] = self._may_hand_out(function)
        return known

    def _may_hand_out(self, function: Function) -> bool:
        known = self.mentioned(function)
        if not known.returns:
            return False
        main = self.ctx.main
        scope = function.source.scope if function.source is not main else main.scope
        for name in known.names:
            if self._hands_out_name(scope, name):
                return True
        if function.owner is not None and known.own & self.shared_attributes(function.owner):
            return True
        return any(self.interesting(default) for default in function.defaults.values())

    def _hands_out_name(self, scope: ModuleScope, name: str) -> bool:
        """Whether a name of a module is something shared, or a function there that hands it out."""
        statements = scope.bindings.get(name, ())
        if not statements or all(isinstance(s, ast.Import) for s in statements):
            return False
        if not is_computed(statements) and not isinstance(statements[0], _DEFINITIONS):
            return False
        if all(isinstance(statement, _DEFINITIONS) for statement in statements):
            found = self.ctx.names.scope_value(scope, name)
            if isinstance(found, ClassValue):
                return self._is_store(found)
            return isinstance(found, Function) and self.hands_out(found)
        if isinstance(statements[-1], ast.ImportFrom):
            value = scope.vars.get(name)
            if isinstance(value, Imported) and not is_plain_binding(value):
                return False
        found = self.ctx.names.scope_value(scope, name)
        return found is not None and self.interesting(found)

    # names of the checked module

    def shared_names(self, mentioned: frozenset[str]) -> dict[str, Value]:
        """What the names of the module hold that functions may get something shared from."""
        found: dict[str, Value] = {}
        scope = self.ctx.main.scope
        for name in [name for name in scope.vars if name in mentioned]:
            value: Value | None = scope.vars[name]
            if isinstance(value, Imported):
                if not self._may_matter(value):
                    continue
                value = self.ctx.names.scope_value(scope, name)
            if value is not None and self._leads_to_shared(value):
                found[name] = value
        return found

    @staticmethod
    def _may_matter(value: Imported) -> bool:
        """Whether an imported name is worth reading: no literal, and no class of a framework."""
        statements = value.source.scope.bindings.get(value.name, [])
        if not is_plain_binding(value):
            return _may_lead(value)
        return not statements or is_computed(statements)

    def _leads_to_shared(self, value: Value) -> bool:
        if isinstance(value, Function) and value.source is not self.ctx.main:
            return self.hands_out(value)
        if isinstance(value, ClassValue) and value.info.source is not self.ctx.main:
            return self._is_store(value)
        if isinstance(value, Instance) and self._leads_to_shared(value.cls):
            return True
        return self._holds_shared(value)

    def _is_store(self, cls: ClassValue) -> bool:
        """Whether a class that is nothing to a framework has something to share."""
        return not self.ctx.hierarchy.kinds(cls) and bool(self.shared_attributes(cls.info))

    def _holds_shared(self, value: Value) -> bool:
        """Whether a value, or an attribute of an object of process lifetime, may matter."""
        if isinstance(value, Instance) and value.born is Moment.IMPORT:
            if any(map(self.interesting, self.ctx.heap.stored_all(value).values())):
                return True
        return self.interesting(value)

    def through_names(self, known: Mentions) -> Iterator[Value]:
        """What is shared and read through a class, a module or a function: ``SomeView.rows``."""
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
            found: Value | None = None
            if isinstance(value, ModuleValue):
                found = self._of_module(value, attribute)
            elif isinstance(value, Function):
                found = self.ctx.heap.stored(value.node, attribute)
            elif isinstance(value, ClassValue):
                found = self._of_class(value.info, attribute)
            if found is not None and self._leads_to_shared(found):
                yield found

    def _of_module(self, value: ModuleValue, attribute: str) -> Value | None:
        statements = value.source.scope.bindings.get(attribute, ())
        if not statements or all(isinstance(s, ast.ClassDef) for s in statements):
            return None
        return self.ctx.modules.member(value.source, attribute, submodules=False)

    def _of_class(self, info: ClassInfo, attribute: str) -> Value | None:
        for base in self.ctx.hierarchy.mro(info):
            if isinstance(base, ClassInfo) and attribute in base.bindings:
                return self.ctx.hierarchy.own_attribute(base, attribute)
        return None

    # classes

    @asked
    def shared_attributes(self, info: ClassInfo) -> frozenset[str]:
        """The attributes of a class's objects that may hold something shared."""
        if id(info) not in self._class_shared:
            found: set[str] = set()
            singleton = "singleton" in self.ctx.hierarchy.kinds(info)
            for base in self.ctx.hierarchy.mro(info):
                if not isinstance(base, ClassInfo):
                    continue
                found.update(self._shared_in_body(base))
                if singleton:
                    found.update(
                        name
                        for name, places in base.rebinds.items()
                        if any(method.name in BEFORE for method, _, _ in places)
                    )
            self._class_shared[id(info)] = frozenset(found)
        return self._class_shared[id(info)]

    @asked
    def moments(self, info: ClassInfo) -> frozenset[str]:
        """The class attributes that were right only when the class was made."""
        return frozenset(
            name
            for base in self.ctx.hierarchy.mro(info)
            if isinstance(base, ClassInfo)
            for name, value in self._shared_in_body(base).items()
            if is_moment(value)
        )

    @asked
    def carriers(self, info: ClassInfo) -> frozenset[str]:
        """The methods of a class that may return what its shared attributes hold."""
        shared = self.shared_attributes(info)
        found = self.leading_to(info, shared) if shared else shared
        return found | {"get_queryset"} if shared else found

    @asked
    def leading_to(self, info: ClassInfo, names: frozenset[str]) -> frozenset[str]:
        """The methods that return something and read one of the names, by other methods or not."""
        reads: dict[str, set[str]] = {}
        for base in self.ctx.hierarchy.mro(info):
            for name, method in base.methods if isinstance(base, ClassInfo) else ():
                if mentions(method).returns:
                    reads.setdefault(name, set()).update(attributes_of_self(method))
        found: set[str] = set()
        more = {name for name, read in reads.items() if read & names}
        while more - found:
            found |= more
            more = {name for name, read in reads.items() if read & found}
        return frozenset(found)

    def _shared_in_body(self, info: ClassInfo) -> dict[str, Value]:
        """What the body of a class, or the file afterwards, gives it to share."""
        known = self._body_shared.get(id(info))
        if known is None:
            known = {}
            for name, statements in info.bindings.items():
                if is_computed(statements):
                    value = self.ctx.hierarchy.own_attribute(info, name)
                    if value is not None and self.interesting(value):
                        known[name] = value
            known.update(
                (name, value) for name, value in info.extra.items() if self.interesting(value)
            )
            self._body_shared[id(info)] = known
            self.ctx.heap.keep.append(info)
        return known

    def is_read(self, info: ClassInfo, name: str) -> bool:
        """Whether anybody reads an attribute of a class, as far as this file shows."""
        hook = READ_IN.get(name)
        if hook is None or self._leads_to_framework(info, hook):
            return True
        family = [
            other
            for other in (info, *self.ctx.entries.own_classes)
            if info in self.ctx.hierarchy.mro(other)
        ]
        return any(
            name in attributes_of_self(method)
            for other in family
            for base in self.ctx.hierarchy.mro(other)
            if isinstance(base, ClassInfo)
            for _, method in base.methods
        ) or any(
            isinstance(node, ast.Attribute)
            and node.attr == name
            and getattr(node.value, "id", "") not in ("self", "cls")
            for node in nodes_in(self.ctx.main.tree)
        )

    def _leads_to_framework(self, info: ClassInfo, method: str) -> bool:
        """Whether the framework's own method of a name runs for objects of a class."""
        for base in self.ctx.hierarchy.mro(info):
            if isinstance(base, ClassInfo) and method in base.bindings:
                found = self.ctx.hierarchy.own_attribute(base, method)
                if isinstance(found, Function) and "super" not in self.mentioned(found).names:
                    return False
        return True

    # calls

    def _keeps(self, closure: Function) -> bool:
        """Whether a closure stores something: what it calls may be kept."""
        known = self.mentioned(closure)
        return known.has_global or bool(known.stored)

    def worth_following(
        self, function: Function, args: list[Value], keywords: dict[str, Value]
    ) -> bool:
        """Whether a call made by a request may do something that matters here."""
        entry = self.ctx.entry
        if (
            entry is None
            or id(entry.node) in self.ctx.entries.wide
            or (entry.scope.kind == "function" and self._keeps(entry))
            or function.scope.kind == "function"
            or isinstance(function.node, ast.Lambda)
            or (function.name == entry.name and function.owner is not None)
            or any(self._holds_shared(value) for value in (*args, *keywords.values()))
            or any(id(node) in self.filling for node in self.ctx.active)
            or self._fills(function, args, keywords)
            or self.hands_out(function)
        ):
            return True
        info = self.ctx.entry_class
        if info is None or function.owner is None:
            return False
        known = self.mentioned(function)
        return bool(
            self.shared_attributes(info) & known.attributes or self.carriers(info) & known.own
        )

    def _fills(self, function: Function, args: list[Value], keywords: dict[str, Value]) -> bool:
        """Whether a function stores in a container of process lifetime that it is given."""
        stored = self.mentioned(function).stored
        spec = function.node.args
        names = [parameter.arg for parameter in (*spec.posonlyargs, *spec.args)]
        given = [*zip(names, args, strict=False), *keywords.items()]
        fills = any(name in stored and _is_filled(value) for name, value in given)
        if fills:
            self.filling.add(id(function.node))
        return fills


def _is_filled(value: Value) -> bool:
    """Whether a value may be a container that lives as long as the process."""
    return any(
        isinstance(option, (Mapping, Sequence)) and option.born is Moment.IMPORT
        for option in options(value)
    )


def is_moment(value: Value) -> bool:
    """Whether something in a value was right only when it was computed."""
    return any(isinstance(taint, VolatileRead) for taint in taints_of(value))


def is_plain_binding(value: Imported) -> bool:
    """Whether an imported name is bound by something else than ``def`` and ``class``."""
    statements = value.source.scope.bindings.get(value.name, ())
    if not statements:
        return bool(value.source.scope.stars)
    return not all(isinstance(statement, _DEFINITIONS) for statement in statements)


def _may_lead(value: Imported) -> bool:
    """Whether an imported name is a function, or a class with values of its own."""
    statements = value.source.scope.bindings.get(value.name, ())
    return bool(statements) and all(
        isinstance(s, _FUNCTIONS) or (isinstance(s, ast.ClassDef) and not s.bases)
        for s in statements
    )


def _is_submodule(value: Imported) -> bool:
    return value.source.is_package and value.name not in value.source.scope.bindings
