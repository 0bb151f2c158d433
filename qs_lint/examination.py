"""One file examined: the engine and the rules asked, the answer as plain data.

The answer goes between processes and into the cache.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from qs_lint.findings import Finding
from qs_lint.reports import finding_data, finding_from

if TYPE_CHECKING:
    from qs_lint.findings import Rule
    from qs_lint.project.source import Project

LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """The result of one file.

    ``readable``: false if Python could not parse it, or it could not be read; pylint says why.
    ``faults``: what of ours failed, and how.  ``gave_up``: (line, what) where a limit was reached.
    ``files`` and ``folders``: what the result depends on beside the file itself; absolute paths.
    """

    readable: bool = True
    findings: tuple[Finding, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    gave_up: tuple[tuple[int, str], ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()

    @property
    def silent(self) -> bool:
        """Whether there is nothing that pylint could have to say about it."""
        return self.readable and not self.findings and not self.faults

    def to_data(self) -> dict[str, Any]:
        """Without what it depends on, and without what has its default value."""
        data: dict[str, Any] = {}
        if not self.readable:
            data["readable"] = False
        if self.findings:
            data["findings"] = [finding_data(finding) for finding in self.findings]
        if self.faults:
            data["faults"] = [list(fault) for fault in self.faults]
        if self.gave_up:
            data["gave_up"] = [list(place) for place in self.gave_up]
        return data

    @classmethod
    def from_data(cls, data: dict[str, Any], path: str) -> Outcome:
        """The inverse of :meth:`to_data`, for the file at ``path``; raises for other data."""
        if not data.keys() <= {"readable", "findings", "faults", "gave_up"}:
            raise ValueError("this is no outcome")
        findings = [finding_from(item) for item in data.get("findings", ())]
        return cls(
            readable=bool(data.get("readable", True)),
            findings=tuple(
                replace(found, location=replace(found.location, path=path)) for found in findings
            ),
            faults=tuple((str(what), str(how)) for what, how in data.get("faults", ())),
            gave_up=tuple((int(line), str(what)) for line, what in data.get("gave_up", ())),
        )


class Fault(Exception):
    """Something of ours failed while a file was examined."""


def examine(project: Project, path: str, text: bytes | str | None = None) -> Outcome:
    """Analyse one file and judge what was seen; never raises.

    The command, the checker, the fixer and the tests all ask this function.  ``text`` is what to
    read in place of the file on disk.
    """
    from qs_lint.phases.analysis import analyse
    from qs_lint.project.source import MAX_BYTES
    from qs_lint.rules import judge  # not needed where everything is known from before

    if text is not None and not _imports(text):
        # nothing is imported: neither a model nor a clock can be in it
        if len(text) > MAX_BYTES:
            return Outcome(gave_up=((1, "it is generated data, too large to parse"),))
        if _parses(text):
            return Outcome()
    try:
        analysis = analyse(project, path, text)
    except Exception as error:
        LOGGER.debug("fault in %s", path, exc_info=error)
        fault = ("The analysis", f"{type(error).__name__}: {error}")
        return _with_dependencies(Outcome(faults=(fault,)), project, path)
    if analysis is None:
        return Outcome(readable=False)
    faults: dict[str, str] = {}

    def note(rule: Rule, error: Exception) -> None:
        LOGGER.debug("fault of %s in %s", rule.symbol, path, exc_info=error)
        faults.setdefault(f"The rule {rule.symbol}", f"{type(error).__name__}: {error}")

    findings = judge(path, analysis.observed, note)
    places = [(getattr(node, "lineno", 1), what) for node, what in analysis.gave_up]
    analysis.release()
    return _with_dependencies(
        Outcome(True, tuple(findings), tuple(faults.items()), tuple(places)), project, path
    )


def findings_in(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """The findings of all rules in one file; none if it cannot be parsed.

    Raises :class:`Fault` where a fault of ours would be reported as ``qs-lint-fault``.
    """
    outcome = examine(project, path, text)
    if outcome.faults:
        raise Fault("; ".join(f"{what} failed: {how}" for what, how in outcome.faults))
    return list(outcome.findings)


def _with_dependencies(outcome: Outcome, project: Project, path: str) -> Outcome:
    reading = project.dependencies(path)
    return replace(
        outcome, files=tuple(sorted(reading.files)), folders=tuple(sorted(reading.folders))
    )


def _imports(text: bytes | str) -> bool:
    """Whether the word ``import`` is anywhere in a text."""
    return "import" in text if isinstance(text, str) else b"import" in text


def _parses(data: bytes | str) -> bool:
    """Whether Python can parse a text; its tree, which may be large, is not kept."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "<checked>", "exec", dont_inherit=True, optimize=0)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return False  # perhaps only the compiler's doing: the analysis finds out
    return True
