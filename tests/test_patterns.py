"""Patterns of strangers: the answers of ``re``, in bounded time."""

from __future__ import annotations

import re
import sys

import pytest

from qs_lint.command.patterns import ALLOWANCE, Bounded, Budget, PatternError, TooSlowError

PATTERNS = [
    "",
    "a",
    "abc",
    "a*",
    "a+$",
    "(a+)+$",
    "(a|aa)+b",
    "(a|b)*?c",
    "a{2,3}$",
    "a{2,}b?$",
    "(ab){2}c?",
    "[a-c]+x",
    "[^a]b",
    ".*/migrations/.*",
    "^(?!a/)",
    "(?=ab)a",
    "a(?<=a)b",
    "ab(?<!ab)c",
    "(?i)ABC",
    "(?x) a b  # comment",
    "(?s).+",
    ".+$",
    r"\w+\.py\Z",
    r"\bab\b",
    r"a\B",
    r"(?P<n>a)b",
    r"(?i:a)B",
    "a|b|",
    "(?:)*",
    "(a*)*",
    "(a*)+b",
    "(|a)+",
    "ä+",
    "(?a:\\w+)$",
    "^$",
    "(?m)^b",
    "(?!)",
    "x??y",
]
TEXTS = [
    "",
    "a",
    "aa",
    "aaa",
    "ab",
    "ABC",
    "abc",
    "abab",
    "ababc",
    "aaab",
    "b",
    "bb",
    "c",
    "bcx",
    "a/migrations/b.py",
    "shop/migrations/0001.py",
    "a.py",
    "ä",
    "a\nb",
    "\n",
    "a b",
    "xy",
    "aB",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_as_re(pattern: str) -> None:
    """The answer is that of ``re.match``."""
    bounded, theirs = Bounded(pattern, Budget()), re.compile(pattern)
    for text in TEXTS:
        assert bounded.match(text) is (theirs.match(text) is not None), text


@pytest.mark.parametrize(
    "pattern", ["(a+)+$", "(a|a)*$", "(a*)*b", "(a|aa)+$", "(.*)*x", "((a+)+)+$", "(?=(a+)+$)b"]
)
@pytest.mark.parametrize("length", [100, 1000])
def test_bounded(pattern: str, length: int) -> None:
    """What takes ``re`` for ever takes steps in proportion to the text."""
    budget = Budget()
    before = budget.steps
    assert not Bounded(pattern, budget).match("a" * length + "!")
    assert before + ALLOWANCE - budget.steps < 40 * length


def test_budget() -> None:
    """All questions together have an end too, which grows with their number."""
    bounded = Bounded("(?=.*x)" * 30 + "y", Budget(1000))
    with pytest.raises(TooSlowError):
        bounded.match("a" * 4000 + "x")
    quiet = Bounded(".*/migrations/.*", Budget(0))
    for _ in range(1000):
        assert not quiet.match("shop/views/orders.py")


@pytest.mark.parametrize(
    "pattern",
    [
        "(",
        r"(a)\1",
        "(a)(?(1)b|c)",
        "a{1,4000000000}",
        "(){4294967290}",
        "((a{100}){100}){100}",
        "(" * 3000 + ")" * 3000,
        "a" * 2001,
        "*",
        "a{99999999999999999999}",
        *(["(?>a+)b", "a++"] if sys.version_info >= (3, 11) else []),
    ],
    ids=lambda pattern: pattern[:20],
)
def test_refused(pattern: str) -> None:
    """What is no regular expression, or has no bound, is refused when it is read."""
    with pytest.raises(PatternError, match=r"."):
        Bounded(pattern, Budget())
