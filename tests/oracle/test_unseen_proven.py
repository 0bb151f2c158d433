"""The limits of the linter, judged by Django: what it does not see is there, and is a defect."""

from __future__ import annotations

from typing import Any

import oracle_cases
import pytest
from oracle_cases import Case

CASES = oracle_cases.unseen_cases()
#: Fixtures whose defect needs more than an import and two requests, with the reason.
NOT_PROVED = {"unseen/set_from_outside": "the oracle's project does not install the application"}


def marked(word: str) -> list[Any]:
    """Cases with a comment that begins with a word."""
    return [
        pytest.param(case, id=case.name)
        for case in CASES
        if f"# {word}: " in case.files[0].read_text("utf-8") and case.name not in NOT_PROVED
    ]


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_plays(case: Case, verdicts: dict[str, Any]) -> None:
    """Each is imported and answers."""
    verdict = verdicts[case.name]
    assert verdict["import_error"] is None
    route = verdict["paths"]["/"]
    assert route["raises"] == []
    assert route["status"] == [200]
    assert route["sensitive"]


@pytest.mark.parametrize("case", marked("unseen"))
def test_unseen_is_stale(case: Case, verdicts: dict[str, Any]) -> None:
    """What is not seen is a defect."""
    assert verdicts[case.name]["paths"]["/"]["stale"]


@pytest.mark.parametrize("case", marked("seen too much"))
def test_seen_too_much_is_fresh(case: Case, verdicts: dict[str, Any]) -> None:
    """What is reported here is none."""
    assert not verdicts[case.name]["paths"]["/"]["stale"]
    assert not verdicts[case.name]["queries_at_import"]


def test_exceptions_exist() -> None:
    """The table of exceptions names real cases only."""
    assert set(NOT_PROVED) <= {case.name for case in CASES}
