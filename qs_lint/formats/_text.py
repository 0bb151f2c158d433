"""Text that may be hostile: made visible, measured, cut and wrapped for a terminal."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

#: characters that steer a terminal or a reader's eye: controls, formats (bidi, zero width),
#: surrogates, line separators, and what XML 1.0 forbids
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_PLAIN = re.compile(r"[\x20-\x7e]*")
ZERO_WIDTH_JOINER = "\u200d"


def visible(text: str, keep: str = "", encoding: str = "utf-8") -> str:
    """A text in which no character acts: each such one is written as a Python escape.

    Characters in ``keep`` stay; what the encoding cannot hold is escaped as well.
    """
    if _PLAIN.fullmatch(text):
        return text
    shown = "".join(
        character if character in keep or not acts(character) else escape(character)
        for character in text
    )
    try:
        return shown.encode(encoding, "backslashreplace").decode(encoding)
    except (LookupError, UnicodeError):
        return shown.encode("ascii", "backslashreplace").decode("ascii")


def acts(character: str) -> bool:
    """Whether a character does something other than standing there."""
    if character == ZERO_WIDTH_JOINER:  # emoji and several scripts are written with it
        return False
    # noncharacters: every code point that ends in FFFE or FFFF
    return unicodedata.category(character) in _HIDDEN or ord(character) & 0xFFFE == 0xFFFE


def escape(character: str) -> str:
    """A character as a Python escape; the bytes that hide in surrogates as those bytes."""
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    names = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
    if character in names:
        return names[character]
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    if text.isascii():
        return len(text)
    return sum(map(_width, text))


def _width(character: str) -> int:
    if character == ZERO_WIDTH_JOINER or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrapped(text: str, columns: int) -> list[str]:
    """A paragraph in lines of at most so many columns; a longer word has a line of its own.

    Code between backticks is not broken unless it is longer than a line.
    """
    lines: list[str] = []
    line = ""
    for word in words(text, columns):
        if not line:
            line = word
        elif width(line) + 1 + width(word) <= columns:
            line = f"{line} {word}"
        else:
            lines.append(line)
            line = word
    return [*lines, line] if line else lines


def words(text: str, columns: int) -> Iterable[str]:
    """The parts between which a line may be broken."""
    for word in re.findall(r"[^\s`]*`[^`]*`[^\s`]*|\S+", text):
        if " " in word and width(word) > columns:
            yield from word.split()
        else:
            yield word


def cut(text: str, columns: int, mark: str) -> str:
    """A text in at most so many columns; a mark stands for what is left out."""
    if width(text) <= columns:
        return text
    room = columns - width(mark)
    shown: list[str] = []
    for character in text:
        room -= _width(character)
        if room < 0:
            break
        shown.append(character)
    return "".join(shown).rstrip() + mark if columns >= width(mark) else ""


def counted(number: int, singular: str, plural: str = "") -> str:
    """``1 file``, ``2 files``."""
    return f"{number} {singular if number == 1 else plural or singular + 's'}"
