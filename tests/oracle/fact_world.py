"""A small project in which single operations are tried with counted SQL."""

# pylint: disable=import-error

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import oracle_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.flatpages",
    "django.contrib.messages",
    "django.contrib.redirects",
    "django.contrib.sessions",
    "django.contrib.sites",
    "shop",
)
PAGES = {"fact.html": "{% for item in items %}{{ item.pk }} {% endfor %}"}
ROWS = 4
#: An id that nothing else has: where it turns up in the SQL, a value was handed on.
SENTINEL = 424242


def setup() -> None:
    """Configure Django with an own database in memory, and fill it."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    third = ["rest_framework", "rest_framework.authtoken", "django_filters"]
    pages = ("django.template.loaders.locmem.Loader", PAGES)
    loaders = [("django.template.loaders.cached.Loader", [pages])]
    templates = oracle_world.templates()
    templates[0]["APP_DIRS"] = False
    templates[0]["OPTIONS"]["loaders"] = loaders
    oracle_world.configure(
        ":memory:",
        INSTALLED_APPS=[*APPS, *(app for app in third if oracle_world.installed(app))],
        SITE_ID=1,
        TEMPLATES=templates,
    )
    oracle_world.create_tables()
    from django.utils import timezone
    from shop.models import Buyer, Category, Order, Post

    category = Category.objects.create(name="Books", slug="books")
    buyer = Buyer.objects.create(name="Ada")
    Post.objects.create(title="Hello", published_at=timezone.now(), day=timezone.now().date())
    for number in range(1, ROWS + 1):
        Order.objects.create(
            number=number, total=number % 2, status=f"s{number}", buyer=buyer, category=category
        )


def queryset() -> Any:
    """A new lazy queryset of all orders."""
    from shop.models import Order

    return Order.objects.order_by("pk")


@dataclass
class Statements:
    """The SQL that ran."""

    texts: list[str] = field(default_factory=list)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note a statement, then run it."""
        self.texts.append(f"{sql} -- {params!r}")
        return execute(sql, params, many, context)

    def __len__(self) -> int:
        return len([text for text in self.texts if not text.startswith(("SAVEPOINT", "RELEASE"))])

    @property
    def writes(self) -> bool:
        """Whether rows were written."""
        return any(text.startswith(("INSERT", "UPDATE", "DELETE")) for text in self.texts)

    @property
    def tell(self) -> bool:
        """Whether the sentinel was part of a statement."""
        return any(str(SENTINEL) in text for text in self.texts)


@contextmanager
def counted() -> Iterator[Statements]:
    """Count the SQL that runs inside."""
    from django.db import connection

    statements = Statements()
    with connection.execute_wrapper(statements):
        yield statements


@contextmanager
def undone() -> Iterator[None]:
    """Take back what is written inside."""
    from django.db import transaction

    class Undo(Exception):
        """Ends the transaction."""

    try:
        with transaction.atomic():
            yield
            raise Undo
    except Undo:
        pass


def attempt(call: Callable[[], Any]) -> tuple[Any, str | None]:
    """Call, and name what was raised."""
    try:
        return call(), None
    except Exception as error:  # noqa: BLE001 (whatever is raised is the outcome)
        return None, f"{type(error).__name__}: {error}"


def kind_of(result: Any, argument: Any) -> str:
    """Say in one word what came back."""
    from array import array
    from collections import UserList, deque
    from collections.abc import Iterator as Iterating
    from collections.abc import Mapping, Sequence, Set

    from django.db.models import Model, QuerySet

    if result is argument:
        return "same"
    if result is None:
        return "none"
    if isinstance(result, QuerySet):
        return "copy" if result._result_cache is not None else "queryset"
    if isinstance(result, (str, bytes, bytearray, bool, int, float)):
        return "scalar"
    if isinstance(result, Model):
        return "instance"
    if isinstance(result, Iterating):
        return "iterator"
    kinds = (
        (Mapping, "dict"),
        (Set, "set"),
        ((list, deque, UserList, array), "list"),
        ((tuple, Sequence), "tuple"),
    )
    for types, kind in kinds:
        if isinstance(result, types):
            return kind
    return "other"
