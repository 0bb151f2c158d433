"""The fact tables as flat tables of rows, which can be counted, compared and changed one by one."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qs_lint.facts import Facts, libraries, lifecycle, python_methods, queryset, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Tables = dict[str, Any]
QUERYSETS = (
    "LAZY EVALUATING WRITING DEFERRED ASYNC FROM_FULL_CACHE NO_SQL VALUE_ROWS NOT_ON_MANAGER "
    "RAW_LAZY RELATED_WRITES WRITES_VALUES MANAGER_NAMES"
).split()
#: Packages that are measured in an environment of their own.
PACKAGES = frozenset(
    path.stem for path in (Path(__file__).parent / "packages" / "probes").glob("[a-z]*.py")
)


def facts() -> Facts:
    """The built-in facts that this environment can be asked about."""
    return Facts(
        table
        for module, table in tables().items()
        if module.removeprefix(f"{libraries.__name__}.") not in PACKAGES
    )


def unproven() -> set[str]:
    """The rows of which a table says that nothing proves them."""
    return {name for table in tables().values() for name in table.unproven}


def behaving(*behaviours: str) -> tuple[Callable[[Facts], Any], Callable[[Facts, Any], None]]:
    """A set of the callables of some behaviours: how to read it, and how to change it."""

    def write(here: Facts, names: Any) -> None:
        others = {name: does for name, does in here.behaviour.items() if does not in behaviours}
        there = {name: here.behaviour.get(name, behaviours[0]) for name in names}
        here.behaviour = others | there

    def read(here: Facts) -> Any:
        return frozenset(name for name, does in here.behaviour.items() if does in behaviours)

    return read, write


def attribute(name: str) -> tuple[Callable[[Facts], Any], Callable[[Facts, Any], None]]:
    """A lookup of its own."""
    return lambda here: getattr(here, name), lambda here, table: setattr(here, name, table)


def read_bases(here: Facts) -> dict[str, str]:
    """The kinds of classes as words; where threads keep what is theirs is another table."""
    return {
        name: " ".join(sorted(kinds)) for name, kinds in here.kinds.items() if "local" not in kinds
    }


def write_bases(here: Facts, table: dict[str, str]) -> None:
    """Put words in the place of kinds."""
    kept = {name: kinds for name, kinds in here.kinds.items() if "local" in kinds}
    here.kinds = kept | {name: frozenset(words.split()) for name, words in table.items()}


def read_managers(here: Facts) -> dict[str, dict[str, str]]:
    """Methods of managers that keep what they asked: by the model."""
    return {
        name: {
            method: does.does
            for method, does in here.classes[row.managers["objects"]].methods.items()
        }
        for name, row in here.classes.items()
        if "objects" in row.managers
    }


def write_managers(here: Facts, table: dict[str, dict[str, str]]) -> None:
    """Leave out the methods that a table has no more."""
    import dataclasses

    here.classes = dict(here.classes)
    for name, row in tuple(here.classes.items()):
        manager = row.managers.get("objects")
        if manager is not None:
            kept = table.get(name, {})
            old = here.classes[manager]
            methods = {method: does for method, does in old.methods.items() if method in kept}
            here.classes[manager] = dataclasses.replace(old, methods=methods)


def read_aliases(here: Facts) -> dict[str, str]:
    """Other names, without those that follow from a moved package."""
    moved = {old.rstrip(".") for old, _ in here._moved}
    return {name: there for name, there in here._alias.items() if name not in moved}


def write_aliases(here: Facts, table: dict[str, str]) -> None:
    """Put other names in the place of those that are there."""
    moved = {old.rstrip("."): new.rstrip(".") for old, new in here._moved}
    here._alias = {**moved, **table}


def write_moved(here: Facts, table: Any) -> None:
    """Put other beginnings in the place of those that are there."""
    aliases = read_aliases(here)
    here._moved = list(table)
    write_aliases(here, aliases)


#: name -> how to read a table, and how to put another one in its place
VIEWS: dict[str, tuple[Callable[[Facts], Any], Callable[[Facts, Any], None]]] = {
    "callables.CALLEES": attribute("callees"),
    "callables.TAKERS": attribute("shows"),
    "callables.CONTEXTS": behaving("context"),
    "callables.TEMPLATE_NAMES": attribute("templates"),
    "callables.TEMPLATE_LOADERS": behaving("template-loader"),
    "callables.MEMOISERS": attribute("memoisers"),
    "callables.PROPERTIES": attribute("properties"),
    "callables.CONTEXT_MANAGERS": behaving("context-manager"),
    "bases.BASES": (read_bases, write_bases),
    "clocks.VOLATILE": attribute("volatile"),
    "clocks.VOLATILE_ATTRIBUTES": attribute("volatile_attributes"),
    "clocks.LOCALS": attribute("locals"),
    "clocks.LAZY_WRAPPERS": behaving("lazy-object", "lazy-function"),
    "clocks.FIXED_BY_ARGUMENT": attribute("fixed"),
    "models.MODELS": attribute("models"),
    "models.MODEL_GETTERS": behaving("model-getter"),
    "models.MANAGER_METHODS": (read_managers, write_managers),
    "models.NOT_DJANGO": attribute("not_django"),
    "names.PREFIXES": (lambda here: tuple(here._moved), write_moved),
    "names.COLLAPSE": (
        lambda here: tuple(here._flat),
        lambda here, table: setattr(here, "_flat", list(table)),
    ),
    "names.EXACT": (read_aliases, write_aliases),
}
#: name -> the module that has the constant, and its name there
CONSTANTS: dict[str, tuple[Any, str]] = {
    **{f"querysets.{name}": (queryset, name) for name in QUERYSETS},
    "callables.METHODS": (python_methods, "METHODS"),
    "callables.LOG_METHODS": (python_methods, "LOG_METHODS"),
    "bases.BEFORE_IN_ORDER": (lifecycle, "BEFORE_IN_ORDER"),
    "bases.MIDDLEWARE_METHODS": (lifecycle, "MIDDLEWARE_METHODS"),
}


def load() -> Tables:
    """The tables as they are, by ``group.NAME``."""
    here = facts()
    found = {name: read(here) for name, (read, _) in VIEWS.items()}
    found |= {name: getattr(module, constant) for name, (module, constant) in CONSTANTS.items()}
    return {name: copy.copy(table) for name, table in found.items()}


def changed(new: Tables) -> Facts:
    """The built-in facts with other tables; constants are not among them."""
    here = copy.copy(Facts(tables().values()))
    here._known = {}
    for name, table in new.items():
        if name in VIEWS:
            VIEWS[name][1](here, table)
    return here


def constants(new: Tables) -> Iterator[tuple[Any, Any]]:
    """The constants among changed tables: the old one, and the one in its place."""
    for name, table in new.items():
        if name in CONSTANTS:
            module, constant = CONSTANTS[name]
            yield getattr(module, constant), table
