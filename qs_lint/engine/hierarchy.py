"""Classes: their order, their attributes, what they are for Django."""

from __future__ import annotations

import ast

from qs_lint.engine.classes import ClassInfo, FunctionNode, linearise
from qs_lint.engine.context import MAX_LAZY, Component, Frame
from qs_lint.engine.replay import asked
from qs_lint.engine.slices import slices
from qs_lint.findings import Confidence
from qs_lint.project.source import FRAMEWORKS
from qs_lint.values import (
    ClassValue,
    External,
    Imported,
    Value,
    usable,
)


class Hierarchy(Component):
    """Classes: their order, their attributes, what they are for Django."""

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
    def metaclass(self, info: ClassInfo) -> ClassInfo | None:
        """The class of a class, if the project defines it."""
        for base in self._mro(info):
            if isinstance(base, ClassInfo):
                found = base.keywords.get("metaclass")
                if isinstance(found, ClassValue):
                    return found.info
        return None

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
                if base.name in self.ctx.facts.models:
                    return Confidence.HIGH
                guess = self._external_model_base(base.name)
                if guess is not None and best is None:
                    best = guess
                if base.name.partition(".")[0] in self.ctx.facts.not_django:
                    return None
        return best

    def _mro(self, info: ClassInfo) -> list[ClassInfo | Value]:
        if info.order is None:
            info.order = [info]  # cycles end here
            bases: list[Value] = []
            for base in info.bases:
                for option in usable(self.ctx.names.force(base)):
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
            return self.ctx.facts.kinds.get(value.name, NO_KINDS)
        if not isinstance(value, ClassInfo):
            return frozenset()
        return self.class_kinds(value)

    def _kinds(self, value: ClassInfo) -> frozenset[str]:
        if value.kinds is None:
            found: set[str] = set()
            value.kinds = frozenset()
            for base in self._mro(value):
                if isinstance(base, External):
                    found.update(self.ctx.facts.kinds_by_name(base.name))
                elif isinstance(base, ClassInfo):
                    for method in base.bindings.get("__init__", ()):
                        if _takes_get_response(method):
                            found.update(("middleware", "singleton"))
            value.kinds = frozenset(found)
        return value.kinds

    def model_confidence(self, value: Value) -> Confidence | None:
        """How certain it is that a value is a Django model class; ``None``: it is not known."""
        if isinstance(value, External):
            return self._external_model(value.name)
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
            return self.ctx.names.force(info.extra[name])
        value = info.scope.vars.get(name)
        if value is None and not info.complete and name in info.bindings:
            if name in info.asking or self.ctx.lazy >= MAX_LAZY:
                return None
            info.asking.add(name)
            try:
                if info.node is not None:
                    part = slices(info.node)[name]
                    if id(part) not in info.done:
                        info.done.add(id(part))
                        frame = Frame(info.scope, info.source, owner=info, body_of=info)
                        self.ctx.names.read_slice(part, frame)
            finally:
                info.asking.discard(name)
            value = info.scope.vars.get(name)
        if isinstance(value, Imported):
            value = self.ctx.names.force(value)
            info.scope.vars[name] = value
        return value

    def _external_model(self, name: str) -> Confidence | None:
        """Whether a class of an unread package is a model: certain, by convention, or unknown."""
        facts = self.ctx.facts
        if name in facts.models or name.startswith("model:"):
            return Confidence.HIGH
        if name in facts.kinds:
            return None
        parts = name.split(".")
        if parts[0] in facts.not_django or parts[0] in STDLIB:
            return None
        last = parts[-1]
        if not last[:1].isupper() or last.isupper():
            return None
        if len(parts) == 1:
            return None
        return Confidence.INFERENCE_FAILURE

    def _external_model_base(self, name: str) -> Confidence | None:
        """Whether inheriting from a class of an unread package makes a model, by convention."""
        facts = self.ctx.facts
        if name in facts.kinds:
            return None
        parts = name.split(".")
        if parts[0] in facts.not_django or parts[0] in STDLIB or parts[0] in FRAMEWORKS:
            return None
        in_models = any("model" in part.lower() for part in parts[:-1])
        if in_models or parts[-1].endswith(("Model", "Page", "ModelBase")):
            return Confidence.INFERENCE_FAILURE
        return None


def _takes_get_response(method: ast.stmt) -> bool:
    return isinstance(method, ast.FunctionDef) and any(
        argument.arg == "get_response" for argument in method.args.args
    )


def _stdlib() -> frozenset[str]:
    import sys

    return frozenset(sys.stdlib_module_names) | {"builtins"}


STDLIB = _stdlib()
NO_KINDS: frozenset[str] = frozenset()
