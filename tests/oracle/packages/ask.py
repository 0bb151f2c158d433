"""Ask one package whether its table is right, in a process of its own; prints JSON.

python tests/oracle/packages/ask.py mptt

A probe is a file in ``probes`` with the name of the table.  It has models and, in any order,

APPS, SETTINGS   what goes into Django's settings, as literals
fill()           makes rows
MODELS           class -> a subclass of it that stands in the database
OBJECTS          class -> an expression for a manager, a queryset or a model class ``M``
METHODS          class -> method -> an expression; without one: ``M.method()``
CALLS            (callable, argument) -> an expression; ``F`` is the callable, ``Q`` a queryset
SERVES           class.method -> an expression: two answers of a function that it decorates
LIVES            class -> an expression: how many objects two uses make
CONTEXTS         callable, method or object -> an expression that two contexts may answer otherwise
"""

# pylint: disable=eval-used

from __future__ import annotations

import ast
import importlib
import inspect
import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[3]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))

import fact_classes
from fact_world import SENTINEL, attempt, counted, kind_of, undone

from qs_lint.facts import tables

HERE = Path(__file__).resolve().parent
CORE = (
    "django.contrib.admin.apps.SimpleAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.sites",
)


def literals(path: Path) -> dict[str, Any]:
    """What a probe says of Django's settings, which are needed before it can be imported."""
    found = {}
    for statement in ast.parse(path.read_text("utf-8")).body:
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            if statement.targets[0].id in ("APPS", "SETTINGS"):
                found[statement.targets[0].id] = ast.literal_eval(statement.value)
    return found


def setup(path: Path) -> Any:
    """Set Django up with the package and the probe's models; the namespace of the probe."""
    import django
    from django.conf import settings
    from django.core.management import call_command

    os.environ["PROBE"] = str(path)
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    said = literals(path)
    processors = [
        "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages",
        "django.template.context_processors.request",
    ]
    defaults = {
        "SECRET_KEY": "oracle",
        "USE_TZ": True,
        "SITE_ID": 1,
        "STATIC_URL": "/static/",
        "ROOT_URLCONF": "shelf",
        "LANGUAGES": [("en", "English"), ("de", "German")],
        "MIDDLEWARE": [],
        "DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        "DEFAULT_AUTO_FIELD": "django.db.models.AutoField",
        "INSTALLED_APPS": [*said.get("APPS", ()), *CORE, "shelf"],
        "MIGRATION_MODULES": Unmigrated(),
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {"context_processors": processors},
            }
        ],
    }
    settings.configure(**{**defaults, **said.get("SETTINGS", {})})
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    models = importlib.import_module("shelf.models")
    return vars(models)


class Unmigrated(dict[str, None]):
    """Every application makes its tables from its models."""

    def __contains__(self, name: object) -> bool:
        return True

    def __getitem__(self, name: str) -> None:
        return None


class Probe:
    """The answers of one package."""

    def __init__(self, name: str, space: dict[str, Any]) -> None:
        self.library = tables()[f"qs_lint.facts.libraries.{name}"]
        self.space = {**space, "S": SENTINEL, "at": at}

    def said(self, name: str) -> dict[Any, Any]:
        """A table of the probe."""
        found: dict[Any, Any] = self.space.get(name, {})
        return found

    def eval(self, text: str, **names: Any) -> Any:
        """An expression of the probe."""
        return eval(text, {**self.space, **names})  # noqa: S307

    def answers(self) -> dict[str, Any]:
        """Everything that the table can be compared with."""
        library = self.library
        return {
            "classes": {name: self.of_class(name, row) for name, row in library.classes.items()},
            "callables": {
                name: self.of_callable(name, row) for name, row in library.callables.items()
            },
            "volatile": {name: self.differs(name) for name in library.volatile},
            "aliases": {
                name: at(name) is at(there) if attempt(lambda n=name: at(n))[1] is None else None
                for name, there in library.aliases.items()
            },
        }

    # classes

    def of_class(self, name: str, row: Any) -> dict[str, Any]:
        """What a class is, what it brings along, and what its methods do."""
        cls, error = attempt(lambda: at(name))
        if error or not inspect.isclass(cls):
            return {"error": error or "is no class"}
        words = fact_classes.roots_of([fact_classes.path_of(base) for base in cls.__mro__])
        if self.space.get("KINDS", {}).get(name):
            words |= set(self.space["KINDS"][name](cls).split())
        found: dict[str, Any] = {"words": sorted(words)}
        if name in self.said("LIVES"):
            found["lives"] = self.eval(self.said("LIVES")[name])
        if row.managers:
            model = self.eval(self.said("MODELS").get(name, name))
            found["managers"] = {
                attribute: isinstance(getattr(model, attribute, None), at(there))
                for attribute, there in row.managers.items()
            }
        if row.methods or row.foreign_rows or row.filters or name in self.said("OBJECTS"):
            found["methods"] = {method: self.of_method(name, method) for method in row.methods}
        if row.foreign_rows:
            owner, manager = self.said("OBJECTS")[name].rsplit(".", 1)
            rows = getattr(self.eval(owner), manager).all()
            found["foreign_rows"] = rows.model is not self.eval(owner)
        elif "manager" in row.kinds and name in self.said("OBJECTS"):
            owner = self.said("OBJECTS")[name].rsplit(".", 1)[0]
            rows = self.eval(self.said("OBJECTS")[name]).all()
            found["foreign_rows"] = rows.model is not self.eval(owner)
        if row.filters:
            found["filters"] = self.tells(self.said("CONSTRUCTED")[name])
        return found

    def of_method(self, owner: str, method: str) -> dict[str, Any]:
        """What one method does with the database."""
        from django.db.models import QuerySet

        if f"{owner}.{method}" in self.said("SERVES"):
            return {"serves": self.eval(self.said("SERVES")[f"{owner}.{method}"])}
        text = self.said("METHODS").get(owner, {}).get(method, f"M.{method}()")
        given = self.eval(self.said("OBJECTS")[owner])
        rows = given.all() if hasattr(given, "all") else None
        with undone():
            with counted() as now:
                result, error = attempt(lambda: self.eval(text, M=given, Q=rows))
            lazy = isinstance(result, QuerySet) and result._result_cache is None
            found = {
                "error": error,
                "queries": len(now),
                "writes": now.writes,
                "lazy": lazy,
                "returns": kind_of(result, rows) if error is None else "",
                "filled": rows is not None and rows._result_cache is not None,
                "tells": now.tell,
            }
            if lazy:
                with counted() as later:
                    _, found["error"] = attempt(lambda: list(result))
                found["tells"] = later.tell
            elif hasattr(type(result), "__next__"):
                with counted() as later:
                    attempt(lambda: list(result))
                found["deferred"] = len(later) > 0
        if f"{owner}.{method}" in self.said("CONTEXTS"):
            found["differs"] = self.differs(f"{owner}.{method}")
        return found

    def tells(self, text: str) -> bool:
        """Whether the sentinel in an expression for a queryset turns up in its SQL."""
        with counted() as statements:
            list(self.eval(text))
        return statements.tell

    # callables

    def of_callable(self, name: str, row: Any) -> dict[str, Any]:
        """The effect of each argument."""
        function, error = attempt(lambda: at(name))
        if error:
            return {"error": error}
        found: dict[str, Any] = {"arguments": {}}
        for (owner, argument), text in self.said("CALLS").items():
            if owner != name:
                continue
            rows = self.eval(self.space["ROWS"])
            with undone():
                with counted() as now:
                    result, error = attempt(lambda t=text, q=rows: self.eval(t, F=function, Q=q))
                effect = "nothing"
                if rows._result_cache is not None:
                    effect = "iterates"
                elif len(now):
                    effect = "peeks"
                elif hasattr(type(result), "__next__"):
                    attempt(lambda r=result: list(r))
                    effect = "later" if rows._result_cache is not None else effect
            found["arguments"][str(argument)] = {
                "effect": effect,
                "returns": kind_of(result, rows),
                "error": error,
            }
        if row.volatile:
            found["differs"] = self.differs(name)
        if name in self.said("BEHAVES"):
            found["behaves"] = self.eval(self.said("BEHAVES")[name], F=function)
        return found

    def differs(self, name: str) -> bool:
        """Whether two contexts give two answers: two languages, or two values of a setting."""
        from django.utils import translation

        text = self.said("CONTEXTS")[name]
        answers = []
        for number, language in enumerate(("en", "de")):
            with translation.override(language):
                if "before" in self.space:
                    self.space["before"](number)
                answers.append(str(self.eval(text)))
        return answers[0] != answers[1]


def at(name: str) -> Any:
    """The thing with a dotted name."""
    parts = name.split(".")
    for end in range(len(parts) - 1, 0, -1):
        module, error = attempt(lambda n=end: importlib.import_module(".".join(parts[:n])))
        if error is None:
            for part in parts[end:]:
                module = getattr(module, part)
            return module
    raise ImportError(name)


def main() -> None:
    """Ask, and print."""
    name = sys.argv[1]
    warnings.simplefilter("ignore")
    out, sys.stdout = sys.stdout, sys.stderr
    space = setup(HERE / "probes" / f"{name}.py")
    space.get("fill", lambda: None)()
    json.dump(Probe(name, space).answers(), out, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
