"""Several exceptions without parentheses are caught as with them."""

from django.http import HttpResponse
from django.urls import path

from shop.models import Category

try:
    NAMES = list(Category.objects.values_list("name", flat=True))  # [frozen-module-queryset]
except LookupError, ValueError:
    NAMES = []


def show(request):
    """Answer with the names."""
    return HttpResponse(", ".join(NAMES))


urlpatterns = [path("", show)]
