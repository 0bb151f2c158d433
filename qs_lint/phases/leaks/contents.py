"""What of a request is stored."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.domain import HolderKind
from qs_lint.domain.leaks import Content, Storing
from qs_lint.engine.nodes import nodes_in
from qs_lint.facts.requests import ADMIN_OPTIONS
from qs_lint.phases.leaks.flow import position
from qs_lint.phases.leaks.things import ClassRef, Guard, Origin, Place, Store, Stuff

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.phases.leaks.references import References

_CHOSEN = frozenset({Stuff.CONSTANT, Stuff.DISPLAY, Stuff.QUERYSET})


def content_of(store: Store, stores: Sequence[Store], references: References) -> Content | None:
    """What of a request is stored; ``None``: nothing.  ``stores`` are all of the file."""
    if store.keyed:
        return None  # found by whoever has the key
    if is_taken_back(store, stores):
        return Content.CHOICE
    if any(_takes_back(store, other) and is_taken_back(other, stores) for other in stores):
        return None  # the report is about what is added
    guards = tuple(guard for guard in store.guards if not is_latch(guard, store))
    latched = len(guards) < len(store.guards)
    if store.thing.taint:
        return _of_request(store, guards, latched)
    control = max((guard.taint for guard in guards), default=Origin.NONE)
    if store.counts or latched or control < Origin.REQUEST:
        return None
    return _chosen(store, references)


def _of_request(store: Store, guards: tuple[Guard, ...], latched: bool) -> Content | None:
    """What of a request a value is that comes from it, or from an argument."""
    thing = store.thing
    if thing.taint < Origin.REQUEST and any(_asks_for_key(guard, store) for guard in guards):
        return None  # a memo of one key
    if latched and (thing.indirect or thing.taint < Origin.REQUEST):
        return None  # made when it is first needed
    if thing.stuff >= Stuff.ROWS:
        return Content.QUERYSET if thing.stuff is Stuff.QUERYSET else Content.ROWS
    if thing.taint >= Origin.NAMED or _fills_default(store):
        return Content.STATE
    return None


def _chosen(store: Store, references: References) -> Content | None:
    """What a value is of which only the choice comes from a request."""
    thing = store.thing
    if thing.stuff not in _CHOSEN and not any(isinstance(ref, ClassRef) for ref in thing.refs):
        return None
    if thing.literal and thing.literal == references.initial(store.place):
        return None  # as it was at import
    if thing.literal in ((None,), ({},), ([],)) and _starts_empty(store.place, references):
        return None
    return Content.QUERYSET if thing.stuff is Stuff.QUERYSET else Content.CHOICE


def is_taken_back(store: Store, stores: Sequence[Store]) -> bool:
    """Whether an option of an admin grows while one request runs, and shrinks again."""
    if store.storing is not Storing.ADDED or store.place.name not in ADMIN_OPTIONS:
        return False
    if not store.place.kinds & {"admin", "inline"} or _is_locked(store):
        return False
    return any(_takes_back(other, store) for other in stores)


def _takes_back(removing: Store, adding: Store) -> bool:
    """Whether one call removes later what another store of it has added."""
    return (
        removing.storing is Storing.REMOVED
        and removing.place.key == adding.place.key
        and removing.entry is adding.entry
        and position(adding.node) < position(removing.node)
    )


def _is_locked(store: Store) -> bool:
    """Whether something is held meanwhile that may be a lock."""
    return any(isinstance(node, (ast.With, ast.AsyncWith)) for node in nodes_in(store.entry))


def _fills_default(store: Store) -> bool:
    """Whether one call sets an item of a default at a fixed key, and another one need not."""
    return (
        store.place.holder.kind is HolderKind.DEFAULT
        and store.storing is Storing.ITEM
        and any(guard.taint and not guard.absent for guard in store.guards)
    )


def _starts_empty(place: Place, references: References) -> bool:
    """Whether a place holds nothing after import: setting it to nothing empties a cache."""
    initial = references.initial(place)
    return bool(initial) and not initial[0]


def is_latch(guard: Guard, store: Store) -> bool:
    """Whether a condition asks if the place has been filled yet."""
    return guard.absent and guard.asks_for(store.place)


def _asks_for_key(guard: Guard, store: Store) -> bool:
    """Whether a condition compares what is stored with something of the call."""
    return bool(guard.taint) and guard.asks_for(store.place)
