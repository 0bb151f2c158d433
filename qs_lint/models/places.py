"""What Django finds by its place, not by an import: the settings, and the models of apps."""

from __future__ import annotations

import ast
import os
from typing import TYPE_CHECKING

from qs_lint.engine.context import Component
from qs_lint.values import ClassValue, Const, Mapping, ModuleValue, Value, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qs_lint.engine.context import EngineContext
    from qs_lint.engine.world import Source


class Places(Component):
    """Looks up settings and models around the checked file."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        self._settings: dict[str, list[Value]] = {}
        self._models: dict[tuple[str, str], Value | None] = {}

    def _sources(self, name: str) -> Iterator[Source]:
        for path in self.ctx.project.named(self.ctx.main, name):
            source = self.ctx.main if path == self.ctx.main.path else self.ctx.world.open(path)
            if source is not None:
                yield source

    # settings

    def setting(self, name: str) -> list[Value]:
        """The values of a setting in the modules of settings around; often there are several."""
        known = self._settings.get(name)
        if known is None:
            self._settings[name] = known = []
            for source in self._sources("settings"):
                value = self.ctx.modules.member(source, name, submodules=False)
                if value is not None:
                    known.extend(options(value))
        return known

    def key_of_setting(self, name: str, key: str) -> list[Value]:
        """The values under a key of a setting that is a dict, those that are given."""
        return [
            value.items[key]
            for value in self.setting(name)
            if isinstance(value, Mapping) and key in value.items
        ]

    # models

    def model(self, label: str, name: str) -> Value | None:
        """The model of an app, by the app's label; ``None`` if its source is not found."""
        key = (label, name)
        if key not in self._models:
            self._models[key] = None  # whoever asks for it meanwhile is on the way there
            self._models[key] = self._model(label, name)
        return self._models[key]

    def _model(self, label: str, name: str) -> Value | None:
        found = self.ctx.modules.imported_module(self.ctx.main, f"{label}.models", 0)
        if not isinstance(found, ModuleValue):
            folders = self._folders(label)
            paths = [
                path
                for path in self.ctx.project.named(self.ctx.main, "models")
                if os.path.dirname(path) in folders
                or (
                    os.path.basename(path) == "__init__.py"
                    and os.path.dirname(os.path.dirname(path)) in folders
                )
            ]
            sources = [self.ctx.world.open(path) for path in paths]
            found = next((ModuleValue(source) for source in sources if source is not None), found)
        if not isinstance(found, ModuleValue):
            return None
        model = self.ctx.modules.member(found.source, name, submodules=False)
        return model if isinstance(model, ClassValue) else None

    def _folders(self, label: str) -> set[str]:
        """The folders of apps with a label: the folder's own name, unless a config has another."""
        found = {
            os.path.dirname(path)
            for path in self.ctx.project.named(self.ctx.main, "models")
            if os.path.basename(os.path.dirname(path)) == label
        }
        if found:
            return found
        for source in self._sources("apps"):
            for name, statements in source.scope.bindings.items():
                if not isinstance(statements[-1], ast.ClassDef):
                    continue
                config = self.ctx.modules.member(source, name, submodules=False)
                if not isinstance(config, ClassValue):
                    continue
                own = self.ctx.hierarchy.attribute_of_class(config.info, "label")
                if isinstance(own, Const) and own.value == label:
                    found.add(source.folder)
        return found
