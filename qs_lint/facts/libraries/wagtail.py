"""Wagtail."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, each, every, of

_PAGES = {
    **every(
        "live not_live in_menu not_in_menu specific defer_streamfields prefetch_workflow_states",
        Method("lazy"),
    ),
    # lazy querysets for the restrictions that were there at the call
    **every("public not_public private", Method("evaluates", "queryset")),
    "first_common_ancestor": Method("evaluates", "instance"),
}
_MODEL = of("model")
#: one object serves all requests, whatever the end of the name says
_REGISTERED = Class(lifetime="process")

LIBRARY = Library(
    "Wagtail",
    classes={
        "wagtail.models.Page": Class(
            frozenset({"model"}),
            managers={"objects": "wagtail.models.PageManager"},
            methods={
                "get_root_nodes": Method("lazy"),
                "get_tree": Method("lazy"),
                "get_first_root_node": Method("evaluates", "instance"),
            },
        ),
        "wagtail.models.PageManager": Class(frozenset({"manager"}), "process", methods=_PAGES),
        "wagtail.query.PageQuerySet": Class(frozenset({"queryset"}), methods=_PAGES),
        **each(
            "wagtail.models",
            "Orderable Site Locale Collection Revision Task Workflow TranslatableMixin "
            "DraftStateMixin RevisionMixin CollectionMember",
            _MODEL,
        ),
        **each("wagtail.contrib.settings.models", "BaseSiteSetting BaseGenericSetting", _MODEL),
        **each("wagtail.contrib.forms.models", "AbstractForm AbstractEmailForm", _MODEL),
        **each("wagtail.images.models", "Image AbstractImage AbstractRendition", _MODEL),
        **each("wagtail.documents.models", "Document AbstractDocument", _MODEL),
        "wagtail.snippets.views.snippets.SnippetViewSet": _REGISTERED,
        "wagtail.admin.viewsets.model.ModelViewSet": _REGISTERED,
        **each(
            "wagtail.blocks",
            "StructBlock ListBlock StreamBlock CharBlock ChoiceBlock FieldBlock",
            of("block", "process"),
        ),
    },
    aliases={"wagtail.models.PageQuerySet": "wagtail.query.PageQuerySet"},
    moved={"wagtail.core.": "wagtail."},
    unproven={"wagtail.core.": "the name before Wagtail 3"},
)
