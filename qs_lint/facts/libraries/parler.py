"""django-parler."""

from __future__ import annotations

from qs_lint.facts.schema import Class, Library, Method, each, of

_METHODS = {
    "language": Method("lazy"),
    # without a code, it takes the language of the moment when it is called
    "active_translations": Method("lazy", filters=True, volatile="context"),
    # the same
    "translated": Method("lazy", filters=True, volatile="context"),
}
_INLINE = of("inline", "request")
_VIEW = of("view context single form-view", "request")

LIBRARY = Library(
    "django-parler",
    classes={
        "parler.models.TranslatableModel": Class(
            frozenset({"model"}), managers={"objects": "parler.managers.TranslatableManager"}
        ),
        "parler.models.TranslatedFieldsModel": of("model"),
        "parler.managers.TranslatableManager": Class(
            frozenset({"manager"}), "process", methods=_METHODS
        ),
        "parler.managers.TranslatableQuerySet": Class(frozenset({"queryset"}), methods=_METHODS),
        "parler.admin.TranslatableAdmin": of("admin", "process"),
        **each("parler.admin", "TranslatableStackedInline TranslatableTabularInline", _INLINE),
        "parler.forms.TranslatableModelForm": of("form model-form", "request"),
        **each("parler.views", "TranslatableCreateView TranslatableUpdateView", _VIEW),
    },
    aliases={"parler.models.TranslatableManager": "parler.managers.TranslatableManager"},
)
