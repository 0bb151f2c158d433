"""What a run is to do: the command line, then ``[tool.qs-lint]``, then pylint's configuration.

Options that only matter to messages are left to pylint.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from qs_lint.command import names
from qs_lint.command.configuration import Configuration, configuration
from qs_lint.command.errors import UsageError
from qs_lint.command.facts import OwnFacts, own_facts
from qs_lint.command.patterns import Bounded, Budget, PatternError
from qs_lint.records import field, record

if TYPE_CHECKING:
    from collections.abc import Callable

    from qs_lint.command.options import Options
    from qs_lint.command.patterns import Pattern

#: what Windows can wait for
MOST_PROCESSES = 60
#: pylint's defaults
IGNORE = "CVS"
IGNORE_PATTERNS = r"^\.#"
CONFIDENCES = ("HIGH", "CONTROL_FLOW", "INFERENCE", "INFERENCE_FAILURE", "UNDEFINED")


@record(frozen=True)
class Settings:
    """The configuration of a run.

    ``found`` is what its files say; ``chosen_jobs``: the command line says how many processes;
    ``own``: what the project knows of packages.
    """

    found: Configuration = field(default_factory=Configuration)
    ignore: tuple[str, ...] = (IGNORE,)
    ignore_patterns: tuple[Pattern, ...] = ()
    ignore_paths: tuple[Pattern, ...] = ()
    source_roots: tuple[str, ...] = ()
    jobs: int = 1
    chosen_jobs: bool = False
    own: OwnFacts = field(default_factory=OwnFacts)
    gitignore: bool = True

    def files(self) -> tuple[str, ...]:
        """What is checked if nothing is named.

        Raises :class:`UsageError` for what lies outside the project.
        """
        found = _csv(self.found.values.get("files", ""))
        for path in found:
            tops = {os.path.realpath(os.curdir)}
            if self.found.path is not None:
                tops.add(os.path.dirname(os.path.realpath(self.found.path)))
            whole = os.path.realpath(path)
            if not any(whole == top or whole.startswith(os.path.join(top, "")) for top in tops):
                raise UsageError(f"{self.found.path}: files: {path!r} lies outside the project")
        return found

    def processes(self, cores: int) -> int:
        """How many processes work; a configuration cannot ask for more than there are cores."""
        if not self.jobs:
            return cores
        return min(self.jobs, MOST_PROCESSES if self.chosen_jobs else cores)

    def message_options(self) -> list[tuple[str, str]]:
        """The options of the configuration that say which messages there are, in their order.

        ``disable=all`` chooses among pylint's messages; who runs this command has asked for ours.
        """
        pairs = [(o, v) for o, v in self.found.pairs if o in ("disable", "enable", "confidence")]
        # as pylint does it: what is about all messages comes first
        pairs.sort(key=lambda pair: pair[0] == "confidence" or "all" not in _csv(pair[1]))
        pairs = [
            (o, ",".join(n for n in _csv(v) if n != "all") if o == "disable" else v)
            for o, v in pairs
        ]
        return [(o, v) for o, v in pairs + self.found.table.options() if v]


def settings_for(options: Options) -> Settings:
    """The settings of a run; ``UsageError`` if the configuration cannot be read or understood."""
    found = configuration(options.rcfile)
    values, budget = found.values, Budget()
    _check_confidence(values.get("confidence"), found.path)
    _check_confidence(options.confidence, None)

    def bounded(text: str) -> Pattern:
        return Bounded(text, budget)

    def patterns(
        name: str,
        given: str | None,
        default: str,
        read: Callable[[str, Callable[[str], Pattern]], tuple[Pattern, ...]],
    ) -> tuple[Pattern, ...]:
        where, text = f"--{name}", given
        if text is None:
            where = f"{found.path}: {name}" if name in values else name
            text = values.get(name, default)
        try:
            return read(text, bounded)
        except PatternError as error:
            raise UsageError(f"{where}: {_short(text)} is not a valid pattern: {error}") from None

    roots = found.table.source_roots
    if options.source_roots is not None:
        roots = _csv(options.source_roots)
    elif roots is None:
        roots = _csv(values.get("source-roots", ""))
    return Settings(
        found=found,
        ignore=_csv(options.ignore if options.ignore is not None else values.get("ignore", IGNORE)),
        ignore_patterns=patterns(
            "ignore-patterns", options.ignore_patterns, IGNORE_PATTERNS, _patterns
        ),
        ignore_paths=patterns("ignore-paths", options.ignore_paths, "", _path_patterns),
        source_roots=roots,
        own=own_facts(options.facts or found.table.facts or values.get("qs-facts")),
        gitignore=options.gitignore,
        chosen_jobs=options.jobs is not None,
        jobs=options.jobs if options.jobs is not None else _number(values.get("jobs", "1")),
    )


def _check_confidence(value: str | None, path: str | None) -> None:
    """Refuse an unknown level: it would be refused by pylint, where there is a finding to show."""
    for level in _csv(value or ""):
        if level not in CONFIDENCES:
            close = names.hint(names.alike(level.upper(), CONFIDENCES))
            there = f"{path}: confidence" if path else "--confidence"
            raise UsageError(
                f"{there}: unknown level {level!r}{close or ': ' + ', '.join(CONFIDENCES)}"
            )


def _csv(value: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in value.split(",") if part.strip())


def _short(value: str) -> str:
    return repr(value) if len(value) <= 80 else f"{value[:80]!r}..."


def _patterns(value: str, make: Callable[[str], Pattern]) -> tuple[Pattern, ...]:
    """Patterns separated by commas; a comma in braces (``{1,2}``) belongs to its pattern."""
    parts: list[str] = [""]
    depth = 0
    for character in value:
        depth += (character == "{") - (character == "}" and depth > 0)
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return tuple(make(part.strip()) for part in parts if part.strip())


def _path_patterns(value: str, make: Callable[[str], Pattern]) -> tuple[Pattern, ...]:
    parts = _csv(value)
    if not parts:
        return ()
    from pathlib import PureWindowsPath

    found = []
    for part in parts:
        path = PureWindowsPath(part)
        windows = str(path).replace("\\", "\\\\")
        found.append(make(f"{windows}|{path.as_posix()}"))
    return tuple(found)


def _number(value: str) -> int:
    try:
        return max(int(value), 0)
    except ValueError:
        raise UsageError(f"jobs: {_short(value)} is not a number") from None
