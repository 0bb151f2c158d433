"""Annotations that nobody reads are not evaluated."""

from typing import Literal

from django.http import HttpResponse
from django.urls import path

from shop.models import Buyer, Category, Order


def names(kind: Literal[tuple(Category.objects.values_list("slug", flat=True))] = ""):
    """The names of the categories."""
    return [category.name for category in Category.objects.exclude(slug=kind)]


class Plain:
    """A class that does not read its annotations."""

    buyer: Literal[tuple(Buyer.objects.values_list("name", flat=True))]


NUMBER: Literal[tuple(Order.objects.values_list("number", flat=True))]


def show(request):
    """Answer with the names."""
    return HttpResponse(str(names()))


urlpatterns = [path("", show)]
