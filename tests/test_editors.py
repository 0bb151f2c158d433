"""The recipes of docs/editors.md: each can be parsed, and starts a server that answers."""

from __future__ import annotations

import json
import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest
import tomlkit
from lsp_client import Client
from support import ROOT

TEXT = (ROOT / "docs" / "editors.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def block(language: str, word: str) -> str:
    """The only code block in a language that has a word."""
    (found,) = [str(text) for name, text in BLOCKS if name == language and word in text]
    return found


def quoted(text: str) -> list[str]:
    """The strings of a list, in Lua or Lisp."""
    return re.findall(r'"([^"]+)"', text)


def neovim() -> list[str]:
    """``cmd`` of the configuration."""
    (found,) = re.findall(r"cmd = \{(.*?)\}", block("lua", "vim.lsp"))
    return quoted(found)


def vs_code() -> list[str]:
    """Command and arguments of the settings."""
    settings = json.loads(block("json", "glspc"))
    assert settings["glspc.server.languageId"] == ["python"]
    return [settings["glspc.server.command"], *settings["glspc.server.commandArguments"]]


def helix() -> list[str]:
    """Command and arguments of the server that the language names."""
    settings: Any = tomlkit.parse(block("toml", "language-server")).unwrap()
    (name,) = settings["language-server"]
    assert name in settings["language"][0]["language-servers"]
    return [
        settings["language-server"][name]["command"],
        *settings["language-server"][name]["args"],
    ]


def zed() -> list[str]:
    """The binary of the settings."""
    (server,) = json.loads(block("json", '"lsp"'))["lsp"].values()
    return [server["binary"]["path"], *server["binary"]["arguments"]]


def pycharm() -> list[str]:
    """The command of the dialogue."""
    (found,) = re.findall(r"The command is `(.*?)`", TEXT)
    return shlex.split(found)


def emacs() -> list[str]:
    """The program of Eglot's list."""
    return quoted(block("lisp", "eglot"))


@pytest.mark.parametrize("recipe", [neovim, vs_code, helix, zed, pycharm, emacs])
def test_recipe(tmp_path: Path, recipe: Any) -> None:
    """The command starts a server that speaks the protocol."""
    pytest.importorskip("pygls")
    program, *arguments = recipe()
    assert program == "qs-lint"
    client = Client(tmp_path, [sys.executable, "-m", "qs_lint", *arguments])
    answer = client.ask("initialize", processId=None, rootUri=tmp_path.as_uri(), capabilities={})
    client.close()
    assert answer["serverInfo"]["name"] == "qs-lint"
    assert answer["capabilities"]["hoverProvider"]


@pytest.mark.parametrize("language", ["json", "toml"])
def test_settings_can_be_read(language: str) -> None:
    """Every other block of settings is what it says it is."""
    parse: Any = json.loads if language == "json" else tomlkit.parse
    texts = [text for name, text in BLOCKS if name == language]
    assert texts
    for text in texts:
        parse(text)
