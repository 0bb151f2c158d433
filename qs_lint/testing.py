"""For a project's own tests: prove that importing a module asks the database nothing.

    from qs_lint.testing import assert_no_queries_on_import

    def test_views() -> None:
        assert_no_queries_on_import("shop.views", "shop.urls")

or, without a test, ``python -m qs_lint.testing shop.views``. The modules are imported in an
interpreter of its own, with the settings of ``DJANGO_SETTINGS_MODULE`` and with a database that
refuses every connection: nothing is read or written, and no database need be running.
"""

from __future__ import annotations

import os
import subprocess
import sys
import traceback
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["assert_no_queries_on_import", "queries_on_import"]


def assert_no_queries_on_import(*modules: str) -> None:
    """Fail if importing one of the modules, or Django's start before, asks the database.

    Without arguments, the project's ``ROOT_URLCONF`` is imported, with all views behind it.
    """
    found = queries_on_import(*modules)
    assert not found, "the database is asked at import:\n" + "\n".join(found)


def queries_on_import(*modules: str) -> list[str]:
    """Where the database is asked at import: one line ``file:line: code`` for each place."""
    path = os.pathsep.join(entry for entry in sys.path if entry)
    done = subprocess.run(
        [sys.executable, "-m", __name__, *modules],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )
    if done.returncode > 1:
        raise RuntimeError(done.stderr)
    return done.stdout.splitlines()


def main(modules: list[str]) -> int:
    """Import the modules, print the places; 1 if there are any, 2 if an import fails."""
    from django.db import OperationalError
    from django.db.backends.base.base import BaseDatabaseWrapper

    found: list[str] = []

    def refuse(*_: Any) -> None:
        found.append(place())
        raise OperationalError("qs_lint.testing: the database is asked at import")

    wrapper: Any = BaseDatabaseWrapper
    wrapper.ensure_connection = refuse
    for module in modules or [""]:
        try:
            start(module)
        except Exception:  # noqa: BLE001 (whatever an import raises)
            # It may fail because the database refused; else the failure is its own.
            if not found:
                traceback.print_exc()
                return 2
    for line in dict.fromkeys(found):
        print(line)
    return bool(found)


def start(module: str) -> None:
    """Start Django, then import a module, or the URLconf if none is named."""
    import django
    from django.conf import settings

    django.setup()
    import_module(module or settings.ROOT_URLCONF)


def place() -> str:
    """The innermost line that is being executed and belongs to the project."""
    frames = traceback.extract_stack()[:-2]
    outside = ("site-packages", "dist-packages", "importlib")
    own = [
        frame
        for frame in frames
        if not any(part in outside for part in Path(frame.filename).parts)
        and Path(frame.filename) != Path(__file__)
        and not frame.filename.startswith("<")
    ]
    frame = (own or frames)[-1]
    return f"{frame.filename}:{frame.lineno}: {frame.line}"


if __name__ == "__main__":
    sys.path.insert(0, os.getcwd())
    sys.exit(main(sys.argv[1:]))
