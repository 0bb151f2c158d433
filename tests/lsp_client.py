"""An editor that speaks the Language Server Protocol, as far as a server can tell."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

#: Seconds for an answer; a server that says nothing for so long is broken.
PATIENCE = 120


class Client:
    """An editor, as far as the server can tell."""

    def __init__(self, folder: Path, command: list[str]) -> None:
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

    def send(self, method: str, **params: object) -> int:
        """Ask the server; the number of the question."""
        self._number += 1
        self._send({"id": self._number, "method": method, "params": params})
        return self._number

    def answer(self, number: int) -> dict[str, Any]:
        """Wait for the answer to a question: it has a ``result`` or an ``error``."""
        while True:
            message = self._received.get(timeout=PATIENCE)
            if message.get("id") == number and "method" not in message:
                return message

    def ask(self, method: str, **params: object) -> Any:
        """Ask the server, and wait for its answer."""
        message = self.answer(self.send(method, **params))
        assert "error" not in message, message
        return message.get("result")

    def told(self, method: str) -> dict[str, Any]:
        """The parameters of the next message of a kind that the server sends by itself."""
        while True:
            message = self._received.get(timeout=PATIENCE)
            if message.get("method") == method:
                if "id" in message:
                    self._send({"id": message["id"], "result": None})
                params: dict[str, Any] = message["params"]
                return params

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
