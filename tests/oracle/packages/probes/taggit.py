"""django-taggit: food with tags."""

from django.db import models
from taggit.managers import TaggableManager

APPS = ["taggit"]


FOOD = []


class Food(models.Model):
    name = models.CharField(max_length=30)
    tags = TaggableManager()


def fill():
    FOOD.append(Food.objects.create(name="apple"))
    FOOD[0].tags.add("red", "green")


OBJECTS = {"taggit.managers.TaggableManager": "Food.tags"}
KINDS = {
    "taggit.managers.TaggableManager": lambda cls: (
        "manager" if isinstance(Food.tags, models.Manager) else ""
    )
}
METHODS = {
    "taggit.managers.TaggableManager": {
        "names": "FOOD[0].tags.names()",
        "slugs": "FOOD[0].tags.slugs()",
    }
}
