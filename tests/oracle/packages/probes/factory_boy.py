"""factory_boy: it makes rows."""

import factory
from django.db import models

APPS = []


class Line(models.Model):
    number = models.IntegerField(default=1)


class LineFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Line


def fill():
    LineFactory()


def makes(cls):
    """Calling it makes rows of another class, and asks a lazy attribute for each of them."""

    class Counted(cls):
        class Meta:
            model = Line

        number = factory.LazyFunction(iter((1, 2)).__next__)

    made = [Counted.build().number, Counted.build().number]
    return "test factory" if made == [1, 2] else ""


KINDS = {"factory.Factory": makes, "factory.django.DjangoModelFactory": makes}
