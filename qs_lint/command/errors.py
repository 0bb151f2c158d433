"""What ends a run before anything was checked."""

from __future__ import annotations


class UsageError(Exception):
    """Something that the user has to put right before anything can be checked; a line each."""
