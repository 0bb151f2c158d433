"""Addresses of this project, in one place.

What the package prints is made from them; README, pages, hooks and ``pyproject.toml`` are compared
with them by ``tests/test_docs.py``.  They must be claimed before the first release: see
``docs/releasing.md``.
"""

from __future__ import annotations

#: who the repository belongs to
OWNER = "qs-lint"
#: the sources
REPOSITORY = f"https://github.com/{OWNER}/qs-lint"
#: where a false report is sent
ISSUES = f"{REPOSITORY}/issues"
#: the documentation
HOME = "https://qs-lint.readthedocs.io/"
#: one page a rule below it
RULES = f"{HOME}rules/"


def rule_page(symbol: str) -> str:
    """The address of a rule's page."""
    return f"{RULES}{symbol}/"
