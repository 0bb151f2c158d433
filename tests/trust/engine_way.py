"""The engine as a command: prints what it finds in files and folders, as JSON.

python engine_way.py PATH ...

One list for each finding: path, line, column, symbol, text.  One ``Project`` for all files.
"""

import json
import os
import sys
from collections.abc import Iterator

from qs_lint.examination import findings_in
from qs_lint.project.source import Project


def files(path: str) -> Iterator[str]:
    """The Python files at or below a path; links to folders are not followed."""
    if not os.path.isdir(path):
        yield path
    for folder, _, names in os.walk(path):
        yield from (os.path.join(folder, name) for name in sorted(names) if name.endswith(".py"))


def main(paths: list[str]) -> None:
    """Print the findings."""
    project = Project()
    found = [
        [
            os.path.abspath(file),
            finding.location.line,
            finding.location.column,
            finding.symbol,
            finding.message,
        ]
        for path in paths
        for file in files(path)
        for finding in findings_in(project, file)
    ]
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
