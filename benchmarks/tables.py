"""Tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[object]], numbers: int = 0) -> str:
    """A table in Markdown; the last ``numbers`` columns are set to the right."""
    left = len(head) - numbers
    lines = [_row(head), _row(["---"] * left + ["---:"] * numbers)]
    return "\n".join([*lines, *(_row([_cell(value) for value in row]) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(value: object) -> str:
    if isinstance(value, int):
        return f"{value:,}"
    return str(value).replace("|", "\\|").replace("\n", " ")


def percent(share: float | None) -> str:
    """A share, rounded down: what is not 100 % never looks like it."""
    return "" if share is None else f"{int(share * 1000 + 1e-9) / 10:g} %"
