"""What an import statement binds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qs_lint.engine.world import Source
from qs_lint.project.source import FRAMEWORKS
from qs_lint.values import (
    UNKNOWN,
    External,
    Imported,
    ModuleValue,
    Value,
)

if TYPE_CHECKING:
    pass

from qs_lint.engine.context import Component


class Modules(Component):
    """What an import statement binds."""

    def imported_module(self, importer: Source, dotted: str, level: int) -> Value:
        """The module named by an import statement of ``importer``."""
        key = ("." * level + dotted, "")
        known = importer.imported.get(key)
        if known is None:
            known = importer.imported[key] = self._imported_module(importer, dotted, level)
        return known

    def _imported_module(self, importer: Source, dotted: str, level: int) -> Value:
        path = self.ctx.project.find(importer, dotted, level)
        if path is not None and path.endswith(".py"):
            source = self.ctx.world.open(path)
            if source is not None:
                return ModuleValue(source)
            # it cannot be parsed: as little is known of it as of an installed package
            return External(self.ctx.facts.canonical(_absolute(importer, dotted, level)))
        if path is not None:
            return External(f"<folder>{path}")
        if level:
            return UNKNOWN
        return External(self.ctx.facts.canonical(dotted))

    def member(self, source: Source, name: str, submodules: bool = True) -> Value | None:
        """A name of a project module, or one of its submodules."""
        scope = source.scope
        value = self.ctx.names.scope_value(scope, name)
        if value is None and submodules and source.is_package:
            path = self.ctx.project.find(source, name, 1)
            if path is not None and path.endswith(".py") and path != source.path:
                below = self.ctx.world.open(path)
                if below is not None:
                    return ModuleValue(below)
        return value

    def import_member(self, importer: Source, module: str, level: int, name: str) -> Value:
        """What ``from module import name`` binds: looked up when it is used."""
        key = ("." * level + module, name)
        known = importer.imported.get(key)
        if known is None:
            known = importer.imported[key] = self._import_member(importer, module, level, name)
        return known

    def _import_member(self, importer: Source, module: str, level: int, name: str) -> Value:
        first = module.partition(".")[0]
        if not level and first in FRAMEWORKS:
            return External(self.ctx.facts.canonical(f"{module}.{name}"))
        target = self.imported_module(importer, module, level)
        if isinstance(target, ModuleValue):
            return Imported(target.source, name)
        if isinstance(target, External):
            if target.name.startswith("<folder>"):
                path = self.ctx.project.find(
                    importer, f"{module}.{name}" if module else name, level
                )
                if path is not None and path.endswith(".py"):
                    below = self.ctx.world.open(path)
                    if below is not None:
                        return ModuleValue(below)
                return UNKNOWN
            return External(self.ctx.facts.canonical(f"{target.name}.{name}"))
        return UNKNOWN


def _absolute(importer: Source, dotted: str, level: int) -> str:
    """The whole name of a module that is named from where an importer stands."""
    if not level:
        return dotted
    around = importer.name.split(".")
    up = level - 1 if importer.is_package else level
    return ".".join([*around[: max(len(around) - up, 0)], *([dotted] if dotted else [])])
