"""Reports made without pylint are those that pylint makes."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from support import FIXTURES, ORIGINAL, Here

from qs_lint.command import direct
from qs_lint.command.engine import examine_all
from qs_lint.command.options import parse
from qs_lint.command.settings import settings_for
from qs_lint.command.through_pylint import reports_for
from qs_lint.examination import Outcome
from qs_lint.reports import Report

pytest_plugins = ["command_project"]

UNSEEN = FIXTURES.parent / "unseen"


def both(paths: list[str]) -> tuple[list[Report], list[Report]]:
    """The reports about files without pylint and with it."""
    options = parse(["."])
    settings = settings_for(options)
    assert direct.possible(options, settings)
    texts = {os.path.abspath(path): Path(path).read_bytes() for path in paths}
    outcomes = examine_all(list(texts.items()), (), 1, lambda _: None)
    speaking = {path: outcome for path, outcome in outcomes.items() if not outcome.silent}
    made: list[Report] = []
    for path, outcome in speaking.items():
        found = direct.reports_of(path, outcome, texts[path])
        assert found is not None, path
        made += found
    shown = {os.path.abspath(path): path for path in paths}
    asked = reports_for(speaking, shown, options, settings)

    def key(report: Report) -> tuple[str, int, int, str]:
        return report.path, report.line, report.column, report.msgid

    return sorted(made, key=key), sorted(asked, key=key)


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("place", [FIXTURES, FIXTURES.parent, FIXTURES / "frozen-class-queryset"])
def test_fixtures(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every field of every report is the same, seen from different folders."""
    monkeypatch.chdir(place)
    files = [*FIXTURES.rglob("*.py"), *UNSEEN.rglob("*.py")]
    paths = [str(path.relative_to(place) if place in path.parents else path) for path in files]
    made, asked = both([path for path in paths if b"pylint" not in Path(path).read_bytes()])
    assert len(made) > 200
    assert made == asked


NESTED = f'''{ORIGINAL}

def outer(kind):
    """Make a view."""

    class Inner(ListView):
        """Orders of a kind."""

        queryset = list(Order.objects.all())

    return Inner


outer(1)


class Decorated:
    """Methods with decorators and defaults."""

    @register(list(Order.objects.all()))
    def method(self, orders=list(Order.objects.all()), key=lambda: sorted(Order.objects.all())):
        """Nothing."""

    names = [name for name in Order.objects.values_list("number", flat=True)]
'''


@pytest.mark.parametrize(
    "name",
    [
        "shop/views.py",
        "shop/sub/__init__.py",
        "shop/sub/views.py",
        "views.py",
        "plain/views.py",
        "plain/package/__init__.py",
        "plain/deeper/views.py",
        "with-hyphen/views.py",
        "os/views.py",
    ],
)
@pytest.mark.parametrize("inside", ["", "shop", "plain"])
def test_names(here: Here, name: str, inside: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules and objects are named as pylint names them, wherever file and user are."""
    path = here.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if "sub" in name:
        (path.parent / "__init__.py").touch()
    path.write_text(NESTED, encoding="utf-8")
    (here.folder / inside).mkdir(exist_ok=True)
    monkeypatch.chdir(here.folder / inside)
    made, asked = both([os.path.relpath(path)])
    assert len(made) > 4
    assert made == asked


def test_pylint_is_not_imported(here: Here) -> None:
    """The bug is reported, and pylint was not needed for it; a comment in the file needs it."""
    path = here.write("shop/views.py", ORIGINAL)
    script = """
import sys
from qs_lint.command import main
code = main(sys.argv[1:])
print('astroid' in sys.modules, 'pylint' in sys.modules)
sys.exit(code)
"""
    for text, needed in ((ORIGINAL, False), (f"{ORIGINAL}# pylint: disable=invalid-name\n", True)):
        Path(path).write_text(text, encoding="utf-8")
        ran = subprocess.run(
            [sys.executable, "-c", script, "--no-cache", "shop/views.py"],
            cwd=here.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert "frozen-class-queryset" in ran.stdout
        assert ran.returncode == 2
        assert ran.stdout.splitlines()[-1] == f"{needed} {needed}"


@pytest.mark.parametrize(
    "arguments",
    [["--disable=E5801"], ["--enable=memoized-queryset"], ["--confidence=HIGH"]],
)
def test_whoever_tells_pylint_something(here: Here, arguments: list[str]) -> None:
    """Options that are for pylint go to pylint; so does a configuration."""
    options = parse([*arguments, "."])
    assert not direct.possible(options, settings_for(options))
    plain = parse(["."])
    assert direct.possible(plain, settings_for(plain))
    assert not direct.possible(plain, replace(settings_for(plain), source_roots=("s",)))
    here.write("pylintrc", "[MAIN]\nignore=old\ndisable=all\n")
    assert direct.possible(plain, settings_for(plain))
    here.write("pylintrc", "[MAIN]\ndisable=W\n")
    assert not direct.possible(plain, settings_for(plain))


def test_what_pylint_is_asked_for(here: Here) -> None:
    """Comments, faults, files that Python cannot parse, links and other endings."""
    path = str(here.folder / "shop" / "views.py")
    data = ORIGINAL.encode()
    outcome = Outcome()
    Path(path).write_bytes(data)
    assert direct.reports_of(path, outcome, data) == []
    assert direct.reports_of(path, outcome, data + b"# pylint: skip-file\n") is None
    assert direct.reports_of(path, Outcome(faults=(("a", "b"),)), data) is None
    assert direct.reports_of(path, Outcome(readable=False), data) is None
    assert direct.reports_of(path, outcome, b"class\n") is None
    assert direct.module_name(path) == "shop.views"
    assert direct.module_name(str(here.folder / "shop" / "__init__.py")) == "shop"
    assert direct.module_name(str(here.folder / "script")) is None
    (here.folder / "link.py").symlink_to(path)
    assert direct.module_name(str(here.folder / "link.py")) is None


def test_known_reports_need_no_engine(here: Here) -> None:
    """What was reported before, of files that have not changed, is read from the cache."""
    here.write("shop/views.py", ORIGINAL)
    (here.folder / "cache").mkdir()  # a new name in the folder would count as a change
    script = """
import sys
from qs_lint.command import main
main(["--cache-dir=cache", "shop/views.py"])
print([name for name in ("qs_lint.engine", "pylint", "astroid") if name in sys.modules])
"""
    told = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=here.folder,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for _ in range(2)
    ]
    assert told[0][:-1] == told[1][:-1] != []
    assert told[0][-1] == "['qs_lint.engine']"
    assert told[1][-1] == "[]"
