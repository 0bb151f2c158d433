"""What the package says of its work, by ``logging``, once somebody has imported that.

Before that nobody can want to hear it; importing ``logging`` takes longer than many a run.
"""

from __future__ import annotations

import sys


class Log:
    """Stands for the logger of a name."""

    def __init__(self, name: str) -> None:
        self.name = name

    def debug(self, text: str, *args: object, exc_info: BaseException | None = None) -> None:
        """Log a line."""
        logging = sys.modules.get("logging")
        if logging is not None:
            logging.getLogger(self.name).debug(text, *args, exc_info=exc_info, stacklevel=2)
