"""Every fixture reports what its annotations say, through the engine and through pylint."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import BEFORE, FIXTURES, analysed, annotated, expected, lint

from qs_lint.findings import Rule
from qs_lint.project.source import Project
from qs_lint.rules import all_rules

FILES = sorted(FIXTURES.rglob("*.py"))
SYMBOLS = {rule.symbol for rule in all_rules()}


@pytest.fixture(scope="module")
def project() -> Project:
    """Sources that are read once."""
    return Project()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(FIXTURES).as_posix())
def test_annotations(path: Path, project: Project) -> None:
    """The reported lines are the annotated ones."""
    assert analysed(path, project=project) == expected(path)


def test_through_pylint() -> None:
    """One run of pylint over all fixtures reports what the engine reports."""
    outcome = lint(FIXTURES)
    assert outcome.reports == sorted(report for path in FILES for report in expected(path))


@pytest.mark.parametrize("rule", all_rules(), ids=lambda rule: rule.symbol)
def test_folder(rule: Rule) -> None:
    """Every rule has bad fixtures, and each of them announces it."""
    symbol = rule.symbol
    bad = sorted((FIXTURES / symbol).glob("bad*.py"))
    assert bad
    for path in bad:
        assert symbol in {report.symbol for report in annotated(path)}, path.name


def test_folders_are_rules() -> None:
    """A folder with bad and good files is named after a rule."""
    assert {path.parent.name for path in FILES if path.name.startswith("bad")} == SYMBOLS


def test_annotated_symbols_exist() -> None:
    """No annotation has a typing error."""
    assert {report.symbol for path in FILES for report in annotated(path)} <= SYMBOLS


def test_place_does_not_matter(tmp_path: Path) -> None:
    """The fixtures, copied elsewhere, give the same reports."""
    shutil.copytree(FIXTURES, tmp_path / "elsewhere")
    here, there = Project(), Project()
    for path in FILES:
        copy = tmp_path / "elsewhere" / path.relative_to(FIXTURES)
        known = [(report.line, report.symbol) for report in analysed(path, project=here)]
        found = [(report.line, report.symbol) for report in analysed(copy, project=there)]
        assert found == known, path


def test_versions() -> None:
    """What is right only before a version is a fixture that announces something."""
    for path in BEFORE:
        assert annotated(path)
