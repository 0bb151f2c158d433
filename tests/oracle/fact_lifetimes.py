"""What the objects of a request share with those of others, and in which order methods run.

python tests/oracle/fact_lifetimes.py     one JSON object: {"shared", "orders", "attributes"}
"""

# pylint: disable=import-error,missing-function-docstring,missing-class-docstring

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[0]))
sys.path.append(str(Path(__file__).resolve().parents[2]))

import fact_world
from fact_makers import request

from qs_lint.facts import requests


def measure() -> dict[str, Any]:
    """Ask Django and the packages that are installed."""
    return {
        "shared": {**fields(), **getters(), **made_classes(), **meta()},
        "orders": {
            "CHANGE_LIST": order(_list),
            "CHANGE_FORM": order(_form),
            "SAVING": order(_save),
        },
        "attributes": attributes(),
    }


def same(one: Any, other: Any) -> str:
    return "shared" if one is other else "new"


def form_class() -> Any:
    from django import forms
    from shop.models import Buyer, Order

    class OrderForm(forms.ModelForm):
        buyer = forms.ModelChoiceField(Buyer.objects.all())

        class Meta:
            model = Order
            fields = ["number", "buyer", "category"]

    return OrderForm


def owners() -> dict[str, Any]:
    """Give a class with a field ``buyer`` for each kind."""
    from shop.models import Buyer, Order

    found = {"form": form_class()}
    if fact_world.oracle_world.installed("rest_framework"):
        from rest_framework import serializers

        class OrderSerializer(serializers.Serializer):
            buyer = serializers.PrimaryKeyRelatedField(queryset=Buyer.objects.all())

        found["serializer"] = OrderSerializer
    if fact_world.oracle_world.installed("django_filters"):
        import django_filters

        class OrderFilter(django_filters.FilterSet):
            buyer = django_filters.ModelChoiceFilter(queryset=Buyer.objects.all())

            class Meta:
                model = Order
                fields: list[str] = []

        found["filterset"] = OrderFilter
    return found


def fields() -> dict[str, str]:
    """``kind.attribute``: the class's, for all objects; ``kind.own``: each object's own."""
    found = {}
    for kind, cls in owners().items():
        for attribute, own in requests.SHARED_FIELDS[kind].items():
            one, other = cls(), cls()
            found[f"{kind}.{attribute}"] = same(
                getattr(one, attribute)["buyer"], getattr(other, attribute)["buyer"]
            )
            found[f"{kind}.{own}"] = same(getattr(one, own)["buyer"], getattr(other, own)["buyer"])
    return found


def admin_of(**options: Any) -> Any:
    from django.contrib import admin
    from shop.models import Order

    return type("OrderAdmin", (admin.ModelAdmin,), options)(Order, admin.AdminSite())


def getters() -> dict[str, str]:
    """``getter()``: whether it hands out the object that is the class's option."""
    found = {}
    for option, getter in requests.ADMIN_OPTIONS.items():
        value: Any = {"number": ("status",)} if option == "prepopulated_fields" else ["number"]
        if option == "fieldsets":
            value = [(None, {"fields": ["number"]})]
        admin = admin_of(**{option: value})
        arguments: list[Any] = [["number"]] if getter == "get_list_display_links" else []
        arguments += [None] if getter == "get_inlines" else []
        found[f"{getter}()"] = same(getattr(admin, getter)(request(), *arguments), value)
    return found


def made_classes() -> dict[str, str]:
    """``method()``: the class; ``method() declared``, ``method() undeclared``: its fields."""
    from django.contrib import admin
    from shop.models import Buyer, Order

    inline = type("Inline", (admin.TabularInline,), {"model": Order, "form": form_class()})
    found = {}
    for method in sorted(requests.MADE_PER_REQUEST):
        if method == "get_formset":
            maker: Any = inline(Buyer, admin.AdminSite())
            names = ("number", "category")
        else:
            maker = admin_of(form=form_class(), list_editable=["number"])
            names = ("buyer", "category")
        one, other = (getattr(maker, method)(request()) for _ in "12")
        found[f"{method}()"] = same(one, other)
        if method in ("get_form", "get_formset"):
            forms = [getattr(made, "form", made) for made in (one, other)]
            declared, undeclared = ([made.base_fields.get(n) for made in forms] for n in names)
            if method == "get_form":
                found[f"{method}() declared"] = same(*declared)
            found[f"{method}() undeclared"] = same(*undeclared)
    return found


def meta() -> dict[str, str]:
    """``Meta.fields``: whether what is added to it is seen by the next object."""
    if not fact_world.oracle_world.installed("rest_framework"):
        return {}
    from rest_framework import serializers
    from shop.models import Order

    class OrderSerializer(serializers.ModelSerializer):
        class Meta:
            model = Order
            fields = ["number"]

    OrderSerializer().Meta.fields.append("status")
    return {"serializer.Meta.fields": "shared" if "status" in OrderSerializer().fields else "new"}


def order(play: Any) -> list[str]:
    """The methods of an admin in the order in which they are called for the first time."""
    from django.contrib import admin

    seen: list[str] = []

    def noted(name: str) -> Any:
        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            if name not in seen:
                seen.append(name)
            return getattr(admin.ModelAdmin, name)(self, *args, **kwargs)

        return method

    names = {*requests.CHANGE_LIST, *requests.CHANGE_FORM, *requests.SAVING} - {requests.COLUMN}
    methods = {name: noted(name) for name in names if hasattr(admin.ModelAdmin, name)}

    def column(self: Any, order: Any) -> str:
        if requests.COLUMN not in seen:
            seen.append(requests.COLUMN)
        return ""

    options = {"list_display": ["number", "column"], "list_filter": ["status"]}
    options |= {"list_display_links": None}
    play(admin_of(**methods, **options, column=column, search_fields=["number"]))
    return seen


def prepared(method: str, **data: Any) -> Any:
    from django.contrib.messages.storage.base import BaseStorage
    from django.test import RequestFactory

    made = getattr(RequestFactory(), method)("/", data)
    made.user, made.session = request().user, {}
    made._messages = BaseStorage(made)
    made._dont_enforce_csrf_checks = True
    return made


def _list(admin: Any) -> None:
    from django.contrib.admin.templatetags.admin_list import results

    response = admin.changelist_view(prepared("get"))
    list(results(response.context_data["cl"]))


def _form(admin: Any) -> None:
    admin.change_view(prepared("get"), str(fact_world.queryset().first().pk))


def _save(admin: Any) -> None:
    from django.forms.models import model_to_dict

    row = fact_world.queryset().first()
    asked = prepared("post", **{**model_to_dict(row), "_continue": "1"})
    with fact_world.undone():
        # the answer is a redirection to an address that this project does not have
        fact_world.attempt(lambda: admin.change_view(asked, str(row.pk)))


def attributes() -> dict[str, list[str]]:
    """Name the attributes of the table that classes of each kind have."""
    from django.contrib import admin
    from django.contrib.auth import mixins
    from django.contrib.auth import views as auth_views
    from django.contrib.sitemaps import Sitemap
    from django.contrib.syndication.views import Feed
    from django.views import generic

    views = [value for value in vars(generic).values() if isinstance(value, type)]
    views += [generic.edit.FormMixin, generic.list.MultipleObjectMixin, generic.View]
    views += [auth_views.LoginView, mixins.AccessMixin, mixins.PermissionRequiredMixin]
    classes: dict[str, list[Any]] = {
        **dict.fromkeys(("view", "context", "multiple", "single"), views),
        "admin": [admin.ModelAdmin],
        "inline": [admin.TabularInline],
        "feed": [Feed],
        "sitemap": [Sitemap],
        "admin-site": [admin.AdminSite],
    }
    if fact_world.oracle_world.installed("rest_framework"):
        from rest_framework import generics, pagination, throttling

        classes["drf"] = [generics.GenericAPIView]
        classes["pagination"] = [pagination.PageNumberPagination, pagination.LimitOffsetPagination]
        classes["throttle"] = [throttling.SimpleRateThrottle, throttling.ScopedRateThrottle]
    return {
        kind: sorted(
            name
            for name in requests.READ_BY_FRAMEWORK[kind]
            if any(hasattr(one, name) for one in known)
        )
        for kind, known in classes.items()
    }


if __name__ == "__main__":
    fact_world.setup()
    out, sys.stdout = sys.stdout, sys.stderr
    result = measure()
    json.dump(result, out, indent=1, sort_keys=True)
