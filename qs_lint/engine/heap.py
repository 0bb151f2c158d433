"""Attributes of objects: what was set on them; branches fork this state and merge it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.engine.classes import ClassInfo
from qs_lint.values import (
    UNSET,
    Value,
    join,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext, Frame

from qs_lint.engine.context import Component

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
        merged = first[0].copy()
        differing = {
            name: None
            for state in states[1:]
            if state[0] is not first[0]
            for name, value in state[0].items()
            if merged.get(name) is not value
        }
        for name in differing:
            merged[name] = self._merged([state[0].get(name) for state in states])
        heap: HeapState = {}
        for owner in dict.fromkeys(o for state in states for o in state[1]):
            inner = [state[1].get(owner, _NOTHING) for state in states]
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
        frame.scope.vars = merged
        self.current = heap

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

    def settle_heap(self) -> None:
        """Make what was set so far the ground for all that follows."""
        for owner, attributes in self.current.items():
            self.settled.setdefault(owner, {}).update(attributes)
        self.current = {}
        self.owned.clear()
