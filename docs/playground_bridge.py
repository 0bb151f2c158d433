"""What runs inside of Pyodide for the page "Try it": files in, findings and fixes out, as JSON.

The page has neither pylint nor LibCST's native parser.  Findings come from ``examine()``, which
the command asks, too; fixes from the fixer, on the parser in Python that LibCST still has.  Where
that parser is at its end there is no fix, and the page says so.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import sys
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qs_lint.examination import Outcome, examine
from qs_lint.findings import Finding
from qs_lint.project.source import Project
from qs_lint.rules import all_rules
from qs_lint.sources import locate

#: where the files of the page lie
ROOT = "/tmp/project"
#: more text than anybody types
MAX_TEXT = 300_000
#: the newest grammar that the parser in Python has
GRAMMAR = "3.8"
NO_FIX = "no fix here: the fixer of this page cannot read the file (the command's can)"


def install_parser() -> None:
    """Give LibCST its own parser in Python where its native one is missing."""
    if "libcst.native" in sys.modules:
        return
    native: Any = types.ModuleType("libcst.native")

    def parse(entry: str, text: str, *, lines: bool = True, newline: bool = False) -> Any:
        config = importlib.import_module("libcst._parser.types.config")
        partial = config.PartialParserConfig(python_version=GRAMMAR)
        found = importlib.import_module("libcst._parser.detect_config").detect_config(
            text, partial=partial, detect_trailing_newline=lines, detect_default_newline=newline
        )
        grammar = importlib.import_module("libcst._parser.grammar").get_grammar(
            partial.parsed_python_version, partial.future_imports
        )
        parser = importlib.import_module("libcst._parser.python_parser").PythonCSTParser(
            tokens=found.tokens,
            config=found.config,
            pgen_grammar=grammar,
            start_nonterminal=entry,
        )
        return parser.parse()

    native.parse_module = lambda text, encoding=None: parse("file_input", text, newline=True)
    native.parse_statement = lambda text: parse("stmt_input", text)
    native.parse_expression = lambda text: parse("expression_input", text, lines=False)
    sys.modules["libcst.native"] = native
    setattr(importlib.import_module("libcst"), "native", native)  # noqa: B010


def start() -> None:
    """Load what the first question would wait for."""
    install_parser()
    importlib.import_module("libcst").parse_module("")
    for name in ("qs_lint.fixes.engine", "qs_lint.phases.analysis"):
        importlib.import_module(name)


def lay(files: dict[str, str], root: str = ROOT) -> None:
    """Write the files of the page, and nothing else, below ``root``."""
    if sum(map(len, files.values())) > MAX_TEXT:
        raise ValueError(f"more than {MAX_TEXT:,} characters")
    shutil.rmtree(root, ignore_errors=True)
    for name, text in files.items():
        path = Path(root, name)
        if not path.resolve().is_relative_to(Path(root).resolve()) or path.suffix != ".py":
            raise ValueError(f"{name!r} is no name for a Python file")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def lint(request: str) -> str:
    """The findings of the files in ``check``; ``files`` is the whole project, name to text."""
    asked = json.loads(request)
    files: dict[str, str] = asked["files"]
    lay(files)
    project = Project()
    answers = []
    for name in asked["check"]:
        path = os.path.join(ROOT, name)
        outcome = examine(project, path, files[name])
        cures, reasons = fixable(project, path, files[name], outcome.findings)
        answers.append(
            {
                "path": name,
                "faults": [*map(": ".join, outcome.faults), *unread(name, files[name], outcome)],
                "findings": [
                    {**shown(finding), "fix": cures.get(number), "why": reasons.get(number)}
                    for number, finding in enumerate(outcome.findings)
                ],
            }
        )
    return json.dumps(answers)


def unread(name: str, text: str, outcome: Outcome) -> Iterator[str]:
    """Why a file was not analysed, or where that ended early."""
    if outcome.refused:
        yield f"{name}: {outcome.refused}"
    elif not outcome.readable:
        try:
            compile(text, name, "exec", dont_inherit=True)
        except SyntaxError as error:
            yield f"{name}:{error.lineno}: {error.msg}"
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            yield f"{name}: {error}"
    for line, what in outcome.gave_up:
        yield f"{name}:{line}: not analysed further: {what}"


def fix(request: str) -> str:
    """The text of the file ``path`` with finding ``number`` fixed."""
    from qs_lint.fixes import fixes_for

    asked = json.loads(request)
    files, name = asked["files"], asked["path"]
    lay(files)
    project, path = Project(), os.path.join(ROOT, name)
    found = examine(project, path, files[name]).findings
    return json.dumps(fixes_for(files[name], path, [found[asked["number"]]], project).text)


def fixable(
    project: Project, path: str, text: str, findings: tuple[Finding, ...]
) -> tuple[dict[int, str], dict[int, str]]:
    """What the fixer does about each finding, and why it leaves the others, by number."""
    if not findings:
        return {}, {}
    from qs_lint.fixes import fixes_for

    try:
        result = fixes_for(text, path, list(findings), project)
    except Exception:  # noqa: BLE001  # an old parser, and any text
        return {}, dict.fromkeys(range(len(findings)), NO_FIX)
    numbers = {id(finding): number for number, finding in enumerate(findings)}
    cures = {numbers[id(each.finding)]: each.what for each in result.fixed}
    return cures, {numbers[id(each.finding)]: each.why for each in result.suggested}


def shown(finding: Finding) -> dict[str, Any]:
    """What the page shows of a finding; paths begin at the project."""
    rule = next(rule for rule in all_rules() if rule.symbol == finding.symbol)
    place = finding.location
    return {
        "symbol": finding.symbol,
        "msgid": rule.msgid,
        "enabled": rule.enabled,
        "confidence": finding.confidence.name,
        "line": place.line,
        "column": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
        "happens": inside(finding.happens),
        "wrong": inside(finding.wrong),
        "cure": inside(finding.cure),
        "steps": [
            {
                "path": inside(locate(step.path, place.path) or step.path),
                "line": step.line,
                "text": inside(step.text),
            }
            for step in finding.steps
        ],
    }


def inside(text: str) -> str:
    """A text without the folder that the page's files lie in."""
    return text.replace(ROOT + "/", "")
