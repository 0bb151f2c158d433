"""The findings of files must not depend on which other files are checked, or in which order.

:func:`differences` asks the engine about the files of a package, in one ``Project``, in several
orders; each file alone, in a project of its own, gives what is right.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from packages import NAMES, Package

from qs_lint.examination import findings_in
from qs_lint.project.source import Project

#: What is said of a file, with all texts and steps, in order.
Said = list[str]


def write(package: Package, folder: Path) -> list[Path]:
    """Write a package into a folder; its files."""
    root = folder / package.name
    root.mkdir(parents=True)
    for name, text in package.files.items():
        (root / name).write_text(text, encoding="utf-8")
    return [root / name for name in package.files]


def said(project: Project, path: Path, text: str | None = None) -> Said:
    """What the engine says of one file."""
    found = findings_in(project, str(path), text)
    return [repr(one) for one in sorted(found, key=lambda one: (one.location.line, repr(one)))]


def in_order(paths: Iterable[Path]) -> dict[Path, Said]:
    """What is said of files that are checked one after another, in one project."""
    project = Project()
    return {path: said(project, path) for path in paths}


def alone(paths: Iterable[Path]) -> dict[Path, Said]:
    """What is said of each file alone."""
    return {path: said(Project(), path) for path in paths}


def asking_first(path: Path, others: list[Path], seed: int) -> Said:
    """What is said of a file that, before anything else, reads names of the modules beside it."""
    chance = random.Random(f"{seed}/{path.name}")
    asked = ""
    for other in chance.sample(others, len(others)):
        names = ", ".join(f"_{other.stem}.{name}" for name in chance.sample(NAMES, 9))
        asked += f"; from . import {other.stem} as _{other.stem}; ({names})"
    text = path.read_text(encoding="utf-8").replace("import random\n", f"import random{asked}\n", 1)
    return said(Project(), path, text)


#: Orders in which the files of a package are checked in one project.
ORDERS = ("forward", "backward", "shuffled")
Item = TypeVar("Item")


def ordered(order: str, items: list[Item], seed: int) -> list[Item]:
    """Things in one of the orders."""
    if order == "forward":
        return items
    if order == "backward":
        return items[::-1]
    return random.Random(seed).sample(items, len(items))


def differences(
    paths: list[Path], seed: int, right: dict[Path, Said] | None = None, *, asking: bool = False
) -> list[str]:
    """Where an order gives other findings than each file alone: a text for each difference.

    ``asking``: also where a file is told something else if it asks for other names first.
    """
    right = right or alone(paths)
    found: list[str] = []
    for name in ORDERS:
        said_here = in_order(ordered(name, paths, seed))
        found += _compared(name, right, said_here)
    if asking:
        others = [path for path in paths if path.stem not in ("__init__", "models")]
        said_here = {path: asking_first(path, others, seed) for path in others}
        found += _compared("asking first", right, said_here)
    return found


def _compared(name: str, right: dict[Path, Said], said_here: dict[Path, Said]) -> list[str]:
    found = []
    for path, what in said_here.items():
        if what != right[path]:
            less = [one for one in right[path] if one not in what]
            more = [one for one in what if one not in right[path]]
            found.append(f"{name}: {path.parent.name}/{path.name}: less {less}, more {more}")
    return found
