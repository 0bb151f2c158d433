"""Attributes of objects: what was set on them; branches fork this state and merge it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from qs_lint.engine.classes import ClassInfo
from qs_lint.values import (
    UNKNOWN,
    UNSET,
    Bound,
    ClassValue,
    Function,
    Instance,
    Mapping,
    Partial,
    QuerySetValue,
    Sequence,
    Value,
    join,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from qs_lint.engine.context import EngineContext, Frame
    from qs_lint.engine.scope import Scope
    from qs_lint.engine.slices import Slice
    from qs_lint.engine.world import Source

from qs_lint.engine.context import Component

Changeable = Sequence | Mapping | QuerySetValue | Instance
#: what can be changed of a value in place
Contents = tuple[object, ...]
HeapState = dict[int, dict[str, Value]]
State = tuple[dict[str, Value], HeapState]
_NOTHING: dict[str, Value] = {}


class Heap(Component):
    """What was set on objects."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: attributes of objects: what this statement or entry set, over what was set before
        self.current: HeapState = {}
        self.settled: HeapState = {}
        #: what imported modules set on objects that they made
        self.ground: HeapState = {}
        #: whose attributes in the heap no other state shares
        self.owned: set[int] = set()
        self.keep: list[object] = []
        #: by id: what belongs to slices of imported modules that were executed (see below)
        self.sealed: dict[int, object] = {}
        #: the imported modules that are being read, and what each is going to seal
        self._readers: list[tuple[Source, Slice, list[Value]]] = []
        #: by id: sealed values that the checked file changed, and what was in them before
        self._changed: dict[int, tuple[Changeable, Contents]] = {}
        #: names of imported modules and closures that the checked file bound anew
        self._rebound: dict[tuple[int, str], tuple[Scope, Value | None]] = {}

    def fork(self, frame: Frame) -> State:
        """The state that a branch may change; attributes are copied when they are set."""
        self.owned.clear()
        return frame.scope.vars.copy(), self.current.copy()

    def leave(self, frame: Frame) -> State:
        """The state at the end of a branch, which nothing changes any more."""
        self.owned.clear()
        return frame.scope.vars, self.current

    def restore(self, frame: Frame, state: State) -> None:
        """Go back to a state."""
        self.owned.clear()
        frame.scope.vars = state[0].copy()
        self.current = state[1].copy()

    def merge(self, frame: Frame, states: list[State]) -> None:
        """Continue with what any of several paths may have left; one alone is taken over."""
        if not states:
            return
        self.owned.clear()
        first = states[0]
        if len(states) == 1:
            frame.scope.vars, self.current = first
            return
        frame.scope.vars = _merged_names([names for names, _ in states])
        self.current = self._merged_attributes([attributes for _, attributes in states])

    def _merged_attributes(self, states: list[HeapState]) -> HeapState:
        """The attributes of all objects, after any of several paths."""
        heap: HeapState = {}
        for owner in dict.fromkeys(o for state in states for o in state):
            inner = [state.get(owner, _NOTHING) for state in states]
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
        return heap

    @staticmethod
    def _merged(values: list[Value | None]) -> Value:
        present = [value for value in values if value is not None]
        if all(value is present[0] for value in present):
            return present[0]
        return join(present)

    def stored(self, owner: object, name: str) -> Value | None:
        """An attribute that was set on an object."""
        found = self.current.get(id(owner), _NOTHING).get(name)
        if found is None:
            found = self._settled_attribute(id(owner), name)
        if self.ctx.log is not None and isinstance(owner, ClassInfo):
            self.ctx.log.keep((owner, "stored", (name,)), found)
        return found

    def stored_all(self, owner: object) -> dict[str, Value]:
        """All attributes that were set on an object."""
        key = id(owner)
        found: dict[str, Value] = {}
        for heap in (self.ground, self.settled, self.current):
            found.update(heap.get(key, {}))
        return found

    def _settled_attribute(self, owner: int, name: str) -> Value | None:
        """What the import of this file, or of the module that made an object, set on it."""
        found = self.settled.get(owner, _NOTHING).get(name)
        return self.ground.get(owner, _NOTHING).get(name) if found is None else found

    def put(self, owner: object, name: str, value: Value) -> None:
        """Set an attribute of an object."""
        self.keep.append(owner)
        key = id(owner)
        if key not in self.owned:
            self.owned.add(key)
            self.current[key] = self.current.get(key, _NOTHING).copy()
        self.current[key][name] = value

    # What an imported module made is sealed as soon as the slice that made it was executed.  Other
    # modules cannot change it.  The checked file can, and sees its own changes; imported modules
    # that are read after that do not see them.

    @contextmanager
    def apart(self, source: Source, part: Slice) -> Iterator[list[Value]]:
        """A slice of an imported module is read; what is put into the list is sealed after that."""
        mine = self.current, self.settled
        self.current, self.settled = {}, {}
        self.owned.clear()
        pending: list[Value] = []
        outermost = not self._readers
        if outermost:
            self._swap()
        self._readers.append((source, part, pending))
        try:
            yield pending
        finally:
            self._readers.pop()
            for owner, attributes in self.current.items():
                if owner not in self.sealed:
                    self.ground.setdefault(owner, {}).update(attributes)
            self.current, self.settled = mine
            self.owned.clear()
            self.seal(pending)
            if outermost:
                self._swap()

    def seal_with(self, info: ClassInfo, values: list[Value]) -> None:
        """Seal what a class body made: together with the class, if that is being made."""
        scope = info.scope
        while scope.parent is not None and scope.parent.kind == "class":
            scope = scope.parent
        name = info.name if scope.info is None else scope.info.name
        for reader, part, pending in self._readers:
            if reader is info.source and name in part.names:
                pending.extend(values)
                return
        self.seal(values)

    def seal(self, values: Iterable[Value]) -> None:
        """From now on, what is reached from values belongs to the module that made it."""
        todo = list(values)
        sealed = self.sealed
        while todo:
            value = todo.pop()
            if id(value) in sealed:
                continue
            if isinstance(value, ClassValue):
                sealed[id(value.info)] = value.info
            elif isinstance(value, Function):
                sealed[id(value)] = value
                sealed[id(value.node)] = value.node
                todo.extend(value.defaults.values())
                scope: Scope | None = value.scope
                while scope is not None and scope.kind == "function" and id(scope) not in sealed:
                    sealed[id(scope)] = scope
                    todo.extend(scope.vars.values())
                    scope = scope.parent
            elif isinstance(value, Bound):
                todo += (value.receiver, value.function)
            elif not value.leaf and value is not UNKNOWN:
                sealed[id(value)] = value
                todo.extend(value.held())
                todo.extend(self.ground.get(id(value), _NOTHING).values())
                if isinstance(value, Partial):
                    todo.append(value.function)

    def may_change(self, value: Changeable) -> bool:
        """Whether what runs now may change a value in place; to be asked before each change."""
        key = id(value)
        if key not in self.sealed:
            return True
        if self._readers:
            return False
        if key not in self._changed:
            self._changed[key] = value, _contents(value)
        return True

    def rebind(self, scope: Scope, name: str, value: Value) -> None:
        """Bind a name in a scope around the function that runs: ``global``, ``nonlocal``."""
        if scope.kind == "module":
            if self._readers and scope.source is not self._readers[-1][0]:
                return
            foreign = scope.source is not self.ctx.main
        else:
            foreign = id(scope) in self.sealed
            if foreign and self._readers:
                return
        if foreign and not self._readers:
            before = self.ctx.names.scope_value(scope, name)
            self._rebound.setdefault((id(scope), name), (scope, before))
        scope.vars[name] = value

    def _swap(self) -> None:
        """Put what was there before in the place of the checked file's changes, or back again."""
        for key, (value, other) in self._changed.items():
            self._changed[key] = value, _contents(value, other)
        for place, (scope, bound) in self._rebound.items():
            name = place[1]
            self._rebound[place] = scope, scope.vars.pop(name, None)
            if bound is not None:
                scope.vars[name] = bound

    def settle_heap(self) -> None:
        """Make what was set so far the ground for all that follows."""
        for owner, attributes in self.current.items():
            self.settled.setdefault(owner, {}).update(attributes)
        self.current = {}
        self.owned.clear()


def _contents(value: Changeable, other: Contents | None = None) -> Contents:
    """What is in a value; ``other``: put that in its place.  Without it, a copy."""
    if isinstance(value, Sequence):
        found: Contents = (value.items, value.taints, value.open)
        if other is None:
            return (list(value.items), *found[1:])
        value.items, value.taints, value.open = other  # type: ignore[assignment]
    elif isinstance(value, Mapping):
        found = (value.items, value.nodes, value.taints, value.open)
        if other is None:
            return (dict(value.items), dict(value.nodes), *found[2:])
        value.items, value.nodes, value.taints, value.open = other  # type: ignore[assignment]
    elif isinstance(value, QuerySetValue):
        found = (value.filled,)
        if other is not None:
            (value.filled,) = other  # type: ignore[assignment]
    else:
        found = (value.parts,)
        if other is not None:
            (value.parts,) = other  # type: ignore[assignment]
    return found


def _merged_names(states: list[dict[str, Value]]) -> dict[str, Value]:
    """The names of a scope, after any of several paths."""
    first = states[0]
    merged = first.copy()
    # of a name that differs: its values, each once, in the order of the states
    differing: dict[str, dict[int, Value]] = {}
    for state in states[1:]:
        if state is first:
            continue
        for name, value in state.items():
            before = merged.get(name)
            if before is not value:
                if name not in differing:
                    differing[name] = {} if before is None else {id(before): before}
                differing[name][id(value)] = value
    for name, several in differing.items():
        kinds = list(several.values())
        merged[name] = kinds[0] if len(kinds) == 1 else join(kinds)
    return merged
