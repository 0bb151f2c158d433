"""What the linter says about buffers: unsaved text in place of what is on disk."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

from qs_lint.command.adopt import without_known
from qs_lint.command.errors import UsageError
from qs_lint.command.options import Options, parse
from qs_lint.command.settings import settings_for
from qs_lint.command.texts import check_text, project_for, reader
from qs_lint.examination import Fault
from qs_lint.fixes import FixerUnavailable, fixes_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qs_lint.command.settings import Settings
    from qs_lint.fixes import FixResult
    from qs_lint.project.source import Project
    from qs_lint.reports import Report

#: The options that say what is reported; those about output, caches and processes have no effect.
MEANT = frozenset(
    {
        "rcfile",
        "isolated",
        "disable",
        "enable",
        "confidence",
        "ignore",
        "ignore_patterns",
        "ignore_paths",
        "gitignore",
        "source_roots",
        "facts",
        "baseline",
        "verbose",
        "jobs",
        "cache",
        "cache_dir",
        "progress",
    }
)


@dataclass(frozen=True)
class Checked:
    """What is said about one buffer.

    ``reports`` are what the command would report for this text; ``files`` and ``folders`` are the
    absolute paths of the other files, and of the folders, that the answer depends on.
    ``warnings``: what the command would say about the configuration.
    """

    reports: tuple[Report, ...] = ()
    files: frozenset[str] = frozenset()
    folders: frozenset[str] = frozenset()
    warnings: tuple[str, ...] = ()


class Session:
    """The linter for one editor.

    The command's options, given when the server is started, apply to every file.  A file is
    checked as the command checks it that is started in the file's workspace folder.
    """

    def __init__(self, arguments: Sequence[str] = ()) -> None:
        """``arguments``: options of the command; raises ``UsageError`` for impossible ones."""
        self._options = _checked(parse(arguments))

    @property
    def verbose(self) -> bool:
        """Whether the user wants to know what is done."""
        return self._options.verbose

    def check(self, path: str, buffers: Mapping[str, str], folder: str | None = None) -> Checked:
        """Check the buffer at ``path``, an absolute path; all ``buffers`` stand for their files.

        ``folder``: the workspace folder that the file belongs to, if there is one.  Raises
        ``UsageError`` if the configuration cannot be used.
        """
        with _working_in(folder):
            options = self._for(path)
            settings = settings_for(options)
            warnings = settings.found.warnings
            text = buffers[path].encode("utf-8", "surrogatepass")
            project = _project(settings, path, buffers)
            checked = check_text(text, options, settings, project)
            if checked is None:
                return Checked(warnings=warnings)
            reports = checked.reports
            if options.baseline is not None and reports:
                read = reader(path, text)
                reports = without_known(options.baseline, reports, [path], read, quiet=True)
            files = frozenset(file for file, _ in checked.outcome.files)
            folders = frozenset(each for each, _ in checked.outcome.folders)
            return Checked(tuple(reports), files, folders, warnings)

    def fixed(
        self,
        path: str,
        buffers: Mapping[str, str],
        reports: Sequence[Report],
        folder: str | None = None,
    ) -> FixResult[str] | None:
        """The buffer with the certain fixes of these reports; ``None`` where nothing is certain.

        That is so without LibCST, too.
        """
        findings = [report.finding for report in reports if report.finding is not None]
        with _working_in(folder), contextlib.suppress(FixerUnavailable, Fault):
            project = _project(settings_for(self._for(path)), path, buffers)
            return fixes_for(buffers[path], path, findings, project)
        return None

    def _for(self, path: str) -> Options:
        """The options of a run that reads one file from standard input."""
        return replace(self._options, paths=(_named(path),), from_stdin=True)


def _checked(options: Options) -> Options:
    """The options; :class:`UsageError` for those that a server cannot do."""
    default = Options(())
    for field in fields(options):
        name, value = field.name, getattr(options, field.name)
        if name not in MEANT and value != getattr(default, name):
            called = {"paths": "PATH", "formats": "--output-format"}.get(name)
            raise UsageError(f"server does not accept {called or '--' + name.replace('_', '-')}")
    # a file that is named here is not looked for in another workspace folder
    roots = options.source_roots
    return replace(
        options,
        rcfile=options.rcfile and os.path.abspath(os.path.expanduser(options.rcfile)),
        facts=options.facts and os.path.abspath(options.facts),
        baseline=options.baseline and os.path.abspath(options.baseline),
        source_roots=roots and ",".join(map(os.path.abspath, roots.split(","))),
    )


@contextlib.contextmanager
def _working_in(folder: str | None) -> Iterator[None]:
    """Work in a folder: configurations are looked up there, and their paths start there."""
    if folder is None:
        yield
        return
    before = os.getcwd()
    try:
        os.chdir(folder)
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror}") from None
    try:
        yield
    finally:
        os.chdir(before)


def _project(settings: Settings, path: str, buffers: Mapping[str, str]) -> Project:
    project = project_for(settings)
    for other, text in buffers.items():
        if other != path:
            project.add(other, text)
    return project


def _named(path: str) -> str:
    """The path as the command would be given it."""
    try:
        name = os.path.relpath(path)
    except ValueError:  # on another drive
        return path
    return path if name.startswith(os.pardir) else name
