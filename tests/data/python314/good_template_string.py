"""A template string does not make a text of what it interpolates: the queryset stays lazy."""

from django.http import HttpResponse
from django.urls import path

from shop.models import Category

NAMES = t"We have {Category.objects.values_list("name", flat=True)}."


def show(request):
    """Ask anew for the names."""
    (names,) = NAMES.values
    return HttpResponse(", ".join(names.all()))


urlpatterns = [path("", show)]
