"""Old code bases: a list of known findings, disable comments above them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.reports import Report


def write_baseline(path: str, reports: Sequence[Report]) -> int:
    """List all findings in a file."""
    raise NotImplementedError


def without_known(path: str, reports: Sequence[Report], files: Sequence[str]) -> list[Report]:
    """The reports that the list does not have."""
    raise NotImplementedError


def add_disables(reports: Sequence[Report], reason: str | None) -> int:
    """Write comments above the findings."""
    raise NotImplementedError
