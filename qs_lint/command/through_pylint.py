"""Files with findings, run through pylint: pragmas, configuration, messages.

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
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

from astroid.builder import AstroidBuilder
from astroid.manager import AstroidManager
from pylint import reporters
from pylint.checkers import exceptions
from pylint.lint import PyLinter, Run
from pylint.message import Message
from pylint.reporters.collecting_reporter import CollectingReporter
from pylint.typing import MessageLocationTuple, ModuleDescriptionDict

from qs_lint import sources
from qs_lint.checker import QsLintChecker
from qs_lint.command import pragmas
from qs_lint.command.errors import UsageError
from qs_lint.reports import Report, by_place, in_order

if TYPE_CHECKING:
    import tokenize
    from collections.abc import Mapping, Sequence

    from astroid import nodes
    from pylint.message import MessageDefinition
    from pylint.reporters import BaseReporter
    from pylint.utils import FileState

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings
    from qs_lint.examination import Outcome
    from qs_lint.findings import Finding

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
    #: options of the configuration and their values, in turn
    configured: Sequence[str] = ()

    def load_default_plugins(self) -> None:
        """Load pylint's output formats; of its checkers the one whose options it reads itself."""
        reporters.initialize(self)
        exceptions.register(self)
        self.register_checker(QsLintChecker(self, self.known))
        # on with all qs_lint messages, off with them as the configuration says, which is read next
        self.enable(QsLintChecker.name)

    def _parse_configuration_file(self, arguments: list[str]) -> None:
        """Take what was read from the configuration; pylint is shown no file."""
        super()._parse_configuration_file(list(self.configured))

    @property
    def file_state(self) -> FileState:
        """What the comments of the file say that is being checked."""
        return self._file_state

    @file_state.setter
    def file_state(self, theirs: FileState) -> None:
        self._file_state = theirs if theirs._module is None else pragmas.Pragmas(theirs, _matters)

    def process_tokens(self, tokens: list[tokenize.TokenInfo]) -> None:
        """Read the comments of a file."""
        super().process_tokens(pragmas.plain(tokens))

    def get_ast(self, filepath: str, modname: str, data: str | None = None) -> nodes.Module | None:
        """Build a bare tree; where that fails, let pylint do it and say why."""
        builder = _BareBuilder()
        try:
            if data is None:
                return builder.file_build(filepath, modname)
            return builder.string_build(data, modname, filepath)
        except Exception:  # noqa: BLE001 - MemoryError is one of them: brackets nested too deep
            return super().get_ast(filepath, modname, data)

    def _expand_files(self, files_or_modules: Sequence[str]) -> dict[str, ModuleDescriptionDict]:
        """Name the modules as pylint does, but check just these files.

        With a package's ``__init__.py`` pylint would check all that is below; and it leaves out
        without a word a file whose name a folder elsewhere on ``sys.path`` has.
        """
        theirs = super()._expand_files(files_or_modules)
        found: dict[str, ModuleDescriptionDict] = {}
        for file in files_or_modules:
            path = os.path.normpath(file)
            name = os.path.splitext(os.path.basename(path))[0]
            if path in theirs:
                found[path] = theirs[path]
                found[path]["isarg"] = True
            else:
                found[path] = {
                    "path": path,
                    "name": name,
                    "isarg": True,
                    "basepath": path,
                    "basename": name,
                    "isignored": False,
                }
        return found

    def check(self, files_or_modules: Any) -> None:
        """Switch off what is pylint's own, but for what says that a file was not checked."""
        for definition in self.msgs_store.messages:
            if not _is_shown(definition.symbol, definition.msgid):
                self.disable(definition.msgid)
        super().check(files_or_modules)


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
    configured = [text for o, v in settings.message_options() for text in (f"--{o}", v)]
    linter = type("Linter", (_Linter,), {"known": outcomes, "configured": configured})
    run = type("QsLintRun", (Run,), {"LinterClass": linter})
    if text is not None:
        # pylint takes it for UTF-8, whatever the text declares
        data = sources.decoded(text).encode("utf-8")
        sys.stdin = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8")
    try:
        with redirect_stdout(output), redirect_stderr(errors):
            run(arguments, reporter=collected, exit=False)
    except SystemExit:
        if NOTHING_ENABLED in output.getvalue():
            return []
        said = " ".join(errors.getvalue().split())
        raise UsageError(_last_sentence(said)) from None
    finally:
        sys.stdin, sys.path[:] = stdin, sys_path
    shown_messages = (m for m in collected.messages if _is_shown(m.symbol, m.msg_id))
    findings = {path: by_place(outcome.findings) for path, outcome in outcomes.items()}
    return list(in_order(_report(message, findings) for message in shown_messages))


def _is_shown(symbol: str, msgid: str) -> bool:
    """Whether a message is ours to show: pylint also reports on its configuration."""
    return symbol in OUR_SYMBOLS or msgid[0] == OWN_CATEGORY or msgid in OWN_MESSAGES


def _matters(message: MessageDefinition) -> bool:
    return _is_shown(message.symbol, message.msgid)


def _plain(path: str) -> str:
    return os.path.join(os.curdir, path) if path.startswith("-") else path


def _last_sentence(said: str) -> str:
    return said.rpartition("error: ")[2] or "pylint refused to run"


def _arguments(options: Options, settings: Settings, from_stdin: bool) -> list[str]:
    # what is left out has been left out; pylint reads no file, and matches no pattern
    found = ["--rcfile=", "--jobs=1", "--persistent=n", "--score=n", "--reports=n"]
    found += ["--recursive=n", "--ignore=", "--ignore-patterns=", "--ignore-paths="]
    found += [f"--disable={name}" for name in options.disable]
    found += [f"--enable={name}" for name in options.enable]
    if options.confidence is not None:
        found.append(f"--confidence={options.confidence}")
    if settings.source_roots:
        found.append(f"--source-roots={','.join(settings.source_roots)}")
    if from_stdin:
        found.append("--from-stdin")
    return found


def _report(
    message: Message, findings: Mapping[str, Mapping[tuple[str, int, int], Finding]]
) -> Report:
    path = os.path.abspath(message.abspath)
    place = message.symbol, message.line, message.column
    return Report.of_message(message, path, findings.get(path, {}).get(place))


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


def shown_by(name: str, reports: Sequence[Report], files: int, template: str | None) -> str:
    """Reports about ``files`` checked files in one of pylint's formats.

    Raises :class:`UsageError` if pylint knows none of that name, or the format does not work.
    """
    linter = PyLinter()
    reporters.initialize(linter)
    linter.config.msg_template = template or ""
    for number in range(files):
        linter.stats.init_single_module(str(number))
    stream = io.StringIO()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # pylint is about to drop some of its formats
            reporter: BaseReporter = linter._load_reporter_by_name(name)
    except Exception:  # noqa: BLE001 - pylint raises several kinds, and whatever an import does
        raise UsageError(f"unknown output format {name!r} (see qs-lint --help)") from None
    try:
        linter.set_reporter(reporter)
        reporter.out = stream
        for report in reports:
            message = message_of(report)
            linter.stats.increase_single_message_count(report.category, 1)
            reporter.on_set_current_module(message.module, message.path)
            reporter.handle_message(message)
        reporter.display_messages(None)
    except Exception as error:  # noqa: BLE001 - the format, or the template, is the user's
        what = f"--msg-template {template!r}" if template else f"output format {name!r}"
        raise UsageError(f"{what}: {type(error).__name__}: {error}") from None
    return stream.getvalue()
