"""django-constance."""

from __future__ import annotations

from qs_lint.facts.schema import Library

LIBRARY = Library(
    "django-constance",
    # an editor of the site changes the values while the process runs
    volatile={"constance.config": "context"},
)
