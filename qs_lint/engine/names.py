"""What a name means: scopes, and imported modules read on demand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.domain import Moment
from qs_lint.engine.context import BUDGET, BUILTINS, MAX_LAZY, Frame, GaveUp
from qs_lint.engine.scope import ModuleScope, Scope
from qs_lint.engine.slices import Slice, slices
from qs_lint.values import (
    UNKNOWN,
    Choice,
    External,
    Imported,
    ModuleValue,
    Value,
    join,
)

if TYPE_CHECKING:
    pass

from qs_lint.engine.context import Component

#: What a name may stand for that was not looked up yet: by itself, or on one of several paths.
UNREAD = frozenset((Choice, Imported))


class Names(Component):
    """What a name means: scopes, and imported modules read on demand."""

    def lookup(self, name: str, frame: Frame) -> Value:
        """What a name means in a frame."""
        near = frame.scope.vars.get(name)
        if near is not None and type(near) not in UNREAD and name not in frame.scope.globals:
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
        if value is not None and type(value) not in UNREAD:
            return value
        if value is None and isinstance(scope, ModuleScope) and not scope.complete:
            if name in scope.missing:
                return None
            value = self.read_name(scope, name)
            if value is None and not self.ctx.lazy and not self.ctx.reading:
                scope.missing.add(name)
        if value is None and scope.info is not None and not scope.info.complete:
            if name in scope.info.bindings and scope.info.source is not self.ctx.main:
                return self.ctx.hierarchy.own_attribute(scope.info, name)
        if value is not None:
            read = self.force(value)
            if read is not value:
                scope.vars[name] = value = read
        return value

    def force(self, value: Value) -> Value:
        """Look up a name that was imported from a project module, on one path or on all."""
        if isinstance(value, Choice) and any(type(option) is Imported for option in value.options):
            return join(self.force(option) for option in value.options)
        if not isinstance(value, Imported):
            return value
        key = (value.source.path, value.name)
        if key in self.ctx.forcing:
            return UNKNOWN  # two modules import a name from each other
        self.ctx.forcing.add(key)
        try:
            found = self.ctx.modules.member(value.source, value.name)
        finally:
            self.ctx.forcing.discard(key)
        return UNKNOWN if found is None else found

    def read_name(self, scope: ModuleScope, name: str) -> Value | None:
        """Execute the slice of an imported module that binds ``name``, and no other statements."""
        part = slices(scope.source.tree).get(name)
        if part is None and not scope.stars:
            return None
        if name in scope.asking or self.ctx.lazy >= MAX_LAZY:
            return None
        scope.asking.add(name)
        self.ctx.reading += 1
        try:
            if part is not None and id(part) not in scope.done:
                scope.done.add(id(part))
                self.read_slice(part, Frame(scope, scope.source))
            value = scope.vars.get(name)
            if value is None:
                for star in scope.stars:
                    value = self.star_member(star, scope, name)
                    if value is not None:
                        scope.vars[name] = value
                        break
            return value
        finally:
            self.ctx.reading -= 1
            scope.asking.discard(name)

    def read_slice(self, part: Slice, frame: Frame) -> None:
        """Execute a slice of a module or class body, wherever the analysis just is."""
        if part.plain:
            saved = self.ctx.moment, self.ctx.budget
            self.ctx.moment, self.ctx.budget = Moment.IMPORT, BUDGET
            self.ctx.muted += 1
            try:
                self.ctx.statements.execute(part.statements, frame)
            finally:
                self.ctx.muted -= 1
                self.ctx.moment, self.ctx.budget = saved
            if frame.source is not self.ctx.main:
                names = (name for name in part.names if name in frame.scope.vars)
                self.ctx.heap.seal([frame.scope.vars[name] for name in names])
            return
        if frame.source is self.ctx.main:
            self._execute_apart(part, frame)
            return
        # what the module makes of its objects is the same for whoever imports it, and what the
        # checked file did to them is not the module's doing
        with self.ctx.heap.apart(frame.source, part) as made:
            self._execute_apart(part, frame)
            bound = [frame.scope.vars[name] for name in part.names if name in frame.scope.vars]
            if frame.body_of is None:
                made.extend(bound)
        if frame.body_of is not None:
            self.ctx.heap.seal_with(frame.body_of, bound)

    def _execute_apart(self, part: Slice, frame: Frame) -> None:
        """Execute a slice with a state of its own: nothing that happens there is reported here."""
        saved = (
            self.ctx.stack,
            self.ctx.active,
            self.ctx.moment,
            self.ctx.budget,
            self.ctx.nesting,
            self.ctx.placement,
        )
        self.ctx.stack, self.ctx.active, self.ctx.moment = [], [], Moment.IMPORT
        self.ctx.budget, self.ctx.nesting, self.ctx.placement = BUDGET, 0, []
        self.ctx.muted += 1
        self.ctx.lazy += 1
        try:
            self.ctx.statements.execute(part.statements, frame)
        except (GaveUp, RecursionError):
            self.ctx.gave_up.append((part.statements[0], "limit"))
        finally:
            self.ctx.muted -= 1
            self.ctx.lazy -= 1
            (
                self.ctx.stack,
                self.ctx.active,
                self.ctx.moment,
                self.ctx.budget,
                self.ctx.nesting,
                self.ctx.placement,
            ) = saved

    def star_member(self, star: ast.ImportFrom, scope: Scope, name: str) -> Value | None:
        """A name that ``from x import *`` may bind."""
        if name.startswith("_"):
            return None
        target = self.ctx.modules.imported_module(scope.source, star.module or "", star.level)
        if isinstance(target, ModuleValue):
            return self.ctx.modules.member(target.source, name, submodules=False)
        if isinstance(target, External) and name not in BUILTINS and name[:1].isupper():
            known = self.ctx.facts.canonical(f"{target.name}.{name}")
            return External(known) if known in self.ctx.facts.kinds else None
        return None
