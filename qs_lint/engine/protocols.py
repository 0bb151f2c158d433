"""The methods that Python calls by itself on objects of the project: ``__iter__`` and others."""

from __future__ import annotations

import ast

from qs_lint.domain import Moment, Text, Use, uses
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, Frame
from qs_lint.facts.data_model import COMPARISONS, OPERATORS
from qs_lint.values import (
    NONE,
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Function,
    Instance,
    ModuleValue,
    Value,
    decide,
    derived,
    join,
    options,
)

#: An object of the project: of one of its classes, or a class with a metaclass of the project.
Object = Instance | ClassValue
#: What makes a text of an object: the first one that it has.
TEXTS: dict[Text, tuple[str, ...]] = {
    Text.FORMATTED: ("__format__", "__str__", "__repr__"),
    Text.STR: ("__str__", "__repr__"),
    Text.REPR: ("__repr__",),
    Text.NONE: (),
}


class Protocols(Component):
    """What Python asks of an object when the code only uses it."""

    def type_of(self, value: Object) -> ClassInfo | None:
        """The class of an object, if the project defines it."""
        if isinstance(value, ClassValue):
            return self.ctx.hierarchy.metaclass(value.info)
        return value.cls.info if isinstance(value.cls, ClassValue) else None

    def special(self, value: Object, name: str) -> Bound | None:
        """A special method, looked up on the class; ``None`` if the project defines none."""
        info = self.type_of(value)
        if info is None:
            return None
        method = self.ctx.hierarchy.attribute_of_class(info, name)
        return Bound(value, method) if isinstance(method, Function) else None

    def ask(
        self,
        value: Object,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """Call a special method; ``None`` if the project defines none."""
        method = self.special(value, name)
        if method is None:
            return None
        return self._called(method, args, keywords, node, frame)

    def _called(
        self,
        method: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call what the code does not name: at import, only what is certain to run counts.

        A settings object reads the database for some of its names; which ones nobody can tell.
        """
        before = len(self.ctx.runs)
        certain = True
        try:
            made = self.ctx.calls.call(method, args, keywords, node, frame)
        finally:
            if self.ctx.moment is Moment.IMPORT and len(self.ctx.runs) > before:
                kept = [run for run in self.ctx.runs[before:] if not run.doubtful]
                certain = len(kept) == len(self.ctx.runs) - before
                self.ctx.runs[before:] = kept
        return made if certain else UNKNOWN

    def first(
        self, value: Object, names: tuple[str, ...], args: list[Value], node: ast.AST, frame: Frame
    ) -> Value | None:
        """Call the first of several special methods that there is."""
        for name in names:
            made = self.ask(value, name, args, {}, node, frame)
            if made is not None:
                return made
        return None

    def iterate(self, value: Object, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``for item in object``."""
        made = self.first(value, ("__iter__", "__aiter__"), [], node, frame)
        if made is None:
            made = self.ask(value, "__getitem__", [UNKNOWN], {}, node, frame)
            return derived([value]) if made is None else made
        found: list[Value] = []
        for option in options(made):
            if isinstance(option, Instance):
                item = self.first(option, ("__next__", "__anext__"), [], node, frame)
                found.append(derived([option]) if item is None else item)
            else:
                found.append(option.iterate(self.ctx, node, how, frame))
        return join(found)

    def length(self, value: Object, node: ast.AST, frame: Frame) -> Value:
        """``len(object)``."""
        made = self.ask(value, "__len__", [], {}, node, frame)
        return derived([value]) if made is None else made

    def test(self, value: Object, node: ast.AST, frame: Frame) -> bool | None:
        """``if object``: its ``__bool__`` or ``__len__``; ``None``: nobody knows."""
        made = self.first(value, ("__bool__", "__len__"), [], node, frame)
        if made is not None:
            decide(made)
        return None

    def contains(self, value: Object, item: Value, node: ast.AST, frame: Frame) -> Value:
        """``item in object``."""
        made = self.ask(value, "__contains__", [item], {}, node, frame)
        return self.iterate(value, node, uses.MEMBERSHIP, frame) if made is None else made

    def show(self, value: Object, node: ast.AST, how: Use, frame: Frame) -> Value:
        """``str(object)``, ``repr(object)``, ``format(object)``."""
        for name in TEXTS[how.text]:
            args = [Const("")] if name == "__format__" else []
            made = self.ask(value, name, list(args), {}, node, frame)
            if made is not None:
                return derived([made])
        return derived([value])

    def operate(
        self,
        left: Value,
        operator: ast.operator | ast.cmpop,
        right: Value,
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """``left op right``; ``None`` if no method of the project is called."""
        names = (OPERATORS.get(type(operator).__name__) or ("", "", ""))[:2]
        names = COMPARISONS.get(type(operator).__name__, names)
        for one, other, name in ((left, right, names[0]), (right, left, names[1])):
            if name and isinstance(one, Instance | ClassValue):
                made = self.ask(one, name, [other], {}, node, frame)
                if made is not None:
                    return made
        return None

    # attributes

    def bind(
        self, found: Value, receiver: Value, owner: Value, node: ast.AST, frame: Frame
    ) -> Value:
        """What reading a class attribute gives: a descriptor of the project is asked."""
        if not isinstance(found, Instance):
            return found
        instance = NONE if receiver is owner else receiver
        made = self.ask(found, "__get__", [instance, owner], {}, node, frame)
        return found if made is None else made

    def missing(self, value: Object, name: str, node: ast.AST, frame: Frame) -> Value | None:
        """An attribute that is found nowhere: ``__getattr__``."""
        info = self.type_of(value)
        if info is None or name.startswith("__"):
            return None
        if any(base != "builtins.type" for base in self.ctx.hierarchy.foreign_bases(info)):
            return None  # it may be there
        method = self.special(value, "__getattr__")
        if method is None:
            return None
        if method.function.node in self.ctx.active:
            return UNKNOWN  # it asks its own object for something that is not there
        return self._called(method, [Const(name)], {}, node, frame)

    def missing_from(
        self, module: ModuleValue, name: str, node: ast.AST, frame: Frame
    ) -> Value | None:
        """A name that a module does not bind: its ``__getattr__``."""
        if "__getattr__" not in module.source.scope.bindings or name.startswith("__"):
            return None
        asked = self.ctx.modules.member(module.source, "__getattr__", submodules=False)
        if not isinstance(asked, Function):
            return None
        return self._called(asked, [Const(name)], {}, node, frame)

    def assigned(
        self, target: Object, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> bool:
        """``object.name = value``, if that runs code of the project: a setter, a descriptor."""
        info = self.type_of(target)
        if info is None:
            return False
        setter = self.ctx.hierarchy.attribute_of_class(info, "__setattr__")
        if isinstance(setter, Function) and setter.node not in self.ctx.active:
            given: list[Value] = [Const(name), value]
            self.ctx.calls.call(Bound(target, setter), given, {}, node, frame)
            return True
        found = self.ctx.hierarchy.attribute_of_class(info, name)
        if isinstance(found, Function) and found.setter is not None:
            self.ctx.calls.call(Bound(target, found.setter), [value], {}, node, frame)
            return True
        if isinstance(found, Instance):
            made = self.ask(found, "__set__", [target, value], {}, node, frame)
            return made is not None
        return False
