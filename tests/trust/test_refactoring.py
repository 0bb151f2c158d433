"""Refactoring does not hide a bug, and does not make one: a small share of the long run.

The long run over all fixtures, and over pairs of refactorings, is ``benchmarks/refactoring.py``.
``refactorings/known.json`` has what is lost or false today, each with its reason: a product that is
listed there and is right now has to be taken off.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

pytest.importorskip("libcst", reason="the refactorings need LibCST")

from refactorings import REFACTORINGS
from refactorings.known import reasons
from refactorings.program import Outcome, Program
from refactorings.trial import Workshop, programs, refactored, sample

SEED = 7
#: So many products of each are tried; the long run tries them all.
EACH = 12
PROGRAMS = programs()
KNOWN = reasons()


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A place for products."""
    return Workshop(tmp_path_factory.mktemp("products"))


def test_known() -> None:
    """What is known to fail exists, with a reason for each kind."""
    for (fixture, (refactoring,)), reason in KNOWN.items():
        assert fixture in PROGRAMS
        assert refactoring in REFACTORINGS
        assert len(reason) > 10


@pytest.mark.parametrize("refactoring", REFACTORINGS)
def test_survives(workshop: Workshop, refactoring: str) -> None:
    """Findings and silence survive each refactoring, but for the known ones."""
    products = list(sample(refactoring, SEED, EACH))
    expected = {product.name for product in products if (product.name, product.steps) in KNOWN}
    found = {
        product.name for product in products if workshop.tried(product)[0] is not Outcome.SURVIVED
    }
    assert found == expected, "see refactorings/known.json, and benchmarks/refactoring.py"
    assert products


def test_notices(workshop: Workshop) -> None:
    """A report that is missing, elsewhere, or made where none was, is noticed."""
    name = "frozen-class-queryset/bad_list_call"
    product = refactored(name, PROGRAMS[name], ["import alias"])
    assert product
    assert workshop.tried(product)[0] is Outcome.SURVIVED

    def other(text: str, before: Program = product.before) -> Outcome:
        after = replace(product.after, files={product.after.main: text})
        return workshop.tried(replace(product, before=before, after=after))[0]

    text = product.after.text
    assert other(text.replace("= list(", "= (")) is Outcome.LOST
    assert other(text.replace("  # [", "  # [other-")) is Outcome.FALSE
    assert other(f"{text}\nMORE = list(Order_alias_1.objects.all())\n") is Outcome.FALSE
