"""What Django's forms do with their parts (measured)."""

from __future__ import annotations

#: Attributes whose assignment evaluates a queryset, by the kind of the object.
SETTERS: dict[str, frozenset[str]] = {
    "form-field": frozenset({"choices"}),
    "widget": frozenset({"choices"}),
}
#: Methods of a field of a queryset that return an iterator over its rows.
CHOICES = frozenset({"_get_choices"})
#: Position of the initial data among the arguments of forms and formsets.
INITIAL = 4
#: Fields of models whose form field iterates its initial value.
MANY_TO_MANY = ("ManyToManyField",)
#: The classes that a name stands for where nobody knows more.
FIELD = "django.forms.Field"
WIDGET = "django.forms.Widget"
MODEL_FIELD = "django.db.models.Field"
