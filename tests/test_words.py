"""Words are for people: no package below the rules makes them, reads them or decides by them."""

from __future__ import annotations

import ast
import enum
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest
from support import FIXTURES
from test_layers import ENGINE, PACKAGE

from qs_lint.domain import Holder, HolderKind, Use, UseKind
from qs_lint.domain.observations import Observation
from qs_lint.findings import Finding
from qs_lint.fixes.engine import fix_text
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project
from qs_lint.rules import judge
from qs_lint.rules._uses import holder_words, use_words

#: Fields of findings, reports and rules that hold words.
WORDS = frozenset({"happens", "wrong", "cure", "brief", "message", "summary", "why", "text"})
#: What takes a text apart.
SEARCHES = frozenset(
    "startswith endswith find rfind index count split rsplit partition rpartition replace "
    "removeprefix removesuffix match search fullmatch".split()
)
FILES = sorted(
    path for name in (*ENGINE, "fixes", "rules") for path in (PACKAGE / name).rglob("*.py")
)
#: What the checked code is called: names, dotted names, paths, types of literals.
CODE = re.compile(r"[\w.*<>:/ \[\]'\"()=,-]*")


def taken_apart(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Places that compare, split or search something that holds words."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            read = [node.func.value, *node.args] if node.func.attr in SEARCHES else []
        elif isinstance(node, ast.Compare):
            read = [node.left, *node.comparators]
        else:
            continue
        for part in read:
            if isinstance(part, ast.Attribute) and part.attr in WORDS:
                if ast.unparse(part.value).rpartition(".")[2] in (
                    "finding",
                    "each",
                    "rule",
                    "seen",
                ):
                    yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_no_decision_on_words(path: Path) -> None:
    """Nothing that is meant for people is compared, split or searched."""
    assert list(taken_apart(ast.parse(path.read_text(encoding="utf-8")))) == []


def sentences(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Literals of several words, without docstrings and tables of names."""
    documentation = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    split = {
        part
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "split"
        for part in ast.walk(node.func.value)
    }
    members = {
        statement.value
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(b) for b in node.bases)
        for statement in node.body
        if isinstance(statement, ast.Assign)
    }  # what a member of an enumeration is called in a debugger
    left_out = documentation | split | members
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if node not in left_out and re.search(r"[a-z] [a-z]", node.value):
                yield node.lineno, node.value


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if path.relative_to(PACKAGE).parts[0] in ENGINE],
    ids=lambda path: path.relative_to(PACKAGE).as_posix(),
)
def test_no_sentences_in_the_engine(path: Path) -> None:
    """Sentences are made in the rules."""
    assert list(sentences(ast.parse(path.read_text(encoding="utf-8")))) == []


def strings(thing: object, seen: set[int]) -> Iterator[str]:
    """All texts in an observation; not in the trees and values that it points to."""
    if isinstance(thing, str):
        yield thing
    elif isinstance(thing, (tuple, list, set, frozenset)):
        for item in thing:
            yield from strings(item, seen)
    elif is_dataclass(thing) and not isinstance(thing, (type, enum.Enum)) and id(thing) not in seen:
        seen.add(id(thing))
        if isinstance(thing, (Observation, Holder, Use)) or type(thing).__name__ in (
            "Context",
            "Hop",
            "QueryRun",
            "FrozenArgument",
            "VolatileRead",
        ):
            for item in fields(thing):
                yield from strings(getattr(thing, item.name), seen)


def seen_in(path: Path, project: Project) -> list[Observation]:
    """What the engine sees in a file."""
    analysis = analyse(project, str(path))
    return [] if analysis is None else list(analysis.observed)


PAGES = sorted(FIXTURES.rglob("*.py"))


def test_observations_hold_names_only() -> None:
    """What the engine says is names of the code and members of enumerations."""
    project = Project()
    for path in PAGES:
        for observation in seen_in(path, project):
            for text in strings(observation, set()):
                assert CODE.fullmatch(text), (path.name, text)
                assert not re.search(r"[a-z]{2} (the|a|an|of|in|to|is) ", text), (path.name, text)


def without_words(finding: Finding, number: int) -> Finding:
    """The finding with numbers in the place of its texts."""
    return replace(
        finding,
        happens=f"{number}.1",
        wrong=f"{number}.2",
        cure=f"{number}.3",
        brief=f"{number}.4",
        steps=tuple(replace(step, text=str(place)) for place, step in enumerate(finding.steps)),
    )


def test_fixes_do_not_read() -> None:
    """All texts replaced by numbers: the same places, symbols and fixes."""
    fixed = 0
    for path in PAGES:
        project = Project()
        findings = judge(str(path), seen_in(path, project))
        if not findings:
            continue
        text = path.read_text(encoding="utf-8")
        blank = [without_words(finding, number) for number, finding in enumerate(findings)]
        one, other = (fix_text(text, str(path), each, Project()) for each in (findings, blank))
        assert other.text == one.text, path
        assert [each.what for each in other.fixed] == [each.what for each in one.fixed]
        assert [each.why for each in other.suggested] == [each.why for each in one.suggested]
        fixed += len(one.fixed)
    assert fixed > 50


@pytest.mark.parametrize("kind", UseKind)
def test_every_use_has_words(kind: UseKind) -> None:
    """Each kind of use can be spoken of, and no two are called the same."""
    words = {other: use_words(Use(other, "name")) for other in UseKind}
    assert words[kind]
    assert [other for other in UseKind if words[other] == words[kind]] == [kind]


@pytest.mark.parametrize("kind", HolderKind)
def test_every_holder_has_words(kind: HolderKind) -> None:
    """Each kind of holder can be spoken of, with its name and without."""
    assert "name" in holder_words(Holder(kind, "name"))
    assert holder_words(Holder(kind))
