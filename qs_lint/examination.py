"""One file examined: the engine and the rules asked, the answer as plain data.

The answer goes between processes and into the cache.
"""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qs_lint.files import CHANGED, MAX_SOURCE, TooLargeError, digest
from qs_lint.findings import Finding
from qs_lint.log import Log
from qs_lint.places import TOP_MARKS
from qs_lint.records import record, replace
from qs_lint.reports import finding_data, finding_from

if TYPE_CHECKING:
    from qs_lint.findings import Rule
    from qs_lint.project.source import Project

LOGGER = Log(__name__)


@record(frozen=True)
class Outcome:
    """The result of one file.

    ``readable``: false if Python could not parse it; pylint says why.  ``refused``: why it was not
    read or not analysed, else "".  ``faults``: internal errors: what failed, and how.
    ``gave_up``: (line, what) where a limit was reached.

    What the result depends on: ``digest`` is that of the bytes that were analysed; ``files`` and
    ``folders`` are absolute paths with the digests of what was in them.  It is all as it was when
    the analysis looked, whatever was saved since; all is empty for a file that was not read.
    """

    readable: bool = True
    refused: str = ""
    findings: tuple[Finding, ...] = ()
    faults: tuple[tuple[str, str], ...] = ()
    gave_up: tuple[tuple[int, str], ...] = ()
    digest: str = ""
    files: tuple[tuple[str, str], ...] = ()
    folders: tuple[tuple[str, str], ...] = ()

    @property
    def silent(self) -> bool:
        """Whether there is nothing that anybody could have to say about it."""
        return self.readable and not (self.refused or self.findings or self.faults)

    def to_data(self) -> dict[str, Any]:
        """Without what it depends on, and without what has its default value."""
        data: dict[str, Any] = {}
        if not self.readable:
            data["readable"] = False
        if self.refused:
            data["refused"] = self.refused
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
        if not data.keys() <= {"readable", "refused", "findings", "faults", "gave_up"}:
            raise ValueError("this is no outcome")
        findings = [finding_from(item) for item in data.get("findings", ())]
        return cls(
            readable=bool(data.get("readable", True)),
            refused=str(data.get("refused", "")),
            findings=tuple(
                replace(found, location=replace(found.location, path=path)) for found in findings
            ),
            faults=tuple((str(what), str(how)) for what, how in data.get("faults", ())),
            gave_up=tuple((int(line), str(what)) for line, what in data.get("gave_up", ())),
        )


class Fault(Exception):
    """An internal error while a file was examined."""


def examine(project: Project, path: str, text: bytes | str | None = None) -> Outcome:
    """Analyse one file and judge what was seen; never raises.

    The command, the checker, the fixer and the tests all ask this function.  ``text`` is what to
    read in place of the file on disk.
    """
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    if data is not None:
        known = without_engine(path, data)
        if known is not None:
            return known
    from qs_lint.phases.analysis import analyse
    from qs_lint.rules import judge  # not needed where everything is known from before

    own = "" if data is None else digest(data)
    try:
        analysis = analyse(project, path, text)
    except Exception as error:
        LOGGER.debug("fault in %s", path, exc_info=error)
        fault = ("The analysis", f"{type(error).__name__}: {error}")
        return _with_dependencies(Outcome(faults=(fault,), digest=own), project, path)
    if analysis is None:
        return Outcome(readable=False, digest=own)
    faults: dict[str, str] = {}

    def note(rule: Rule, error: Exception) -> None:
        LOGGER.debug("fault of %s in %s", rule.symbol, path, exc_info=error)
        faults.setdefault(f"The rule {rule.symbol}", f"{type(error).__name__}: {error}")

    findings = judge(path, analysis.observed, note)
    places = [(getattr(node, "lineno", 1), what) for node, what in analysis.gave_up]
    analysis.release()
    made = Outcome(
        findings=tuple(findings), faults=tuple(faults.items()), gave_up=tuple(places), digest=own
    )
    return _with_dependencies(made, project, path)


def load() -> None:
    """Import what an examination needs, which is imported late otherwise."""
    import qs_lint.phases.analysis  # noqa: F401 pylint: disable=unused-import
    from qs_lint.rules import all_rules

    all_rules()


def without_engine(path: str, data: bytes) -> Outcome | None:
    """The outcome of a file that needs no analysis; ``None`` for one that does."""
    if b"import" not in data:
        # nothing is imported: neither a model nor a clock can be in it
        if len(data) > MAX_SOURCE:
            gave_up = ((1, "it is generated data, too large to parse"),)
            return Outcome(gave_up=gave_up, digest=digest(data))
        return Outcome(digest=digest(data)) if _parses(data) else None
    if len(data) > MAX_SOURCE:
        return Outcome(refused=str(TooLargeError(path, MAX_SOURCE).strerror), digest=digest(data))
    return None


def findings_in(project: Project, path: str, text: bytes | str | None = None) -> list[Finding]:
    """The findings of all rules in one file; none if it cannot be parsed.

    Raises :class:`Fault` where an internal error would be reported as ``qs-lint-fault``.
    """
    outcome = examine(project, path, text)
    if outcome.faults:
        raise Fault("; ".join(f"{what} failed: {how}" for what, how in outcome.faults))
    return list(outcome.findings)


def _with_dependencies(outcome: Outcome, project: Project, path: str) -> Outcome:
    reading = project.dependencies(path)
    files, folders = sorted(reading.files), sorted(reading.folders)
    return replace(
        outcome,
        files=tuple((file, project.digests.get(file, CHANGED)) for file in files),
        folders=tuple((folder, names_digest(project.names(folder))) for folder in folders),
    )


@lru_cache(maxsize=4096)
def names_digest(names: frozenset[str]) -> str:
    """A digest of those names in a folder that can mean something to an import."""
    kept = sorted(name for name in names if _matters(name))
    return digest(*(name.encode("utf-8", "surrogatepass") for name in kept))


def _matters(name: str) -> bool:
    """Whether a name is a module, a folder or a mark of version control."""
    if name.startswith("."):
        return name in TOP_MARKS
    return name != "__pycache__" and ("." not in name or name.endswith(".py"))


def _parses(data: bytes | str) -> bool:
    """Whether Python can parse a text; its tree, which may be large, is not kept."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(data, "<checked>", "exec", dont_inherit=True, optimize=0)
        except (SyntaxError, ValueError, RecursionError, MemoryError, OverflowError):
            return False  # perhaps only the compiler's doing: the analysis finds out
    return True
