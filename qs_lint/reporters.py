"""The formats as reporters of pylint.

    pylint --load-plugins=qs_lint --output-format=qs-full,qs-sarif:qs-lint.sarif src

Each has a short name once the plugin is loaded, and works by its path without
(``--output-format=qs_lint.reporters.SarifReporter``).  With ``--jobs`` nothing but pylint's
messages reaches the reporter, so the findings behind them are made again here, for the files with
reports.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pylint.reporters import BaseReporter

import qs_lint

if TYPE_CHECKING:
    from typing import TextIO

    from pylint.lint import PyLinter
    from pylint.message import Message
    from pylint.reporters.ureports.nodes import Section

    from qs_lint.findings import Finding
    from qs_lint.reports import Report


class _FormatReporter(BaseReporter):
    """Collects all messages and writes one text when pylint has done its work."""

    #: the format's name in :data:`qs_lint.formats.FORMATS`
    form = ""

    def __init__(self, output: TextIO | None = None) -> None:
        super().__init__(output)
        self._files: set[str] = set()

    def on_set_current_module(self, module: str, filepath: str | None) -> None:
        """Count files: pylint names each, with ``--jobs`` when a worker has done it."""
        if filepath:
            self._files.add(os.path.abspath(filepath))

    def display_messages(self, layout: Section | None) -> None:
        """Write everything; pylint calls it once, after the last file."""
        from qs_lint.formats import render
        from qs_lint.formats.terminal import context_for, write

        reports = reports_of(self.messages, self.linter)
        broken = {r.abspath for r in reports if r.msgid[0] == "F" or r.msgid == "E0001"}
        # As with pylint's own formats, a file has no colours whatever the environment wants.
        plain = {} if self.out is sys.stdout else {"NO_COLOR": "1"}
        context = context_for(
            self.out, {**os.environ, **plain}, qs_lint.__version__, len(self._files - broken)
        )
        write(self.out, render(self.form, reports, context))

    def display_reports(self, layout: Section) -> None:
        """Nothing: pylint's tables would break the format."""

    def _display(self, layout: Section) -> None:
        """Nothing, for the same reason."""


class FullReporter(_FormatReporter):
    """For people: the code, the steps to the query, the reason and what to write instead."""

    name = "qs-full"
    extension = "txt"
    form = "full"


class ConciseReporter(_FormatReporter):
    """One line a finding."""

    name = "qs-concise"
    extension = "txt"
    form = "concise"


class StatisticsReporter(_FormatReporter):
    """How often each rule was broken."""

    name = "qs-statistics"
    extension = "txt"
    form = "statistics"


class GithubReporter(_FormatReporter):
    """GitHub Actions annotations."""

    name = "qs-github"
    extension = "txt"
    form = "github"


class SarifReporter(_FormatReporter):
    """SARIF 2.1.0."""

    name = "qs-sarif"
    extension = "sarif"
    form = "sarif"


class GitlabReporter(_FormatReporter):
    """GitLab Code Quality."""

    name = "qs-gitlab"
    extension = "json"
    form = "gitlab"


class AzureReporter(_FormatReporter):
    """Azure Pipelines annotations."""

    name = "qs-azure"
    extension = "txt"
    form = "azure"


class RdjsonReporter(_FormatReporter):
    """Reviewdog Diagnostic Format."""

    name = "qs-rdjson"
    extension = "json"
    form = "rdjson"


class JunitReporter(_FormatReporter):
    """JUnit XML."""

    name = "qs-junit"
    extension = "xml"
    form = "junit"


class JsonReporter(_FormatReporter):
    """JSON with all that is known of each finding."""

    name = "qs-json"
    extension = "json"
    form = "qs-json"


class JsonLinesReporter(_FormatReporter):
    """The same as JSON lines."""

    name = "qs-jsonl"
    extension = "jsonl"
    form = "qs-jsonl"


REPORTERS = (
    FullReporter,
    ConciseReporter,
    StatisticsReporter,
    GithubReporter,
    AzureReporter,
    SarifReporter,
    GitlabReporter,
    JunitReporter,
    RdjsonReporter,
    JsonReporter,
    JsonLinesReporter,
)


def reports_of(messages: list[Message], linter: PyLinter) -> list[Report]:
    """Pylint's messages as reports, ordered, ours with their findings."""
    from qs_lint.reports import Report, in_order
    from qs_lint.rules import all_rules

    findings = _Findings(linter)
    ours = {rule.msgid for rule in all_rules()}
    return list(
        in_order(
            Report.of_message(
                message,
                _absolute(message.abspath),
                findings(message) if message.msg_id in ours else None,
            )
            for message in messages
        )
    )


def _absolute(path: str) -> str:
    """A file's whole path; what is no file (``Command line or configuration file``) stays."""
    return os.path.abspath(path) if os.path.exists(path) else path


class _Findings:
    """The findings behind messages, each file analysed once."""

    def __init__(self, linter: PyLinter) -> None:
        from qs_lint.checker import facts_for
        from qs_lint.project.source import Project

        roots = getattr(linter.config, "source_roots", ()) or ()
        self.project = Project(roots, facts_for(linter.config))
        self.found: dict[str, dict[tuple[str, int, int], Finding]] = {}

    def __call__(self, message: Message) -> Finding | None:
        """The finding that a message was made from; ``None`` if the file says otherwise by now."""
        from qs_lint.examination import findings_in
        from qs_lint.reports import by_place

        path = os.path.abspath(message.abspath)
        if path not in self.found:
            try:
                self.found[path] = by_place(findings_in(self.project, path))
            except Exception:  # noqa: BLE001 - the checker has reported the fault already
                self.found[path] = {}
        found = self.found[path].get((message.symbol, message.line, message.column))
        # A buffer on standard input may differ from the file on disk.
        return found if found is not None and found.message == message.msg else None
