"""Folders: the names in them, and those that mark the top of a project."""

from __future__ import annotations

import os

#: Files and folders that mark the top of a checked-out project.
TOP_MARKS = (".git", ".hg", ".svn")


def listing(folder: str) -> frozenset[str]:
    """The names in a folder; none if it cannot be read."""
    try:
        return frozenset(os.listdir(folder))
    except OSError:
        return frozenset()
