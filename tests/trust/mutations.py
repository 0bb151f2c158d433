"""Ways to spoil a text: nodes, tokens, bytes.

Each function takes a text and a source of chance, and gives another text.  What comes out may be
no Python at all: that is an input as well.
"""

from __future__ import annotations

import ast
import copy
import io
import tokenize
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

#: What an expression may turn into, whatever it was.
STRANGE = (
    "self",
    "None",
    "...",
    "objects",
    "super()",
    "(lambda *a, **k: a)(*objects, **k)",
    "[*queryset, *queryset]",
    "{**kwargs}",
    "(yield)",
    "(x := x)",
    "Order.objects.all",
    "list(Order.objects.all())",
    "queryset[::-1]",
    "f'{queryset!r:>{width}}'",
    "type(self)(self)",
    "getattr(self, 'queryset', self)",
    "-~+1",
    "0x_f.real",
    "b'\\x00'",
    "'\\ud800'",
)
KEYWORDS = "def class return yield lambda await async for in if else not and or is del with as try"
GARBAGE = (b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b"\r", b"\x0c", b"\xc3\x28", b"\x1b[2J", b"\\\n")
SMALL = 20_000
MAX_EDITS = 6


def parsed(text: bytes | str) -> ast.Module | None:
    """The tree of a text, or ``None``."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def unparsed(tree: ast.AST) -> str | None:
    """The text of a tree, or ``None`` where the tree has no text."""
    try:
        return ast.unparse(ast.fix_missing_locations(tree))
    except (ValueError, AttributeError, TypeError, RecursionError, IndexError, KeyError):
        return None


def _bodies(tree: ast.AST) -> list[list[ast.stmt]]:
    found = []
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            body = getattr(node, name, None)
            if isinstance(body, list) and body:
                found.append(body)
    return found


def _expressions(tree: ast.AST) -> list[tuple[ast.AST, str, int | None, ast.expr]]:
    """The places where an expression stands: parent, field, index, expression."""
    found: list[tuple[ast.AST, str, int | None, ast.expr]] = []
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if isinstance(value, ast.expr):
                found.append((node, name, None, value))
            elif isinstance(value, list):
                found += [
                    (node, name, i, v) for i, v in enumerate(value) if isinstance(v, ast.expr)
                ]
    return found


def _put(place: tuple[ast.AST, str, int | None, ast.expr], new: ast.expr) -> None:
    parent, name, index, _ = place
    if index is None:
        setattr(parent, name, new)
    else:
        getattr(parent, name)[index] = new


def _edit_statements(tree: ast.AST, other: ast.AST, chance: random.Random) -> None:
    bodies = _bodies(tree)
    body = chance.choice(bodies)
    index = chance.randrange(len(body))
    how = chance.randrange(5)
    if how == 0 and len(body) > 1:
        del body[index]
    elif how == 1:
        body.insert(chance.randrange(len(body) + 1), copy.deepcopy(body[index]))
    elif how == 2:
        second = chance.choice(bodies)
        at = chance.randrange(len(second))
        body[index], second[at] = copy.deepcopy(second[at]), copy.deepcopy(body[index])
    elif how == 3:
        chance.shuffle(body)
    else:
        empty: list[list[ast.stmt]] = [[ast.Pass()]]
        donor = chance.choice(_bodies(other) or empty)
        body.insert(index, copy.deepcopy(chance.choice(donor)))


def _edit_expressions(tree: ast.AST, other: ast.AST, chance: random.Random) -> None:
    places = _expressions(tree)
    if not places:
        return
    place = chance.choice(places)
    how = chance.randrange(5)
    if how == 0:
        donor = chance.choice(_expressions(other) or places)
        _put(place, copy.deepcopy(donor[3]))
    elif how == 1:
        second = chance.choice(places)
        first_value, second_value = copy.deepcopy(place[3]), copy.deepcopy(second[3])
        _put(place, second_value)
        _put(second, first_value)
    elif how == 2:
        strange = ast.parse(chance.choice(STRANGE), mode="eval")
        _put(place, strange.body)
    elif how == 3 and isinstance(getattr(place[0], place[1]), list):
        getattr(place[0], place[1]).append(copy.deepcopy(place[3]))
    else:
        names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
        if names:  # two names become one: aliases of themselves, recursion, shadowed imports
            chance.choice(names).id = chance.choice(names).id


def nodes(text: str, other: str, chance: random.Random) -> str:
    """Drop, double, swap and transplant statements and expressions."""
    tree, donor = parsed(text), parsed(other)
    if tree is None or donor is None or not tree.body:
        return tokens(text, other, chance)
    for _ in range(chance.randint(1, MAX_EDITS)):
        edit = _edit_statements if chance.random() < 0.5 else _edit_expressions
        edit(tree, donor, chance)
    return unparsed(tree) or tokens(text, other, chance)


def tokens(text: str, other: str, chance: random.Random) -> str:
    """Drop, double, swap and replace tokens; white space stays where it was."""
    del other
    spans: list[tuple[int, int]] = []
    starts = [0]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            first, last = token.start, token.end
            if token.string.strip() and max(first[0], last[0]) < len(starts):
                spans.append((starts[first[0] - 1] + first[1], starts[last[0] - 1] + last[1]))
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    if not spans:
        return text + chance.choice(STRANGE)
    pieces = [text[a:b] for a, b in spans]
    gaps = [
        text[a:b]
        for a, b in zip(
            [0, *(b for _, b in spans)], [a for a, _ in spans] + [len(text)], strict=True
        )
    ]
    for _ in range(chance.randint(1, MAX_EDITS)):
        index, second = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        how = chance.randrange(6)
        if how == 0:
            pieces[index] = ""
        elif how == 1:
            pieces[index] = f"{pieces[index]} {pieces[index]}"
        elif how == 2:
            pieces[index], pieces[second] = pieces[second], pieces[index]
        elif how == 3:
            pieces[index] = chance.choice(KEYWORDS.split())
        elif how == 4:
            pieces[index] = chance.choice(STRANGE)
        else:
            pieces[index] = pieces[second]
    return "".join(part for pair in zip(gaps, [*pieces, ""], strict=True) for part in pair)


def spoil_bytes(text: bytes, chance: random.Random) -> bytes:
    """Cut, flip, insert and repeat bytes; sometimes nothing but garbage."""
    if chance.random() < 0.1:
        return chance.randbytes(chance.randrange(300))
    data = bytearray(text[:SMALL])
    for _ in range(chance.randint(1, MAX_EDITS)):
        at = chance.randrange(len(data) + 1)
        how = chance.randrange(5)
        if how == 0:
            data[at:at] = chance.choice(GARBAGE)
        elif how == 1:
            data[at : at + 1] = bytes([chance.randrange(256)])
        elif how == 2:
            del data[at : at + chance.randrange(1, 40)]
        elif how == 3:
            data[at:at] = data[at : at + chance.randrange(1, 40)]
        else:
            end = chance.randrange(len(data) + 1)
            data[at:at] = data[end : end + 200]
    if chance.random() < 0.1:
        del data[chance.randrange(len(data) + 1) :]
    return bytes(data)


def _utf16(text: str) -> bytes:
    return text.encode("utf-16", "surrogatepass")


ENCODERS: tuple[Callable[[str], bytes], ...] = (
    _utf16,
    lambda text: text.replace("\n", "\r\n").encode("utf-8", "replace"),
    lambda text: text.replace("\n", "\r").encode("utf-8", "replace"),
    lambda text: b"\xef\xbb\xbf" + text.encode("utf-8", "replace"),
    lambda text: ("# é\n" + text).encode("latin-1", "replace"),
    lambda text: ("# -*- coding: latin-1 -*-\n# é\n" + text).encode("latin-1", "replace"),
    lambda text: ("# coding: no-such-codec\n" + text).encode("utf-8", "replace"),
    lambda text: ("# coding: rot13\n" + text).encode("utf-8", "replace"),
    lambda text: ("# coding: utf-8-sig\n" + text).encode("utf-16", "replace"),
)


def encoded(text: str, chance: random.Random) -> bytes:
    """The text in an encoding, or with line ends, that it does not announce."""
    return chance.choice(ENCODERS)(text)
