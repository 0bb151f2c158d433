"""Classes of plain data that cost little before they are used.

``dataclasses`` writes and compiles six functions for each class as soon as its module is imported,
and imports ``inspect`` for that: more than a third of what the command took to start.  Here the
``__init__`` of a class is compiled when its first object is made, and the rest needs no code of its
own.  For everybody else they are data classes: ``dataclasses.replace``, ``fields`` and ``asdict``
work with them, and type checkers see nothing else.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from dataclasses import dataclass as record
    from dataclasses import field, replace
else:

    def record(cls: type | None = None, /, *, frozen: bool = False, slots: bool = False) -> Any:
        """Make a class with annotated attributes a data class, as ``dataclasses`` does."""

        def made(cls: type) -> type:
            return _made(cls, frozen, slots)

        return made if cls is None else made(cls)

    def field(*, default_factory: Callable[[], Any]) -> Any:
        """An attribute whose default is made anew for each object."""
        return _Factory(default_factory)

    def replace(record: Any, /, **changes: Any) -> Any:
        """A copy of a record with other values."""
        names = getattr(type(record), _NAMES, None)
        if names is None:
            from dataclasses import replace as other

            return other(record, **changes)
        for name in names:
            if name not in changes:
                changes[name] = getattr(record, name)
        return type(record)(**changes)


__all__ = ["field", "record", "replace"]

#: Where a class keeps its attributes: name -> default.
_NAMES = "__record_fields__"
_SET = object.__setattr__


class _Missing:
    """There is no default."""


class _Factory:
    """A default that is made anew for each object."""

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


class _Fields:
    """``__dataclass_fields__``: made when somebody asks."""

    def __get__(self, record: object, cls: type) -> Any:
        from dataclasses import field as real
        from dataclasses import make_dataclass

        parts = []
        for name, default in getattr(cls, _NAMES).items():
            kind: Any = _annotation(cls, name)
            if isinstance(default, _Factory):
                parts.append((name, kind, real(default_factory=default.make)))
            else:
                parts.append((name, kind, real() if default is _Missing else real(default=default)))
        found = make_dataclass(cls.__name__, parts).__dataclass_fields__  # type: ignore[attr-defined]
        cls.__dataclass_fields__ = found  # type: ignore[attr-defined]
        return found


def _annotation(cls: type, name: str) -> Any:
    for base in cls.__mro__:
        if name in getattr(base, "__annotations__", ()):
            return base.__annotations__[name]
    return Any


def _made(cls: type, frozen: bool, slots: bool) -> type:
    names: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        names.update(getattr(base, _NAMES, {}))
    own = [name for name, kind in cls.__annotations__.items() if not _is_shared(kind)]
    for name in own:
        names[name] = cls.__dict__.get(name, _Missing)
    methods = _methods(tuple(names), frozen, slots)
    methods |= {_NAMES: names, "__dataclass_fields__": _Fields(), "__match_args__": tuple(names)}
    if slots:
        kept = {k: v for k, v in cls.__dict__.items() if k not in (*own, "__dict__", "__weakref__")}
        cls = type(cls)(cls.__name__, cls.__bases__, {**kept, "__slots__": tuple(own)})
    else:
        for name in own:
            if isinstance(names[name], _Factory):
                delattr(cls, name)
    if cls.__dict__.get("__hash__") is not None:
        del methods["__hash__"]
    for name, method in methods.items():
        if name == "__hash__" or name not in cls.__dict__:
            setattr(cls, name, method)
    if "__init__" not in cls.__dict__:
        cls.__init__ = _starting(cls, names, frozen)  # type: ignore[misc]
    return cls


def _is_shared(kind: object) -> bool:
    return isinstance(kind, str) and kind.startswith("ClassVar")


def _starting(cls: type, names: dict[str, Any], frozen: bool) -> Callable[..., None]:
    """The ``__init__`` that replaces itself when it is called first."""

    def init(self: Any, *args: Any, **keywords: Any) -> None:
        made = _compiled(cls, names, frozen)
        cls.__init__ = made  # type: ignore[misc]
        made(self, *args, **keywords)

    return init


def _compiled(cls: type, names: dict[str, Any], frozen: bool) -> Callable[..., None]:
    known: dict[str, Any] = {"_set": _SET, "_missing": _Missing}
    parameters, body = ["self"], []
    for name, default in names.items():
        value = name
        if isinstance(default, _Factory):
            known[f"_make_{name}"] = default.make
            parameters.append(f"{name}=_missing")
            value = f"_make_{name}() if {name} is _missing else {name}"
        elif default is _Missing:
            parameters.append(name)
        else:
            known[f"_default_{name}"] = default
            parameters.append(f"{name}=_default_{name}")
        body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    text = f"def __init__({', '.join(parameters)}):\n " + "\n ".join(body or ["pass"])
    # names of attributes, from our own classes
    exec(text, known)  # noqa: S102 pylint: disable=exec-used
    made: Callable[..., None] = known["__init__"]
    made.__qualname__ = f"{cls.__qualname__}.__init__"
    return made


def _methods(names: tuple[str, ...], frozen: bool, slots: bool) -> dict[str, Any]:
    """The methods that need no code of their own."""
    one = attrgetter(*names) if names else None

    def values(record: object) -> tuple[Any, ...]:
        if one is None:
            return ()
        found = one(record)
        return found if len(names) > 1 else (found,)

    def equals(self: object, other: object) -> Any:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return values(self) == values(other)

    def hashed(self: object) -> int:
        return hash(values(self))

    def show(self: object) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in names)
        return f"{self.__class__.__qualname__}({shown})"

    def refuse(self: object, name: str, value: object = None) -> None:
        from dataclasses import FrozenInstanceError

        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def state(self: object) -> list[Any]:
        return list(values(self))

    def restore(self: object, state: list[Any]) -> None:
        for name, value in zip(names, state, strict=True):
            _SET(self, name, value)

    found: dict[str, Any] = {"__eq__": equals, "__repr__": show, "__hash__": None}
    if frozen:
        found |= {"__hash__": hashed, "__setattr__": refuse, "__delattr__": refuse}
        if slots:
            found |= {"__getstate__": state, "__setstate__": restore}
    return found
