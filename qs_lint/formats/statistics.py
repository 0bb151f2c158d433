"""How often each message was reported, the most frequent first."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qs_lint.findings import harmless
from qs_lint.formats._frames import Pen
from qs_lint.formats._summary import summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.formats import Context
    from qs_lint.reports import Report


def render(reports: Sequence[Report], context: Context) -> str:
    """One line a message: how often, its id, its symbol; and the sum."""
    pen = Pen(context)
    counts = Counter((report.msgid, report.symbol) for report in reports)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    columns = max((len(str(count)) for count in counts.values()), default=0)
    lines = [
        f"{count:>{columns}}  {msgid}  {pen.clean(symbol)}" for (msgid, symbol), count in ordered
    ]
    return harmless("".join(f"{line}\n" for line in [*lines, summary(reports, context)]))
