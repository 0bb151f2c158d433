"""Ask real Django whether the products of refactorings mean what the fixtures mean."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from support import ROOT

from refactorings import REFACTORINGS
from refactorings.trial import Product, sample

if TYPE_CHECKING:
    from collections.abc import Iterable

    from refactorings.trial import Workshop

PLAYER = ROOT / "tests" / "oracle" / "play_refactored.py"


def chosen(seed: int, each: int) -> list[Product]:
    """Products of every refactoring, by chance: ``each`` of them, where there are so many."""
    return [product for name in REFACTORINGS for product in sample(name, seed, each)]


def play(workshop: Workshop, products: Iterable[Product]) -> list[dict[str, Any]]:
    """What Django says of products, one object each, see the player; some cannot be played."""
    asked, made = [], {}
    for product in products:
        folder = str(workshop.write(product))
        made[folder] = product
        asked.append(
            {
                "name": product.name,
                "folder": folder,
                "files": sorted(product.after.files),
                "main": product.after.main,
            }
        )
    listed = workshop.root / "products.json"
    listed.write_text(json.dumps(asked), "utf-8")
    command = [sys.executable, "-B", str(PLAYER), str(listed)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    said = [json.loads(line) for line in done.stdout.splitlines()]
    return [{**one, "steps": made[one.pop("folder")].steps} for one in said]
