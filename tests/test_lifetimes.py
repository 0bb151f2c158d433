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


def test_a_script_that_is_imported(tmp_path: Path) -> None:
    """What somebody imports runs where that runs."""
    (tmp_path / "views.py").write_text("from start import main\n", encoding="utf-8")
    assert analysed(tmp_path / "start.py", GUARDED).processes.process is Process.SERVER
