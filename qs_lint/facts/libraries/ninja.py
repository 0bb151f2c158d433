"""django-ninja."""

from __future__ import annotations

from qs_lint.facts.schema import Library, each, of

LIBRARY = Library(
    "django-ninja",
    classes={
        **each(
            "ninja",
            "Schema ModelSchema FilterSchema",
            of("schema annotated annotated-text", "request"),
        )
    },
    aliases={
        "ninja.schema.Schema": "ninja.Schema",
        "ninja.orm.ModelSchema": "ninja.ModelSchema",
    },
)
