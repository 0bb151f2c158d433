"""Bytes of a Python file to text and back, losing nothing: byte order mark, encoding, newlines."""

from __future__ import annotations

import codecs
import io
import tokenize
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Codec:
    """How a file is written; ``mark`` is the byte order mark or nothing."""

    encoding: str = "utf-8"
    mark: bytes = b""

    def encode(self, text: str) -> bytes:
        """The bytes of a text; ``UnicodeEncodeError`` if the encoding has no such character."""
        return self.mark + text.encode(self.encoding)


def decode(data: bytes) -> tuple[str, Codec]:
    """The text without byte order mark, and how to write it again.

    Raises ``SyntaxError`` for an unknown encoding, ``UnicodeDecodeError`` for bytes outside of it.
    """
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    mark = b""
    if encoding == "utf-8-sig":
        encoding, mark = "utf-8", codecs.BOM_UTF8
    return data[len(mark) :].decode(encoding), Codec(encoding, mark)
