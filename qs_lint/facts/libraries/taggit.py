"""django-taggit."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, each, every, of

LIBRARY = Library(
    "django-taggit",
    classes={
        # a field that is a manager of tags, on the class of a model and on its instances
        "taggit.managers.TaggableManager": Class(
            frozenset({"manager", "model-field"}),
            "process",
            foreign_rows=True,
            methods=every("most_common names slugs", Method("lazy")),
        ),
        **each(
            "taggit.models",
            "Tag TagBase TaggedItem TaggedItemBase ItemBase GenericTaggedItemBase "
            "CommonGenericTaggedItemBase GenericUUIDTaggedItemBase",
            of("model"),
        ),
        "taggit.forms.TagField": of("form-field", "request"),
        "taggit.forms.TagWidget": of("widget", "request"),
    },
)
