"""The inputs of the fuzzing: input ``n`` of a seed is the same whenever and wherever it is made.

The first inputs are real files as they are, each once; after them come texts that are made:
mutants of real files and of fixtures, programs, extremes, garbage.
"""

from __future__ import annotations

import importlib.util
import json
import os
import random
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import extremes
import mutations
import programs

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).resolve().parent
FIXTURES = HERE.parent / "fixtures"
#: How often each kind is made, once the real files are through.
WEIGHTS = {
    "mutated nodes": 40,
    "mutated tokens": 20,
    "mutated bytes": 10,
    "encodings": 4,
    "programs": 18,
    "packages": 6,
    "extremes": 1,
    "grammar": 1,
}
#: Real files that are mutated are at most so long: most mutants of a long file are alike.
MUTABLE_BYTES = 12_000
#: Programs of the whole grammar come from hypothesmith in lots: it is slow to start.
LOT = 5_000


@dataclass(frozen=True)
class Input:
    """A text to be checked as the file ``path``.

    ``name`` says what it was made from and holds no folder of this machine.  ``files`` are to be
    written below ``path``'s folder first.
    """

    kind: str
    name: str
    path: Path
    text: bytes | str | None
    files: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Real:
    """A real file, and how it is called in results."""

    kind: str
    name: str
    path: Path


def _python_files(kind: str, root: Path, label: str, leave_out: tuple[str, ...]) -> Iterator[Real]:
    for path in sorted(root.rglob("*.py")):
        inside = path.relative_to(root)
        if not set(leave_out) & set(inside.parts[:-1]):
            yield Real(kind, f"{label}/{inside.as_posix()}", path)


def library() -> Iterator[Real]:
    """The standard library and CPython's own tests, with their files of bad syntax."""
    root = Path(sysconfig.get_path("stdlib"))
    yield from _python_files(
        "standard library", root, "lib", ("site-packages", "dist-packages", "test", "tests")
    )
    if (root / "test").is_dir():
        yield from _python_files("CPython's tests", root / "test", "test", ())


def installed() -> Iterator[Real]:
    """The packages of the running environment."""
    root = Path(sysconfig.get_path("purelib"))
    yield from _python_files("installed packages", root, "site-packages", ())


def fixtures() -> list[Real]:
    """Our own fixtures."""
    return list(_python_files("fixtures", FIXTURES, "fixtures", ()))


def folder(root: Path) -> Iterator[Real]:
    """The files below a folder of somebody's."""
    yield from _python_files("other sources", root, root.name, ())


class Inputs:
    """All inputs of a seed.

    ``real`` are the files to be read as they are; mutants are made of these, of ``more`` and of
    the fixtures.  ``work`` is a folder to write packages into.
    """

    def __init__(
        self, seed: int, work: Path, real: list[Real], more: list[Real], kinds: tuple[str, ...] = ()
    ) -> None:
        self.seed = seed
        self.work = work
        self.real = real
        self.more = more
        self.weights = {kind: WEIGHTS[kind] for kind in kinds or WEIGHTS}
        self._grammar: dict[int, list[str]] = {}
        if not can_write_grammar():
            self.weights.pop("grammar", None)

    @cached_property
    def mutable(self) -> list[Real]:
        """Real files of a size that is worth mutating."""
        return [r for r in [*self.real, *self.more] if r.path.stat().st_size < MUTABLE_BYTES]

    @cached_property
    def fixtures(self) -> list[Real]:
        """Our own fixtures."""
        return fixtures()

    def make(self, number: int) -> Input:
        """Input ``number``."""
        if number < len(self.real):
            one = self.real[number]
            return Input(one.kind, one.name, one.path, None)
        chance = random.Random(f"{self.seed}:{number}")
        kind = chance.choices(list(self.weights), list(self.weights.values()))[0]
        if kind.startswith("mutated") or kind == "encodings":
            return self._mutant(kind, number, chance)
        if kind == "packages":
            files = programs.package(chance)
            return Input(
                kind, f"package {number}", self.work / f"p{number}" / "one.py", None, files
            )
        if kind == "programs":
            text = programs.module(chance)
        elif kind == "grammar":
            text = self._grammar_text(number)
        else:
            name = chance.choice(list(extremes.EXTREMES))
            size = chance.randrange(2, chance.choice(extremes.SIZES))
            path = FIXTURES / "views.py"
            return Input(kind, f"{name} of size {size}", path, extremes.EXTREMES[name](size))
        return Input(kind, f"{kind} {number}", FIXTURES / "views.py", text)

    def _mutant(self, kind: str, number: int, chance: random.Random) -> Input:
        origin, donor = self._origin(chance), self._origin(chance)
        raw = origin.path.read_bytes()
        name = f"{origin.name} #{number}"
        if kind == "mutated bytes":
            return Input(kind, name, origin.path, mutations.spoil_bytes(raw, chance))
        text = raw.decode("utf-8", "replace")
        if kind == "encodings":
            return Input(kind, name, origin.path, mutations.encoded(text, chance))
        mutate = mutations.nodes if kind == "mutated nodes" else mutations.tokens
        other = donor.path.read_text(encoding="utf-8", errors="replace")
        return Input(kind, name, origin.path, mutate(text, other, chance))

    def _origin(self, chance: random.Random) -> Real:
        if not self.mutable or chance.random() < 0.6:
            return chance.choice(self.fixtures)
        return chance.choice(self.mutable)

    def _grammar_text(self, number: int) -> str:
        lot = number // LOT
        if lot not in self._grammar:
            self._grammar = {lot: grammar_lot(f"{self.seed}:{lot}")}
        texts = self._grammar[lot]
        return texts[number % LOT % len(texts)]


def can_write_grammar() -> bool:
    """Whether hypothesmith is installed (the extra ``fuzz``)."""
    return importlib.util.find_spec("hypothesmith") is not None


def grammar_lot(seed: str) -> list[str]:
    """Programs from the whole grammar of Python, made in a process of their own.

    What makes them takes far more memory than the engine, whose memory is measured.
    """
    command = [sys.executable, str(HERE / "grammar.py"), seed]
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "HYPOTHESIS_STORAGE_DIRECTORY": folder}
        done = subprocess.run(command, capture_output=True, check=True, env=environment)
    texts: list[str] = json.loads(done.stdout)
    return texts or ["\n"]
