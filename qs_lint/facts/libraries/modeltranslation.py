"""django-modeltranslation."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, each, every, of

_METHODS = every("populate rewrite raw_values", Method("lazy"))
_ADMIN = of("admin", "process")
_INLINE = of("inline", "request")

LIBRARY = Library(
    "django-modeltranslation",
    classes={
        "modeltranslation.manager.MultilingualManager": Class(
            frozenset({"manager"}), "process", methods=_METHODS
        ),
        "modeltranslation.manager.MultilingualQuerySet": Class(
            frozenset({"queryset"}), methods=_METHODS
        ),
        **each("modeltranslation.admin", "TranslationAdmin TabbedTranslationAdmin", _ADMIN),
        **each(
            "modeltranslation.admin", "TranslationStackedInline TranslationTabularInline", _INLINE
        ),
        "modeltranslation.forms.TranslationModelForm": of("form model-form", "request"),
    },
)
