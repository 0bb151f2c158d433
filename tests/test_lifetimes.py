"""How long things live, and which process runs a file: one answer for every rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from qs_lint.domain import HolderKind, Lifetime, Process
from qs_lint.engine.context import EngineContext
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project

CLASSES = """
from django import forms
from django.contrib import admin
from django.core.management.base import BaseCommand
from django.db import models
from django.views import View
from rest_framework import serializers

class Plain: pass
class ViewMixin: pass
class AdminMixin: pass
class BothMixin: pass
class Page(ViewMixin, BothMixin, View): pass
class Staff(AdminMixin, BothMixin, admin.ModelAdmin): pass
class Command(BaseCommand): pass
class Item(models.Model): pass
class ItemForm(forms.Form): pass
class ItemSerializer(serializers.Serializer): pass
class Menu:
    def __init__(self, get_response): pass
"""
LIVES = {
    "Plain": Lifetime.UNKNOWN,
    "ViewMixin": Lifetime.REQUEST,
    "AdminMixin": Lifetime.PROCESS,
    "BothMixin": Lifetime.UNKNOWN,
    "Page": Lifetime.REQUEST,
    "Staff": Lifetime.PROCESS,
    "Command": Lifetime.RUN,
    "Item": Lifetime.REQUEST,
    "ItemForm": Lifetime.REQUEST,
    "ItemSerializer": Lifetime.REQUEST,
    "Menu": Lifetime.PROCESS,
}


def analysed(path: Path, text: str) -> EngineContext:
    """What the engine made of a text as a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    ctx = analyse(Project(), str(path))
    assert ctx is not None
    return ctx


@pytest.mark.parametrize("name", LIVES)
def test_instances(name: str, tmp_path: Path) -> None:
    """The kind of a class says who makes its instances, and how often."""
    ctx = analysed(tmp_path / "things.py", CLASSES)
    info = next(info for info in ctx.entries.own_classes if info.name == name)
    assert ctx.lifetimes.lifetime_of(HolderKind.INSTANCE_ATTRIBUTE, info) is LIVES[name]


@pytest.mark.parametrize("kind", [HolderKind.MODULE_GLOBAL, HolderKind.CACHE, HolderKind.DEFAULT])
def test_of_the_process(kind: HolderKind, tmp_path: Path) -> None:
    """Modules live as long as their process, which may end soon."""
    server = analysed(tmp_path / "things.py", CLASSES)
    assert server.lifetimes.lifetime_of(kind) is Lifetime.PROCESS
    command = analysed(tmp_path / "management" / "commands" / "count.py", "import django\n")
    assert command.lifetimes.lifetime_of(kind) is Lifetime.RUN
    assert server.lifetimes.lifetime_of(HolderKind.LOCAL) is Lifetime.CALL


GUARDED = "import django\ndef main(): pass\nif __name__ == '__main__':\n    main()\n"
PROCESSES = {
    "views.py": ("import django\n", Process.SERVER),
    "start.py": (GUARDED, Process.SCRIPT),
    "called.py": ("import django\ndef main(): pass\nmain()\n", Process.SCRIPT),
    "unlock.py": ("import django\nfor row in ():\n    row.save()\n", Process.SCRIPT),
    "block.py": (
        "import django\nwith open('x', 'w') as f:\n    for row in ():\n        f.write(row)\n",
        Process.SCRIPT,
    ),
    "own.py": ("import django\ndef pull(): pass\npull()\n", Process.SCRIPT),
    "asked.py": ("import django\nname = input()\nprint(name)\n", Process.SCRIPT),
    "written.py": ("import django\nrow = django.row()\nrow.save()\n", Process.SCRIPT),
    "tags.py": ("import django\nclass Tag: pass\ndef add(tag): pass\nadd(Tag)\n", Process.SERVER),
    "patched.py": ("from gevent.monkey import patch_all\npatch_all()\n", Process.SERVER),
    "looped.py": (
        "from django.urls import path\nfound = []\nfor x in ():\n    found.append(path(x, id))\n",
        Process.SERVER,
    ),
    "pkg/__init__.py": ("import django\ndef pull(): pass\npull()\n", Process.SERVER),
    "templatetags/shown.py": ("import django\ndef pull(): pass\npull()\n", Process.SERVER),
    "urls.py": (GUARDED, Process.SERVER),
    "routes.py": ("import django\nurlpatterns = []\n" + GUARDED, Process.SERVER),
    "work.py": (
        "from celery import shared_task\n@shared_task\ndef work(): pass\n" + GUARDED,
        Process.SERVER,
    ),
    "pkg/__main__.py": ("import django\n", Process.SCRIPT),
    "app/management/commands/tidy.py": ("import django\n", Process.COMMAND),
    "app/management/commands/__init__.py": ("import django\n", Process.SERVER),
    "test_it.py": ("import django\ndef test_it(): pass\n", Process.TEST),
    "migrations/0001_initial.py": (
        "from django.db import migrations\nclass Migration(migrations.Migration): pass\n",
        Process.MIGRATION,
    ),
}


@pytest.mark.parametrize("name", PROCESSES)
def test_processes(name: str, tmp_path: Path) -> None:
    """Place, content and importers say what runs a file."""
    text, process = PROCESSES[name]
    assert analysed(tmp_path / name, text).processes.process is process


@pytest.mark.parametrize(
    ("text", "process"),
    [
        ("PLUGINS = ['things.start']\n", Process.SERVER),
        ("import_module('start')\n", Process.SERVER),
        ("load(f'{app}.start')\n", Process.SERVER),
        ("NAME = 'start'\n", Process.SCRIPT),
        ("NAME = 'starting.x'\n", Process.SCRIPT),
    ],
)
def test_a_script_that_is_named(text: str, process: Process, tmp_path: Path) -> None:
    """What a string names may be loaded by it; tests patch what they like."""
    (tmp_path / "manage.py").touch()
    (tmp_path / "other.py").write_text(text, encoding="utf-8")
    (tmp_path / "test_other.py").write_text("patch('things.start.main')\n", encoding="utf-8")
    assert analysed(tmp_path / "start.py", GUARDED).processes.process is process


@pytest.mark.parametrize(
    ("files", "helper"),
    [
        ({"management/commands/run.py": "import work\n"}, True),
        ({"management/commands/run.py": "import work\n", "tests.py": "import work\n"}, True),
        ({"run.py": "import work\n" + GUARDED}, True),
        ({"management/commands/run.py": "import mid\n", "mid.py": "import work\n"}, True),
        ({"tests.py": "import work\n"}, False),
        ({}, False),
        ({"management/commands/run.py": "import work\n", "views.py": "import work\n"}, False),
        (
            {
                "management/commands/run.py": "import work\n",
                "mid.py": "import work\n",
                "views.py": "import mid\n",
            },
            False,
        ),
        ({"management/commands/run.py": "import work\n", "load.py": "X = 'app.work.f'\n"}, False),
    ],
)
def test_a_helper_of_commands(files: dict[str, str], helper: bool, tmp_path: Path) -> None:
    """What only commands and scripts import lives no longer than they do."""
    (tmp_path / "manage.py").touch()
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    ctx = analysed(tmp_path / "work.py", "import django\n")
    assert ctx.processes.is_helper_of_commands is helper


def test_a_script_that_is_imported(tmp_path: Path) -> None:
    """What somebody imports runs where that runs."""
    (tmp_path / "views.py").write_text("from start import main\n", encoding="utf-8")
    assert analysed(tmp_path / "start.py", GUARDED).processes.process is Process.SERVER
