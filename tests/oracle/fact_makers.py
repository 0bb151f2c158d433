"""Who makes the instances of framework classes: two requests, and the object that each meets."""

# pylint: disable=import-error,missing-function-docstring,missing-class-docstring,no-member

from __future__ import annotations

import importlib
from typing import Any

from fact_world import attempt


def measure_makers() -> dict[str, str]:
    """Kind of class -> whether two requests meet the same instance."""
    found = {}
    for kind, maker in MAKERS.items():
        pair, error = attempt(maker)
        if error is None:
            found[kind] = "same" if pair[0] is pair[1] else "different"
        elif not error.startswith(("ImportError", "ModuleNotFoundError")):
            found[kind] = error
    return found


def request() -> Any:
    """A request by somebody who may do everything."""
    from django.contrib.auth.models import User
    from django.test import RequestFactory

    made = RequestFactory().get("/")
    made.user = User(username="boss", is_staff=True, is_superuser=True, pk=1)
    return made


def twice(make: Any) -> tuple[Any, Any]:
    """The results of two calls."""
    return make(), make()


def view_instances() -> tuple[Any, Any]:
    from django.http import HttpResponse
    from django.views.generic import View

    seen = []

    class Page(View):
        def get(self, request: Any) -> Any:
            seen.append(self)
            return HttpResponse()

    view = Page.as_view()
    twice(lambda: view(request()))
    return seen[0], seen[1]


def api_instances(pick: Any) -> tuple[Any, Any]:
    from rest_framework import (
        authentication,
        filters,
        generics,
        pagination,
        permissions,
        throttling,
    )
    from rest_framework.response import Response

    class Throttle(throttling.BaseThrottle):
        def allow_request(self, request: Any, view: Any) -> bool:
            return True

    class Api(generics.GenericAPIView):
        permission_classes = [permissions.AllowAny]
        throttle_classes = [Throttle]
        authentication_classes = [authentication.BasicAuthentication]
        filter_backends = [filters.SearchFilter]
        pagination_class = pagination.PageNumberPagination

        def get(self, request: Any) -> Any:
            seen.append(pick(self, request))
            return Response()

    seen: list[Any] = []
    view = Api.as_view()
    twice(lambda: view(request()))
    return seen[0], seen[1]


def backend_instances() -> tuple[Any, Any]:
    from rest_framework import filters

    seen = []

    class Backend(filters.BaseFilterBackend):
        def filter_queryset(self, request: Any, queryset: Any, view: Any) -> Any:
            seen.append(self)
            return queryset

    def use(view: Any, _: Any) -> Any:
        view.filter_backends = [Backend]
        view.filter_queryset(None)
        return seen[-1]

    return api_instances(use)


def serializer_instances() -> tuple[Any, Any]:
    from rest_framework import serializers

    class Orders(serializers.Serializer):
        pass

    def make(view: Any, _: Any) -> Any:
        view.serializer_class = Orders
        return view.get_serializer()

    return api_instances(make)


def serializer_fields() -> tuple[Any, Any]:
    from rest_framework import serializers

    class Orders(serializers.Serializer):
        number = serializers.ChoiceField(choices=[1])

    return twice(lambda: Orders().fields["number"])


def form_instances(pick: Any) -> tuple[Any, Any]:
    from django import forms
    from django.views.generic import FormView

    class Search(forms.Form):
        status = forms.ChoiceField(choices=[(1, 1)])

    class Page(FormView):
        form_class = Search
        template_name = "fact.html"

    view = Page.as_view()
    responses = twice(lambda: view(request()))
    return pick(responses[0].context_data["form"]), pick(responses[1].context_data["form"])


def formset_instances() -> tuple[Any, Any]:
    from django import forms
    from django.views.generic import FormView

    class Page(FormView):
        form_class = forms.formset_factory(forms.Form)
        template_name = "fact.html"

    view = Page.as_view()
    return twice(lambda: view(request()).context_data["form"])


def admin_parts(pick: Any) -> tuple[Any, Any]:
    from django.contrib import admin
    from shop.models import Order, OrderLine

    seen = []

    class Status(admin.SimpleListFilter):
        title = parameter_name = "status"

        def lookups(self, request: Any, model_admin: Any) -> Any:
            seen.append(self)
            return [(1, 1)]

        def queryset(self, request: Any, queryset: Any) -> Any:
            return queryset

    class Lines(admin.TabularInline):
        model = OrderLine

    class Orders(admin.ModelAdmin):
        inlines = [Lines]
        list_filter = [Status]

        def get_queryset(self, request: Any) -> Any:
            seen.append(self)
            return super().get_queryset(request)

    site = admin.AdminSite()
    site.register(Order, Orders)
    model_admin = site._registry[Order]
    return twice(lambda: pick(model_admin, site, seen))


def admin_instance(_: Any, site: Any, seen: list[Any]) -> Any:
    from shop.models import Order

    seen.clear()
    site._registry[Order].get_changelist_instance(request())
    return next(thing for thing in seen if hasattr(thing, "list_filter"))


def list_filter(model_admin: Any, _: Any, seen: list[Any]) -> Any:
    seen.clear()
    model_admin.get_changelist_instance(request())
    return next(thing for thing in seen if hasattr(thing, "lookups"))


def filtersets(pick: Any) -> tuple[Any, Any]:
    import django_filters
    from django_filters.views import FilterView
    from shop.models import Order

    class Filters(django_filters.FilterSet):
        number = django_filters.NumberFilter()

        class Meta:
            model = Order
            fields = ["number"]

    class Page(FilterView):
        filterset_class = Filters
        template_name = "fact.html"

    view = Page.as_view()
    return twice(lambda: pick(view(request()).context_data["filter"]))


def feeds() -> tuple[Any, Any]:
    from django.contrib.syndication.views import Feed

    seen = []

    class News(Feed):
        title = link = description = "/"

        def items(self) -> Any:
            seen.append(self)
            return []

    feed = News()
    twice(lambda: feed(request()))
    return seen[0], seen[1]


def middlewares() -> tuple[Any, Any]:
    from django.core.handlers.base import BaseHandler
    from django.test.utils import override_settings
    from django.utils.deprecation import MiddlewareMixin

    seen = []

    class Watch(MiddlewareMixin):
        def process_request(self, request: Any) -> Any:
            from django.http import HttpResponse

            seen.append(self)
            return HttpResponse()

    Watch.__module__ = __name__
    globals()["Watch"] = Watch
    handler = BaseHandler()
    with override_settings(MIDDLEWARE=[f"{__name__}.Watch"]):
        handler.load_middleware()
    twice(lambda: handler._middleware_chain(request()))
    return seen[0], seen[1]


def measure_middleware() -> list[str]:
    """The methods of a middleware that a request runs before the view."""
    import types

    from django.core.handlers.base import BaseHandler
    from django.http import HttpResponse
    from django.test.utils import override_settings
    from django.urls import path
    from django.utils.deprecation import MiddlewareMixin

    calls: list[str] = []

    class Traced(MiddlewareMixin):
        def __call__(self, request: Any) -> Any:
            calls.append("__call__")
            return super().__call__(request)

        def process_request(self, request: Any) -> None:
            calls.append("process_request")

        def process_view(self, request: Any, *rest: Any) -> None:
            calls.append("process_view")

    urls = types.ModuleType("urls")
    vars(urls)["urlpatterns"] = [path("", lambda request: calls.append("view") or HttpResponse())]
    globals()["Traced"] = Traced
    handler = BaseHandler()
    with override_settings(MIDDLEWARE=[f"{__name__}.Traced"], ROOT_URLCONF=urls):
        handler.load_middleware()
        handler.get_response(request())
    return calls[: calls.index("view")]


def nodes() -> tuple[Any, Any]:
    from django.template import engines

    return twice(lambda: engines["django"].get_template("fact.html").template.nodelist[0])


def backends() -> tuple[Any, Any]:
    from django.contrib.auth import get_backends

    return twice(lambda: get_backends()[0])


def managers() -> tuple[Any, Any]:
    from shop.models import Post

    return twice(lambda: Post.objects)


def app_configs() -> tuple[Any, Any]:
    from django.apps import apps

    return twice(lambda: apps.get_app_config("shop"))


def lazy_objects() -> tuple[Any, Any]:
    from django.utils.functional import SimpleLazyObject

    shared = SimpleLazyObject(list)
    shared.append(1)
    return twice(lambda: shared._wrapped)


MAKERS: dict[str, Any] = {
    "view": view_instances,
    "drf": lambda: api_instances(lambda view, request: view),
    "permission": lambda: api_instances(lambda view, request: view.get_permissions()[0]),
    "throttle": lambda: api_instances(lambda view, request: view.get_throttles()[0]),
    "authentication": lambda: api_instances(lambda view, request: request.authenticators[0]),
    "pagination": lambda: api_instances(lambda view, request: view.paginator),
    "filter-backend": backend_instances,
    "serializer": serializer_instances,
    "serializer-field": serializer_fields,
    "form": lambda: form_instances(lambda form: form),
    "form-field": lambda: form_instances(lambda form: form.fields["status"]),
    "widget": lambda: form_instances(lambda form: form.fields["status"].widget),
    "formset": formset_instances,
    "admin": lambda: admin_parts(admin_instance),
    "admin-site": lambda: admin_parts(lambda model_admin, site, seen: model_admin.admin_site),
    "inline": lambda: admin_parts(
        lambda model_admin, site, seen: model_admin.get_inline_instances(request())[0]
    ),
    "list-filter": lambda: admin_parts(list_filter),
    "filterset": lambda: filtersets(lambda made: made),
    "filter": lambda: filtersets(lambda made: made.filters["number"]),
    "feed": feeds,
    "app-config": app_configs,
    "middleware": middlewares,
    "template-node": nodes,
    "backend": backends,
    "manager": managers,
    "lazy-object": lazy_objects,
}


def measure_before() -> dict[str, list[str]]:
    """The methods that run before the handler, in their order, for views of Django and of DRF."""
    from django.http import HttpResponse
    from django.views.generic import View

    found = {"view": order_of(View, HttpResponse)}
    views, error = attempt(lambda: importlib.import_module("rest_framework.views"))
    if error is None:
        found["drf"] = order_of(views.APIView, HttpResponse)
    return found


def order_of(base: Any, answer: Any) -> list[str]:
    """Trace one request."""
    calls: list[str] = []

    def noting(name: str) -> Any:
        original = getattr(base, name)

        def method(self: Any, *args: Any, **kwargs: Any) -> Any:
            calls.append(name)
            return original(self, *args, **kwargs)

        return method

    def get(self: Any, request: Any) -> Any:
        calls.append("get")
        return answer()

    names = ("__init__", "setup", "dispatch", "initialize_request", "initial")
    traced = {name: noting(name) for name in names if hasattr(base, name)}
    view = type("Traced", (base,), {**traced, "get": get}).as_view()
    calls.clear()
    view(request())
    return calls
