"""A real exchange with python-lsp-server: ``nox -s editors``; not part of the default run.

The server is started as an editor starts it, and speaks the Language Server Protocol on its
standard input and output.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsp_client import Client

ROOT = Path(__file__).resolve().parent.parent.parent
SHOP = ROOT / "tests" / "fixtures" / "shop"
BUG = """\
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = sorted(Order.objects.all(), key=str)
"""
REPAIRED = BUG.replace("sorted(Order.objects.all(), key=str)", "Order.objects.all()")
CONFIGURATION = """\
[tool.pylint.main]
load-plugins = ["qs_lint"]

[tool.pylint."messages control"]
disable = ["all"]
enable = ["F", "E0001", "E0013", "W0012", "qs_lint"]
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose configuration loads the plugin."""
    shutil.copytree(SHOP, tmp_path / "shop")
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(project: Path) -> Iterator[Client]:
    """An editor that has opened the project."""
    found = Client(project, [sys.executable, "-m", "pylsp"])
    found.ask("initialize", processId=None, rootUri=project.as_uri(), capabilities={})
    found.notify("initialized")
    yield found
    found.close()


@pytest.mark.parametrize("executable", ["pylint", None], ids=["as it is typed", "as it was saved"])
def test_finding_is_shown(project: Path, client: Client, executable: str | None) -> None:
    """A finding is shown at its place, with its symbol, and goes when it is repaired."""
    plugins: dict[str, dict[str, Any]] = {
        name: {"enabled": False}
        for name in ("pycodestyle", "pyflakes", "mccabe", "flake8", "pydocstyle")
    }
    plugins["pylint"] = {"enabled": True}
    if executable:
        program = Path(sys.executable).with_name(executable)
        assert program.is_file(), "pylint is in the environment of this interpreter"
        plugins["pylint"]["executable"] = str(program)
    settings = {"pylsp": {"plugins": plugins}}
    client.notify("workspace/didChangeConfiguration", settings=settings)
    path = project / "views.py"
    path.write_text(BUG, encoding="utf-8")
    uri = path.as_uri()
    document = {"uri": uri, "languageId": "python", "version": 1, "text": BUG}
    client.notify("textDocument/didOpen", textDocument=document)
    (found,) = client.diagnostics(uri)
    assert found["code"] in ("frozen-class-queryset", "E5801")
    assert found["source"] == "pylint"
    assert found["severity"] == 1
    assert found["range"]["start"] == {"line": 6, "character": 15}
    assert "`sorted()` runs a query on Order once" in found["message"]
    path.write_text(REPAIRED, encoding="utf-8")
    client.notify(
        "textDocument/didChange",
        textDocument={"uri": uri, "version": 2},
        contentChanges=[{"text": REPAIRED}],
    )
    client.notify("textDocument/didSave", textDocument={"uri": uri}, text=REPAIRED)
    for _ in range(5):
        if not client.diagnostics(uri):
            break
    else:
        pytest.fail("the finding is still shown")
