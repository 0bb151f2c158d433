"""django-polymorphic."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, each, every, of

_METHODS = {
    **every("instance_of not_instance_of non_polymorphic", Method("lazy")),
    "get_real_instances": Method("evaluates", "list"),
}
_SITE = "polymorphic.admin"
_ADMIN = of("admin", "process")
_INLINE = of("inline", "request")

LIBRARY = Library(
    "django-polymorphic",
    classes={
        "polymorphic.models.PolymorphicModel": Class(
            frozenset({"model"}), managers={"objects": "polymorphic.managers.PolymorphicManager"}
        ),
        "polymorphic.managers.PolymorphicManager": Class(
            frozenset({"manager"}), "process", methods=_METHODS
        ),
        "polymorphic.query.PolymorphicQuerySet": Class(frozenset({"queryset"}), methods=_METHODS),
        **each(
            "polymorphic.admin", "PolymorphicParentModelAdmin PolymorphicChildModelAdmin", _ADMIN
        ),
        **each(
            "polymorphic.admin", "PolymorphicInlineModelAdmin StackedPolymorphicInline", _INLINE
        ),
        "polymorphic.admin.PolymorphicChildModelFilter": of("list-filter", "request"),
    },
    aliases={
        "polymorphic.models.PolymorphicManager": "polymorphic.managers.PolymorphicManager",
        "polymorphic.managers.PolymorphicQuerySet": "polymorphic.query.PolymorphicQuerySet",
    },
)
