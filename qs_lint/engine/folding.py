"""Small constants that are computed: sums, and texts put together of others.

Keywords of lookups and names of attributes are often made this way.  Nothing is formatted here
but plain placeholders, and no text grows beyond a bound.
"""

from __future__ import annotations

import ast
import re
import string

from qs_lint.values import UNKNOWN, Const, Sequence, Value

#: Longer texts are unknown.
MAX_TEXT = 500
_PLACEHOLDER = re.compile(r"%(?:%|s|d)")


def folded(left: object, operator: ast.operator, right: object) -> Value:
    """``left op right`` for two constants."""
    if isinstance(left, int) and isinstance(right, int) and abs(left) + abs(right) < 10**9:
        if isinstance(operator, ast.Add):
            return Const(left + right)
        if isinstance(operator, ast.Sub):
            return Const(left - right)
    if isinstance(left, str) and isinstance(right, str) and isinstance(operator, ast.Add):
        return joined([left, right])
    if isinstance(left, str) and isinstance(operator, ast.Mod):
        return interpolated(left, [Const(right)]) or UNKNOWN
    return UNKNOWN


def joined(parts: list[str], between: str = "") -> Value:
    """Texts one after the other."""
    if sum(map(len, parts)) + len(between) * len(parts) >= MAX_TEXT:
        return UNKNOWN
    return Const(between.join(parts))


def texts(values: list[Value]) -> list[str] | None:
    """What ``str()`` makes of values, if all are constants of a simple type."""
    found = []
    for value in values:
        if not isinstance(value, Const) or not isinstance(value.value, (str, int)):
            return None
        if isinstance(value.value, int) and abs(value.value) > 10**9:
            return None
        found.append(str(value.value))
    return found


def interpolated(text: str, values: list[Value]) -> Value | None:
    """``text % values`` for plain placeholders; ``None`` if it cannot be told."""
    known = texts(values)
    holes = [hole for hole in _PLACEHOLDER.findall(text) if hole != "%%"]
    plain = _PLACEHOLDER.sub("", text)
    if known is None or "%" in plain or len(holes) != len(known) or len(text) > MAX_TEXT:
        return None
    waiting = iter(known)
    pieces = _PLACEHOLDER.split(text)
    between = ["%" if hole == "%%" else next(waiting) for hole in _PLACEHOLDER.findall(text)]
    return joined([piece for pair in zip(pieces, [*between, ""], strict=True) for piece in pair])


def formatted(text: str, args: list[Value], keywords: dict[str, Value]) -> Value | None:
    """``text.format(...)`` for plain placeholders; ``None`` if it cannot be told."""
    pieces: list[str] = []
    count = 0
    if len(text) > MAX_TEXT:
        return None
    try:
        for literal, name, spec, conversion in string.Formatter().parse(text):
            pieces.append(literal)
            if name is None:
                continue
            key = name or str(count)
            count += not name
            value = args[int(key)] if key.isdecimal() else keywords[key]
            known = texts([value])
            if spec or conversion or known is None:
                return None
            pieces += known
    except (ValueError, IndexError, KeyError):
        return None
    return joined(pieces)


def folded_method(
    receiver: Value, name: str, args: list[Value], keywords: dict[str, Value]
) -> Value | None:
    """What a method of a short text returns; ``None`` if it cannot be told."""
    if not (isinstance(receiver, Const) and isinstance(receiver.value, str)):
        return None
    constant = receiver.value
    if name == "format":
        return formatted(constant, args, keywords)
    if name == "join" and len(args) == 1 and isinstance(args[0], Sequence):
        items = args[0]
        if items.open or items.taints or not all(_is_text(item) for item in items.items):
            return None
        return joined(texts(items.items) or [], constant)
    if name in ("startswith", "endswith"):
        return _affix(constant, name, args)
    if name in ("lower", "upper") and not args and len(constant) < MAX_TEXT:
        return Const(constant.lower() if name == "lower" else constant.upper())
    return None


def _affix(constant: str, name: str, args: list[Value]) -> Value | None:
    """``"...".startswith(x)`` and ``"...".endswith(x)``."""
    only = args[0] if len(args) == 1 else None
    if not isinstance(only, Const) or not isinstance(only.value, str):
        return None
    affix = only.value
    if name == "startswith":
        return Const(constant.startswith(affix))
    return Const(constant.endswith(affix))


def _is_text(value: Value) -> bool:
    return isinstance(value, Const) and isinstance(value.value, str)
