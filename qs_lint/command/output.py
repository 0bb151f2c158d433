"""Where reports go, and in which formats."""

from __future__ import annotations

import io
import os
import sys
from typing import TYPE_CHECKING

import qs_lint
from qs_lint.command.console import put
from qs_lint.command.errors import UsageError
from qs_lint.command.files import write_output
from qs_lint.findings import harmless, harmless_json, printable
from qs_lint.formats import FORMATS, render
from qs_lint.formats.terminal import context_for, is_terminal
from qs_lint.records import record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from qs_lint.command.options import Options
    from qs_lint.findings import Fix
    from qs_lint.reports import Report

TEXT = "text"
STATISTICS = "statistics"
#: Formats of pylint that are known without asking it.
JSON = frozenset({"json", "json2"})
#: Reporters whose class is not called like their format.
_OF_CLASSES = {"jsonreporter": "qs-json", "jsonlinesreporter": "qs-jsonl"}
OF_PYLINT = JSON | {TEXT, "parseable", "colorized", "msvs"}


@record(frozen=True)
class Target:
    """One output: a format, and a file (``None``: standard output)."""

    form: str
    file: str | None


def targets(options: Options) -> list[Target]:
    """What to write, where; ``UsageError`` for an unknown format.

    The command line alone decides: a configuration is not trusted.
    """
    asked = options.formats + ((STATISTICS,) if options.statistics else ())
    if not asked:
        terminal = options.output is None and is_terminal(sys.stdout)
        plain_form = TEXT if options.msg_template else "concise"
        return [Target("full" if terminal else plain_form, options.output)]
    found = []
    for item in asked:
        form, _, file = item.strip().partition(":")
        if form not in FORMATS and form not in OF_PYLINT and not _of_this_package(form):
            if "." not in form:
                known = ", ".join([*FORMATS, *sorted(OF_PYLINT)])
                raise UsageError(f"unknown output format {form!r}; there are: {known}")
        found.append(Target(_of_this_package(form) or form, file or options.output))
    if len({target.file for target in found}) < len(found):
        raise UsageError(
            "only one output format can go to standard output; give the others a file: FORMAT:FILE"
        )
    return found


def _of_this_package(form: str) -> str:
    """``qs-sarif`` and ``qs_lint.reporters.SarifReporter``, as pylint's configuration has them."""
    name = form.lower().rpartition(".")[2]
    if form.startswith("qs_lint.reporters."):
        name = _OF_CLASSES.get(name, name).removesuffix("reporter")
    name = name if name in FORMATS else name.removeprefix("qs-")
    return name if name in FORMATS and form != name else ""


def write(
    wanted: Sequence[Target],
    reports: Sequence[Report],
    files: int,
    elapsed: float,
    options: Options,
    read: Callable[[str], str | None],
    fixes: Mapping[Report, Fix] | None = None,
) -> None:
    """Write all outputs; ``UsageError`` if one cannot be written.

    ``files``: how many were checked; ``read`` gives the text of one by its absolute path;
    ``fixes``: of the reports those that ``--fix`` repairs, if that was found out.
    """
    for target in wanted:
        text = _text(target, reports, files, elapsed, options, read, fixes)
        if target.file is None:
            put(text)
        else:
            write_output(target.file, text)


def _text(
    target: Target,
    reports: Sequence[Report],
    files: int,
    elapsed: float,
    options: Options,
    read: Callable[[str], str | None],
    fixes: Mapping[Report, Fix] | None,
) -> str:
    if target.form in FORMATS:
        environ = dict(os.environ) if target.file is None else {"NO_COLOR": "1"}
        timed = target.form == "full"
        stream = sys.stdout if target.file is None and sys.stdout is not None else io.StringIO()
        context = context_for(
            stream, environ, qs_lint.__version__, files, elapsed if timed else None
        )
        context = replace(context, read=read, allow_empty=options.allow_empty, fixes=fixes)
        return render(target.form, reports, context)
    if target.form == TEXT and not options.msg_template:
        return plain(reports)
    from qs_lint.command.through_pylint import shown_by

    if target.form in JSON:
        return harmless_json(shown_by(target.form, reports, files, None))
    quiet = [_quiet(report) for report in reports]
    return harmless(shown_by(target.form, quiet, files, options.msg_template))


def _quiet(report: Report) -> Report:
    """A report whose texts are one line each, in which nothing acts."""
    return replace(  # pylint: disable=kwarg-superseded-by-positional-arg
        report,
        path=printable(report.path),
        abspath=printable(report.abspath),
        module=printable(report.module),
        obj=printable(report.obj),
        text=printable(report.text),
    )


def plain(reports: Sequence[Report]) -> str:
    """What pylint's ``text`` format writes, without asking pylint; nothing in it acts."""
    lines: list[str] = []
    module = None
    for report in map(_quiet, reports):
        if report.module != module:
            module = report.module
            lines.append(f"************* Module {module}" if module else "************* ")
        place = f"{report.path}:{report.line}:{report.column}"
        lines.append(f"{place}: {report.msgid}: {report.text} ({report.symbol})")
    return harmless("".join(f"{line}\n" for line in lines))
