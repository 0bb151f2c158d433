"""The command finds and reads pylint's configuration as pylint does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pylint.config.find_default_config_files import find_default_config_files
from pylint.lint import PyLinter, Run
from pylint.reporters.collecting_reporter import CollectingReporter
from support import OPTIONS, ORIGINAL, Here

from qs_lint.command.configuration import _Reader
from qs_lint.command.options import parse
from qs_lint.command.settings import settings_for

pytest_plugins = ["command_project"]

#: name -> files of a layout, and the folder in which the command is started
INI = "[MAIN]\nignore=old,older.py\nsource-roots=src\nignore-paths=gen/.*,b\\\\c\njobs=2\n"
LAYOUTS: dict[str, tuple[dict[str, str], str]] = {
    "nothing": ({}, "."),
    "pylintrc": ({"pylintrc": INI}, "."),
    "hidden pylintrc": ({".pylintrc": INI}, "."),
    "both": ({"pylintrc": INI, ".pylintrc": "[MAIN]\nignore=x\n"}, "."),
    "pylintrc.toml": ({"pylintrc.toml": "[tool.pylint.main]\nignore = ['a', 'b.py']\n"}, "."),
    "pyproject": (
        {"pyproject.toml": "[tool.pylint.main]\nignore = ['old']\nignore-patterns = '^x'\n"},
        ".",
    ),
    "flat pyproject": ({"pyproject.toml": "[tool.pylint]\nignore = 'old, older'\njobs = 3\n"}, "."),
    "pyproject of others": (
        {"pyproject.toml": "[tool.ruff]\nx = 1\n", "setup.cfg": "[pylint.main]\nignore = old\n"},
        ".",
    ),
    "pyproject above": ({"pyproject.toml": "[tool.pylint.main]\nignore = ['old']\n"}, "in/side"),
    "pyproject above, not ours": ({"pyproject.toml": "[tool.x]\n"}, "in/side"),
    "setup.cfg": ({"setup.cfg": "[metadata]\nignore = no\n[pylint.MAIN]\nignore = old\n"}, "."),
    "setup.cfg without": ({"setup.cfg": "[metadata]\nname = x\n"}, "."),
    "tox.ini": ({"tox.ini": "[tox]\nignore = no\n[pylint]\nignore-patterns = a{1,2}b,c\n"}, "."),
    "setup.cfg and tox.ini": (
        {"setup.cfg": "[pylint]\nignore = one\n", "tox.ini": "[pylint]\nignore = two\n"},
        ".",
    ),
    "package": ({"pylintrc": INI, "p/__init__.py": "", "p/q/__init__.py": ""}, "p/q"),
    "comments": ({"pylintrc": "[MAIN]\nignore=old ; why\nignore-patterns=a # b\n"}, "."),
    "several lines": ({"pylintrc": "[MAIN]\nignore=old,\n    older,\n    oldest\n"}, "."),
    "underscores": ({"pylintrc": "[MAIN]\nignore_patterns=^a,^b\nsource_roots=src\n"}, "."),
    "old names": ({"pylintrc": "[MASTER]\nignore=old\n[MESSAGES CONTROL]\ndisable=W\n"}, "."),
    "with a mark": ({"pylintrc": "\ufeff[MAIN]\nignore=old\n"}, "."),
    "windows": ({"pylintrc": "[MAIN]\r\nignore=old\r\njobs=2\r\n"}, "."),
}


@pytest.fixture(params=LAYOUTS)
def layout(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with configuration files, and a folder of it as the working directory."""
    files, inside = LAYOUTS[request.param]
    (tmp_path / ".git").mkdir()
    (tmp_path / inside / "src").mkdir(parents=True)
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    monkeypatch.chdir(tmp_path / inside)
    monkeypatch.delenv("PYLINTRC", raising=False)
    return tmp_path


def test_found(layout: Path) -> None:
    """The same files, in the same order."""
    assert list(_Reader().default_files()) == [str(path) for path in find_default_config_files()]


def test_read(layout: Path) -> None:
    """The options have the values that pylint gives them."""
    Path("empty.py").write_text("", encoding="utf-8")
    rcfile = [f"--rcfile={path}" for path in list(find_default_config_files())[:1]]
    reporter = CollectingReporter()
    config = Run(
        [*rcfile, "--jobs=1", "--disable=all", "--enable=E0001", "empty.py"],
        reporter=reporter,
        exit=False,
    ).linter.config
    settings = settings_for(parse([]))
    assert list(settings.ignore) == list(config.ignore)
    for mine, theirs in (
        (settings.ignore_patterns, config.ignore_patterns),
        (settings.ignore_paths, config.ignore_paths),
    ):
        assert [one.pattern for one in mine] == [one.pattern for one in theirs]
    assert list(map(os.path.abspath, settings.source_roots)) == (
        list(map(os.path.abspath, config.source_roots))
    )


def test_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The configuration's jobs count, unless an option says other."""
    monkeypatch.chdir(tmp_path)
    Path("pylintrc").write_text("[MAIN]\njobs=3\n", encoding="utf-8")
    assert settings_for(parse([])).jobs == 3
    assert settings_for(parse(["-j", "2"])).jobs == 2
    Path("pylintrc").write_text("[MAIN]\n", encoding="utf-8")
    assert settings_for(parse([])).jobs == 1


@pytest.mark.parametrize("name", ["exists", "missing", "folder", "empty"])
def test_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """PYLINTRC names a file, if it does."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".pylintrc").write_text("[MAIN]\n", encoding="utf-8")
    (tmp_path / "exists").write_text("[MAIN]\n", encoding="utf-8")
    (tmp_path / "folder").mkdir()
    monkeypatch.setenv("PYLINTRC", "" if name == "empty" else str(tmp_path / name))
    assert list(_Reader().default_files()) == [str(path) for path in find_default_config_files()]


NAMES = [
    "a.py",
    "old/__init__.py",
    "old/b.py",
    "pkg/__init__.py",
    "pkg/old.py",
    "pkg/gen_c.py",
    "pkg/gen/__init__.py",
    "pkg/gen/d.py",
    ".#lock.py",
    "CVS/__init__.py",
]


@pytest.mark.parametrize(
    "options",
    [
        [],
        ["--ignore=old"],
        ["--ignore=old.py"],
        ["--ignore=old,gen,CVS"],
        ["--ignore=pkg/old.py"],
        ["--ignore-patterns=gen"],
        ["--ignore-patterns=.*d\\.py,a"],
        ["--ignore-paths=pkg/gen"],
        ["--ignore-paths=pkg/gen/.*"],
        ["--ignore-paths=.*/old.*"],
        ["--ignore-paths=^old"],
        ["--ignore-paths=pkg\\\\gen"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("paths", [["."], ["pkg", "old"], ["pkg/old.py", "old/b.py"]], ids=" ".join)
def test_ignored(here: Here, options: list[str], paths: list[str]) -> None:
    """What is ignored, in folders and by name, is what ``pylint --recursive=y`` ignores."""
    for name in NAMES:
        here.write(name, ORIGINAL)
    reporter = CollectingReporter()
    Run(["--rcfile=", *OPTIONS, "--recursive=y", *options, *paths], reporter=reporter, exit=False)
    theirs = {os.path.normpath(message.path) for message in reporter.messages}
    ours = set(re.findall(r"^([^*\n]*?):\d+:", here(*options, *paths).out, re.MULTILINE))
    assert ours == theirs


# What the configuration says of messages


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("disable=frozen-class-queryset", False),
        ("disable=E5801,missing-docstring,abstract-method", False),
        ("disable=qs_lint", False),
        ("disable=missing-docstring,made-up-name", True),
        ("disable=all\nenable=unused-import", True),
        ("disable=all,frozen-class-queryset", False),
        ("disable=R,C,W", True),
        ("confidence=INFERENCE", False),
        ("load-plugins=qs_lint,pylint_nonsense", True),
        ("init-hook=raise SystemExit(7)", True),
        ("fail-under=0\nscore=yes\nreports=yes\noutput-format=text\nrecursive=no", True),
        ("django-settings-module=config.settings", True),
        ("jobs=0\npersistent=yes\nanalyse-fallback-blocks=yes", True),
        ("extension-pkg-allow-list=lxml\nunsafe-load-any-extension=yes", True),
    ],
)
def test_messages(here: Here, text: str, found: bool) -> None:
    """Disabled messages stay disabled; what is about pylint's own work changes nothing."""
    here.write("views.py", ORIGINAL)
    here.write(".pylintrc", f"[MAIN]\n{text}\n")
    ran = here("views.py")
    assert (ran.symbols, ran.err) == (["frozen-class-queryset"] if found else [], "")


def test_options_before_configuration(here: Here) -> None:
    """An option wins over the configuration."""
    here.write("views.py", ORIGINAL)
    here.write(".pylintrc", "[MAIN]\nignore=views.py\ndisable=frozen-class-queryset\n")
    assert here(".").out == ""
    assert here("--ignore=x", ".").out == ""
    assert here("--ignore=x", "--enable=frozen-class-queryset", ".").code == 2
    here.write("other.toml", "[tool.pylint.main]\n")
    assert here("--rcfile=other.toml", ".").code == 2


def test_files_of_the_configuration(here: Here) -> None:
    """The option ``files`` says what is checked if nothing is named."""
    here.write("one/a.py", ORIGINAL)
    here.write("two/b.py", ORIGINAL)
    here.write("pyproject.toml", "[tool.pylint.main]\nfiles = ['one']\n")
    assert "one/a.py" in here().out.replace(os.sep, "/")
    assert "two" not in here().out
    assert "two/b.py" in here("two").out.replace(os.sep, "/")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "[tool.pylint\n"),
        (".pylintrc", "ignore=old\n"),
        (".pylintrc", "[MAIN]\nignore=a\nignore=b\n"),
        (".pylintrc", b"[MAIN]\n\xff\n"),
        ("pylintrc.toml", b"\xff"),
        (".pylintrc", "[MAIN]\njobs=many\n"),
        (".pylintrc", "[MAIN]\nignore-patterns=(\n"),
    ],
)
def test_unreadable(here: Here, name: str, text: str | bytes) -> None:
    """A configuration that cannot be read is one line and exit code 2."""
    here.write("views.py", ORIGINAL)
    here.write(name, text)
    ran = here("views.py")
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"qs-lint: .+\n", ran.err), ran.err


def test_source_roots(tmp_path: Path, here: Here) -> None:
    """Imports are looked up in the configuration's source roots."""
    elsewhere = tmp_path / "elsewhere" / "python"
    elsewhere.mkdir(parents=True)
    (here.folder / "shop").rename(elsewhere / "shop")
    here.write("views.py", "from shop.models import Order\nROWS = list(Order.orders.all())\n")
    with_roots = here(f"--source-roots={elsewhere}", ".")
    here.write(".pylintrc", f"[MAIN]\nsource-roots={elsewhere}\n")
    assert here(".") == with_roots
    done = subprocess.run(
        [sys.executable, "-m", "pylint", *OPTIONS, "--score=n", "views.py"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == with_roots.out


def test_linter_is_there() -> None:
    """What the comparison relies on is still pylint's."""
    assert hasattr(PyLinter, "_parse_configuration_file")
