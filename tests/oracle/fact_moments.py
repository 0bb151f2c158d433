"""Clocks, dice and contexts: what two calls at different moments give."""

# pylint: disable=eval-used

from __future__ import annotations

import os
import threading
import time
from datetime import date, datetime, timezone
from typing import Any
from unittest.mock import Mock

import time_machine
from fact_calls import resolve
from fact_world import attempt, counted, queryset

FIRST = datetime(2024, 1, 1, 23, 30, tzinfo=timezone.utc)
SECOND = datetime(2025, 6, 3, 12, 0, tzinfo=timezone.utc)

#: How to call what needs arguments; ``F`` is the function.
CALLS: dict[str, str] = {
    "datetime.datetime.now": "F()",
    "time.strftime": "F('%Y-%m-%d %H:%M:%S')",
    "random.randint": "F(0, 10**9)",
    "random.randrange": "F(10**9)",
    "random.choice": "F(range(10**9))",
    "random.choices": "F(range(10**9), k=3)",
    "random.sample": "F(range(10**9), 3)",
    "random.uniform": "F(0, 1)",
    "random.getrandbits": "F(64)",
    "random.shuffle": "shuffled(F)",
    "secrets.choice": "F(range(10**9))",
    "secrets.randbelow": "F(10**9)",
    "django.contrib.sites.shortcuts.get_current_site": "F(request).pk",
    "django.utils.crypto.get_random_string": "F(20)",
    "django.utils.translation.gettext": "F('January')",
    "django.utils.translation.pgettext": "F('abbrev. month', 'May')",
    "django.utils.translation.ngettext": "F('%(num)d day', '%(num)d days', 2)",
    "django.utils.timezone.get_current_timezone": "str(F())",
}
#: The same with an argument that fixes the moment.
FIXED: dict[str, str] = {
    "django.utils.timezone.localtime": "F(moment)",
    "django.utils.timezone.localdate": "F(moment)",
    "time.localtime": "F(86400)",
    "time.gmtime": "F(86400)",
    "time.ctime": "F(86400)",
}
#: Clocks that time_machine does not move, on one version or another.
UNMOVED = frozenset({"time.monotonic", "time.ctime"})
SITES = {1: "north.example.com", 2: "south.example.com"}


def shuffled(shuffle: Any) -> list[int]:
    """A list after shuffling."""
    numbers = list(range(100))
    shuffle(numbers)
    return numbers


def ask(name: str, function: Any, context: int, text: str) -> Any:
    """Call in one of two contexts: language, time zone, site, thread, process."""
    from django.test import RequestFactory
    from django.utils import timezone as zones
    from django.utils import translation

    names = {
        "F": function,
        "shuffled": shuffled,
        "moment": FIRST,
        "request": RequestFactory().get("/", HTTP_HOST=SITES[context]),
    }
    language, zone = {1: ("en", "Europe/Berlin"), 2: ("de", "Asia/Tokyo")}[context]
    with translation.override(language), zones.override(zone):
        if context == 2 and name == "os.getpid":
            return in_child(function)
        if context == 2 and name == "threading.get_ident":
            return in_thread(function)
        return eval(text, names)  # noqa: S307


def in_child(function: Any) -> int:
    """The answer in another process."""
    reader, writer = os.pipe()
    if (child := os.fork()) == 0:
        os.write(writer, str(function()).encode())
        os._exit(0)
    os.waitpid(child, 0)
    return int(os.read(reader, 100))


def in_thread(function: Any) -> Any:
    """The answer in another thread."""
    answers: list[Any] = []
    thread = threading.Thread(target=lambda: answers.append(function()))
    thread.start()
    thread.join()
    return answers[0]


def measure_volatile(names: list[str]) -> dict[str, Any]:
    """Whether an answer changes with the clock, by itself, or with the context."""
    from django.conf import settings
    from django.contrib.sites.models import Site

    settings.SITE_ID = None
    settings.ALLOWED_HOSTS = ["*"]
    for pk, domain in SITES.items():
        Site.objects.update_or_create(pk=pk, defaults={"domain": domain, "name": domain})
    found: dict[str, Any] = {}
    for name in names:
        function, error = attempt(lambda name=name: resolve(name))
        if error:
            found[name] = {"missing": error}
            continue
        text = CALLS.get(name, "F()")
        outcome = moments(name, function, text)
        if name in UNMOVED:
            outcome |= {"random": False, "context": False, "clock": goes_on(function)}
        if name in FIXED:
            outcome["fixed"] = not moments(name, function, FIXED[name])["clock"]
        found[name] = outcome
    return found


def moments(name: str, function: Any, text: str) -> dict[str, Any]:
    """Compare calls."""

    def call(moment: datetime, context: int = 1) -> Any:
        with time_machine.travel(moment, tick=False):
            answer, error = attempt(lambda: ask(name, function, context, text))
            return error or answer

    still = [call(FIRST), call(FIRST)]
    return {
        "random": still[0] != still[1],
        "clock": still[0] != call(SECOND),
        "date": type(still[0]) is date,
        "context": still[0] != call(FIRST, 2),
        "answer": repr(still[0])[:80],
    }


def goes_on(function: Any) -> bool:
    """Whether a clock that cannot be moved goes on by itself within a second or so."""
    first, start = function(), time.perf_counter()
    while time.perf_counter() - start < 1.2:
        if function() != first:
            return True
        time.sleep(0.01)
    return False


def measure_locals(names: list[str]) -> dict[str, Any]:
    """Whether another thread sees what this one has put in."""
    found: dict[str, Any] = {}
    for name in names:
        made, error = attempt(lambda name=name: resolve(name))
        if error:
            found[name] = {"missing": error}
            continue
        if name.endswith("ContextVar"):
            variable = made("oracle", default=0)
            variable.set(1)
            found[name] = {"shared": in_thread(variable.get) == 1}
        else:
            local = made()
            local.value = 1
            found[name] = {"shared": in_thread(lambda local=local: getattr(local, "value", 0)) == 1}
    return found


def measure_wrappers() -> dict[str, Any]:
    """How often memoisers, properties, context managers and lazy wrappers call."""
    found: dict[str, Any] = {"memoisers": {}, "properties": {}, "contexts": {}, "lazy": {}}
    import fact_tables

    tables = fact_tables.load()

    for name in tables["callables.MEMOISERS"]:
        wrap, error = attempt(lambda name=name: resolve(name))
        if error is None:
            kept = wrap(lambda: list(queryset()))
            with counted() as statements:
                for _ in range(2):
                    kept()
            found["memoisers"][name] = len(statements)
    for name in tables["callables.PROPERTIES"]:
        wrap, error = attempt(lambda name=name: resolve(name))
        if error is None:
            holder = type("Holder", (), {"rows": wrap(lambda self: list(queryset()))})
            if hasattr(holder.rows if name.endswith("classproperty") else 0, "append"):
                found["properties"][name] = 1
                continue
            with counted() as statements:
                found_rows = holder().rows
            found["properties"][name] = len(statements) if isinstance(found_rows, list) else 0
    for name in tables["callables.CONTEXT_MANAGERS"]:
        found["contexts"][name] = callable(resolve(name))
    for name in tables["clocks.LAZY_WRAPPERS"]:
        wrap = resolve(name)
        function = Mock(return_value="text")

        lazy = wrap(function, str)() if name.endswith(".lazy") else wrap(function)
        before = function.call_count
        for _ in range(2):
            str(lazy)
        found["lazy"][name] = [before, function.call_count]
    return found


def measure_models() -> dict[str, Any]:
    """Model classes, functions that return one, and manager methods with a cache of their own."""
    import fact_tables
    from django.db.models import Model

    tables = fact_tables.load()

    found: dict[str, Any] = {"models": {}, "getters": {}, "managers": {}}
    for name in sorted(tables["models.MODELS"]):
        cls, error = attempt(lambda name=name: resolve(name))
        if error is None:
            found["models"][name] = isinstance(cls, type) and issubclass(cls, Model)
        else:
            found["models"][name] = error
    for name in sorted(tables["models.MODEL_GETTERS"]):
        getter, error = attempt(lambda name=name: resolve(name))
        if error is None:
            calls = [lambda f=getter: f(), lambda f=getter: f("auth", "User")]
            results = [attempt(call)[0] for call in calls]
            found["getters"][name] = any(
                isinstance(result, type) and issubclass(result, Model) for result in results
            )
        else:
            found["getters"][name] = error
    recipes = {
        "get_for_model": "m.get_for_model(User)",
        "get_for_models": "m.get_for_models(User)",
        "get_for_id": "m.get_for_id(1)",
        "get_by_natural_key": "m.get_by_natural_key('auth', 'user')",
        "get_current": "m.get_current()",
    }
    from django.conf import settings
    from django.contrib.auth.models import User

    settings.SITE_ID = 1
    for model, methods in tables["models.MANAGER_METHODS"].items():
        manager = resolve(model).objects
        manager.clear_cache()
        for method in methods:
            with counted() as statements:
                for _ in range(3):
                    eval(recipes[method], {"m": manager, "User": User})  # noqa: S307
            found["managers"][f"{model}.{method}"] = len(statements)
    return found
