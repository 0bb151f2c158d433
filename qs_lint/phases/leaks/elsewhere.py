"""Who reads in another module what a request stores: the module that owns it, and its importers."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from qs_lint.domain import HolderKind
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.nodes import nodes_in
from qs_lint.phases.leaks.reads import Read, only_changed
from qs_lint.phases.starting import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.phases.leaks.references import References
    from qs_lint.phases.leaks.things import Place
    from qs_lint.project.source import File

_MODULE = frozenset({HolderKind.MODULE_GLOBAL, HolderKind.MODULE_ATTRIBUTE})


def reads_elsewhere(place: Place, references: References) -> Iterator[Read]:
    """Reads of a module's name, or of a class attribute, outside of the checked file."""
    home, member = _home(place, references)
    if home is None:
        return
    ctx = references.ctx
    if home.path != ctx.main.file.path:
        yield from _reads_in(home, frozenset({member}))
    word = re.compile(rb"\b%s\b" % re.escape(place.name.encode(errors="replace")))
    codes: dict[str, set[str]] = {}
    files: dict[str, File] = {}
    for mention in ctx.project.importers.mentions(home, ctx.main.reading, word):
        if mention.file.path == ctx.main.file.path or place_of(mention.file.path) is not None:
            continue
        files[mention.file.path] = mention.file
        if not mention.member:
            codes.setdefault(mention.file.path, set()).add(f"{mention.code}.{member}")
        elif member.startswith(f"{mention.member}."):
            attribute = member[len(mention.member) :]
            codes.setdefault(mention.file.path, set()).add(f"{mention.code}{attribute}")
    for path, found in codes.items():
        yield from _reads_in(files[path], frozenset(found))


def _home(place: Place, references: References) -> tuple[File | None, str]:
    """The file that owns a place, and what it is called there."""
    kind = place.holder.kind
    if kind is HolderKind.MODULE_GLOBAL:
        return references.ctx.main.file, place.name
    if kind is HolderKind.MODULE_ATTRIBUTE and isinstance(place.owner, ast.Module):
        source = references.sources.get(id(place.owner))
        return (None if source is None else source.file), place.name
    if kind is HolderKind.CLASS_ATTRIBUTE and isinstance(place.owner, ClassInfo):
        return place.owner.source.file, f"{place.owner.name}.{place.name}"
    return None, ""


def _reads_in(file: File, codes: frozenset[str]) -> Iterator[Read]:
    """Where the functions of a file read something by one of these names."""
    for function in nodes_in(file.tree):
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            continue
        changed = only_changed(function)
        for node in nodes_in(function):
            if (
                isinstance(node, (ast.Name, ast.Attribute))
                and isinstance(node.ctx, ast.Load)
                and id(node) not in changed
                and ast.unparse(node) in codes
            ):
                yield Read(function, None, node, file)
