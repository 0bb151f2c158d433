"""A small program and what is to be reported in it: what a refactoring takes and gives.

The *line to edit* is marked, as in the fixtures, by a comment ``# [symbol]``.  It moves with its
statement.  Where a refactoring takes the marked expression out of its statement, the line that the
expression comes to stand on is marked ``# or [symbol]``: a report at either is right.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from dataclasses import dataclass, replace
from enum import Enum

MARK = re.compile(r"#(?P<other>.*\bor)?[^#]*\[(?P<symbols>[a-z, -]+)\]\s*$")
Place = tuple[str, int, str]


@dataclass(frozen=True)
class Program:
    """Files by their names, and the one that is imported first."""

    files: dict[str, str]
    main: str

    @property
    def text(self) -> str:
        """The text of the main file."""
        return self.files[self.main]

    def changed(self, text: str, more: dict[str, str] | None = None) -> Program | None:
        """The program with another text, and more files; ``None`` if nothing is changed."""
        if text == self.text and not more:
            return None
        return replace(self, files={**self.files, **(more or {}), self.main: text})

    def fresh(self, stem: str) -> str:
        """A name that the program does not use yet."""
        everything = "\n".join([*self.files, *self.files.values()])
        number = 1
        while re.search(rf"\b{stem}_{number}\b", everything):
            number += 1
        return f"{stem}_{number}"

    def marks(self) -> tuple[Counter[str], set[Place]]:
        """How many reports of each symbol are due, and where reports may stand."""
        due: Counter[str] = Counter()
        places: set[Place] = set()
        for name, text in self.files.items():
            for number, line in enumerate(text.splitlines(), 1):
                if match := MARK.search(line):
                    for symbol in match["symbols"].split(","):
                        places.add((name, number, symbol.strip()))
                        due[symbol.strip()] += not match["other"]
        return due, places


class Outcome(Enum):
    """What became of the reports of a program when it was refactored."""

    SURVIVED = "survived"
    #: A report that is due is missing.
    LOST = "lost"
    #: There is a report where none is due.
    FALSE = "false"


def outcome(before: Program, after: Program, found: set[Place]) -> Outcome:
    """What became of the reports that are due in ``before``, with what is found in ``after``."""
    due, _ = before.marks()
    _, places = after.marks()
    left = Counter(symbol for _, _, symbol in places)
    count = Counter(symbol for _, _, symbol in found)
    if found - places or count > due:
        return Outcome.FALSE
    enough = all(count[symbol] >= min(due[symbol], left[symbol]) > 0 for symbol in due)
    return Outcome.SURVIVED if enough else Outcome.LOST


def bound(text: str) -> Counter[str]:
    """How often each name is bound anywhere in a text."""
    found: Counter[str] = Counter()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
            found[node.id] += 1
        elif isinstance(node, ast.arg):
            found[node.arg] += 1
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found[node.name] += 1
        elif isinstance(node, ast.alias):
            found[(node.asname or node.name).split(".")[0]] += 1
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found[node.name] += 1
    return found
