"""What runs while a class is made: its metaclass, the hooks of its attributes and bases."""

from __future__ import annotations

import ast

from qs_lint.domain import Place
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, EngineContext, Frame
from qs_lint.values import (
    Bound,
    ClassValue,
    Const,
    Function,
    Instance,
    Mapping,
    Sequence,
    Value,
)


class Making(Component):
    """The hooks of a class statement, in the order of their effects."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: classes that are being made, and that ``type.__new__()`` will return
        self.classes: list[ClassInfo] = []

    def made(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        """The body of a class was executed: call what is called next."""
        saved = self.ctx.framework.context_of_class(info)
        place, self.ctx.fates.place = self.ctx.fates.place, Place.CLASS
        self.classes.append(info)
        try:
            self._set_names(info, node, frame)
            self._init_subclass(info, node, frame)
            self._metaclass(info, node, frame)
        finally:
            self.classes.pop()
            self.ctx.fates.place = place
            self.ctx.framework.context_restore(saved)

    def new(self, args: list[Value]) -> Value | None:
        """``type.__new__(mcs, name, bases, namespace)``: the class that is being made."""
        if not self.classes:
            return None
        info = self.classes[-1]
        for argument in args:
            if isinstance(argument, Mapping):
                for name, value in argument.items.items():
                    if isinstance(name, str) and info.scope.vars.get(name) is not value:
                        info.extra[name] = value
        return ClassValue(info)

    def _set_names(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        for name, value in list(info.scope.vars.items()):
            if isinstance(value, Instance):
                given: list[Value] = [ClassValue(info), Const(name)]
                place = self.ctx.framework.binding(info, name, node)
                self.ctx.protocols.ask(value, "__set_name__", given, {}, place, frame)

    def _init_subclass(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        keywords = _without_metaclass(info)
        for base in self.ctx.hierarchy.mro(info)[1:]:
            if isinstance(base, ClassInfo):
                hook = self.ctx.hierarchy.own_attribute(base, "__init_subclass__")
                if isinstance(hook, Function):
                    cls = ClassValue(info)
                    self.ctx.calls.call_function(hook, [cls], keywords, node, frame, cls)
                    return

    def _metaclass(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        meta = self.ctx.hierarchy.metaclass(info)
        if meta is None:
            return
        cls = ClassValue(info)
        about: list[Value] = [
            Const(info.name),
            Sequence("tuple", list(info.bases), self.ctx.moment, node),
            Mapping(dict(info.scope.vars), self.ctx.moment, node),
        ]
        for name, me in (("__new__", ClassValue(meta)), ("__init__", cls)):
            hook = self.ctx.hierarchy.attribute_of_class(meta, name)
            if isinstance(hook, Function):
                keywords = _without_metaclass(info)
                self.ctx.calls.call(Bound(me, hook), about, keywords, node, frame)


def _without_metaclass(info: ClassInfo) -> dict[str, Value]:
    return {name: value for name, value in info.keywords.items() if name != "metaclass"}
