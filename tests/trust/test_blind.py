"""A run that checked nothing, or not all, is never green."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hostile import FORMATS
from support import ORIGINAL, Here, qs_lint

from qs_lint.command import discovery

pytest_plugins = ["command_project"]

FROZEN = "frozen-class-queryset"
SAID = "qs-lint: No file was checked\n"
#: name -> files, arguments: runs in which no file is checked
EMPTY: dict[str, tuple[dict[str, str], list[str]]] = {
    "empty folder": ({}, ["empty"]),
    "no python": ({"empty/a.txt": "x"}, ["empty"]),
    "ignored file": ({"views.py": ORIGINAL}, ["--ignore=views.py", "views.py"]),
    "ignored by name": (
        {"views.py": ORIGINAL, "pylintrc": "[MAIN]\nignore-paths=.*\n"},
        ["views.py"],
    ),
    "all ignored": ({"views.py": ORIGINAL, "pylintrc": "[MAIN]\nignore-paths=.*\n"}, ["."]),
    "all excluded": (
        {"views.py": ORIGINAL, "pyproject.toml": "[tool.qs-lint]\nexclude = ['*']\n"},
        ["."],
    ),
    "hidden": ({"empty/.venv/a.py": ORIGINAL}, ["empty"]),
    "configured": ({"pyproject.toml": "[tool.pylint.main]\nfiles = ['empty']\n"}, []),
}


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", EMPTY)
def test_told(here: Here, case: str, form: str) -> None:
    """A line on standard error and exit code 2, in every format, whatever ``--exit-zero`` says."""
    files, arguments = EMPTY[case]
    (here.folder / "empty").mkdir()
    for name, text in files.items():
        here.write(name, text)
    for more in ([], ["--exit-zero"]):
        ran = here(f"--output-format={form}", *more, *arguments)
        assert (ran.code, ran.err) == (2, SAID)
    allowed = here(f"--output-format={form}", "--allow-empty", *arguments)
    assert (allowed.code, allowed.err) == (0, SAID)


@pytest.mark.parametrize(("option", "kind"), [([], "error"), (["--allow-empty"], "skipped")])
def test_junit(here: Here, option: list[str], kind: str) -> None:
    """JUnit has no test that passes."""
    (here.folder / "empty").mkdir()
    document = ET.fromstring(here("--output-format=junit", *option, "empty").out)
    (case,) = document.iter("testcase")
    assert [child.tag for child in case] == [kind]
    (suite,) = document.iter("testsuite")
    assert suite.attrib["errors"] == str(int(kind == "error"))
    assert suite.attrib["skipped"] == str(int(kind == "skipped"))


def test_sarif(here: Here) -> None:
    """SARIF says that the run was no success."""
    (here.folder / "empty").mkdir()
    assert '"executionSuccessful": false' in here("--output-format=sarif", "empty").out
    allowed = here("--output-format=sarif", "--allow-empty", "empty").out
    assert '"executionSuccessful": true' in allowed


@pytest.mark.parametrize("option", ["--write-baseline=known", "--fix", "--add-disable"])
def test_nothing_is_kept(here: Here, option: str) -> None:
    """A run that checked nothing writes nothing: an empty baseline would be believed."""
    (here.folder / "empty").mkdir()
    ran = here(option, "empty")
    assert (ran.code, ran.out, ran.err) == (2, "", SAID)
    assert not (here.folder / "known").exists()


def test_standard_input(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A text whose name is ignored was not checked either."""
    ran = qs_lint("--from-stdin", "--ignore=a.py", "a.py", cwd=here.folder, stdin=b"")
    assert (ran.code, ran.err) == (2, SAID)


@pytest.mark.parametrize("name", ["rules", "explain", "facts", "server"])
@pytest.mark.parametrize("kind", ["folder", "file"])
def test_path_called_like_a_subcommand(here: Here, name: str, kind: str) -> None:
    """What exists is a path and is checked; elsewhere it is the subcommand."""
    if name in ("rules", "explain"):
        about = here.raw(name, *(["E5801"] if name == "explain" else []))
        assert (about.code, FROZEN in about.out) == (0, True)
    here.write(f"{name}/views.py" if kind == "folder" else name, ORIGINAL)
    ran = here.raw(name, "--no-cache")
    assert (ran.code, ran.symbols) == (2, [FROZEN])
    if name == "explain":
        ran = here.raw(name, "E5801")
        assert (ran.code, ran.out) == (2, "")
        assert "'explain' is a path here" in ran.err


def test_name_of_a_folder_elsewhere(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pylint leaves out a file whose name a folder on ``sys.path`` has; the command does not."""
    here.write("elsewhere/name/x.py", "")
    monkeypatch.syspath_prepend(str(here.folder / "elsewhere"))
    here.write("name", f"# pylint: disable=C\n{ORIGINAL}")
    assert here("name").symbols == [FROZEN]


def test_only_what_is_named(here: Here) -> None:
    """With a package's first file pylint checks the package; the command checks that file."""
    text = f"# pylint: disable=C\n{ORIGINAL}"
    here.write("package/__init__.py", text)
    here.write("package/other.py", text)
    assert here("package/__init__.py").symbols == [FROZEN]
    assert here("package").symbols == [FROZEN, FROZEN]


def test_unreadable_folder(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder that cannot be read is told, and sets the bit of fatal messages."""
    here.write("views.py", ORIGINAL)
    here.write("closed/views.py", ORIGINAL)
    real: Any = os.scandir

    def scandir(path: str) -> Any:
        if os.path.basename(path) == "closed":
            raise PermissionError(13, "Permission denied", path)
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    ran = here(".")
    assert (ran.code, ran.symbols) == (3, [FROZEN])
    assert ran.err == "qs-lint: cannot read closed: Permission denied\n"
    ran = here("closed")
    assert ran.code == 2
    assert ran.err == f"qs-lint: cannot read closed: Permission denied\n{SAID}"
    assert here("--ignore=closed", ".").code == 2


@pytest.mark.skipif(os.name == "nt", reason="paths end elsewhere there")
def test_long_paths(here: Here) -> None:
    """Folders and files beyond what the system can name are told, and the rest is checked."""
    here.write("views.py", ORIGINAL)
    start = os.open(here.folder, os.O_RDONLY)
    folder = "d" * 200
    top = start
    for _ in range(22):
        os.mkdir(folder, dir_fd=top)
        top = os.open(folder, os.O_RDONLY, dir_fd=top)
    handle = os.open("views.py", os.O_WRONLY | os.O_CREAT, dir_fd=top)
    os.write(handle, ORIGINAL.encode())
    ran = here(".")
    assert (ran.code, ran.symbols) == (3, [FROZEN])
    assert re.fullmatch(r"qs-lint: cannot read ddd.+: File name too long\n", ran.err)
    assert here("d" * 5000).code == 2


def test_what_cannot_be_asked(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file whose state cannot be told is named; a link to nothing has no text."""
    here.write("views.py", ORIGINAL)
    here.write("other.py", ORIGINAL)
    (here.folder / "nothing.py").symlink_to("missing")
    (here.folder / "itself.py").symlink_to("itself.py")
    real: Any = os.stat

    class Os:
        """The module with another ``stat``."""

        path, walk, listdir = os.path, os.walk, os.listdir

        @staticmethod
        def stat(path: str) -> Any:
            """Refuse one file."""
            if Path(path).name == "other.py":
                raise PermissionError(13, "Permission denied", path)
            return real(path)

    monkeypatch.setattr(discovery, "os", Os)
    ran = here(".")
    assert (ran.code, ran.symbols) == (3, [FROZEN])
    assert ran.err == "qs-lint: cannot read other.py: Permission denied\n"


# One table of exit codes: docs/ci.md


def table() -> dict[str, str]:
    """The table of docs/ci.md: what happened -> the exit code of the command."""
    text = (Path(__file__).parents[2] / "docs" / "ci.md").read_text(encoding="utf-8")
    rows = text.partition("## Exit status")[2].partition("\n## ")[0]
    found = re.findall(r"^\| ([^|]+?) \| (\d+) \|", rows, re.MULTILINE)
    return dict(found)


WARNED = "from shop.models import Order\n\nif Order.objects.exists():\n    pass\n"
BROKEN = "from shop.models import Order\nROWS = [list(Order.objects.all())\n"
CASES: dict[str, tuple[dict[str, str], list[str]]] = {
    "nothing to report": ({}, ["."]),
    "errors, no warnings": ({"a.py": ORIGINAL}, ["."]),
    "warnings, no errors": ({"a.py": WARNED}, ["."]),
    "errors and warnings": ({"a.py": ORIGINAL, "b.py": WARNED}, ["."]),
    "a file that Python cannot parse": ({"a.py": BROKEN}, ["."]),
    "a path that does not exist": ({}, ["nowhere"]),
    "an invalid option": ({}, ["--jobs=many"]),
    "a configuration that cannot be used": ({"pyproject.toml": "tool = 5\n"}, ["."]),
    "no file was checked": ({"empty/x": ""}, ["empty"]),
    "no file was checked, with `--allow-empty`": ({"empty/x": ""}, ["--allow-empty", "empty"]),
    "anything found, with `--exit-zero`": ({"a.py": ORIGINAL}, ["--exit-zero", "."]),
    "`--diff`, where there are errors": ({"a.py": ORIGINAL}, ["--diff", "."]),
    "`--fix`, nothing left": ({"a.py": ORIGINAL}, ["--fix", "."]),
    "`--fix`, warnings left": ({"a.py": ORIGINAL, "b.py": WARNED}, ["--fix", "."]),
    "`--fix`, a file that Python cannot parse": (
        {"a.py": ORIGINAL, "b.py": BROKEN},
        ["--fix", "."],
    ),
    "`--write-baseline`": ({"a.py": ORIGINAL}, ["--write-baseline=x", "."]),
    "`--add-disable`, all suppressed": ({"a.py": ORIGINAL}, ["--add-disable", "."]),
}
#: rows that other tests hold
ELSEWHERE = {"a folder or a file that cannot be read", "interrupted (Ctrl-C)"}


def test_table_is_whole() -> None:
    """Each row is tried."""
    assert set(table()) == set(CASES) | ELSEWHERE


@pytest.mark.parametrize("case", CASES)
def test_exit_code(here: Here, case: str) -> None:
    """The code is that of the table, with and without findings about to be cached."""
    files, arguments = CASES[case]
    if "--fix" in arguments or "--diff" in arguments:
        pytest.importorskip("libcst")
    for name, text in files.items():
        here.write(name, text)
    assert str(here(*arguments).code) == table()[case]
