"""The one way in which files are opened: regular files only, and only so much of them.

A checked project may hold pipes, links to devices and files of any size, under the names of
modules, templates or configuration.  None of them may block, or fill the memory.
"""

from __future__ import annotations

import errno
import os
import stat

from qs_lint.log import Log
from qs_lint.records import record

try:
    from _blake2 import blake2b  # what hashlib gives, without OpenSSL
except ImportError:
    from hashlib import blake2b

LOGGER = Log(__name__)
#: Checked files may be as large as this; whatever is larger is not read.
MAX_FILE = 20_000_000
#: Modules and templates may: larger ones are generated data, not code that people edit.
MAX_SOURCE = 4_000_000
#: In place of the digest of what was read: it could not be; it changed between two readings.
UNREAD = "-"
CHANGED = "?"
#: Never blocks, is not inherited by other programs, makes no terminal ours, changes no line end.
_FLAGS = os.O_RDONLY | sum(
    getattr(os, name, 0) for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY")
)


class NotRegularError(OSError):
    """What has this name is a folder, a pipe, a device or a socket."""

    def __init__(self, path: str) -> None:
        super().__init__(errno.EINVAL, "it is not a regular file", path)


class TooLargeError(OSError):
    """A file is larger than its reader accepts."""

    def __init__(self, path: str, limit: int) -> None:
        super().__init__(errno.EFBIG, f"it is larger than {shown_size(limit)}", path)


@record(frozen=True, slots=True)
class Stamp:
    """Which file was read, and in which state; another write makes another stamp."""

    device: int
    inode: int
    size: int
    modified: int
    changed: int

    @classmethod
    def of(cls, state: os.stat_result) -> Stamp:
        """The stamp of a file in the state that ``os.stat`` gives."""
        return cls(state.st_dev, state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)


def read_file(path: str | os.PathLike[str], limit: int) -> bytes:
    """The bytes of a regular file of at most ``limit`` bytes; links are followed.

    Raises ``OSError`` otherwise: :class:`NotRegularError`, :class:`TooLargeError`, or the system's.
    """
    return read_stamped(path, limit)[0]


def read_stamped(path: str | os.PathLike[str], limit: int) -> tuple[bytes, Stamp]:
    """As :func:`read_file`, with the state that the file was in before it was read."""
    name = os.fspath(path)
    try:
        # asked before it is opened, since opening alone may wake the other end of a pipe
        if not stat.S_ISREG(os.stat(name).st_mode):
            raise NotRegularError(name)
        handle = os.open(name, _FLAGS)
    except ValueError as error:  # a null character
        raise OSError(errno.EINVAL, str(error), name) from None
    try:
        state = os.fstat(handle)
        if not stat.S_ISREG(state.st_mode):
            raise NotRegularError(name)
        if state.st_size > limit:
            raise TooLargeError(name, limit)
        return _bytes(handle, name, state.st_size, limit), Stamp.of(state)
    finally:
        os.close(handle)


def _bytes(handle: int, name: str, expected: int, limit: int) -> bytes:
    """Everything up to the end, which may be elsewhere than the size says: ``/proc``, a log."""
    parts: list[bytes] = []
    left = limit + 1
    while left > 0:
        part = os.read(handle, min(left, max(expected + 1, 1 << 16)))
        if not part:
            return b"".join(parts)
        parts.append(part)
        left -= len(part)
    raise TooLargeError(name, limit)


def unchanged(path: str, stamp: Stamp) -> bool:
    """Whether a file was neither written to nor replaced since it was read."""
    try:
        return Stamp.of(os.stat(path)) == stamp
    except (OSError, ValueError):
        return False


def read_or_none(path: str, limit: int) -> bytes | None:
    """The bytes of a file, or ``None`` if it cannot be read; ``--verbose`` says why."""
    try:
        return read_file(path, limit)
    except FileNotFoundError:
        return None
    except OSError as error:
        LOGGER.debug("%s: not read: %s", path, error.strerror or error)
        return None


def shown_size(size: int) -> str:
    """A number of bytes for people: ``4 MB``."""
    for unit, name in ((1_000_000, "MB"), (1_000, "kB")):
        if size >= unit and not size % unit:
            return f"{size // unit} {name}"
    return f"{size} bytes"


def digest(*parts: bytes) -> str:
    """A digest of byte strings, 16 bytes as hexadecimal digits."""
    made = blake2b(digest_size=16)
    for part in parts:
        made.update(len(part).to_bytes(8, "little"))
        made.update(part)
    return made.hexdigest()


def keyed_digest(text: bytes, key: bytes) -> str:
    """A digest that only who knows the key can make, 32 bytes as hexadecimal digits."""
    return blake2b(text, key=key, digest_size=32).hexdigest()
