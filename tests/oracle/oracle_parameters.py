"""Cases of the oracle as parameters of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import oracle_cases
import pytest

if TYPE_CHECKING:
    from oracle_cases import Case


def parameters(cases: list[Case]) -> list[Any]:
    """One test parameter for each case that is run, skipped where a package is absent."""
    return [
        pytest.param(
            case,
            id=case.name,
            marks=[
                pytest.mark.skip(reason=f"needs {package}")
                for package in case.needs
                if not oracle_cases.installed(package)
            ],
        )
        for case in cases
        if case.name not in oracle_cases.NOT_RUN
    ]
