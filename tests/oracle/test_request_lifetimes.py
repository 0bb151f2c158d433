"""The tables of what belongs to a request, compared with what Django and the packages do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from qs_lint.facts import requests

MEASURE = Path(__file__).with_name("fact_lifetimes.py")
#: Attributes that a class need not have: the framework asks whether it does.
OPTIONAL = frozenset(
    "empty_value_display filterset_class filterset_fields ordering ordering_fields search_fields "
    "throttle_scope description link title ttl changefreq priority rate".split()
)

#: Called at another place by Django 6.1 than before; before ``get_queryset()`` by all.
UNSETTLED = frozenset({"get_list_select_related"})


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """What an interpreter of its own has measured."""
    done = subprocess.run(
        [sys.executable, str(MEASURE)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_fields(measured: dict[str, Any]) -> None:
    """The class has fields that all objects start from; each object has its own."""
    shared = measured["shared"]
    for kind, attributes in requests.SHARED_FIELDS.items():
        for attribute, own in attributes.items():
            if f"{kind}.{own}" in shared:
                assert shared[f"{kind}.{attribute}"] == "shared"
                assert shared[f"{kind}.{own}"] == "new"
    assert shared["form.fields"] == "new"


def test_getters(measured: dict[str, Any]) -> None:
    """A getter of the admin hands out the object that is the class's."""
    for getter in requests.ADMIN_OPTIONS.values():
        assert measured["shared"][f"{getter}()"] == "shared"


def test_made_classes(measured: dict[str, Any]) -> None:
    """The admin makes a class for each request; the fields that the form declares are not new."""
    shared = measured["shared"]
    for method in requests.MADE_PER_REQUEST:
        assert shared[f"{method}()"] == "new"
    assert shared["get_form() declared"] == "shared"
    assert shared["get_form() undeclared"] == "new"
    assert shared["get_formset() undeclared"] == "new"


def test_meta(measured: dict[str, Any]) -> None:
    """What is added to the options of a serializer's class is seen by the next object."""
    assert measured["shared"].get("serializer.Meta.fields", "shared") == "shared"


@pytest.mark.parametrize("table", ["CHANGE_LIST", "CHANGE_FORM", "SAVING"])
def test_orders(table: str, measured: dict[str, Any]) -> None:
    """The methods run in the order of the table."""
    expected, ran = getattr(requests, table), measured["orders"][table]
    assert len(ran) > len(expected) // 2
    for name in UNSETTLED & set(ran):
        assert ran.index(name) < ran.index("get_queryset")
    ran = [name for name in ran if name not in UNSETTLED]
    expected = [name for name in expected if name not in UNSETTLED]
    assert [name for name in expected if name in ran] == [name for name in ran if name in expected]


def test_attributes(measured: dict[str, Any]) -> None:
    """What the framework is said to read exists, on a class of that kind."""
    for kind, names in measured["attributes"].items():
        assert requests.READ_BY_FRAMEWORK[kind] - set(names) <= OPTIONAL
