"""What is known of a dotted name, and from where, for people."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from qs_lint.facts import tables
from qs_lint.facts.project import as_toml

if TYPE_CHECKING:
    from qs_lint.facts.lookups import Facts
    from qs_lint.facts.schema import Library


def describe(facts: Facts, dotted: str) -> str | None:
    """The rows of ``dotted`` in the form of a facts file; ``None`` if there are none."""
    name = facts.canonical(dotted)
    parts = [] if name == dotted else [f"# another name of {name}"]
    known = False
    for section, rows in (("callables", facts.callables), ("classes", facts.classes)):
        row = rows.get(name)
        if row is None:
            continue
        known = True
        library = next(one for one in reversed(facts.libraries) if _has(facts, one, section, name))
        parts += ["", f"# {_origin(library, dotted, name)}", f'[{section}."{name}"]']
        parts += as_toml(row)
        for method, does in getattr(row, "methods", {}).items():
            parts.append(f"methods.{method} = {{ {', '.join(as_toml(does))} }}")
    if name in facts.volatile_attributes:
        known = True
        parts += ["", f"# {_origin(facts.origins[name], dotted, name)}", "[volatile]"]
        parts.append(f'"{name}" = "{facts.volatile_attributes[name]}"')
    package = name.partition(".")[0]
    if package in facts.not_django:
        known = True
        parts += ["", f"# {package}: its classes are no models of Django", "not-django"]
    if not known:
        return None
    return "\n".join(parts).strip()


def guess(facts: Facts, dotted: str) -> str:
    """What is taken for granted of a class without a row, and which names are near."""
    name = facts.canonical(dotted)
    kinds = facts.kinds_by_name(name)
    lines = [f"nothing is known of {dotted}"]
    if kinds:
        lines.append(f"by the end of its name, a class of the kinds: {', '.join(sorted(kinds))}")
    close = get_close_matches(name, [*facts.callables, *facts.classes], cutoff=0.8)
    if close:
        lines.append(f"known are: {', '.join(close)}")
    return "\n".join(lines)


def _has(facts: Facts, library: Library, section: str, name: str) -> bool:
    return any(facts.canonical(row) == name for row in getattr(library, section))


def _origin(library: Library, dotted: str, name: str) -> str:
    """Where rows come from: a table of this package, or a project's file."""
    for module, table in tables().items():
        if table is library:
            proof = _unproven(library, name)
            return f"{library.name} ({module.replace('.', '/')}.py){proof}"
    return library.name


def _unproven(library: Library, name: str) -> str:
    for pattern, reason in library.unproven.items():
        if pattern == name or (pattern.endswith("*") and name.startswith(pattern[:-1])):
            return f"; not proven: {reason}"
    return ""
