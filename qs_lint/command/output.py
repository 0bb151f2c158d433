"""Where reports go, and in which formats."""

from __future__ import annotations

import contextlib
import os
import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import qs_lint
from qs_lint.command.errors import UsageError
from qs_lint.formats import FORMATS, render
from qs_lint.formats.terminal import context_for, is_terminal
from qs_lint.formats.terminal import write as write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from qs_lint.command.options import Options
    from qs_lint.command.settings import Settings
    from qs_lint.reports import Report

TEXT = "text"
#: Formats of pylint that are known without asking it.
OF_PYLINT = frozenset({TEXT, "parseable", "colorized", "json", "json2", "msvs"})


@dataclass(frozen=True)
class Target:
    """One output: a format, and a file (``None``: standard output)."""

    form: str
    file: str | None


def targets(options: Options, settings: Settings) -> list[Target]:
    """What to write, where; ``UsageError`` for a format that nobody knows."""
    asked = options.formats or tuple(
        part for part in settings.values.get("output-format", "").split(",") if part
    )
    if not asked:
        terminal = options.output is None and is_terminal(sys.stdout)
        return [Target("full" if terminal else TEXT, options.output)]
    found = []
    for item in asked:
        form, _, file = item.strip().partition(":")
        if form not in FORMATS and form not in OF_PYLINT and not _of_this_package(form):
            if "." not in form:
                known = ", ".join([*FORMATS, *sorted(OF_PYLINT)])
                raise UsageError(f"unknown output format {form!r}; there are: {known}")
        found.append(Target(_of_this_package(form) or form, file or options.output))
    if len({target.file for target in found}) < len(found):
        raise UsageError("each output format but one needs a file of its own: FORMAT:FILE")
    return found


def _of_this_package(form: str) -> str:
    """``qs-sarif`` and ``qs_lint.reporters.SarifReporter``, as pylint's configuration has them."""
    name = form.lower().rpartition(".")[2]
    name = name.removesuffix("reporter") if form.startswith("qs_lint.reporters.") else name
    name = name.removeprefix("qs-")
    return name if name in FORMATS and form != name else ""


def write(
    wanted: Sequence[Target],
    reports: Sequence[Report],
    files: int,
    elapsed: float,
    template: str | None,
    read: Callable[[str], str | None],
) -> None:
    """Write all outputs; ``UsageError`` if a file cannot be written.

    ``read`` gives the text of a checked file by its absolute path.
    """
    for target in wanted:
        with _stream(target.file) as stream:
            if target.form in FORMATS:
                environ = dict(os.environ) if target.file is None else {"NO_COLOR": "1"}
                machine = target.form != "full"
                context = context_for(
                    stream, environ, qs_lint.__version__, files, None if machine else elapsed
                )
                context = replace(context, read=read)
                write_text(stream, render(target.form, reports, context))
            elif target.form == TEXT and not template:
                write_text(stream, plain(reports))
            else:
                from qs_lint.command.through_pylint import shown_by

                shown_by(target.form, reports, files, template, stream)


@contextlib.contextmanager
def _stream(file: str | None) -> Iterator[TextIO]:
    if file is None:
        yield sys.stdout
        sys.stdout.flush()
        return
    try:
        with open(file, "w", encoding="utf-8", newline="\n") as stream:
            yield stream
    except OSError as error:
        raise UsageError(f"cannot write {file}: {error.strerror or error}") from None


def plain(reports: Sequence[Report]) -> str:
    """What pylint's ``text`` format writes, without asking pylint."""
    lines: list[str] = []
    module = None
    for report in reports:
        if report.module != module:
            module = report.module
            lines.append(f"************* Module {module}" if module else "************* ")
        place = f"{report.path}:{report.line}:{report.column}"
        lines.append(f"{place}: {report.msgid}: {report.text} ({report.symbol})")
    return "".join(f"{line}\n" for line in lines)
