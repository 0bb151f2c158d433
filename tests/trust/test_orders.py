"""What is said of a file depends on that file and on what it imports, whatever else is checked.

``benchmarks/isolation.py`` does the same for thousands of packages, and for real projects.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from packages import Package, packages

from orders import alone, differences, said, write
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project

SEED = 2
COUNT = 40
HEAD = "from .models import Order\n"
REGISTER = """\
class Box:
    def __init__(self):
        self.all = []
    def register(self, one):
        self.all.append(one)
box = Box()
"""
CLOSURE = """\
def make(kept):
    def box(one=None):
        kept.append(one)
        return kept
    return box
box = make([])
"""
NONLOCAL = """\
def make(kept):
    def box(one=None):
        nonlocal kept
        kept = one or kept
        return kept
    return box
box = make([])
"""
#: How a registry is filled: its module, the statement that fills it, an expression that reads it.
FILLED = {
    "an item": ("box = {}\n", "box['q'] = Order.objects.all()\n", "list(box['q'])"),
    "update": ("box = {}\n", "box.update(q=Order.objects.all())\n", "list(box['q'])"),
    "append": ("box = []\n", "box.append(Order.objects.all())\n", "list(box[0])"),
    "extend": ("box = []\n", "box.extend([Order.objects.all()])\n", "list(box[0])"),
    "+=": ("box = []\n", "box += [Order.objects.all()]\n", "list(box[0])"),
    "add": ("box = set()\n", "box.add(Order.objects.all())\n", "[list(one) for one in box]"),
    "nested": ("box = {'a': []}\n", "box['a'].append(Order.objects.all())\n", "list(box['a'][0])"),
    "an attribute": (
        "class Box:\n    q = None\nbox = Box()\n",
        "box.q = Order.objects.all()\n",
        "list(box.q)",
    ),
    "a class attribute": (
        "class box:\n    q = []\n",
        "box.q.append(Order.objects.all())\n",
        "list(box.q[0])",
    ),
    "a new class attribute": ("class box: pass\n", "box.q = Order.objects.all()\n", "list(box.q)"),
    "a method": (
        REGISTER,
        "box.register(Order.objects.all())\n",
        "list(box.all[0])",
    ),
    "a default": (
        "def box(one=None, into=[]):\n    into.append(one)\n    return into\n",
        "box(Order.objects.all())\n",
        "list(box()[0])",
    ),
    "a closure": (
        CLOSURE,
        "box(Order.objects.all())\n",
        "list(box()[0])",
    ),
    "nonlocal": (
        NONLOCAL,
        "box(Order.objects.all())\n",
        "list(box())",
    ),
    "global": (
        "q = None\ndef box(one=None):\n    global q\n    q = one or q\n    return q\n",
        "box(Order.objects.all())\n",
        "list(box())",
    ),
}
#: What a call does to what is around it is seen in the checked file only.
BY_A_CALL = {"a method", "a default", "a closure", "nonlocal", "global"}
MODELS = "from django.db import models\nclass Order(models.Model):\n    pass\n"


def lines(path: Path, project: Project | None = None) -> list[str]:
    """What is said of a file."""
    return said(project or Project(), path)


@pytest.mark.parametrize("way", FILLED)
def test_filled_by_a_module_beside(tmp_path: Path, way: str) -> None:
    """Who does not import the module that fills a registry does not see what is in it."""
    store, fill, read = FILLED[way]
    package = Package(
        "p",
        {
            "__init__.py": "",
            "a_fill.py": f"{HEAD}from .store import box\n{fill}",
            "models.py": MODELS,
            "store.py": store,
            "z_read.py": f"from .store import box\nROWS = {read}\n",
        },
    )
    paths = write(package, tmp_path)
    assert not differences(paths, SEED, asking=False)
    assert not lines(tmp_path / "p" / "z_read.py")


@pytest.mark.parametrize("way", FILLED)
def test_filled_by_the_module_itself(tmp_path: Path, way: str) -> None:
    """Whoever reads a registry sees what its module puts into it, whatever was asked for first."""
    store, fill, read = FILLED[way]
    files = {
        "__init__.py": "",
        "models.py": MODELS,
        "store.py": f"{HEAD}{store}{fill}n = 1\n",
        "z_read.py": f"from .store import box\nROWS = {read}\n",
        "z_ask.py": f"from .store import n, box; N = n, box\nROWS = {read}\n",
    }
    write(Package("p", files), tmp_path)
    found = [len(lines(tmp_path / "p" / f"{name}.py")) for name in ("z_read", "z_ask")]
    assert found == ([0, 0] if way in BY_A_CALL else [1, 1])


def test_a_loop_that_fills_and_binds(tmp_path: Path) -> None:
    """Asking for the variable of a loop changes nothing of the list that the loop fills."""
    files = {
        "__init__.py": "",
        "models.py": MODELS,
        "st.py": f"{HEAD}q = []\nfor n in range(3):\n    q.append(Order.objects.all())\n",
        "a.py": "from .st import n\nN = n\n",
        "z.py": "from .st import q\nROWS = [list(one) for one in q]\n",
        "both.py": "from .st import n, q\nN = n\nROWS = [list(one) for one in q]\n",
    }
    paths = write(Package("p", files), tmp_path)
    assert not differences(paths, SEED)
    assert {path.stem: len(found) for path, found in alone(paths).items()} == {
        "__init__": 0,
        "models": 0,
        "st": 0,
        "a": 0,
        "z": 1,
        "both": 1,
    }


def test_bound_again_in_a_branch_that_nobody_can_decide(tmp_path: Path) -> None:
    """A finding is not lost because another name of the branch was asked for before."""
    choice = (
        "from django.conf import settings\nfrom .models import Order\nclass Post: pass\n"
        "Model = Order\nn = 0\nif settings.DEBUG:\n    Model, n = Post, 1\n"
    )
    files = {
        "__init__.py": "",
        "models.py": MODELS,
        "st.py": choice,
        "a.py": "from .st import n\nN = n\n",
        "z.py": "from .st import Model\nROWS = list(Model.objects.all())\n",
        "zz.py": "from .st import n, Model; N = n\nROWS = list(Model.objects.all())\n",
    }
    paths = write(Package("p", files), tmp_path)
    assert not differences(paths, SEED)
    found = {path.stem: len(found) for path, found in alone(paths).items()}
    assert found["z"] == found["zz"] == 1


def test_the_checked_file_sees_its_own_changes(tmp_path: Path) -> None:
    """What a file does to an imported registry, it sees; modules read after that do not."""
    files = {
        "__init__.py": "",
        "models.py": MODELS,
        "store.py": "box = []\n",
        "view.py": "from .store import box\nfirst = box[0] if box else None\n",
        "main.py": (
            f"{HEAD}from .store import box\nbox.append(Order.objects.all())\n"
            "from .view import first\nMINE = list(box[0])\nTHEIRS = list(first or ())\n"
        ),
    }
    write(Package("p", files), tmp_path)
    found = lines(tmp_path / "p" / "main.py")
    assert len(found) == 1
    assert "line=5" in found[0]


@pytest.mark.parametrize("part", range(4))
def test_random_packages(tmp_path: Path, part: int) -> None:
    """All orders give what each file alone gives."""
    found: list[str] = []
    said_of_them = 0
    for number, package in enumerate(packages(SEED, COUNT)[part::4]):
        paths = write(package, tmp_path)
        right = alone(paths)
        said_of_them += sum(map(len, right.values()))
        found += differences(paths, number, right)
    assert not found
    assert said_of_them > 20


def test_asking_first(tmp_path: Path) -> None:
    """Of modules that do not import each other in a circle, names can be asked for in any order."""
    found: list[str] = []
    for number, package in enumerate(packages(SEED, COUNT, circles=False)):
        found += differences(write(package, tmp_path), number, asking=True)
    assert not found


def test_reading_costs_the_checked_file_nothing(tmp_path: Path) -> None:
    """An imported name is read even where the budget of what asks for it is exhausted."""
    files = {
        "__init__.py": "",
        "store.py": "def box():\n    return 1\nq = [1]\n",
        "main.py": "from . import store\n",
    }
    write(Package("p", files), tmp_path)
    analysis = analyse(Project(), str(tmp_path / "p" / "main.py"))
    assert analysis is not None
    store = analysis.world.open(str(tmp_path / "p" / "store.py"))
    assert store is not None
    analysis.budget = 0
    for name in ("box", "q"):
        assert analysis.modules.member(store, name) is not None
    assert (analysis.budget, analysis.muted, analysis.lazy) == (0, 0, 0)
