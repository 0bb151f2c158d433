"""Which files are checked."""

from __future__ import annotations

import errno
import os
import stat
from typing import TYPE_CHECKING

from qs_lint.command.errors import UsageError
from qs_lint.command.gitignore import GitIgnore
from qs_lint.command.patterns import TooSlowError
from qs_lint.records import field, record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qs_lint.command.settings import Settings

SUFFIXES = (".py", ".pyi")
#: Never searched: what tools and version control keep there is not the project's code.
HIDDEN = frozenset({"__pycache__", "node_modules"})
#: Nor are these, unless they are packages: what is made from the project's code.
MADE = frozenset({"build", "dist"})


@record
class Found:
    """The files to check, sorted, each once, and what could not be looked at: (path, why)."""

    files: list[str] = field(default_factory=list)
    unreadable: list[tuple[str, str]] = field(default_factory=list)


def discover(paths: Iterable[str], settings: Settings) -> Found:
    """The Python files at and below ``paths``, named as the user named them.

    A file that is named is checked whatever its suffix is; below a folder ``*.py`` and ``*.pyi``
    count, with or without ``__init__.py`` beside them.  Folders whose name begins with a dot are
    not entered, nor are ``build`` and ``dist``, unless they are packages, nor what git ignores; who
    names such a folder or file has it checked.  What the configuration ignores or excludes is left
    out of both.  Raises :class:`UsageError` for a path that does not exist or is no file and no
    folder.
    """
    files: dict[str, str] = {}
    found = Found()
    for path in paths:
        if os.path.isdir(path):
            if not ignored(path, settings):
                for file in _below(path, settings, found):
                    files.setdefault(os.path.realpath(file), file)
        elif os.path.isfile(path):
            if not ignored(path, settings):
                files.setdefault(os.path.realpath(path), os.path.normpath(path))
        else:
            raise UsageError(_why_not(path))
    found.files = sorted(files.values())
    found.unreadable.sort()
    return found


def _why_not(path: str) -> str:
    """Why a named path cannot be checked."""
    shown = repr(path) if len(path) <= 200 else f"{path[:200]!r}..."
    try:
        os.stat(path)
    except FileNotFoundError:
        return f"no such file or folder: {shown}"
    except (OSError, ValueError) as error:
        return f"cannot read {shown}: {_reason(error)}"
    return f"{shown} is neither a file nor a folder"


def _reason(error: OSError | ValueError) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _below(top: str, settings: Settings, found: Found) -> Iterable[str]:
    packages: set[str] = set()
    git = GitIgnore(top) if settings.gitignore else None

    def skipped(path: str, is_folder: bool) -> bool:
        try:
            return git is not None and git.ignores(path, is_folder)
        except TooSlowError:
            hint = "--no-gitignore does without them"
            raise UsageError(f"the patterns of .gitignore take too long; {hint}") from None

    def note(error: OSError) -> None:
        found.unreadable.append((os.path.normpath(str(error.filename)), _reason(error)))

    for folder, folders, files in os.walk(os.path.normpath(top), onerror=note):
        if "__init__.py" in files or os.path.dirname(folder) in packages:
            packages.add(folder)
        # below a package, pylint asks its patterns about files only
        left_out = _named if folder in packages else ignored
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".")
            and name not in HIDDEN
            and (name not in MADE or os.path.isfile(os.path.join(folder, name, "__init__.py")))
            and not os.path.isfile(os.path.join(folder, name, "pyvenv.cfg"))
            and not left_out(os.path.join(folder, name), settings)
            and not skipped(os.path.join(folder, name), is_folder=True)
        )
        for name in files:
            path = os.path.join(folder, name)
            if not name.endswith(SUFFIXES) or ignored(path, settings):
                continue
            if not skipped(path, is_folder=False) and _is_file(path, found):
                yield path


def _is_file(path: str, found: Found) -> bool:
    """Whether this is a regular file; notes what might be one and cannot be asked."""
    try:
        return stat.S_ISREG(os.stat(path).st_mode)
    except OSError as error:
        # a link to nothing, or to itself, has no text that could be checked
        if error.errno not in (errno.ENOENT, errno.ENOTDIR, errno.ELOOP):
            found.unreadable.append((os.path.normpath(path), _reason(error)))
        return False


def _named(path: str, settings: Settings) -> bool:
    return os.path.basename(path) in settings.ignore or settings.found.table.exclude.match(path)


def ignored(path: str, settings: Settings) -> bool:
    """Whether the options, or the configuration, leave a file or a folder out."""
    path = os.path.normpath(path)
    name = os.path.basename(os.path.abspath(path))
    try:
        return (
            name in settings.ignore
            or any(pattern.match(name) for pattern in settings.ignore_patterns)
            or any(pattern.match(path) for pattern in settings.ignore_paths)
            or settings.found.table.exclude.match(path)
        )
    except TooSlowError:
        raise UsageError("ignore-patterns, ignore-paths: they take too long to match") from None
