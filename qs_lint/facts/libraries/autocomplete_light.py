"""django-autocomplete-light."""

from __future__ import annotations

from qs_lint.facts.schema import Library, each, of

_LIST = of("view context multiple list", "request")
_WIDGET = of("widget choice-widget", "request")

LIBRARY = Library(
    "django-autocomplete-light",
    classes={
        **each("dal.autocomplete", "Select2QuerySetView Select2GroupQuerySetView", _LIST),
        **each("dal.autocomplete", "Select2ListView Select2GroupListView", of("view", "request")),
        **each(
            "dal.autocomplete", "ModelSelect2 ModelSelect2Multiple ListSelect2 TagSelect2", _WIDGET
        ),
        "dal.autocomplete.Select2ListChoiceField": of("form-field choice-field", "request"),
        "dal.autocomplete.FutureModelForm": of("form model-form", "request"),
    },
    aliases={
        "dal_select2.views.Select2QuerySetView": "dal.autocomplete.Select2QuerySetView",
        "dal_select2.views.Select2ListView": "dal.autocomplete.Select2ListView",
    },
)
