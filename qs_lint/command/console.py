"""Standard output and standard error: lines that say one thing, whatever is in a name."""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from typing import TYPE_CHECKING, Any

from qs_lint.command.errors import UsageError
from qs_lint.findings import harmless, printable

if TYPE_CHECKING:
    from collections.abc import Callable


#: Set where what is printed becomes the log of a CI service, which obeys some of its lines.
_SERVICES = ("CI", "TF_BUILD", "TEAMCITY_VERSION", "JENKINS_URL", "BUILDKITE", "TRAVIS")


def line(text: str) -> str:
    """A text as one line that orders nothing, behind the name of the program."""
    return harmless(printable(text))


def say(text: str) -> None:
    """One line on standard error, behind our name; lost if that is closed or full."""
    tell(f"qs-lint: {text}")


def tell(text: str) -> None:
    """One line on standard error; lost if that is closed or full."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        print(line(text), file=sys.stderr)


def verbose() -> None:
    """Show what the package logs, on standard error."""
    import logging

    class Formatter(logging.Formatter):
        """Records as lines; a traceback is several, each of them harmless."""

        def format(self, record: logging.LogRecord) -> str:
            """The record as text."""
            return "\n".join(line(part) for part in super().format(record).split("\n"))

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Formatter("qs-lint: %(message)s"))
    logging.basicConfig(level=logging.DEBUG, handlers=[handler])


def put(text: str) -> None:
    """Write a text to standard output, with escapes for what its encoding cannot hold.

    Raises :class:`UsageError` if it is closed, or what is behind it is full; ``BrokenPipeError`` if
    its reader has closed it.
    """
    if not text:
        return
    from qs_lint.formats.terminal import write

    _put(lambda stream: write(stream, text))


def put_patch(text: str) -> None:
    """Write a difference to standard output; raises what :func:`put` raises.

    A patch can only be applied as it is.  Where it is shown instead, on a terminal or in the log of
    a CI service, what would act there is escaped.
    """
    put(_shown(text) if _is_shown() else text)


def put_bytes(data: bytes) -> None:
    """Write bytes to standard output; raises what :func:`put` raises.

    They are written as they are for whoever reads them; a terminal gets them as :func:`put_patch`
    does it.
    """
    if _is_terminal():
        put(_shown(data.decode("utf-8", "backslashreplace")))
    else:
        _put(lambda stream: stream.buffer.write(data))


def _is_shown() -> bool:
    """Whether standard output is a terminal, or a CI service's log: not a file, which is read."""
    if _is_terminal():
        return True
    try:
        is_file = stat.S_ISREG(os.fstat(sys.stdout.fileno()).st_mode)
    except (OSError, ValueError, AttributeError):
        is_file = False
    return not is_file and any(os.environ.get(name) for name in _SERVICES)


def _is_terminal() -> bool:
    from qs_lint.formats.terminal import is_terminal

    return is_terminal(sys.stdout)


def _shown(text: str) -> str:
    """Lines in which nothing acts; the names of a difference's files are lines of their own."""
    return "\n".join(
        part
        if part.startswith(("--- a/", "+++ b/")) and part == printable(part)
        else harmless("\t".join(map(printable, part.removesuffix("\r").split("\t"))))
        for part in text.split("\n")
    )


def _put(write: Callable[[Any], object]) -> None:
    if sys.stdout is None:
        raise UsageError("cannot write standard output: it is closed")
    try:
        write(sys.stdout)
        sys.stdout.flush()
    except BrokenPipeError:
        raise
    except (OSError, ValueError) as error:
        abandon()
        why = error.strerror if isinstance(error, OSError) else error
        raise UsageError(f"cannot write standard output: {why}") from None


def abandon() -> None:
    """Let Python not try again, and complain, when it flushes standard output at exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)
