"""Whether a method, run for one class, would do just the same for another.

A project with hundreds of views has hundreds of subclasses of one generic class.  Running the
generic class's methods for each of them costs most of the time and says the same every time.  So
a run keeps what it asked of classes (:class:`Log`).  The runs that said nothing make a tree of
questions and answers (:class:`CleanRuns`): a class whose answers, and those of the classes reached
through it, lead to an end of the tree, need not be run.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from qs_lint.engine.classes import ClassInfo
from qs_lint.findings import Confidence
from qs_lint.values import (
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
    from qs_lint.engine.context import Component, EngineContext

#: what was asked: the class, the question, and what else it is about
Question = tuple[ClassInfo, str, tuple[Any, ...]]
#: one class -> the class that stands for it
Pairs = dict[ClassInfo, ClassInfo]
#: Answers that hold no classes.
_PLAIN = frozenset((frozenset, Confidence, Function, Const, External, ModuleValue))
#: How deep containers are compared.
MAX_DEPTH = 4
#: How many parts of containers in two answers are compared.
MAX_COMPARED = 5_000
#: Different ways through one method that are remembered.
MAX_WAYS = 200

#: question -> the component that answers it
ANSWERED_BY = {"stored": "heap"}

Asking = TypeVar("Asking", bound="Component")
Detail = ParamSpec("Detail")
Answer = TypeVar("Answer")


def asked(
    method: Callable[Concatenate[Asking, ClassInfo, Detail], Answer],
) -> Callable[Concatenate[Asking, ClassInfo, Detail], Answer]:
    """Make a method of a component a question to a class: its answer is kept in the log.

    What the method asks in turn is part of the answer, and not kept.
    """
    question = method.__name__
    ANSWERED_BY[question] = method.__qualname__.partition(".")[0].lower()

    @wraps(method)
    def ask(
        self: Asking, info: ClassInfo, /, *detail: Detail.args, **none: Detail.kwargs
    ) -> Answer:
        log = self.ctx.log
        if log is None:
            return method(self, info, *detail, **none)
        self.ctx.log = None
        try:
            answer = method(self, info, *detail, **none)
        finally:
            self.ctx.log = log
        log.keep((info, question, detail), answer)
        return answer

    return ask


class Log:
    """What one run asked, in order, each question once: the first answer counts."""

    def __init__(self) -> None:
        self.questions: list[Question] = []
        self.answers: list[object] = []
        self._known: set[Question] = set()

    def keep(self, question: Question, answer: object) -> None:
        """Keep an answer."""
        if question not in self._known:
            self._known.add(question)
            self.questions.append(question)
            self.answers.append(answer)


@dataclass(slots=True)
class _Fork:
    """A question, and the ways on from it."""

    question: Question
    ways: list[_Way]


@dataclass(slots=True)
class _Way:
    """An answer, and what was asked after it (``None``: nothing, the run had said nothing)."""

    answer: object
    #: the classes met so far -> those of the run that went this way first
    renamed: Pairs | None
    then: _Fork | None


class CleanRuns:
    """The runs of one method that said nothing."""

    def __init__(self) -> None:
        self._ways = 0
        self._first: _Fork | None = None
        self._root: ClassInfo | None = None
        #: where the class that was looked up last left the known ways, after how many questions
        self._left: tuple[_Fork, int, Pairs] | None = None

    def hold(self, ctx: EngineContext, info: ClassInfo) -> bool:
        """Whether a run for a class would say nothing, as far as is known."""
        self._left = None
        if self._root is None:
            return False
        pairs: Pairs = {self._root: info}
        fork = self._first
        count = 0
        while fork is not None:
            cls, question, detail = fork.question
            if pairs.get(cls, cls) is cls and len(fork.ways) == 1:
                fork = fork.ways[0].then  # the same class gives the same answer
                count += 1
                continue
            answer = _answer(ctx, (pairs.get(cls, cls), question, _renamed(detail, pairs)))
            for way in fork.ways:
                if way.renamed is None and (not answer or type(answer) in _PLAIN):
                    if way.answer is answer or _NO_PAIRS.alike(way.answer, answer):
                        fork = way.then
                        break
                    continue
                attempt = Correspondence(pairs, way.renamed)
                if attempt.possible and attempt.alike(way.answer, answer):
                    pairs = attempt.pairs
                    fork = way.then
                    break
            else:
                self._left = fork, count, pairs
                return False
            count += 1
        return True

    def learn(self, info: ClassInfo, log: Log) -> None:
        """Remember a run that said nothing, for a class that was looked up just before."""
        if self._ways >= MAX_WAYS:
            return
        if self._root is None:
            self._root = info
            self._first = _chain(log, 0)
        elif self._left is not None:
            fork, index, pairs = self._left
            cls, question, detail = fork.question
            expected = (pairs.get(cls, cls), question, _renamed(detail, pairs))
            if index >= len(log.questions) or log.questions[index] != expected:
                return  # it took another way than its answers so far lead to
            fork.ways.append(_Way(log.answers[index], pairs, _chain(log, index + 1)))
        self._ways += 1


def _answer(ctx: EngineContext, question: Question) -> object:
    """What a class answers; between two runs that does not change."""
    try:
        return ctx.answers[question]
    except KeyError:
        answer = ctx.answers[question] = ctx.ask(question)
        return answer


def _chain(log: Log, start: int) -> _Fork | None:
    fork: _Fork | None = None
    for index in range(len(log.questions) - 1, start - 1, -1):
        fork = _Fork(log.questions[index], [_Way(log.answers[index], None, fork)])
    return fork


def _renamed(detail: tuple[Any, ...], pairs: Pairs) -> tuple[Any, ...]:
    if detail and type(detail[0]) is ClassInfo:
        return (pairs.get(detail[0], detail[0]), *detail[1:])
    return detail


class Correspondence:
    """Which class of one run stands for which class of the other.

    ``possible`` is false if two classes of the other run would stand for one and the same.
    """

    def __init__(self, pairs: Pairs, renamed: Pairs | None = None) -> None:
        self.possible = True
        #: how many parts of containers may still be compared
        self.left = MAX_COMPARED
        if renamed is None:
            self.pairs = pairs.copy()
            return
        self.pairs = {}
        for one, other in pairs.items():
            if self.pairs.setdefault(renamed.get(one, one), other) is not other:
                self.possible = False

    def pair(self, one: ClassInfo, other: ClassInfo) -> bool:
        """Let ``other`` stand for ``one``; false if another class does already."""
        return self.pairs.setdefault(one, other) is other

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
        if depth < MAX_DEPTH:
            self.left -= 1
            if self.left < 0:
                return False
        if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
            return len(one) == len(other) and all(
                self.alike(a, b, depth) for a, b in zip(one, other, strict=True)
            )
        if isinstance(one, Value):
            return self._values(one, other, depth - 1)
        return one == other

    def _values(self, one: Value, other: object, depth: int) -> bool:
        """Two values of the same class."""
        compare = _COMPARERS.get(type(one))
        return compare is not None and bool(compare(self, one, other, depth))

    def _constants(self, one: Const, other: Const, depth: int) -> bool:
        return type(one.value) is type(other.value) and bool(one.value == other.value)

    def _externals(self, one: External, other: External, depth: int) -> bool:
        return one.name == other.name

    def _modules(self, one: ModuleValue, other: ModuleValue, depth: int) -> bool:
        return one.source is other.source

    def _functions(self, one: Function, other: Function, depth: int) -> bool:
        return (
            one.node is other.node
            and one.scope is other.scope
            and one.marks == other.marks
            and one.defaults == other.defaults
        )

    def _bound(self, one: Bound, other: Bound, depth: int) -> bool:
        return self.alike(one.receiver, other.receiver, depth) and self.alike(
            one.function, other.function, depth
        )

    def _managers(self, one: ManagerValue, other: ManagerValue, depth: int) -> bool:
        return (
            one.confidence == other.confidence
            and one.open == other.open
            and self.alike(one.model, other.model, depth)
            and self.alike(one.cls, other.cls, depth)
        )

    def _sequences(self, one: Sequence, other: Sequence, depth: int) -> bool:
        return (
            (one.kind, one.born, one.open) == (other.kind, other.born, other.open)
            and not one.taints | other.taints
            and self.alike(one.items, other.items, depth)
        )

    def _mappings(self, one: Mapping, other: Mapping, depth: int) -> bool:
        return (
            (one.born, one.open) == (other.born, other.open)
            and not one.taints | other.taints
            and list(one.items) == list(other.items)
            and self.alike(list(one.items.values()), list(other.items.values()), depth)
        )

    def _opaque(self, one: Opaque, other: Opaque, depth: int) -> bool:
        return (
            not one.taints | other.taints
            and not one.parts
            and not other.parts
            and one.row_attribute == other.row_attribute
            and self.alike(one.model, other.model, depth)
        )

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


#: How two values of a class are compared; all others differ unless they are the same object.
_COMPARERS: dict[type[Value], Callable[[Correspondence, Any, Any, int], bool]] = {
    Bound: Correspondence._bound,
    Const: Correspondence._constants,
    External: Correspondence._externals,
    Function: Correspondence._functions,
    ManagerValue: Correspondence._managers,
    Mapping: Correspondence._mappings,
    ModuleValue: Correspondence._modules,
    Opaque: Correspondence._opaque,
    QuerySetValue: Correspondence._querysets,
    Sequence: Correspondence._sequences,
}
#: For answers that hold no classes.
_NO_PAIRS = Correspondence({})
