"""Choices that a function of the module reads."""

from django import forms
from django.shortcuts import render
from django.urls import path

from shop.models import Category


def offered():
    """Read the categories."""
    return [(c.slug, c.name) for c in Category.objects.all()]


class SearchForm(forms.Form):
    """Search within categories."""

    categories = forms.MultipleChoiceField(choices=offered())  # [frozen-class-queryset]


def search(request):
    """Show the form."""
    return render(request, "shop/form.html", {"form": SearchForm()})


urlpatterns = [path("", search)]
