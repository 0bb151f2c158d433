"""The products that are known to fail, each with its reason: ``known.json``."""

from __future__ import annotations

import json
from pathlib import Path

KNOWN = Path(__file__).with_name("known.json")


def reasons() -> dict[tuple[str, tuple[str, ...]], str]:
    """Fixture and steps -> reason."""
    return {
        (fixture, (refactoring,)): reason
        for reason, refactorings in json.loads(KNOWN.read_text("utf-8")).items()
        for refactoring, fixtures in refactorings.items()
        for fixture in fixtures
    }
