"""Standard output and standard error: lines that say one thing, whatever is in a name."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import TYPE_CHECKING, Any

from qs_lint.command.errors import UsageError
from qs_lint.findings import harmless, printable

if TYPE_CHECKING:
    from collections.abc import Callable


def line(text: str) -> str:
    """A text as one line that orders nothing, behind the name of the program."""
    return harmless(printable(text))


def say(text: str) -> None:
    """One line on standard error; lost if that is closed or full."""
    if sys.stderr is None:
        return
    with contextlib.suppress(OSError, ValueError):
        print(f"qs-lint: {line(text)}", file=sys.stderr)


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


def put_bytes(data: bytes) -> None:
    """Write bytes to standard output as they are; raises what :func:`put` raises."""
    _put(lambda stream: stream.buffer.write(data))


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
