"""django-model-utils: managers that begin with a filter, and managers of subclasses."""

from django.db import models
from model_utils.managers import InheritanceManager, QueryManager, QueryManagerMixin
from model_utils.models import SoftDeletableModel

APPS = []


class Place(models.Model):
    number = models.IntegerField(default=1)
    objects = InheritanceManager()
    picked = QueryManager(number=1)


class Picking(QueryManagerMixin, models.Manager):
    pass


class Restaurant(Place):
    stars = models.IntegerField(default=0)


class Note(SoftDeletableModel):
    text = models.CharField(max_length=30)


class Numbered(models.Model):
    number = models.IntegerField(default=1)
    picked = QueryManager(number=424242)
    mixed = Picking(number=424242)


def fill():
    Restaurant.objects.create()


MODELS = {"model_utils.models.SoftDeletableModel": "Note"}
OBJECTS = {
    "model_utils.managers.QueryManagerMixin": "Numbered.mixed",
    "model_utils.managers.QueryManager": "Place.picked",
    "model_utils.managers.InheritanceManager": "Place.objects",
    "model_utils.managers.InheritanceQuerySet": "Place.objects.all()",
    "model_utils.managers.SoftDeletableManager": "Note.available_objects",
}
METHODS = {
    "model_utils.managers.QueryManager": {"order_by": "M.order_by('number')"},
    "model_utils.managers.QueryManagerMixin": {"order_by": "M.order_by('number')"},
    **{
        f"model_utils.managers.Inheritance{kind}": {
            "instance_of": "M.instance_of(Restaurant)",
            "get_subclass": "M.get_subclass(number__lt=S)",
        }
        for kind in ("Manager", "QuerySet")
    },
}
CONSTRUCTED = {
    "model_utils.managers.QueryManager": "Numbered.picked.all()",
    "model_utils.managers.QueryManagerMixin": "Numbered.mixed.all()",
}
