"""A line that says how far a long run is; on a terminal only."""

from __future__ import annotations

import sys
import time

#: Runs shorter than this (seconds) say nothing.
PATIENCE = 1.0
INTERVAL = 0.1


class Progress:
    """A context: ``tell(n)`` when ``n`` of ``total`` files are done; the line goes at the end."""

    def __init__(self, total: int, wanted: bool = True) -> None:
        self._total = total
        self._wanted = wanted and sys.stderr is not None and sys.stderr.isatty()
        self._next = time.monotonic() + PATIENCE
        self._written = False

    def __enter__(self) -> Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._written:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def tell(self, done: int) -> None:
        """Write how many files are done, if it is time to."""
        if not self._wanted or time.monotonic() < self._next:
            return
        self._next = time.monotonic() + INTERVAL
        self._written = True
        sys.stderr.write(f"\r\x1b[Kqs-lint: {done} of {self._total} files")
        sys.stderr.flush()
