"""django-autocomplete-light: its views are views, its widgets are widgets."""

APPS = ["dal", "dal_select2"]
