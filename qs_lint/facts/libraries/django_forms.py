"""Django: forms, fields, widgets."""

from __future__ import annotations

from qs_lint.facts.schema import Callee, Library, each, of

_FIELD = of("form-field", "request")
_FORM = of("form", "request")

LIBRARY = Library(
    "Django",
    callables={
        **each(
            "django.forms",
            "ChoiceField MultipleChoiceField",
            Callee(("choices", 0), returns="derived", lazy_text=True),
        ),
        **each(
            "django.forms",
            "TypedChoiceField TypedMultipleChoiceField",
            Callee(("choices",), returns="derived", lazy_text=True),
        ),
        **each(
            "django.forms",
            "Select SelectMultiple RadioSelect CheckboxSelectMultiple ChoiceWidget",
            Callee(("choices", 1), returns="derived", lazy_text=True),
        ),
        "django.forms.model_to_dict": Callee(returns="dict"),
        "django.forms.formset_factory": Callee(gives="django.forms.BaseFormSet"),
        "django.forms.modelformset_factory": Callee(gives="django.forms.BaseModelFormSet"),
    },
    classes={
        **each("django.forms", "BaseForm Form", _FORM),
        **each("django.forms", "ModelForm BaseModelForm", of("form model-form", "request")),
        **each("django.forms", "BaseFormSet BaseInlineFormSet", of("formset", "request")),
        "django.forms.BaseModelFormSet": of("formset model-formset", "request"),
        **each(
            "django.forms",
            "Field CharField IntegerField DateField TimeField DateTimeField DurationField "
            "RegexField EmailField FileField ImageField URLField BooleanField NullBooleanField "
            "ComboField MultiValueField FloatField DecimalField SplitDateTimeField "
            "GenericIPAddressField JSONField SlugField UUIDField "
            "InlineForeignKeyField",
            _FIELD,
        ),
        "django.forms.ModelChoiceField": of("form-field queryset-field", "request"),
        "django.forms.ModelMultipleChoiceField": of(
            "form-field queryset-field rows-field", "request"
        ),
        **each(
            "django.forms",
            "ChoiceField TypedChoiceField MultipleChoiceField TypedMultipleChoiceField "
            "FilePathField",
            of("form-field choice-field", "request"),
        ),
        **each(
            "django.forms",
            "Widget Input TextInput NumberInput EmailInput URLInput ColorInput SearchInput "
            "TelInput PasswordInput HiddenInput MultipleHiddenInput FileInput ClearableFileInput "
            "Textarea DateInput DateTimeInput TimeInput CheckboxInput "
            "MultiWidget SplitDateTimeWidget SplitHiddenDateTimeWidget SelectDateWidget",
            of("widget", "request"),
        ),
        **each(
            "django.forms",
            "Select SelectMultiple RadioSelect CheckboxSelectMultiple NullBooleanSelect",
            of("widget choice-widget", "request"),
        ),
    },
    moved={"django.contrib.gis.forms.": "django.forms."},
    flat=("django.forms",),
    flat_modules={"django.forms": frozenset({"models", "formsets", "fields", "widgets", "forms"})},
    endings={"Form": _FORM},
)
