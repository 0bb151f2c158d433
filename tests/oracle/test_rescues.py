"""Who rescues a view that returns its class attribute: Django and the linter must agree."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import missing  # pylint: disable=no-name-in-module
from rescues import API_VIEWS, BACKENDS, PAGINATION, combinations

from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project
from qs_lint.rules import judge

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
PAGE = HERE.parents[1] / "docs" / "rescues.md"
COMBINATIONS = combinations()


@pytest.fixture(scope="module")
def verdicts() -> dict[str, dict[str, Any]]:
    """What Django says, once for all."""
    if reason := missing():
        pytest.skip(reason)
    done = subprocess.run(
        [sys.executable, str(HERE / "rescues.py")], capture_output=True, text=True, check=True
    )
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    return {row["case"]: row for row in rows}


def reported(text: str) -> bool:
    """Whether the linter reports the ``return``."""
    path = str(FIXTURES / "rescue.py")
    analysis = analyse(Project(), path, text)
    assert analysis is not None
    symbols = [finding.symbol for finding in judge(path, analysis.observed)]
    assert symbols in ([], ["shared-queryset-cache"])
    return bool(symbols)


def word(verdict: dict[str, Any]) -> str:
    """One word for Django's verdict."""
    return "refused" if verdict["raises"] else "stale" if verdict["stale"] else "fresh"


@pytest.mark.parametrize("combination", COMBINATIONS, ids=lambda c: c.name)
def test_agreement(combination: Any, verdicts: dict[str, dict[str, Any]]) -> None:
    """Reported if and only if it is stale, or refused by the guard."""
    verdict = verdicts[combination.name]
    assert verdict["error"] is None
    assert reported(combination.text) is (word(verdict) != "fresh"), word(verdict)


def test_both_outcomes_occur(verdicts: dict[str, dict[str, Any]]) -> None:
    """A table of which every cell is the same would prove nothing."""
    assert {word(verdict) for verdict in verdicts.values()} == {"fresh", "stale", "refused"}


def page(verdicts: dict[str, dict[str, Any]]) -> str:
    """The table of the documentation."""
    lines = [
        "# Who rescues a view that returns its class attribute",
        "",
        "`get_queryset()` returns `self.queryset` itself. Written by",
        "`tests/oracle/test_rescues.py`; each cell is what Django does, and the linter agrees with",
        "each: it reports *stale* (the",
        "second request shows the rows of the first) and *refused* (REST framework's guard raises",
        "RuntimeError, error 500), and is silent about *fresh*.",
        "",
    ]
    for name in ("ListView", "ListView, pages", "DetailView", "RetrieveAPIView"):
        lines.append(f"- {name}: {word(verdicts[name])}")
    for base in API_VIEWS:
        short = base.partition(".")[2]
        lines += ["", f"## {short}", ""]
        lines.append(
            "| filter backend | " + " | ".join(f"pagination {p}" for p in PAGINATION) + " |"
        )
        lines.append("| --- |" + " --- |" * len(PAGINATION))
        for backend in BACKENDS:
            cells = [
                word(verdicts[f"{short}, pagination {pages}, filter {backend}"])
                for pages in PAGINATION
            ]
            lines.append(f"| {backend} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def test_page(verdicts: dict[str, dict[str, Any]]) -> None:
    """The page is what was measured; it is written anew where it is missing."""
    if not PAGE.exists():
        PAGE.write_text(page(verdicts), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page(verdicts)
