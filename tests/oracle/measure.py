"""Measure what the fact tables claim, and print it as JSON.

python tests/oracle/measure.py > facts.json
"""

from __future__ import annotations

import json
import sys
import warnings
from importlib import metadata
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[0]))
sys.path.append(str(Path(__file__).resolve().parents[2]))

import fact_world


def measure() -> dict[str, Any]:
    """Ask Django, the standard library and the packages."""
    import fact_calls
    import fact_classes
    import fact_makers
    import fact_methods
    import fact_moments
    import fact_tables
    from django import VERSION

    here = fact_tables.facts()

    found: dict[str, Any] = {"django": list(VERSION[:2]), "python": list(sys.version_info[:2])}
    found["versions"] = versions()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = lambda message, *rest, **keywords: str(message)
        found["calls"] = fact_calls.measure_calls()
        found["queries"] = fact_methods.measure_methods()
        found["classes"] = fact_classes.measure_classes()
        found["exports"] = fact_classes.measure_exports()
        found["middleware"] = fact_makers.measure_middleware()
        found["fresh"] = fact_calls.measure_fresh()
        found["aliases"] = fact_classes.measure_aliases()
        found["makers"] = fact_makers.measure_makers()
        found["before"] = fact_makers.measure_before()
        found["models"] = fact_moments.measure_models()
        found["wrappers"] = fact_moments.measure_wrappers()
        found["volatile"] = fact_moments.measure_volatile(sorted(here.volatile))
        found["locals"] = fact_moments.measure_locals(sorted(here.locals))
        found["importable"] = {
            name: not fact_world.attempt(lambda name=name: fact_calls.resolve(name))[1]
            for name in {*here.callees, *here.shows, *fact_tables.read_aliases(here)}
        }
    return found


def versions() -> dict[str, str]:
    """The versions of what was asked."""
    found = {"Python": ".".join(map(str, sys.version_info[:3]))}
    for package in ("Django", "djangorestframework", "django-filter"):
        try:
            found[package] = metadata.version(package)
        except metadata.PackageNotFoundError:
            found[package] = "none"
    return found


if __name__ == "__main__":
    fact_world.setup()
    out, sys.stdout = sys.stdout, sys.stderr
    result = measure()
    json.dump(result, out, indent=1, sort_keys=True)
