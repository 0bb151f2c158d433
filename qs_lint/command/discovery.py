"""Which files are checked."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from qs_lint.command.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qs_lint.command.settings import Settings

SUFFIXES = (".py", ".pyi")
#: Never searched: what tools and version control keep there is not the project's code.
HIDDEN = frozenset({"__pycache__", "node_modules"})


def discover(paths: Iterable[str], settings: Settings) -> list[str]:
    """The Python files at and below ``paths``, sorted, each once, named as the user named them.

    A file that is named is checked whatever its suffix is; below a folder ``*.py`` and ``*.pyi``
    count, with or without ``__init__.py`` beside them.  Folders whose name begins with a dot are
    not entered.  pylint's ignore options apply to both.  Raises :class:`UsageError` for a path
    that does not exist or is no file and no folder.
    """
    found: dict[str, str] = {}
    for path in paths:
        if os.path.isdir(path):
            if not ignored(path, settings):
                for file in _below(path, settings):
                    found.setdefault(os.path.realpath(file), file)
        elif os.path.isfile(path):
            if not ignored(path, settings):
                found.setdefault(os.path.realpath(path), os.path.normpath(path))
        elif os.path.exists(path):
            raise UsageError(f"{path!r} is neither a file nor a folder")
        else:
            raise UsageError(f"no such file or folder: {path!r}")
    return sorted(found.values())


def _below(top: str, settings: Settings) -> Iterable[str]:
    packages: set[str] = set()
    for folder, folders, files in os.walk(os.path.normpath(top)):
        if "__init__.py" in files or os.path.dirname(folder) in packages:
            packages.add(folder)
        # below a package, pylint asks its patterns about files only
        left_out = _named if folder in packages else ignored
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in HIDDEN
            and not os.path.isfile(os.path.join(folder, name, "pyvenv.cfg"))
            and not left_out(os.path.join(folder, name), settings)
        )
        for name in files:
            path = os.path.join(folder, name)
            if name.endswith(SUFFIXES) and os.path.isfile(path) and not ignored(path, settings):
                yield path


def _named(path: str, settings: Settings) -> bool:
    return os.path.basename(path) in settings.ignore


def ignored(path: str, settings: Settings) -> bool:
    """Whether pylint's options leave a file or a folder out."""
    path = os.path.normpath(path)
    name = Path(path).absolute().name
    return (
        name in settings.ignore
        or any(pattern.match(name) for pattern in settings.ignore_patterns)
        or any(pattern.match(path) for pattern in settings.ignore_paths)
    )
