"""Judges whether another request sees what is stored, and how."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.domain.leaks import Meaning, Storing
from qs_lint.facts.requests import (
    ADDING_VIEWS,
    ADMIN_OPTIONS,
    CHANGE_FORM,
    CHANGE_LIST,
    COLUMN,
    ENTRY_DECORATORS,
    FIRST,
    HANDLERS,
    ONE_AT_A_TIME,
    SAVING,
    SERVING,
)
from qs_lint.phases.leaks.contents import is_taken_back
from qs_lint.phases.leaks.elsewhere import reads_elsewhere
from qs_lint.phases.leaks.flow import ending, position
from qs_lint.phases.leaks.reads import Functions, Read, reads_of
from qs_lint.phases.leaks.references import decorators_of, is_request
from qs_lint.phases.leaks.things import (
    FunctionNode,
    Guard,
    Position,
    Store,
)

if TYPE_CHECKING:
    from qs_lint.engine.classes import ClassInfo
    from qs_lint.phases.leaks.references import References

#: Calls between a function and those that call it.
MOST_CALLERS = 4


def _decides(guard: Guard, store: Store) -> bool:
    """Whether a condition may turn out otherwise for another request: also by what is stored."""
    if _takes_what_is_there(store) and guard.asks_for(store.place):
        return False  # if it is not there, it need not be taken away
    return guard.dynamic or guard.asks_for(store.place)


def _takes_what_is_there(store: Store) -> bool:
    """Whether an item is taken away if it is there: once or twice is the same."""
    return store.storing is Storing.REMOVED and any(
        guard.asks_for(store.place) and not guard.absent for guard in store.guards
    )


def _is_part_of(read: Read, store: Store) -> bool:
    """Whether something is read in order to take it away."""
    return any(
        guard.asks_for(store.place)
        and guard.function is read.function
        and guard.start <= read.position <= ending(store.node)
        for guard in store.guards
    )


class Judge:
    """Tells how others come to see what is stored."""

    def __init__(self, references: References, functions: Functions, stores: list[Store]) -> None:
        self.references = references
        self.functions = functions
        self.stores = stores

    def meaning(self, store: Store) -> tuple[Meaning, Read] | None:
        """How another request sees it, and where; ``None``: nobody reads it."""
        judged = self._meaning(store)
        if judged is not None and judged[0] is Meaning.RACED and self._cannot_race(store):
            return None
        return judged

    def _cannot_race(self, store: Store) -> bool:
        """Whether no other request runs in the process meanwhile, or all of them do the same."""
        alone = bool(self.references.kinds(store.info) & ONE_AT_A_TIME)
        return alone or _takes_what_is_there(store)

    def _meaning(self, store: Store) -> tuple[Meaning, Read] | None:
        """The same, if any two requests may run at once."""
        reads = list(reads_of(store.place, self.functions, self.references))
        if _takes_what_is_there(store):
            reads = [read for read in reads if not _is_part_of(read, store)]
        if not reads:
            reads = list(reads_elsewhere(store.place, self.references))
        if not reads:
            return None
        start, end = position(store.node), ending(store.node)
        reads.sort(key=lambda read: start <= read.position <= end)  # its own statement is last
        grows = store.storing in (Storing.ADDED, Storing.REMOVED) and not store.emptied
        grows = grows and not _takes_what_is_there(store)
        if grows and is_taken_back(store, self.stores):
            return Meaning.RACED, reads[0]
        if grows:
            return Meaning.LEFT_BEHIND, reads[0]
        if self._is_always(store.guards, store):
            for read in reads:
                if self._before(store, read):
                    return Meaning.LEFT_BEHIND, read
            return Meaning.RACED, reads[0]
        if self._set_before(store):
            return Meaning.RACED, reads[0]
        for read in reads:
            if not self._covered(store, read.function, read.position):
                return Meaning.LEFT_BEHIND, read
        return Meaning.RACED, reads[0]

    def _is_always(self, guards: tuple[Guard, ...], store: Store) -> bool:
        """Whether each request stores: under no condition, or on both paths of it."""
        dynamic = [guard for guard in guards if _decides(guard, store)]
        if not dynamic:
            return True
        last = dynamic[-1]
        rest = tuple(guard for guard in guards if guard is not last)
        return any(
            other.place.key == store.place.key
            and other.storing in (Storing.SET, Storing.ITEM)
            and any(
                guard.test == last.test != 0 and guard.negated is not last.negated
                for guard in other.guards
            )
            for other in self.stores
        ) and self._is_always(rest, store)

    def _set_before(self, store: Store) -> bool:
        """Whether the function sets the place on every path before."""
        return any(
            other.place.key == store.place.key
            and other.storing in (Storing.SET, Storing.ITEM)
            and other is not store
            and other.entry is store.entry
            and not any(_decides(guard, other) for guard in other.guards)
            and position(other.node) < position(store.node)
            for other in self.stores
        )

    def _covered(
        self, store: Store, function: FunctionNode | None, place: Position, depth: int = 0
    ) -> bool:
        """Whether a place of a function is reached only after the value was stored."""
        if function is None or depth > MOST_CALLERS:
            return False
        for index, (running, where) in enumerate(store.positions):
            if running is not function:
                continue
            last = index == len(store.positions) - 1
            if place <= (ending(store.node) if last else where):
                return False
            inner = [running for running, _ in store.positions[index + 1 :]]
            return all(
                guard.start <= place <= guard.end
                if guard.function is function
                else guard.function not in inner
                for guard in store.guards
                if _decides(guard, store)
            )
        always = not any(_decides(guard, store) for guard in store.guards)
        if always and self._called_before(store, function, place):
            return True
        if self.is_entry(function):
            return False
        callers = self.functions.callers.get(getattr(function, "name", ""), [])
        return bool(callers) and all(
            self._covered(store, caller, position(node), depth + 1) for caller, node in callers
        )

    def _called_before(self, store: Store, function: FunctionNode, place: Position) -> bool:
        """Whether a function always calls the one that stores before it comes to a place."""
        return any(
            position(node) < place and id(node) not in self.functions.perhaps
            for node in self._calls(store, function)
        )

    def _calls(self, store: Store, function: FunctionNode) -> list[ast.AST]:
        """The calls in a function of those that run when the value is stored."""
        return [
            node
            for running, _ in store.positions
            for caller, node in self.functions.callers.get(_name(running), ())
            if caller is function
        ]

    def _before(self, store: Store, read: Read) -> bool:
        """Whether a request may read before it has stored what every request stores."""
        if read.function is None:
            return self._framework_before(store, read)
        if self._covered(store, read.function, read.position):
            return False
        if any(running is read.function for running, _ in store.positions):
            return True
        return any(
            self._entry_before(store, function, info)
            for function, info in self._entries_of(store, read.function, read.info, read.position)
        )

    def _framework_before(self, store: Store, read: Read) -> bool:
        """The same, where the framework reads."""
        if not self.is_entry(store.entry):
            return False
        if read.info is None:
            return True
        inner = self._owner(store.positions[-1][0])
        if store.info is None and inner is not None:
            if self.references.family(inner, read.info) and store.place.name not in ADMIN_OPTIONS:
                return False  # a function that calls the method that stores
        if store.info is None:
            return True
        if not self.references.family(store.info, read.info):
            fields = store.place.name == "<fields>"
            return not (fields and self.references.kinds(store.info) & {"admin", "inline"})
        getter = ADMIN_OPTIONS.get(store.place.name)
        if getter is not None and "admin" in self.references.kinds(store.info):
            return not _precedes_in_admin(_name(store.entry), getter)
        return False

    def _entries_of(
        self,
        store: Store,
        function: FunctionNode,
        info: ClassInfo | None,
        place: Position,
        depth: int = 0,
    ) -> list[tuple[FunctionNode, ClassInfo | None]]:
        """The entry points that come to a place before the value was stored."""
        if self._covered(store, function, place):
            return []
        if depth > MOST_CALLERS or self.is_entry(function):
            return [(function, info)]
        callers = self.functions.callers.get(_name(function), [])
        if not callers:
            return [(function, info)]
        classes = {id(node): owner for node, owner in self.functions.all}
        return [
            entry
            for caller, node in callers
            if caller is not function
            for entry in self._entries_of(
                store, caller, classes.get(id(caller)), position(node), depth + 1
            )
        ]

    def _entry_before(self, store: Store, function: FunctionNode, info: ClassInfo | None) -> bool:
        """Whether an entry that reads may run before, or without, the one that sets."""
        mine, other = _name(store.entry), _name(function)
        if not self.is_entry(store.entry):
            # it may read without having called the one that stores
            calls = self._calls(store, function)
            return bool(calls) and all(id(node) in self.functions.perhaps for node in calls)
        if store.info is None or info is None or not self.references.family(store.info, info):
            if store.info is not None and "middleware" in self.references.kinds(store.info):
                return False
            return self.is_entry(function) and function is not store.entry
        kinds = self.references.kinds(info) | self.references.kinds(store.info)
        if "admin" in kinds:
            return not _precedes_in_admin(mine, other)
        if any(mine in FIRST.get(kind, ()) for kind in kinds):
            return (
                any(
                    mine != other and other in FIRST.get(kind, ()) and other < mine
                    for kind in kinds
                )
                and "view" not in kinds
            )
        if mine in HANDLERS and other in HANDLERS:
            return True
        return other in FIRST.get("view", ()) and bool(kinds & {"view", "drf"})

    def _owner(self, function: FunctionNode) -> ClassInfo | None:
        """The class whose method a function is."""
        return next((owner for node, owner in self.functions.all if node is function), None)

    def is_entry(self, function: FunctionNode) -> bool:
        """Whether a framework calls a function."""
        info = self._owner(function)
        spec = function.args
        named = [*spec.posonlyargs, *spec.args]
        if any(is_request(parameter) for parameter in named[:2]):
            return not self._called_by_others(function)
        if decorators_of(function) & ENTRY_DECORATORS:
            return True
        if info is not None and self.references.kinds(info) & SERVING:
            return not self._called_by_others(function)
        return False

    def _called_by_others(self, function: FunctionNode) -> bool:
        name = _name(function)
        if name.startswith(("get_", "__")) or name in HANDLERS:
            return False  # a hook, whoever else calls it
        return any(caller is not function for caller, _ in self.functions.callers.get(name, ()))


def _name(function: FunctionNode) -> str:
    return getattr(function, "name", "")


def _precedes_in_admin(mine: str, other: str) -> bool:
    """Whether a method of an admin runs before another one in every request that runs that."""
    orders = (CHANGE_LIST, CHANGE_FORM, SAVING)
    mine, other = ADDING_VIEWS.get(mine, mine), ADDING_VIEWS.get(other, other)
    name = other if any(other in order for order in orders) else COLUMN
    running = [order for order in orders if name in order]
    return bool(running) and all(
        mine in order and order.index(mine) < order.index(name) for order in running
    )
