"""The table in ``docs/oracle.md`` is that of the fixtures that there are."""

from __future__ import annotations

import table


def test_table_is_up_to_date() -> None:
    """Each case stands there with its claims; ``nox -s oracle table`` writes it anew."""
    assert table.stale() == []
