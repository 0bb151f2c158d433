"""What several tests of the command need."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import SHOP, UNWANTED, Here


@pytest.fixture
def here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Here:
    """A project with the shop's models as the working directory, and the command in it."""
    folder = tmp_path / "project"
    shutil.copytree(SHOP, folder / "shop")
    (folder / ".git").mkdir()
    monkeypatch.chdir(folder)
    for name in UNWANTED:
        monkeypatch.delenv(name, raising=False)
    return Here(folder, capsys)
