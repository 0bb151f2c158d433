"""What the linter is expected to say about real projects, and whether it is right.

``expected/<project>.toml`` holds the findings of one project: a block for each, with a verdict and
a reason of somebody who read the code.  Findings are matched by what they say (path, message, what
is around, expression), not by line numbers.  Findings of one cause may share a verdict and a
reason, ``[causes.<name>]``.  A project that the linter is silent on has no file.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import tomlkit

EXPECTED = Path(__file__).resolve().parent / "expected"
#: What a reader may say of a finding, and what is said of one that nobody has read.
VERDICTS = ("true", "by design", "false")
UNREVIEWED = "unreviewed"
#: What makes a finding the same one.
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class Entry:
    """One finding, as a run gives it (without verdict) or as the file has it.

    ``within`` is the qualified name of the class or function around, "" in a module's body.
    ``cause`` names a block of :class:`Cause`, whose verdict and reason count then.
    """

    path: str
    line: int
    message: str
    confidence: str
    within: str
    code: str
    verdict: str = UNREVIEWED
    reason: str = ""
    cause: str = ""

    @property
    def key(self) -> Key:
        """What makes it the same finding after the file or the engine changed."""
        return self.path, self.message, self.within, self.code

    def __str__(self) -> str:
        where = f" in {self.within}" if self.within else ""
        return f"{self.path}:{self.line} {self.message} {self.confidence}{where}: {self.code}"


@dataclass(frozen=True)
class Cause:
    """The verdict and the reason of several findings, and ``about`` what they have in common."""

    about: str
    verdict: str
    reason: str


@dataclass
class Expectation:
    """The findings of one project, at one version."""

    version: str
    entries: list[Entry] = field(default_factory=list)
    causes: dict[str, Cause] = field(default_factory=dict)


@dataclass(frozen=True)
class Difference:
    """``removed`` and ``added`` findings, and pairs (before, after) that ``changed`` confidence."""

    removed: list[Entry]
    added: list[Entry]
    changed: list[tuple[Entry, Entry]]

    def __bool__(self) -> bool:
        return bool(self.removed or self.added or self.changed)

    def __str__(self) -> str:
        found = [(one, f"- {one}") for one in self.removed]
        found += [(one, f"+ {one}") for one in self.added]
        found += [(new, f"~ {old.confidence} before: {new}") for old, new in self.changed]
        return "\n".join(text for _, text in sorted(found, key=lambda pair: _place(pair[0])))


def _place(entry: Entry) -> tuple[str, int, str, str]:
    return entry.path, entry.line, entry.message, entry.code


def read(path: Path) -> Expectation:
    """The expectation of a file.

    ``ValueError`` says what is wrong with its content: an unknown verdict, a verdict without a
    reason, a cause that is not there or that nobody names, a field that is missing or unknown.
    """
    data: dict[str, Any] = tomlkit.parse(path.read_text(encoding="utf-8")).unwrap()
    try:
        causes = {name: Cause(**block) for name, block in data.get("causes", {}).items()}
        entries = [_entry(block, causes) for block in data["findings"]]
        version = data["version"]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    judged: list[Cause | Entry] = [*causes.values(), *entries]
    for one in judged:
        if one.verdict not in (*VERDICTS, UNREVIEWED):
            raise ValueError(f"{path.name}: unknown verdict {one.verdict!r}")
        if one.verdict != UNREVIEWED and not one.reason:
            raise ValueError(f"{path.name}: a verdict without a reason: {one}")
    if idle := set(causes) - {entry.cause for entry in entries}:
        raise ValueError(f"{path.name}: no finding has the cause {', '.join(sorted(idle))}")
    return Expectation(version, entries, causes)


def _entry(block: dict[str, Any], causes: dict[str, Cause]) -> Entry:
    if "cause" not in block:
        return Entry(**block)
    if block["cause"] not in causes:
        raise ValueError(f"no [causes.{block['cause']}]")
    cause = causes[block["cause"]]
    return Entry(**block, verdict=cause.verdict, reason=cause.reason)


def everything(folder: Path = EXPECTED) -> dict[str, Expectation]:
    """Project -> expectation, in the order of the names."""
    found = {path.stem: read(path) for path in folder.glob("*.toml")}
    return dict(sorted(found.items(), key=lambda item: item[0].lower()))


def reported_files(folder: Path = EXPECTED) -> list[tuple[str, str]]:
    """Project and path of each file with a finding, each once."""
    found = [
        (name, entry.path) for name, one in everything(folder).items() for entry in one.entries
    ]
    return list(dict.fromkeys(found))


def compare(expected: list[Entry], now: list[Entry]) -> Difference:
    """What differs.  Lines do not count; equal findings of a file are paired from its top."""
    _, removed, added, pairs = _matched(expected, now)
    changed = [(old, new) for old, new in pairs if old.confidence != new.confidence]
    return Difference(removed, added, changed)


def updated(expected: list[Entry], now: list[Entry]) -> list[Entry]:
    """The findings of now, with the verdicts and reasons that are known; the rest is unreviewed."""
    known, _, _, _ = _matched(expected, now)
    found = []
    for new in now:
        old = known.get(id(new), Entry("", 0, "", "", "", ""))
        found.append(replace(new, verdict=old.verdict, reason=old.reason, cause=old.cause))
    return sorted(found, key=_place)


def _matched(
    expected: list[Entry], now: list[Entry]
) -> tuple[dict[int, Entry], list[Entry], list[Entry], list[tuple[Entry, Entry]]]:
    """``id`` of a new finding -> the old one; the removed, the added, the pairs."""
    before: dict[Key, list[Entry]] = defaultdict(list)
    for entry in sorted(expected, key=_place):
        before[entry.key].append(entry)
    known, added, pairs = {}, [], []
    for new in sorted(now, key=_place):
        if before[new.key]:
            old = before[new.key].pop(0)
            known[id(new)] = old
            pairs.append((old, new))
        else:
            added.append(new)
    removed = [entry for left in before.values() for entry in left]
    return known, removed, added, pairs


def written(project: str, expectation: Expectation) -> str:
    """The text of a project's file."""
    lines = [
        f"# What qs_lint says about {project}, and whether it is right. Verdicts and reasons are",
        "# written by hand, all else by benchmarks/corpus.py --update.",
        f"version = {_quoted(expectation.version)}",
    ]
    used = {entry.cause for entry in expectation.entries}
    for name, cause in expectation.causes.items():
        if name in used:
            lines += ["", f"[causes.{name}]"]
            lines += [f"{key} = {_quoted(value)}" for key, value in vars(cause).items()]
    for entry in sorted(expectation.entries, key=_place):
        hidden = ("verdict", "reason") if entry.cause else ("cause",)
        lines += ["", "[[findings]]"]
        lines += [
            f"{key} = {_quoted(value)}" for key, value in vars(entry).items() if key not in hidden
        ]
    return "\n".join(lines) + "\n"


def _quoted(value: str | int) -> str:
    return tomlkit.item(value).as_string()


def counted(
    expectations: dict[str, Expectation],
) -> dict[tuple[str, str], Counter[str]]:
    """(message, confidence) -> verdict -> how many findings."""
    found: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for expectation in expectations.values():
        for entry in expectation.entries:
            found[entry.message, entry.confidence][entry.verdict] += 1
    return found


def precision(verdicts: Counter[str]) -> float | None:
    """The share of findings that describe what happens: true or by design, of those judged.

    ``None`` if none is judged.
    """
    judged = sum(verdicts[verdict] for verdict in VERDICTS)
    return (judged - verdicts["false"]) / judged if judged else None
