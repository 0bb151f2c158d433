"""Celery."""

from __future__ import annotations

from qs_lint.facts.schema import Library, of

LIBRARY = Library(
    "Celery",
    classes={"celery.Task": of("task", "process")},
    aliases={"celery.app.task.Task": "celery.Task"},
)
