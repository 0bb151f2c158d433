"""The findings do not change when nothing changes that they speak of, and do when it does.

The long run over real projects is ``benchmarks/invariants.py``.
"""

from __future__ import annotations

import os
import random
import re
import shutil
from pathlib import Path

import metamorphic
import pytest
from support import FIXTURES
from trials import EVALUATING, RELAXING, Count, try_file
from ways import ENGINE, PYLINT, WAYS, Told, Way, ask

from qs_lint.examination import findings_in
from qs_lint.findings import Finding
from qs_lint.project.source import Project

SEED = 7
FILES = sorted(FIXTURES.rglob("*.py"))
#: Every so many fixtures are tried; the long run tries them all.
SHARE = 6

#: What a module may do to others when it is imported.
PATCHES = """Order.objects = []
setattr(Order, "objects", [])
class Patch: Order.objects = []
Order.objects.open = None
Order.more = []
models.Order = None
del models.Order
helpers.load_open_orders = None
helpers.Order = None
helpers.load_open_orders.cache = []
models.__dict__["Order"] = None
globals()["Order"] = None
from shop.models import *; Order = None""".splitlines()


@pytest.fixture(scope="module")
def project() -> Project:
    """Sources that are read once."""
    return Project()


@pytest.fixture(scope="module")
def expected(project: Project) -> dict[Path, list[Finding]]:
    """What each fixture alone gives, in a fresh project."""
    return {path: findings_in(Project(), str(path)) for path in FILES}


@pytest.mark.parametrize("invariant", [*metamorphic.SAME, EVALUATING, RELAXING])
def test_invariant(project: Project, invariant: str) -> None:
    """A change of form changes nothing; evaluating adds a report, leaving lazy removes it."""
    count = Count()
    number = [*metamorphic.SAME, EVALUATING, RELAXING].index(invariant)
    share = 1 if invariant == RELAXING else SHARE
    for path in FILES[number % share :: share]:
        text = path.read_text(encoding="utf-8")
        try_file(project, str(path), text, count, name=path.name, only=[invariant])
    assert not count.violations
    assert count.cases[invariant] > 10
    assert count.with_findings > 10


def _sees(pattern: str) -> object:
    """An engine that is blind where a pattern is in the text."""

    def engine(project: Project, path: str, text: str) -> list[Finding]:
        return [] if re.search(pattern, text) else findings_in(project, path, text)

    return engine


@pytest.mark.parametrize(
    ("invariant", "pattern"),
    [
        ("comments and blank lines", "# the end"),
        ("line ends of Windows", "\r"),
        ("statements joined by semicolons", ";"),
        ("unrelated code", "_unrelated"),
        ("classes in `if True:`", "if True"),
        ("annotations", "-> object"),
        ("local names", metamorphic.RENAMED),
        (EVALUATING, r"list\("),
    ],
)
def test_violations_are_seen(project: Project, invariant: str, pattern: str) -> None:
    """An engine that minds the change is found out."""
    count = Count()
    for path in FILES[::4]:
        if path.name.startswith("bad") or invariant == EVALUATING:
            text = path.read_text(encoding="utf-8")
            engine = _sees(pattern)
            try_file(project, str(path), text, count, name="", only=[invariant], engine=engine)  # type: ignore[arg-type]
    assert count.violated[invariant] > 0


@pytest.mark.parametrize("seed", range(3))
def test_order_and_subset(expected: dict[Path, list[Finding]], seed: int) -> None:
    """One project for all files in any order, or for some of them only: the same answers."""
    chance = random.Random(f"{SEED}:{seed}")
    files = chance.sample(FILES, len(FILES) if seed == 0 else len(FILES) // 3)
    shared = Project()
    for path in [*files, *files[:20]]:
        assert findings_in(shared, str(path)) == expected[path], path


@pytest.mark.parametrize("patch", PATCHES)
def test_a_file_leaves_no_trace(patch: str) -> None:
    """What a file does to names and classes of other modules is forgotten with it."""
    head = "from shop import models, helpers, constants\nfrom shop.models import Order\n"
    text = head + "ROWS = list(Order.objects.all())\nMORE = helpers.load_open_orders()\n"
    alone = findings_in(Project(), str(FIXTURES / "second.py"), text)
    assert len(alone) == 2
    shared = Project()
    findings_in(shared, str(FIXTURES / "first.py"), f"{head}{patch}\n")
    assert findings_in(shared, str(FIXTURES / "second.py"), text) == alone


def test_text_or_file(project: Project, expected: dict[Path, list[Finding]]) -> None:
    """What is on disk, and the same text handed over as text or bytes."""
    for path in FILES[::SHARE]:
        assert findings_in(project, str(path), path.read_bytes()) == expected[path]
        assert findings_in(project, str(path), path.read_text(encoding="utf-8")) == expected[path]


def test_relative_paths(
    expected: dict[Path, list[Finding]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen from any working directory, by a relative path or through a link."""
    for folder in (FIXTURES, FIXTURES / "shop", FIXTURES.parent.parent):
        monkeypatch.chdir(folder)
        shared = Project()
        for path in FILES[::10]:
            found = findings_in(shared, os.path.relpath(path, folder))
            assert [_placeless(one) for one in found] == [_placeless(f) for f in expected[path]]


def _placeless(finding: Finding) -> tuple[str, int, int, str, str]:
    where = finding.location
    return (finding.symbol, where.line, where.column, finding.confidence.name, finding.message)


def _tree(tmp_path: Path) -> Path:
    root = tmp_path / "fixtures"
    for name in ("shop", "original", "multifile", "shared-context-queryset"):
        shutil.copytree(FIXTURES / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    return root


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
def test_runs(tmp_path: Path, way: Way) -> None:
    """All files at once, half of them, from elsewhere, by other paths: each file gets the same."""
    root = _tree(tmp_path)
    files = [path for path in sorted(root.rglob("*.py")) if path.name != "__init__.py"]
    together = ask(way, [root], root, cwd=tmp_path)
    assert len(together.told) > 10
    random.Random(SEED).shuffle(files)
    half = files[::2]
    names = {path.relative_to(root).as_posix() for path in half}
    some = ask(way, [os.path.relpath(path, root) for path in half], root, cwd=root)
    assert some.told == [one for one in together.told if one.path in names]
    from_inside = ask(way, ["../fixtures"], root, cwd=root)
    assert from_inside.told == together.told


def test_ways_agree(tmp_path: Path) -> None:
    """Every way in tells the same, with any number of processes."""
    root = _tree(tmp_path)
    runs: list[list[Told]] = [ask(way, [root], root).told for way in WAYS]
    runs.append(ask(PYLINT, [root], root, options=["--jobs=2"]).told)
    engine = runs[WAYS.index(ENGINE)]
    off = {"memoized-queryset"}
    assert {one.symbol for one in engine} - off
    for told in runs:
        assert told == engine
