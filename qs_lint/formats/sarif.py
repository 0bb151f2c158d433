"""SARIF 2.1.0: one run, with the rules, the results, and what could not be checked.

A message that says that a file was not checked (a syntax error, an internal error), or that the
configuration is wrong (a plugin that cannot be loaded), is no result of a rule but a notification,
and the invocation counts as unsuccessful.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from qs_lint import explain, links
from qs_lint.findings import Confidence, harmless_json
from qs_lint.fingerprints import fingerprints
from qs_lint.formats._frames import Files, edited, range_of, step_file, step_range
from qs_lint.formats._line_hashes import line_hashes
from qs_lint.formats._locations import CONFIGURATION, file_of, is_note, readable, text_of
from qs_lint.formats._text import visible
from qs_lint.reports import in_order
from qs_lint.rules import all_rules
from qs_lint.sources import relative, utf16_units

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.findings import Edit, Rule, Step
    from qs_lint.formats import Context
    from qs_lint.formats._frames import Range
    from qs_lint.reports import Report

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
FINGERPRINT = "qsLintFinding/v2"
#: what GitHub knows an alert again by; its own action computes it where it is missing
LINE_HASH = "primaryLocationLineHash"
LEVELS = {"F": "error", "E": "error", "W": "warning"}
TAGS = ["correctness", "django", "database", "queryset"]
#: how sure a finding is -> GitHub's words for precision, and SARIF's rank of 100
PRECISION = {
    Confidence.HIGH: ("very-high", 90.0),
    Confidence.INFERENCE: ("high", 70.0),
    Confidence.INFERENCE_FAILURE: ("medium", 40.0),
}


def render(reports: Sequence[Report], context: Context) -> str:
    """A SARIF log with one run, as JSON in ASCII."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_Run(reports, context).data()]}
    return harmless_json(json.dumps(log, indent=2)) + "\n"


class _Run:
    """One run of the linter."""

    def __init__(self, reports: Sequence[Report], context: Context) -> None:
        self.context = context
        self.files = Files(context)
        self.reports = in_order(reports)
        self.prints = fingerprints(self.reports, context.read, context.root)
        self._hashes: dict[str, dict[int, str]] = {}
        self.blind = context.files == 0 and not self.reports and not context.allow_empty
        self.rules = [described(rule) for rule in all_rules()]
        self.index = {rule["id"]: number for number, rule in enumerate(self.rules)}
        for report in self.reports:
            if report.msgid not in self.index and not is_note(report):
                self.index[report.msgid] = len(self.rules)
                self.rules.append(foreign(report))

    def data(self) -> dict[str, Any]:
        """The run as SARIF's object of that name."""
        notes = [r for r in self.reports if is_note(r)]
        wrong = [self.notification(r) for r in notes if r.msgid in CONFIGURATION]
        unchecked = [self.notification(r) for r in notes if r.msgid not in CONFIGURATION]
        if self.blind:
            unchecked.append({"level": "error", "message": {"text": "No file was checked."}})
        return {
            "tool": {
                "driver": {
                    "name": "qs-lint",
                    "fullName": f"qs-lint {self.context.version}",
                    "version": self.context.version,
                    "semanticVersion": self.context.version,
                    "informationUri": links.HOME,
                    "rules": self.rules,
                }
            },
            "automationDetails": {"id": self.category()},
            "invocations": [
                {
                    "executionSuccessful": not notes and not self.blind,
                    "toolConfigurationNotifications": wrong,
                    "toolExecutionNotifications": unchecked,
                }
            ],
            "originalUriBaseIds": {
                ROOT: {"description": {"text": "The directory that the sources are checked in."}}
            },
            "columnKind": "utf16CodeUnits",
            "results": [
                self.result(report, fingerprint)
                for report, fingerprint in zip(self.reports, self.prints, strict=True)
                if not is_note(report)
            ],
        }

    def category(self) -> str:
        """What kind of run this is, so that runs in two folders do not replace each other."""
        folder = readable(relative(self.context.cwd, self.context.root))
        inside = "" if os.path.isabs(folder) or folder == os.curdir else f"{folder}/"
        return f"qs-lint/{inside}"

    def result(self, report: Report, fingerprint: str) -> dict[str, Any]:
        """One report."""
        found: dict[str, Any] = {
            "ruleId": report.msgid,
            "ruleIndex": self.index[report.msgid],
            "level": LEVELS.get(report.msgid[0], "note"),
            "message": {"text": text_of(report)},
            "locations": [self.location(report)],
            "partialFingerprints": {FINGERPRINT: fingerprint},
        }
        line_hash = self.hashes(file_of(report)).get(max(report.line, 1))
        if line_hash is not None:
            found["partialFingerprints"][LINE_HASH] = line_hash
        fix = (self.context.fixes or {}).get(report)
        if fix is not None and fix.edit is not None:
            found["fixes"] = [self.fix(report, fix.what, fix.edit)]
        finding = report.finding
        if finding is None:
            return found
        word, rank = PRECISION[finding.confidence]
        found["rank"] = rank
        found["properties"] = {"confidence": finding.confidence.name, "precision": word}
        if finding.steps:
            way = [self.step(step, report) for step in finding.steps]
            flow = [{"location": location} for location in way]
            found["codeFlows"] = [{"threadFlows": [{"locations": flow}]}]
            found["relatedLocations"] = [
                {"id": number, **location} for number, location in enumerate(way, 1)
            ]
        return found

    def hashes(self, path: str) -> dict[int, str]:
        """GitHub's hash of each line of a file on which something is reported."""
        if path not in self._hashes:
            lines = {max(r.line, 1) for r in self.reports if file_of(r) == path}
            text = self.context.read(path)
            self._hashes[path] = {} if text is None else line_hashes(text, lines)
        return self._hashes[path]

    def fix(self, report: Report, what: str, edit: Edit) -> dict[str, Any]:
        """What a certain fix replaces."""
        path = file_of(report)
        lines = self.files(path)
        change = {
            "deletedRegion": self.region(lines, edited(edit, lines)),
            "insertedContent": {"text": edit.text},
        }
        changes = {"artifactLocation": self.artifact(path), "replacements": [change]}
        return {"description": {"text": f"{visible(what)}."}, "artifactChanges": [changes]}

    def notification(self, report: Report) -> dict[str, Any]:
        """A file that was not checked, or a configuration that is wrong."""
        note: dict[str, Any] = {
            "descriptor": {"id": report.msgid},
            "level": "error",
            "message": {"text": f"{report.symbol}: {text_of(report)}"},
        }
        if self.files(file_of(report)):
            note["locations"] = [self.location(report)]
        return note

    def location(self, report: Report) -> dict[str, Any]:
        """Where a report is, and in which class or function."""
        lines = self.files(file_of(report))
        found = range_of(lines, report.line, report.column, report.end_line, report.end_column)
        region = {"startLine": max(report.line, 1)}
        if found is not None:
            region = self.region(lines, found)
            if report.end_line is None:
                del region["endLine"], region["endColumn"]
        artifact = self.artifact(file_of(report))
        location: dict[str, Any] = {
            "physicalLocation": {"artifactLocation": artifact, "region": region}
        }
        # Without the module's name: what pylint calls a module differs between its versions.
        if report.obj:
            location["logicalLocations"] = [{"fullyQualifiedName": visible(report.obj)}]
        return location

    def step(self, step: Step, report: Report) -> dict[str, Any]:
        """One step of the way from the reported line to the query."""
        path = step_file(step, file_of(report))
        lines = self.files(path)
        where = step_range(lines, step)
        region = self.region(lines, where) if where else {"startLine": max(step.line, 1)}
        return {
            "physicalLocation": {"artifactLocation": self.artifact(path), "region": region},
            "message": {"text": visible(step.text)},
        }

    def region(self, lines: list[str], where: Range) -> dict[str, int]:
        """A range as SARIF counts: from 1, in UTF-16 code units, the end behind the last one."""
        return {
            "startLine": where.line,
            "startColumn": utf16_units(lines[where.line - 1], where.start) + 1,
            "endLine": where.end_line,
            "endColumn": utf16_units(lines[where.end_line - 1], where.end) + 1,
        }

    def artifact(self, path: str) -> dict[str, Any]:
        """A file as a URI: relative to the root, or whole if it is not below it."""
        shown = relative(path, self.context.root)
        if not os.path.isabs(shown):
            return {"uri": quote(os.fsencode(shown), safe="/"), "uriBaseId": ROOT}
        whole = quote(os.fsencode(shown), safe="/:" if os.name == "nt" else "/")
        return {"uri": f"file://{'' if whole.startswith('/') else '/'}{whole}"}


def described(rule: Rule) -> dict[str, Any]:
    """One of our rules."""
    level = LEVELS[rule.msgid[0]]
    return {
        "id": rule.msgid,
        "name": rule.symbol,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.why},
        "help": {"text": explain.explain(rule.symbol), "markdown": explain.markdown(rule.symbol)},
        "helpUri": links.rule_page(rule.symbol),
        "defaultConfiguration": {"level": level, "enabled": rule.enabled},
        "properties": {
            "tags": TAGS,
            "precision": "high" if rule.enabled else "medium",
            "problem.severity": level,
        },
    }


def foreign(report: Report) -> dict[str, Any]:
    """A message of another checker, of which only the name is known."""
    return {
        "id": report.msgid,
        "name": report.symbol,
        "shortDescription": {"text": report.symbol},
        "defaultConfiguration": {"level": LEVELS.get(report.msgid[0], "note")},
    }
