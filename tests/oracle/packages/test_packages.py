"""The tables of packages, compared with what the packages really do.

Every package is asked in a process of its own.  Those that are not installed are passed over,
but in the session ``packages`` of nox, which installs them all.
"""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import compare  # pylint: disable=import-error,wrong-import-position

from qs_lint.facts import libraries, tables

HERE = Path(__file__).parent
PROBES = sorted(path.stem for path in (HERE / "probes").glob("[a-z]*.py"))
#: What is imported of a package, where that is not what the table is called.
IMPORTED = {"autocomplete_light": "dal", "django_cms": "cms", "factory_boy": "factory"}
ALL = os.environ.get("QS_LINT_PACKAGES") == "all"


@pytest.mark.parametrize("name", PROBES)
def test_table(name: str) -> None:
    """Each row does what it says."""
    if not ALL and importlib.util.find_spec(IMPORTED.get(name, name)) is None:
        pytest.skip(f"{name} is not installed")
    done = subprocess.run(
        [sys.executable, str(HERE / "ask.py"), name], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    found = list(
        compare.complaints(tables()[f"{libraries.__name__}.{name}"], json.loads(done.stdout))
    )
    assert not found, "\n".join(found)


def test_a_wrong_row_is_noticed() -> None:
    """The comparison can fail: in every column."""
    library = tables()[f"{libraries.__name__}.solo"]
    told = {"words": [], "managers": {}, "methods": {"get_solo": {"error": "none"}}}
    answers = {
        "classes": {name: dict(told) for name in library.classes},
        "callables": {},
        "volatile": {},
        "aliases": {},
    }
    found = list(compare.complaints(library, answers))
    assert "solo.models.SingletonModel: is []" in found
    assert "solo.models.SingletonModel: get_solo(): none" in found
