"""The garbage collector while trees grow: going through them again and again costs a quarter."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def calm(lasting: bool = False) -> Iterator[None]:
    """Keep the collector off, and switch it on again if it was on: trees have no cycles.

    What is alive then counts as old.  ``lasting``: it stays so until the process ends, and is never
    looked at.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if not lasting:
            gc.unfreeze()  # and so it has become old, without being looked at
        if was_on:
            gc.enable()
