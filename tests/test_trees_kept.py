"""Trees are kept for whoever imports a file next, up to a limit; what is said does not change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import FIXTURES

from qs_lint.examination import examine
from qs_lint.project import source
from qs_lint.project.source import Project

if TYPE_CHECKING:
    from pathlib import Path

    from qs_lint.examination import Outcome

MULTIFILE = sorted((FIXTURES / "multifile").rglob("*.py"))


def outcomes(project: Project) -> list[Outcome]:
    """What is said of the fixtures that need several files."""
    found = []
    for path in MULTIFILE:
        found.append(examine(project, str(path), path.read_bytes()))
        project.forget(str(path))
    return found


@pytest.fixture
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """No tree is kept for later."""
    monkeypatch.setattr(source, "MAX_KEPT", 0)
    monkeypatch.setattr(source, "MAX_CHECKED", 0)


def test_a_file_is_parsed_once_within_the_limit() -> None:
    """A second round over the same files parses nothing."""
    project = Project()
    outcomes(project)
    before = project.parsed
    outcomes(project)
    assert project.parsed == before


def test_findings_do_not_depend_on_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Trees that are freed and parsed again change no finding."""
    kept = outcomes(Project())
    monkeypatch.setattr(source, "MAX_KEPT", 0)
    monkeypatch.setattr(source, "MAX_CHECKED", 0)
    project = Project()
    freed = outcomes(project)
    assert [outcome.to_data() for outcome in freed] == [outcome.to_data() for outcome in kept]
    assert any(outcome.findings for outcome in freed)
    assert project.parsed > 2 * len(MULTIFILE)


@pytest.mark.usefixtures("nothing_kept")
def test_a_text_in_place_of_a_file_is_never_forgotten(tmp_path: Path) -> None:
    """An unsaved buffer stays, whatever the limit."""
    one, other = tmp_path / "one.py", tmp_path / "other.py"
    one.write_text("X = 1\n")
    other.write_text("import one\n\nprint(one.X)\n")
    project = Project()
    project.add(str(one), b"X = 2\n")
    examine(project, str(other), other.read_bytes())
    project.forget(str(other))
    file = project.open(str(one))
    assert file is not None
    assert file.text == b"X = 2\n"
    assert file.tree.body
