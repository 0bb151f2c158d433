"""A pylint plugin that finds Django querysets whose result is frozen at import."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylint.lint import PyLinter

__version__ = "0.1.0"


def register(linter: PyLinter) -> None:
    """Hook for ``pylint --load-plugins=qs_lint``."""
    from qs_lint.checker import QsLintChecker

    linter.register_checker(QsLintChecker(linter))
