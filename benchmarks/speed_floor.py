"""What cannot be done for less: read files, hash them, parse them with :mod:`ast`.

    python benchmarks/speed_floor.py LIST

``LIST`` is a file with one path a line.  Prints a JSON object with the CPU seconds of ``read``,
``hash`` and ``parse``, each alone, and the number of ``bytes``.
"""

from __future__ import annotations

import ast
import json
import sys
import time
import warnings
from hashlib import blake2b
from pathlib import Path


def floor(paths: list[str]) -> dict[str, float]:
    """The CPU seconds of each step over all files."""
    warnings.simplefilter("ignore")
    start = time.process_time()
    texts = [Path(path).read_bytes() for path in paths]
    read = time.process_time()
    for text in texts:
        blake2b(text, digest_size=16).hexdigest()
    hashed = time.process_time()
    for text in texts:
        try:
            ast.parse(text)
        except (SyntaxError, ValueError):
            continue
    parsed = time.process_time()
    return {
        "read": read - start,
        "hash": hashed - read,
        "parse": parsed - hashed,
        "bytes": sum(map(len, texts)),
    }


if __name__ == "__main__":
    print(json.dumps(floor(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())))
