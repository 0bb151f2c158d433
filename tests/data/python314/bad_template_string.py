"""A template string evaluates what it interpolates, once."""

from django.http import HttpResponse
from django.urls import path

from shop.models import Category

NAMES = t"We have {", ".join(Category.objects.values_list("name", flat=True))}."  # [frozen-module-queryset]


def show(request):
    """Put the parts together."""
    return HttpResponse("".join(str(getattr(part, "value", part)) for part in NAMES))


urlpatterns = [path("", show)]
