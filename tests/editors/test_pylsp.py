"""A real exchange with python-lsp-server: ``nox -s editors``; not part of the default run.

The server is started as an editor starts it, and speaks the Language Server Protocol on its
standard input and output.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

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
#: Seconds for an answer; a server that says nothing for so long is broken.
PATIENCE = 120


class Client:
    """An editor, as far as the server can tell."""

    def __init__(self, folder: Path) -> None:
        command = [sys.executable, "-m", "pylsp"]
        self._process = subprocess.Popen(
            command, cwd=folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self._number = 0
        self._received: Queue[dict[str, Any]] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream
        while header := stream.readline():
            length = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._received.put(json.loads(stream.read(length)))

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(data), data))
        self._process.stdin.flush()

    def notify(self, method: str, **params: object) -> None:
        """Tell the server something."""
        self._send({"method": method, "params": params})

    def ask(self, method: str, **params: object) -> Any:
        """Ask the server, and wait for its answer."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        while True:
            message = self._received.get(timeout=PATIENCE)
            if message.get("id") == self._number and "method" not in message:
                assert "error" not in message, message
                return message.get("result")

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """The next diagnostics of a document."""
        while True:
            message = self._received.get(timeout=PATIENCE)
            if message.get("method") == "textDocument/publishDiagnostics":
                if message["params"]["uri"] == uri:
                    found: list[dict[str, Any]] = message["params"]["diagnostics"]
                    return found

    def close(self) -> None:
        """Take leave."""
        try:
            self.ask("shutdown")
            self.notify("exit")
            self._process.wait(PATIENCE)
        except (Empty, OSError, subprocess.TimeoutExpired):
            pass
        finally:
            self._process.kill()
            self._process.wait()
            for stream in (self._process.stdin, self._process.stdout):
                if stream:
                    stream.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project whose configuration loads the plugin."""
    shutil.copytree(SHOP, tmp_path / "shop")
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    return tmp_path


@pytest.fixture
def client(project: Path) -> Iterator[Client]:
    """An editor that has opened the project."""
    found = Client(project)
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
