"""django-parler: notes in several languages."""

from django.db import models
from parler.models import TranslatableModel, TranslatedFields

APPS = ["parler"]
SETTINGS = {
    "PARLER_LANGUAGES": {1: ({"code": "en"}, {"code": "de"}), "default": {"fallback": "en"}}
}


class Note(TranslatableModel):
    translations = TranslatedFields(text=models.CharField(max_length=30))


def fill():
    Note.objects.create(text="one")


MODELS = {"parler.models.TranslatableModel": "Note"}
OBJECTS = {
    "parler.managers.TranslatableManager": "Note.objects",
    "parler.managers.TranslatableQuerySet": "Note.objects.all()",
}
METHODS = {
    name: {
        "active_translations": "M.active_translations(text=str(S))",
        "translated": "M.translated(text=str(S))",
    }
    for name in OBJECTS
}
CONTEXTS = {
    f"{name}.{method}": f"{made}.{method}().query"
    for name, made in OBJECTS.items()
    for method in ("active_translations", "translated")
}
