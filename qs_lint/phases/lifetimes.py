"""How long something lives: one answer for memos, shared uses and what requests leave behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.domain import HolderKind, Lifetime, Moment
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, EngineContext
from qs_lint.engine.hierarchy import STDLIB
from qs_lint.engine.replay import asked
from qs_lint.values import ClassValue, External, Instance, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What the instances of a class are for Django -> how long each of them lives.
OF_KIND: tuple[tuple[str, Lifetime], ...] = (
    ("local", Lifetime.REQUEST),
    ("test", Lifetime.RUN),
    ("command", Lifetime.RUN),
    ("migration", Lifetime.RUN),
    ("per-request", Lifetime.REQUEST),
    ("queryset", Lifetime.CALL),
    ("model", Lifetime.REQUEST),
    ("middleware", Lifetime.PROCESS),
    ("lazy-object", Lifetime.PROCESS),
    ("singleton", Lifetime.PROCESS),
)
#: Classes that copy the objects in their bodies for each of their instances, and what they copy.
COPYING = frozenset({"form", "formset", "serializer", "filterset"})
COPIED = frozenset({"form-field", "widget", "serializer-field", "serializer", "filter"})
#: Classes that do not copy those objects but make them anew, by their class and arguments.
REMAKING = frozenset({"serializer"})
#: Holders that belong to a module or to a class: as long as the process.
_OF_PROCESS = frozenset(
    {
        HolderKind.MODULE_GLOBAL,
        HolderKind.MODULE_ATTRIBUTE,
        HolderKind.CLASS_ATTRIBUTE,
        HolderKind.FUNCTION_ATTRIBUTE,
        HolderKind.MANAGER_ATTRIBUTE,
        HolderKind.DEFAULT,
        HolderKind.LAZY_OBJECT,
        HolderKind.MIDDLEWARE_VARIABLE,
    }
)


class Lifetimes(Component):
    """Who makes the objects of a class, and how often."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: class -> the classes of the file that inherit from it, of as many classes as were known
        self._inheriting: dict[int, list[ClassInfo]] = {}
        self._counted = -1

    def lifetime_of(self, kind: HolderKind, owner: Value | ClassInfo | None = None) -> Lifetime:
        """How long a holder keeps what is put into it.

        ``owner`` is the object or the class that it belongs to, where there is one; of a cache, the
        class whose instances are part of the key.
        """
        if kind is HolderKind.LOCAL:
            return Lifetime.CALL
        if isinstance(owner, Instance):
            life = self.of_object(owner)
        elif isinstance(owner, ClassValue):
            life = Lifetime.PROCESS
        elif isinstance(owner, ClassInfo):
            life = self.of_instances(owner)
        elif kind in _OF_PROCESS or kind is HolderKind.CACHE:
            life = Lifetime.PROCESS
        else:
            life = Lifetime.UNKNOWN
        return self._in_process(life)

    def _in_process(self, life: Lifetime) -> Lifetime:
        """Nothing outlives the process that runs the file."""
        if life is Lifetime.PROCESS:
            processes = self.ctx.processes
            if not processes.process.lasts and not processes.borrowed:
                return Lifetime.RUN
        return life

    def of_object(self, value: Instance) -> Lifetime:
        """How long one object lives."""
        if value.generic or value.born is not Moment.IMPORT:
            if isinstance(value.cls, ClassValue):
                return self.of_instances(value.cls.info)
            return self.of_kinds(self.ctx.hierarchy.kinds(value.cls))
        if isinstance(value.cls, External) and "local" in self.ctx.hierarchy.kinds(value.cls):
            return Lifetime.REQUEST
        if isinstance(value.cls, External) and self._may_stand_for_others(value.cls):
            return Lifetime.UNKNOWN
        return Lifetime.PROCESS

    def _may_stand_for_others(self, cls: External) -> bool:
        """Whether an object of an unread class may be a proxy of one for each request."""
        package = cls.name.partition(".")[0]
        return package not in STDLIB and not self.ctx.hierarchy.kinds(cls)

    def in_body(self, value: Instance, body: ClassInfo) -> Lifetime:
        """How long an object in a class body lives: some classes copy it for each instance."""
        kinds = self.ctx.hierarchy.kinds
        if kinds(body) & COPYING and kinds(value.cls) & COPIED:
            return Lifetime.REQUEST
        return Lifetime.PROCESS

    def remade(self, cls: ClassValue, body: ClassInfo | None) -> bool:
        """Whether an object in a class body is made anew, by its class, for each instance."""
        kinds = self.ctx.hierarchy.kinds
        return body is not None and bool(kinds(body) & REMAKING and kinds(cls) & COPIED)

    def of_instances(self, info: ClassInfo) -> Lifetime:
        """How long an instance of a class of the project lives.

        A class that says nothing of itself, a mixin, lives as long as the classes of the file that
        inherit from it, if they agree.
        """
        life = self.of_kinds(self.ctx.hierarchy.kinds(info))
        if life is not Lifetime.UNKNOWN:
            return life
        below = {self.of_kinds(self.ctx.hierarchy.kinds(other)) for other in self.below(info)}
        return below.pop() if len(below) == 1 else Lifetime.UNKNOWN

    @asked
    def below(self, info: ClassInfo) -> list[ClassInfo]:
        """The classes of the file that inherit from a class."""
        own = self.ctx.entries.own_classes
        if self._counted != len(own):
            self._counted, self._inheriting = len(own), {}
            for other in own:
                for base in self.ctx.hierarchy.mro(other):
                    if isinstance(base, ClassInfo) and base is not other:
                        self._inheriting.setdefault(id(base), []).append(other)
        return self._inheriting.get(id(info), [])

    @staticmethod
    def of_kinds(kinds: Iterable[str]) -> Lifetime:
        """How long an instance of a class of these kinds lives."""
        known = frozenset(kinds)
        for kind, life in OF_KIND:
            if kind in known:
                return life
        return Lifetime.UNKNOWN
