"""Paths and contents that are meant to confuse: what cannot be read is left out, the rest is said.

Each way in must come to an end in time and memory, tell of the ordinary file beside the trick, and
write no control character of a file's name to the terminal.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from pathlib import Path

import pytest
from support import ORIGINAL, SHOP
from ways import ENGINE, WAYS, Answer, Way, ask

from qs_lint.examination import findings_in
from qs_lint.project.source import Project
from qs_lint.rules import all_rules

#: Address space of a run that is given an endless file.
MEMORY = 1_500_000_000
#: Seconds after which a run counts as blocked.
BLOCKED = 5
WINDOWS = sys.platform == "win32"


@pytest.fixture(params=WAYS, ids=lambda way: way.name)
def way(request: pytest.FixtureRequest) -> Way:
    """Each way in."""
    found: Way = request.param
    return found


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one finding, in ``views.py``."""
    root = tmp_path / "checked"
    shutil.copytree(SHOP, root / "shop", ignore=shutil.ignore_patterns("__pycache__"))
    (root / "views.py").write_text(ORIGINAL, encoding="utf-8")
    return root


def importing(project: Path, *names: str) -> Path:
    """Let ``views.py`` import modules, and names from them, before anything else."""
    views = project / "views.py"
    lines = [f"import {name}\nfrom {name} import *\nfrom {name} import q\n" for name in names]
    views.write_text("".join(lines) + ORIGINAL, encoding="utf-8")
    return views


def told_of(answer: Answer, name: str = "views.py") -> list[str]:
    """The symbols told of one file."""
    return [one.symbol for one in answer.told if one.path == name]


# what cannot be read


@pytest.mark.skipif(WINDOWS, reason="links need rights on Windows")
def test_links_in_circles(project: Path, way: Way) -> None:
    """Folders that hold themselves, files that are links to themselves or to nothing."""
    (project / "again").symlink_to(project, target_is_directory=True)
    (project / "shop" / "up").symlink_to("..", target_is_directory=True)
    (project / "itself.py").symlink_to("itself.py")
    (project / "nothing.py").symlink_to("no-such-file")
    (project / "first.py").symlink_to("second.py")
    (project / "second.py").symlink_to("first.py")
    views = importing(project, "itself", "nothing", "first", "again.again.again.shop", "shop.up.up")
    assert told_of(ask(way, [views], project)) == ["frozen-class-queryset"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe(project: Path, way: Way) -> None:
    """A named pipe that is imported is not waited for."""
    os.mkfifo(project / "pipe.py")
    views = importing(project, "pipe")
    assert told_of(ask(way, [views], project, limit=BLOCKED)) == ["frozen-class-queryset"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_that_is_checked(project: Path) -> None:
    """The engine finds nothing in a pipe, and does not wait for a writer."""
    os.mkfifo(project / "pipe.py")
    answer = ask(ENGINE, [project / "pipe.py", project / "views.py"], project, limit=BLOCKED)
    assert answer.symbols == ["frozen-class-queryset"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="needs device files")
@pytest.mark.parametrize("device", ["zero", "tty", "stdin", "full", "null"])
def test_device(project: Path, device: str) -> None:
    """A device that is imported is not read to its end: some have none."""
    (project / "endless.py").symlink_to(f"/dev/{device}")
    views = importing(project, "endless")
    answer = ask(ENGINE, [views], project, limit=BLOCKED, memory=MEMORY)
    assert told_of(answer) == ["frozen-class-queryset"], answer.stderr


def test_folders_called_like_files(project: Path, way: Way) -> None:
    """A folder may be called ``x.py``, a template may be a folder."""
    (project / "folder.py").mkdir()
    (project / "folder.py" / "__init__.py").write_text("", encoding="utf-8")
    (project / "package" / "__init__.py").mkdir(parents=True)
    views = importing(project, "folder", "package", "package.x")
    assert told_of(ask(way, [views], project)) == ["frozen-class-queryset"]


@pytest.mark.skipif(WINDOWS, reason="other rights")
def test_unreadable(project: Path, way: Way) -> None:
    """Files and folders without any rights; root may read them all the same."""
    for name in ("closed.py", "vault/__init__.py", "vault/inner.py"):
        path = project / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("q = 1\n", encoding="utf-8")
    views = importing(project, "closed", "vault", "vault.inner")
    (project / "closed.py").chmod(0)
    (project / "vault").chmod(0)
    try:
        answer = ask(way, [views], project)
    finally:
        (project / "vault").chmod(stat.S_IRWXU)
    assert told_of(answer) == ["frozen-class-queryset"]


def test_unreadable_even_for_root(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same where rights do not stop the tests: every file but the checked one is refused."""
    views = importing(project, "shop.models")
    text = views.read_text(encoding="utf-8")
    all_rules()  # these are files too

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    for name in ("open", "listdir", "scandir", "stat"):
        monkeypatch.setattr(os, name, refuse)
    for name in ("open", "read_bytes", "read_text"):
        monkeypatch.setattr(Path, name, refuse)
    assert findings_in(Project(), str(views)) == []
    found = findings_in(Project(), str(views), text)
    assert {finding.symbol for finding in found} <= {"frozen-class-queryset"}


# what is long


def test_huge_file(project: Path) -> None:
    """An imported file of 5 MB is not read by the engine; pylint follows a star import into it."""
    line = "x = 1\n"
    (project / "huge.py").write_text(line * (5_000_000 // len(line)), encoding="utf-8")
    views = importing(project, "huge")
    answer = ask(ENGINE, [views], project, limit=BLOCKED, memory=MEMORY)
    assert told_of(answer) == ["frozen-class-queryset"], answer.stderr


def test_huge_file_that_is_checked(project: Path) -> None:
    """The engine leaves a file out that is larger than the limit."""
    line = "x = 1\n"
    (project / "huge.py").write_text(line * (5_000_000 // len(line)), encoding="utf-8")
    answer = ask(ENGINE, [project], project, limit=BLOCKED, memory=MEMORY)
    assert told_of(answer) == ["frozen-class-queryset"], answer.stderr


def test_deep_folders(project: Path, way: Way) -> None:
    """Packages 80 levels deep, and an import of that length."""
    folder, dotted = project, []
    for level in range(80):
        folder = folder / f"p{level}"
        folder.mkdir()
        (folder / "__init__.py").write_text("", encoding="utf-8")
        dotted.append(folder.name)
    deep = folder / "views.py"
    deep.write_text(ORIGINAL, encoding="utf-8")
    views = importing(project, ".".join([*dotted, "views"]), ".".join([*dotted, *dotted]))
    answer = ask(way, [views, deep], project)
    assert told_of(answer) == ["frozen-class-queryset"], answer.stderr
    assert told_of(answer, deep.relative_to(project).as_posix()) == ["frozen-class-queryset"]


def test_import_of_no_module(project: Path, way: Way) -> None:
    """Names of modules that would be paths elsewhere."""
    views = project / "views.py"
    odd = "from ........................................ import q\nfrom .. import *\n"
    odd += "from . import views\nfrom .views import *\nimport views.views\n"
    views.write_text(odd + ORIGINAL, encoding="utf-8")
    assert told_of(ask(way, [views], project)) == ["frozen-class-queryset"]


# names of files

NAMES = {
    "newline": "a\nb.py",
    "carriage return": "a\rb.py",
    "escape": "\x1b[31mred\x1b[0m.py",
    "bell": "a\x07b.py",
    "dash": "-rf.py",
    "options": "--load-plugins=evil.py",
    "spaces": " a b .py",
    "quotes": "a'\"`$(true).py",
    "percent": "a%0A::error::b.py",
    "command": "::error file=x::b.py",
    "line separator": "a\u2028b.py",
    "right to left": "a\u202eyp.b.py",
    "accents": "é.py",
    "decomposed": "e\u0301.py",
    "not utf-8": os.fsdecode(b"\xff\xfe.py"),
    "dots": "...py",
    "several dots": "a.b.c.py",
    "keyword": "class.py",
    "digits": "1.py",
    "long": "a" * 240 + ".py",
}


@pytest.mark.skipif(WINDOWS, reason="no such names there")
@pytest.mark.parametrize("name", NAMES)
def test_name_of_a_file(project: Path, name: str) -> None:
    """Whatever a file is called, the engine checks it."""
    path = project / NAMES[name]
    try:
        path.write_text(ORIGINAL, encoding="utf-8")
    except OSError:
        pytest.skip("the file system allows no such name")
    found = findings_in(Project(), str(path))
    assert [finding.symbol for finding in found] == ["frozen-class-queryset"]


@pytest.mark.skipif(WINDOWS, reason="no such names there")
def test_names_in_texts(project: Path, way: Way) -> None:
    """A folder's name that would colour the terminal or begin a line does not reach the text."""
    package = project / "evil\n::error::\x1b[31m\x9b\u2028"
    (package / "inner").mkdir(parents=True)
    for folder in (package, package / "inner"):
        (folder / "__init__.py").write_text("", encoding="utf-8")
    (package / "inner" / "helpers.py").write_text(
        "from shop.models import Order\ndef load(): return list(Order.objects.all())\n"
        "def orders(): return load()\n",
        encoding="utf-8",
    )
    path = package / "inner" / "views.py"
    path.write_text(
        "from django.views import View\nfrom .helpers import orders\n"
        "class V(View):\n    rows = orders()\n    other = orders\n",
        encoding="utf-8",
    )
    answer = ask(way, [path], project)
    assert answer.symbols == ["frozen-class-queryset"], answer.stderr
    assert "helpers.py" in answer.told[0].text
    assert answer.told[0].text.isprintable()


def test_strings_in_texts(project: Path, way: Way) -> None:
    """Neither does a string of the code that a message quotes."""
    views = project / "views.py"
    code = r"Order.objects.select_related('x\n::error::\x1b[31m\u202e').prefetch_related('\ud800')"
    views.write_text(ORIGINAL.replace("Order.objects.all()", code), encoding="utf-8")
    answer = ask(way, [views], project)
    assert answer.symbols == ["frozen-class-queryset"], answer.stderr
    text = answer.told[0].text
    assert "::error::" in text
    assert text.isprintable()


@pytest.mark.skipif(WINDOWS, reason="no such names there")
def test_names_in_one_run(project: Path, way: Way) -> None:
    """One run over all the names; pylint takes some of them for no modules, and nothing fails."""
    for name in set(NAMES) - {"dots", "not utf-8", "several dots"}:
        (project / NAMES[name]).write_text(ORIGINAL, encoding="utf-8")
    answer = ask(way, [project], project)
    assert set(answer.symbols) == {"frozen-class-queryset"}, answer.stderr
    assert answer.code in way.ends_well
    assert told_of(answer) == ["frozen-class-queryset"]


# contents

CODE = 'NAME = "é"\n' + ORIGINAL
CONTENTS: dict[str, tuple[bytes, bool]] = {
    "utf-8": (CODE.encode(), True),
    "bom": (b"\xef\xbb\xbf" + CODE.encode(), True),
    "windows": (CODE.replace("\n", "\r\n").encode(), True),
    "bom and windows": (b"\xef\xbb\xbf" + CODE.replace("\n", "\r\n").encode(), True),
    "old mac": (CODE.replace("\n", "\r").encode(), True),
    "form feed": (CODE.replace("\n\n", "\n\x0c\n").encode(), True),
    "no last newline": (CODE.rstrip("\n").encode(), True),
    "backslash at the end": ((CODE + "\\").encode(), False),
    "latin-1 with cookie": (b"# -*- coding: latin-1 -*-\n" + CODE.encode("latin-1"), True),
    "latin-1 without": (CODE.encode("latin-1"), False),
    "unknown cookie": (b"# coding: no-such-codec\n" + CODE.encode(), False),
    "cookie against bom": (b"\xef\xbb\xbf# coding: latin-1\n" + CODE.encode(), False),
    "cookie of a transform": (b"# coding: rot13\n" + CODE.encode(), False),
    "utf-16": (CODE.encode("utf-16"), False),
    "utf-32": (CODE.encode("utf-32"), False),
    "null at the start": (b"\0" + CODE.encode(), False),
    "null inside": (CODE.replace("NAME", "NA\0ME").encode(), False),
    "surrogates": (CODE.encode().replace("é".encode(), b"\xed\xa0\x80"), False),
    "empty": (b"", False),
    "blank": (b"\n\n  \n\t\n", False),
    "only a bom": (b"\xef\xbb\xbf", False),
    "only a cookie": (b"# coding: utf-8", False),
    "an image": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), False),
    "an archive": (b"PK\x03\x04" + bytes(300), False),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_content(project: Path, name: str) -> None:
    """The engine reads what Python can read, alone and imported, and is silent about the rest."""
    content, found = CONTENTS[name]
    odd = project / "odd.py"
    odd.write_bytes(content)
    shared = Project()
    for path, expected in ((odd, found), (importing(project, "odd"), True), (odd, found)):
        symbols = [finding.symbol for finding in findings_in(shared, str(path))]
        assert symbols == ["frozen-class-queryset"] * expected


def test_contents_in_one_run(project: Path, way: Way) -> None:
    """What cannot be read is an error of pylint's or nothing, never a fault of ours."""
    for number, (content, _) in enumerate(CONTENTS.values()):
        (project / f"odd{number}.py").write_bytes(content)
    answer = ask(way, [project], project)
    assert told_of(answer) == ["frozen-class-queryset"], answer.stderr
    for number, (name, (_, found)) in enumerate(CONTENTS.items()):
        symbols = told_of(answer, f"odd{number}.py")
        assert "qs-lint-fault" not in symbols, name
        if found and not (name == "old mac" and way is not ENGINE):  # pylint asks for line feeds
            assert symbols == ["frozen-class-queryset"], name
