"""What small programs mean: reports where the annotations say, and nowhere else."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from semantics_cases import CASES
from support import SHOP, analysed, annotated

from qs_lint.examination import examine, findings_in
from qs_lint.findings import Confidence
from qs_lint.project.source import Project


def written(folder: Path, files: dict[str, str]) -> list[Path]:
    """The modules, written into a folder with ``shop``, templates and all."""
    shutil.copytree(SHOP, folder / "shop")
    paths = []
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        if path.suffix == ".py":
            paths.append(path)
    return paths


@pytest.mark.parametrize("files", CASES.values(), ids=CASES)
def test_reports(files: dict[str, str], tmp_path: Path) -> None:
    """Each file gets the reports that it announces."""
    for path in written(tmp_path, files):
        assert analysed(path) == annotated(path)


@pytest.mark.parametrize("models", [("Order", "Unknown"), ("Unknown", "Order")])
def test_the_surest_query_is_reported(models: tuple[str, str], tmp_path: Path) -> None:
    """Of the queries behind one call, whichever comes first."""
    first, second = models
    helpers = (
        "from shop.models import Order\nfrom elsewhere import Unknown\ndef both():\n"
        f"    return 'both', list({first}.objects.all()), list({second}.objects.all())\n"
    )
    views = "from helpers import both\nORDERS = both()\n"
    path = written(tmp_path, {"helpers.py": helpers, "views.py": views})[1]
    finding = findings_in(Project(), str(path), views)[0]
    assert "on Order once" in finding.message
    assert finding.confidence is Confidence.INFERENCE


def test_models_of_a_file_that_cannot_be_parsed(tmp_path: Path) -> None:
    """They are what a model of an installed package is: known by its name, and less certain."""
    views = (
        "import datetime\nfrom old.models import Line\nfrom .models import Place\n"
        "class Form:\n    places = Place.objects.filter(  # [frozen-queryset-argument]\n"
        "        until=datetime.date.today()\n    )\n"
        "    def shown(self):\n        return self.places.all()\n"
        "LINES = Line.objects.filter(at=1)\n"
        "def show(request):\n    return [line for line in LINES]  # [shared-queryset-cache]\n"
    )
    files = {"old/__init__.py": "", "old/models.py": "print 'Python 2'\n", "old/views.py": views}
    path = written(tmp_path, files)[2]
    assert analysed(path) == annotated(path)
    found = findings_in(Project(), str(path), views)
    assert {finding.confidence for finding in found} == {Confidence.INFERENCE_FAILURE}


_DEFAULTS = {
    "a memo": (
        "from shop.models import Order\n"
        "def read(key, memo={}):\n"
        "    if key not in memo:\n"
        "        memo[key] = Order.objects.get(pk=key)\n"
        "    return memo[key]\n"
    ),
    "a time": (
        "from django.utils import timezone\n"
        "from shop.models import Post\n"
        "def read(key, before=timezone.now()):\n"
        "    return Post.objects.filter(pk=key, published_at__lte=before)\n"
    ),
    "rows": (
        "from shop.models import Order\n"
        "def read(key, orders=list(Order.objects.all())):\n"
        "    return orders[key]\n"
    ),
    "a queryset": (
        "from shop.models import Order\n"
        "def read(key, orders=Order.objects.all()):\n"
        "    return [order for order in orders if order.pk == key]\n"
    ),
}


@pytest.mark.parametrize("text", _DEFAULTS.values(), ids=_DEFAULTS)
@pytest.mark.parametrize(
    ("more", "confidence"),
    [
        ("", Confidence.INFERENCE),
        ("def view(request):\n    return read(1)\n", Confidence.HIGH),
        ("HANDLERS = [read]\n", Confidence.HIGH),
        ("def view(request):\n    return read(*request.args)\n", Confidence.HIGH),
    ],
)
def test_a_default_that_nobody_is_seen_to_use(
    text: str, more: str, confidence: Confidence, tmp_path: Path
) -> None:
    """It is certain only if some call leaves the argument out, or anybody may call the function."""
    path = written(tmp_path, {"lib.py": text + more})[0]
    found = findings_in(Project(), str(path), text + more)
    assert [finding.confidence for finding in found] == [confidence]


def test_an_iterator_that_two_files_use(tmp_path: Path) -> None:
    """An imported module's generator answers whoever asks, also after the first file is done."""
    files = {
        "lib.py": "from shop.models import Order\ndef made():\n    yield from Order.objects.all()\n"
        "NAMES = (order.number for order in made())\nLAZY = made()\n",
        "one.py": "import lib\nFIRST = list(lib.NAMES), list(lib.LAZY)\n",
        "two.py": "import lib\nSECOND = list(lib.NAMES), list(lib.LAZY)\n"
        "def show():\n    return list(lib.NAMES)\n",
    }
    _, *paths = written(tmp_path, files)
    alone = [examine(Project(), str(path), path.read_bytes()) for path in paths]
    project = Project()
    together = [examine(project, str(path), path.read_bytes()) for path in paths]
    assert [outcome.faults for outcome in together] == [(), ()]
    assert [len(outcome.findings) for outcome in together] == [len(o.findings) for o in alone]


def test_a_class_of_a_file_that_was_checked_before(tmp_path: Path) -> None:
    """What a file does to a class while it is checked is not there for those that import it."""
    files = {
        "base.py": "class Base:\n    pass\nimport views\nfrom shop.models import Order\n"
        "Base.orders = Order.objects.all()\nSHOWN = views.Page\n",
        "views.py": "import base\nclass Page(base.Base):\n    pass\n"
        "class Other(base.Base):\n    def get(self):\n        return list(self.orders)\n",
    }
    paths = written(tmp_path, files)
    base, views = paths[0], paths[1]
    project = Project()
    analysed(base, project=project)
    assert analysed(views, project=project) == analysed(views)
