"""``qs-lint --add-disable``: comments for pylint that keep the findings of today quiet.

A comment stands on a line of its own, right above the line that the message names::

    # pylint: disable-next=frozen-class-queryset  # reason
    queryset = sorted(Order.objects.all())

Where no line can be put there, inside a string or behind a backslash, the whole statement is put
between a ``disable`` and an ``enable``.  Nothing but comments is added: the tree of the new text is
compared with that of the old one.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qs_lint.command.errors import UsageError
from qs_lint.command.files import KeptError, rewrite
from qs_lint.files import MAX_FILE, read_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qs_lint.reports import Report

#: The reason, if none is given: the reader must know that it was not reviewed yet.
REASON = "not reviewed"
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DISABLE_NEXT = re.compile(
    r"#[^#]*?\bpylint:\s*disable-next\s*=\s*(?P<names>[\w-]+(?:\s*,\s*[\w-]+)*)(?=\s*(?:$|[#;]))"
)
_BLANK = re.compile(r"[ \t\f]*")
_OPENS = ("FSTRING_START", "TSTRING_START")
_CLOSES = ("FSTRING_END", "TSTRING_END")


class _CannotError(Exception):
    """A finding that no comment can be written for; the argument says why."""


@dataclass(frozen=True)
class Left:
    """A report that is as loud as before, and why."""

    report: Report
    why: str


@dataclass(frozen=True)
class Added:
    """What was done: the files that were changed (as the run named them), what was not."""

    files: list[str]
    left: list[Left]


def checked_reason(reason: str | None) -> str:
    """The reason to write; :class:`UsageError` for one that would not be a comment's end."""
    if reason is None:
        return REASON
    reason = reason.strip()
    if not reason or not reason.isprintable():
        raise UsageError("--reason must be one line of text")
    if "pylint:" in reason:
        raise UsageError(
            "--reason must not contain 'pylint:': it would be an instruction to pylint"
        )
    return reason


def add_disables(reports: Sequence[Report], reason: str, named: Sequence[str]) -> Added:
    """Write comments above the findings that ``reports`` name, in the files below ``named``."""
    files: list[str] = []
    left: list[Left] = []
    for path, wanted in _by_file(reports).items():
        loud = [report for report in wanted if report.finding is None]
        left += [Left(report, "it is no finding, and must be put right") for report in loud]
        quiet = [report for report in wanted if report.finding is not None]
        try:
            old = read_file(path, MAX_FILE)
            new, missed = with_comments(old, quiet, reason)
            if new != old:
                rewrite(path, old, new, named)
                files.append(quiet[0].path)
        except (OSError, _CannotError, KeptError) as error:
            left += [Left(report, str(error)) for report in quiet]
            continue
        left += missed
    return Added(files, left)


def _by_file(reports: Sequence[Report]) -> dict[str, list[Report]]:
    found: dict[str, list[Report]] = {}
    for report in reports:
        found.setdefault(report.abspath, []).append(report)
    return found


def with_comments(data: bytes, reports: Sequence[Report], reason: str) -> tuple[bytes, list[Left]]:
    """The bytes of a file with a comment for each report, and the reports without one.

    Raises ``_CannotError`` if nothing at all can be done in this file.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
        place = _Places(text)
    except (SyntaxError, ValueError, LookupError, tokenize.TokenError, RecursionError) as error:
        raise _CannotError(f"the file cannot be read: {error}") from None
    symbols: dict[int, set[str]] = {}
    for report in reports:
        symbols.setdefault(report.line, set()).add(report.symbol)
    left: list[Left] = []
    for line in sorted(symbols, reverse=True):  # from below: places above stay where they are
        try:
            place.silence(line, sorted(symbols[line]), reason)
        except _CannotError as error:
            left += [Left(report, str(error)) for report in reports if report.line == line]
    new = place.text()
    if not _same_code(text, new):
        raise _CannotError("a comment would change what the file does")
    try:
        return new.encode(encoding), left
    except UnicodeEncodeError:
        raise _CannotError(
            f"the reason cannot be written in the file's encoding, {encoding}"
        ) from None


class _Places:
    """The lines of a text, and where a line can be put between them."""

    def __init__(self, text: str) -> None:
        self._lines = _LINE.findall(text)
        plain = re.sub(r"\r\n?", "\n", text)
        #: statements by their first and by their last line; the smallest one around each line
        self._first: dict[int, list[ast.stmt]] = {}
        self._last: dict[int, list[ast.stmt]] = {}
        self._around: dict[int, ast.stmt] = {}
        for node in ast.walk(_parsed(plain)):
            if isinstance(node, ast.stmt):
                last = node.end_lineno or node.lineno
                self._first.setdefault(node.lineno, []).append(node)
                self._last.setdefault(last, []).append(node)
                self._around.update(dict.fromkeys(range(node.lineno, last + 1), node))
        self._end = (
            "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"
        )
        #: lines that begin inside a string; lines whose last token is a comment
        self._inside: set[int] = set()
        self._comments: dict[int, int] = {}
        for first, last in _strings(plain):
            self._inside.update(range(first + 1, last + 1))
        for token in tokenize.generate_tokens(io.StringIO(plain).readline):
            if token.type == tokenize.COMMENT:
                self._comments[token.start[0]] = token.start[1]

    def text(self) -> str:
        """All lines, with what was put between them."""
        return "".join(self._lines)

    def silence(self, line: int, symbols: Sequence[str], reason: str) -> None:
        """Write the comments for the messages of one line."""
        if not 1 <= line <= len(self._lines):
            raise _CannotError("the line is not there")
        if self._extended(line - 1, symbols):
            return
        if self._free(line):
            self._put(line, f"{self._indent(line)}{_comment('disable-next', symbols, reason)}")
            return
        statement = self._statement(line)
        first, last = statement.lineno, statement.end_lineno or statement.lineno
        if not self._free(first) or not self._alone(first, last):
            raise _CannotError("no comment can be put around the statement")
        indent = self._indent(first)
        self._put(last + 1, f"{indent}# pylint: enable={','.join(symbols)}")
        self._put(first, f"{indent}{_comment('disable', symbols, reason)}")

    def _free(self, line: int) -> bool:
        """Whether a line can be put above this one."""
        if line in self._inside:
            return False
        above = self._lines[line - 2].rstrip("\r\n") if line > 1 else ""
        return not above.endswith("\\") or line - 1 in self._comments

    def _alone(self, first: int, last: int) -> bool:
        """Whether a statement shares its first and last lines with no other one."""
        there = {
            id(node)
            for line in (first, last)
            for node in (*self._first.get(line, ()), *self._last.get(line, ()))
            if not (node.lineno < first and (node.end_lineno or 0) >= last)
        }
        return len(there) == 1

    def _statement(self, line: int) -> ast.stmt:
        """The smallest statement around a line; it must have no statements in it."""
        best = self._around.get(line)
        if best is None or any(isinstance(node, ast.stmt) for node in ast.iter_child_nodes(best)):
            raise _CannotError("it is in the head of a block, where no comment can be put")
        return best

    def _extended(self, line: int, symbols: Sequence[str]) -> bool:
        """Add to the ``disable-next`` of a line, if it has one."""
        if line not in self._comments:
            return False
        text = self._lines[line - 1]
        start = self._comments[line]
        match = _DISABLE_NEXT.search(text.rstrip("\r\n"), start)
        if match is None:
            return False
        there = re.split(r"\s*,\s*", match["names"])
        names = ",".join(name for name in symbols if name not in there)
        if not names:
            raise _CannotError("the comment above it does not silence it")
        place = match.end("names")
        self._lines[line - 1] = f"{text[:place]},{names}{text[place:]}"
        return True

    def _indent(self, line: int) -> str:
        match = _BLANK.match(self._lines[line - 1].removeprefix("\ufeff"))
        return match[0] if match else ""

    def _put(self, line: int, text: str) -> None:
        """Put a line above another one; one more than there are lines is the end of the text."""
        above = self._lines[line - 2] if line > 1 else ""
        if above and not above.endswith(("\r", "\n")):
            self._lines[line - 2] = above + self._end
            self._lines.insert(line - 1, text)
        else:
            self._lines.insert(line - 1, text + self._end)


def _comment(action: str, symbols: Sequence[str], reason: str) -> str:
    return f"# pylint: {action}={','.join(symbols)}  # {reason}"


def _parsed(text: str) -> ast.Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.parse(text)


def _same_code(old: str, new: str) -> bool:
    try:
        return ast.dump(_parsed(old)) == ast.dump(_parsed(new))
    except (SyntaxError, ValueError, RecursionError):
        return False


def _strings(text: str) -> Iterator[tuple[int, int]]:
    """The first and the last line of each string; of formatted strings, the outermost."""
    depth = first = 0
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        name = tokenize.tok_name[token.type]
        if name in _OPENS:
            first = first if depth else token.start[0]
            depth += 1
        elif name in _CLOSES:
            depth -= 1
            if not depth:
                yield first, token.end[0]
        elif token.type == tokenize.STRING:
            yield token.start[0], token.end[0]
