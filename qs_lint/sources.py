"""The checked files as text: read whatever their encoding, measure columns, name paths.

Nothing here raises for a file that is missing, unreadable, or no text: a report about such a file
must still be shown.
"""

from __future__ import annotations

import os
import re

from qs_lint.files import MAX_FILE, read_or_none

#: what Python's own parser takes for the end of a line; ``str.splitlines`` knows more of them
_LINE_END = re.compile(r"\r\n|\r|\n")


def read(path: str) -> str | None:
    """The text of a file, or ``None`` if it cannot be read.

    The encoding is the one that the file declares, as Python reads it; bytes that do not fit are
    replaced.
    """
    data = read_or_none(path, MAX_FILE)
    return None if data is None else decoded(data)


def decoded(data: bytes) -> str:
    """Bytes as Python would read them, with U+FFFD for what does not fit."""
    import io
    import tokenize

    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    except (SyntaxError, UnicodeDecodeError):
        encoding = "utf-8-sig"
    try:
        return data.decode(encoding, "replace")
    except (LookupError, UnicodeError):
        return data.decode("utf-8-sig", "replace")


def lines_of(text: str | None) -> list[str]:
    """The lines of a text, without their ends, divided where Python's parser divides them."""
    return [] if text is None else _LINE_END.split(text)


def characters(line: str, column: int) -> int:
    """The index of a character in a line, of a column as ``ast`` and pylint count: UTF-8 bytes.

    A column beyond the line is the end of the line; one inside a character is that character's.
    """
    if column <= 0:
        return 0
    if line.isascii():
        return min(column, len(line))
    start = line.encode("utf-8", "surrogatepass")[:column]
    return len(start.decode("utf-8", "ignore"))


def utf16_units(line: str, index: int) -> int:
    """How many UTF-16 code units the first ``index`` characters of a line are."""
    return len(line[:index].encode("utf-16-le", "surrogatepass")) // 2


def segment(lines: list[str], line: int, column: int, end_line: int, end_column: int) -> str:
    """The text of a range (lines from 1, columns in bytes from 0); empty if it is not there."""
    if not 1 <= line <= end_line <= len(lines):
        return ""
    last = lines[end_line - 1]
    end = characters(last, end_column)
    start = characters(lines[line - 1], column)
    if line == end_line:
        return last[start:end]
    return "\n".join([lines[line - 1][start:], *lines[line : end_line - 1], last[:end]])


def relative(path: str, root: str) -> str:
    """A path as seen from a directory, with forward slashes; absolute if it lies outside."""
    whole = os.path.abspath(os.path.join(root, path))
    try:
        inside = os.path.relpath(whole, root)
    except ValueError:  # another drive
        inside = os.pardir
    if inside == os.pardir or inside.startswith(os.pardir + os.sep):
        inside = whole
    return inside.replace(os.sep, "/")


def locate(shown: str, near: str) -> str | None:
    """The file that a step's path means, or ``None``.

    A step shows its path from the outermost package on.  The file is looked up as imports are:
    from the reported file's directory upwards, and in a ``src`` directory there.
    """
    folder = os.path.dirname(os.path.abspath(near))
    while True:
        for candidate in (os.path.join(folder, shown), os.path.join(folder, "src", shown)):
            try:
                if os.path.isfile(candidate):
                    return os.path.normpath(candidate)
            except ValueError:
                return None
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above
