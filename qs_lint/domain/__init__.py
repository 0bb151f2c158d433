"""The terms of the analysis, as types: moments, lifetimes, holders, uses, rows and fates.

Everything that the engine decides by is one of these.  Words for people are made from them in
:mod:`qs_lint.rules` and :mod:`qs_lint.formats`, and nowhere else.
"""

from qs_lint.domain.fates import Fate, Manner, Place, Shared, When
from qs_lint.domain.holders import Holder, HolderKind
from qs_lint.domain.moments import Lifetime, Moment, Process
from qs_lint.domain.rows import Kept, RowKind
from qs_lint.domain.uses import Hop, Text, Use, UseKind, called, method, read

__all__ = [
    "Fate",
    "Holder",
    "HolderKind",
    "Hop",
    "Kept",
    "Lifetime",
    "Manner",
    "Moment",
    "Place",
    "Process",
    "RowKind",
    "Shared",
    "Text",
    "Use",
    "UseKind",
    "When",
    "called",
    "method",
    "read",
]
