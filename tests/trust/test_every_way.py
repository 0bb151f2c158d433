"""The worst files by every way: command, processes, standard input, plugin, repair."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from hostile import WAYS
from support import Here
from test_bounds import HEAD, LINES, TAIL
from test_hostile_files import device, pipe, sparse

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytest_plugins = ["command_project"]
pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes and devices of Unix")

FOUND = "\n\nROWS = list(Order.objects.all())\n"
IMPORTING = "from helper import rows\nfrom shop.models import Order\n\nOTHERS = rows()\n"
TEXTS = {
    **{name: HEAD + f"{LINES[name]}\n" * 28 + TAIL for name in ("sum", "arguments", "dict")},
    "elif": "from shop.models import Order\nif a == 0:\n    x = 0\n"
    + "".join(f"elif a == {n}:\n    x = {n}\n" for n in range(1, 100)),
    "functions": "from shop.models import Order\n"
    + "".join(f"def f{n}():\n    return f{n + 1}()\n" for n in range(1000)),
    "nested": f"from shop.models import Order\nx = {'[' * 90}{']' * 90}\n",
    "one line": f"from shop.models import Order\nx = '{'y' * 500_000}'\n",
    "no text": "from shop.models import Order\nx = '\\ud800\\x1b[31m\\u202e'\n",
}
HELPERS: dict[str, Callable[[Path], None]] = {"pipe": pipe, "device": device, "sparse": sparse}


@pytest.mark.parametrize("way", [*WAYS, "--fix"])
@pytest.mark.parametrize("name", [*TEXTS, *HELPERS])
def test_every_way(here: Here, monkeypatch: pytest.MonkeyPatch, name: str, way: str) -> None:
    """The file is checked, what is wrong in it is told, and the run ends as usual."""
    if name in HELPERS:
        HELPERS[name](here.folder / "helper.py")
    text = TEXTS.get(name, IMPORTING) + FOUND
    here.write("views.py", text)
    monkeypatch.setattr("hostile.ORIGINAL", text)  # what standard input holds
    if way == "--fix":
        pytest.importorskip("libcst")
        ran = here("--fix", "views.py")
        assert "frozen-module-queryset" in ran.out + ran.err
    else:
        ran = WAYS[way](here, "views.py")
        assert "frozen-module-queryset" in ran.symbols
    assert ran.code & 2
    assert "Traceback" not in ran.err
    assert "internal error" not in ran.err
