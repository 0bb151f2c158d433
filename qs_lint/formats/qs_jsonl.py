"""JSON lines: each report an object of its own, with the fields of the format ``qs-json``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from qs_lint.findings import harmless_json
from qs_lint.formats._frames import Files
from qs_lint.formats.qs_json import item
from qs_lint.reports import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.formats import Context
    from qs_lint.reports import Report


def render(reports: Sequence[Report], context: Context) -> str:
    """One line a report; nothing if there are none."""
    files = Files(context)
    return "".join(
        f"{harmless_json(json.dumps(item(report, context, files)))}\n"
        for report in in_order(reports)
    )
