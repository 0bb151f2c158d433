"""A linter, and a pylint plugin, that finds Django querysets whose result is frozen at import."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pylint.lint import PyLinter

__version__ = "0.1.0"


def register(linter: PyLinter) -> None:
    """Hook for ``pylint --load-plugins=qs_lint``.

    With ``--jobs`` some versions of pylint call it a second time, for a linter that has the
    checker already; two checkers would report everything twice.
    """
    from qs_lint.checker import QsLintChecker
    from qs_lint.reporters import REPORTERS

    if QsLintChecker.name not in linter.get_checker_names():
        linter.register_checker(QsLintChecker(linter))
    for reporter in REPORTERS:
        linter.register_reporter(reporter)


def load_configuration(linter: PyLinter) -> None:
    """Hook that pylint calls when it has read its configuration."""
    from qs_lint.checker import tell_of_facts

    tell_of_facts(linter)
