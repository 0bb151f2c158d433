"""From findings to a new text: each cure is tried, and asked of the linter, before it counts."""

from __future__ import annotations

import warnings
from collections import Counter
from typing import TYPE_CHECKING

import libcst as cst

from qs_lint.examination import findings_in
from qs_lint.findings import Edit, Fix
from qs_lint.fixes.document import Document, Unreadable
from qs_lint.fixes.plans import Plan, apply_plans, collide
from qs_lint.fixes.results import FixResult, Suggestion, edit_between
from qs_lint.fixes.shapes import Case, options
from qs_lint.fixes.sources import Sources
from qs_lint.project.source import Project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.findings import Finding

NO_SHAPE = "there is no certain fix for this code"
AGAIN = "another fix changes the same lines: run again"
STILL = "the linter would still report it"


class Fixer:
    """One text, the plans that are accepted so far, and what the linter says after them."""

    def __init__(self, text: str, path: str, project: Project | None) -> None:
        """Raises :class:`Unreadable` or ``SyntaxError``."""
        self.path = path
        self.project = project or Project()
        self.document = Document(text, self.project.facts)
        self.sources = Sources(path, text, self.project)
        _ = self.sources.here  # a file that cannot be parsed is found out here
        self.text = text
        self.accepted: list[Plan] = []
        #: by the identity of an accepted plan
        self.edits: dict[int, Edit | None] = {}
        self.counts = self._ask(text)

    def _ask(self, text: str) -> Counter[str]:
        return Counter(each.symbol for each in findings_in(self.project, self.path, text))

    def cured_by(self, finding: Finding) -> Plan | None:
        """The accepted plan that cures a finding as well."""
        for plan in self.accepted:
            if any(self.document.covers(node, finding.location) for node in plan.region):
                return plan
        return None

    def fix(self, plan: Plan, finding: Finding) -> Fix:
        """A finding and its plan, with what that plan alone would change."""
        if id(plan) not in self.edits:
            alone = apply_plans(self.document.module, [plan])
            self.edits[id(plan)] = edit_between(self.document.module.code, alone)
        return Fix(finding, plan.what, self.edits[id(plan)])

    def try_out(self, plan: Plan, finding: Finding, findings: Sequence[Finding]) -> str:
        """Accept a plan if it leaves a file that parses, and cures what it covers; else say why."""
        if any(collide(self.document, plan, other) for other in self.accepted):
            return AGAIN
        text = apply_plans(self.document.module, [*self.accepted, plan])
        if not _valid(text, self.path):
            return "the result would not parse"
        counts = self._ask(text)
        meant = Counter(
            each.symbol
            for each in findings
            if each is finding
            or any(self.document.covers(node, each.location) for node in plan.region)
        )
        for symbol in {*counts, *meant}:
            if counts[symbol] > self.counts[symbol] - meant[symbol]:
                return STILL
        self.accepted.append(plan)
        self.text, self.counts = text, counts
        return ""


def _valid(text: str, path: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the compiler says of the text is not our business
        try:
            cst.parse_module(text)
            compile(text, path, "exec", dont_inherit=True)
        except (cst.ParserSyntaxError, SyntaxError, ValueError):
            return False
    return True


def fix_text(
    text: str, path: str, findings: Sequence[Finding], project: Project | None = None
) -> FixResult[str]:
    """The text with every certain cure applied."""
    if not findings:
        return FixResult(text)
    try:
        fixer = Fixer(text, path, project)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        why = str(error) if isinstance(error, Unreadable) else "the file cannot be parsed"
        return FixResult(text, (), tuple(Suggestion(each, why) for each in findings))
    fixed: list[Fix] = []
    suggested: list[Suggestion] = []
    for finding in findings:
        if plan := fixer.cured_by(finding):
            fixed.append(fixer.fix(plan, finding))
            continue
        reasons: list[str] = []
        for option in options(Case(fixer.document, fixer.sources, finding)):
            if isinstance(option, str):
                reasons.append(option)
            elif reason := fixer.try_out(option, finding, findings):
                reasons.append(reason)
            else:
                fixed.append(fixer.fix(option, finding))
                break
        else:
            suggested.append(Suggestion(finding, "; ".join(dict.fromkeys(reasons)) or NO_SHAPE))
    return FixResult(fixer.text, tuple(fixed), tuple(suggested))
