"""Writing a file of the user atomically, and only the file that was meant."""

from __future__ import annotations

import contextlib
import os
import stat
from typing import TYPE_CHECKING

from qs_lint.command.errors import UsageError
from qs_lint.files import MAX_FILE, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: How the names of files begin that are about to take another one's place.
TEMPORARY = ".qs-lint-"


def replace_file(path: str, data: bytes) -> None:
    """Put ``data`` in place of a file, which may not be there yet; keeps its permissions.

    A link stays a link, and may not lead out of its folder: a checkout may have brought it along.
    Raises :class:`UsageError` if that cannot be done; the file is as it was.
    """
    target = _target(path)
    try:
        mode = os.stat(target).st_mode if os.path.exists(target) else _new_mode()
        put(target, data, mode)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"cannot write {path}: {why}") from None


def write_output(path: str, text: str) -> None:
    """Write a text to a file that the command line names.

    In the working directory, which may be a checkout, only a regular file is written, and no link
    is followed out of it, or to what is hidden there; elsewhere it may be anything, as a device.
    Raises :class:`UsageError` if that cannot be done.
    """
    data = text.encode("utf-8", "backslashreplace")
    try:
        if _is_here(path):
            target = _target(path)
            if os.path.lexists(target) and not os.path.isfile(target):
                raise UsageError(f"cannot write {path}: it is not a regular file")
            replace_file(path, data)
        else:
            _fill(path, data)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else None
        raise UsageError(f"cannot write {path}: {why or error}") from None


def _target(path: str) -> str:
    """The file behind a path; :class:`UsageError` for a link that must not be followed."""
    target = os.path.realpath(path)
    if not _reaches(path, target) or _is_hidden_behind(path, target):
        raise UsageError(f"cannot write {path}: it is a link to {target}")
    return target


def _is_here(path: str) -> bool:
    """Whether a path is one of the working directory, whatever it leads to."""
    here = os.getcwd()
    return here != os.path.dirname(here) and _within(os.path.abspath(path), here)


def _is_hidden_behind(path: str, target: str) -> bool:
    """Whether an untrusted link leads into a hidden folder: ``.git`` has programs that are run."""
    if not _is_here(path):
        return False
    here = os.getcwd()
    plain = os.path.relpath(os.path.abspath(path), here)
    inside = os.path.relpath(target, os.path.realpath(here))
    return plain != inside and any(part.startswith(".") for part in inside.split(os.sep))


class KeptError(Exception):
    """A source file that was left as it is; the argument says why."""


def rewrite(path: str, old: bytes, new: bytes, named: Sequence[str]) -> None:
    """Put ``new`` in place of a source file that held ``old``; keeps permissions and owner.

    Only a regular file is written, under its only name, that lies below one of the paths that the
    user ``named`` when links are followed, and that holds ``old`` at the last moment.  Raises
    :class:`KeptError` otherwise; the file is as it was.
    """
    target = os.path.realpath(path)
    if not any(_reaches(name, target) for name in named):
        raise KeptError(f"it is a link to {target}, outside the checked paths")
    if _is_hidden_behind(path, target):
        raise KeptError(f"it is a link to {target}, in a hidden folder")
    try:
        state = os.lstat(target)
        if not stat.S_ISREG(state.st_mode):
            raise KeptError("it is not a regular file")
        if not state.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise KeptError("it is read-only")
        if state.st_nlink > 1:
            raise KeptError("it has a hard link, which would keep the old text")
        with _beside(target) as temporary:
            _fill(temporary, new)
            _take_after(temporary, state)
            if read_file(target, MAX_FILE) != old:
                raise KeptError("it was changed meanwhile; run again")
            os.replace(temporary, target)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise KeptError(f"cannot write it: {why}") from None


def _reaches(named: str, target: str) -> bool:
    """Whether a path that the user named leads to a file, and not out of where it stands.

    What stands in the working directory may be an untrusted link: it must not lead out of it.
    """
    here = os.getcwd()
    path = os.path.abspath(named)
    inside = path if os.path.isdir(path) else os.path.dirname(path)
    if not _within(target, os.path.realpath(inside)):
        return False
    return not _within(path, here) or _within(target, os.path.realpath(here))


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _take_after(temporary: str, state: os.stat_result) -> None:
    """Give a file the permissions and the owner of another one; raises ``OSError``."""
    made = os.stat(temporary)
    if hasattr(os, "chown") and (made.st_uid, made.st_gid) != (state.st_uid, state.st_gid):
        os.chown(temporary, state.st_uid, state.st_gid)
    os.chmod(temporary, stat.S_IMODE(state.st_mode))  # last: a new owner takes some of them away


def put(path: str, data: bytes, mode: int | None = None) -> None:
    """Put ``data`` in place of a file all at once; ``mode`` ``None``: for its owner only.

    Raises ``OSError`` or ``ValueError`` if that cannot be done; the file is as it was.
    """
    with _beside(path) as temporary:
        _fill(temporary, data)
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, path)


@contextlib.contextmanager
def _beside(path: str) -> Iterator[str]:
    """A new empty file, for its owner only, in the folder of another one; it is gone afterwards."""
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=TEMPORARY)
    os.close(handle)
    try:
        yield temporary
    finally:
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _fill(path: str, data: bytes) -> None:
    with open(path, "wb") as stream:
        stream.write(data)


def _new_mode() -> int:
    """The permissions of a new file; the mask can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
