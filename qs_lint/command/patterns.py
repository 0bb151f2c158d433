"""Untrusted regular expressions, matched in bounded time.

Python's ``re`` tries alternatives one after the other, so ``(a+)+$`` takes twice as long for each
further ``a``, and a checked project has both the pattern (``ignore-paths``) and the names.  Here a
pattern is read by Python's own parser and compiled to a small program of which no instruction is
run twice at the same place of the text (Thompson's construction), so the work is bounded by the
product of both lengths.  The answer is that of ``re``: single characters and anchors are matched
by it.
"""

from __future__ import annotations

# pylint: disable=deprecated-module,no-member  # the parser of `re`, under either of its names
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any, Protocol

from qs_lint.records import record

if sys.version_info >= (3, 11):
    from re import _compiler as compiler
    from re import _constants as constants
    from re import _parser as parser
else:
    import sre_compile as compiler
    import sre_constants as constants
    import sre_parse as parser

if TYPE_CHECKING:
    from collections.abc import Callable

#: instructions of one pattern: ``a{1,1000}`` has as many as it may match characters
LARGEST = 5_000
#: characters of a pattern
LONGEST = 2_000
#: steps that each question adds to what all questions may take together
ALLOWANCE = 20_000
FIRST_ALLOWANCE = 1_000_000
_FLAGS = (
    re.IGNORECASE | re.LOCALE | re.MULTILINE | re.DOTALL | re.UNICODE | re.VERBOSE | re.ASCII
).value
#: of these one holds at a time
_KINDS = (re.ASCII | re.LOCALE | re.UNICODE).value


class Pattern(Protocol):
    """What a name can be asked: a pattern of ``re``, or a bounded one."""

    @property
    def pattern(self) -> str:
        """The regular expression."""

    def match(self, string: str, /) -> object:
        """Something true if the string begins with what the pattern describes."""


class PatternError(ValueError):
    """A regular expression that is none, or that cannot be matched in bounded time."""


class TooSlowError(Exception):
    """All questions together took more steps than they may."""


@record
class Budget:
    """The steps that are left to all patterns of a run."""

    steps: int = FIRST_ALLOWANCE


@record(frozen=True)
class _Instruction:
    """One step of a program.

    ``test``: whether it may go on at a place of a text; ``width``: the characters it takes;
    ``targets``: where it may go on.
    """

    targets: tuple[int, ...]
    test: Callable[[str, int], bool] | None = None
    width: int = 0


class Bounded:
    """A regular expression whose ``match`` takes time in proportion to pattern and text."""

    def __init__(self, pattern: str, budget: Budget) -> None:
        """Raises :class:`PatternError` if the pattern cannot be understood."""
        self.pattern = pattern
        self._budget = budget
        if len(pattern) > LONGEST:
            raise PatternError(f"it has more than {LONGEST:,} characters")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                tree = parser.parse(pattern)
        except (re.error, OverflowError, RecursionError, MemoryError) as error:
            raise PatternError(str(error) or type(error).__name__) from None
        try:
            self._program = _Writer(tree.state, budget).program(tree)
        except RecursionError:
            raise PatternError("it is nested too deeply") from None

    def match(self, string: str, /) -> bool:
        """Whether a string begins with what the pattern describes, as ``re.match`` says it.

        Raises :class:`TooSlowError` if the budget is exhausted.
        """
        self._budget.steps += ALLOWANCE
        return _runs(self._program, string, 0, self._budget) is not None


def _runs(
    program: list[_Instruction], text: str, start: int, budget: Budget, end: int | None = None
) -> int | None:
    """A place where a program that begins at ``start`` may end (``end``, if given), or ``None``."""
    seen: set[tuple[int, int]] = set()
    stack = [(0, start)]
    while stack:
        where = stack.pop()
        if where in seen:
            continue
        seen.add(where)
        budget.steps -= 1
        if budget.steps < 0:
            raise TooSlowError
        number, place = where
        if number == len(program):
            if end is None or place == end:
                return place
            continue
        step = program[number]
        if step.test is None or step.test(text, place):
            stack += [(target, place + step.width) for target in reversed(step.targets)]
    return None


class _Writer:
    """Makes the program of a pattern that Python's parser has read."""

    def __init__(self, state: Any, budget: Budget) -> None:
        self._state = state
        self._budget = budget
        self._size = 0

    def program(self, tree: Any) -> list[_Instruction]:
        """The instructions; to go on behind the last one is to match."""
        found: list[_Instruction] = []
        self._sequence(tree, found, self._state.flags)
        return found

    def _put(self, found: list[_Instruction], instruction: _Instruction) -> None:
        self._size += 1
        if self._size > LARGEST:
            raise PatternError("its repetitions are too large")
        found.append(instruction)

    def _sequence(self, tree: Any, found: list[_Instruction], flags: int) -> None:
        for kind, value in tree:
            if kind in (constants.LITERAL, constants.NOT_LITERAL, constants.ANY, constants.IN):
                self._put(found, self._single((kind, value), flags, width=1, after=len(found) + 1))
            elif kind is constants.AT:
                self._put(found, self._single((kind, value), flags, width=0, after=len(found) + 1))
            elif kind in (constants.MAX_REPEAT, constants.MIN_REPEAT):
                least, most, inner = value
                self._repeat(least, most, inner, found, flags)
            elif kind is constants.SUBPATTERN:
                _, added, removed, inner = value
                kept = flags & ~_KINDS if added & _KINDS else flags
                self._sequence(inner, found, (kept | added) & ~removed)
            elif kind is constants.BRANCH:
                self._branch(value[1], found, flags)
            elif kind in (constants.ASSERT, constants.ASSERT_NOT):
                direction, inner = value
                self._assertion(kind is constants.ASSERT, direction, inner, found, flags)
            elif kind is constants.FAILURE:  # what ``(?!)`` is optimised to
                self._put(found, _Instruction(()))
            else:
                raise PatternError(
                    "references to groups, conditions, atomic groups and possessive repetitions "
                    "cannot be matched in bounded time"
                )

    def _single(self, node: Any, flags: int, width: int, after: int) -> _Instruction:
        """One character, or an anchor: what ``re`` says of it."""
        state = parser.State()
        state.flags = flags & _FLAGS
        matching = compiler.compile(parser.SubPattern(state, [node]), state.flags).match

        def test(text: str, place: int) -> bool:
            return matching(text, place) is not None

        return _Instruction((after,), test, width)

    def _repeat(self, least: int, most: Any, tree: Any, found: list[_Instruction], f: int) -> None:
        for _ in range(min(least, LARGEST + 1)):
            self._count()
            self._sequence(tree, found, f)
        if most is constants.MAXREPEAT:
            split = len(found)
            self._put(found, _Instruction(()))
            self._sequence(tree, found, f)
            self._put(found, _Instruction((split,)))
            found[split] = _Instruction((split + 1, len(found)))
            return
        splits = []
        for _ in range(min(most - least, LARGEST + 1)):
            splits.append(len(found))
            self._put(found, _Instruction(()))
            self._sequence(tree, found, f)
        for split in splits:
            found[split] = _Instruction((split + 1, len(found)))

    def _count(self) -> None:
        """Repetitions of nothing count as well: ``(){4000000000}``."""
        self._size += 1
        if self._size > LARGEST:
            raise PatternError("its repetitions are too large")

    def _branch(self, trees: Any, found: list[_Instruction], flags: int) -> None:
        split = len(found)
        self._put(found, _Instruction(()))
        starts, ends = [], []
        for tree in trees:
            starts.append(len(found))
            self._sequence(tree, found, flags)
            ends.append(len(found))
            self._put(found, _Instruction(()))
        found[split] = _Instruction(tuple(starts))
        for end in ends:
            found[end] = _Instruction((len(found),))

    def _assertion(
        self, wanted: bool, direction: int, tree: Any, found: list[_Instruction], flags: int
    ) -> None:
        inner: list[_Instruction] = []
        self._sequence(tree, inner, flags)
        budget = self._budget
        width = tree.getwidth()[0] if direction < 0 else 0

        def test(text: str, place: int) -> bool:
            start = place - width
            if start < 0:
                return not wanted
            end = place if direction < 0 else None
            return (_runs(inner, text, start, budget, end) is not None) is wanted

        self._put(found, _Instruction((len(found) + 1,), test))
