"""Old code bases: the list of known findings, and comments above them."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support import OPTIONS, ORIGINAL, PLAIN, Here, lint, qs_lint

pytest_plugins = ["command_project"]

FROZEN = "frozen-class-queryset"
HEAD = "from django.views.generic import ListView\n\nfrom shop.models import Order\n\n\n"
LIST = "known.jsonl"


@pytest.fixture
def known(here: Here) -> Here:
    """A project with two findings, both listed."""
    here.write("views.py", ORIGINAL)
    here.write("app/rows.py", f"{HEAD}ROWS = list(Order.objects.all())\n")
    ran = here(f"--write-baseline={LIST}", ".")
    assert (ran.code, ran.out, ran.err) == (0, "", f"qs-lint: {LIST}: 2 findings\n")
    return here


def entries(here: Here) -> list[dict[str, object]]:
    """What the list has, without its first line."""
    lines = (here.folder / LIST).read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines[1:]]


LEAKS = f"""{HEAD}class OrderList(ListView):
    queryset = Order.objects.all()

    def get(self, request, *args, **kwargs):
        if "wide" in request.GET:
            type(self).template_name = "wide.html"
        if "mine" in request.GET:
            type(self).queryset = Order.objects.filter(buyer=request.user)
        return super().get(request, *args, **kwargs)
"""


# The list of known findings


def test_leaks(here: Here) -> None:
    """What a request leaves behind is listed with its place, and known again above other lines."""
    here.write("views.py", LEAKS)
    assert here(f"--write-baseline={LIST}", ".").code == 0
    assert [(entry["symbol"], entry["in"]) for entry in entries(here)] == [
        ("leaked-request-queryset", "OrderList.get"),
        ("leaked-request-state", "OrderList.get"),
    ]
    here.write("views.py", f"# a comment\n\n{LEAKS}")
    ran = here(f"--baseline={LIST}", ".")
    assert (ran.code, ran.err) == (0, "")
    more = LEAKS.replace(
        "        return", "        type(self).ordering = request.GET['by']\n        return"
    )
    here.write("views.py", more)
    ran = here(f"--baseline={LIST}", "--output-format=concise", ".")
    assert ran.code
    assert ran.out.count("leaked-request") == 1


def test_quiet(known: Here) -> None:
    """What is listed is quiet, in every format, and the run is green."""
    for form in ("text", "full", "sarif"):
        ran = known(f"--baseline={LIST}", f"--output-format={form}", ".")
        assert (ran.code, ran.err) == (0, "")
        assert "sorted()" not in ran.out
    assert known(".").code == 2


def test_entries(known: Here) -> None:
    """An entry a line, sorted, with what people and the program need."""
    first, second = entries(known)
    assert list(first) == ["path", "symbol", "in", "code", "count", "fingerprint"]
    assert (first["path"], second["path"]) == ("app/rows.py", "views.py")
    assert (second["symbol"], second["in"]) == (FROZEN, "OrderList.queryset")
    assert second["count"] == 1
    assert first["code"] == "list(Order.objects.all())"
    text = (known.folder / LIST).read_text("utf-8")
    known(f"--write-baseline={LIST}", ".")
    assert (known.folder / LIST).read_text("utf-8") == text


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "# a comment\n\n\n" + text,
        lambda text: text.replace("sorted(", "sorted(\n        ", 1),
        lambda text: text.replace("Order.objects.all(), ", "Order.objects.all(),  # why\n        "),
        lambda text: text.replace("\n", "\r\n"),
    ],
    ids=["lines", "layout", "comment", "line ends"],
)
def test_matched_by_content(known: Here, change: object) -> None:
    """Lines and layout do not matter."""
    assert callable(change)
    known.write("views.py", change(ORIGINAL))
    ran = known(f"--baseline={LIST}", ".")
    assert (ran.code, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("order.number)", "order.buyer)"),
        ("class OrderList", "class Orders"),
        ("sorted(", "list("),
    ],
)
def test_new_ones_fail(known: Here, old: str, new: str) -> None:
    """Another expression, another class: another finding, and the old entry is stale."""
    text = ORIGINAL.replace(old, new)
    known.write("views.py", text)
    ran = known(f"--baseline={LIST}", ".")
    assert ran.symbols == [FROZEN]
    assert ran.code == 2
    assert f"{LIST}: no longer found: views.py: {FROZEN} in OrderList.queryset: sorted(" in ran.err
    assert "1 stale entry" in ran.err


def test_identical_ones_are_counted(here: Here) -> None:
    """Of identical findings as many are quiet as are listed."""
    line = "    rows = list(Order.objects.all())\n"
    text = f"{HEAD}class View(ListView):\n{line}{line}"
    here.write("views.py", text)
    here(f"--write-baseline={LIST}", ".")
    (entry,) = entries(here)
    assert entry["count"] == 2
    assert here(f"--baseline={LIST}", ".").code == 0
    here.write("views.py", text + line)
    ran = here(f"--baseline={LIST}", ".")
    assert re.findall(r"views.py:(\d+):", ran.out) == ["9"]
    here.write("views.py", text.removesuffix(line))
    ran = here(f"--baseline={LIST}", ".")
    assert (ran.code, ran.out) == (0, "")
    assert "1 stale entry" in ran.err


def test_stale_is_no_failure(known: Here) -> None:
    """A repaired finding is reported as stale, once the file is checked, and written away."""
    known.write("views.py", "")
    assert known(f"--baseline={LIST}", "app").err == ""
    ran = known(f"--baseline={LIST}", ".")
    assert (ran.code, ran.out) == (0, "")
    assert "stale" in ran.err
    known(f"--write-baseline={LIST}", ".")
    assert [entry["path"] for entry in entries(known)] == ["app/rows.py"]
    assert known(f"--baseline={LIST}", ".").err == ""


def test_file_is_gone(known: Here) -> None:
    """The entries of a file that is gone are stale."""
    (known.folder / "views.py").unlink()
    ran = known(f"--baseline={LIST}", "app")
    assert (ran.code, "views.py" in ran.err) == (0, True)


def test_partial_runs(known: Here) -> None:
    """What is not checked is left alone, by --baseline and by --write-baseline."""
    for path in ("views.py", "app/rows.py", "app"):
        ran = known(f"--baseline={LIST}", path)
        assert (ran.code, ran.out, ran.err) == (0, "", "")
        known(f"--write-baseline={LIST}", path)
        assert len(entries(known)) == 2


def test_unparsable_file(known: Here) -> None:
    """A syntax error is never listed, and does not make a file's entries stale."""
    known.write("views.py", ORIGINAL + "x = (\n")
    ran = known(f"--baseline={LIST}", ".")
    assert (ran.code, ran.symbols, ran.err) == (2, ["syntax-error"], "")
    ran = known(f"--write-baseline={LIST}", ".")
    assert ran.code == 2
    assert "not listed" in ran.err
    assert len(entries(known)) == 2


def test_another_folder(known: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paths count from the list's folder, wherever the command is run."""
    monkeypatch.chdir(known.folder / "app")
    assert known(f"--baseline=../{LIST}", "rows.py").code == 0
    assert known(f"--baseline=../{LIST}", "..").code == 0


def test_moved_project(known: Here, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A checkout elsewhere has the same list."""
    monkeypatch.chdir(tmp_path)
    known.folder.rename(tmp_path / "elsewhere")
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert known(f"--baseline={LIST}", ".").code == 0


def test_standard_input(known: Here) -> None:
    """An editor's text is compared as it is, not as the file is."""
    text = b"# more\n" + ORIGINAL.replace("OrderList", "Another").encode()
    arguments = ("--no-cache", f"--baseline={LIST}", "--from-stdin", "views.py")
    assert qs_lint(*arguments, cwd=known.folder, stdin=text).code == 2
    text = b"# more\n" + ORIGINAL.encode()
    assert qs_lint(*arguments, cwd=known.folder, stdin=text).code == 0


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"[]\n",
        b"{}\n",
        b"\xff",
        b'{"qs-lint-baseline": 99}\n',
        b'{"qs-lint-baseline": 2}\n{}\n',
        b'{"qs-lint-baseline": 2}\n<<<<<<< HEAD\n',
        b'{"qs-lint-baseline": 2}\n{"path": 1, "symbol": "", "in": "", "code": "", "count": 1}\n',
    ],
)
def test_broken_list(known: Here, text: bytes) -> None:
    """A list that cannot be read is one line; it is not overwritten either."""
    known.write(LIST, text)
    for option in ("--baseline", "--write-baseline"):
        ran = known(f"{option}={LIST}", ".")
        assert (ran.code, ran.out) == (2, "")
        assert re.fullmatch(r"qs-lint: cannot read the baseline .+\n", ran.err), ran.err
        assert (known.folder / LIST).read_bytes() == text


def test_together_with_comments(known: Here) -> None:
    """Comments are written for what is not listed."""
    known.write("new.py", f"{HEAD}MORE = list(Order.objects.all())\n")
    known(f"--baseline={LIST}", "--add-disable", ".")
    assert "pylint" in (known.folder / "new.py").read_text("utf-8")
    assert (known.folder / "views.py").read_text("utf-8") == ORIGINAL


# Comments

#: name -> what is in the file after HEAD
SHAPES = {
    "module": "ROWS = list(Order.objects.all())\n",
    "class": "class V(ListView):\n    queryset = list(Order.objects.all())\n",
    "no line end": "ROWS = list(Order.objects.all())",
    "brackets": "ROWS = [\n    1,\n    list(Order.objects.all()),\n]\n",
    "several lines": "ROWS = list(\n    Order.objects\n    .all()\n)\n",
    "default": "def f(\n    a,\n    b=list(Order.objects.all()),\n):\n    return b\n",
    "decorator": (
        "def d(x):\n    return lambda f: f\n\n\n@d(list(Order.objects.all()))\ndef f():\n    pass\n"
    ),
    "second decorator": (
        "def d(x):\n    return lambda f: f\n\n\n@d(1)\n@d(list(Order.objects.all()))\n"
        "class C:\n    pass\n"
    ),
    "if": "if Order.objects.exists():\n    X = 1\nelif Order.objects.count():\n    X = 2\n",
    "for": "for order in Order.objects.all():\n    print(order)\n    list(Order.objects.all())\n",
    "one line": "if HEAD: ROWS = list(Order.objects.all())\n",
    "semicolon": "A = 1; ROWS = list(Order.objects.all()); B = 2\n",
    "two on a line": "A, B = list(Order.objects.all()), Order.objects.count()\n",
    "two kinds on a line": "def f(x=list(Order.objects.all())): return Order.objects.none()\n",
    "backslash": "ROWS = 1 + \\\n    len(Order.objects.all())\nMORE = 2\n",
    "backslash above": "A = 1 + \\\n    2\nROWS = list(Order.objects.all())\n",
    "backslash in a comment": "# a comment \\\nROWS = list(Order.objects.all())\n",
    "string": 'T = f"""\n{len(Order.objects.all())}\n"""\nX = 1\n',
    "string before": 'T = ["""\n\n""", len(Order.objects.all())]\n',
    "string in a class": (
        'class V(ListView):\n    a = 1\n    title = f"""\n  {len(Order.objects.all())}"""\n'
        "    rows = list(Order.objects.all())\n"
    ),
    "tabs": "class V(ListView):\n\tqueryset = list(Order.objects.all())\n",
    "form feed": "X = 1\n\f\nROWS = list(Order.objects.all())\n",
    "noqa": "ROWS = list(Order.objects.all())  # noqa: E501\n",
    "with a comment": "# pylint: disable-next=invalid-name\nrows = list(Order.objects.all())\n",
    "with a comment and reason": (
        "# pylint: disable-next=invalid-name, unused-import  # so it is\n"
        "rows = list(Order.objects.all())\n"
    ),
    "with another comment": (
        "# noqa # pylint:disable-next = C0103; why\nrows = list(Order.objects.all())\n"
    ),
    "behind code": "X = 1  # pylint: disable-next=invalid-name\nrows = list(Order.objects.all())\n",
    "on the line": "rows = list(Order.objects.all())  # pylint: disable=invalid-name\n",
    "nested": (
        "class V(ListView):\n    class Inner:\n        try:\n"
        "            rows = list(Order.objects.all())\n"
        "        except Order.DoesNotExist:\n            rows = []\n"
    ),
    "in place": (
        "class V(ListView):\n    queryset = Order.objects.all()\n\n    def get(self, request):\n"
        "        return [\n            o\n            for o in self.queryset\n        ]\n"
    ),
    "as view": (
        "urls = [\n    ListView.as_view(\n        queryset=list(Order.objects.all()),\n    ),\n]\n"
    ),
}


def silenced(here: Here, path: Path, *arguments: str) -> bytes:
    """Write comments into a file; what it is then, after everything that must hold was checked."""
    before = path.read_bytes()
    reported = len(here(path.name).symbols)
    assert reported
    ran = here("--add-disable", *arguments, path.name)
    assert (ran.code, ran.out) == (0, "")
    number = "1 finding" if reported == 1 else f"{reported} findings"
    assert ran.err == f"qs-lint: {number} suppressed in 1 file\n"
    after = path.read_bytes()
    assert ast.dump(ast.parse(after)) == ast.dump(ast.parse(before))
    assert here(path.name).out == ""
    assert lint(path).symbols == []
    ran = here("--add-disable", *arguments, path.name)
    assert (ran.code, ran.err) == (0, "qs-lint: 0 findings suppressed in 0 files\n")
    assert path.read_bytes() == after
    return after


@pytest.mark.parametrize("name", SHAPES)
def test_comments(here: Here, name: str) -> None:
    """After the comments nothing is reported, by pylint neither, and nothing else has changed."""
    path = here.write("views.py", HEAD + SHAPES[name])
    after = silenced(here, path).decode()
    added = [line for line in after.splitlines() if "pylint" in line and "invalid-name" not in line]
    assert all(
        line.strip().startswith(("# pylint: disable", "# pylint: enable", "# noqa #"))
        for line in added
        if "X = 1" not in line
    )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "cp1252"])
def test_bytes_stay(here: Here, end: str, codec: str) -> None:
    """Encodings, marks and line ends are kept; only lines are added."""
    text = f"# -*- coding: {codec} -*-\n{HEAD}NAME = 'é'\nROWS = list(Order.objects.all())\n"
    before = text.replace("\n", end).encode(codec)
    after = silenced(here, here.write("views.py", before), "--reason=schön")
    comment = f"# pylint: disable-next=frozen-module-queryset  # schön{end}"
    new = comment.encode("utf-8" if codec == "utf-8-sig" else codec)
    assert after.count(new) == 1
    assert after.replace(new, b"") == before


def test_indentation(here: Here) -> None:
    """The comment has the indentation of its line, and the reason, or says that none is known."""
    path = here.write("views.py", ORIGINAL)
    text = silenced(here, path).decode()
    comment = f"    # pylint: disable-next={FROZEN}  # not reviewed\n    queryset = sorted("
    assert comment in text
    path.write_text(ORIGINAL, encoding="utf-8")
    assert "  # ticket 12\n    queryset" in silenced(here, path, "--reason", " ticket 12 ").decode()


def test_extended(here: Here) -> None:
    """A comment that is there already gets the message; what was in it stays."""
    path = here.write("views.py", HEAD + SHAPES["with a comment and reason"])
    text = silenced(here, path).decode()
    expected = (
        "# pylint: disable-next=invalid-name, unused-import,frozen-module-queryset  # so it is"
    )
    assert text.splitlines()[5] == expected


def test_same_place(here: Here) -> None:
    """Several messages of one line share a comment."""
    path = here.write("views.py", HEAD + SHAPES["two on a line"])
    assert silenced(here, path).decode().count("pylint:") == 1


def test_codec_without_the_reason(here: Here) -> None:
    """Where the reason cannot be written, the file stays as it was, and that is said."""
    path = here.write("views.py", f"# coding: ascii\n{HEAD}ROWS = list(Order.objects.all())\n")
    before = path.read_bytes()
    ran = here("--add-disable", "--reason=schön", ".")
    assert ran.code == 2
    assert "cannot be written in the file's encoding" in ran.err
    assert path.read_bytes() == before


def test_what_cannot_be_silenced(here: Here) -> None:
    """The head of a block behind a backslash; a syntax error: said, and exit code 2."""
    here.write("head.py", f"{HEAD}if HEAD and \\\n        Order.objects.exists():\n    X = 1\n")
    here.write("broken.py", "x = (\n")
    here.write("views.py", ORIGINAL)
    ran = here("--add-disable", ".")
    assert ran.code == 2
    lines = ran.err.splitlines()
    assert len(lines) == 3
    assert "broken.py:1: syntax-error is not suppressed" in lines[0]
    assert "head.py:7: frozen-module-queryset is not suppressed" in lines[1]
    assert lines[2] == "qs-lint: 1 finding suppressed in 1 file"
    assert here("--exit-zero", "--add-disable", ".").code == 0


def test_permissions(here: Here) -> None:
    """A file keeps its permissions, and a link stays one."""
    path = here.write("real/views.py", ORIGINAL)
    path.chmod(0o755)
    (here.folder / "link.py").symlink_to(path)
    here("--add-disable", "link.py")
    assert (here.folder / "link.py").is_symlink()
    assert "pylint:" in path.read_text("utf-8")
    assert path.stat().st_mode & 0o777 == 0o755
    assert [item.name for item in (here.folder / "real").iterdir()] == ["views.py"]


def test_pylint_itself(here: Here) -> None:
    """The whole pylint honours the comments as well, and finds none of them useless."""
    here.write(
        "views.py", HEAD + "".join(SHAPES[name] for name in ("class", "brackets", "default"))
    )
    here("--add-disable", "views.py")
    done = subprocess.run(
        [sys.executable, "-m", "pylint", *PLAIN, *OPTIONS, "--enable=I0021", "views.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, "E58" in done.stdout, "I0021" in done.stdout) == (0, False, False)
