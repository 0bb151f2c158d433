"""What the linter says of a leak, left behind or raced, is what two visitors see."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import oracle_cases
import pytest
from oracle_cases import LEAKED, Case
from oracle_parameters import parameters

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from qs_lint.domain.leaks import Meaning
from qs_lint.domain.observations import Leak
from qs_lint.phases.analysis import analyse
from qs_lint.project.source import Project

CASES = [case for case in oracle_cases.all_cases() if case.symbols & LEAKED]


@pytest.mark.parametrize("case", parameters(CASES))
def test_meaning(case: Case, verdicts: dict[str, Any]) -> None:
    """A later request shows what is left behind, two at once what is raced."""
    seen = verdicts[case.name]["visitors"]
    expected = Meaning.LEFT_BEHIND if seen["left_behind"] else Meaning.RACED
    said = []
    for file in case.files:
        analysis = analyse(Project(), str(file))
        assert analysis is not None
        said += [leak.meaning for leak in analysis.observed if isinstance(leak, Leak)]
    assert set(said) == {expected}
