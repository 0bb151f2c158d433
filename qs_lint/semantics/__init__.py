"""What Python code means for Django's querysets: names, moments, values, lifetimes.

Reads the syntax trees of :mod:`ast`; imports and runs nothing of the checked project, and never
raises because of what a file contains.
"""

from qs_lint.semantics.analysis import Analysis, analyse
from qs_lint.semantics.observations import (
    Context,
    ImportQuery,
    Memo,
    Observation,
    Place,
    SharedContext,
    SharedUse,
    StaleArgument,
)
from qs_lint.semantics.source import Project, Source

__all__ = [
    "Analysis",
    "Context",
    "ImportQuery",
    "Memo",
    "Observation",
    "Place",
    "Project",
    "SharedContext",
    "SharedUse",
    "Source",
    "StaleArgument",
    "analyse",
]
