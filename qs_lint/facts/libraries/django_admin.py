"""Django: the admin."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, each, of

_ADMIN = of("admin", "process")

LIBRARY = Library(
    "Django",
    callables=each("django.contrib.admin", "register site.register", Callee(behaves="registers")),
    classes={
        **each("django.contrib.admin", "ModelAdmin BaseModelAdmin", _ADMIN),
        **each("django.contrib.auth.admin", "UserAdmin GroupAdmin", _ADMIN),
        **each(
            "django.contrib.admin",
            "InlineModelAdmin TabularInline StackedInline",
            of("inline", "request"),
        ),
        "django.contrib.admin.AdminSite": of("admin-site", "process"),
        **each(
            "django.contrib.admin",
            "ListFilter SimpleListFilter FieldListFilter RelatedFieldListFilter "
            "RelatedOnlyFieldListFilter AllValuesFieldListFilter BooleanFieldListFilter "
            "ChoicesFieldListFilter DateFieldListFilter EmptyFieldListFilter",
            of("list-filter", "request"),
        ),
        "django.contrib.admin.LogEntry": of("model"),
    },
    moved={"django.contrib.gis.admin.": "django.contrib.admin."},
    flat=("django.contrib.admin",),
    endings={"ModelAdmin": _ADMIN},
)
