"""django-simple-history: prices and what they were."""

from django.db import models
from simple_history.models import HistoricalRecords

APPS = ["simple_history"]


class Price(models.Model):
    amount = models.IntegerField()
    history = HistoricalRecords()


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
        "as_of": "M.as_of(datetime.datetime(2024, 1, 1, 0, 0, 0, 424242))"
    }
}
KINDS = {
    # Django's own word for a manager would be a type; this class makes one on the model
    "simple_history.models.HistoricalRecords": lambda cls: (
        "manager" if isinstance(Price.history, models.Manager) else ""
    )
}
