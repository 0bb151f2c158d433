"""A dataclass reads its annotations while it is made, and keeps what they say."""

import dataclasses
from typing import Literal

from django.http import HttpResponse
from django.urls import path

from shop.models import Category


@dataclasses.dataclass
class Filter:
    """A choice of categories."""

    name: Literal[tuple(Category.objects.values_list("name", flat=True))]  # [frozen-class-queryset]


def show(request):
    """Answer with the names."""
    (field,) = dataclasses.fields(Filter)
    return HttpResponse(str(field.type))


urlpatterns = [path("", show)]
