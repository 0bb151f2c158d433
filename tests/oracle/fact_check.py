"""Compare the fact tables with what was measured; every complaint names table and row."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import fact_classes
import fact_exceptions
import fact_moments
import fact_tables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from fact_tables import Tables

Complaint = tuple[str, str]

#: The tables whose rows are canonical names.
NAMED = (
    "callables.CALLEES callables.TAKERS callables.CONTEXTS callables.TEMPLATE_NAMES "
    "callables.TEMPLATE_LOADERS callables.MEMOISERS callables.PROPERTIES bases.BASES "
    "clocks.VOLATILE clocks.LOCALS clocks.LAZY_WRAPPERS clocks.FIXED_BY_ARGUMENT models.MODELS "
    "models.MODEL_GETTERS models.MANAGER_METHODS"
).split()
LOADERS = "callables.TEMPLATE_LOADERS"
METHOD_TABLES = ("LAZY", "EVALUATING", "WRITING", "DEFERRED", "ASYNC", "NO_SQL")
#: What a callable returns: word of the table -> kinds that are that.
RETURNS: dict[str, set[str]] = {
    "list": {"list"},
    "set": {"set"},
    "tuple": {"tuple"},
    "dict": {"dict"},
    "scalar": {"scalar"},
    "instance": {"instance"},
    "iterator": {"iterator"},
    "none": {"none", "scalar", "other"},
    "same": {"same"},
    "first": {"same", "dict", "other"},
    "second": {"same"},
    "clone": {"queryset"},
    "copy": {"copy"},
    "derived": {"other", "dict", "iterator"},
}


def matches(row: str, patterns: Iterable[str]) -> str | None:
    """The entry of a table of exceptions that a row falls under."""
    return next((pattern for pattern in patterns if fnmatchcase(row, pattern)), None)


class Check:
    """One comparison."""

    def __init__(self, tables: Tables, measured: Mapping[str, Any]) -> None:
        """Note both sides."""
        self.tables = tables
        self.measured = measured
        self.django = tuple(measured["django"])
        self.python = tuple(measured["python"])

    def table(self, name: str) -> Any:
        """A table; empty if the project has it no more."""
        return self.tables.get(name, ())

    def absent(self, row: str) -> bool:
        """Say whether a row may be absent from this installation."""
        if matches(row, fact_exceptions.UNMEASURED):
            return True
        if matches(row.rsplit(": ", maxsplit=1)[-1], fact_tables.unproven()):
            return True
        since = fact_exceptions.SINCE.get(row, (0, 0))
        python = fact_exceptions.PYTHON.get(row, (0, 0))
        return self.django < since or self.python < python or self.missing_package(row)

    def missing_package(self, row: str) -> bool:
        """Say whether DRF or django-filter would be needed."""
        name = row.rsplit(": ", maxsplit=1)[-1].split(".", maxsplit=1)[0]
        known = {path.split(".")[0] for path in self.measured["classes"]}
        return name in ("rest_framework", "django_filters") and name not in known

    def undisputed(self) -> list[Complaint]:
        """The differences that are not known yet, and known ones that are none any more."""
        found = self.complaints()
        known = {matches(row, fact_exceptions.DISPUTED) for row, _ in found}
        stale = [(row, "is settled: drop it") for row in fact_exceptions.DISPUTED.keys() - known]
        return [(r, w) for r, w in found if not matches(r, fact_exceptions.DISPUTED)] + stale

    def complaints(self) -> list[Complaint]:
        """All differences: the row, and what is wrong."""
        found: list[Complaint] = []
        for part in (
            self.methods,
            self.method_sets,
            self.related,
            self.callees,
            self.takers,
            self.wrappers,
            self.volatile,
            self.models,
            self.bases,
            self.names,
        ):
            found += part()
        return found

    # querysets

    def methods(self) -> Iterator[Complaint]:
        """Each public method stands in the one table that says what it does."""
        asked = self.measured["queries"]
        queryset, manager = asked["QuerySet"], asked["Manager"]
        rows = {name: self.table(f"querysets.{name}") for name in METHOD_TABLES}
        for name, outcome in {**manager, **queryset}.items():
            said = [table for table, row in rows.items() if name in row]
            does = behaviour(outcome) if name in queryset else manager_behaviour(outcome)
            if said != [does]:
                yield f"querysets.{does}: {name}", f"stands in {said}, but does as {does} says"
            elif isinstance(rows[does], Mapping) and rows[does][name] != outcome["returns"]:
                yield f"querysets.{does}: {name}", f"returns {outcome['returns']}"
            if name in manager and name in queryset and behaviour(manager[name]) != does:
                yield f"querysets.{does}: {name}", "does otherwise on a manager"
        for table, row in rows.items():
            for name in row:
                place = f"querysets.{table}: {name}"
                if name not in {*queryset, *manager} and not self.absent(place):
                    yield place, "is no method"

    def method_sets(self) -> Iterator[Complaint]:
        """Sets of methods are what they are said to be."""
        asked = self.measured["queries"]
        queryset, raw = asked["QuerySet"], asked["RawQuerySet"]
        full = asked["full"]
        measured = {
            "FROM_FULL_CACHE": {
                name
                for name, outcome in queryset.items()
                if behaviour(outcome) == "EVALUATING" and not full[name]["queries"]
            },
            "VALUE_ROWS": {name for name, outcome in queryset.items() if is_values(outcome)},
            "NOT_ON_MANAGER": {
                name
                for name, outcome in queryset.items()
                if name not in asked["Manager"] and name != "resolve_expression"
            },
            "RAW_LAZY": {name for name, outcome in raw.items() if outcome.get("lazy")},
            "WRITES_VALUES": {
                name
                for name, outcome in queryset.items()
                if outcome.get("writes") and outcome.get("tells")
            },
            "MANAGER_NAMES": set(asked["manager_names"]),
        }
        for name, found in measured.items():
            if f"querysets.{name}" not in self.tables:
                continue
            for row in found ^ set(self.table(f"querysets.{name}")):
                place = f"querysets.{name}: {row}"
                if row not in found and self.absent(place):
                    continue
                yield place, "is missing" if row in found else "does not belong there"

    def related(self) -> Iterator[Complaint]:
        """What related managers have beyond managers writes, and is listed."""
        found = self.measured["queries"]["related"]
        said = self.table("querysets.RELATED_WRITES")
        for name in {*found, *said}:
            place = f"querysets.RELATED_WRITES: {name}"
            if not found.get(name, {}).get("writes"):
                yield place, "does not write" if name in found else "is no method"
            elif name not in said:
                yield place, "is missing"

    # callables

    def callees(self) -> Iterator[Complaint]:
        """Each argument of each row has the effect that the row says."""
        calls = self.measured["calls"]
        for table, key in (("callables.CALLEES", "callees"), ("callables.METHODS", "methods")):
            rows = self.table(table)
            for name in {*rows, *calls[key]}:
                place = f"{table}: {name}"
                outcomes = calls[key].get(name, {})
                if name not in rows:
                    yield place, "is missing"
                elif not outcomes:
                    if not self.absent(place):
                        yield place, "is not measured"
                else:
                    invoked = calls["invokes"].get(name, {}) if key == "callees" else {}
                    yield from self.callee(place, rows[name], outcomes, invoked)

    def callee(
        self, place: str, row: Any, outcomes: Mapping[str, Any], invoked: Mapping[str, bool]
    ) -> Iterator[Complaint]:
        """One row."""
        raises = all(outcome["error"] for outcome in outcomes.values())
        if raises and row.returns != "none":
            yield place, "returns nothing: it raises"
        said = {
            str(argument): effect
            for effect in ("iterates", "peeks", "later")
            for argument in getattr(row, effect)
        }
        for argument, outcome in outcomes.items():
            if outcome["effect"] != said.get(argument, "nothing"):
                yield place, f"argument {argument}: {outcome['effect']}"
            kind = outcome["returns"]
            if outcome["error"] is None and kind not in RETURNS.get(row.returns, {"?"}):
                yield place, f"returns {kind}, not {row.returns}"
            elif outcome["error"] and outcome["effect"] == "nothing":
                yield place, f"argument {argument}: {outcome['error']}"
        for argument in said.keys() - outcomes.keys():
            yield place, f"argument {argument}: not measured"
        if {str(argument) for argument in row.invokes} != {a for a, hit in invoked.items() if hit}:
            yield place, f"invokes {sorted(invoked)}"
        prints = bool(row.peeks) and {o["returns"] for o in outcomes.values()} == {"none"}
        if row.silent != prints:
            yield place, f"silent: {prints}"
        fresh = self.measured["fresh"].get(place.split(": ")[1], False)
        if row.fresh != fresh:
            yield place, f"fresh: {fresh}"

    def takers(self) -> Iterator[Complaint]:
        """Who is said to show a queryset fills its cache; loggers ask only."""
        found = self.measured["calls"]["takers"]
        rows = self.table("callables.TAKERS")
        for name in {*found, *rows}:
            place = f"callables.TAKERS: {name}"
            said = {str(argument) for argument in dict(rows).get(name, ())}
            does = {a for a, o in found.get(name, {}).items() if o["effect"] == "iterates"}
            if said != does and not self.absent(place):
                yield place, f"arguments {sorted(does)}"
        yield from self.templates()
        logs = self.measured["calls"]["logs"]
        rows = self.table("callables.LOG_METHODS")
        for name in {*logs, *rows}:
            if name not in rows or logs.get(name, {}).get("effect") != "peeks":
                yield f"callables.LOG_METHODS: {name}", "is missing or does not ask"

    def templates(self) -> Iterator[Complaint]:
        """Contexts and templates show what is put in; a template's name is where it is said."""
        calls = self.measured["calls"]
        said = {
            **dict.fromkeys(self.table("callables.CONTEXTS"), "callables.CONTEXTS"),
            **dict.fromkeys(self.table(LOADERS), "callables.TEMPLATE_LOADERS"),
        }
        for name in {*said, *calls["contexts"]}:
            table = LOADERS if ".loader." in name else "callables.CONTEXTS"
            if said.get(name) != table or calls["contexts"].get(name) != "iterates":
                yield f"{table}: {name}", "is missing, or shows nothing"
        positions = dict(self.table("callables.TEMPLATE_NAMES"))
        for name in {*positions, *calls["names"]}:
            if positions.get(name) != calls["names"].get(name):
                yield f"callables.TEMPLATE_NAMES: {name}", f"is {calls['names'].get(name)}"

    # wrappers

    def wrappers(self) -> Iterator[Complaint]:
        """Memoisers call once, properties at each access, lazy wrappers not at once."""
        found = self.measured["wrappers"]
        for table, key, holds in (
            ("callables.MEMOISERS", "memoisers", lambda outcome: outcome == 1),
            ("callables.PROPERTIES", "properties", lambda outcome: outcome == 1),
            ("callables.CONTEXT_MANAGERS", "contexts", bool),
            ("clocks.LAZY_WRAPPERS", "lazy", lambda outcome: not outcome[0] and outcome[1]),
        ):
            rows = self.table(table)
            for name in {*rows, *found[key]}:
                place = f"{table}: {name}"
                if name not in rows:
                    yield place, "is missing"
                elif name not in found[key]:
                    if not self.absent(place):
                        yield place, "is not measured"
                elif not holds(found[key][name]):
                    yield place, f"was called otherwise: {found[key][name]}"
        words = self.table("callables.MEMOISERS")
        for name in found["memoisers"]:
            if name in words and words[name] != name.split(".")[-1]:
                yield f"callables.MEMOISERS: {name}", "is called otherwise"
        for name in found["properties"]:
            word = name.split(".")[-1].replace("abstract", "")
            rows = self.table("callables.PROPERTIES")
            if name in rows and rows[name] != word:
                yield f"callables.PROPERTIES: {name}", f"is a {word}"

    # clocks

    def volatile(self) -> Iterator[Complaint]:
        """A clock follows the time, dice nothing, and a context the thread, site or language."""
        found = self.measured["volatile"]
        rows = self.table("clocks.VOLATILE")
        for name in {*found, *rows}:
            place = f"clocks.VOLATILE: {name}"
            outcome = found.get(name, {"missing": "not measured"})
            if "missing" in outcome:
                if not self.absent(place):
                    yield place, outcome["missing"]
                continue
            kind = next((k for k in ("random", "clock", "context") if outcome[k]), "nothing")
            if kind == "clock" and outcome.get("date"):
                kind = "date"
            if dict(rows).get(name) != kind:
                yield place, f"is {kind}"
        fixed = self.table("clocks.FIXED_BY_ARGUMENT")
        for name in {*fixed, *fact_moments.FIXED}:
            if name not in fixed or not found.get(name, {}).get("fixed"):
                yield f"clocks.FIXED_BY_ARGUMENT: {name}", "is missing or not fixed"
        apart = self.measured["locals"]
        rows = self.table("clocks.LOCALS")
        for name in {*apart, *rows}:
            place = f"clocks.LOCALS: {name}"
            outcome = apart.get(name, {"missing": "not measured"})
            if "missing" in outcome:
                if not self.absent(place):
                    yield place, outcome["missing"]
            elif outcome["shared"] or name not in rows:
                yield place, "is missing, or seen by other threads"

    # models

    def models(self) -> Iterator[Complaint]:
        """Models are models, and what caches by design asks once."""
        found = self.measured["models"]
        for table, key in (("models.MODELS", "models"), ("models.MODEL_GETTERS", "getters")):
            rows = self.table(table)
            for name in {*found[key], *rows}:
                place = f"{table}: {name}"
                outcome = found[key].get(name, "not measured")
                if name not in rows:
                    yield place, "is missing"
                elif outcome is not True and not self.absent(place):
                    yield place, str(outcome)
        rows = {
            f"{model}.{method}": kind
            for model, methods in dict(self.table("models.MANAGER_METHODS")).items()
            for method, kind in methods.items()
        }
        for name in {*rows, *found["managers"]}:
            if rows.get(name) != "by-design" or found["managers"].get(name, 9) > 1:
                yield f"models.MANAGER_METHODS: {name}", "is missing, or asks again"

    # bases

    def bases(self) -> Iterator[Complaint]:
        """Each class exists, and its words are those of its ancestors and of its makers."""
        canonical = self.canonical()
        rows: Mapping[str, str] = dict(self.table("bases.BASES"))
        known = {}
        for path, entry in self.measured["classes"].items():
            for name in (path, *entry["public"]):
                known.setdefault(name, entry)
                known.setdefault(canonical(name), entry)
        for name, text in rows.items():
            place = f"bases.BASES: {name}"
            if name not in known:
                if not self.absent(place):
                    yield place, "is no class under any name"
                continue
            words = fact_classes.roots_of(known[name]["mro"])
            said = set(text.split())
            if said - {"per-request", "singleton"} != words:
                yield place, f"is {' '.join(sorted(words))}"
            lives = {self.measured["makers"].get(word) for word in words} - {None}
            expected = {
                {"same": "singleton", "different": "per-request"}.get(str(life), str(life))
                for life in lives
            }
            if said & {"per-request", "singleton"} != expected:
                yield place, f"lives {sorted(expected)}"
        for real, entry in self.measured["classes"].items():
            words = fact_classes.roots_of(entry["mro"])
            paths = [path for path in entry["public"] if is_public(path, real)]
            names = {canonical(path) for path in (real, *paths)}
            if paths and words - fact_classes.UNLISTED and not names & rows.keys():
                place = f"bases.BASES: {canonical(paths[0])}"
                if not excepted(place):
                    yield place, "is missing"
        callees = {
            name
            for name in self.table("callables.CALLEES")
            if name in known and "model-field" not in fact_classes.roots_of(known[name]["mro"])
        }
        needed = {*fact_classes.ROOTS, *fact_classes.NEEDED, *callees} & known.keys()
        for root in {canonical(root) for root in needed} - rows.keys():
            place = f"bases.BASES: {root}"
            if fact_classes.roots_of(known[root]["mro"]) and not excepted(place):
                yield place, "is missing"
        order = self.measured["before"].get("drf")
        if order and list(self.table("bases.BEFORE_IN_ORDER")) != order[:-1]:
            yield "bases.BEFORE_IN_ORDER: *", f"is {order[:-1]}"
        if set(self.table("bases.MIDDLEWARE_METHODS")) != set(self.measured["middleware"]):
            yield "bases.MIDDLEWARE_METHODS: *", f"is {self.measured['middleware']}"

    # names

    def canonical(self) -> Any:
        """The function, on these tables."""
        names = {key: value for key, value in self.tables.items() if key.startswith("names.")}
        return fact_tables.changed(names).canonical

    def names(self) -> Iterator[Complaint]:
        """A thing has one name, whichever way it is imported; tables use that name."""
        canonical = self.canonical()
        for public, real in self.measured["exports"].items():
            if canonical(public) != canonical(real):
                yield f"names: {public}", f"{canonical(real)} is another name"
        for one, other in self.measured["aliases"]:
            if canonical(one) != canonical(other):
                yield f"names: {one}", f"is {other}"
        rows = self.by_name()
        for real, entry in self.measured["classes"].items():
            paths = [real, *(path for path in entry["public"] if is_public(path, real))]
            said = {path: rows.get(canonical(path)) for path in paths}
            for path in paths:
                if said[path] != next(filter(None, said.values()), None):
                    yield f"names: {path}", f"{canonical(path)} says nothing of {real}"
        for table in NAMED:
            for name in self.table(table):
                if canonical(name) != name:
                    yield f"{table}: {name}", f"is never looked up: the name is {canonical(name)}"

    def by_name(self) -> dict[str, str]:
        """What all tables say of a name, as text."""
        found: dict[str, str] = {}
        for table in NAMED:
            rows = self.table(table)
            for name in rows:
                row = rows[name] if isinstance(rows, Mapping) else ""
                found[name] = f"{found.get(name, '')} {table} {row}"
        return found


def is_public(path: str, real: str) -> bool:
    """Say whether projects import a class from there; modules import much for their own use."""
    module = path.rsplit(".", 1)[0]
    if module in fact_classes.REEXPORTING:
        return real.startswith(module.rsplit(".", 1)[0] + ".")
    return module in fact_classes.PUBLIC and real.startswith(f"{module}.")


def excepted(place: str) -> bool:
    """Say whether a class is one that the table need not name."""
    return place in fact_exceptions.NOT_LISTED


def behaviour(outcome: Mapping[str, Any]) -> str:
    """The table whose heading describes what a method did."""
    if not outcome["callable"]:
        return "NO_SQL" if not outcome["queries"] else "EVALUATING"
    if outcome["coroutine"]:
        return "ASYNC" if outcome["awaited"] and not outcome.get("filled") else "?"
    if outcome.get("filled") or not outcome["new"]:
        return "?"
    if outcome["queries"]:
        return "WRITING" if outcome["writes"] else "EVALUATING"
    if outcome["lazy"]:
        return "LAZY"
    if outcome.get("consumed") and not outcome.get("again"):
        return "DEFERRED"
    return "NO_SQL"


def manager_behaviour(outcome: Mapping[str, Any]) -> str:
    """The same for what only managers have: nothing that they do asks the database."""
    return "NO_SQL" if not outcome["queries"] else behaviour(outcome)


def is_values(outcome: Mapping[str, Any]) -> bool:
    """Say whether a lazy method gave rows that are no instances."""
    return outcome["callable"] and behaviour(outcome) == "LAZY" and bool(outcome.get("values"))
