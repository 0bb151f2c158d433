"""One run of the command."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

from qs_lint import sources
from qs_lint.command.cache import Cache, State
from qs_lint.command.console import say, verbose
from qs_lint.command.discovery import discover
from qs_lint.command.errors import UsageError
from qs_lint.command.noqa import foreign_comments
from qs_lint.command.output import targets, write
from qs_lint.command.progress import Progress
from qs_lint.command.settings import settings_for
from qs_lint.command.versions import installed
from qs_lint.examination import Outcome, without_engine
from qs_lint.files import MAX_FILE, Stamp, digest, read_stamped, shown_size, unchanged
from qs_lint.formats.terminal import is_terminal
from qs_lint.log import Log
from qs_lint.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from qs_lint.command.options import Options
    from qs_lint.command.output import Target
    from qs_lint.command.settings import Settings
    from qs_lint.findings import Fix
    from qs_lint.reports import Report

LOGGER = Log("qs_lint")
#: category of a message -> bit of the exit code, as with pylint
BITS = {"fatal": 1, "error": 2, "warning": 4, "refactor": 8, "convention": 16, "info": 0}

#: The formats in which fixable findings are marked without being asked for, on a terminal; up to
#: so many findings.
FOR_PEOPLE = ("full", "concise")
FEW = 20
#: The exit code of a run that checked nothing, like that of a command line that cannot be.
BLIND = 2


def run(options: Options) -> int:
    """Check what was asked for and write what was found; the exit code.

    Raises :class:`qs_lint.command.UsageError` where nothing could be checked.
    """
    if options.verbose:
        verbose()
    began = time.monotonic()
    settings = settings_for(options)
    wanted = targets(options)
    _tell_configuration(settings)
    if options.show_settings or options.show_files:
        from qs_lint.command.show import show_files, show_settings

        return (show_settings if options.show_settings else show_files)(options, settings)
    text, read = _given(options)
    checked = check(options, settings, text)
    _tell(checked, read)
    reports, code = checked.reports, checked.code
    if options.baseline is not None:
        from qs_lint.command.adopt import without_known

        reports = without_known(options.baseline, reports, checked.files, read)
    blind = not checked.files and not options.allow_empty
    if blind and options.changes and (text is None or not options.repairs):  # else it comes back
        return BLIND
    if options.repairs:
        reports, code = _repair(reports, code, options, settings, text)
    elif options.add_disable:
        from qs_lint.command.adopt import add_comments

        code |= add_comments(reports, options, lambda again: check(again, settings).reports)
        reports = ()
    elif options.write_baseline is not None:
        from qs_lint.command.adopt import write_baseline

        reports = write_baseline(options.write_baseline, reports, checked.files)
    else:
        fixes = _fixes(reports, options, wanted, settings, read)
        elapsed = time.monotonic() - began
        write(wanted, reports, len(checked.files), elapsed, options, read, fixes)
    if blind:
        return BLIND
    return 0 if options.exit_zero else code | exit_code(reports)


def _marks(options: Options, wanted: Sequence[Target], reports: Sequence[Report]) -> bool:
    """Whether to find out what ``--fix`` would fix: for people who look, if it takes no time."""
    if options.mark_fixable is not None or not reports:
        return bool(options.mark_fixable)
    shown = any(target.form in FOR_PEOPLE and target.file is None for target in wanted)
    if not shown or len(reports) > FEW or not is_terminal(sys.stdout):
        return False
    from importlib.util import find_spec

    return find_spec("libcst") is not None


def _given(options: Options) -> tuple[bytes | None, Callable[[str], str | None]]:
    """What standard input holds, if that is to be checked; how the text of a file is read."""
    if not options.from_stdin:
        return None, sources.read
    from qs_lint.command.texts import reader

    text = _standard_input()
    return text, reader(os.path.abspath(options.paths[0]), text)


def _tell_configuration(settings: Settings) -> None:
    LOGGER.debug("configuration: %s", settings.found.path or "none")
    for warning in settings.found.warnings:
        say(f"warning: {warning}")


def _tell(checked: Checked, read: Callable[[str], str | None]) -> None:
    """Say on standard error what no report says."""
    for path, why in checked.unreadable:
        say(f"cannot read {path}: {why}")
    if not checked.files:
        say("No file was checked")
    for hint in foreign_comments(checked.reports, read):
        say(f"warning: {hint}")


def _fixes(
    reports: Sequence[Report],
    options: Options,
    wanted: Sequence[Target],
    settings: Settings,
    read: Callable[[str], str | None],
) -> Mapping[Report, Fix] | None:
    """What ``--fix`` would do about each report, where that is shown."""
    if not _marks(options, wanted, reports):
        return None
    from qs_lint.command.repair import repaired_by_fix

    return repaired_by_fix(reports, settings, read)


def _repair(
    reports: Sequence[Report], code: int, options: Options, settings: Settings, text: bytes | None
) -> tuple[Sequence[Report], int]:
    """Repair, or show how; what is left then, and its bits of the exit code."""
    from qs_lint.command.repair import repair, repair_text

    if text is None:
        repair(reports, options, settings)
    else:
        text = repair_text(reports, options, settings, text)
    if not options.fix or not reports:
        return reports, code
    checked = check(options, settings, text)
    return _new(checked, options), checked.code


def _new(checked: Checked, options: Options) -> Sequence[Report]:
    """What is left after repairs, without what the baseline knows."""
    if options.baseline is None:
        return checked.reports
    from qs_lint.command.adopt import without_known

    return without_known(options.baseline, checked.reports, checked.files, quiet=True)


def _standard_input() -> bytes:
    """All of it; :class:`UsageError` if that is more than a file may have."""
    data = sys.stdin.buffer.read(MAX_FILE + 1)
    if len(data) > MAX_FILE:
        raise UsageError(f"standard input is larger than {shown_size(MAX_FILE)}")
    return data


@record(frozen=True)
class Checked:
    """What a run knows.

    ``files``: the absolute paths of what was checked; ``unreadable``: (path, why) of what could not
    be looked at.
    """

    reports: Sequence[Report]
    files: Sequence[str]
    unreadable: Sequence[tuple[str, str]] = ()

    @property
    def code(self) -> int:
        """The bit of the exit code for what is not told by a report."""
        return BITS["fatal"] if self.unreadable else 0


def exit_code(reports: Sequence[Report]) -> int:
    """Pylint's bits for the categories of the reports."""
    code = 0
    for report in reports:
        code |= BITS[report.category]
    return code


def check(options: Options, settings: Settings, text: bytes | None = None) -> Checked:
    """Check all files that are asked for.

    ``text``: what the one file holds in place of what is on disk.
    """
    if text is not None:
        return _check_text(options, settings, text)
    found = discover(options.paths or settings.files() or (os.curdir,), settings)
    shown = {os.path.abspath(path): path for path in found.files}
    contents, stamps, outcomes = _read(shown)
    roots = tuple(os.path.abspath(root) for root in settings.source_roots)
    common = [*roots, f"facts {settings.own.digest}"]
    cache = Cache(options.cache_dir, common, options.cache)
    state = State(contents)
    for path in contents:
        known = cache.outcome(path, state)
        if known is not None:
            outcomes[path] = known
    todo = [(path, data) for path, data in contents.items() if path not in outcomes]
    LOGGER.debug("%d files, %d of them known from before", len(shown), len(shown) - len(todo))
    for path, outcome in _examined(todo, roots, options, settings):
        outcomes[path] = outcome
        cache.keep(path, outcome)
    for path, name in shown.items():
        for line, what in outcomes[path].gave_up:
            LOGGER.debug("%s:%d gave up here: %s", name, line, what)
    speaking = {path: outcomes[path] for path in shown if not outcomes[path].silent}
    reports = _reports(speaking, shown, options, settings, cache, contents, stamps)
    cache.save()
    return Checked(settings.found.table.kept(reports), list(shown), found.unreadable)


def _read(
    paths: Iterable[str],
) -> tuple[dict[str, bytes], dict[str, Stamp], dict[str, Outcome]]:
    """The contents of files, what says that they are still the same, and what cannot be read."""
    contents: dict[str, bytes] = {}
    stamps: dict[str, Stamp] = {}
    refused: dict[str, Outcome] = {}
    for path in paths:
        try:
            contents[path], stamps[path] = read_stamped(path, MAX_FILE)
        except OSError as error:
            LOGGER.debug("%s: %s", path, error)
            refused[path] = Outcome(refused=error.strerror or str(error))
    return contents, stamps, refused


def _examined(
    todo: Sequence[tuple[str, bytes]],
    roots: tuple[str, ...],
    options: Options,
    settings: Settings,
) -> Iterator[tuple[str, Outcome]]:
    """The outcomes of files; the engine is loaded for those that need it."""
    rest: list[tuple[str, bytes]] = []
    for path, data in todo:
        plain = without_engine(path, data)
        if plain is None:
            rest.append((path, data))
        else:
            yield path, plain
    if rest:
        from qs_lint.command.engine import cores, examine_all

        with Progress(len(rest), options.progress) as progress:
            jobs = settings.processes(cores())
            made = examine_all(rest, roots, jobs, progress.tell, settings.own.library)
        yield from made.items()


def _reports(
    speaking: Mapping[str, Outcome],
    shown: Mapping[str, str],
    options: Options,
    settings: Settings,
    cache: Cache,
    contents: Mapping[str, bytes],
    stamps: Mapping[str, Stamp],
) -> Sequence[Report]:
    if not speaking:
        return []
    from qs_lint.reports import in_order

    question = _question(options, settings)
    found: list[Report] = []
    new: dict[str, Outcome] = {}
    for path, outcome in speaking.items():
        known = cache.reports(path, question + shown[path])
        if known is None:
            new[path] = outcome
        else:
            found += known
    if new:
        made = _made(new, shown, options, settings, contents)
        found += made
        by_path: dict[str, list[Report]] = {}
        for report in made:
            by_path.setdefault(report.abspath, []).append(report)
        for path in new:
            if path not in stamps or not unchanged(path, stamps[path]):
                continue  # saved since: pylint may have read another text than the engine
            mine = by_path.get(path, [])
            cache.keep_reports(path, question + shown[path], mine)
    return in_order(found)


def _made(
    outcomes: Mapping[str, Outcome],
    shown: Mapping[str, str],
    options: Options,
    settings: Settings,
    contents: Mapping[str, bytes],
) -> list[Report]:
    """The messages about files; those of most of them need no pylint."""
    from qs_lint.command import direct

    made: list[Report] = []
    rest: dict[str, Outcome] = {}
    plain = direct.possible(options, settings)
    for path, outcome in outcomes.items():
        known = None
        if outcome.refused:
            known = direct.refusals(path, shown[path], outcome.refused, options)
        elif plain:
            known = direct.reports_of(path, outcome, contents.get(path, b""))
        if known is None:
            rest[path] = outcome
        else:
            made += known
    if rest:
        from qs_lint.command.through_pylint import reports_for

        made += reports_for(rest, shown, options, settings)
    return made


def _question(options: Options, settings: Settings) -> str:
    """All that pylint's answer about a file depends on, beside the file and its outcome."""
    asked = replace(options, paths=(), formats=(), output=None, jobs=None, baseline=None)
    parts = [os.getcwd(), repr(asked), installed("pylint"), installed("astroid")]
    parts += [repr(settings.message_options()), repr(settings.source_roots)]
    return digest(*(part.encode("utf-8", "surrogateescape") for part in parts))


def _check_text(options: Options, settings: Settings, text: bytes) -> Checked:
    """Check a text as if it were the file of that name."""
    from qs_lint.command.texts import check_text, project_for

    checked = check_text(text, options, settings, project_for(settings))
    if checked is None:
        return Checked([], [])
    return Checked(checked.reports, [os.path.abspath(options.paths[0])])
