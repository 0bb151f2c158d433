"""django-solo: a model with one row."""

from django.db import models
from solo.models import SingletonModel

APPS = ["solo"]


class Settings(SingletonModel):
    limit = models.IntegerField(default=1)


def fill():
    Settings.get_solo()


OBJECTS = {"solo.models.SingletonModel": "Settings"}
