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
        mode = os.stat(target).st_mode if os.path.exists(target) else None
        handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".qs-lint-")
        try:
            with os.fdopen(handle, "wb") as stream:
                stream.write(data)
            os.chmod(temporary, _new_mode() if mode is None else mode)
            os.replace(temporary, target)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(temporary)
            raise
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"cannot write {path}: {why}") from None


def _new_mode() -> int:
    """The permissions of a new file; the mask can only be read by setting it."""
    mask = os.umask(0o077)
    os.umask(mask)
    return 0o666 & ~mask
