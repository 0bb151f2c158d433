"""``python -m qs_lint``: the command ``qs-lint``."""

from __future__ import annotations

import sys

from qs_lint.command import main

if __name__ == "__main__":
    sys.exit(main())
