"""Several exceptions without parentheses are caught as with them."""

from django.http import HttpResponse
from django.urls import path

from shop.models import Category

try:
    NAMES = Category.objects.values_list("name", flat=True)
except LookupError, ValueError:
    NAMES = Category.objects.none()


def show(request):
    """Answer with the names."""
    try:
        names = list(NAMES.all())
    except LookupError, ValueError:
        names = []
    return HttpResponse(", ".join(names))


urlpatterns = [path("", show)]
