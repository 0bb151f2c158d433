"""django-modeltranslation: a model whose fields are translated."""

from django.db import models
from modeltranslation.manager import MultilingualManager

APPS = ["modeltranslation"]


class Note(models.Model):
    text = models.CharField(max_length=30)
    objects = MultilingualManager()


def fill():
    Note.objects.create(text="one")


OBJECTS = {
    "modeltranslation.manager.MultilingualManager": "Note.objects",
    "modeltranslation.manager.MultilingualQuerySet": "Note.objects.all()",
}
METHODS = {
    name: {"populate": "M.populate('all')", "raw_values": "M.raw_values('id')"} for name in OBJECTS
}
