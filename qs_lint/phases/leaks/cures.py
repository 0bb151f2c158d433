"""What to write in place of a store that others read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.domain import HolderKind
from qs_lint.domain.leaks import Content, Cure, Storing
from qs_lint.facts.requests import ADMIN_OPTIONS

if TYPE_CHECKING:
    from qs_lint.phases.leaks.references import References
    from qs_lint.phases.leaks.things import Store

_ADMIN = frozenset({"admin", "inline", "admin-site"})
_VIEW = frozenset({"view", "drf", "context"})
#: kind of the class that stores, or that owns the place -> the cure, whatever is stored
_BY_KIND: tuple[tuple[str, Cure], ...] = (
    ("template-node", Cure.RENDER_CONTEXT),
    ("middleware", Cure.REQUEST),
    ("feed", Cure.FEED_OBJECT),
    ("url-converter", Cure.RETURN_VALUE),
)


def cure_of(store: Store, content: Content, references: References) -> Cure:
    """What to write instead."""
    place = store.place
    if place.name == "<fields>":
        admin = references.kinds(store.info) & {"admin", "inline"}
        return Cure.ADMIN_FIELD if admin else Cure.FORM_FIELDS
    if place.holder.kind is HolderKind.DEFAULT:
        return Cure.DEFAULT_NONE
    if place.holder.owner.endswith(".Meta"):
        return Cure.META
    kinds = references.kinds(store.info) | place.kinds
    if kinds & _ADMIN:
        return _of_admin(store)
    for kind, cure in _BY_KIND:
        if kind in kinds:
            return cure
    if place.holder.kind is HolderKind.CLASS_ATTRIBUTE and kinds & _VIEW:
        return _of_view(store, content)
    return _of_container(store)


def _of_admin(store: Store) -> Cure:
    name = store.place.name
    if name == "form" and store.storing is Storing.SET:
        return Cure.ADMIN_FORM
    if name in ADMIN_OPTIONS:
        return Cure.ADMIN_GETTER if store.storing is Storing.SET else Cure.COPY_FIRST
    return Cure.ADMIN_CLOSURE


def _of_view(store: Store, content: Content) -> Cure:
    if store.storing is not Storing.SET:
        return Cure.COPY_FIRST
    if store.place.name == "queryset" and content is Content.QUERYSET:
        return Cure.GET_QUERYSET
    return Cure.VIEW_OBJECT


def _of_container(store: Store) -> Cure:
    if store.storing is Storing.ADDED:
        return Cure.LOCAL if store.thing.taint else Cure.COPY_FIRST
    if store.place.holder.kind is HolderKind.CLOSURE:
        return Cure.LOCAL
    return Cure.CONTEXT_VARIABLE
