"""Views whose ``get_queryset()`` returns the class attribute itself, in every combination.

Pagination and filter backends may rescue such a view, and REST framework's guard may refuse it:
Django says which, for every class by pagination by filter backend.

    python tests/oracle/rescues.py          one JSON object a line: {"case", "stale", "raises"}
"""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import dataclass
from datetime import datetime, timezone
from itertools import product
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

HEADER = """
from django.urls import path
from django.views.generic import DetailView, ListView
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import filters, generics, viewsets
from rest_framework.pagination import PageNumberPagination

from shop.models import Order
from shop.serializers import OrderSerializer


class Pages(PageNumberPagination):
    page_size = 50


class OrdersView({base}):
    queryset = Order.objects.order_by("pk")
{lines}
    def get_queryset(self):
        return self.queryset


urlpatterns = [path("", OrdersView.as_view({arguments}){route})]
"""
#: class -> arguments of as_view(), extra of path()
API_VIEWS = {
    "generics.ListAPIView": "",
    "generics.ListCreateAPIView": "",
    "viewsets.ReadOnlyModelViewSet": '{"get": "list"}',
    "viewsets.ModelViewSet": '{"get": "list"}',
}
PAGINATION = {
    "not set": (),
    "None": ("pagination_class = None",),
    "pages": ("pagination_class = Pages",),
}
BACKENDS = {
    "not set": (),
    "none": ("filter_backends = []",),
    "search": ("filter_backends = [filters.SearchFilter]", 'search_fields = ["number"]'),
    "ordering": ("filter_backends = [filters.OrderingFilter]",),
    "ordering by default": (
        "filter_backends = [filters.OrderingFilter]",
        'ordering = ["number"]',
    ),
    "django-filter": ("filter_backends = [DjangoFilterBackend]",),
    "django-filter with fields": (
        "filter_backends = [DjangoFilterBackend]",
        'filterset_fields = ["number"]',
    ),
}


@dataclass(frozen=True)
class Combination:
    """One view: its name for people, and its module."""

    name: str
    text: str


def module(base: str, lines: tuple[str, ...], arguments: str = "", route: str = "") -> str:
    """The text of a URLconf with one view."""
    body = "".join(f"    {line}\n" for line in lines)
    return HEADER.format(base=base, lines=body, arguments=arguments, route=route)


def combinations() -> list[Combination]:
    """All of them."""
    page = ('template_name = "shop/order_list.html"',)
    one = ', {"pk": 1}'
    found = [
        Combination("ListView", module("ListView", page)),
        Combination("ListView, pages", module("ListView", (*page, "paginate_by = 50"))),
        Combination("DetailView", module("DetailView", page, "", one)),
    ]
    serializer = ("serializer_class = OrderSerializer",)
    found.append(
        Combination("RetrieveAPIView", module("generics.RetrieveAPIView", serializer, "", one))
    )
    for base, pages, backend in product(API_VIEWS, PAGINATION, BACKENDS):
        lines = (*serializer, *PAGINATION[pages], *BACKENDS[backend])
        name = f"{base.partition('.')[2]}, pagination {pages}, filter {backend}"
        found.append(Combination(name, module(base, lines, API_VIEWS[base])))
    return found


def main() -> None:
    """Ask Django."""
    import oracle_cases
    import run_case

    start = datetime.now(timezone.utc).replace(microsecond=0) - run_case.TWO_DAYS
    with tempfile.TemporaryDirectory() as folder:
        template = run_case.build(folder, start)
        for number, combination in enumerate(combinations()):
            file = Path(folder) / f"rescue_{number}.py"
            file.write_text(combination.text, encoding="utf-8")
            case = oracle_cases.Case(file.stem, file.parent, file.stem, (file,))
            run, control = (
                run_case.fork(case, start, template, role) for role in run_case.ROLES[:2]
            )
            verdict = run_case.judge(run, control)
            seen = verdict["paths"].get("/", {})
            report = {
                "case": combination.name,
                "stale": seen.get("stale"),
                "raises": bool(seen.get("raises")),
                "sensitive": seen.get("sensitive"),
                "error": verdict["import_error"],
            }
            print(json.dumps(report), flush=True)


if __name__ == "__main__":
    main()
