"""pylint's comments, in the meaning that pylint gives them, in time that grows as the file does.

pylint walks the whole tree for each comment and notes its effect for each line of the block, and it
finds a comment with a regular expression that takes long over a line of ``#``.  Here the blocks of
all comments are found in one walk, their effects are kept as ranges of lines, and pylint is shown
the part of a comment that it reads.  ``tests/test_pragmas.py`` compares both.
"""

from __future__ import annotations

import copy
import re
import tokenize
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from astroid import nodes
from pylint.constants import WarningScope
from pylint.utils import FileState

from qs_lint.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Iterator, Sequence

    from pylint.message import MessageDefinition

_PRAGMA = re.compile(r"\bpylint:(?=\s*[^;#\n])")
_REST = re.compile(r"[^;#\n]*")


def plain(tokens: Iterable[tokenize.TokenInfo]) -> list[tokenize.TokenInfo]:
    """The tokens of a file with no more in its comments than pylint reads.

    It reads what follows the last ``#`` before the last ``pylint:``, up to the next ``#`` or ``;``.
    """
    return [
        token._replace(string=_read(token.string)) if token.type == tokenize.COMMENT else token
        for token in tokens
    ]


def _read(comment: str) -> str:
    last = None
    for match in _PRAGMA.finditer(comment):
        last = match
    if last is None:
        return "#"
    start = comment.rindex("#", 0, last.start())
    first = _PRAGMA.search(comment, start) or last
    end = _REST.match(comment, first.end())
    return f"# {first[0]}{end[0] if end else ''}"


@record(frozen=True, slots=True)
class _Effect:
    """The lines that a comment is about; all ranges are without their end.

    ``line`` to ``end``: it holds there, whatever was said before.  ``head`` to ``line``: where
    nothing was said before, ``before`` holds; ``over``: on the first line of these in any case;
    ``once``: nowhere, if something was said of that line.
    """

    line: int
    end: int
    on: bool
    head: int
    before: bool
    over: bool = False
    once: bool = False


def _effect(node: nodes.NodeNG, line: int, scope: str, on: bool) -> _Effect:
    """What a comment in a block does, in pylint's words: ``_set_message_state_in_block``."""
    if scope != WarningScope.NODE:
        return _Effect(line, node.tolineno + 1, on, head=line, before=on)
    first, last = node.block_range(line)
    body = node.tolineno
    if isinstance(node, (nodes.Module, nodes.ClassDef, nodes.FunctionDef)) and node.body:
        body = node.body[0].fromlineno
    return _Effect(
        line,
        last + 1,
        on,
        head=first,
        before=on or line > body,
        over=not isinstance(node, nodes.Module),
        once=first == node.fromlineno >= body,
    )


class _Free:
    """Numbers from 0 that are taken one after the other; what was taken is stepped over."""

    def __init__(self, size: int) -> None:
        self._next = list(range(size + 1))

    def first(self, number: int) -> int:
        """The first free number that is not smaller."""
        end = number
        while self._next[end] != end:
            end = self._next[end]
        while number != end:
            self._next[number], number = end, self._next[number]
        return end

    def take(self, start: int, end: int) -> Iterator[int]:
        """Take all free numbers from ``start`` to before ``end``."""
        while (start := self.first(start)) < end:
            self._next[start] = start + 1
            yield start


class Lines:
    """The lines of which something is said: by number, whether a message is on."""

    def __init__(self, effects: Sequence[_Effect]) -> None:
        """``effects``: those of all comments about one message, in their order."""
        ends = {n for e in effects for n in (e.line, e.end, e.head, e.head + 1)}
        self._starts = sorted(ends)
        self._states = self._resolved(effects)

    def _resolved(self, effects: Sequence[_Effect]) -> list[bool | None]:
        places = {line: number for number, line in enumerate(self._starts)}
        size = len(places)
        untold, filled = _Free(size), []
        for effect in effects:
            head, line, end = places[effect.head], places[effect.line], places[effect.end]
            told = untold.first(head) != head
            start = line if effect.once and told else head
            own = list(untold.take(start, line))
            if effect.over and start < line and told:
                own.append(start)
            filled.append(own)
            for _ in untold.take(line, end):
                pass
        # who spoke last is right
        states: list[bool | None] = [None] * size
        unset = _Free(size)
        for effect, own in zip(reversed(effects), reversed(filled), strict=True):
            for number in unset.take(places[effect.line], places[effect.end]):
                states[number] = effect.on
            for number in own:
                for _ in unset.take(number, number + 1):
                    states[number] = effect.before
        return states

    def get(self, line: int) -> bool | None:
        """Whether the message is on there; ``None`` if nothing is said."""
        number = bisect_right(self._starts, line) - 1
        return self._states[number] if number >= 0 else None

    def __contains__(self, line: object) -> bool:
        return isinstance(line, int) and self.get(line) is not None

    def __getitem__(self, line: int) -> bool:
        state = self.get(line)
        if state is None:
            raise KeyError(line)
        return state


class _Answers(dict[str, Any]):
    """What pylint looks up: the lines by message, found when it asks for one of ``known``."""

    def __init__(self, known: Container[str], find: Callable[[], dict[str, Lines]]) -> None:
        super().__init__()
        self._known, self._find = known, find

    def __missing__(self, msgid: str) -> Lines:
        if msgid not in self._known:
            raise KeyError(msgid)
        return self._find()[msgid]


class Pragmas(FileState):
    """What the comments of a file say about the messages that are ``wanted``."""

    def __init__(self, theirs: FileState, wanted: Callable[[MessageDefinition], bool]) -> None:
        """``theirs``: the state that pylint would keep."""
        super().__init__(theirs.base_name, theirs._msgs_store, theirs._module)
        self._wanted = wanted
        self._comments: dict[str, list[tuple[int, bool, str]]] = {}
        self._scopes: dict[str, str] = {}
        self._found: dict[str, Lines] | None = None
        self._module_msgs_state = _Answers(self._comments, self._find)

    def set_msg_status(
        self, msg: MessageDefinition, line: int, status: bool, scope: str = "package"
    ) -> None:
        """Note what a comment says; what it is about is found when somebody asks."""
        if self._wanted(msg):
            self._comments.setdefault(msg.msgid, []).append((line, status, scope))
            self._scopes[msg.msgid] = msg.scope
            self._raw_module_msgs_state.setdefault(msg.msgid, {})[line] = status
            self._found = None

    def _find(self) -> dict[str, Lines]:
        if self._found is None:
            said = self._comments.items()
            lines = {line for _, comments in said for line, _, scope in comments if scope != "line"}
            around = _around(self._module, sorted(lines))
            self._found = {
                msgid: Lines(list(self._effects(msgid, comments, around)))
                for msgid, comments in said
            }
        return self._found

    def _effects(
        self, msgid: str, comments: Sequence[tuple[int, bool, str]], around: dict[int, nodes.NodeNG]
    ) -> Iterator[_Effect]:
        for line, on, scope in comments:
            if scope == "line":
                yield _Effect(line, line + 1, on, head=line, before=on)
            elif line in around:
                yield _effect(around[line], line, self._scopes[msgid], on)


def _around(module: nodes.Module, lines: Sequence[int]) -> dict[int, nodes.NodeNG]:
    """For each line that lies in the tree the first node around it: inner ones come first."""
    free = _Free(len(lines))
    found: dict[int, nodes.NodeNG] = {}
    stack = [(module, _children(module))]
    while stack:
        node, children = stack[-1]
        child = next(children, None)
        if child is not None:
            stack.append((child, _children(child)))
            continue
        stack.pop()
        start = bisect_left(lines, node.fromlineno)
        mine = list(free.take(start, bisect_right(lines, node.tolineno)))
        if mine and isinstance(node, (nodes.Try, nodes.TryStar)):
            node = _without_handlers(node)
        found.update((lines[number], node) for number in mine)
    return found


def _children(node: nodes.NodeNG) -> Iterator[nodes.NodeNG]:
    """The nodes in which pylint looks for a line."""
    return iter(node.get_children() if node.lineno != node.end_lineno else ())


def _without_handlers(node: nodes.NodeNG) -> nodes.NodeNG:
    """The same statement; it would look for the line in each of its handlers, and none has it."""
    assert node.tolineno  # kept with the node, and so copied
    shell = copy.copy(node)
    shell.handlers = []
    return shell
