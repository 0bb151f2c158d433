"""What a fix must know of a class: its kinds, its family, who else uses its attributes."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from qs_lint.fixes.document import Document
from qs_lint.fixes.sources import ClassSource, ModuleSource, Sources

FRAMEWORKS = ("django.", "rest_framework.", "builtins.", "typing.", "abc.")
PLAIN_BASES = frozenset({"object", "Generic", "ABC"})


@dataclass(frozen=True)
class ClassView:
    """A class of the file that is fixed."""

    sources: Sources
    source: ClassSource

    @property
    def name(self) -> str:
        """The name of the class."""
        return self.source.node.name

    @cached_property
    def family(self) -> list[ClassSource | str]:
        """The class and all above it."""
        return list(self.sources.family(self.source))

    @cached_property
    def own(self) -> list[ClassSource]:
        """The members of the family whose source is read."""
        return [each for each in self.family if isinstance(each, ClassSource)]

    @cached_property
    def kinds(self) -> frozenset[str]:
        """What the framework's classes above it make of it."""
        names = (each for each in self.family if isinstance(each, str))
        return frozenset().union(*(self.sources.facts.kinds_of(name) for name in names))

    @cached_property
    def unknown_base(self) -> str:
        """A base class whose source is not read, and of which no table has a row; "" if none."""
        for each in self.family:
            if isinstance(each, str) and each not in PLAIN_BASES:
                if each not in self.sources.facts.kinds and not each.startswith(FRAMEWORKS):
                    return each or "a computed base"
        return ""

    def defining(self, name: str) -> list[ClassSource]:
        """Members of the family whose body binds a name."""
        return [each for each in self.own if name in bound(each.node)]

    def values(self, name: str) -> list[ast.expr | None]:
        """What an attribute is set to, by the nearest class body and by any method of the family.

        ``None`` stands for a value that is no plain assignment.
        """
        found: list[ast.expr | None] = []
        for each in self.own:
            here = [value for target, value in assigned(each.node.body) if target == name]
            if here:
                found += here
                break
        for each in [*self.own, *self.children]:
            found += [value for target, value in set_on_self(each.node) if target == name]
        return found

    @cached_property
    def children(self) -> list[ClassSource]:
        """The classes of the same file that inherit from it."""
        found = []
        for node in self.source.module.classes.values():
            other = ClassSource(self.source.module, node)
            if node is not self.source.node and any(
                isinstance(each, ClassSource) and each.node is self.source.node
                for each in self.sources.family(other)
            ):
                found.append(other)
        return found

    def used(self, attribute: str) -> str:
        """Who reads or replaces a class attribute, other than the framework; "" if nothing does."""
        for each in self.own:
            owner = _owner_in(each.node, attribute, ("self", "cls"))
            if owner:
                return f"`{owner}.{attribute}` is used in {each.node.name}"
        if _owner_in(self.source.module.tree, attribute, (self.name,)):
            return f"`{self.name}.{attribute}` is used in this file"
        for child in self.children:
            if _owner_in(child.node, attribute, ("self", "cls")):
                return f"`self.{attribute}` is used in {child.node.name}"
        name = re.escape(self.name)
        if self.sources.mentioned(self.name, rf"\b{name}\.{attribute}\b"):
            return f"`{self.name}.{attribute}` is used in another file"
        if self.sources.mentioned(
            self.name, rf"(?m)^\s*class\s+\w+\s*\([^:]*\b{name}\b", rf"\b(self|cls)\.{attribute}\b"
        ):
            return f"a class that inherits from {self.name} in another file may use `{attribute}`"
        return ""

    def replaced(self, attribute: str) -> str:
        """What replaces the attribute below this class, or through ``as_view()``; "" if nothing."""
        for child in self.children:
            if attribute in bound(child.node):
                return f"{child.node.name} sets `{attribute}` itself"
        name = re.escape(self.name)
        call = rf"\b{name}\.as_view\([^)]{{0,2000}}?\b{attribute}\s*="
        if re.search(call, self.source.module.text) or self.sources.mentioned(self.name, call):
            return f"as_view() of {self.name} is given `{attribute}`"
        if self.sources.mentioned(
            self.name, rf"(?m)^\s*class\s+\w+\s*\([^:]*\b{name}\b", rf"(?m)^\s+{attribute}\s*[:=]"
        ):
            return f"a class that inherits from {self.name} in another file may set `{attribute}`"
        return ""


def bound(node: ast.ClassDef) -> set[str]:
    """The names that a class body binds, other than by loops and imports."""
    functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    names = {each.name for each in node.body if isinstance(each, functions)}
    return names | {name for name, _ in assigned(node.body)}


def assigned(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr | None]]:
    """Names and values of the assignments of a body, branches included."""
    for statement in body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                for each in ast.walk(target):
                    if isinstance(each, ast.Name):
                        yield each.id, statement.value if each is target else None
        elif isinstance(statement, ast.AnnAssign | ast.AugAssign):
            if isinstance(statement.target, ast.Name) and statement.value is not None:
                plain = isinstance(statement, ast.AnnAssign)
                yield statement.target.id, statement.value if plain else None
        for name in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                yield from assigned(getattr(statement, name, []))
        for handler in getattr(statement, "handlers", []):
            yield from assigned(handler.body)


def set_on_self(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr | None]]:
    """Attributes that a class's code sets on ``self`` or ``cls``, and their values."""
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store | ast.Del):
            if isinstance(each.value, ast.Name) and each.value.id in ("self", "cls"):
                yield each.attr, _value_of(node, each)


def _value_of(root: ast.AST, target: ast.Attribute) -> ast.expr | None:
    for node in ast.walk(root):
        if isinstance(node, ast.Assign) and target in node.targets:
            return node.value
        if isinstance(node, ast.AnnAssign) and node.target is target:
            return node.value
    return None


def view_of(document: Document, sources: Sources, node: cst.CSTNode) -> ClassView | None:
    """The class around a node, or of a ``ClassDef`` itself; ``None`` outside of classes."""
    found = node if isinstance(node, cst.ClassDef) else document.enclosing(node, cst.ClassDef)
    if found is None:
        return None
    return class_at(sources, sources.here, found.name.value, document.range(found.name).start.line)


def class_at(sources: Sources, module: ModuleSource, name: str, line: int) -> ClassView | None:
    """The class of that name at that line."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ClassDef) and (node.name, node.lineno) == (name, line):
            return ClassView(sources, ClassSource(module, node))
    return None


def _owner_in(tree: ast.AST, attribute: str, owners: tuple[str, ...]) -> str:
    """The first of the names whose attribute is used in a tree; "" if none is."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == attribute:
            if isinstance(node.value, ast.Name) and node.value.id in owners:
                return node.value.id
    return ""
