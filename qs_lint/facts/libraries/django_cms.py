"""django CMS."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, each, of

_MODEL = of("model")

LIBRARY = Library(
    "django CMS",
    classes={
        **each("cms.models", "CMSPlugin PageContent Placeholder PageUrl", _MODEL),
        "cms.models.Page": Class(
            frozenset({"model"}), managers={"objects": "cms.models.managers.PageManager"}
        ),
        "cms.models.managers.PageManager": of("manager", "process"),
        # although it is a ModelAdmin, each plugin of a page gets an object of its own
        "cms.plugin_base.CMSPluginBase": of("admin", "request"),
    },
    aliases={"cms.models.pluginmodel.CMSPlugin": "cms.models.CMSPlugin"},
)
