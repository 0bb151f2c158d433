"""GitLab Code Quality: the subset of the Code Climate format that GitLab reads."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qs_lint.findings import harmless_json
from qs_lint.fingerprints import fingerprints
from qs_lint.formats._locations import path_of, text_of
from qs_lint.reports import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.formats import Context
    from qs_lint.reports import Report

SEVERITIES = {"fatal": "critical", "error": "major", "warning": "minor"}


def render(reports: Sequence[Report], context: Context) -> str:
    """A JSON array with one object a report."""
    ordered = in_order(reports)
    prints = fingerprints(ordered, context.read, context.root)
    issues = [
        {
            "type": "issue",
            "check_name": report.symbol,
            "description": " ".join(text_of(report).split()),
            "categories": ["Bug Risk"],
            "severity": SEVERITIES.get(report.category, "info"),
            "fingerprint": fingerprint,
            "location": {
                "path": path_of(report, context),
                "lines": {
                    "begin": max(report.line, 1),
                    "end": max(report.end_line or 0, report.line, 1),
                },
            },
        }
        for report, fingerprint in zip(ordered, prints, strict=True)
    ]
    return harmless_json(json.dumps(issues, indent=2)) + "\n"
