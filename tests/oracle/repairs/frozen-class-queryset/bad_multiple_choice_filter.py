"""A filter of several choices, made of rows."""

import django_filters
from django.shortcuts import render
from django.urls import path

from shop.models import Category, Order


class OrderFilter(django_filters.FilterSet):
    """Filter orders."""

    category = django_filters.MultipleChoiceFilter(
        choices=[(c.pk, c.name) for c in Category.objects.all()],  # [frozen-class-queryset]
    )

    class Meta:
        model = Order
        fields = ["category"]


def show(request):
    """Show the filter's form."""
    filterset = OrderFilter({"category": ["1"]}, queryset=Order.objects.all())
    return render(request, "shop/form.html", {"form": filterset.form, "rows": filterset.qs})


urlpatterns = [path("", show)]
