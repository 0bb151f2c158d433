"""What is reported: a pylint message, and the finding behind it.

Plain data: formats, baselines and fixes work on it, and a cache may keep it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qs_lint.domain import Holder, HolderKind, Lifetime, Shared
from qs_lint.findings import Confidence, Finding, Location, Step, Subject
from qs_lint.records import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pylint.message import Message


#: first letter of a message id -> pylint's category
CATEGORIES = {
    "F": "fatal",
    "E": "error",
    "W": "warning",
    "C": "convention",
    "R": "refactor",
    "I": "info",
}


@record(frozen=True, slots=True)
class Report:
    """One message.

    The fields are those of :class:`pylint.message.Message`: ``path`` as the run was given it,
    lines from 1, columns from 0.  ``finding`` is absent where the message is none of our rules'
    (a syntax error).
    """

    path: str
    abspath: str
    module: str
    obj: str
    line: int
    column: int
    end_line: int | None
    end_column: int | None
    symbol: str
    msgid: str
    text: str
    confidence: str
    finding: Finding | None = None

    @property
    def category(self) -> str:
        """Pylint's name of the category: ``error``, ``warning`` ..."""
        return CATEGORIES[self.msgid[0]]

    @classmethod
    def of_message(cls, message: Message, abspath: str, finding: Finding | None) -> Report:
        """The report of a pylint message about the file at ``abspath``."""
        return cls(
            path=message.path,
            abspath=abspath,
            module=message.module,
            obj=message.obj,
            line=message.line,
            column=message.column,
            end_line=message.end_line,
            end_column=message.end_column,
            symbol=message.symbol,
            msgid=message.msg_id,
            text=message.msg or "",
            confidence=message.confidence.name,
            finding=finding,
        )

    def to_data(self) -> dict[str, Any]:
        """As plain dictionaries, lists, strings and numbers, e.g. for JSON."""
        from dataclasses import fields  # not before there is something to report

        data = {item.name: getattr(self, item.name) for item in fields(self)}
        if self.finding is not None:
            data["finding"] = finding_data(self.finding)
        return data

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Report:
        """The inverse of :meth:`to_data`; ``TypeError`` or ``KeyError`` if it is something else."""
        finding = data["finding"]
        made = cls(**data | {"finding": None if finding is None else finding_from(finding)})
        _expect(str, made.path, made.abspath, made.module, made.obj)
        _expect(str, made.symbol, made.text, made.confidence, CATEGORIES[made.msgid[:1]])
        _expect(int, made.line, made.column)
        _expect((int, type(None)), made.end_line, made.end_column)
        return made


def finding_data(finding: Finding) -> dict[str, Any]:
    """A finding as plain dictionaries, lists, strings and numbers."""
    from dataclasses import asdict

    holder = finding.holder
    return asdict(finding) | {
        "confidence": finding.confidence.name,
        "holder": [holder.kind.name, holder.name, holder.owner, holder.lifetime.name],
        "shared": finding.shared.name if finding.shared else None,
    }


def finding_from(data: dict[str, Any]) -> Finding:
    """The inverse of :func:`finding_data`; ``TypeError`` or ``KeyError`` for anything else."""
    where = Location(**data["location"])
    steps = tuple(Step(**step) for step in data["steps"])
    about = None if data["about"] is None else Subject(**data["about"])
    kind, name, owner, lifetime = data["holder"]
    made = Finding(
        **data
        | {
            "location": where,
            "confidence": Confidence[data["confidence"]],
            "steps": steps,
            "holder": Holder(HolderKind[kind], name, owner, Lifetime[lifetime]),
            "shared": Shared[data["shared"]] if data["shared"] else None,
            "about": about,
        }
    )
    _expect(str, made.symbol, made.happens, made.wrong, made.cure, where.path, name, owner)
    _expect(int, where.line, where.column, where.end_line, where.end_column)
    _expect(str, *(step.path for step in steps), *(step.text for step in steps))
    _expect(int, *(step.line for step in steps))
    _expect(str, *(() if about is None else (about.model, about.operation)))
    return made


def _expect(kind: type | tuple[type, ...], *values: object) -> None:
    """Raise ``TypeError`` unless all values are of a kind."""
    if not all(isinstance(value, kind) for value in values):
        raise TypeError("a member of another type")


def by_place(findings: Iterable[Finding]) -> dict[tuple[str, int, int], Finding]:
    """Findings by the symbol, line and column of the messages that are made from them."""
    found: dict[tuple[str, int, int], Finding] = {}
    for finding in findings:
        where = finding.location
        found.setdefault((finding.symbol, where.line, where.column), finding)
    return found


def in_order(reports: Iterable[Report]) -> Sequence[Report]:
    """Sorted by file and place: the same order, whatever order they were made in."""
    return sorted(reports, key=lambda r: (r.path, r.line, r.column, r.msgid, r.text))
