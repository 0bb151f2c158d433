"""Graphene."""

from __future__ import annotations

from qs_lint.facts.schema import Library, of

LIBRARY = Library(
    "Graphene",
    # a method ``resolve_x()`` answers for the field ``x``
    classes={"graphene.ObjectType": of("resolvers")},
    aliases={"graphene.types.objecttype.ObjectType": "graphene.ObjectType"},
)
