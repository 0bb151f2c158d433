"""The tables of ``qs_lint.facts``, compared with what Django and Python really do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import fact_check
import fact_exceptions
import fact_tables
import pytest
from fact_methods import PROTOCOL

from qs_lint.facts import Facts

MEASURE = Path(__file__).with_name("measure.py")


@pytest.fixture(scope="module")
def measured() -> dict[str, Any]:
    """What an interpreter of its own has measured."""
    done = subprocess.run(
        [sys.executable, str(MEASURE)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_tables(measured: dict[str, Any]) -> None:
    """Each row does what it says; each public method has a row. New methods are named here."""
    found = fact_check.Check(fact_tables.load(), measured).undisputed()
    assert not found, "\n".join(f"{row}: {text}" for row, text in sorted(found))


def test_protocol(measured: dict[str, Any]) -> None:
    """Python's own ways to use a queryset fill its cache, only ask, or do nothing."""
    assert measured["queries"]["fills"] == PROTOCOL


def test_no_method_fills(measured: dict[str, Any]) -> None:
    """No method of a queryset fills its receiver's cache."""
    outcomes = measured["queries"]["QuerySet"]
    assert [name for name, outcome in outcomes.items() if outcome.get("filled")] == []


def test_every_lookup_is_measured() -> None:
    """What the engine can ask is measured, or listed with a reason."""
    measured = {"callees", "shows", "templates", "memoisers", "properties", "behaviour", "kinds"}
    measured |= {"volatile", "volatile_attributes", "locals", "fixed", "models", "not_django"}
    public = {name for name in Facts.__slots__ if not name.startswith("_")}
    assert public - measured == fact_exceptions.OTHER_LOOKUPS.keys()


def test_every_constant_is_measured() -> None:
    """A new constant beside the tables of libraries is measured, or listed with a reason."""
    known = {name for _, name in fact_tables.CONSTANTS.values()}
    modules = {module for module, _ in fact_tables.CONSTANTS.values()}
    found = {name for module in modules for name in vars(module) if is_table(name)}
    assert found - known == fact_exceptions.OTHER_CONSTANTS.keys()


def is_table(name: str) -> bool:
    """Say whether a name is that of a public constant."""
    return name.isupper() and not name.startswith("_") and name != "TYPE_CHECKING"


@pytest.mark.parametrize("table", ["UNMEASURED", "PYTHON", "SINCE", "DISPUTED"])
def test_exceptions_exist(table: str) -> None:
    """An exception that fits no row is dropped."""
    rows = {
        f"{name}: {row if isinstance(row, str) else row[0]}"
        for name, table in fact_tables.load().items()
        for row in table
    }
    patterns = [p for p in getattr(fact_exceptions, table) if not p.startswith("names: ")]
    if table == "DISPUTED":
        patterns = [p for p in patterns if p not in fact_exceptions.MISSING]
    assert [p for p in patterns if not any(fact_check.matches(row, [p]) for row in rows)] == []
