"""The garbage collector while trees grow: going through them again and again costs a quarter."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def calm() -> Iterator[None]:
    """Keep the collector off, and switch it on again if it was on: trees have no cycles."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def collect() -> None:
    """Collect what is new; what survives is not looked at again, until ``gc.unfreeze()``."""
    gc.collect()
    gc.freeze()
