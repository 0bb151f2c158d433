"""Run one scenario of a real package: two requests to one process, or one to a new process.

    python two_requests.py FOLDER SCENARIO DATABASE --later 86400          ask, write, ask
    python two_requests.py FOLDER SCENARIO DATABASE --later 86400 --new    ask, started later

``FOLDER/scenarios.py`` and ``FOLDER/settings.py`` are imported.  Prints one JSON object, whose keys
are ``first``, ``second`` and ``renewed``, or ``new``.  The database as it was before the second
request is left beside it, with the ending ``.before``, for the new process.

Knows nothing but Django (and time-machine where a clock is moved): it runs in an environment that
has only what the package needs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

#: The environment variable with the path of the database.
DATABASE = "REPRODUCE_DATABASE"
Answer = list[Any]


@dataclass(frozen=True)
class Scenario:
    """What is done with the package.

    ``prepare`` fills the empty database, ``ask`` is the request and gives what it shows, ``write``
    changes the database between two requests.  ``renew`` makes anew, in the running process, the
    one object that is reported as frozen, and touches nothing else: if the answer is right then,
    that object was the cause.
    """

    prepare: Callable[[], None]
    ask: Callable[[], Answer]
    write: Callable[[], None]
    renew: Callable[[], None]


class NoMigrations(dict[str, Any]):
    """For ``MIGRATION_MODULES``: no app has migrations, its tables are made from its models."""

    def __contains__(self, app: object) -> bool:
        return True

    def __getitem__(self, app: str) -> None:
        return None


def database() -> dict[str, Any]:
    """For ``DATABASES``: the scenario's SQLite file."""
    name = os.environ.get(DATABASE, ":memory:")
    return {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": name}}


def travel(seconds: float) -> None:
    """Move the clock of this process, for good."""
    if seconds:
        import time_machine

        later = dt.datetime.now(dt.timezone.utc) + dt.timedelta(seconds=seconds)
        time_machine.travel(later, tick=True).start()


def two_requests(scenario: Scenario, later: float) -> dict[str, Answer]:
    """What one process answers before and after a write, and with the frozen object renewed."""
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    scenario.prepare()
    first = scenario.ask()
    scenario.write()
    travel(later)
    # Asking may write, too: the new process must find what this one finds now.
    place = os.environ[DATABASE]
    shutil.copy(place, f"{place}.before")
    second = scenario.ask()
    scenario.renew()
    return {"first": first, "second": second, "renewed": scenario.ask()}


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("scenario")
    parser.add_argument("database")
    parser.add_argument("--later", type=float, default=0, help="seconds between the requests")
    parser.add_argument("--new", action="store_true", help="a process that starts after the write")
    options = parser.parse_args()
    if options.new:
        travel(options.later)  # before anything of the package is imported
    os.environ |= {DATABASE: options.database, "DJANGO_SETTINGS_MODULE": "settings"}
    sys.path[:0] = [options.folder, str(Path(__file__).parent)]
    import django

    django.setup()
    from scenarios import SCENARIOS

    scenario: Scenario = SCENARIOS[options.scenario]
    answers = {"new": scenario.ask()} if options.new else two_requests(scenario, options.later)
    print(json.dumps(answers))
    return 0


if __name__ == "__main__":
    sys.exit(main())
