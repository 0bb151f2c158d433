"""``qs-lint server``: a client opens, edits, fixes and undoes, as an editor does."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from lsp_client import Client
from support import qs_lint

from qs_lint.command import UsageError
from qs_lint.links import rule_page
from qs_lint.server import MISSING, serve
from qs_lint.server.session import Session

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


FROZEN = "frozen-class-queryset"
#: The protocol's number of "the request was cancelled".
CANCELLED = -32800
#: What an editor says that watches files for the server.
WATCHES = {"workspace": {"didChangeWatchedFiles": {"dynamicRegistration": True}}}


@contextlib.contextmanager
def started(
    folder: Path, *options: str, roots: Sequence[Path] = (), capabilities: object = None
) -> Iterator[Client]:
    """An editor whose server was started in a folder."""
    found = Client(folder, [sys.executable, "-m", "qs_lint", "server", "--stdio", *options])
    answer = found.ask(
        "initialize",
        processId=None,
        rootUri=folder.as_uri(),
        capabilities=capabilities or {},
        workspaceFolders=[{"uri": root.as_uri(), "name": root.name} for root in roots] or None,
    )
    assert answer["serverInfo"]["name"] == "qs-lint"
    found.notify("initialized")
    yield found
    found.close()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with the models of the shop."""
    shutil.copytree(SHOP, tmp_path / "shop")
    return tmp_path


@pytest.fixture
def client(project: Path) -> Iterator[Client]:
    """An editor that has opened the project."""
    with started(project) as found:  # pylint: disable=contextmanager-generator-missing-cleanup
        yield found


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


@pytest.mark.parametrize("start", ["# \x0c a form feed\n", "\r\n", "# \u2028\r"])
def test_lines(client: Client, project: Path, start: str) -> None:
    """Lines end where the protocol, and Python's parser, end them."""
    uri = opened(client, project / "views.py", start + BUG)
    (found,) = client.diagnostics(uri)
    assert found["range"]["start"]["line"] == 7
    (action,) = client.ask(
        "textDocument/codeAction",
        textDocument={"uri": uri},
        range=found["range"],
        context={"diagnostics": [], "only": ["source.fixAll"]},
    )
    (edit,) = action["edit"]["changes"][uri]
    assert edit["range"]["start"] == {"line": 7, "character": 0}
    assert edit["newText"] == FIXED.splitlines(keepends=True)[6]


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


def told(*events: tuple[Path, int]) -> list[dict[str, Any]]:
    """What an editor says of files that were created (1), changed (2), deleted (3) on disk."""
    return [{"uri": path.as_uri(), "type": kind} for path, kind in events]


def test_watched_files(project: Path) -> None:
    """The server asks to be told of files, and checks anew what depends on one."""
    (project / "helper.py").write_text(HELPER, encoding="utf-8")
    with started(project, capabilities=WATCHES) as client:
        (asked,) = client.told("client/registerCapability")["registrations"]
        assert asked["method"] == "workspace/didChangeWatchedFiles"
        globs = {each["globPattern"] for each in asked["registerOptions"]["watchers"]}
        assert {"**/*.py", "**/pyproject.toml", "**/.pylintrc"} <= globs
        caller = opened(client, project / "views.py", CALLER)
        assert client.diagnostics(caller) == []
        helper = project / "helper.py"
        helper.write_text(
            HELPER.replace("Order.objects.all()", "list(Order.objects.all())"), encoding="utf-8"
        )
        client.notify("workspace/didChangeWatchedFiles", changes=told((helper, 2)))
        assert [item["code"] for item in client.diagnostics(caller)] == [FROZEN]
        configuration = project / "pyproject.toml"
        configuration.write_text(f'[tool.qs-lint]\nignore = ["{FROZEN}"]\n', encoding="utf-8")
        client.notify("workspace/didChangeWatchedFiles", changes=told((configuration, 1)))
        assert client.diagnostics(caller) == []


def test_rename(client: Client, project: Path) -> None:
    """A renamed file is checked under its new name, and what imported the old one anew."""
    helper, renamed = project / "helper.py", project / "renamed.py"
    helper.write_text(
        HELPER.replace("Order.objects.all()", "list(Order.objects.all())"), encoding="utf-8"
    )
    caller = opened(client, project / "views.py", CALLER)
    assert [item["code"] for item in client.diagnostics(caller)] == [FROZEN]
    helper.rename(renamed)
    events = told((helper, 3), (renamed, 1))
    client.notify("workspace/didChangeWatchedFiles", changes=events)
    assert client.diagnostics(caller) == []
    changed(client, caller, 2, CALLER.replace("from helper", "from renamed"))
    assert [item["code"] for item in client.diagnostics(caller)] == [FROZEN]
    client.notify("textDocument/didClose", textDocument={"uri": caller})
    assert client.diagnostics(caller) == []
    again = opened(client, project / "pages.py", CALLER.replace("from helper", "from renamed"))
    assert [item["code"] for item in client.diagnostics(again)] == [FROZEN]


def test_cancel(client: Client, project: Path) -> None:
    """A question that the editor takes back is answered with that, and the next one as ever."""
    uri = opened(client, project / "views.py", BUG)
    (found,) = client.diagnostics(uri)
    question: dict[str, Any] = {
        "textDocument": {"uri": uri},
        "range": found["range"],
        "context": {"diagnostics": [found]},
    }
    number = client.send("textDocument/codeAction", **question)
    client.notify("$/cancelRequest", id=number)
    assert client.answer(number)["error"]["code"] == CANCELLED
    fix, _ = client.ask("textDocument/codeAction", **question)
    assert fix["isPreferred"]


def test_workspace_folders(tmp_path: Path) -> None:
    """Each folder has its own configuration, wherever the server was started."""
    for name, ignored in (("one", FROZEN), ("two", "memoized-queryset")):
        shutil.copytree(SHOP, tmp_path / name / "shop")
        table = f'[tool.qs-lint]\nignore = ["{ignored}"]\n'
        (tmp_path / name / "pyproject.toml").write_text(table, encoding="utf-8")
    roots = [tmp_path / "one", tmp_path / "two"]
    with started(tmp_path, roots=roots) as client:
        one = opened(client, tmp_path / "one" / "views.py", BUG)
        assert client.diagnostics(one) == []
        two = opened(client, tmp_path / "two" / "views.py", BUG)
        assert [item["code"] for item in client.diagnostics(two)] == [FROZEN]
        client.notify(
            "workspace/didChangeWorkspaceFolders",
            event={"added": [], "removed": [{"uri": roots[0].as_uri(), "name": "one"}]},
        )
        assert [item["code"] for item in client.diagnostics(one)] == [FROZEN]


def test_broken_configuration(client: Client, project: Path) -> None:
    """A configuration that cannot be used is shown once, not with every key stroke."""
    table = project / "pyproject.toml"
    table.write_text("[tool.qs-lint]\nselct = []\n", encoding="utf-8")
    uri = opened(client, project / "views.py", BUG)
    shown = client.told("window/showMessage")
    assert shown["type"] == 1
    assert shown["message"].endswith("[tool.qs-lint] selct: unknown key; did you mean select?")
    changed(client, uri, 2, BUG + "\n")
    table.write_text("[tool.qs-lint]\n[tool.qs_lint]\n", encoding="utf-8")
    changed(client, uri, 3, BUG)
    shown = client.told("window/showMessage")  # the second, not the first again
    assert (shown["type"], "[tool.qs_lint] is ignored" in shown["message"]) == (2, True)
    assert [item["code"] for item in client.diagnostics(uri)] == [FROZEN]


LOCAL = "ROWS = list(Order.objects.all())\n"


@pytest.mark.parametrize(
    "table",
    [
        "",
        f'select = ["{FROZEN}"]',
        'select = ["frozen-module-queryset"]',
        f'ignore = ["{FROZEN}"]',
        f'per-file-ignores = {{"*.py" = ["{FROZEN}"]}}',
        'per-file-ignores = {"other.py" = ["ALL"]}',
        'exclude = ["views.py"]',
        'exclude = ["vi*"]',
        'exclude = ["shop"]',
        'source-roots = ["moved"]',
    ],
)
@pytest.mark.parametrize("text", [BUG, BUG + LOCAL, BUG.replace("shop.", "store.")])
def test_table(project: Path, monkeypatch: pytest.MonkeyPatch, table: str, text: str) -> None:
    """Each key of [tool.qs-lint] counts as it does for the command."""
    shutil.copytree(SHOP, project / "moved" / "store")
    path = project / "views.py"
    path.write_text(text, encoding="utf-8")
    (project / "pyproject.toml").write_text(f"[tool.qs-lint]\n{table}\n", encoding="utf-8")
    monkeypatch.chdir(project)
    ran = qs_lint("views.py", "--allow-empty", cwd=project)
    told = {line.split(":")[3].strip() for line in ran.out.splitlines() if "views.py:" in line}
    checked = Session().check(str(path), {str(path): text}, str(project))
    assert {report.msgid for report in checked.reports} == told


def test_baseline(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the list of known findings has is not shown, wherever the file's folder is."""
    path = project / "views.py"
    path.write_text(BUG, encoding="utf-8")
    monkeypatch.chdir(project)
    assert qs_lint("views.py", "--write-baseline=known.jsonl", cwd=project).code == 0
    session = Session(["--baseline=known.jsonl"])
    assert session.check(str(path), {str(path): BUG}, str(project / "shop")).reports == ()
    more = BUG.replace("list(", "sorted(")
    (report,) = session.check(str(path), {str(path): more}, str(project / "shop")).reports
    assert (report.symbol, os.getcwd()) == (FROZEN, str(project))


@pytest.mark.parametrize(
    ("option", "named"),
    [
        ("--fix", "--fix"),
        ("src", "PATH"),
        ("-fjson", "--output-format"),
        ("--show-files", "--show-files"),
        ("--add-disable", "--add-disable"),
    ],
)
def test_impossible_options(option: str, named: str) -> None:
    """What a server cannot do is an error at its start."""
    with pytest.raises(UsageError, match=f"server does not accept {named}"):
        serve([option])


def test_without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without pygls the command says what to install."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(UsageError, match="lsp") as caught:
        serve([])
    assert str(caught.value) == MISSING
