"""``[tool.qs-lint]`` of pyproject.toml: what each key does, and what is refused."""

from __future__ import annotations

import re

import pytest
from support import ORIGINAL, Here

pytest_plugins = ["command_project"]

FROZEN, BRANCH, MEMO = "frozen-class-queryset", "import-time-query", "memoized-queryset"
WARNED = "from shop.models import Order\n\nif Order.objects.exists():\n    pass\n"
MEMOIZED = """\
from functools import cache
from shop.models import Order


@cache
def rows():
    return list(Order.objects.all())
"""


@pytest.fixture
def project(here: Here) -> Here:
    """A project with three findings in three files."""
    here.write("a.py", ORIGINAL)
    here.write("sub/b.py", WARNED)
    here.write("sub/deep/c.py", MEMOIZED)
    return here


def found(here: Here, text: str, *arguments: str) -> list[str]:
    """The symbols that a run reports with such a table."""
    here.write("pyproject.toml", f"[tool.qs-lint]\n{text}\n")
    ran = here(*arguments, ".")
    assert ran.err == ""
    return ran.symbols


@pytest.mark.parametrize(
    ("text", "symbols"),
    [
        ("", [FROZEN, BRANCH, MEMO]),
        ('select = ["frozen-class-queryset"]', [FROZEN]),
        ('select = ["e5801", "W5807"]', [FROZEN, MEMO]),
        ('select = ["ALL"]\nignore = ["import_time_query"]', [FROZEN, MEMO]),
        ("select = []", []),
        ('ignore = ["ALL"]', []),
        ('ignore = ["E5801"]', [BRANCH, MEMO]),
        ('exclude = ["sub"]', [FROZEN]),
        ('exclude = ["./sub/deep/"]', [FROZEN, BRANCH]),
        ('exclude = ["sub/*.py"]', [FROZEN]),
        ('exclude = ["b.py", "dee?"]', [FROZEN]),
        ('per-file-ignores = {"a.py" = ["E5801"], "sub/*" = ["memoized-queryset"]}', [BRANCH]),
        ('per-file-ignores = {"*" = ["ALL"]}', []),
        ('per-file-ignores = {"sub" = ["ALL"], "other/*" = ["ALL"]}', [FROZEN]),
    ],
)
def test_keys(project: Here, text: str, symbols: list[str]) -> None:
    """What is reported."""
    assert found(project, text) == symbols


def test_which_wins(project: Here) -> None:
    """The command line before the table, the table before pylint's."""
    assert found(project, 'ignore = ["E5801"]', "--enable=E5801") == [FROZEN, BRANCH, MEMO]
    assert found(project, 'select = ["ALL"]', "--disable=W") == [FROZEN]
    both = 'select = ["E5801"]\n[tool.pylint.main]\ndisable = ["frozen-class-queryset"]'
    assert found(project, both) == [FROZEN]
    both = 'exclude = ["sub"]\n[tool.pylint.main]\nignore = ["a.py"]\n'
    project.write("z.py", WARNED)
    assert found(project, both) == [BRANCH]


def test_where_it_is_found(project: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the nearest folder that has one, up to the project's top; patterns begin there."""
    project.write("pyproject.toml", '[tool.qs-lint]\nexclude = ["sub/deep"]\n')
    monkeypatch.chdir(project.folder / "sub")
    assert project(".").symbols == [BRANCH]
    project.write("sub/pyproject.toml", "[tool.other]\n")
    assert project(".").symbols == [BRANCH]
    project.write("sub/pyproject.toml", "[tool.qs-lint]\n")
    assert project(".").symbols == [BRANCH, MEMO]
    project.write("sub/other.toml", '[tool.qs-lint]\nexclude = ["b.py"]\n')
    assert project("--rcfile=other.toml", ".").symbols == [MEMO]
    project.write("sub/pyproject.toml", '[tool.qs-lint]\nselect = ["E5801"]\n')
    assert project(".").symbols == []
    assert project("--rcfile=", ".").symbols == [BRANCH, MEMO]
    (project.folder.parent / "pyproject.toml").write_text("tool = 5\n", encoding="utf-8")
    assert project(".").err == ""


def test_source_roots(here: Here, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders count from the table's own."""
    text = "from shop.models import Order\n\n\ndef rows():\n    return list(Order.objects.all())\n"
    here.write("code/python/helpers.py", text)
    view = "from helpers import rows\nfrom django.views.generic import ListView\n\n\n"
    here.write("views/a.py", f"{view}class Page(ListView):\n    queryset = rows()\n")
    assert here("views").symbols == []
    here.write("pyproject.toml", '[tool.qs-lint]\nsource-roots = ["code/python"]\n')
    monkeypatch.chdir(here.folder / "views")
    assert here(".").symbols == [FROZEN]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('selct = ["E5801"]', "selct: unknown key; did you mean select?"),
        ("x = 1", "x: unknown key; there are: select, ignore"),
        ('select = "E5801"', "select: must be a list of strings"),
        ("select = [5801]", "select: must be a list of strings"),
        ('select = ["E5898"]', "select: unknown message 'E5898'"),
        (
            'ignore = ["frozen-clas-queryset"]',
            "ignore: unknown message 'frozen-clas-queryset'; did you",
        ),
        ('per-file-ignores = ["a.py"]', "per-file-ignores: must be a table"),
        ('per-file-ignores = {"a.py" = "E5801"}', "per-file-ignores 'a.py': must be a list"),
        ('per-file-ignores = {"a.py" = ["x"]}', "per-file-ignores 'a.py': unknown message 'x'"),
        ('per-file-ignores = {"" = ["E5801"]}', "per-file-ignores: '' is not a file pattern"),
        ("exclude = 5", "exclude: must be a list of strings"),
        ('exclude = ["\\u0000"]', "exclude: '\\x00' is not a file pattern"),
        ('source-roots = ["missing"]', "source-roots: no folder 'missing'"),
        ('source-roots = "."', "source-roots: must be a list of strings"),
    ],
)
def test_refused(project: Here, text: str, said: str) -> None:
    """One line with the file and the key, exit code 2."""
    project.write("pyproject.toml", f"[tool.qs-lint]\n{text}\n")
    ran = project(".")
    assert (ran.code, ran.out) == (2, "")
    assert re.fullmatch(r"qs-lint: .*pyproject\.toml: \[tool\.qs-lint\] .+\n", ran.err), ran.err
    assert said in ran.err


def test_long_patterns(project: Here) -> None:
    """Many stars and a long name: the answer comes."""
    project.write(f"{'a' * 200}.py", ORIGINAL)
    pattern = "*a" * 200 + "*b"
    assert FROZEN in found(project, f'exclude = ["{pattern}"]')
