"""``python -m qs_lint``: the command ``qs-lint``.

``python -m`` puts the working directory in front of everything that can be imported; from here on
nothing comes from there any more.  What Python has imported before that is not ours to decide:
``python -P -m qs_lint``, and the script ``qs-lint``, are safe from the start.
"""

from __future__ import annotations

import os
import sys

if __name__ == "__main__":
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    if not getattr(sys.flags, "safe_path", False) and sys.path and sys.path[0] != own:
        del sys.path[0]

    from qs_lint.command import main

    sys.exit(main())
