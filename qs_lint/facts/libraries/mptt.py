"""django-mptt."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Class, Library, Method, each, of

# a lazy queryset for the rows that were there at the call
_RELATIVES = Method("evaluates", "queryset")

LIBRARY = Library(
    "django-mptt",
    callables={
        "mptt.utils.get_cached_trees": Callee((0, "queryset"), returns="list"),
        "mptt.templatetags.mptt_tags.cache_tree_children": Callee((0, "queryset"), returns="list"),
        "mptt.utils.tree_item_iterator": Callee(later=(0,), returns="iterator"),
    },
    classes={
        "mptt.models.MPTTModel": Class(
            frozenset({"model"}), managers={"objects": "mptt.managers.TreeManager"}
        ),
        "mptt.managers.TreeManager": Class(
            frozenset({"manager"}),
            "process",
            methods={
                "root_nodes": Method("lazy"),
                "root_node": Method("evaluates", "instance"),
                "get_queryset_ancestors": _RELATIVES,
                "get_queryset_descendants": _RELATIVES,
                "get_cached_trees": Method("evaluates", "list"),
                "rebuild": Method("writes"),
            },
        ),
        "mptt.querysets.TreeQuerySet": Class(
            frozenset({"queryset"}),
            methods={
                "get_ancestors": _RELATIVES,
                "get_descendants": _RELATIVES,
                "get_cached_trees": Method("evaluates", "list"),
            },
        ),
        **each("mptt.fields", "TreeForeignKey TreeManyToManyField", of("model-field")),
        "mptt.forms.TreeNodeChoiceField": of("form-field queryset-field", "request"),
        "mptt.forms.TreeNodeMultipleChoiceField": of(
            "form-field queryset-field rows-field", "request"
        ),
        **each("mptt.admin", "MPTTModelAdmin DraggableMPTTAdmin", of("admin", "process")),
        "mptt.admin.TreeRelatedFieldListFilter": of("list-filter", "request"),
    },
    aliases={
        "mptt.models.TreeManager": "mptt.managers.TreeManager",
        "mptt.models.TreeForeignKey": "mptt.fields.TreeForeignKey",
        "mptt.models.TreeManyToManyField": "mptt.fields.TreeManyToManyField",
        "mptt.managers.TreeQuerySet": "mptt.querysets.TreeQuerySet",
    },
)
