"""What else an import-time query does, and where run-time guards see it, and where not."""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ORACLE = str(Path(__file__).parent)


def run(body: str, *, folder: Path | None = None) -> Any:
    """Run a script in an interpreter of its own, and return the JSON of its last line."""
    head = f"import sys\nsys.path.insert(0, {ORACLE!r})\nimport json, oracle_world\n"
    done = subprocess.run(
        [sys.executable, "-c", head + textwrap.dedent(body)],
        capture_output=True,
        text=True,
        check=False,
        cwd=folder,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def django_version() -> tuple[int, ...]:
    """The running Django's version."""
    django = pytest.importorskip("django")
    return tuple(django.VERSION[:2])


COMMAND = """
from django.core.management import call_command
from django.db.utils import OperationalError

oracle_world.configure(":memory:", ROOT_URLCONF={urlconf!r})
try:
    call_command({command!r}, verbosity=0{options})
except OperationalError as error:
    print(json.dumps(str(error)))
else:
    print(json.dumps("fine"))
"""

COMMANDS = [
    ("check", ""),
    ("makemigrations", ", dry_run=True, skip_checks=False"),
    ("migrate", ", run_syncdb=True, skip_checks=False"),
]


@pytest.mark.parametrize(("command", "options"), COMMANDS)
def test_empty_database(command: str, options: str) -> None:
    """On an empty database not even `migrate` works, which would create the tables."""
    script = COMMAND.format(urlconf="orders.urls", command=command, options=options)
    assert run(script) == "no such table: orders_order"


@pytest.mark.parametrize(("command", "options"), COMMANDS)
def test_empty_database_repaired(command: str, options: str) -> None:
    """The repaired twin does not mind."""
    script = COMMAND.format(urlconf="orders_repaired.urls", command=command, options=options)
    assert run(script) == "fine"


def test_try_except_freezes_emptiness(tmp_path: Path) -> None:
    """Behind `except OperationalError`, the first start on an empty database freezes "no rows"."""
    tmp_path.joinpath("menu.py").write_text(
        textwrap.dedent(
            """
            from django.db import OperationalError
            from orders.models import Buyer

            try:
                NAMES = [buyer.name for buyer in Buyer.objects.all()]
            except OperationalError:
                NAMES = []
            """
        )
    )
    names = run(
        """
        sys.path.insert(0, ".")
        oracle_world.configure(":memory:")
        import menu
        oracle_world.create_tables()
        from orders.models import Buyer
        Buyer.objects.create(name="Ada")
        print(json.dumps(menu.NAMES))
        """,
        folder=tmp_path,
    )
    assert names == []


TESTS = """
from django.test import TestCase
from orders.models import Buyer, Order


class FrozenTest(TestCase):
    names = [buyer.name for buyer in Buyer.objects.all()]

    def test_real_rows(self):
        self.assertEqual(self.names, ["Real"])
        self.assertFalse(Buyer.objects.exists())


class TravelTest(TestCase):
    def page(self):
        return self.client.get("/").content.decode()

    def test_1_writes(self):
        Order.objects.create(number="from the first test", buyer=Buyer.objects.create(name="Ada"))
        self.assertIn("from the first test", self.page())

    def test_2_reads(self):
        self.assertFalse(Order.objects.exists())
        self.assertIn("from the first test", self.page())
"""


def test_tests_read_the_real_database(tmp_path: Path) -> None:
    """A test's class body reads the real database, and frozen rows travel between tests."""
    tmp_path.joinpath("test_frozen.py").write_text(TESTS)
    failures = run(
        """
        sys.path.insert(0, ".")
        oracle_world.configure("real.sqlite3", ROOT_URLCONF="orders.urls")
        from django.apps import apps
        from django.db import connection
        from django.test.runner import DiscoverRunner

        buyer = apps.get_model("orders", "Buyer")
        with connection.schema_editor() as editor:
            for model in apps.get_app_config("orders").get_models():
                editor.create_model(model)
        buyer.objects.create(name="Real")
        runner = DiscoverRunner(verbosity=0, interactive=False)
        runner.run_checks = lambda databases: None  # pytest-django runs no checks either
        print(json.dumps(runner.run_tests(["test_frozen"])))
        """,
        folder=tmp_path,
    )
    assert failures == 0


def test_warning_is_silent_for_views() -> None:
    """Django's warning about database access during initialization does not see a URLconf."""
    messages = run(
        """
        import warnings

        oracle_world.configure(":memory:", ROOT_URLCONF="orders.urls")
        oracle_world.create_tables()
        from django.test import Client
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            Client().get("/")
        found = [str(warning.message) for warning in caught]
        print(json.dumps([text for text in found if "database" in text]))
        """
    )
    assert messages == []


@pytest.mark.parametrize("place", ["ready", "models"])
def test_warning_is_heard_during_setup(tmp_path: Path, place: str) -> None:
    """The warning speaks, from Django 5.0 on, where `django.setup()` itself runs the query."""
    package = tmp_path / "eager"
    package.mkdir()
    query = "from django.db import connection\nconnection.cursor().execute('SELECT 1')\n"
    method = textwrap.indent(query, " " * 8) if place == "ready" else "        pass\n"
    package.joinpath("__init__.py").touch()
    package.joinpath("models.py").write_text(query if place == "models" else "")
    package.joinpath("apps.py").write_text(
        "from django.apps import AppConfig\n\n\nclass Eager(AppConfig):\n"
        f'    name = "eager"\n\n    def ready(self):\n{method}'
    )
    messages = run(
        """
        import warnings

        sys.path.insert(0, ".")
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            oracle_world.configure(":memory:", INSTALLED_APPS=["eager"])
        print(json.dumps([str(warning.message) for warning in caught]))
        """,
        folder=tmp_path,
    )
    heard = any("Accessing the database during app initialization" in text for text in messages)
    assert heard == (django_version() >= (5, 0))


GUARD = """
oracle_world.configure(":memory:")
oracle_world.create_tables()
from datetime import datetime, timezone
oracle_world.fill(datetime(2020, 1, 1, tzinfo=timezone.utc))

from django.core.paginator import Paginator
from django.test import RequestFactory
from django.views.generic import ArchiveIndexView, DetailView, ListView
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework import filters, generics, pagination, permissions, viewsets
from rest_framework.decorators import api_view, permission_classes
from rest_framework.response import Response
from rest_framework.views import APIView
from shop.models import Category, Post
from shop.serializers import CategorySerializer


class Ten(pagination.PageNumberPagination):
    page_size = 10


def categories():
    return Category.objects.order_by("pk")


def show(call, **kwargs):
    response = call(RequestFactory().get("/"), **kwargs)
    if hasattr(response, "render"):
        response.render()
    return response.content


def verdict(call, **kwargs):
    '''Ask twice, with a change in between, and say what the second answer is.'''
    Category.objects.filter(pk=1).update(name="Old name")
    try:
        before = show(call, **kwargs)
        Category.objects.filter(pk=1).update(name="New name")
        after = show(call, **kwargs)
    except RuntimeError as error:
        assert "Do not evaluate the `.queryset` attribute directly" in str(error)
        return "refused"
    assert b"Old name" in before
    return "fresh" if b"New name" in after else "stale"


class Names:
    permission_classes = [permissions.AllowAny]

    def names(self, queryset):
        return Response([category.name for category in queryset])


class Rest(Names):
    serializer_class = CategorySerializer
    lookup_field = "pk"

    def get_queryset(self):
        return self.queryset


class Page:
    template_name = "shop/category_list.html"

    def get_queryset(self):
        return self.queryset


def rest(base, **attributes):
    return type("View", (Rest, base), {"queryset": categories(), **attributes})


def page(base, **attributes):
    return type("View", (Page, base), {"queryset": categories(), **attributes})


def guarded(base, attribute, use, queryset=None):
    def get(self, request):
        return self.names(use(self))

    queryset = categories() if queryset is None else queryset
    return type("View", (Names, base), {attribute: queryset, "get": get})


verdicts = {}
"""

RETURNED = (
    GUARD
    + """
FIELDS = {"filter_backends": [DjangoFilterBackend], "filterset_fields": ["slug"]}
OPTIONS = {
    "": {},
    "pagination": {"pagination_class": Ten},
    "DjangoFilterBackend": {"filter_backends": [DjangoFilterBackend]},
    "DjangoFilterBackend with fields": FIELDS,
    "SearchFilter": {"filter_backends": [filters.SearchFilter], "search_fields": ["name"]},
    "OrderingFilter": {"filter_backends": [filters.OrderingFilter]},
    "OrderingFilter with ordering": {
        "filter_backends": [filters.OrderingFilter], "ordering": ["pk"]
    },
}
for name, options in OPTIONS.items():
    view = rest(viewsets.ModelViewSet, **options).as_view({"get": "list"})
    verdicts[f"ModelViewSet {name}".strip()] = verdict(view)
    view = rest(generics.ListAPIView, **options).as_view()
    verdicts[f"ListAPIView {name}".strip()] = verdict(view)
verdicts["RetrieveAPIView"] = verdict(rest(generics.RetrieveAPIView).as_view(), pk=1)
verdicts["ListView"] = verdict(page(ListView).as_view())
verdicts["ListView pagination"] = verdict(page(ListView, paginate_by=10).as_view())
verdicts["ListView ordering"] = verdict(page(ListView, ordering=["pk"]).as_view())
detail = page(DetailView, template_name="shop/view_value.html", shown=property(lambda s: s.object))
verdicts["DetailView"] = verdict(detail.as_view(), pk=1)
print(json.dumps(verdicts))
"""
)

IN_PLACE = (
    GUARD
    + """
every = lambda self: self.queryset
for name, base, attribute, use in [
    ("APIView.queryset", APIView, "queryset", every),
    ("GenericAPIView.queryset", generics.GenericAPIView, "queryset", every),
    ("APIView.categories", APIView, "categories", lambda self: self.categories),
    ("slice", APIView, "queryset", lambda self: self.queryset[:9]),
    ("all", APIView, "queryset", lambda self: self.queryset.all()),
    ("index", APIView, "queryset", lambda self: [self.queryset[0]]),
    ("first", APIView, "queryset", lambda self: [self.queryset.first()]),
    ("get_queryset", generics.GenericAPIView, "queryset", lambda self: self.get_queryset()),
]:
    verdicts[name] = verdict(guarded(base, attribute, use).as_view())
view = guarded(APIView, "queryset", every, queryset=None)
verdicts["as_view(queryset=...)"] = verdict(
    type("View", (view,), {"queryset": None}).as_view(queryset=categories())
)
viewset = type("View", (Names, viewsets.ViewSet), {
    "queryset": categories(), "list": lambda self, request: self.names(self.queryset)
})
verdicts["ViewSet.queryset"] = verdict(viewset.as_view({"get": "list"}))
raw = Category.objects.raw("SELECT * FROM shop_category")
verdicts["raw"] = verdict(guarded(APIView, "queryset", every, queryset=raw).as_view())
CONSTANT = categories()


@api_view(["GET"])
@permission_classes([permissions.AllowAny])
def function(request):
    return Response([category.name for category in CONSTANT])


verdicts["@api_view"] = verdict(function)
print(json.dumps(verdicts))
"""
)


@cache
def verdicts(script: str) -> dict[str, str]:
    """Run one of the tables."""
    for package in ("rest_framework", "django_filters"):
        pytest.importorskip(package)
    return dict(run(script))


@pytest.mark.parametrize(
    ("view", "expected"),
    [
        ("ListView", "stale"),
        ("ListView pagination", "fresh"),
        ("ListView ordering", "stale"),
        ("DetailView", "fresh"),
        ("RetrieveAPIView", "fresh"),
        ("ListAPIView", "refused"),
        ("ListAPIView pagination", "fresh"),
        ("ListAPIView DjangoFilterBackend", "refused"),
        ("ListAPIView DjangoFilterBackend with fields", "fresh"),
        ("ListAPIView SearchFilter", "refused"),
        ("ListAPIView OrderingFilter", "refused"),
        ("ListAPIView OrderingFilter with ordering", "fresh"),
        ("ModelViewSet", "stale"),
        ("ModelViewSet pagination", "fresh"),
        ("ModelViewSet DjangoFilterBackend", "stale"),
        ("ModelViewSet DjangoFilterBackend with fields", "fresh"),
        ("ModelViewSet SearchFilter", "stale"),
        ("ModelViewSet OrderingFilter", "stale"),
        ("ModelViewSet OrderingFilter with ordering", "fresh"),
    ],
)
def test_returned_attribute(view: str, expected: str) -> None:
    """`return self.queryset` is rescued by what clones or slices after it, and by nothing else."""
    assert verdicts(RETURNED)[view] == expected


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("APIView.queryset", "refused"),
        ("GenericAPIView.queryset", "refused"),
        ("APIView.categories", "stale"),
        ("as_view(queryset=...)", "stale"),
        ("ViewSet.queryset", "stale"),
        ("raw", "stale"),
        ("@api_view", "stale"),
        ("slice", "fresh"),
        ("all", "fresh"),
        ("index", "fresh"),
        ("first", "fresh"),
        ("get_queryset", "fresh"),
    ],
)
def test_drf_guard(use: str, expected: str) -> None:
    """DRF's guard watches one attribute of one kind of view; the rest is silently stale."""
    assert verdicts(IN_PLACE)[use] == expected
