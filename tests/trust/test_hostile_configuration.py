"""A stranger's configuration chooses files and messages; no more than that."""

from __future__ import annotations

from pathlib import Path

import pytest
from hostile import WAYS, deep, kept, one_line
from support import ORIGINAL, Here

from qs_lint.command.configuration import READ

pytest_plugins = ["command_project"]

FROZEN = "frozen-class-queryset"
EVIL = """\
from pathlib import Path

Path("ran").write_text("imported")


class Reporter:
    name = "evil"
"""
#: name -> file and text; each names a file, a class or code
REACHING: dict[str, tuple[str, str]] = {
    "a file python runs": (
        "pyproject.toml",
        """[tool.pylint.main]
output-format = "text:.venv/site/x.pth"
msg-template = "import os; os.system({msg!r})"
""",
    ),
    "a file outside": ("pyproject.toml", '[tool.pylint]\noutput-format = "text:../victim"\n'),
    "a reporter": ("pyproject.toml", '[tool.pylint.main]\noutput-format = "evil.Reporter"\n'),
    "a plugin": (".pylintrc", "[MAIN]\nload-plugins=evil\n"),
    "a hook": (".pylintrc", "[MAIN]\ninit-hook=open('ran', 'w').write('x')\n"),
    "an extension": (
        ".pylintrc",
        "[MAIN]\nunsafe-load-any-extension=yes\nextension-pkg-allow-list=evil\nextension-pkg-whitelist=evil\n",
    ),
    "a dictionary": (
        "setup.cfg",
        "[pylint.spelling]\nspelling-private-dict-file=ran\nspelling-store-unknown-words=yes\n",
    ),
    "a graph": ("tox.ini", "[pylint]\nimport-graph=ran.dot\next-import-graph=ran.dot\n"),
    "an output": ("pylintrc", "[MAIN]\noutput=ran\nreports=yes\nverbose=yes\npersistent=yes\n"),
    "processes": ("pylintrc", "[MAIN]\njobs=1000000\n"),
    "help": ("pylintrc", "[MAIN]\nhelp=yes\nlist-msgs=yes\ngenerate-rcfile=yes\nversion=yes\n"),
    "failing": ("pylintrc", "[MAIN]\nfail-under=-100\nexit-zero=yes\nerrors-only=yes\n"),
}


@pytest.fixture
def stranger(here: Here, request: pytest.FixtureRequest) -> Here:
    """A project with a finding, and a module that must not be imported."""
    here.write("views.py", ORIGINAL)
    here.write("evil.py", EVIL)
    here.write(".venv/site/keep", "")
    (here.folder.parent / "victim").write_text("precious", encoding="utf-8")
    return here


@pytest.mark.parametrize("way", [way for way in WAYS if way != "plugin"])
@pytest.mark.parametrize("options", [(), ("--output-format=github",)], ids=["", "github"])
@pytest.mark.parametrize("name", REACHING)
def test_reaches_nothing(stranger: Here, name: str, options: tuple[str, ...], way: str) -> None:
    """Nothing is written, run or imported, and the finding is told."""
    if way == "two processes" and name not in ("a file outside", "processes", "a reporter"):
        pytest.skip("a process of its own for three of them is enough")
    stranger.write(*REACHING[name])
    before = kept(stranger.folder.parent)
    ran = WAYS[way](stranger, "views.py", *options)
    assert ran.code == 2
    assert "frozen-class-queryset" in ran.out
    assert kept(stranger.folder.parent) == before


@pytest.mark.parametrize("name", REACHING)
def test_fix_reaches_nothing(stranger: Here, name: str) -> None:
    """Nor does a run that repairs."""
    pytest.importorskip("libcst")
    stranger.write(*REACHING[name])
    before = kept(stranger.folder.parent)
    ran = stranger("--fix", "views.py")
    after = kept(stranger.folder.parent)
    assert ran.code == 0
    assert {path for path, text in after.items() if text != before.get(path)} == {
        "project/views.py"
    }


def test_what_is_read() -> None:
    """The list is short, and its growth a decision: each chooses files to read, or messages."""
    messages, files = "confidence disable enable", "files ignore ignore-paths ignore-patterns"
    assert sorted(READ) == [*messages.split(), *files.split(), "jobs", "qs-facts", "source-roots"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "tool = 5\n"),
        ("pyproject.toml", "[tool]\npylint = 5\n"),
        ("pyproject.toml", "[tool]\nqs-lint = 5\n"),
        ("pyproject.toml", deep(5000)),
        ("pyproject.toml", "[tool.pylint.main]\n" + deep(5000)),
        ("pylintrc.toml", "x = " + "{a = " * 5000 + "1" + "}" * 5000 + "\n"),
        ("pyproject.toml", "x = " + "9" * 10_000 + "\n"),
        ("pyproject.toml", "x = 0" + ".1" * 5000 + "\n"),
        ("pyproject.toml", b"\xff\xfe\0"),
        ("pyproject.toml", "\0"),
        ("pylintrc", "[MAIN]\nignore=%(ignore)s\n"),
        ("pylintrc", "[MAIN]\nignore=%(nothing)s\n"),
        ("pylintrc", "[MAIN]\n[MAIN]\n"),
        ("pylintrc", "[" * 1000),
        ("pylintrc", "\0"),
        ("pylintrc", "[MAIN]\njobs=" + "9" * 10_000 + "\n"),
        ("pylintrc", "[MAIN]\nconfidence=SURE\n"),
        ("pylintrc", "[MAIN]\nignore-patterns=(\n"),
        ("pylintrc", "[MAIN]\nignore-patterns=(a)\\1\n"),
        ("pylintrc", "[MAIN]\nignore-patterns=" + "(" * 5000 + "\n"),
        ("pylintrc", "[MAIN]\nignore-patterns=a{1,4000000000}\n"),
        ("pyproject.toml", "[tool.pylint.main]\nfiles = ['../..']\n"),
        ("pyproject.toml", "[tool.pylint.main]\nfiles = ['/etc']\n"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_unusable(stranger: Here, name: str, text: str | bytes) -> None:
    """One line, exit code 2, no trace of Python."""
    stranger.write(name, text)
    paths = [] if "files" in str(text) else ["views.py"]
    assert one_line(stranger(*paths))


def test_large(stranger: Here) -> None:
    """A configuration has a size."""
    stranger.write("pyproject.toml", "#" * 3_000_000)
    ran = stranger("views.py")
    assert one_line(ran)
    assert "larger than 2 MB" in ran.err


@pytest.mark.parametrize("option", ["ignore-paths", "ignore-patterns"])
@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*$", "(.*)*x"])
@pytest.mark.parametrize("way", ["command", "folder", "standard input"])
@pytest.mark.parametrize("said", ["configuration", "command line"])
def test_patterns(stranger: Here, option: str, pattern: str, way: str, said: str) -> None:
    """A pattern that takes ``re`` for ever is answered; see ``tests/test_patterns.py``."""
    name = "a" * 60 + "!.py"
    stranger.write(name, ORIGINAL)
    if said == "configuration":
        stranger.write("pyproject.toml", f'[tool.pylint.main]\n{option} = ["{pattern}"]\n')
        assert FROZEN in WAYS[way](stranger, name).symbols
    else:
        assert FROZEN in WAYS[way](stranger, name, f"--{option}={pattern}").symbols


@pytest.mark.parametrize("said", ["configuration", "command line"])
def test_patterns_end(stranger: Here, said: str) -> None:
    """Patterns that are slow for many files together end the run, with a line."""
    for number in range(3):
        stranger.write(f"{'x' * 220}{number}.py", ORIGINAL)
    text = "(?=.*" * 4 + "z" + ")" * 4
    if said == "configuration":
        stranger.write("pylintrc", f"[MAIN]\nignore-patterns={text}\n")
        ran = stranger(".")
    else:
        ran = stranger(f"--ignore-patterns={text}", ".")
    assert one_line(ran)
    assert "they take too long to match" in ran.err


@pytest.mark.parametrize("option", ["ignore-paths", "ignore-patterns"])
@pytest.mark.parametrize(
    "pattern", ["(", "(?P<x>a)(?P=x)", "a{4000000000}", "(" * 5000, "a" * 2001]
)
def test_unusable_pattern(stranger: Here, option: str, pattern: str) -> None:
    """What cannot be matched in bounded time is refused on the command line too."""
    ran = stranger(f"--{option}={pattern}", "views.py")
    assert one_line(ran)
    assert f"--{option}: " in ran.err


# Said once


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "pylintrc",
            "[MAIN]\ndisable=frozen-clas-queryset\n",
            "did you mean frozen-class-queryset",
        ),
        ("pylintrc", "[MAIN]\nenable=memoised-queryset\n", "did you mean memoized-queryset?"),
        ("pyproject.toml", "[tool.pylint]\ndisable = ['frozen_class_query']\n", "frozen-class-que"),
        ("pylintrc", "[MAIN]\ndisable=E5898\n", "unknown message 'E5898'"),
        ("pyproject.toml", "[tool.qs_lint]\nx = 1\n", "did you mean [tool.qs-lint]"),
        ("pyproject.toml", "[tool.qslint]\nx = 1\n", "did you mean [tool.qs-lint]"),
        ("pyproject.toml", "[tool.QS-Lint.main]\nx = 1\n", "did you mean [tool.qs-lint]"),
        ("setup.cfg", "[qs-lint]\nx = 1\n", "did you mean [tool.qs-lint]"),
        (
            "pyproject.toml",
            "[tool.pylint.main]\nper-file-ignores = ['a.py:frozen-class-queryset']\n",
            "per-file-ignores is ignored here",
        ),
    ],
)
def test_warned(stranger: Here, name: str, text: str, said: str) -> None:
    """What is misspelt is told once, with a suggestion, and changes nothing else."""
    quiet = stranger("views.py")
    stranger.write(name, text)
    ran = stranger("views.py")
    assert (ran.out, ran.code) == (quiet.out, quiet.code)
    assert ran.err.startswith("qs-lint: warning: ")
    assert ran.err.count("\n") == 1
    assert said in ran.err


@pytest.mark.parametrize(
    "text",
    [
        "[MAIN]\ndisable=missing-docstring,made-up,W0613,E1101,all\n",
        "[MAIN]\ndisable=frozen-class-queryset,E5801,qs_lint,syntax-error\n",
        "[MAIN]\nper-file-ignores=tests/*:missing-docstring\n",
    ],
)
def test_not_warned(stranger: Here, text: str) -> None:
    """Names of pylint's, and of nobody's, are not ours to speak of."""
    stranger.write("pylintrc", text)
    assert stranger("views.py").err == ""


def test_no_name_of_pylint_is_misspelt() -> None:
    """None of pylint's own names looks like one of ours."""
    from pylint.lint import PyLinter

    from qs_lint.command.names import misspelt

    linter = PyLinter()
    linter.load_default_plugins()
    extensions = Path(__import__("pylint.extensions").extensions.__file__).parent
    linter.load_plugin_modules(
        [f"pylint.extensions.{path.stem}" for path in extensions.glob("[a-z]*.py")]
    )
    names = [m.symbol for m in linter.msgs_store.messages]
    assert len(names) > 300
    assert [name for name in names if misspelt(name)] == []
