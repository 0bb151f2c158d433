"""The hash of a line by which GitHub knows an alert again, ``primaryLocationLineHash``.

It is a polynomial modulo 2**64 of the 100 UTF-16 code units that begin at the line, without blanks
and tabs and with a line feed for every end of a line; a number counts lines with the same hash.
GitHub's upload action computes the same, but only for files that it finds.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

WINDOW = 100
BASE = 37
MODULUS = 2**64
#: what stands behind the last character of a file
END = 0xFFFF
_POWERS = [pow(BASE, WINDOW - 1 - place, MODULUS) for place in range(WINDOW)]
_LINE_END = re.compile(r"\r\n|\r")


def line_hashes(text: str, wanted: Collection[int]) -> dict[int, str]:
    """The hashes of the wanted lines, from 1, of a file."""
    plain = _LINE_END.sub("\n", text).replace(" ", "").replace("\t", "")
    units = array("H", plain.encode("utf-16-le", "surrogatepass"))
    starts = [0, *(place + 1 for place, unit in enumerate(units) if unit == 10)]
    units.extend([END, *[0] * WINDOW])
    seen: Counter[bytes] = Counter()
    found: dict[int, str] = {}
    for line, start in enumerate(starts, 1):
        window = units[start : start + WINDOW]
        same = window.tobytes()
        seen[same] += 1
        if line in wanted:
            value = sum(map(int.__mul__, window, _POWERS)) % MODULUS
            found[line] = f"{value:x}:{seen[same]}"
    return found
