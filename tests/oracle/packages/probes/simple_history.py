"""django-simple-history: prices and what they were."""

import datetime as dt

from django.db import models
from simple_history import register
from simple_history.models import HistoricalRecords

APPS = ["simple_history"]


class Price(models.Model):
    amount = models.IntegerField()
    history = HistoricalRecords()


class Plain(models.Model):
    amount = models.IntegerField()


class Other(models.Model):
    amount = models.IntegerField()


register(Plain)
register(Other, manager_name="log")


def fill():
    price = Price.objects.create(amount=1)
    price.amount = 2
    price.save()


OBJECTS = {
    "simple_history.models.HistoricalRecords": "Price.history",
    "simple_history.manager.HistoryManager": "Price.history",
    "simple_history.manager.HistoricalQuerySet": "Price.history.all()",
}
METHODS = {
    "simple_history.models.HistoricalRecords": {
        "as_of": "M.as_of(dt.datetime(2024, 1, 1, 0, 0, 0, 424242))"
    }
}
BEHAVES = {
    "simple_history.register": (
        "isinstance(Plain.history, models.Manager) and isinstance(Other.log, models.Manager)"
    )
}
KINDS = {
    # Django's own word for a manager would be a type; this class makes one on the model
    "simple_history.models.HistoricalRecords": lambda cls: (
        "manager" if isinstance(Price.history, models.Manager) else ""
    )
}
