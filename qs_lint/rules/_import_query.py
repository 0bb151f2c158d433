"""What the rules about queries at import share: the sentences of their messages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.domain import Fate
from qs_lint.findings import Confidence, Finding
from qs_lint.rules import _wording as wording
from qs_lint.rules import location
from qs_lint.rules._uses import told, use_words

if TYPE_CHECKING:
    from qs_lint.domain.observations import ImportQuery


def frozen_finding(symbol: str, path: str, seen: ImportQuery, when: str, keeper: str) -> Finding:
    """A finding about rows that are kept; ``when`` and ``keeper`` are parts of sentences."""
    run = seen.run
    way = wording.chain(seen.steps)
    via = f" ({way})" if way else ""
    asks = "reads the cache" if run.cached else "runs a query"
    subject = f"`{use_words(run.how)}`{via} {asks}"
    if run.model:
        subject += f" on {run.model}"
    tests = bool({"test", "factory"} & seen.context.kinds)
    if seen.sink is Fate.BRANCH:
        wrong = (
            f"What the {'cache' if run.cached else 'database'} returned then decides for the "
            "lifetime of the process; later changes have no effect."
        )
    else:
        wrong = (
            f"{keeper} keeps the {wording.rows_of(run.model)} loaded at start-up for the lifetime "
            "of the process; later requests never see newer rows."
        )
        if run.cached:
            wrong = (
                f"{keeper} keeps what the cache held at start-up for the lifetime of the process; "
                "later requests never see what is cached afterwards."
            )
    if tests and not run.cached:
        wrong = (
            "The test database does not exist yet at that time: the query reads the real database, "
            "and its rows leak from test to test."
        )
    if seen.sink is not Fate.BRANCH:
        wrong += wording.relations(seen)
    wrong += wording.popular(seen)
    place = wording.place_of(seen.steps)
    brief = f"{keeper} keeps what `{use_words(run.how)}` loaded at import{place}"
    if seen.sink is Fate.BRANCH:
        on = f" on {run.model}" if run.model else ""
        brief = f"`{use_words(run.how)}`{on} decides once, at import{place}"
    return Finding(
        symbol,
        location(path, seen.node),
        f"{subject} {when}{wording.others(seen)}.",
        wrong,
        wording.cure_for(seen),
        Confidence(seen.confidence),
        told(seen.steps),
        brief=brief,
    )
