"""Forms of which the admin makes a subclass for each request, and nobody uses the class itself."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.engine.nodes import nodes_in
from qs_lint.values import ClassValue, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.context import EngineContext
    from qs_lint.project.source import File

#: Forms that inherit from each other.
MOST_FORMS = 12
#: Kinds whose ``form`` is made anew for each request.
_REMAKING = frozenset({"admin", "inline"})


class Remade:
    """Asks all files of the project who uses a form."""

    def __init__(self, ctx: EngineContext) -> None:
        self.ctx = ctx
        self._known: dict[str, bool] = {}

    def by_admin(self, info: ClassInfo) -> bool:
        """Whether objects of a form are made of its class by nobody but admins.

        That is so if only admins speak of it and of the forms that inherit from it, and one does.
        """
        known = self._known.get(info.name)
        if known is None:
            known = self._known[info.name] = self._only_admins(info)
        return known

    def _only_admins(self, info: ClassInfo) -> bool:
        """Go from a form to those that inherit from it, and look at who speaks of each."""
        forms = {info.name: info.source.file}
        todo = [info.name]
        named_by_admin = False
        while todo:
            name = todo.pop(0)
            files = self._speaking_of(name, forms[name])
            if files is None or len(forms) > MOST_FORMS:
                return False
            for file in files:
                for around, part in _uses(file.tree, name):
                    if around is None:
                        return False
                    if any(part is base for base in around.bases):
                        if around.name not in forms:
                            forms[around.name] = file
                            todo.append(around.name)
                    elif self._is_admin(file, around.name) and not _is_called(around, part):
                        named_by_admin = True
                    else:
                        return False
        return named_by_admin

    def _speaking_of(self, name: str, home: File) -> list[File] | None:
        """The files that may mean a class of a file by its name."""
        main = self.ctx.main
        importers = self.ctx.project.importers
        others = importers.speaking_of(home, main.reading, name, home)
        if others is None:
            return None
        return [home, *(file for file in others if not self._is_another(file, name, home))]

    def _is_another(self, file: File, name: str, home: File) -> bool:
        """Whether a name is something else in a file: defined there, or imported from elsewhere."""
        for node in nodes_in(file.tree):
            if isinstance(node, ast.ClassDef) and node.name == name:
                return True
            if isinstance(node, ast.ImportFrom) and any(part.name == name for part in node.names):
                found = self.ctx.project.locate(file.folder, node.module or "", node.level)
                return found not in (None, home.path)
        return False

    def _is_admin(self, file: File, name: str) -> bool:
        """Whether a class is an admin, or may be one: nothing is known of what it inherits."""
        main = self.ctx.main
        source = main if file.path == main.file.path else self.ctx.world.open(file.path)
        found = self.ctx.modules.member(source, name) if source is not None else None
        if found is None:
            return False
        return any(
            isinstance(option, ClassValue) and self._may_remake(option.info)
            for option in options(self.ctx.names.force(found))
        )

    def _may_remake(self, info: ClassInfo) -> bool:
        kinds = self.ctx.hierarchy.kinds(info)
        return bool(kinds & _REMAKING or (not kinds and self.ctx.hierarchy.foreign_bases(info)))


def _uses(tree: ast.Module, name: str) -> Iterator[tuple[ast.ClassDef | None, ast.expr]]:
    """Where a name is used, in which class of the module; not where the class itself does."""
    for statement in tree.body:
        around = statement if isinstance(statement, ast.ClassDef) else None
        if around is not None and around.name == name:
            continue
        for part in nodes_in(statement):
            if isinstance(part, (ast.Name, ast.Attribute)) and name == getattr(
                part, "id", getattr(part, "attr", "")
            ):
                yield around, part


def _is_called(around: ast.ClassDef, part: ast.expr) -> bool:
    """Whether an object is made of what is named."""
    return any(isinstance(node, ast.Call) and node.func is part for node in nodes_in(around))
