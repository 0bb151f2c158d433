"""The story of the original bug, and of everything that was suspected first.

A list of orders shows no new order and no new name, until the server is restarted. Each test
below clears one suspect. The app is the bundled example, `tests/fixtures/original`.
"""

from __future__ import annotations

import json
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest

PROLOGUE = """
import sys
sys.path.insert(0, {oracle!r})
import oracle_world
oracle_world.configure(":memory:", ROOT_URLCONF={urlconf!r})
oracle_world.create_tables()

import json
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from orders.models import Buyer, Line, Order

ada = Buyer.objects.create(name="Ada")
first = Order.objects.create(number="1001", buyer=ada)
lamp = Line.objects.create(order=first, product="lamp")

def page(**headers):
    response = Client().get("/", **headers)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())

def tell(**facts):
    print(json.dumps(facts))

"""


def tell(body: str, urlconf: str = "orders.urls") -> dict[str, Any]:
    """Run a chapter in an interpreter of its own, and return what it tells."""
    oracle = str(Path(__file__).parent)
    script = PROLOGUE.format(oracle=oracle, urlconf=urlconf) + textwrap.dedent(body)
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


VARIANT = """
import types
from django.urls import path
from django.views.generic import ListView

class OrderListView(ListView):
    template_name = "orders/order_list.html"
    queryset = sorted(Order.objects.{loaded}, key=lambda order: order.number)

urls = types.ModuleType("variant_urls")
urls.urlpatterns = [path("", OrderListView.as_view())]
sys.modules["variant_urls"] = urls
"""


def test_the_bug() -> None:
    """A new order, a new name and a new product: none is shown."""
    told = tell(
        """
        before = page()
        Order.objects.create(number="1002", buyer=ada)
        Order.objects.filter(pk=first.pk).update(number="0999")
        Buyer.objects.update(name="Ada Lovelace")
        Line.objects.update(product="desk")
        tell(before=before, after=page())
        """
    )
    assert told["before"] == told["after"]
    assert "1001" in told["after"]
    assert "Lovelace" not in told["after"]


def test_the_repair() -> None:
    """The repaired twin shows all of it."""
    told = tell(
        """
        page()
        Order.objects.create(number="1002", buyer=ada)
        Buyer.objects.update(name="Ada Lovelace")
        Line.objects.update(product="desk")
        tell(after=page())
        """,
        urlconf="orders_repaired.urls",
    )
    assert all(word in told["after"] for word in ("1001", "1002", "Ada Lovelace", "desk"))


def test_a_restart_helps() -> None:
    """A process that starts after the write shows it: the bug looks like a cache."""
    told = tell(
        """
        Buyer.objects.update(name="Ada Lovelace")
        tell(after=page())
        """
    )
    assert "Ada Lovelace" in told["after"]


def test_the_template_is_innocent() -> None:
    """The same template shows the new rows when it is given a fresh queryset."""
    told = tell(
        """
        from django.template.loader import render_to_string

        page()
        Order.objects.create(number="1002", buyer=ada)
        context = {"object_list": Order.objects.order_by("number")}
        tell(page=page(), template=render_to_string("orders/order_list.html", context))
        """
    )
    assert "1002" not in told["page"]
    assert "1002" in told["template"]


@pytest.mark.parametrize("arguments", ["", 'update_fields=["name"]'])
def test_save_is_innocent(arguments: str) -> None:
    """With or without update_fields, the row is in the database; the page does not show it."""
    told = tell(
        f"""
        page()
        ada.name = "Ada Lovelace"
        ada.save({arguments})
        tell(row=Buyer.objects.get().name, page=page())
        """
    )
    assert told["row"] == "Ada Lovelace"
    assert "Lovelace" not in told["page"]


def test_the_browser_is_innocent() -> None:
    """A new client that forbids every cache sees the old page, with status 200 and no ETag."""
    told = tell(
        """
        page()
        Order.objects.create(number="1002", buyer=ada)
        response = Client().get("/", HTTP_CACHE_CONTROL="no-cache", HTTP_PRAGMA="no-cache")
        tell(
            status=response.status_code,
            headers=sorted(response.headers),
            shown="1002" in response.content.decode(),
        )
        """
    )
    assert told["status"] == 200
    assert not {"ETag", "Last-Modified", "Age", "Expires"} & set(told["headers"])
    assert not told["shown"]


def test_never_cache_does_not_help() -> None:
    """The header of never_cache is sent, and the rows stay old."""
    told = tell(
        """
        from django.views.decorators.cache import never_cache
        from orders import urls, views
        from django.urls import path

        urls.urlpatterns[:] = [path("", never_cache(views.OrderListView.as_view()))]
        page()
        Order.objects.create(number="1002", buyer=ada)
        response = Client().get("/")
        tell(control=response["Cache-Control"], shown="1002" in response.content.decode())
        """
    )
    assert "no-store" in told["control"]
    assert not told["shown"]


def test_the_query_counter_tells() -> None:
    """The first request needs two queries, the second one none: nobody asks any more."""
    told = tell(
        """
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                page()
            counts.append(len(queries))
        tell(counts=counts)
        """
    )
    # orders joined with buyers, and lines; both while the URLconf is imported
    assert told["counts"] == [2, 0]


def test_the_repaired_page_always_asks() -> None:
    """The repaired twin asks with each request."""
    told = tell(
        """
        counts = []
        for _ in range(2):
            with CaptureQueriesContext(connection) as queries:
                page()
            counts.append(len(queries))
        tell(counts=counts)
        """,
        urlconf="orders_repaired.urls",
    )
    assert told["counts"] == [2, 2]


def test_the_query_runs_with_the_class() -> None:
    """The query runs while the class body is executed, before any request."""
    told = tell(
        """
        with CaptureQueriesContext(connection) as queries:
            import orders.views
        kept = type(orders.views.OrderListView.__dict__["queryset"]).__name__
        tell(queries=len(queries), kept=kept)
        """
    )
    assert told == {"queries": 2, "kept": "list"}


def test_the_idle_meta_is_innocent() -> None:
    """A view's inner Meta does nothing: without it the page is just as old."""
    told = tell(
        """
        from orders.views import OrderListView

        del OrderListView.Meta
        page()
        Order.objects.create(number="1002", buyer=ada)
        tell(model=OrderListView.model, shown="1002" in page())
        """
    )
    assert told == {"model": None, "shown": False}


@pytest.mark.parametrize(
    ("loaded", "buyer_is_fresh", "lines_are_fresh"),
    [
        ('select_related("buyer").prefetch_related("lines")', False, False),
        ('select_related("buyer")', False, True),
        ('prefetch_related("lines")', False, False),
        ("all()", False, True),
    ],
)
def test_what_is_loaded_is_frozen(loaded: str, buyer_is_fresh: bool, lines_are_fresh: bool) -> None:
    """Relations that were loaded with the list, or by the first page, stay; others are fresh.

    Without `select_related` the buyer is read by the first page, and kept by the instance from
    then on. Without `prefetch_related` the lines are read anew for each page. That is why these
    two calls were suspected: without them a part of the page lives, and the list does not.
    """
    told = tell(
        VARIANT.format(loaded=loaded)
        + textwrap.dedent(
            """
            page()
            Order.objects.create(number="1002", buyer=ada)
            Buyer.objects.update(name="Ada Lovelace")
            Line.objects.update(product="desk")
            after = page()
            tell(order="1002" in after, buyer="Lovelace" in after, line="desk" in after)
            """
        ),
        urlconf="variant_urls",
    )
    assert told == {"order": False, "buyer": buyer_is_fresh, "line": lines_are_fresh}


def test_dozens_of_queries() -> None:
    """Without both calls each order's lines are asked for each time, its buyer the first time."""
    told = tell(
        "for number in range(11):\n"
        "    buyer = Buyer.objects.create(name=str(number))\n"
        "    Order.objects.create(number=str(number), buyer=buyer)\n"
        + VARIANT.format(loaded="all()")
        + textwrap.dedent(
            """
            counts = []
            for _ in range(3):
                with CaptureQueriesContext(connection) as queries:
                    page()
                counts.append(len(queries))
            tell(counts=counts)
            """
        ),
        urlconf="variant_urls",
    )
    # the list itself was read before, with the class
    assert told["counts"] == [12 + 12, 12, 12]


def test_a_relation_not_yet_read_is_fresh() -> None:
    """Without `select_related`, a buyer that no page has read yet is read at the second request."""
    told = tell(
        VARIANT.format(loaded="all()")
        + textwrap.dedent(
            """
            Buyer.objects.update(name="Ada Lovelace")
            Order.objects.create(number="1002", buyer=ada)
            after = page()
            tell(order="1002" in after, buyer="Lovelace" in after)
            """
        ),
        urlconf="variant_urls",
    )
    assert told == {"order": False, "buyer": True}


def test_popular_cures_keep_the_bug() -> None:
    """A module constant, ClassVar, and try/except freeze the same rows."""
    told = tell(
        """
        from typing import ClassVar
        from django.db import OperationalError
        from django.views.generic import ListView
        from django.test import RequestFactory

        ORDERS = list(Order.objects.order_by("number"))

        class Constant(ListView):
            template_name = "orders/order_list.html"
            queryset = ORDERS

        class Annotated(ListView):
            template_name = "orders/order_list.html"
            queryset: ClassVar[list] = list(Order.objects.order_by("number"))

        class Guarded(ListView):
            template_name = "orders/order_list.html"
            try:
                queryset = list(Order.objects.order_by("number"))
            except OperationalError:
                queryset = []

        Order.objects.create(number="1002", buyer=ada)
        request = RequestFactory().get("/")
        shown = {
            view.__name__: "1002" in view.as_view()(request).render().content.decode()
            for view in (Constant, Annotated, Guarded)
        }
        tell(**shown)
        """
    )
    assert told == {"Constant": False, "Annotated": False, "Guarded": False}
