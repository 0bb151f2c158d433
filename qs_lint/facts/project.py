"""A project's own facts: a TOML file in the form of the built-in tables.

The file comes from the checked repository.  It is data: it can name no code to run, its size is
bounded, and what is wrong in it is told by file and key.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final, TypeVar, get_args

from qs_lint.facts import Facts, facts_with
from qs_lint.facts.schema import (
    Argument,
    Callee,
    Class,
    Does,
    Kind,
    Library,
    Lifetime,
    Method,
    MethodReturns,
    Returns,
    Volatility,
)
from qs_lint.files import read_file

#: Larger files are no tables that people wrote.
MAX_BYTES = 1_000_000
#: Problems that are told one by one.
MAX_PROBLEMS = 20
#: Behaviours are models in the engine; those that a project's own function may share.
BEHAVIOURS = (
    "answers",
    "brings-manager",
    "cached-property",
    "class-property",
    "context",
    "context-manager",
    "annotation-reader",
    "applies",
    "calls",
    "calls-awaited",
    "calls-for-each",
    "coroutine-runner",
    "enters",
    "lazy-function",
    "lazy-object",
    "memoiser",
    "model-getter",
    "pages",
    "partial",
    "property",
    "to-sync",
)

DOTTED = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")
Row = TypeVar("Row")
#: what a key holds -> the value, or a sentence of what it has to be
Reader = Callable[[Any], Any]


class FactsError(Exception):
    """A facts file that cannot be used; ``problems``: a line each, with file and key."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class _WrongError(ValueError):
    """A value that is not what its key needs; says what that is."""


def read(path: str) -> bytes:
    """The bytes of a facts file; raises :class:`FactsError` if it is none."""
    try:
        return read_file(path, MAX_BYTES)
    except OSError as error:
        raise FactsError([f"{path}: {error.strerror or error}"]) from None


def load(path: str) -> Facts:
    """What is known with the rows of a file, or without any if ``path`` is empty.

    Raises :class:`FactsError`.
    """
    return facts_with(parse(read(path), path) if path else None)


def parse(data: bytes, path: str) -> Library:
    """The rows in the bytes of a facts file.

    ``path`` is how messages call it.  Raises :class:`FactsError` with a line for each problem.
    """
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    try:
        found = tomllib.loads(data.decode("utf-8"))
    except (ValueError, RecursionError) as error:  # of the format, the encoding, long numbers
        raise FactsError([f"{path}: {' '.join(str(error).split())}"]) from None
    problems: list[str] = []
    made = {
        section: read_section(value, [section], problems)
        for section, value in found.items()
        if (read_section := SECTIONS.get(section)) is not None
    }
    problems += [
        f"unknown section {_key([section])}: there are {_list(SECTIONS)}"
        for section in found
        if section not in SECTIONS
    ]
    if problems:
        more = len(problems) - MAX_PROBLEMS
        shown = problems[:MAX_PROBLEMS] + ([f"{more} more problems"] if more > 0 else [])
        raise FactsError([f"{path}: {problem}" for problem in shown])
    made = {section.replace("-", "_"): value for section, value in made.items()}
    return Library(path, **made)


# values


def _choice(*allowed: str) -> Reader:
    def read_one(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed or not value:
            raise _WrongError(f"is not one of {_list(item for item in allowed if item)}")
        return value

    return read_one


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _WrongError("is not true or false")
    return value


def _argument(value: Any) -> Argument:
    if isinstance(value, str) and value.isidentifier():
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100:
        return value
    raise _WrongError("is neither a position (from 0) nor the name of an argument")


def _position(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 100:
        return value
    raise _WrongError("is not a position (from 0)")


def _dotted(value: Any) -> str:
    if not isinstance(value, str) or not DOTTED.fullmatch(value):
        raise _WrongError("is not a dotted name")
    return value


def _name(value: Any) -> str:
    if not isinstance(value, str) or not value.isidentifier():
        raise _WrongError("is not a name")
    return value


def _list_of(read_one: Reader) -> Reader:
    def read_all(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise _WrongError("is not a list")
        return tuple(read_one(item) for item in value)

    return read_all


def _pair(value: Any) -> tuple[str, str]:
    if not isinstance(value, list) or len(value) != 2:
        raise _WrongError("is not the names of an argument and of an attribute")
    return _name(value[0]), _name(value[1])


def _kinds(value: Any) -> frozenset[Kind]:
    return frozenset(_list_of(_choice(*get_args(Kind)))(value))


def _names_to(read_one: Reader) -> Reader:
    def read_all(value: Any) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise _WrongError("is not a table")
        return {_name(name): read_one(item) for name, item in value.items()}

    return read_all


# rows

_ARGUMENTS: Final[Reader] = _list_of(_argument)  # pylint: disable=invalid-name
_CALLEE: dict[str, Reader] = {
    "iterates": _ARGUMENTS,
    "peeks": _ARGUMENTS,
    "later": _ARGUMENTS,
    "invokes": _ARGUMENTS,
    "shows": _ARGUMENTS,
    "returns": _choice(*get_args(Returns)),
    "gives": _dotted,
    "fresh": _flag,
    "silent": _flag,
    "keeps": _flag,
    "function": _position,
    "raw": _flag,
    "maps": _flag,
    "models": _flag,
    "lazy-text": _flag,
    "template": _argument,
    "volatile": _choice(*get_args(Volatility)),
    "fixed": _flag,
    "filters": _flag,
    "memoises": _choice("process", "while"),
    "behaves": _choice(*BEHAVIOURS),
    "attribute": _pair,
    "like": _dotted,
}
_METHOD: dict[str, Reader] = {
    "does": _choice(*get_args(Does)),
    "returns": _choice(*get_args(MethodReturns)),
    "filters": _flag,
    "iterates": _ARGUMENTS,
    "volatile": _choice(*get_args(Volatility)),
}
_CLASS: dict[str, Reader] = {
    "kinds": _kinds,
    "lifetime": _choice(*get_args(Lifetime)),
    "managers": _names_to(_dotted),
    "clones": _names_to(_name),
    "plain": _flag,
    "foreign-rows": _flag,
    "filters": _flag,
    "filters-by": _list_of(_name),
    "told-by-attributes": _flag,
    "like": _dotted,
}


def _row(
    made: Callable[..., Row],
    keys: Mapping[str, Reader],
    value: Any,
    place: list[str],
    problems: list[str],
) -> Row | None:
    """One row; ``None`` where a problem was noted."""
    if not isinstance(value, dict):
        problems.append(f"{_key(place)}: is not a table")
        return None
    found: dict[str, Any] = {}
    before = len(problems)
    for key, item in value.items():
        if key == "methods" and made is Class:
            found[key] = _methods(item, [*place, key], problems)
            continue
        read_one = keys.get(key)
        if read_one is None:
            known = _list([*keys, *(["methods"] if made is Class else [])])
            problems.append(f"{_key([*place, key])}: unknown key; there are {known}")
            continue
        try:
            found[key.replace("-", "_")] = read_one(item)
        except _WrongError as error:
            problems.append(f"{_key([*place, key])}: {_shown(item)} {error}")
    if made is Method and "does" not in found and len(problems) == before:
        problems.append(f"{_key(place)}: does not say what it `does`")
    return None if len(problems) > before else made(**found)


def _methods(value: Any, place: list[str], problems: list[str]) -> dict[str, Method]:
    found = {}
    if not isinstance(value, dict):
        problems.append(f"{_key(place)}: is not a table")
        return {}
    for name, item in value.items():
        row = _row(Method, _METHOD, item, [*place, name], problems)
        if row is not None:
            found[name] = row
    return found


def _rows(made: Callable[..., Row], keys: Mapping[str, Reader]) -> Callable[..., dict[str, Row]]:
    def read_section(value: Any, place: list[str], problems: list[str]) -> dict[str, Row]:
        found: dict[str, Row] = {}
        for name, item in _items(value, place, problems):
            row = _row(made, keys, item, [*place, name], problems)
            if row is not None:
                found[name] = row
        return found

    return read_section


def _texts(read_one: Reader) -> Callable[..., dict[str, str]]:
    def read_section(value: Any, place: list[str], problems: list[str]) -> dict[str, str]:
        found: dict[str, str] = {}
        for name, item in _items(value, place, problems):
            try:
                found[name] = read_one(item)
            except _WrongError as error:
                problems.append(f"{_key([*place, name])}: {_shown(item)} {error}")
        return found

    return read_section


def _items(value: Any, place: list[str], problems: list[str]) -> list[tuple[str, Any]]:
    """The rows of a section whose names are dotted names."""
    if not isinstance(value, dict):
        problems.append(f"{_key(place)}: is not a table")
        return []
    for name in value:
        if not DOTTED.fullmatch(name):
            problems.append(f"{_key([*place, name])}: is not a dotted name")
        elif "." not in name:
            problems.append(f'{_key([*place, name])}: has no dot; write the name in quotes: "a.b"')
    return [(name, item) for name, item in value.items() if "." in name]


def _packages(value: Any, place: list[str], problems: list[str]) -> frozenset[str]:
    try:
        return frozenset(_list_of(_name)(value))
    except _WrongError as error:
        problems.append(f"{_key(place)}: {_shown(value)} {error}")
        return frozenset()


SECTIONS: dict[str, Callable[..., Any]] = {
    "callables": _rows(Callee, _CALLEE),
    "classes": _rows(Class, _CLASS),
    "volatile": _texts(_choice(*get_args(Volatility))),
    "aliases": _texts(_dotted),
    "not-django": _packages,
}


# words


def _key(place: list[str]) -> str:
    """A key as TOML writes it."""
    shown = []
    for part in place:
        plain = re.fullmatch(r"[A-Za-z0-9_-]+", part)
        shown.append(part if plain else '"' + _short(part.replace('"', '\\"')) + '"')
    return ".".join(shown)


def _list(items: Any) -> str:
    return ", ".join(items)


def _shown(value: Any) -> str:
    return _short(repr(value))


def _short(shown: str) -> str:
    line = " ".join(shown.split())
    return line if len(line) <= 60 else f"{line[:57]}..."


def as_toml(row: Callee | Class | Method) -> list[str]:
    """The keys of a row that say something, as lines of a facts file."""
    blank = Method("nothing") if isinstance(row, Method) else type(row)()
    lines = []
    for item in fields(row):
        value = getattr(row, item.name)
        required = isinstance(row, Method) and item.name == "does"
        if (value == getattr(blank, item.name) and not required) or item.name == "methods":
            continue
        lines.append(f"{item.name.replace('_', '-')} = {_toml(value)}")
    return lines


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, frozenset):
        value = sorted(value)
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_toml, value)) + "]"
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {_toml(item)}" for key, item in value.items()) + " }"
    return str(value)
