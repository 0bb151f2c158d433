"""The adapter to pylint: the only module that knows it."""

from __future__ import annotations

import logging
import os
import sys
from bisect import bisect_left
from multiprocessing import parent_process
from typing import TYPE_CHECKING, Any

from astroid import nodes
from pylint import interfaces
from pylint.checkers import BaseChecker
from pylint.constants import WarningScope

from qs_lint.collector import calm
from qs_lint.examination import Outcome, examine
from qs_lint.facts import Facts, built_in
from qs_lint.facts.project import FactsError, load
from qs_lint.findings import Confidence, printable
from qs_lint.links import rule_page
from qs_lint.project.source import Project
from qs_lint.rules import all_rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pylint.lint import PyLinter

    from qs_lint.findings import Finding

LOGGER = logging.getLogger(__name__)
FAULT = "qs-lint-fault"
FACTS = "qs-lint-facts"
CONFIDENCES = {
    Confidence.HIGH: interfaces.HIGH,
    Confidence.INFERENCE: interfaces.INFERENCE,
    Confidence.INFERENCE_FAILURE: interfaces.INFERENCE_FAILURE,
}


def _messages() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for rule in all_rules():
        options = {} if rule.enabled else {"default_enabled": False}
        text = f"{rule.summary} {rule.why} See {rule_page(rule.symbol)}"
        found[rule.msgid] = ("%s", rule.symbol, text, options)
    message = (
        "%s failed in this file: %s. Please report it; other files and rules are still checked."
    )
    text = "An internal error of qs_lint. It is reported so that it does not go unnoticed."
    found["E5809"] = (message, FAULT, text)
    text = (
        "The file named by the option qs-facts cannot be used and is ignored: this run does not "
        "know what it says about packages."
    )
    found["E5899"] = ("%s", FACTS, text, {"scope": WarningScope.LINE})
    return found


class QsLintChecker(BaseChecker):
    """Gives the findings of the engine to pylint, module by module."""

    name = "qs_lint"
    msgs: dict[str, Any] = _messages()
    options = (
        (
            "qs-facts",
            {
                "default": "",
                "type": "string",
                "metavar": "<file>",
                "help": "A TOML file that describes packages which the checked project uses.",
            },
        ),
    )

    def __init__(self, linter: PyLinter, known: Mapping[str, Outcome] | None = None) -> None:
        """``known``: what the engine has said of files already, by absolute path."""
        super().__init__(linter)
        self._project: Project | None = None
        self._known = known or {}

    @property
    def project(self) -> Project:
        """The sources read so far; one for all files of a run."""
        if self._project is None:
            config = self.linter.config
            self._project = Project(getattr(config, "source_roots", ()) or (), facts_for(config))
        return self._project

    def close(self) -> None:
        """The run is over: give back what was read for it."""
        if self._project is not None:
            self._project.close()
            self._project = None

    def visit_module(self, node: nodes.Module) -> None:
        """Analyse one file; an internal error is a message, never the end of the run."""
        if not any(self.linter.is_message_enabled(rule.msgid) for rule in all_rules()):
            return
        try:
            self._check(node)
        except Exception as error:  # noqa: BLE001 - whatever it is, the run must go on
            self._fault(node, "The analysis", error)

    def _fault(self, node: nodes.Module, what: str, error: Exception) -> None:
        LOGGER.debug("fault in %s", node.file, exc_info=error)
        self._add_fault(node, what, f"{type(error).__name__}: {error}")

    def _add_fault(self, node: nodes.Module, what: str, how: str) -> None:
        self.add_message(
            FAULT,
            node=node,
            line=1,
            args=(what, how),
            confidence=interfaces.HIGH,
        )

    def _check(self, node: nodes.Module) -> None:
        path = node.file or ""
        known = self._known.get(os.path.abspath(path))
        if known is None or not known.readable:
            known = self._examined(node, path)
        for what, how in known.faults:
            self._add_fault(node, what, how)
        self._add(node, known.findings)

    def _examined(self, node: nodes.Module, path: str) -> Outcome:
        with node.stream() as stream:
            text = stream.read()
        with calm():
            outcome = examine(self.project, path, text)
        self.project.forget(path)
        if not outcome.readable:
            version = ".".join(map(str, sys.version_info[:3]))
            raise SyntaxError(f"Python {version} cannot parse it, although pylint could")
        if outcome.refused:  # nothing is known of it: reported even if logging is not configured
            LOGGER.warning("%s: qs_lint did not check it: %s", printable(path), outcome.refused)
        for line, what in outcome.gave_up:
            LOGGER.debug("%s:%s gave up here: %s", path, line, what)
        return outcome

    def _add(self, node: nodes.Module, findings: Iterable[Finding]) -> None:
        findings = list(findings)
        places = {(found.location.line, found.location.column) for found in findings}
        at = _nodes_at(node, places) if findings else {}
        for finding in findings:
            where = finding.location
            self.add_message(
                finding.symbol,
                node=at[where.line, where.column],
                line=where.line,
                col_offset=where.column,
                end_lineno=where.end_line,
                end_col_offset=where.end_column,
                args=(finding.message,),
                confidence=CONFIDENCES[finding.confidence],
            )


def facts_for(config: Any) -> Facts:
    """What is known of libraries in a run of pylint; a file that cannot be used is left out."""
    try:
        return load(getattr(config, "qs_facts", "") or "")
    except FactsError:
        return built_in()  # tell_of_facts() says why


def tell_of_facts(linter: PyLinter) -> None:
    """Add a message if the facts file cannot be used: one, in the process that was started."""
    if parent_process() is not None:
        return
    path = getattr(linter.config, "qs_facts", "") or ""
    try:
        load(path)
    except FactsError as error:
        linter.set_current_module("qs_lint facts", path)
        linter.add_message(FACTS, line=1, args=(str(error),), confidence=interfaces.HIGH)


def _nodes_at(
    module: nodes.Module, places: set[tuple[int, int]]
) -> dict[tuple[int, int], nodes.NodeNG]:
    """The nodes of pylint's own tree at places (line, column), for the messages' ``obj``.

    Where there is none, it is the scope around, at last the module.
    """
    found: dict[tuple[int, int], nodes.NodeNG] = {}
    scopes: list[nodes.NodeNG] = []
    stack: list[nodes.NodeNG] = [module]
    while stack:
        for child in stack.pop().get_children():
            place = child.lineno, child.col_offset
            if place in places:
                found.setdefault(place, child)
            if isinstance(child, nodes.LocalsDictNodeNG) and child.lineno is not None:
                scopes.append(child)
            stack.append(child)
    rest = sorted(places - found.keys())
    for scope in scopes if rest else ():
        # lines are sorted, and scopes lie in each other, or apart
        first, last = scope.lineno, scope.end_lineno or scope.lineno
        for number in range(bisect_left(rest, (first, -1)), bisect_left(rest, (last + 1, -1))):
            found[rest[number]] = scope
    return {place: found.get(place, module) for place in places}
