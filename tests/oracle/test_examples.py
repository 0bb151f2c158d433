"""The examples of the rule pages are what the pages say: Django is asked."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from conftest import missing  # pylint: disable=no-name-in-module
from oracle_cases import AT_IMPORT, LEAKED, WASTED

from examples import SERVED
from qs_lint.rules import all_rules

SYMBOLS = sorted(SERVED)


@pytest.fixture(scope="module")
def verdicts() -> dict[str, dict[str, Any]]:
    """What Django says, once for all."""
    if reason := missing():
        pytest.skip(reason)
    script = Path(__file__).with_name("examples.py")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True)
    return {row["case"]: row for row in map(json.loads, done.stdout.splitlines())}


def test_every_rule_is_played() -> None:
    """A new rule's examples need a page."""
    assert sorted(rule.symbol for rule in all_rules()) == SYMBOLS


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_bad(symbol: str, verdicts: dict[str, dict[str, Any]]) -> None:
    """Stale, or (for a wasted query) asked at import and fresh."""
    verdict = verdicts[f"{symbol} bad"]
    assert not verdict["error"]
    if symbol in LEAKED:
        assert verdict["visitors"]["left_behind"]
        return
    assert verdict["stale"] is (symbol != WASTED)
    assert bool(verdict["queries"]) is (symbol in AT_IMPORT | {WASTED})


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_good(symbol: str, verdicts: dict[str, dict[str, Any]]) -> None:
    """Fresh, with no query at import, on a page that does change."""
    verdict = verdicts[f"{symbol} good"]
    assert not verdict["error"]
    assert verdict["stale"] is False
    assert verdict["sensitive"] is True
    assert verdict["queries"] == 0
    if symbol in LEAKED:
        seen = verdict["visitors"]
        assert seen["differ"]
        assert not seen["left_behind"]
        assert not seen["raced"]
