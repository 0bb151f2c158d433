"""Files that have something to say, through pylint: pragmas, configuration, messages.

pylint's own command would build every tree with astroid's transforms, which read Django and ask it
for every base class.  Nothing here needs them: trees are built bare, only this package's checker is
registered, and it is given the findings that are known already.
"""

from __future__ import annotations

import glob
import io
import os
import sys
import warnings
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

from astroid.builder import AstroidBuilder
from astroid.manager import AstroidManager
from pylint import reporters
from pylint.checkers import exceptions
from pylint.config import config_initialization
from pylint.lint import PyLinter, Run
from pylint.message import Message
from pylint.reporters.collecting_reporter import CollectingReporter
from pylint.typing import MessageLocationTuple

from qs_lint.checker import QsLintChecker
from qs_lint.command.errors import UsageError
from qs_lint.reports import Report, in_order, matching

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import TextIO

    from astroid import nodes
    from pylint.reporters import BaseReporter

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings
    from qs_lint.examination import Outcome

#: Of pylint's own messages: fatal ones, and files that Python cannot parse.
OWN_CATEGORY = "F"
OWN_MESSAGES = frozenset({"E0001"})
OUR_SYMBOLS = frozenset(symbol for _, symbol, *_ in QsLintChecker.msgs.values())
#: What pylint prints when all messages are disabled, before it ends.
NOTHING_ENABLED = "No files to lint"


class _BareBuilder(AstroidBuilder):  # type: ignore[misc]
    """Builds trees as they are written: no transforms, no inference, no other module."""

    def __init__(self) -> None:
        super().__init__(AstroidManager(), apply_transforms=False)

    def delayed_assattr(self, node: Any) -> None:
        """Do not infer whose attribute is assigned."""

    def add_from_names_to_module(self, node: Any) -> None:
        """Do not look up what a star import brings."""


class _Linter(PyLinter):
    """A linter that knows no checker but ours, and builds trees without transforms."""

    known: Mapping[str, Outcome] = {}

    def load_default_plugins(self) -> None:
        """Load pylint's output formats; of its checkers the one whose options it reads itself."""
        reporters.initialize(self)
        exceptions.register(self)
        self.register_checker(QsLintChecker(self, self.known))
        # on with all of ours, off with them as the configuration says, which is read next
        self.enable(QsLintChecker.name)

    def load_plugin_modules(self, modnames: Any, force: bool = False) -> None:
        """Load no other plugin: what it would check is not asked, and it may not be installed."""

    def _parse_configuration_file(self, arguments: list[str]) -> None:
        """Leave out ``disable=all``.

        There it chooses among pylint's messages; who runs this command has asked for ours.
        """
        super()._parse_configuration_file(_without_all(arguments))

    def get_ast(self, filepath: str, modname: str, data: str | None = None) -> nodes.Module | None:
        """Build a bare tree; where that fails, let pylint do it and say why."""
        builder = _BareBuilder()
        try:
            if data is None:
                return builder.file_build(filepath, modname)
            return builder.string_build(data, modname, filepath)
        except Exception:  # noqa: BLE001 - MemoryError is one of them: brackets nested too deep
            return super().get_ast(filepath, modname, data)

    def check(self, files_or_modules: Any) -> None:
        """Switch off what is pylint's own, but for what says that a file was not checked."""
        for definition in self.msgs_store.messages:
            if not _is_shown(definition.symbol, definition.msgid):
                self.disable(definition.msgid)
        super().check(files_or_modules)


def _without_all(arguments: list[str]) -> list[str]:
    """Options of a configuration and their values, in turn, without ``disable`` of ``all``."""
    found = list(arguments)
    for number, option in enumerate(arguments[:-1]):
        if option == "--disable":
            names = [name.strip() for name in arguments[number + 1].split(",")]
            found[number + 1] = ",".join(name for name in names if name != "all")
    return found


@contextmanager
def _no_hook() -> Iterator[None]:
    """An ``init-hook`` is code for pylint's checkers; nothing here needs it, so nothing runs it."""
    namespace = vars(config_initialization)
    namespace["exec"] = lambda *_: None
    try:
        yield
    finally:
        del namespace["exec"]


def reports_for(
    outcomes: Mapping[str, Outcome],
    shown: Mapping[str, str],
    options: Options,
    settings: Settings,
    text: bytes | None = None,
) -> list[Report]:
    """The messages about files, in order.

    ``outcomes`` and ``shown`` (the path as the user named it) are by absolute path; ``text`` is
    what the one file holds in place of what is on disk.  Raises :class:`UsageError` if pylint
    refuses the configuration or the arguments.
    """
    collected = CollectingReporter()
    arguments = _arguments(options, settings, text is not None)
    arguments += [glob.escape(_plain(shown[path])) for path in outcomes]
    output, errors = io.StringIO(), io.StringIO()
    stdin, sys_path = sys.stdin, list(sys.path)
    linter = type("Linter", (_Linter,), {"known": outcomes})
    run = type("QsLintRun", (Run,), {"LinterClass": linter})
    if text is not None:
        sys.stdin = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", errors="replace")
    try:
        with redirect_stdout(output), redirect_stderr(errors), _no_hook():
            run(arguments, reporter=collected, exit=False)
    except SystemExit:
        if NOTHING_ENABLED in output.getvalue():
            return []
        said = " ".join(errors.getvalue().split())
        raise UsageError(_last_sentence(said)) from None
    finally:
        sys.stdin, sys.path[:] = stdin, sys_path
    shown_messages = (m for m in collected.messages if _is_shown(m.symbol, m.msg_id))
    return list(in_order(_report(message, outcomes) for message in shown_messages))


def _is_shown(symbol: str, msgid: str) -> bool:
    """Whether a message is ours to show: pylint also speaks about its configuration."""
    return symbol in OUR_SYMBOLS or msgid[0] == OWN_CATEGORY or msgid in OWN_MESSAGES


def _plain(path: str) -> str:
    return os.path.join(os.curdir, path) if path.startswith("-") else path


def _last_sentence(said: str) -> str:
    return said.rpartition("error: ")[2] or "pylint refused to run"


def _arguments(options: Options, settings: Settings, from_stdin: bool) -> list[str]:
    found = ["--jobs=1", "--persistent=n", "--score=n", "--reports=n", "--recursive=n"]
    if settings.path is not None:
        found.append(f"--rcfile={settings.path}")
    found += [f"--disable={name}" for name in options.disable]
    found += [f"--enable={name}" for name in options.enable]
    for name in ("confidence", "ignore", "ignore_patterns", "ignore_paths", "source_roots"):
        value = getattr(options, name)
        if value is not None:
            found.append(f"--{name.replace('_', '-')}={value}")
    if from_stdin:
        found.append("--from-stdin")
    return found


def _report(message: Message, outcomes: Mapping[str, Outcome]) -> Report:
    path = os.path.abspath(message.abspath)
    outcome = outcomes.get(path)
    finding = None
    if outcome is not None:
        finding = matching(outcome.findings, message.symbol, message.line, message.column)
    return Report.of_message(message, path, finding)


def message_of(report: Report) -> Message:
    """The pylint message that a report was made from."""
    from pylint.interfaces import CONFIDENCE_MAP

    return Message(
        report.msgid,
        report.symbol,
        MessageLocationTuple(
            report.abspath,
            report.path,
            report.module,
            report.obj,
            report.line,
            report.column,
            report.end_line,
            report.end_column,
        ),
        report.text,
        CONFIDENCE_MAP[report.confidence],
    )


def shown_by(
    name: str, reports: Sequence[Report], files: int, template: str | None, stream: TextIO
) -> None:
    """Write reports about ``files`` checked files in one of pylint's formats.

    Raises :class:`UsageError` if pylint knows none of that name.
    """
    linter = PyLinter()
    reporters.initialize(linter)
    linter.config.msg_template = template or ""
    for number in range(files):
        linter.stats.init_single_module(str(number))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pylint is about to drop some of its formats
            reporter: BaseReporter = linter._load_reporter_by_name(name)
    except Exception:  # noqa: BLE001 - pylint raises several kinds
        raise UsageError(f"unknown output format {name!r} (see qs-lint --help)") from None
    linter.set_reporter(reporter)
    reporter.out = stream
    for report in reports:
        message = message_of(report)
        linter.stats.increase_single_message_count(report.category, 1)
        reporter.on_set_current_module(message.module, message.path)
        reporter.handle_message(message)
    reporter.display_messages(None)
