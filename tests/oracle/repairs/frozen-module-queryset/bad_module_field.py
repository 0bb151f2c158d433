"""A form field that is made at module level."""

from django import forms
from django.shortcuts import render
from django.urls import path

from shop.models import Category

CATEGORY = forms.ChoiceField(
    choices=list(Category.objects.values_list("slug", "name")),  # [frozen-module-queryset]
)


class SearchForm(forms.Form):
    """Search within a category."""

    category = CATEGORY


def search(request):
    """Show the form."""
    return render(request, "shop/form.html", {"form": SearchForm()})


urlpatterns = [path("", search)]
