"""Refactor fixtures, and ask the linter about what comes out."""

from __future__ import annotations

import ast
import random
import shutil
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import TYPE_CHECKING

from support import FIXTURES

from qs_lint.examination import findings_in
from qs_lint.project.source import Project
from refactorings import REFACTORINGS
from refactorings.program import Outcome, Place, Program, outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

#: Folders of fixtures that are not modules of their own, or claim nothing that is a report.
LEFT_OUT = {"shop", "multifile", "original", "unseen"}


@dataclass(frozen=True)
class Product:
    """What became of a fixture."""

    name: str
    steps: tuple[str, ...]
    before: Program
    after: Program


@cache
def programs() -> dict[str, Program]:
    """Every fixture that is one module, by its name."""
    found = {}
    for path in sorted(FIXTURES.glob("*/*.py")):
        if path.parent.name not in LEFT_OUT:
            name = f"{path.parent.name}/{path.stem}"
            found[name] = Program({path.name: path.read_text("utf-8")}, path.name)
    return found


def refactored(name: str, program: Program, steps: Iterable[str]) -> Product | None:
    """A fixture after some refactorings; ``None`` where one of them has nothing to do."""
    after: Program | None = program
    for step in steps:
        after = REFACTORINGS[step](after) if after else None
    if after is None:
        return None
    for text in after.files.values():
        ast.parse(text)
    return Product(name, tuple(steps), program, after)


def sample(refactoring: str, seed: int, count: int) -> Iterator[Product]:
    """Products of one refactoring, by chance; more fixtures change little of what is chosen."""
    known = programs()
    names = sorted(known, key=lambda name: sha256(f"{seed} {refactoring} {name}".encode()).digest())
    products = (refactored(name, known[name], [refactoring]) for name in names)
    return islice((product for product in products if product), count)


def pairs(seed: int, count: int, names: Iterable[str]) -> Iterator[tuple[str, tuple[str, str]]]:
    """Fixtures, each with two refactorings, by chance."""
    chance = random.Random(seed)
    known = sorted(names)
    for _ in range(count):
        first, second = chance.sample(sorted(REFACTORINGS), 2)
        yield chance.choice(known), (first, second)


class Workshop:
    """A folder like the one of the fixtures, in which products are written and examined."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.number = 0
        shutil.copytree(FIXTURES / "shop", root / "shop", dirs_exist_ok=True)
        self.project = Project()

    def write(self, product: Product) -> Path:
        """Write a product into a folder of its own."""
        self.number += 1
        folder = self.root / f"product_{self.number}"
        for name, text in product.after.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return folder

    def found(self, product: Product, folder: Path) -> set[Place]:
        """What the linter says."""
        return {
            (name, one.location.line, one.symbol)
            for name in product.after.files
            for one in findings_in(self.project, str(folder / name))
        }

    def tried(self, product: Product) -> tuple[Outcome, set[Place]]:
        """What became of the reports, and what was found."""
        found = self.found(product, self.write(product))
        return outcome(product.before, product.after, found), found
