"""Names of messages as users write them, and what they may have meant."""

from __future__ import annotations

import os
import re
from functools import cache
from typing import TYPE_CHECKING

import qs_lint

if TYPE_CHECKING:
    from collections.abc import Iterable

#: pylint's categories, as it takes them for the messages in them
CATEGORIES = "FEWCRI"
#: What may be enabled and disabled beside the rules: all, the checker, what is not a finding.
OTHERS = ("all", "qs_lint", "qs-lint-facts", "qs-lint-fault", "syntax-error")
#: How similar a name in a configuration must be to one of ours to be taken for it; most names
#: there are pylint's.
#: ``tests/test_command_settings.py`` compares with all of pylint's names.
ALIKE = 0.8
#: Options of other linters -> what does the same here.
OPTIONS = {
    "--exclude": "--ignore, --ignore-paths",
    "--extend-exclude": "--ignore, --ignore-paths",
    "--extend-select": "--enable",
    "--extend-ignore": "--disable",
    "--per-file-ignores": "per-file-ignores in [tool.qs-lint]",
    "--format": "--output-format",
    "--output-file": "--output",
    "--config": "--rcfile",
    "--no-fix": "--diff",
    "--unsafe-fixes": "--fix",
    "--add-noqa": "--add-disable",
    "--respect-gitignore": "--no-gitignore",
    "--no-respect-gitignore": "--no-gitignore",
}
_ID = re.compile(r"[A-Z]\d{4}")


@cache
def symbols() -> tuple[str, ...]:
    """The symbols of all rules, without importing these, and the engine with them.

    A rule's file is named after its symbol.
    """
    names = os.listdir(os.path.join(os.path.dirname(qs_lint.__file__), "rules"))
    files = (name for name in names if name.endswith(".py") and name[:1].isalpha())
    return tuple(sorted(name.removesuffix(".py").replace("_", "-") for name in files))


@cache
def ids() -> dict[str, str]:
    """The id of each rule -> its symbol; imports the rules."""
    from qs_lint.rules import all_rules

    return {rule.msgid: rule.symbol for rule in all_rules()}


def alike(name: str, known: Iterable[str], cutoff: float = 0.6) -> list[str]:
    """What an unknown name may have been meant to be."""
    from difflib import get_close_matches  # hardly ever needed

    return get_close_matches(name.lower()[:100], list(known), cutoff=cutoff)


def subcommand(word: str, known: Iterable[str]) -> str:
    """What an unknown subcommand may have been meant to be; "" if nothing is similar."""
    if word in ("check", "lint"):
        return "there is no subcommand for it: qs-lint [PATH ...] checks"
    if word in ("rule", "linter"):
        return "did you mean qs-lint explain?"
    close = alike(word, known, ALIKE) if word.isalpha() else []
    return f"did you mean qs-lint {close[0]}?" if close else ""


def hint(close: list[str], otherwise: str = "") -> str:
    """``; did you mean a, b?``, or what is said where nothing is close."""
    return f"; did you mean {', '.join(close)}?" if close else otherwise


def option(name: str, known: Iterable[str]) -> str:
    """A hint for an unknown option: ``; did you mean --select?``, or "" if nothing is similar."""
    if name in OPTIONS:
        return hint([OPTIONS[name]])
    return hint(alike(name, known, 0.7)[:2] if name.startswith("--") else [])


def unknown(name: str) -> str | None:
    """What is wrong with a name after ``--disable`` or ``--enable``; ``None`` if nothing is."""
    if name.lower() in {*symbols(), *OTHERS} or name.upper() in CATEGORIES or _ID.fullmatch(name):
        return None
    close = alike(name, [*symbols(), *OTHERS])
    return f"unknown message {name!r}{hint(close, ' (see qs-lint rules)')}"


def misspelt(name: str) -> str | None:
    """What is probably wrong with a name in pylint's configuration, where most are not ours."""
    if name.lower() in {*symbols(), *OTHERS}:
        return None
    close = alike(name.replace("_", "-"), symbols(), ALIKE)
    if close:
        return f"unknown message {name!r}{hint(close)}"
    if re.fullmatch(r"[A-Z]58\d\d", name) and name not in ("E5809", "E5899") and name not in ids():
        return f"unknown message {name!r}{hint(alike(name, ids(), 0.7), ' (see qs-lint rules)')}"
    return None


def rule(name: str) -> str:
    """The symbol of a rule that is named by symbol or id; ``ValueError`` says what is wrong."""
    plain = name.strip().lower().replace("_", "-")
    if plain in symbols():
        return plain
    if _ID.fullmatch(name.strip().upper()) and name.strip().upper() in ids():
        return ids()[name.strip().upper()]
    close = alike(plain, symbols()) or alike(name.upper(), ids(), 0.7)
    raise ValueError(f"unknown message {name!r}{hint(close, ' (see qs-lint rules)')}")
