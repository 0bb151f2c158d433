"""Whether a method, run for one class, would do just the same for another.

A project with hundreds of views has hundreds of subclasses of one generic class.  Running the
generic class's methods for each of them costs most of the time and says the same every time.  So
a run keeps what it asked of classes (:data:`Log`); if another class, and the classes reached
through it, give the same answers, the run need not be repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from qs_lint.semantics.classes import ClassInfo
from qs_lint.semantics.values import (
    Bound,
    ClassValue,
    Const,
    External,
    Function,
    ManagerValue,
    Mapping,
    ModuleValue,
    Opaque,
    QuerySetValue,
    Sequence,
    Value,
)

if TYPE_CHECKING:
    from qs_lint.semantics.machine import Machine

#: class -> (question, what else the question is about) -> answer
Log = dict[ClassInfo, dict[tuple[str, tuple[Any, ...]], object]]
#: How deep containers are compared.
MAX_DEPTH = 4

_NOTHING: dict[tuple[str, tuple[Any, ...]], object] = {}

Asking = TypeVar("Asking", bound="Machine")
Detail = ParamSpec("Detail")
Answer = TypeVar("Answer")


def asked(
    method: Callable[Concatenate[Asking, ClassInfo, Detail], Answer],
) -> Callable[Concatenate[Asking, ClassInfo, Detail], Answer]:
    """Make a method of the machine a question to a class: its answer is kept in the log.

    What the method asks in turn is part of the answer, and not kept.
    """
    question = method.__name__

    @wraps(method)
    def ask(
        self: Asking, info: ClassInfo, /, *detail: Detail.args, **none: Detail.kwargs
    ) -> Answer:
        log = self.log
        if log is None:
            return method(self, info, *detail, **none)
        self.log = None
        try:
            answer = method(self, info, *detail, **none)
        finally:
            self.log = log
        log.setdefault(info, {}).setdefault((question, detail), answer)
        return answer

    return ask


class Correspondence:
    """Which class of one run stands for which class of the other."""

    def __init__(self, machine: Machine, log: Log) -> None:
        self.machine = machine
        self.log = log
        self.pairs: dict[ClassInfo, ClassInfo] = {}
        self.todo: list[tuple[ClassInfo, ClassInfo]] = []

    def holds(self, one: ClassInfo, other: ClassInfo) -> bool:
        """Whether everything that was asked of ``one`` is answered alike for ``other``."""
        if not self.pair(one, other):
            return False
        while self.todo:
            known, new = self.todo.pop()
            for (question, detail), answer in self.log.get(known, _NOTHING).items():
                if not self.alike(answer, getattr(self.machine, question)(new, *detail)):
                    return False
        return True

    def pair(self, one: ClassInfo, other: ClassInfo) -> bool:
        """Let ``other`` stand for ``one``; false if another class does already."""
        if one is other and one not in self.pairs:
            return True
        known = self.pairs.get(one)
        if known is None:
            self.pairs[one] = other
            self.todo.append((one, other))
            return True
        return known is other

    def alike(self, one: object, other: object, depth: int = MAX_DEPTH) -> bool:
        """Whether two answers are the same, but for classes that stand for each other."""
        if isinstance(one, ClassInfo) and isinstance(other, ClassInfo):
            return self.pair(one, other)
        if isinstance(one, ClassValue) and isinstance(other, ClassValue):
            return self.pair(one.info, other.info)
        if one is other:
            return True
        if type(one) is not type(other) or depth == 0:
            return False
        if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
            return len(one) == len(other) and all(
                self.alike(a, b, depth) for a, b in zip(one, other, strict=True)
            )
        if isinstance(one, Value):
            return self._values(one, other, depth - 1)
        return one == other

    def _values(self, one: Value, other: object, depth: int) -> bool:
        if isinstance(one, Const) and isinstance(other, Const):
            return type(one.value) is type(other.value) and bool(one.value == other.value)
        if isinstance(one, External) and isinstance(other, External):
            return one.name == other.name
        if isinstance(one, ModuleValue) and isinstance(other, ModuleValue):
            return one.source is other.source
        if isinstance(one, Function) and isinstance(other, Function):
            return (
                one.node is other.node
                and one.scope is other.scope
                and one.marks == other.marks
                and one.defaults == other.defaults
            )
        if isinstance(one, Bound) and isinstance(other, Bound):
            return self.alike(one.receiver, other.receiver, depth) and self.alike(
                one.function, other.function, depth
            )
        if isinstance(one, ManagerValue) and isinstance(other, ManagerValue):
            return (
                one.confidence == other.confidence
                and one.open == other.open
                and self.alike(one.model, other.model, depth)
                and self.alike(one.cls, other.cls, depth)
            )
        if isinstance(one, QuerySetValue) and isinstance(other, QuerySetValue):
            return self._querysets(one, other, depth)
        if isinstance(one, Sequence) and isinstance(other, Sequence):
            return (
                (one.kind, one.born, one.open) == (other.kind, other.born, other.open)
                and not one.taints | other.taints
                and self.alike(one.items, other.items, depth)
            )
        if isinstance(one, Mapping) and isinstance(other, Mapping):
            return (
                (one.born, one.open) == (other.born, other.open)
                and not one.taints | other.taints
                and list(one.items) == list(other.items)
                and self.alike(list(one.items.values()), list(other.items.values()), depth)
            )
        if isinstance(one, Opaque) and isinstance(other, Opaque):
            return (
                not one.taints | other.taints
                and not one.parts
                and not other.parts
                and one.row_attribute == other.row_attribute
                and self.alike(one.model, other.model, depth)
            )
        return False

    def _querysets(self, one: QuerySetValue, other: QuerySetValue, depth: int) -> bool:
        facts = [
            (q.born, q.confidence, q.raw, q.none, q.ordered, q.rows, q.open, q.depth)
            for q in (one, other)
        ]
        return (
            facts[0] == facts[1]
            and not (one.frozen or other.frozen or one.filled or other.filled)
            and self.alike(one.model, other.model, depth)
            and self.alike(one.cls, other.cls, depth)
        )
