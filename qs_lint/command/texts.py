"""A text checked in place of a file: standard input, or what an editor has not saved yet."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qs_lint import sources
from qs_lint.command import direct
from qs_lint.command.discovery import ignored
from qs_lint.examination import examine
from qs_lint.facts import facts_with
from qs_lint.project.source import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings
    from qs_lint.examination import Outcome
    from qs_lint.reports import Report


@dataclass(frozen=True)
class CheckedText:
    """What is reported about a text; ``outcome``: what that depends on."""

    reports: Sequence[Report]
    outcome: Outcome


def project_for(settings: Settings) -> Project:
    """A project that has read nothing yet, with the source roots and facts of these settings."""
    roots = [os.path.abspath(root) for root in settings.source_roots]
    return Project(roots, facts_with(settings.own.library))


def check_text(
    text: bytes, options: Options, settings: Settings, project: Project
) -> CheckedText | None:
    """What would be reported about the one file of ``options.paths`` if it held this text.

    ``None`` if the options or the configuration leave the file out.  Raises
    :class:`qs_lint.command.UsageError` where pylint refuses the configuration.
    """
    (name,) = options.paths
    if ignored(name, settings):
        return None
    path = os.path.abspath(name)
    outcome = examine(project, path, text)
    if outcome.silent:
        return CheckedText([], outcome)
    reports: Sequence[Report] | None = None
    if outcome.refused:
        reports = direct.refusals(path, name, outcome.refused, options)
    elif direct.possible(options, settings):
        reports = direct.reports_of(path, outcome, text)
    if reports is None:
        from qs_lint.command.through_pylint import reports_for

        reports = reports_for({path: outcome}, {path: name}, options, settings, text)
    return CheckedText(settings.found.table.kept(reports), outcome)


def reader(path: str, data: bytes) -> Callable[[str], str | None]:
    """Read files, but for the one at ``path``, an absolute path, which holds ``data``."""
    return lambda asked: sources.decoded(data) if asked == path else sources.read(asked)
