"""The helper that projects use in their own tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from qs_lint.testing import assert_no_queries_on_import, queries_on_import

SETTINGS = """
SECRET_KEY = "x"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": "never.sqlite3"}}
ROOT_URLCONF = "site_urls"
"""
EAGER = """\
from django.contrib.auth.models import User
from site_helpers import names

USERS = list(User.objects.all())
"""
LAZY = EAGER.replace("list(User.objects.all())", "User.objects.all()")
CAUGHT = """
from django.contrib.auth.models import User
try:
    FIRST = User.objects.first()
except Exception:
    FIRST = None
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with three modules of views."""
    for name, text in {
        "site_settings": SETTINGS,
        "site_urls": "import site_caught\nurlpatterns = []",
        "site_helpers": "def names(): return []",
        "site_eager": EAGER,
        "site_lazy": LAZY,
        "site_caught": CAUGHT,
        "site_broken": "import nothing_of_that_name",
    }.items():
        (tmp_path / f"{name}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "site_settings")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_lazy() -> None:
    """A lazy queryset asks nothing."""
    assert_no_queries_on_import("site_lazy", "site_helpers")


def test_eager(project: Path) -> None:
    """The line of the project is named, and the database file is not even made."""
    place = f"{project / 'site_eager.py'}:4: USERS = list(User.objects.all())"
    assert queries_on_import("site_lazy", "site_eager") == [place]
    with pytest.raises(AssertionError, match="USERS"):
        assert_no_queries_on_import("site_eager")
    assert not (project / "never.sqlite3").exists()


def test_caught() -> None:
    """Code that expects the database to be away is found as well; the URLconf is the default."""
    assert len(queries_on_import()) == 1
    assert "site_caught.py:4:" in queries_on_import()[0]


def test_broken() -> None:
    """An import that fails for a reason of its own is no proof."""
    with pytest.raises(RuntimeError, match="nothing_of_that_name"):
        queries_on_import("site_broken")


def test_command_line(project: Path) -> None:
    """The same from the command line, which finds modules in the working directory."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    command = [sys.executable, "-m", "qs_lint.testing"]
    for module, code in (("site_lazy", 0), ("site_eager", 1), ("site_broken", 2)):
        done = subprocess.run(
            [*command, module], cwd=project, env=environment, capture_output=True, check=False
        )
        assert done.returncode == code
