"""Reports of the dashboard, downloaded as CSV by a member of staff, without dates."""

import csv
import functools
from collections.abc import Callable

from django.contrib.auth import get_user_model
from django.test import Client
from oscar.core.loading import get_class, get_model
from two_requests import Answer, Scenario

STAFF = "staff@example.com"


def report(code: str, column: str) -> Answer:
    """The values of a column of a report, as the dashboard's page of reports gives it."""
    client = Client()
    client.force_login(get_user_model().objects.get(email=STAFF))
    response = client.get("/dashboard/reports/", {"report_type": code, "download": "on"})
    assert response["Content-Type"] == "text/csv", response.content
    rows = csv.DictReader(response.content.decode("utf-8-sig").splitlines())
    return sorted(row[column] for row in rows)


def staff() -> None:
    """Somebody who may see reports."""
    get_user_model().objects.create_superuser("staff", STAFF, "secret")


def user(name: str) -> None:
    """A customer, with the record that Oscar keeps on each."""
    one = get_user_model().objects.create_user(name, f"{name}@example.com", "secret")
    get_model("analytics", "UserRecord").objects.create(user=one)


def basket(name: str, status: str) -> None:
    """A customer with a basket."""
    one = get_user_model().objects.create_user(name, f"{name}@example.com", "secret")
    get_model("basket", "Basket").objects.create(owner=one, status=status)


def prepared(make: Callable[[str], None]) -> None:
    """The database before the first request."""
    staff()
    make("alice")


def renewed(code: str) -> None:
    """A queryset without rows takes the place of the one that the report's class keeps."""
    generator = get_class("dashboard.reports.utils", "GeneratorRepository")().get_generator(code)
    generator.queryset = generator.queryset.all()


def baskets(code: str, column: str, status: str) -> Scenario:
    """A report on baskets; Bob's comes after the first download."""
    make = functools.partial(basket, status=status)
    return Scenario(
        prepare=functools.partial(prepared, make),
        ask=functools.partial(report, code, column),
        write=functools.partial(make, "bob"),
        renew=functools.partial(renewed, code),
    )


SCENARIOS = {
    "users": Scenario(
        prepare=functools.partial(prepared, user),
        ask=functools.partial(report, "user_analytics", "Email"),
        write=functools.partial(user, "bob"),
        renew=functools.partial(renewed, "user_analytics"),
    ),
    "open-baskets": baskets("open_baskets", "Email", "Open"),
    "submitted-baskets": baskets("submitted_baskets", "User", "Submitted"),
}
