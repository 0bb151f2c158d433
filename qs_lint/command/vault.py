"""Where the cache is kept, and how it is known that this user wrote it.

A checkout can bring any file along, one that looks like a cache too.  What it cannot bring is the
user's secret: 32 random bytes in the user's own cache folder, which sign whatever is written.
Without a safe place for the secret, or for the cache, there is no cache.
"""

from __future__ import annotations

import errno
import os
import re
import stat
import sys

from qs_lint.command.files import TEMPORARY, put
from qs_lint.files import digest, keyed_digest, read_file
from qs_lint.log import Log
from qs_lint.places import TOP_MARKS
from qs_lint.records import record

LOGGER = Log(__name__)
NAME = "qs-lint"
ENVIRONMENT = "QS_LINT_CACHE_DIR"
SECRET = "secret"
SECRET_SIZE = 32
#: Marks a folder as ours, and as nothing to back up: https://bford.info/cachedir/
TAG = "CACHEDIR.TAG"
TAG_TEXT = b"Signature: 8a477f597d28d172789f06886806bc55\n# The cache of qs-lint.\n"
IGNORE = ".gitignore"


@record(frozen=True)
class Vault:
    """A folder for the cache, and the secret that signs what is in it."""

    folder: str
    secret: bytes

    def signed(self, text: bytes) -> bytes:
        """A text with its signature in front, on a line of its own."""
        return self._signature(text) + b"\n" + text

    def verified(self, data: bytes) -> bytes | None:
        """The text of signed data; ``None`` if it was not signed with this secret."""
        import hmac

        first, _, text = data.partition(b"\n")
        return text if hmac.compare_digest(first, self._signature(text)) else None

    def _signature(self, text: bytes) -> bytes:
        return keyed_digest(text, self.secret).encode()

    def prepare(self) -> None:
        """Make the folder, if it is not there; raises ``OSError``."""
        _make(self.folder)
        for name, text in ((TAG, TAG_TEXT), (IGNORE, b"*\n")):
            path = os.path.join(self.folder, name)
            if not os.path.lexists(path):
                put(path, text)


def open_vault(asked: str | None) -> Vault | None:
    """The cache's place: as asked, as the environment says, or in the user's cache folder.

    ``None`` if there is none that is safe; ``--verbose`` says why.
    """
    try:
        own = _user_folder()
        named = asked or os.environ.get(ENVIRONMENT)
        folder = os.path.abspath(named) if named else os.path.join(own, "projects", _project())
        _reject_links(folder, own)
        _reject_foreign(folder)
        return Vault(folder, _secret(own))
    except (OSError, ValueError) as error:
        LOGGER.debug("no cache: %s", error)
        return None


def _user_folder() -> str:
    """Where caches of this user are kept on this system, and ours in it.

    Raises ``OSError`` if no place is known, or if it is in the checkout, with untrusted files.
    """
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA", "")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        # a relative path is to be ignored, says the XDG base directory specification
        base = os.environ.get("XDG_CACHE_HOME", "")
        if not os.path.isabs(base):
            base = os.path.expanduser("~/.cache")
    if not os.path.isabs(base):
        raise OSError(errno.ENOENT, "the user has no cache folder")
    if _within(os.path.realpath(base), os.path.realpath(_top())):
        raise OSError(errno.EPERM, "the user's cache folder is in the checkout", base)
    return os.path.join(base, NAME)


def _top() -> str:
    """The top of the checkout around the working directory, or that directory itself."""
    here = folder = os.getcwd()
    while True:
        if any(os.path.lexists(os.path.join(folder, mark)) for mark in TOP_MARKS):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return here
        folder = above


def _within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _project() -> str:
    """A name for the working directory: readable, and its own."""
    here = os.getcwd()
    name = re.sub(r"[^A-Za-z0-9_.-]", "_", os.path.basename(here))[:40]
    return f"{name}-{digest(os.fsencode(here))[:16]}"


def _reject_links(folder: str, own: str) -> None:
    """Raise ``OSError`` if a folder on the path may belong to somebody else.

    Neither the folder nor anything below ``own`` may be a link, nor anything in the checkout on the
    way; other links are the user's or the system's.
    """
    top = os.path.realpath(_top())
    path, above = folder, os.path.dirname(folder)
    while path != above:
        if os.path.islink(path) and (
            path == folder or _within(path, own) or _within(os.path.realpath(above), top)
        ):
            raise OSError(errno.ELOOP, "the cache folder is reached by a link", path)
        path, above = above, os.path.dirname(above)


def _reject_foreign(folder: str) -> None:
    """Raise ``OSError`` if a folder is there and was not made by us for this user."""
    try:
        state = os.lstat(folder)
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(state.st_mode):
        raise OSError(errno.ENOTDIR, "the cache folder is no folder", folder)
    if hasattr(os, "geteuid"):
        if state.st_uid != os.geteuid():
            raise OSError(errno.EPERM, "the cache folder is another user's", folder)
        if state.st_mode & stat.S_IWOTH:
            raise OSError(errno.EPERM, "everybody can write to the cache folder", folder)
    names = {name for name in os.listdir(folder) if not name.startswith(TEMPORARY)}
    if names and TAG not in names:
        raise OSError(errno.EEXIST, "the cache folder holds something else", folder)


def _make(folder: str) -> None:
    os.makedirs(os.path.dirname(folder), exist_ok=True)
    try:
        os.mkdir(folder, 0o700)
    except FileExistsError:
        _reject_foreign(folder)


def _secret(own: str) -> bytes:
    """The secret of this user, made on first use; raises ``OSError``."""
    _reject_links(own, own)
    _reject_foreign(own)
    path = os.path.join(own, SECRET)
    if not os.path.lexists(path):
        made = os.urandom(SECRET_SIZE)
        Vault(own, made).prepare()
        _put_new(path, made)
    state = os.lstat(path)
    foreign = hasattr(os, "geteuid") and (
        state.st_uid != os.geteuid() or state.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    )
    if not stat.S_ISREG(state.st_mode) or foreign:
        raise OSError(errno.EPERM, "the secret is not the user's alone", path)
    found = read_file(path, SECRET_SIZE)
    if len(found) != SECRET_SIZE:
        raise OSError(errno.EINVAL, "this is no secret", path)
    return found


def _put_new(path: str, data: bytes) -> None:
    """Write a file that is not there yet; the first writer decides what is in it."""
    temporary = f"{os.path.dirname(path)}/{TEMPORARY}{os.getpid()}.{os.urandom(4).hex()}"
    put(temporary, data)
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    except OSError:  # a file system without links
        if not os.path.lexists(path):
            os.replace(temporary, path)
            return
    os.unlink(temporary)
