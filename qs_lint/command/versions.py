"""The versions of installed packages, read from the package itself.

Reading the metadata of the distribution takes as long as reading a hundred files.
"""

from __future__ import annotations

import contextlib
import re
from functools import cache

_VERSION = r'(?m)^__version__ = "(.+)"'


@cache
def installed(package: str) -> str:
    """The version of pylint or astroid, from the module that holds it, without importing it.

    Empty if the package is not installed, as where the wheel runs without its dependencies.
    """
    from importlib.util import find_spec
    from pathlib import Path

    spec = find_spec(package)
    if spec is not None and spec.origin is not None:
        with contextlib.suppress(OSError):
            text = (Path(spec.origin).parent / "__pkginfo__.py").read_text(encoding="utf-8")
            if found := re.search(_VERSION, text):
                return found[1]
    from importlib import metadata  # slow, and hardly ever needed

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
