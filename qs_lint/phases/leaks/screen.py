"""A cheap look at what functions mention: which of them can store for others at all."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.nodes import defaults_of
from qs_lint.engine.relevance import mentions
from qs_lint.facts.requests import (
    ADMIN_OPTIONS,
    HANDING_OUT,
    MADE_PER_REQUEST,
    SHARED_FIELDS,
    SHARED_OBJECTS,
)
from qs_lint.phases.leaks.references import is_class_method
from qs_lint.values import (
    ClassValue,
    External,
    Function,
    Imported,
    Instance,
    Mapping,
    ModuleValue,
    Opaque,
    Sequence,
    Value,
    options,
)

if TYPE_CHECKING:
    from qs_lint.engine.relevance import Mentions
    from qs_lint.phases.leaks.references import References
    from qs_lint.phases.leaks.things import FunctionNode

#: Attributes that lead from an object to what it shares with others.
_SHARED = frozenset({"__class__", "Meta"}).union(*SHARED_FIELDS.values())
_ADMIN = frozenset(ADMIN_OPTIONS) | frozenset(ADMIN_OPTIONS.values()) | MADE_PER_REQUEST
_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp, ast.Call)


class Screen:
    """Tells which functions of a file may store something that outlives a request."""

    def __init__(self, references: References) -> None:
        self.references = references
        self.ctx = references.ctx
        self.owners: set[str] = set()
        self.containers: set[str] = set()
        self.objects: set[str] = set()
        for name, value in self.ctx.main.scope.vars.items():
            self._note(name, value)
        self._of_class: dict[int, frozenset[str]] = {}

    def _note(self, name: str, value: Value) -> None:
        """Sort a name of the module by what it may hold."""
        for option in options(value):
            if isinstance(option, (ClassValue, Function, ModuleValue, Imported)):
                self.owners.add(name)
            elif isinstance(option, External):
                if any(f"{one}.".startswith(f"{option.name}.") for one in SHARED_OBJECTS):
                    self.owners.add(name)
            elif isinstance(option, Instance):
                self.owners.add(name)
                if isinstance(option.cls, ClassValue) and self._keeps(option.cls.info):
                    self.objects.add(name)
            elif isinstance(option, (Mapping, Sequence)) or (
                isinstance(option, Opaque) and self.references.makes_container(name)
            ):
                self.containers.add(name)

    def _keeps(self, info: ClassInfo) -> bool:
        """Whether methods of a class set attributes of its objects, after they were made."""
        return any(
            method.name != "__init__"
            for base in self.ctx.hierarchy.mro(info)
            if isinstance(base, ClassInfo)
            for places in base.rebinds.values()
            for method, _, _ in places
        )

    def may_store(self, function: FunctionNode, info: ClassInfo | None) -> bool:
        """Whether a function may store something in what outlives a request."""
        known = mentions(function)
        if known.has_global:
            return True
        kinds = self.references.kinds(info)
        if not known.stored:
            # ``fields += [...]`` changes the list that it is the name of
            return bool(kinds & {"admin", "inline"} and known.attributes & _ADMIN)
        shared = self.owners | self.containers
        if known.stored & (shared | {"type", "super"}):
            return True
        if "type" in known.names or known.attributes & HANDING_OUT.keys():
            return True  # a local name for a class
        if any(isinstance(value, _DISPLAYS) for _, value in defaults_of(function)):
            return True
        if known.names & self.containers or known.attributes & _SHARED:
            return True
        if _has_inner(function):
            return True  # a function around another one keeps its variables for that
        if info is None:
            return False
        if kinds & {"admin", "inline"} and known.attributes & _ADMIN:
            return True
        return self._method_may_store(function, info, known)

    def _method_may_store(self, function: FunctionNode, info: ClassInfo, known: Mentions) -> bool:
        named = [*function.args.posonlyargs, *function.args.args]
        me = named[0].arg if named else ""
        shared = self.references.is_shared(info) or id(info) in self.references.objects
        if me in known.stored and (shared or is_class_method(function)):
            return getattr(function, "name", "") not in ("__init__", "ready", "__new__")
        return bool(known.own & self.containers_of(info))

    def containers_of(self, info: ClassInfo) -> frozenset[str]:
        """The attributes of a class, inherited ones too, that may be lists, dicts or sets."""
        found = self._of_class.get(id(info))
        if found is None:
            found = frozenset(
                name
                for base in self.ctx.hierarchy.mro(info)
                if isinstance(base, ClassInfo)
                for name, statements in base.bindings.items()
                if isinstance(getattr(statements[-1], "value", None), _DISPLAYS)
            )
            self._of_class[id(info)] = found
        return found

    def may_call(self, function: FunctionNode, names: frozenset[str]) -> bool:
        """Whether a function may call one of these, or a method of an object of the module."""
        known = mentions(function)
        if (known.names | known.attributes) & names:
            return True
        return bool(known.names & self.objects)


def _body(function: FunctionNode) -> list[ast.stmt]:
    return [] if isinstance(function, ast.Lambda) else function.body


def _has_inner(function: FunctionNode) -> bool:
    """Whether a function is defined in another one."""
    return any(
        isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)) for part in _body(function)
    )
