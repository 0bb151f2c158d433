"""Programs from the whole grammar of Python, by hypothesmith: a list of texts, as JSON.

python grammar.py SEED
"""

# pylint: disable=import-error,no-value-for-parameter

from __future__ import annotations

import json
import sys

import hypothesis
import hypothesmith

#: How many are asked for; generation fails for some.
EXAMPLES = 50


def lot(seed: str) -> list[str]:
    """The programs that follow from a seed."""
    texts: list[str] = []

    @hypothesis.seed(seed)  # type: ignore[untyped-decorator,unused-ignore]
    @hypothesis.settings(  # type: ignore[untyped-decorator,unused-ignore]
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(hypothesmith.from_node())  # type: ignore[untyped-decorator,unused-ignore]
    def collect(text: str) -> None:
        texts.append(text)

    collect()
    return texts


if __name__ == "__main__":
    print(json.dumps(lot(sys.argv[1])))
