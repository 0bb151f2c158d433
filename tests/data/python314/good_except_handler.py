"""A handler without parentheses that asks per request."""

from django.http import HttpResponse
from django.urls import path

from shop.models import Category


def show(request):
    """Answer with the names."""
    try:
        names = {}["names"]
    except LookupError, ValueError:
        names = list(Category.objects.values_list("name", flat=True))
    return HttpResponse(", ".join(names))


urlpatterns = [path("", show)]
