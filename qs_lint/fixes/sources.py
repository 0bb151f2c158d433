"""The rest of the project, read as source: imported classes, and files that mention a word.

Nothing is imported or run.  Imports are resolved by the project that the engine reads, so that a
name means here what it means there.
"""

from __future__ import annotations

import ast
import os
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qs_lint.files import MAX_SOURCE, read_file, read_or_none

if TYPE_CHECKING:
    from qs_lint.project.source import Project

#: a folder with one of these is the root of a project
MARKERS = (".git", "pyproject.toml", "setup.cfg", "setup.py", "manage.py")
#: folders with the code of others
FOREIGN = frozenset({"node_modules", "site-packages", "__pycache__", "venv", "env"})
#: so many names are followed from module to module
HOPS = 8


@dataclass(eq=False)
class ModuleSource:
    """A file: its tree, what its names are imported from, its classes."""

    path: Path
    tree: ast.Module
    text: str
    imports: dict[str, str] = field(default_factory=dict)
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    #: everything else that is bound at module level -> its values
    values: dict[str, list[ast.expr]] = field(default_factory=dict)

    def dotted(self, node: ast.expr) -> str:
        """The dotted name that an expression stands for, imports followed; "" if none."""
        if isinstance(node, ast.Name):
            return self.imports.get(node.id, node.id)
        if isinstance(node, ast.Attribute):
            head = self.dotted(node.value)
            return f"{head}.{node.attr}" if head else ""
        return ""


@dataclass(frozen=True)
class ClassSource:
    """A class of the project."""

    module: ModuleSource
    node: ast.ClassDef


class Sources:
    """What is read so far; one for one file that is fixed."""

    def __init__(self, path: str, text: str, project: Project) -> None:
        """``path`` need not exist; ``text`` is what it is taken to contain."""
        self.project = project
        self.path = Path(path).absolute()
        self.text = text
        self.facts = project.facts
        self._modules: dict[Path, ModuleSource | None] = {}

    @cached_property
    def here(self) -> ModuleSource:
        """The file itself; raises ``SyntaxError``."""
        module = read(self.path, self.text)
        self._modules[self.path] = module
        return module

    def module(self, path: Path) -> ModuleSource | None:
        """A file of the project; ``None`` if it cannot be read."""
        if path not in self._modules:
            try:
                text = read_file(path, MAX_SOURCE).decode("utf-8")
                self._modules[path] = read(path, text)
            except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
                self._modules[path] = None
        return self._modules[path]

    def find_class(self, module: ModuleSource, dotted: str, hops: int = HOPS) -> ClassSource | None:
        """The class that a dotted name means within a module; ``None`` if it is not found."""
        head, _, rest = dotted.partition(".")
        if not rest and head in module.classes:
            return ClassSource(module, module.classes[head])
        if not hops:
            return None
        if head in module.imports:
            dotted = module.imports[head] + (f".{rest}" if rest else "")
        package, name = _split(dotted)
        other = self._imported(module, package)
        if other is None or other is module:
            return None
        if name in other.classes:
            return ClassSource(other, other.classes[name])
        return self.find_class(other, name, hops - 1) if name in other.imports else None

    def find_value(self, module: ModuleSource, name: str, hops: int = HOPS) -> ast.expr | None:
        """What a name of a module is set to, imports followed; ``None`` unless it is one thing."""
        values = module.values.get(name, [])
        if values or name not in module.imports or not hops:
            return values[0] if len(values) == 1 else None
        package, original = _split(module.imports[name])
        other = self._imported(module, package)
        if other is None or other is module:
            return None
        return self.find_value(other, original, hops - 1)

    def bases(self, source: ClassSource) -> Iterator[ClassSource | str]:
        """The base classes: of the project, or canonical dotted names of others."""
        for node in source.node.bases:
            base = node.value if isinstance(node, ast.Subscript) else node
            dotted = source.module.dotted(base)
            found = self.find_class(source.module, dotted) if dotted else None
            yield found or self.facts.canonical(dotted)

    def family(self, source: ClassSource, hops: int = HOPS) -> Iterator[ClassSource | str]:
        """The class and all above it, depth first; "" for a base that is no name."""
        yield source
        for base in self.bases(source):
            if isinstance(base, str):
                yield base
            elif hops:
                yield from self.family(base, hops - 1)
            else:
                yield ""

    def _imported(self, importer: ModuleSource, dotted: str) -> ModuleSource | None:
        """The module that an import means, with the dots of a relative one in front."""
        name = dotted.lstrip(".")
        level = len(dotted) - len(name)
        if not name and not level:
            return None
        path = self.project.locate(str(importer.path.parent), name, level)
        return None if path is None or not path.endswith(".py") else self.module(Path(path))

    @cached_property
    def root(self) -> Path | None:
        """The folder of the whole project; ``None`` if the file is in none."""
        if not self.path.is_file():
            return None
        for folder in self.path.parents:
            if any((folder / marker).exists() for marker in MARKERS):
                return folder
        top = self.path.parent
        while (top / "__init__.py").exists():
            top = top.parent
        return top

    @cached_property
    def _others(self) -> list[str]:
        """The texts of the other Python files of the project."""
        texts = []
        for folder, names, files in os.walk(self.root) if self.root else ():
            names[:] = sorted(n for n in names if n not in FOREIGN and not n.startswith("."))
            for name in sorted(files):
                path = Path(folder, name)
                if name.endswith(".py") and path != self.path:
                    data = read_or_none(str(path), MAX_SOURCE)
                    if data is not None:
                        texts.append(data.decode("utf-8", "replace"))
        return texts

    def mentioned(self, word: str, *patterns: str) -> bool:
        """Whether another file of the project has a word and all of these regular expressions."""
        compiled = [re.compile(pattern) for pattern in patterns]
        return any(
            all(each.search(text) for each in compiled) for text in self._others if word in text
        )


def read(path: Path, text: str) -> ModuleSource:
    """Parse a module and note what its names are; raises ``SyntaxError`` or ``ValueError``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what the compiler says of the text is not our business
        tree = ast.parse(text)
    module = ModuleSource(path, tree, text)
    for node in _module_level(module.tree.body):
        if isinstance(node, ast.ClassDef):
            module.classes[node.name] = node
        elif isinstance(node, ast.Import):
            for alias in node.names:
                name = alias.asname or alias.name.partition(".")[0]
                module.imports[name] = alias.name if alias.asname else name
        elif isinstance(node, ast.ImportFrom):
            package = "." * node.level + (f"{node.module}." if node.module else "")
            for alias in node.names:
                module.imports[alias.asname or alias.name] = f"{package}{alias.name}"
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    module.values.setdefault(target.id, []).append(node.value)
    return module


def _module_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for statement in body:
        yield statement
        for name in ("body", "orelse", "finalbody"):
            if isinstance(statement, ast.If | ast.Try | ast.With):
                yield from _module_level(getattr(statement, name, []))
        if isinstance(statement, ast.Try):
            for handler in statement.handlers:
                yield from _module_level(handler.body)


def _split(dotted: str) -> tuple[str, str]:
    """The module and the last name of a dotted name: ``..a.b`` is ``b`` of ``..a``."""
    package, dot, name = dotted.rpartition(".")
    return (f"{package}." if not package.strip(".") else package, name) if dot else ("", name)
