"""What a Django template does with a queryset in its context.

Only enough of the template language to tell ``{% for o in x %}``, which fills the result cache of
``x``, from ``{% for o in x.all %}``, ``{{ x.count }}`` or ``{{ x }}``, which do not.  Source:
measured (``tests/oracle``).
"""

from __future__ import annotations

import re

_TAG = re.compile(r"{{(.*?)}}|{%(.*?)%}", re.DOTALL)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_COMMENT = re.compile(r"{#.*?#}|{%\s*comment\b.*?%}.*?{%\s*endcomment\s*%}", re.DOTALL)
#: These filters ask the database without filling the cache, or do not ask at all; all others
#: iterate, count or test the value (or nobody knows).
HARMLESS_FILTERS = frozenset(
    "first slice default_if_none make_list stringformat add escape force_escape safe".split()
)


def fills_cache(text: str, name: str) -> bool:
    """Whether rendering a template may fill the result cache of the queryset called ``name``.

    True if it does, or if nobody can tell from this text (the name is not mentioned, but another
    template is included or extended).
    """
    text = _COMMENT.sub("", text)
    mention = re.compile(rf"(?<![\w.]){re.escape(name)}(?!\w)(?P<rest>[^\s,)}}]*)")
    mentioned = False
    elsewhere = False
    for match in _TAG.finditer(text):
        variable, block = match.groups()
        inside = _QUOTED.sub("''", variable if variable is not None else block)
        words = inside.split()
        if block is not None and words[:1] in (["include"], ["extends"]):
            elsewhere = elsewhere or "only" not in words
        for found in mention.finditer(inside):
            mentioned = True
            if _fills(variable is not None, words, found, inside):
                return True
    return elsewhere and not mentioned


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
        after = inside[found.end() :].split()
        before = inside[: found.start()].split()
        compared = {"is", "==", "!="}
        return not (after[:1] and after[0] in compared) and not (
            before[-1:] and before[-1] in compared
        )
    return True
