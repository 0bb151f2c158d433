"""What ``--fix`` and ``--add-disable`` write, and what they leave as it is and say so."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from support import ORIGINAL, Here

from qs_lint import files as opened
from qs_lint.command import files, repair

pytest_plugins = ["command_project"]
pytestmark = pytest.mark.skipif(os.name == "nt", reason="links and permissions of Unix")
libcst = pytest.importorskip("libcst")

FIXED = "views.py:11: frozen-class-queryset: fixed: "
WAYS = ("--fix", "--add-disable")
ways = pytest.mark.parametrize("way", WAYS)


@pytest.fixture
def bug(here: Here) -> Here:
    """A project with one finding, which can be fixed."""
    here.write("views.py", ORIGINAL)
    return here


def kept(here: Here, path: Path, why: str, *arguments: str) -> None:
    """A run leaves a file as it is, names it and the reason in one line, and does not succeed."""
    before = path.read_bytes()
    ran = here(*arguments)
    assert path.read_bytes() == before
    told = [line for line in ran.err.splitlines() if why in line]
    assert len(told) == 1
    assert ran.code != 0
    assert ": fixed: " not in ran.err
    assert "0 fixed" in ran.err or "0 findings suppressed" in ran.err
    assert not [name for name in os.listdir(path.parent) if name.startswith(files.TEMPORARY)]


def test_fixed(bug: Here) -> None:
    """So that the tests below mean something."""
    ran = bug("--fix", "views.py")
    assert FIXED in ran.err
    assert bug("views.py").code == 0


@ways
@pytest.mark.parametrize("named", [".", "link.py", "linked", "linked/views.py", "sub/../link.py"])
def test_links_out(bug: Here, way: str, named: str) -> None:
    """A link in the checkout leads out of it: what it leads to is a stranger's choice."""
    (bug.folder / "views.py").unlink()
    (bug.folder / "sub").mkdir()
    outside = bug.folder.parent / "outside"
    outside.mkdir()
    (outside / "views.py").write_text(ORIGINAL, encoding="utf-8")
    (bug.folder / "link.py").symlink_to(outside / "views.py")
    (bug.folder / "linked").symlink_to(outside)
    kept(bug, outside / "views.py", "outside the checked paths", way, named)


@ways
def test_link_to_unnamed(bug: Here, way: str) -> None:
    """Within the checkout, but not among what was named."""
    bug.write("sub/x.txt", "")
    (bug.folder / "sub" / "link.py").symlink_to("../views.py")
    kept(bug, bug.folder / "views.py", "outside the checked paths", way, "sub")


def test_link_within(bug: Here) -> None:
    """A link to a file that is named anyway stays a link, and its file is repaired."""
    (bug.folder / "a_link.py").symlink_to("views.py")
    assert "1 fixed" in bug("--fix", ".").err
    assert (bug.folder / "a_link.py").is_symlink()
    assert (bug.folder / "views.py").read_text("utf-8") != ORIGINAL


def test_named_by_the_user(bug: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A path out of the working directory is the user's own word."""
    monkeypatch.chdir(bug.folder / "shop")
    assert "1 fixed" in bug("--fix", str(bug.folder)).err


@ways
def test_hard_link(bug: Here, way: str) -> None:
    """A second name of the file would keep the old text."""
    os.link(bug.folder / "views.py", bug.folder.parent / "other.py")
    kept(bug, bug.folder / "views.py", "it has a hard link", way, "views.py")
    assert (bug.folder.parent / "other.py").stat().st_nlink == 2


@ways
def test_read_only(bug: Here, way: str) -> None:
    """Whoever made a file read-only meant it."""
    (bug.folder / "views.py").chmod(0o444)
    kept(bug, bug.folder / "views.py", "it is read-only", way, "views.py")


@pytest.mark.parametrize("mode", [0o600, 0o644, 0o755, 0o664])
def test_mode(bug: Here, mode: int) -> None:
    """Permissions stay."""
    (bug.folder / "views.py").chmod(mode)
    assert FIXED in bug("--fix", "views.py").err
    assert (bug.folder / "views.py").stat().st_mode & 0o777 == mode


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_owner(bug: Here) -> None:
    """The owner stays, if it is another one."""
    os.chown(bug.folder / "views.py", 1234, 2345)
    (bug.folder / "views.py").chmod(0o640)
    assert FIXED in bug("--fix", "views.py").err
    state = (bug.folder / "views.py").stat()
    assert (state.st_uid, state.st_gid, state.st_mode & 0o777) == (1234, 2345, 0o640)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="needs root")
def test_owner_cannot_be_kept(bug: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then nothing is written."""

    def denied(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    os.chown(bug.folder / "views.py", 1234, 2345)
    monkeypatch.setattr(os, "chown", denied)
    kept(bug, bug.folder / "views.py", "Operation not permitted", "--fix", "views.py")


EDITED = ORIGINAL.replace("All orders", "All of the orders")
MOMENTS = [
    (repair, "read_file", "before"),
    (repair, "_repaired", "after"),
    (files, "_fill", "before"),
    (files, "_take_after", "after"),
    (files, "read_file", "before"),
]


@pytest.mark.parametrize("moment", MOMENTS, ids=lambda m: f"{m[2]} {m[1]}")
@pytest.mark.parametrize("replaced", [False, True])
def test_editor_saves(
    bug: Here, monkeypatch: pytest.MonkeyPatch, moment: tuple[object, str, str], replaced: bool
) -> None:
    """An editor's save is never overwritten, whenever it comes and however it is done."""
    module, name, when = moment
    path = bug.folder / "views.py"
    plain = getattr(module, name)

    def save() -> None:
        if replaced:
            (bug.folder / "new").write_text(EDITED, encoding="utf-8")
            (bug.folder / "new").replace(path)
        else:
            path.write_text(EDITED, encoding="utf-8")

    def patched(*arguments: object) -> object:
        if when == "before":
            save()
        found = plain(*arguments)
        if when == "after":
            save()
        return found

    monkeypatch.setattr(module, name, patched)
    ran = bug("--fix", "views.py")
    text = path.read_text("utf-8")
    if text == EDITED:
        assert "views.py: not fixed: it was changed meanwhile; run again" in ran.err
        assert FIXED not in ran.err
    else:  # saved before it was read, in a place that does not matter: both changes are there
        assert "All of the orders" in text
        assert FIXED in ran.err


def test_findings_of_another_text(bug: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was found in a text is not repaired in another one."""
    plain = opened.read_file

    def later(path: str, limit: int) -> bytes:
        Path(path).write_text("\n\n" + ORIGINAL, encoding="utf-8")
        return plain(path, limit)

    monkeypatch.setattr(repair, "read_file", later)
    ran = bug("--fix", "views.py")
    assert "not fixed: it, or a file that it imports, was changed meanwhile; run again" in ran.err
    assert (bug.folder / "views.py").read_text("utf-8") == "\n\n" + ORIGINAL


def test_fixed_is_said_after_the_write(bug: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """And not at all if it fails; the other files are repaired."""
    bug.write("other.py", ORIGINAL)
    plain = os.replace

    def full(source: str, target: str) -> None:
        if target.endswith("other.py"):
            raise OSError(28, "No space left on device")
        plain(source, target)

    monkeypatch.setattr(os, "replace", full)
    ran = bug("--fix", ".")
    assert "other.py: not fixed: cannot write it: No space left on device" in ran.err
    assert "other.py:11" not in ran.err
    assert FIXED in ran.err
    assert "qs-lint: 1 fixed, 1 to fix by hand" in ran.err
    assert sorted(name for name in os.listdir(bug.folder) if name.startswith(".q")) == []


def test_names_order_nothing(bug: Here) -> None:
    """A file's name is no command for a terminal."""
    (bug.folder / "views.py").rename(bug.folder / "a\x1b[31m\nb.py")
    for option in ("--fix", "--diff"):
        ran = bug(option, ".")
        assert "\x1b" not in ran.err
        assert not any(line.startswith("b.py") for line in ran.err.splitlines())
    assert sys.stdout is not None


def test_source_roots(here: Here) -> None:
    """A finding that depends on a source root is found again, and repaired."""
    here.write("lib/helper.py", "from shop.models import Order\n\nROWS = Order.objects\n")
    here.write(
        "views.py",
        "from django.views.generic import ListView\n\nfrom helper import ROWS\n\n\n"
        "class OrderList(ListView):\n    queryset = list(ROWS.all())\n",
    )
    ran = here("--fix", "--source-roots=lib", "views.py")
    assert "changed meanwhile" not in ran.err
    assert "views.py:7: frozen-class-queryset: " in ran.err


# Outputs that the command line names, where the checkout has something of that name

PLACES = {
    "out of the checkout": "../outside.txt",
    "an absolute path": "{outside}",
    "a folder out of it": "linked/outside.txt",
    "hooks": ".git/hooks/pre-commit",
    "an environment": ".venv/bin/tool",
}
OUTPUTS = ("--output-format=sarif:report", "--output=report", "--write-baseline=report")


@pytest.mark.parametrize("option", OUTPUTS)
@pytest.mark.parametrize("place", PLACES)
def test_output_is_a_link(bug: Here, place: str, option: str) -> None:
    """A checkout may have a link of that name: what it leads to is not overwritten."""
    outside = bug.folder.parent / "outside.txt"
    outside.write_text("precious", encoding="utf-8")
    for name in (".git/hooks/pre-commit", ".venv/bin/tool"):
        bug.write(name, "precious")
    (bug.folder / "linked").symlink_to("..")
    aim = PLACES[place].format(outside=outside)
    (bug.folder / "report").symlink_to(aim)
    ran = bug(option, "views.py")
    assert (ran.code, ran.out) == (2, "")
    assert "report: it is a link to" in ran.err or "cannot read the baseline" in ran.err
    assert ran.err.count("\n") == 1
    assert (bug.folder / aim).read_text(encoding="utf-8") == "precious"


@pytest.mark.parametrize("option", OUTPUTS)
def test_output_in_a_folder_that_is_a_link(bug: Here, option: str) -> None:
    """The same for a folder on the way, which may not be there yet."""
    (bug.folder / "report").symlink_to("../new")
    ran = bug(f"{option}/deep/x", "views.py")
    assert (ran.code, ran.out) == (2, "")
    assert not (bug.folder.parent / "new").exists()


@pytest.mark.parametrize("option", OUTPUTS)
@pytest.mark.parametrize("kind", ["pipe", "device", "folder"])
def test_output_is_no_file(bug: Here, kind: str, option: str) -> None:
    """A pipe that nobody reads would be waited for."""
    path = bug.folder / "report"
    if kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path.symlink_to("/dev/null")
    else:
        path.mkdir()
    ran = bug(option, "views.py")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert not path.is_file()


def test_outputs_of_the_user(bug: Here) -> None:
    """A link within the checkout stays one, and files and devices elsewhere are written."""
    bug.write("reports/old.txt", "old")
    (bug.folder / "report").symlink_to("reports/old.txt")
    outside = bug.folder.parent / "new.txt"
    for named in ("report", "reports/x.txt", str(outside), "../other.txt", "/dev/null"):
        ran = bug(f"--output={named}", "-f", "text", "views.py")
        assert (ran.code, ran.out, ran.err) == (2, "", "")
        if named != "/dev/null":
            assert "frozen-class-queryset" in (bug.folder / named).read_text(encoding="utf-8")
    assert (bug.folder / "report").is_symlink()
    assert bug("-f", "text:/dev/stdout", "views.py").code == 2
