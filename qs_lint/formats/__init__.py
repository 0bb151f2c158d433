"""How reports are shown: one module per format, each a pure function of reports and context.

``render("sarif", reports, context)`` gives the whole text.  A format's module is imported when it
is asked for.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING

from qs_lint import sources
from qs_lint.records import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

    from qs_lint.findings import Fix
    from qs_lint.reports import Report

    Renderer = Callable[[Sequence[Report], "Context"], str]

#: name of a format -> what it is; the module of that name (with ``_``) has its ``render``
FORMATS = {
    "full": "for people: the code, the steps to the query, the reason and what to write instead",
    "concise": "one line a finding: where, which rule, and what",
    "statistics": "counts for every rule",
    "github": "GitHub Actions annotations",
    "azure": "Azure Pipelines annotations",
    "sarif": "SARIF 2.1.0, e.g. for GitHub code scanning",
    "gitlab": "GitLab Code Quality report",
    "junit": "JUnit XML",
    "rdjson": "Reviewdog Diagnostic Format",
    "qs-json": "JSON with the reasons, ranges and steps of each finding",
    "qs-jsonl": "the same, one line a finding",
}


@record(frozen=True)
class Context:
    """What a format needs to know beside the reports.

    ``files``: how many files were checked, if known.  ``cwd``: paths for people are shown from
    there.  ``root``: paths for other programs are, and a file outside is named absolutely.
    ``width`` (columns), ``colour`` and ``encoding`` are those of the output.  ``elapsed``: seconds.
    ``allow_empty``: it is not an error if no file was checked.  ``fixes``: those of the reports, if
    they were found out.  ``read``: the text of a file by absolute path, or ``None``.
    """

    version: str
    files: int | None = None
    cwd: str = field(default_factory=os.getcwd)
    root: str = field(default_factory=os.getcwd)
    width: int = 80
    colour: bool = False
    encoding: str = "utf-8"
    elapsed: float | None = None
    allow_empty: bool = False
    fixes: Mapping[Report, Fix] | None = None
    read: Callable[[str], str | None] = sources.read


class UnknownFormatError(ValueError):
    """There is no format of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"unknown output format {name!r}; there are: {', '.join(FORMATS)}")


def renderer(name: str) -> Renderer:
    """The function that renders a format; :class:`UnknownFormatError` if there is none."""
    if name not in FORMATS:
        raise UnknownFormatError(name)
    module: Any = importlib.import_module(f"{__name__}.{name.replace('-', '_')}")
    found: Renderer = module.render
    return found


def render(name: str, reports: Sequence[Report], context: Context) -> str:
    """The reports in a format, ending with a line break unless it is empty."""
    return renderer(name)(reports, context)


def root_of(cwd: str, environ: Mapping[str, str]) -> str:
    """The directory that other programs' paths start at.

    That is the checkout that a CI service names if the working directory is in it, else the
    working directory: in a monorepo, the linter may run in a subdirectory.
    """
    for name in ("GITHUB_WORKSPACE", "CI_PROJECT_DIR"):
        top = environ.get(name, "")
        if top and os.path.isabs(top):
            place, above = os.path.realpath(cwd), os.path.realpath(top)
            if place == above or place.startswith(above.rstrip(os.sep) + os.sep):
                # spelled as the working directory is, which may go through a link
                inside = os.path.relpath(place, above)
                steps = 0 if inside == os.curdir else inside.count(os.sep) + 1
                root = cwd
                for _ in range(steps):
                    root = os.path.dirname(root)
                return root if os.path.realpath(root) == above else above
    return cwd
