"""Addresses of this project that several rooms print."""

from __future__ import annotations

#: the documentation
HOME = "https://qs-lint.readthedocs.io/"
#: one page a rule below it
RULES = f"{HOME}rules/"


def rule_page(symbol: str) -> str:
    """The address of a rule's page."""
    return f"{RULES}{symbol}/"
