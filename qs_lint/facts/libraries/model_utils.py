"""django-model-utils."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, each, every, of

_INHERITANCE = {
    **every("select_subclasses instance_of", Method("lazy")),
    "get_subclass": Method("evaluates", "instance", filters=True),
}

LIBRARY = Library(
    "django-model-utils",
    classes={
        # the arguments are those of a filter that every use of the manager begins with
        "model_utils.managers.QueryManager": Class(
            frozenset({"manager"}),
            "process",
            filters=True,
            methods={"order_by": Method("self")},
        ),
        "model_utils.managers.QueryManagerMixin": Class(
            filters=True, methods={"order_by": Method("self")}
        ),
        "model_utils.managers.InheritanceManager": Class(
            frozenset({"manager"}), "process", methods=_INHERITANCE
        ),
        "model_utils.managers.InheritanceQuerySet": Class(
            frozenset({"queryset"}), methods=_INHERITANCE
        ),
        "model_utils.managers.SoftDeletableManager": Class(
            frozenset({"manager"}), "process", plain=True
        ),
        "model_utils.managers.SoftDeletableQuerySet": Class(frozenset({"queryset"}), plain=True),
        "model_utils.models.SoftDeletableModel": Class(
            frozenset({"model"}),
            managers={"available_objects": "model_utils.managers.SoftDeletableManager"},
        ),
        **each(
            "model_utils.models",
            "TimeStampedModel StatusModel TimeFramedModel UUIDModel",
            of("model"),
        ),
        **each("model_utils.fields", "MonitorField StatusField SplitField", of("model-field")),
    },
    aliases={
        "model_utils.models.QueryManager": "model_utils.managers.QueryManager",
        "model_utils.models.SoftDeletableManager": "model_utils.managers.SoftDeletableManager",
    },
)
