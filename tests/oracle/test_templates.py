"""Which templates fill the cache of a queryset in their context, as Django renders them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from template_cases import CASES, INCLUDED

SCRIPT = """
import json
import sys

import django
from django.conf import settings
from django.template import Context, Engine

settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    INSTALLED_APPS=["django.contrib.contenttypes"],
)
django.setup()

from django.contrib.contenttypes.models import ContentType
from django.db import connection

with connection.schema_editor() as editor:
    editor.create_model(ContentType)
ContentType.objects.create(app_label="shop", model="order")
texts, included = json.load(sys.stdin)
loader = ("django.template.loaders.locmem.Loader", {"all.html": included})
engine = Engine(loaders=[loader])
filled = []
for text in texts:
    orders = ContentType.objects.order_by("model")
    engine.from_string(text).render(Context({"orders": orders, "x": True, "other": None}))
    filled.append(orders._result_cache is not None)
print(json.dumps(filled))
"""


@pytest.fixture(scope="module")
def filled() -> dict[str, bool]:
    """What Django did, for each template."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        input=json.dumps([list(CASES), INCLUDED]),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(CASES, json.loads(done.stdout), strict=True))


@pytest.mark.parametrize("text", CASES)
def test_fills(text: str, filled: dict[str, bool]) -> None:
    """The table says what Django does."""
    assert filled[text] is CASES[text]
