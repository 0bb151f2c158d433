"""Engines with a fault, to see that the fuzzing finds it."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from qs_lint.examination import findings_in

if TYPE_CHECKING:
    from qs_lint.findings import Finding
    from qs_lint.project.source import Project

_calls = iter(range(10**9))


def raises(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """Raise at every third input."""
    if next(_calls) % 3 == 2:
        raise KeyError("planted")
    return findings_in(project, path, text)


def recurses(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """Recurse without an end."""
    return recurses(project, path, text)


def hangs(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """Never come back."""
    while True:
        pass


def waits(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """Never come back, and use no processor time either."""
    while True:
        signal.pause()


def dies(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """End the process, as an overflow of the C stack does."""
    os.kill(os.getpid(), signal.SIGSEGV)
    return []


def forgets(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """Find less the second time."""
    return findings_in(project, path, text)[next(_calls) % 2 :]
