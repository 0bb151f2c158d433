"""For all tests: nothing of whoever runs them is read or written."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def _caches_of_nobody(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's cache folder is an empty one; processes that a test starts inherit it."""
    folder = str(tmp_path_factory.mktemp("user-cache"))
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
            patch.setenv(name, folder)
        yield
