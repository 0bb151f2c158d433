"""django-tables2."""

from __future__ import annotations

from qs_lint.facts.schema import Library, of

LIBRARY = Library(
    "django-tables2",
    classes={
        "django_tables2.Table": of("table", "request"),
        "django_tables2.SingleTableView": of("view context multiple list", "request"),
    },
    aliases={
        "django_tables2.tables.Table": "django_tables2.Table",
        "django_tables2.views.SingleTableView": "django_tables2.SingleTableView",
    },
)
