"""A dataclass that is made per request reads its annotations per request."""

import dataclasses
from typing import Literal

from django.http import HttpResponse
from django.urls import path

from shop.models import Category


def made():
    """Make the class."""

    @dataclasses.dataclass
    class Filter:
        """A choice of categories."""

        name: Literal[tuple(Category.objects.values_list("name", flat=True))]

    return Filter


def show(request):
    """Answer with the names."""
    (field,) = dataclasses.fields(made())
    return HttpResponse(str(field.type))


urlpatterns = [path("", show)]
