"""When code runs, in which process, and how long what it makes lives."""

from __future__ import annotations

import enum


class Moment(enum.Enum):
    """When an expression runs."""

    #: once per process, while its module is read
    IMPORT = "import"
    #: whenever a request (or a task) asks
    CALL = "call"
    #: in a process that does one thing and ends
    SCRIPT = "script"
    #: for type checkers only, or behind a condition that is never true
    NEVER = "never"


class Process(enum.Enum):
    """What kind of process runs a file."""

    #: answers requests, or takes tasks from a queue, until somebody stops it
    SERVER = "server"
    #: ``manage.py <command>``
    COMMAND = "command"
    #: ``python file.py``, ``python -m package``, ``manage.py shell < file.py``
    SCRIPT = "script"
    #: a test run
    TEST = "test"
    #: ``manage.py migrate``
    MIGRATION = "migration"

    @property
    def lasts(self) -> bool:
        """Whether the process serves again after somebody changed the database."""
        return self is Process.SERVER


class Lifetime(enum.IntEnum):
    """How long something lives; a longer life is greater."""

    #: it is never made
    NEVER = 0
    #: a local variable, or an object that is made (or copied) for each use
    CALL = 1
    #: one request, task, thread or form
    REQUEST = 2
    #: nobody knows who makes it, or how often
    UNKNOWN = 3
    #: a process that does one thing and ends
    RUN = 4
    #: a process that serves requests
    PROCESS = 5

    @property
    def outlives_request(self) -> bool:
        """Whether a later request of the same process is served what is in it."""
        return self is Lifetime.PROCESS
