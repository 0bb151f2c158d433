"""``qs-lint server``: a client opens, edits, fixes and undoes, as an editor does."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lsp_client import Client

from qs_lint.command import UsageError
from qs_lint.links import rule_page
from qs_lint.server import MISSING, serve

pytest.importorskip("pygls")

SHOP = Path(__file__).resolve().parent / "fixtures" / "shop"
BUG = """\
from django.views.generic import ListView

from shop.models import Order


class OrderList(ListView):
    queryset = list(Order.objects.filter(number="é"))
"""
FIXED = BUG.replace('list(Order.objects.filter(number="é"))', 'Order.objects.filter(number="é")')
HELPER = "from shop.models import Order\n\n\ndef rows():\n    return Order.objects.all()\n"
CALLER = """\
from django.views.generic import ListView

from helper import rows


class OrderList(ListView):
    queryset = rows()
"""


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    """An editor that has opened a project with the models of the shop."""
    shutil.copytree(SHOP, tmp_path / "shop")
    found = Client(tmp_path, [sys.executable, "-m", "qs_lint", "server", "--stdio"])
    answer = found.ask("initialize", processId=None, rootUri=tmp_path.as_uri(), capabilities={})
    assert answer["serverInfo"]["name"] == "qs-lint"
    found.notify("initialized")
    yield found
    found.close()


def opened(client: Client, path: Path, text: str) -> str:
    """Open a file with a text that is not on disk; its address."""
    uri = path.as_uri()
    item = {"uri": uri, "languageId": "python", "version": 1, "text": text}
    client.notify("textDocument/didOpen", textDocument=item)
    return uri


def changed(client: Client, uri: str, version: int, text: str) -> None:
    """Replace the whole text of an open file."""
    client.notify(
        "textDocument/didChange",
        textDocument={"uri": uri, "version": version},
        contentChanges=[{"text": text}],
    )


def applied(text: str, edit: dict[str, Any]) -> str:
    """A text after an edit of whole lines."""
    lines = text.splitlines(keepends=True)
    start, end = edit["range"]["start"], edit["range"]["end"]
    assert start["character"] == end["character"] == 0
    return "".join([*lines[: start["line"]], edit["newText"], *lines[end["line"] :]])


def test_open_edit_fix_undo(client: Client, tmp_path: Path) -> None:
    """A finding is shown, explained and fixed; it goes with the fix and is back after an undo."""
    uri = opened(client, tmp_path / "views.py", BUG)
    (found,) = client.diagnostics(uri)
    assert (found["code"], found["severity"]) == ("frozen-class-queryset", 1)
    assert found["codeDescription"]["href"] == rule_page("frozen-class-queryset")
    line = BUG.splitlines()[6]
    assert found["range"] == {
        "start": {"line": 6, "character": line.index("list(")},
        "end": {"line": 6, "character": len(line)},
    }
    hover = client.ask(
        "textDocument/hover", textDocument={"uri": uri}, position=found["range"]["start"]
    )
    assert "frozen-class-queryset" in hover["contents"]["value"]
    actions = client.ask(
        "textDocument/codeAction",
        textDocument={"uri": uri},
        range=found["range"],
        context={"diagnostics": [found]},
    )
    fix, disable = actions
    (edit,) = fix["edit"]["changes"][uri]
    assert fix["isPreferred"]
    assert applied(BUG, edit) == FIXED
    changed(client, uri, 2, FIXED)
    assert client.diagnostics(uri) == []
    changed(client, uri, 3, BUG)
    assert [item["code"] for item in client.diagnostics(uri)] == ["frozen-class-queryset"]
    (edit,) = disable["edit"]["changes"][uri]
    quiet = applied(BUG, edit)
    assert "# pylint: disable-next=frozen-class-queryset" in quiet
    changed(client, uri, 4, quiet)
    assert client.diagnostics(uri) == []


def test_fix_all(client: Client, tmp_path: Path) -> None:
    """Editors that fix on save ask for one action with all fixes."""
    uri = opened(client, tmp_path / "views.py", BUG)
    (found,) = client.diagnostics(uri)
    (action,) = client.ask(
        "textDocument/codeAction",
        textDocument={"uri": uri},
        range=found["range"],
        context={"diagnostics": [], "only": ["source.fixAll"]},
    )
    (edit,) = action["edit"]["changes"][uri]
    assert applied(BUG, edit) == FIXED


def test_unsaved_helper(client: Client, tmp_path: Path) -> None:
    """A file is checked anew when an unsaved buffer that it imports changes."""
    (tmp_path / "helper.py").write_text(HELPER, encoding="utf-8")
    caller = opened(client, tmp_path / "views.py", CALLER)
    assert client.diagnostics(caller) == []
    helper = opened(client, tmp_path / "helper.py", HELPER)
    assert client.diagnostics(helper) == []
    changed(client, helper, 2, HELPER.replace("Order.objects.all()", "list(Order.objects.all())"))
    (found,) = client.diagnostics(caller)
    assert found["code"] == "frozen-class-queryset"
    (related, *_) = found["relatedInformation"]
    assert related["location"]["uri"] in (helper, caller)


def test_last_text_counts(client: Client, tmp_path: Path) -> None:
    """Of many quick changes the last one is judged."""
    uri = opened(client, tmp_path / "views.py", FIXED)
    for version in range(2, 12):
        changed(client, uri, version, BUG if version % 2 else FIXED)
    changed(client, uri, 12, BUG)
    while not (found := client.diagnostics(uri)):
        pass
    assert [item["code"] for item in found] == ["frozen-class-queryset"]


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pygls the command says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="lsp") as caught:
        serve([])
    assert str(caught.value) == MISSING
