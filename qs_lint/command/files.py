"""Writing a file of the user's so that nobody ever sees half of it."""

from __future__ import annotations

import contextlib
import os
import tempfile

from qs_lint.command.errors import UsageError


def replace_file(path: str, data: bytes) -> None:
    """Put ``data`` in place of a file, which may not be there yet; keeps its permissions.

    A link stays a link.  Raises :class:`UsageError` if that cannot be done; the file is as it was.
    """
    target = os.path.realpath(path)
    try:
        mode = os.stat(target).st_mode if os.path.exists(target) else _new_mode()
        put(target, data, mode)
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"cannot write {path}: {why}") from None


def put(path: str, data: bytes, mode: int | None = None) -> None:
    """Put ``data`` in place of a file all at once; ``mode`` ``None``: for its owner only.

    Raises ``OSError`` or ``ValueError`` if that cannot be done; the file is as it was.
    """
    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(path), prefix=".qs-lint-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
        if mode is not None:
            os.chmod(temporary, mode)
        os.replace(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(temporary)
        raise


def _new_mode() -> int:
    """The permissions of a new file; the mask can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
