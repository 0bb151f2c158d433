"""What users of other linters type by habit: it works, or they are told what to type."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest
import tomlkit
from support import ORIGINAL, Here, qs_lint

from qs_lint.command.names import symbols

pytest_plugins = ["command_project"]

FROZEN = "frozen-class-queryset"
WARNED = "\n\nOrder.objects.update(number=1)\n"


@pytest.fixture
def bug(here: Here) -> Here:
    """The bug, and a query at import."""
    here.write("views.py", ORIGINAL + WARNED)
    return here


@pytest.mark.parametrize(
    ("option", "meant"),
    [
        ("--output-fromat=text", "--output-format"),
        ("--statistic", "--statistics"),
        ("--selct=E5801", "--select"),
        ("--dif", "--diff"),
        ("--exclude=vendor", "--ignore, --ignore-paths"),
        ("--extend-select=E5801", "--enable"),
        ("--config=ruff.toml", "--rcfile"),
        ("--output-file=x", "--output"),
        ("--format=json", "--output-format"),
        ("--add-noqa", "--add-disable"),
    ],
)
def test_misspelt_option(bug: Here, option: str, meant: str) -> None:
    """An unknown option says what may have been meant."""
    ran = bug(option, ".")
    assert (ran.code, ran.out, ran.err.count("\n")) == (2, "", 1)
    assert f"unrecognized arguments: {option}; did you mean {meant}" in ran.err


@pytest.mark.parametrize(
    "arguments",
    [
        [".", "--no-cache", "sub"],
        ["sub", "--jobs", "1", "views.py"],
        ["views.py", "-v", "--no-progress", "sub", "--exit-zero", "."],
        ["--no-progress", "views.py", "--no-cache", "--", "sub"],
        ["views.py", "--", "sub", "--", "-odd.py"],
        ["--no-cache", "--", "sub", "-odd.py", "views.py"],
    ],
    ids=" ".join,
)
def test_paths_between_options(bug: Here, arguments: list[str]) -> None:
    """Paths may stand before, between and behind options."""
    bug.write("sub/more.py", ORIGINAL)
    bug.write("-odd.py", ORIGINAL)
    bug.write("--", ORIGINAL)
    found = bug("--show-files", *arguments).out
    assert str(Path("sub", "more.py")) in found
    assert "views.py" in found
    assert ("-odd.py" in found) is ("-odd.py" in arguments or "." in arguments)


def test_unknown_option_between_paths(bug: Here) -> None:
    """What is no option is told as before."""
    for arguments in (["views.py", "--nonsense", "sub"], ["--no-cache", "views.py", "-x"]):
        ran = bug(*arguments)
        assert (ran.code, ran.err.count("\n")) == (2, 1)
        assert "unrecognized arguments" in ran.err


def test_unlike_any_option(bug: Here) -> None:
    """Nothing is guessed where nothing is alike."""
    assert "did you mean" not in bug("--xyzzy=1", ".").err
    assert "did you mean" not in bug("-Q", ".").err


@pytest.mark.parametrize(
    ("given", "symbols"),
    [
        ("E5801", {FROZEN}),
        (FROZEN, {FROZEN}),
        ("import-time-query", {"import-time-query"}),
        ("E5801,W5808", {FROZEN, "import-time-query"}),
        ("ALL", {FROZEN, "import-time-query"}),
        ("memoized-queryset", set()),
    ],
)
def test_select(bug: Here, given: str, symbols: set[str]) -> None:
    """The selected messages and no others."""
    assert set(bug(f"--select={given}", "views.py").symbols) == symbols


def test_select_wins_over_the_table(bug: Here) -> None:
    """The command line wins over [tool.qs-lint]."""
    bug.write("pyproject.toml", f'[tool.qs-lint]\nselect = ["{FROZEN}"]\n')
    assert bug("views.py").symbols == [FROZEN]
    assert bug("--select=import-time-query", "views.py").symbols == ["import-time-query"]


@pytest.mark.parametrize("given", ["frozen-clas-queryset", "E58", "F401"])
def test_select_nothing_known(bug: Here, given: str) -> None:
    """A message that does not exist is an error."""
    ran = bug(f"--select={given}", ".")
    assert (ran.code, ran.out) == (2, "")
    assert f"--select: unknown message '{given}'" in ran.err


@pytest.mark.parametrize("given", ["E5801", FROZEN, "build,E5801"])
def test_ignore_is_about_files(bug: Here, given: str) -> None:
    """A message after --ignore is never taken for a file that is not there."""
    ran = bug(f"--ignore={given}", ".")
    assert (ran.code, ran.out) == (2, "")
    assert f"did you mean --disable={FROZEN}?" in ran.err


def test_ignore_a_file_of_that_name(bug: Here) -> None:
    """What exists is a file."""
    bug.write("E5801/views.py", ORIGINAL)
    ran = bug("--ignore=E5801", "E5801", "views.py")
    assert "E5801/views.py" not in ran.out
    assert FROZEN in ran.symbols


@pytest.mark.parametrize(
    ("comment", "hinted"),
    [
        ("# noqa: E5801", True),
        ("# NOQA:E501,E5801", True),
        (f"# noqa: {FROZEN}", True),
        ("# noqa", False),
        ("# noqa: E501", False),
        ("# noqa: E58011", False),
        ("# pylint: disable=E5801", False),
    ],
)
def test_noqa(here: Here, comment: str, hinted: bool) -> None:
    """Another linter's comment has no effect, which is said where it names a message."""
    text = ORIGINAL.replace("key=lambda order: order.number)", f"key=str)  {comment}")
    assert comment in text
    here.write("views.py", text)
    ran = here("views.py")
    assert ("has no effect on E5801" in ran.err) is hinted
    assert (f"'# pylint: disable={FROZEN}'" in ran.err) is hinted
    assert (ran.symbols == [FROZEN]) is ("pylint" not in comment)


def fixed(folder: Path, text: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    """``--fix`` with a text on standard input, in bytes."""
    return subprocess.run(
        [sys.executable, "-m", "qs_lint", "--stdin-filename", "views.py", "--fix", *options],
        cwd=folder,
        input=text,
        capture_output=True,
        check=False,
    )


def test_standard_input_fixed(here: Here) -> None:
    """The fixed text goes to standard output, byte for byte; the file on disk is as it was."""
    pytest.importorskip("libcst")
    here.write("views.py", "X = 1\n")
    text = ORIGINAL.replace("\n", "\r\n").encode()
    shown = qs_lint("--stdin-filename=views.py", "--diff", cwd=here.folder, stdin=text)
    assert "+    def get_queryset(self):" in shown.out
    ran = fixed(here.folder, text, "-")
    assert b"    def get_queryset(self):\r\n        return sorted(" in ran.stdout
    assert ran.stdout.count(b"\n") == ran.stdout.count(b"\r\n")
    assert (ran.returncode, (here.folder / "views.py").read_text()) == (0, "X = 1\n")
    assert b"qs-lint: 1 fixed, 0 to fix by hand" in ran.stderr
    again = fixed(here.folder, ran.stdout)
    assert (again.returncode, again.stdout) == (0, ran.stdout)


def test_standard_input_left_out(here: Here) -> None:
    """What is not checked comes back as it went in."""
    pytest.importorskip("libcst")
    ran = fixed(here.folder, b"x = [\n", "--ignore=views.py")
    assert (ran.returncode, ran.stdout) == (2, b"x = [\n")


@pytest.mark.parametrize("package", ["pylint", "astroid"])
def test_version_of_nothing(package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a package has neither files nor metadata, its version is empty."""
    from qs_lint.command import versions

    def missing(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr("importlib.metadata.version", missing)
    assert versions.installed.__wrapped__(package) == ""


def test_show_files(bug: Here) -> None:
    """The files that would be checked, one a line, and nothing else."""
    bug.write("pyproject.toml", '[tool.qs-lint]\nexclude = ["shop"]\n')
    bug.write("a/b.pyi", "")
    bug.write("a/c.txt", "")
    ran = bug("--show-files", ".")
    assert (ran.code, ran.out, ran.err) == (0, "a/b.pyi\nviews.py\n", "")
    assert bug("--show-files", "shop").code == 2
    assert bug("--show-files", "--allow-empty", "shop").code == 0


PYLINT_TABLE = """
[tool.pylint.main]
disable = ["W5808", "C"]
ignore-patterns = ["^\\\\.#", "foo"]
"""


@pytest.mark.parametrize("table", ["", "ignore = ['E5801']", "select = ['E5802']"])
@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--isolated"],
        ["--select=E5801"],
        ["--disable=E"],
        ["--disable=qs_lint", "--enable=import-time-query"],
        ["--disable=W,frozen-class-queryset"],
        ["--enable=all"],
    ],
)
def test_show_settings(bug: Here, table: str, options: list[str]) -> None:
    """TOML of the settings; the messages are those that a run reports."""
    bug.write("pyproject.toml", f"[tool.qs-lint]\n{table}\n{PYLINT_TABLE}")
    ran = bug("--show-settings", *options)
    shown = tomlkit.parse(ran.out).unwrap()
    assert (ran.code, ran.err) == (0, "")
    assert set(shown["messages"]) & {FROZEN, "import-time-query"} == set(bug(*options).symbols)
    assert {*shown["messages"], *shown["messages-off"]} == set(symbols())
    isolated = "--isolated" in options
    assert shown["ignore-patterns"] == (["^\\.#"] if isolated else ["^\\.#", "foo"])
    assert shown["qs-lint-configuration"].endswith("pyproject.toml") is not isolated


def test_show_settings_of_a_stranger(bug: Here) -> None:
    """Nothing in a value acts, and what is shown can be read again."""
    bug.write("pyproject.toml", '[tool.qs-lint]\nexclude = ["a\\u001b[31m\\n\\"\\\\"]\n')
    ran = bug("--show-settings")
    assert "\x1b" not in ran.out
    assert tomlkit.parse(ran.out).unwrap()["exclude"] == ['a\x1b[31m\n"\\']


def test_isolated(bug: Here) -> None:
    """No configuration, in whatever file."""
    bug.write("pyproject.toml", '[tool.qs-lint]\nignore = ["ALL"]\n')
    assert bug("views.py").symbols == []
    assert FROZEN in bug("--isolated", "views.py").symbols
    assert bug("--isolated", "--rcfile=pyproject.toml", "views.py").code == 2


@pytest.mark.parametrize(
    ("arguments", "usage"),
    [
        (["explain", "--help"], "explain MESSAGE"),
        (["explain", "-h"], "explain MESSAGE"),
        (["rules", "-h"], "explain MESSAGE"),
        (["facts", "--help"], "facts [--facts FILE] NAME"),
        (["server", "--help"], "server [--stdio]"),
        (["server", "--stdio", "-h"], "server [--stdio]"),
    ],
)
def test_help_of_subcommands(here: Here, arguments: list[str], usage: str) -> None:
    """Subcommands say how they are used, without what they need to run."""
    ran = here.raw(*arguments)
    assert ran.code == 0
    assert ran.out.startswith(f"usage: qs-lint {usage}")


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["check", "."], "qs-lint [PATH ...] checks"),
        (["check"], "qs-lint [PATH ...] checks"),
        (["rule", "E5801"], "did you mean qs-lint explain?"),
        (["explian", "E5801"], "did you mean qs-lint explain?"),
        (["rulse"], "did you mean qs-lint rules?"),
        (["src"], ""),
    ],
)
def test_subcommands_of_others(here: Here, arguments: list[str], hint: str) -> None:
    """What is no subcommand here, and no path, gets a hint."""
    ran = here.raw(*arguments)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(f"qs-lint: no such file or folder: '{arguments[0]}'")
    assert (hint in ran.err) if hint else ran.err.endswith("'src'\n")
    here.write(f"{arguments[0]}/a.py", "X = 1\n")
    assert here(arguments[0]).code == 0


def test_marks_on_a_terminal(bug: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who looks sees what --fix would fix, unless there are many findings."""
    pytest.importorskip("libcst")
    assert "[*]" not in bug.raw("views.py").out
    for module in ("run", "output"):
        monkeypatch.setattr(f"qs_lint.command.{module}.is_terminal", lambda stream: True)
    ran = bug.raw("views.py")
    assert "frozen-class-queryset (E5801) [*]" in ran.out
    assert "Found 2 problems in 1 file, 1 fixable with --fix." in ran.out
    assert "fixable" not in bug.raw("views.py", "--no-mark-fixable").out
    assert "fixable" not in bug.raw("views.py", "--output-format=json2").out
    monkeypatch.setattr("qs_lint.command.run.FEW", 1)
    assert "fixable" not in bug.raw("views.py").out
    assert "1 fixable" in bug.raw("views.py", "--mark-fixable").out


# What git ignores


def listed(here: Here, *arguments: str) -> list[str]:
    """The files that would be checked, without the shop's."""
    ran = here("--show-files", *arguments)
    return [line for line in ran.out.splitlines() if not line.startswith("shop/")]


TREE = ["a.py", "keep.py", "gen/a.py", "gen/deep/a.py", "app/a.py", "app/gen/b.py", "app/x_gen.py"]


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        ("", TREE),
        ("# gen/\n\n", TREE),
        ("gen/\n", ["a.py", "keep.py", "app/a.py", "app/x_gen.py"]),
        ("/gen/\n", ["a.py", "keep.py", "app/a.py", "app/gen/b.py", "app/x_gen.py"]),
        ("gen\n", ["a.py", "keep.py", "app/a.py", "app/x_gen.py"]),
        ("*_gen.py\n", [path for path in TREE if path != "app/x_gen.py"]),
        ("*.py\n!keep.py\n", ["keep.py"]),
        ("!keep.py\n*.py\n", []),
        ("gen/**\n!gen/a.py\n", [p for p in TREE if p != "gen/deep/a.py"]),
        ("gen/\n!gen/a.py\n", ["a.py", "keep.py", "app/a.py", "app/x_gen.py"]),
        ("app/**/b.py\n", [path for path in TREE if path != "app/gen/b.py"]),
        ("app/*\n!app/a.py\n", ["a.py", "keep.py", "gen/a.py", "gen/deep/a.py", "app/a.py"]),
        ("[a-b].py\n", ["keep.py", "app/x_gen.py"]),
        ("[\n***[!\n\\\n", TREE),
    ],
)
def test_gitignore(here: Here, lines: str, left: list[str]) -> None:
    """Below a folder, what git would leave out is left out, as git itself says."""
    for path in TREE:
        here.write(path, "")
    here.write(".gitignore", lines)
    assert listed(here, ".") == sorted(left)
    assert listed(here, "--no-gitignore", ".") == sorted(TREE)
    if git := shutil.which("git"):
        shutil.rmtree(here.folder / ".git")
        subprocess.run([git, "init", "-q"], cwd=here.folder, check=True)
        command = [git, "ls-files", "--others", "--exclude-standard", "*.py"]
        done = subprocess.run(command, cwd=here.folder, check=True, capture_output=True, text=True)
        told = [line for line in done.stdout.splitlines() if not line.startswith("shop/")]
        assert sorted(told) == sorted(left)


def test_gitignore_of_folders(here: Here) -> None:
    """A deeper file wins; one above the repository, or without a repository, does not count."""
    for path in TREE:
        here.write(path, "")
    here.write(".gitignore", "*.py\n")
    here.write("app/.gitignore", "!a.py\n")
    (here.folder.parent / ".gitignore").write_text("app\n", encoding="utf-8")
    assert listed(here, ".") == ["app/a.py"]
    (here.folder / ".git").rmdir()
    assert listed(here, ".") == sorted(TREE)


def test_gitignore_and_what_is_named(here: Here) -> None:
    """A file or a folder that is named is checked."""
    for path in TREE:
        here.write(path, "")
    here.write(".gitignore", "gen/\na.py\n")
    assert listed(here, "gen") == ["gen/a.py", "gen/deep/a.py"]
    assert listed(here, "a.py") == ["a.py"]
    assert listed(here, "app") == ["app/x_gen.py"]


@pytest.mark.parametrize("line", ["*a" * 60 + "b", "**/" * 100 + "x", "[a-z]*" * 60 + "!"])
def test_hostile_gitignore(here: Here, line: str) -> None:
    """No pattern takes long, whatever the names are."""
    here.write(f"{'a' * 200}.py", "")
    here.write(".gitignore", f"{line}\n" * 20)
    began = time.process_time()
    ran = here("--show-files", ".")
    assert time.process_time() - began < 5
    assert ran.code == 0 or "--no-gitignore" in ran.err


def test_gitignore_that_is_no_file(here: Here) -> None:
    """A folder of that name, bytes that are no text, a file that is too large."""
    here.write("a.py", "")
    (here.folder / ".gitignore").mkdir()
    assert listed(here, ".") == ["a.py"]
    (here.folder / ".gitignore").rmdir()
    here.write(".gitignore", b"\xff\xfe\x00\n\xef\xbb\xbf\n")
    assert listed(here, ".") == ["a.py"]
    here.write(".gitignore", b"a.py\n" * 100_000)
    assert listed(here, ".") == ["a.py"]


def test_build_and_dist(here: Here) -> None:
    """What is made of the project is left out, unless it is a package or named."""
    for path in ("build/lib/a.py", "dist/a.py", "app/dist/__init__.py"):
        here.write(path, "")
    assert listed(here, ".") == ["app/dist/__init__.py"]
    assert listed(here, "build") == ["build/lib/a.py"]
