"""django-polymorphic: a project and its kinds."""

from django.db import models
from polymorphic.models import PolymorphicModel

APPS = ["polymorphic"]


class Project(PolymorphicModel):
    topic = models.CharField(max_length=30)


class ArtProject(Project):
    artist = models.CharField(max_length=30)


def fill():
    Project.objects.create(topic="one")
    ArtProject.objects.create(topic="two", artist="Ada")


MODELS = {"polymorphic.models.PolymorphicModel": "Project"}
OBJECTS = {
    "polymorphic.managers.PolymorphicManager": "Project.objects",
    "polymorphic.query.PolymorphicQuerySet": "Project.objects.all()",
}
METHODS = {
    name: {
        "instance_of": "M.instance_of(ArtProject)",
        "not_instance_of": "M.not_instance_of(ArtProject)",
    }
    for name in OBJECTS
}
