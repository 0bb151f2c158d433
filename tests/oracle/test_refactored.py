"""The refactorings of ``tests/trust/refactorings``, judged by real Django: the meaning is kept.

A sample of their products is played like the fixtures that they were made of, and has to show what
those show.  ``benchmarks/refactoring.py --play`` plays as many as one likes.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

pytest.importorskip("libcst", reason="the refactorings need LibCST")

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "trust"))

from refactorings import REFACTORINGS
from refactorings.played import chosen, play
from refactorings.trial import Workshop, programs, refactored

SEED = 5


def test_meaning_is_kept(tmp_path: Path) -> None:
    """A product of each refactoring shows what its fixture shows."""
    products = chosen(SEED, 1)
    assert {step for product in products for step in product.steps} == set(REFACTORINGS)
    said = play(Workshop(tmp_path), products)
    assert len(said) > len(products) * 0.8
    assert [one for one in said if not one["same"]] == []


def test_other_meaning_is_noticed(tmp_path: Path) -> None:
    """A product that is no longer stale is not the same."""
    name = "frozen-class-queryset/bad_list_call"
    product = refactored(name, programs()[name], ["import alias"])
    assert product
    text = product.after.text.replace("= list(", "= (")
    assert text != product.after.text
    cured = replace(product, after=replace(product.after, files={product.after.main: text}))
    (one,) = play(Workshop(tmp_path), [cured])
    assert not one["same"]
