"""django-safedelete: rows that are only marked as deleted."""

from django.db import models
from safedelete.models import SafeDeleteModel

APPS = ["safedelete"]


class Note(SafeDeleteModel):
    text = models.CharField(max_length=30)


def fill():
    Note.objects.create(text="one")
    Note.objects.create(text="two").delete()


MODELS = {"safedelete.models.SafeDeleteModel": "Note"}
OBJECTS = {
    "safedelete.managers.SafeDeleteManager": "Note.objects",
    "safedelete.managers.SafeDeleteAllManager": "Note.all_objects",
    "safedelete.managers.SafeDeleteDeletedManager": "Note.deleted_objects",
    "safedelete.queryset.SafeDeleteQueryset": "Note.deleted_objects.all()",
}
