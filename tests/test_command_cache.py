"""The cache is never stale, never in the way, and never necessary."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from support import ORIGINAL, Here, qs_lint

from qs_lint.command import cache, engine
from qs_lint.command.vault import ENVIRONMENT, open_vault

pytest_plugins = ["command_project"]

#: A view whose finding depends on modules two and three imports away, and on a template.
CHAIN = {
    "views.py": "from chain.one import rows\n\n\nROWS = rows()\n",
    "chain/__init__.py": "",
    "chain/one.py": "from chain.two import made\n\n\ndef rows():\n    return made()\n",
    "chain/two.py": (
        "from shop.models import Order\n\n\ndef made():\n    return Order.objects.all()\n"
    ),
}
EAGER = CHAIN["chain/two.py"].replace("Order.objects.all()", "list(Order.objects.all())")
FROZEN = "frozen-module-queryset"


def written(folder: Path) -> dict[str, Any]:
    """What a cache holds, without the signature."""
    found: dict[str, Any] = json.loads((folder / cache.FILE).read_bytes().partition(b"\n")[2])
    return found


class Watched(Here):
    """The command with a cache; says how many files were analysed."""

    analysed: list[int]

    def cached(self, *arguments: str) -> tuple[list[str], int]:
        """The symbols found, and the number of files analysed; equal to a run without a cache."""
        self.analysed.append(0)
        ran = self("--cache-dir=.cache", *arguments)
        number = self.analysed[-1]
        assert ran == self(*arguments)
        return ran.symbols, number


@pytest.fixture
def watched(
    here: Here, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Watched:
    """A project whose finding hangs on a chain of imports."""
    found = Watched(here.folder, capsys)
    found.analysed = [0]
    plain = engine.examine_all

    def counted(files: Sequence[tuple[str, bytes]], *rest: object) -> object:
        found.analysed[-1] += len(files)
        return plain(files, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(engine, "examine_all", counted)
    for name, text in CHAIN.items():
        found.write(name, text)
    return found


def test_warm(watched: Watched) -> None:
    """A second run analyses nothing and says the same."""
    watched.write("bad.py", ORIGINAL)
    first = watched.cached()
    assert first[0] == ["frozen-class-queryset"]
    assert first[1] > 5
    assert watched.cached() == (first[0], 0)
    watched.write("bad.py", ORIGINAL + "\n")
    assert watched.cached() == (first[0], 1)


def test_import_changes(watched: Watched) -> None:
    """A change two imports away counts for the file at the near end."""
    assert watched.cached("views.py") == ([], 1)
    watched.write("chain/two.py", EAGER)
    assert watched.cached("views.py") == ([FROZEN], 1)
    watched.write("chain/two.py", CHAIN["chain/two.py"])
    assert watched.cached("views.py") == ([], 1)
    (watched.folder / "chain" / "two.py").unlink()
    watched.cached("views.py")
    watched.write("chain/two.py", EAGER)
    assert watched.cached("views.py") == ([FROZEN], 1)


def test_new_module_shadows(watched: Watched) -> None:
    """A new package or module in front of the one that was found."""
    assert watched.cached("views.py") == ([], 1)
    eager = (
        CHAIN["chain/two.py"].replace("def made", "def rows").replace("Order.objects.all()", "1")
    )
    watched.write("chain/one/__init__.py", EAGER.replace("def made", "def rows"))
    assert watched.cached("views.py") == ([FROZEN], 1)
    shutil.rmtree(watched.folder / "chain" / "one")
    assert watched.cached("views.py") == ([], 1)
    watched.write("src/chain/__init__.py", "")
    watched.write("src/chain/one.py", eager)
    watched.cached("views.py")


def test_init_added_and_removed(watched: Watched) -> None:
    """What a package's __init__.py says, and whether there is one."""
    init = watched.folder / "chain" / "__init__.py"
    assert watched.cached("views.py") == ([], 1)
    init.unlink()
    watched.cached("views.py")
    init.write_text("", encoding="utf-8")
    assert watched.cached("views.py")[0] == []
    watched.write("views.py", "from chain import rows\n\n\nROWS = rows()\n")
    assert watched.cached("views.py")[0] == []
    init.write_text(EAGER.replace("def made", "def rows"), encoding="utf-8")
    assert watched.cached("views.py") == ([FROZEN], 1)


def test_template_changes(watched: Watched) -> None:
    """What a template does with a queryset."""
    watched.write(
        "pages.py",
        "from django.views.generic import TemplateView\n\nfrom shop.models import Order\n\n\n"
        "class Page(TemplateView):\n    template_name = 'page.html'\n"
        "    extra_context = {'orders': Order.objects.all()}\n",
    )
    template = watched.write("templates/page.html", "{{ orders.count }}")
    before = watched.cached("pages.py")[0]
    template.write_text("{% for order in orders %}{{ order }}{% endfor %}", encoding="utf-8")
    watched.cached("pages.py")
    template.unlink()
    watched.cached("pages.py")
    template.write_text("{{ orders.count }}", encoding="utf-8")
    assert watched.cached("pages.py")[0] == before


@pytest.mark.parametrize(
    "option", ["--disable=E5801", "--confidence=INFERENCE", "--source-roots=shop", "--enable=E"]
)
def test_other_options(watched: Watched, option: str) -> None:
    """The same file with other options."""
    watched.write("bad.py", ORIGINAL)
    before = watched.cached("bad.py")
    watched.cached(option, "bad.py")
    assert watched.cached("bad.py")[0] == before[0]


def test_configuration_changes(watched: Watched) -> None:
    """What the configuration says of messages is asked anew."""
    watched.write("bad.py", ORIGINAL)
    assert watched.cached("bad.py")[0] == ["frozen-class-queryset"]
    rcfile = watched.write(".pylintrc", "[MAIN]\ndisable=frozen-class-queryset\n")
    assert watched.cached("bad.py") == ([], 0)
    rcfile.write_text("[MAIN]\n", encoding="utf-8")
    assert watched.cached("bad.py") == (["frozen-class-queryset"], 0)


def test_other_folder(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path is shown as this run was given it."""
    watched.write("sub/bad.py", ORIGINAL)
    cached = f"--cache-dir={watched.folder / '.cache'}"
    assert "sub" in watched(cached, "sub/bad.py").out
    monkeypatch.chdir(watched.folder / "sub")
    assert watched(cached, "bad.py").out == watched("bad.py").out
    assert watched(cached, str(watched.folder / "sub" / "bad.py")).out == (
        watched(str(watched.folder / "sub" / "bad.py")).out
    )


def test_version(watched: Watched, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another version of the package analyses anew."""
    assert watched.cached("views.py")[1] == 1
    assert watched.cached("views.py")[1] == 0
    monkeypatch.setattr(cache, "own_version", lambda: "another")
    assert watched.cached("views.py")[1] == 1


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b"{}",
        b"null",
        b"[" * 100_000,
        "entries",
        "paths",
        "outcome",
        "key",
        "files",
        "reports",
        "findings",
    ],
    ids=str,
)
def test_broken_cache(watched: Watched, text: bytes | str) -> None:
    """Whatever is in the file, it is as if there were none."""
    watched.write("bad.py", ORIGINAL)
    expected = watched.cached()
    path = watched.folder / ".cache" / cache.FILE
    vault = open_vault(".cache")
    assert vault is not None
    if isinstance(text, bytes):
        path.write_bytes(vault.signed(text))
    else:
        data = written(watched.folder / ".cache")
        for entry in data["entries"].values():
            if text in entry:
                entry[text] = {"x": [1]}
            entry["outcome"][text] = 7
        if text in data:
            data[text] = [7]
        path.write_bytes(vault.signed(json.dumps(data).encode()))
    assert watched.cached()[0] == expected[0]
    assert watched.cached()[0] == expected[0]


def test_it_is_data(watched: Watched) -> None:
    """The cache is JSON after its signature, marked as a cache, ignored by version control."""
    watched.cached()
    names = {path.name for path in (watched.folder / ".cache").iterdir()}
    assert names == {cache.FILE, ".gitignore", "CACHEDIR.TAG"}
    assert written(watched.folder / ".cache")["entries"]


def test_folder_is_a_file(watched: Watched) -> None:
    """Where no cache can be kept, all else goes on."""
    watched.write("bad.py", ORIGINAL)
    watched.write(".cache", "I am a file")
    assert watched.cached("bad.py")[0] == ["frozen-class-queryset"]
    assert (watched.folder / ".cache").read_text("utf-8") == "I am a file"


@pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root writes everywhere"
)
def test_folder_is_not_writable(watched: Watched) -> None:
    """The same where nothing may be written."""
    (watched.folder / ".cache").mkdir(mode=0o500)
    assert watched.cached("views.py")[0] == []


def test_default_place(here: Here) -> None:
    """The cache is in the user's folder, one for each project, or where the environment says."""
    here.write("bad.py", ORIGINAL)
    before = sorted(here.folder.iterdir())
    user = here.folder.parent / "user"
    environment = {"XDG_CACHE_HOME": str(user), "LOCALAPPDATA": str(user), "HOME": str(user)}
    qs_lint("bad.py", cwd=here.folder, environment=environment)
    assert sorted(here.folder.iterdir()) == before
    (found,) = user.rglob(cache.FILE)
    assert found.parent.name.startswith("project-")
    environment[ENVIRONMENT] = "elsewhere"
    qs_lint("bad.py", cwd=here.folder, environment=environment)
    assert written(here.folder / "elsewhere")["entries"]


def test_two_at_once(here: Here) -> None:
    """Two runs that write the same cache: both right, and the cache is whole."""
    for number in range(30):
        here.write(f"a{number}.py", ORIGINAL)
        here.write(f"b{number}.py", ORIGINAL)
    runs = [
        subprocess.Popen(  # pylint: disable=consider-using-with
            [sys.executable, "-m", "qs_lint", "--cache-dir=.cache", *names],
            stdout=subprocess.PIPE,
            text=True,
        )
        for names in (
            sorted(path.name for path in here.folder.glob("a*.py")),
            sorted(path.name for path in here.folder.glob("b*.py")),
        )
    ]
    assert [run.communicate()[0].count("(frozen-class-queryset)") for run in runs] == [30, 30]
    assert written(Path(".cache"))["entries"]
    ran = here("--cache-dir=.cache", ".")
    assert len(ran.symbols) == 60
    assert ran == here(".")
