"""Play fixtures under real Django and print what happened, one JSON object a line.

    python tests/oracle/run_case.py frozen-class-queryset/bad_sorted ...
    python tests/oracle/run_case.py --fresh CASE    # a new interpreter for every process
    python tests/oracle/run_case.py                 # all cases

A case is played twice, each time in a process that has not imported the fixture yet:

run      import the fixture, request, write to the database, move the clock, request again;
control  write, move the clock, import the fixture, request.

What the second request of *run* shows must be what *control* shows: else it is stale.
A case about a frozen argument is played once more while clock, tenant and dice stand still: then
it must be fresh, or its staleness has another cause.
A case about what a request leaves behind is requested by two visitors, too: each alone, one
after the other, and both at once (see ``interleaving``).
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import os
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import traceback
import warnings
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent))

import interleaving
import oracle_cases
import oracle_world

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="[^"]*"')
TWO_DAYS = timedelta(days=2)
TENANTS = {1: "north", 2: "south"}
ROLES = ("run", "control", "run-still", "control-still", "visitors")
TIME_LIMIT = 60


class Counter:
    """Count statements and remember which lines of the fixture they came from."""

    def __init__(self, files: tuple[Path, ...]) -> None:
        """Watch the lines of these files."""
        self.files = {str(file): file for file in files}
        self.statements: list[str] = []
        self.lines: set[tuple[str, int]] = set()

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """Note a statement, then run it."""
        self.statements.append(sql)
        frame = sys._getframe(1)
        while frame is not None:
            if frame.f_code.co_filename in self.files:
                self.lines.add((Path(frame.f_code.co_filename).name, frame.f_lineno))
            frame = frame.f_back
        return execute(sql, params, many, context)

    def report(self) -> dict[str, Any]:
        """Sum up."""
        return {"queries": len(self.statements), "lines": sorted(self.lines)}


@contextmanager
def counted(case: oracle_cases.Case) -> Iterator[Counter]:
    """Count what runs inside."""
    from django.db import connection

    counter = Counter(case.files)
    with connection.execute_wrapper(counter):
        yield counter


def adopt(template: str) -> None:
    """Give this process a database of its own, in memory, with the template's rows."""
    from django.db import connection

    connection.ensure_connection()
    source = sqlite3.connect(template)
    source.backup(connection.connection)
    source.close()


def adopt_file(template: str, folder: str) -> None:
    """Give this process a database of its own that threads share, with the template's rows."""
    from django.db import connection

    # one in memory is not closed: the name comes first
    connection.settings_dict["NAME"] = shutil.copy(template, Path(folder) / "visitors.sqlite3")
    connection.close()


def play(case: oracle_cases.Case, start: datetime, template: str, role: str) -> Any:
    """Play one role of a case and report."""
    if role == "visitors":
        return play_visitors(case, start, template)
    control, still = "control" in role, "still" in role
    scene = 1 if still or not control else 2
    import time_machine

    prepare(case)
    report: dict[str, Any] = {}
    with time_machine.travel(start, tick=False) as clock, redirect_stdout(io.StringIO()):
        adopt(template)
        if control:
            oracle_world.write(start)
            clock.move_to(start if still else start + TWO_DAYS)
        random.seed(scene)
        # A URLconf is imported by the first request: the tenant is known by then.
        importlib.import_module("shop.tenants").enter(TENANTS[scene])
        with counted(case) as counter:
            try:
                oracle_world.start(case.module.partition(".")[0])
                module = importlib.import_module(case.module)
            except Exception as error:  # noqa: BLE001 (whatever is raised is the verdict)
                report["import_error"] = describe(error)
        report["import"] = counter.report()
        if "import_error" in report:
            return report
        oracle_world.complete(module, after_write=control)
        if not hasattr(module, "urlpatterns"):
            return report
        client = visitor()
        paths = ["/", "/good/"] if serves(module, "good/") else ["/"]
        if not control:
            report["first"] = {path: visit(client, case, path, seed=1) for path in paths}
            oracle_world.write(start)
            oracle_world.rewrite(module.__oracle_models__)
            clock.move_to(start if still else start + TWO_DAYS)
        seed = 1 if still else 2
        report["last"] = {path: visit(client, case, path, seed=seed) for path in paths}
    return report


def prepare(case: oracle_cases.Case) -> None:
    """Make the settings those of the case, and its modules importable."""
    from django.conf import settings

    warnings.simplefilter("ignore")
    settings.ROOT_URLCONF = case.module
    for name, value in case.settings.items():
        setattr(settings, name, value)
    sys.path.insert(0, str(case.folder))


def play_visitors(case: oracle_cases.Case, start: datetime, template: str) -> dict[str, Any]:
    """Let two visitors request the page: alone, one after the other, at once."""
    import time_machine

    prepare(case)

    def asked(scene: Any) -> Any:
        """What a scene shows that is played by visitors of a process of their own."""

        def play_scene() -> Any:
            with (
                tempfile.TemporaryDirectory() as folder,
                time_machine.travel(start, tick=False),
                redirect_stdout(io.StringIO()),
            ):
                adopt_file(template, folder)
                interleaving.add_users()
                module = importlib.import_module(case.module)
                oracle_world.complete(module, after_write=False)
                return scene(interleaving.Visitors(answer))

        return in_child(play_scene)

    def answer(client: Any, path: str) -> str:
        return shown(visit(client, case, path, seed=1))

    visits = interleaving.VISITS
    answers = [asked(lambda visitors, one=one: visitors.visit(one)) for one in visits]
    alone = dict(zip(visits, answers, strict=True))
    return {
        "alone": {f"{one.user} {one.path}": text for one, text in alone.items()},
        "after": asked(interleaving.one_after_the_other),
        "at_once": asked(lambda visitors: interleaving.at_once(case, visitors, alone)),
    }


def judge_visitors(report: dict[str, Any]) -> dict[str, Any]:
    """What is left behind for later requests, and what two requests at once do to each other."""
    alone = report["alone"]
    ben = {visit.path: f"{visit.user} {visit.path}" for visit in interleaving.VISITS[1:]}
    left = {path: text for path, text in report["after"].items() if text != alone[ben[path]]}
    return {
        "left_behind": bool(left),
        "raced": bool(report["at_once"]["wrong"]),
        #: the two are shown different things: else nothing could be seen
        "differ": len(set(alone.values())) > 1,
        "texts": alone,
        "wrong": {"after": left, **report["at_once"]},
    }


def serves(module: Any, route: str) -> bool:
    """Say whether the URLconf has that very route."""
    return any(str(pattern.pattern) == route for pattern in module.urlpatterns)


def visitor() -> Any:
    """Make a logged-in test client."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    client = Client()
    client.force_login(get_user_model().objects.get(username="boss"))
    return client


def visit(client: Any, case: oracle_cases.Case, path: str, seed: int) -> dict[str, Any]:
    """Request a path and note the answer."""
    random.seed(seed)
    headers = {"HTTP_X_TENANT": TENANTS[seed]}
    with counted(case) as counter:
        try:
            response = client.get(path, **headers)
            chunks = response.streaming_content if response.streaming else [response.content]
            text = b"".join(chunks).decode("utf-8", "replace")
            answer = {"status": response.status_code, "text": CSRF.sub("", text)}
        except Exception as error:  # noqa: BLE001 (whatever is raised is the verdict)
            answer = {"status": 500, "raises": describe(error)}
    return {**answer, **counter.report()}


def describe(error: Exception) -> str:
    """Put an exception into one line."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    place = f"{Path(last.filename).name}:{last.lineno}"
    return f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''} ({place})"


def judge(run: dict[str, Any], control: dict[str, Any]) -> dict[str, Any]:
    """Compare the two roles."""
    verdict: dict[str, Any] = {
        "queries_at_import": run["import"]["queries"],
        "import_lines": run["import"]["lines"],
        "import_error": run.get("import_error"),
        "paths": {},
    }
    for path in run.get("last", {}):
        first, last = run["first"][path], run["last"][path]
        fresh = control.get("last", {}).get(path, {})
        verdict["paths"][path] = {
            "stale": shown(last) != shown(fresh),
            "sensitive": shown(first) != shown(fresh),
            "raises": [answer["raises"] for answer in (first, last, fresh) if "raises" in answer],
            "status": sorted({answer.get("status", 0) for answer in (first, last, fresh)}),
            "queries": [first["queries"], last["queries"], fresh.get("queries")],
            "request_lines": first["lines"],
            "texts": [shown(first), shown(last), shown(fresh)],
        }
    return verdict


def shown(answer: dict[str, Any]) -> str:
    """What a visitor sees."""
    return str(answer.get("text", answer.get("raises", "nothing")))


def fork(case: oracle_cases.Case, start: datetime, template: str, role: str) -> Any:
    """Play a role in a child of this process, which has Django but not the fixture."""

    def report() -> Any:
        try:
            return play(case, start, template, role)
        except BaseException as error:  # noqa: BLE001 (the parent must hear of it)
            traceback.print_exc()
            return {"import": {"queries": 0, "lines": []}, "import_error": f"oracle: {error!r}"}

    return in_child(report)


def in_child(work: Callable[[], Any]) -> Any:
    """What a function returns in a child of this process, as JSON has it."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            text = json.dumps(work())
        except BaseException:  # noqa: BLE001 (the parent hears of it)
            traceback.print_exc()
            os._exit(1)
        with os.fdopen(writer, "w", encoding="utf-8") as stream:
            stream.write(text)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, encoding="utf-8") as stream:
        text = stream.read()
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("the child failed: see its traceback above")
    return json.loads(text)


def spawn(case: oracle_cases.Case, start: datetime, template: str, role: str) -> Any:
    """Play a role in a new interpreter."""
    command = [sys.executable, __file__, case.name]
    command += ["--role", role, "--start", start.isoformat(), "--template", template]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "0"},
    )
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", help="names of cases; all if none is given")
    parser.add_argument("--fresh", action="store_true", help="a new interpreter per process")
    parser.add_argument("--role", choices=ROLES, help=argparse.SUPPRESS)
    parser.add_argument("--start", type=datetime.fromisoformat, help=argparse.SUPPRESS)
    parser.add_argument("--template", help=argparse.SUPPRESS)
    options = parser.parse_args()
    known = {case.name: case for case in oracle_cases.all_cases()}
    named = known | {case.name: case for case in oracle_cases.unseen_cases()}
    chosen = [named[name] for name in options.cases] if options.cases else list(known.values())
    if options.role:
        oracle_world.configure(":memory:")
        print(json.dumps(play(chosen[0], options.start, options.template, options.role)))
        return
    # The database's own clock cannot be moved: the second request is now, the first was earlier.
    start = datetime.now(timezone.utc).replace(microsecond=0) - TWO_DAYS
    with tempfile.TemporaryDirectory() as folder:
        template = build(folder, start)
        player = spawn if options.fresh else fork
        for case in chosen:
            run, control = (player(case, start, template, role) for role in ROLES[:2])
            verdict = {"case": case.name, **judge(run, control)}
            if oracle_cases.ARGUMENT in case.symbols:
                run, control = (player(case, start, template, role) for role in ROLES[2:4])
                verdict["still"] = judge(run, control)["paths"]
            if case.has_visitors:
                verdict["visitors"] = judge_visitors(player(case, start, template, ROLES[4]))
            print(json.dumps(verdict), flush=True)


def build(folder: str, start: datetime) -> str:
    """Create the template database: tables and the first rows."""
    from django.db import connection

    template = str(Path(folder) / "template.sqlite3")
    oracle_world.configure(":memory:")
    oracle_world.create_tables()
    oracle_world.fill(start)
    target = sqlite3.connect(template)
    connection.connection.backup(target)
    target.close()
    connection.close()
    importlib.import_module("django.test")
    importlib.import_module("django.contrib.admin")
    for package in ("rest_framework", "django_filters"):
        if oracle_world.installed(package):
            importlib.import_module(package)
    return template


if __name__ == "__main__":
    main()
