"""What the linter says about buffers: unsaved text in place of what is on disk."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qs_lint.command import direct
from qs_lint.command.discovery import ignored
from qs_lint.command.options import parse
from qs_lint.command.settings import settings_for
from qs_lint.examination import examine
from qs_lint.facts import facts_with
from qs_lint.fixes import FixerUnavailable, fixes_for
from qs_lint.project.source import Project

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qs_lint.command.settings import Settings
    from qs_lint.fixes import FixResult
    from qs_lint.reports import Report


@dataclass(frozen=True)
class Checked:
    """What is said about one buffer.

    ``reports`` are what the command would report for this text; ``files`` are the absolute paths
    of the other files that the answer depends on.
    """

    reports: tuple[Report, ...] = ()
    files: frozenset[str] = frozenset()


class Session:
    """The linter for one editor.

    The command's options, given when the server is started, count for every file; the
    configuration is looked up as the command looks it up, from the working directory.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        """``arguments``: options of the command; raises ``UsageError`` for impossible ones."""
        self._arguments = tuple(arguments)
        parse(self._arguments)

    def check(self, path: str, buffers: Mapping[str, str]) -> Checked:
        """Check the buffer at ``path``, an absolute path; all ``buffers`` stand for their files.

        Raises ``UsageError`` if the configuration cannot be read.
        """
        name = _named(path)
        options = parse([*self._arguments, "--from-stdin", "--", name])
        settings = settings_for(options)
        if ignored(name, settings):
            return Checked()
        text = buffers[path].encode("utf-8", "surrogatepass")
        project = self._project(settings, path, buffers)
        outcome = examine(project, path, text)
        files = frozenset(file for file, _ in outcome.files)
        if outcome.silent:
            return Checked(files=files)
        reports = None
        if direct.possible(options, settings):
            reports = direct.reports_of(path, outcome, text)
        if reports is None:
            from qs_lint.command.through_pylint import reports_for

            reports = reports_for({path: outcome}, {path: name}, options, settings, text)
        return Checked(tuple(reports), files)

    def fixed(
        self, path: str, buffers: Mapping[str, str], reports: Sequence[Report]
    ) -> FixResult[str] | None:
        """The buffer with the certain fixes of these reports; ``None`` without LibCST."""
        options = parse([*self._arguments, "--from-stdin", "--", _named(path)])
        project = self._project(settings_for(options), path, buffers)
        findings = [report.finding for report in reports if report.finding is not None]
        try:
            return fixes_for(buffers[path], path, findings, project)
        except FixerUnavailable:
            return None

    @staticmethod
    def _project(settings: Settings, path: str, buffers: Mapping[str, str]) -> Project:
        project = Project(settings.source_roots, facts_with(settings.own.library))
        for other, text in buffers.items():
            if other != path:
                project.add(other, text)
        return project


def _named(path: str) -> str:
    """The path as the command would be given it."""
    try:
        name = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if name.startswith(os.pardir) else name
