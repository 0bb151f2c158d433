"""The rows of all libraries as the engine asks for them: plain dictionaries, built once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from qs_lint.facts.schema import Callee, Class

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from qs_lint.facts.schema import Argument, Behaviour, Library, Method, Volatility

Row = TypeVar("Row", Callee, Class)

#: lifetime of the instances of a class -> the kind that says it
LIFETIMES = {"process": "singleton", "request": "per-request"}
#: decorators that make an attribute of a method -> what the engine calls the method then
PROPERTIES: dict[Behaviour, str] = {
    "cached-property": "cached_property",
    "class-property": "classproperty",
    "property": "property",
}
#: rows that are like a row that is like a row ...
MAX_LIKE = 10


class Facts:
    """What is known of all libraries.

    ``libraries``: in order; a later row takes the place of an earlier one of the same name.
    """

    __slots__ = (
        "_alias",
        "_flat",
        "_flat_modules",
        "_known",
        "_moved",
        "answering",
        "behaviour",
        "callables",
        "callees",
        "classes",
        "clone_names",
        "endings",
        "fixed",
        "kinds",
        "libraries",
        "locals",
        "manager_names",
        "memoisers",
        "method_names",
        "models",
        "not_django",
        "origins",
        "plain",
        "properties",
        "shows",
        "telling",
        "templates",
        "volatile",
        "volatile_attributes",
    )

    def __init__(self, libraries: Iterable[Library]) -> None:
        self.libraries = tuple(libraries)
        self._names()
        #: name -> the library that has its row
        self.origins: dict[str, Library] = {}
        #: all rows for callables and for classes
        self.callables: dict[str, Callee] = self._rows("callables", lambda one: one.callables)
        self.classes: dict[str, Class] = self._rows("classes", lambda one: one.classes)
        #: attributes and objects whose value is right only at the moment of the access
        self.volatile_attributes: dict[str, Volatility] = {}
        self.not_django: frozenset[str] = frozenset()
        ends: dict[str, Class] = {}
        for library in self.libraries:
            self.not_django |= library.not_django
            ends |= library.endings
            for name, kind in library.volatile.items():
                dotted = self.canonical(name)
                self.volatile_attributes[dotted] = kind
                self.origins[dotted] = library
        #: end of a class's name -> its kinds; the longest end first
        self.endings = tuple(
            (end, with_lifetime(ends[end]))
            for end in sorted(ends, key=lambda end: (-len(end), end))
        )
        self._callables()
        self._classes()

    # names

    def _names(self) -> None:
        self._known: dict[str, str] = {}
        self._alias: dict[str, str] = {}
        self._moved: list[tuple[str, str]] = []
        self._flat: list[str] = []
        self._flat_modules: dict[str, frozenset[str]] = {}
        for library in self.libraries:
            for old, new in library.moved.items():
                self._moved.append((old, new))
                self._alias[old.rstrip(".")] = new.rstrip(".")
            self._alias.update(library.aliases)
            self._flat.extend(library.flat)
            self._flat_modules.update(library.flat_modules)

    def canonical(self, dotted: str) -> str:
        """The one name of a thing, however it is imported; unknown names are their own."""
        known = self._known.get(dotted)
        if known is None:
            known = self._known[dotted] = self._canonical(dotted)
        return known

    def _canonical(self, dotted: str) -> str:
        if dotted in self._alias:
            return self._alias[dotted]
        for old, new in self._moved:
            if dotted.startswith(old):
                dotted = new + dotted[len(old) :]
                break
        for package in self._flat:
            if not dotted.startswith(package + "."):
                continue
            rest = dotted[len(package) + 1 :].split(".")
            for index, part in enumerate(rest):
                if part[:1].isupper():
                    return ".".join([package, *rest[index:]])
            if len(rest) == 2 and rest[0] in self._flat_modules.get(package, ()):
                return f"{package}.{rest[1]}"
            break
        return self._alias.get(dotted, dotted)

    # rows

    def _rows(self, section: str, of: Callable[[Library], Mapping[str, Row]]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for library in self.libraries:
            for name, row in of(library).items():
                dotted = self.canonical(name)
                found[dotted] = row
                self.origins[dotted] = library
        for name, row in found.items():
            if row.like:
                found[name] = self._likened(row, found)
        return found

    def _likened(self, row: Row, rows: Mapping[str, Row]) -> Row:
        """A row filled up from the one that it is like."""
        for _ in range(MAX_LIKE):
            model = rows.get(self.canonical(row.like)) if row.like else None
            if model is None:
                break
            blank = type(row)()
            own = {
                name: getattr(row, name)
                for name in type(row).__slots__
                if name != "like" and getattr(row, name) != getattr(blank, name)
            }
            row = replace(model, **own)
        return replace(row, like="")

    def _callables(self) -> None:
        #: what is done with arguments, of those rows that say it
        self.callees: dict[str, Callee] = {}
        #: arguments that are iterated when a response is rendered
        self.shows: dict[str, tuple[Argument, ...]] = {}
        #: the argument that names the template
        self.templates: dict[str, Argument] = {}
        self.behaviour: dict[str, Behaviour] = {}
        #: decorators that keep results -> what they are called; empty if not for ever
        self.memoisers: dict[str, str] = {}
        #: decorators of attributes -> the mark of the function
        self.properties: dict[str, str] = {}
        self.volatile: dict[str, Volatility] = {}
        fixed = set()
        for name, row in self.callables.items():
            if row.returns or row.iterates or row.peeks or row.later or row.invokes:
                self.callees[name] = row
            if row.shows:
                self.shows[name] = row.shows
            if row.template is not None:
                self.templates[name] = row.template
            if row.behaves:
                self.behaviour[name] = row.behaves
            if row.memoises:
                last = name.rpartition(".")[2]
                self.memoisers[name] = last if row.memoises == "process" else ""
            if row.behaves in PROPERTIES:
                self.properties[name] = PROPERTIES[row.behaves]
            if row.volatile:
                self.volatile[name] = row.volatile
            if row.fixed:
                fixed.add(name)
        #: clocks that an argument fixes
        self.fixed = frozenset(fixed)

    def _classes(self) -> None:
        #: kinds of a class, and how long its instances live
        self.kinds: dict[str, frozenset[str]] = {
            name: with_lifetime(row) for name, row in self.classes.items()
        }
        self.models = frozenset(name for name, kinds in self.kinds.items() if "model" in kinds)
        #: what any class brings along under its own name: asked first, since most names are others
        self.method_names = frozenset(
            name
            for row in self.classes.values()
            if not row.plain
            for name, method in row.methods.items()
            if method.does != "answers"
        )
        #: last names of decorators of what answers requests
        self.answering = self._answering()
        self.clone_names = frozenset(name for row in self.classes.values() for name in row.clones)
        self.manager_names = frozenset(
            name for row in self.classes.values() for name in row.managers
        )
        #: classes that have no methods but those of every class of their kind
        self.plain = frozenset(name for name, row in self.classes.items() if row.plain)
        #: attributes of a view that tell which filter backend it has
        self.telling = tuple(
            attribute
            for row in self.classes.values()
            if row.told_by_attributes
            for attribute in row.filters_by or ()
        )
        #: classes whose attributes belong to the thread, task or request
        self.locals = frozenset(name for name, kinds in self.kinds.items() if "local" in kinds)

    def _answering(self) -> frozenset[str]:
        methods = {
            name
            for row in self.classes.values()
            for name, method in row.methods.items()
            if method.does == "answers"
        }
        functions = (n for n, does in self.behaviour.items() if does in ("answers", "pages"))
        return frozenset(methods | {name.rpartition(".")[2] for name in functions})

    def kinds_of(self, name: str) -> frozenset[str]:
        """The kinds of a class by its canonical name; none where no row says it."""
        return self.kinds.get(name, frozenset())

    def kinds_by_name(self, name: str) -> frozenset[str]:
        """The kinds of a class that is not read; by the end of its name where no row says it."""
        known = self.kinds.get(name)
        if known is not None:
            return known
        last = name.rpartition(".")[2]
        for end, kinds in self.endings:
            if last.endswith(end):
                return kinds
        return frozenset()

    def method(self, owners: Iterable[str], name: str) -> Method | None:
        """What a method does that the first of several classes brings along.

        The methods that every class of a kind has are no matter of rows: the engine knows them.
        """
        for owner in owners:
            row = self.classes.get(owner)
            if row is not None and not row.plain and name in row.methods:
                return row.methods[name]
        return None

    def manager(self, owners: Iterable[str], name: str) -> str | None:
        """The class of the manager that classes have under a name."""
        for owner in owners:
            row = self.classes.get(owner)
            if row is not None and name in row.managers:
                return row.managers[name]
        return None

    def clone(self, owners: Iterable[str], method: str) -> str | None:
        """The attribute that a method of classes returns a clone of."""
        for owner in owners:
            row = self.classes.get(owner)
            if row is not None and method in row.clones:
                return row.clones[method]
        return None


def with_lifetime(row: Class) -> frozenset[str]:
    """The kinds of a row, and how long instances live, which the engine asks as one."""
    if not row.lifetime:
        return frozenset(row.kinds)
    return frozenset({*row.kinds, LIFETIMES[row.lifetime]})
