"""A NamedTuple reads its annotations while it is made."""

from typing import Literal, NamedTuple

from django.http import HttpResponse
from django.urls import path

from shop.models import Category


class Filter(NamedTuple):
    """A choice of categories."""

    name: Literal[tuple(Category.objects.values_list("name", flat=True))]  # [frozen-class-queryset]


def show(request):
    """Answer with the names."""
    return HttpResponse(str(Filter.__annotations__))


urlpatterns = [path("", show)]
