"""What a Django template does with a queryset in its context.

Only enough of the template language to tell ``{% for o in x %}``, which fills the result cache of
``x``, from ``{% for o in x.all %}``, ``{{ x.count }}`` or ``{{ x }}``, which do not.  Source:
measured (``tests/oracle``).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from qs_lint.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_VARIABLE, _BLOCK, _NOTE = "{{", "{%", "{#"
_ENDS = {_VARIABLE: "}}", _BLOCK: "%}", _NOTE: "#}"}
_WORD = re.compile(r"(?<![\w.])\w+")
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
#: What is compared stands next to its operator; further away nobody looks.
_NEAR = 100
#: These filters ask the database without filling the cache, or do not ask at all; all others
#: iterate, count or test the value (or nobody knows).
HARMLESS_FILTERS = frozenset(
    "first slice default_if_none make_list stringformat add escape force_escape safe".split()
)


@record(frozen=True, slots=True)
class _Tag:
    """``start``: what it begins with; ``inside``: what is in it, without the texts of strings."""

    start: str
    inside: str
    words: list[str]


@record(frozen=True, slots=True)
class _Template:
    """The tags of a text; by word those that have it; whether others may do anything."""

    tags: list[_Tag]
    having: dict[str, list[_Tag]]
    elsewhere: bool


@lru_cache(maxsize=32)  # many views ask about few
def fills_cache(text: str, name: str) -> bool:
    """Whether rendering a template may fill the result cache of the queryset called ``name``.

    True if it does, or if nobody can tell from this text (the name is not mentioned, but another
    template is included or extended).
    """
    template = _read(text)
    mention = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)(?P<rest>[^\s,)}}]*)")
    mentioned = False
    plain = _WORD.fullmatch(name) is not None
    for tag in template.having.get(name, ()) if plain else template.tags:
        for found in mention.finditer(tag.inside):
            mentioned = True
            if _fills(tag.start == _VARIABLE, tag.words, found, tag.inside):
                return True
    return template.elsewhere and not mentioned


@lru_cache(maxsize=4)
def _read(text: str) -> _Template:
    tags: list[_Tag] = []
    having: dict[str, list[_Tag]] = {}
    elsewhere = False
    for start, content in _without_comments(list(_tags(text))):
        inside = _QUOTED.sub("''", content)
        tag = _Tag(start, inside, inside.split())
        tags.append(tag)
        for word in dict.fromkeys(_WORD.findall(inside)):
            having.setdefault(word, []).append(tag)
        if start == _BLOCK and tag.words[:1] in (["include"], ["extends"]):
            elsewhere = elsewhere or "only" not in tag.words
    return _Template(tags, having, elsewhere)


def _tags(template: str) -> Iterator[tuple[str, str]]:
    """How each tag begins, and what is in it; the template is gone through once."""
    open_ended: set[str] = set()
    place = template.find("{")
    while place >= 0:
        start = template[place : place + 2]
        end = -1
        if start in _ENDS and start not in open_ended:
            end = template.find(_ENDS[start], place + 2)
            if end < 0:
                open_ended.add(start)
            else:
                yield start, template[place + 2 : end]
        place = template.find("{", place + 1 if end < 0 else end + 2)


def _without_comments(tags: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Tags that are no comment, and in none."""
    words = [tag.split(None, 1)[:1] if start == _BLOCK else [] for start, tag in tags]
    last = max((n for n, word in enumerate(words) if word == ["endcomment"]), default=-1)
    inside = False
    for number, (start, tag) in enumerate(tags):
        if inside:
            inside = words[number] != ["endcomment"]
        elif words[number] == ["comment"] and number < last:
            inside = True
        elif start != _NOTE:
            yield start, tag


def _fills(is_variable: bool, words: list[str], found: re.Match[str], inside: str) -> bool:
    rest = found.group("rest")
    if rest.startswith("."):
        return False  # a method or an item: x.all, x.count, x.0
    filters = [part.partition(":")[0] for part in rest.split("|")[1:]]
    if filters:
        return filters[0] not in HARMLESS_FILTERS
    if is_variable:
        return False  # {{ x }} shows repr(): LIMIT 21
    if words[0] in ("if", "elif"):
        after = inside[found.end() : found.end() + _NEAR].split()
        before = inside[max(0, found.start() - _NEAR) : found.start()].split()
        compared = {"is", "==", "!="}
        return not (after[:1] and after[0] in compared) and not (
            before[-1:] and before[-1] in compared
        )
    return True
