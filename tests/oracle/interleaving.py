"""Two visitors of one process: what the request of one leaves behind for the other.

Each visitor's answer, alone in a process of its own, is what it has to be. It is compared with

- the answer after another visitor's request (*left behind*);
- the answers of two requests at once (*raced*): at every line of the fixture that the first
  request comes to, a thread lets the second one run to its end. Where the fixture has
  coroutines, that is done with tasks of one event loop as well, at every suspension.
"""

from __future__ import annotations

import asyncio
import contextvars
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from oracle_cases import Case

#: Places of one request where another one is let in; no fixture comes to more.
MOST_PLACES = 150
#: Seconds that a request in between may take: one that waits for a lock ends after the first.
PATIENCE = 5.0


@dataclass(frozen=True)
class Visit:
    """Who asks for what."""

    user: str
    path: str


#: The first visitor asks for something of their own, the second for nothing, or for the same.
FIRST = Visit("Ada", "/?mine=1")
PLAIN = Visit("Ben", "/")
SAME = Visit("Ben", "/?mine=1")
VISITS = (FIRST, PLAIN, SAME)
#: Where a URLconf has this route, it is what the first visitor asks for.
CHOICE = "first/"


def add_users() -> None:
    """Create the two visitors, who may do everything; orders belong to buyers of their names."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import Permission

    users = get_user_model().objects
    users.create(username=PLAIN.user, is_staff=True, is_superuser=True)
    first = users.create(username=FIRST.user, is_staff=True)
    first.user_permissions.set(Permission.objects.all())


class Visitors:
    """Clients of a process that is up, logged in."""

    def __init__(self, ask: Callable[[Any, str], Any]) -> None:
        """``ask`` requests a path with a client and describes the answer."""
        from django.contrib.auth import get_user_model
        from django.test import AsyncClient, Client
        from django.urls import get_resolver

        self.ask = ask
        # not by resolving it: that would convert arguments already
        self.chooses = any(
            pattern.pattern.regex.fullmatch(CHOICE) for pattern in get_resolver().url_patterns
        )
        users = {user.username: user for user in get_user_model().objects.all()}
        self.clients = {}
        self.async_clients = {}
        for clients, kind in ((self.clients, Client), (self.async_clients, AsyncClient)):
            handler = kind().handler  # one, with one of each middleware, as in a server
            for visit in (FIRST, PLAIN):
                clients[visit.user] = client = kind()
                client.handler = handler
                client.force_login(users[visit.user])

    def where(self, visit: Visit) -> str:
        """The path that a visitor requests."""
        return f"/{CHOICE}?mine=1" if self.chooses and visit is FIRST else visit.path

    def visit(self, visit: Visit) -> str:
        """What a visitor is shown."""
        return str(self.ask(self.clients[visit.user], self.where(visit)))

    async def visit_async(self, visit: Visit) -> str:
        """The same, in a coroutine."""
        try:
            response = await self.async_clients[visit.user].get(self.where(visit))
        except Exception as error:  # noqa: BLE001 (whatever is raised is the answer)
            return f"{type(error).__name__}: {error}"
        return str(response.content.decode("utf-8", "replace"))


def one_after_the_other(visitors: Visitors) -> dict[str, str]:
    """What the second visitor is shown after the first."""
    visitors.visit(FIRST)
    return {visit.path: visitors.visit(visit) for visit in (PLAIN, SAME)}


def at_once(case: Case, visitors: Visitors, alone: dict[Visit, str]) -> dict[str, Any]:
    """The first answers of requests at once that are not what they have to be, and how many ran.

    ``alone`` says what each visitor has to be shown.
    """
    ways = [_threads]
    if any("async def" in file.read_text("utf-8") for file in case.files):
        ways.append(_tasks)
    tried = 0
    for way in ways:
        for other in (SAME, PLAIN):
            place = 0
            while place < MOST_PLACES:
                reached, shown = way(case, visitors, other, place)
                if not reached:
                    break
                tried += 1
                place += 1
                wrong = {
                    f"{visit.user} {visit.path}": text
                    for visit, text in shown.items()
                    if text != alone[visit]
                }
                if wrong:
                    return {"way": way.__name__.strip("_"), "tried": tried, "wrong": wrong}
    return {"way": "", "tried": tried, "wrong": {}}


def _threads(
    case: Case, visitors: Visitors, other: Visit, place: int
) -> tuple[bool, dict[Visit, str]]:
    """Let a thread in before the line of the fixture that the first request comes to then."""
    files = {str(file) for file in case.files}
    shown: dict[Visit, str] = {}
    passed = 0
    let_in: threading.Thread | None = None

    def inside() -> None:
        from django.db import connections

        try:
            shown[other] = visitors.visit(other)
        finally:
            connections.close_all()

    def trace(frame: Any, event: str, argument: Any) -> Any:
        nonlocal passed, let_in
        if frame.f_code.co_filename not in files:
            return None
        if event in ("line", "return") and let_in is None:
            if passed == place:
                let_in = threading.Thread(target=inside, daemon=True)
                let_in.start()
                let_in.join(PATIENCE)
            passed += 1
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        shown[FIRST] = visitors.visit(FIRST)
    finally:
        sys.settrace(before)
    if let_in is not None:
        let_in.join(PATIENCE)
    return let_in is not None, shown


class _Paused:
    """A coroutine, and another one that runs to its end when the first is suspended then."""

    def __init__(self, first: Any, other: Callable[[], Any], place: int) -> None:
        self.first = first
        self.other = other
        self.place = place
        self.reached = False
        #: a request has a context of its own, not that of another one
        self.around = contextvars.copy_context()

    def __await__(self) -> Generator[Any, Any, Any]:
        steps = self.first.__await__()
        passed = 0
        try:
            waits = next(steps)
            while True:
                if passed == self.place:
                    self.reached = True
                    let_in = self.around.run(asyncio.ensure_future, self.other())
                    yield from let_in.__await__()
                passed += 1
                waits = steps.send((yield waits))
        except StopIteration as end:
            return end.value


def _tasks(
    case: Case, visitors: Visitors, other: Visit, place: int
) -> tuple[bool, dict[Visit, str]]:
    """Let a task in where the first request is suspended."""
    from django.conf import settings

    # middleware that is no coroutine would move the view into a thread
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name.startswith("django.")]

    async def both() -> tuple[bool, dict[Visit, str]]:
        shown: dict[Visit, str] = {}

        async def inside() -> None:
            shown[other] = await visitors.visit_async(other)

        paused = _Paused(visitors.visit_async(FIRST), inside, place)
        shown[FIRST] = await paused
        return paused.reached, shown

    return asyncio.run(both())
