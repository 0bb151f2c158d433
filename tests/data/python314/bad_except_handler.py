"""What a handler without parentheses does runs at import, too."""

from django.http import HttpResponse
from django.urls import path

from shop.models import Category

try:
    NAMES = {}["names"]
except LookupError, ValueError:
    NAMES = list(Category.objects.values_list("name", flat=True))  # [frozen-module-queryset]


def show(request):
    """Answer with the names."""
    return HttpResponse(", ".join(NAMES))


urlpatterns = [path("", show)]
