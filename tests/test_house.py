"""Rules that the engine's packages keep: composition, no chain of inherited behaviour."""

from __future__ import annotations

import ast
from pathlib import Path

from test_layers import ENGINE, PACKAGE

CLASSES = {
    node.name: (path, node)
    for name in ENGINE
    for path in sorted((PACKAGE / name).rglob("*.py"))
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.ClassDef)
}


def inherited(node: ast.ClassDef) -> list[str]:
    """The bases of a class that are defined in the engine's packages."""
    names = [ast.unparse(base).split("[")[0].rpartition(".")[2] for base in node.bases]
    return [name for name in names if name in CLASSES]


def package(path: Path) -> str:
    """The package of the engine that a file is in."""
    return path.relative_to(PACKAGE).parts[0]


def test_components_are_composed() -> None:
    """A component inherits from ``Component`` alone, which has no behaviour."""
    components = [node for _, node in CLASSES.values() if inherited(node) == ["Component"]]
    assert len(components) > 10
    _, base = CLASSES["Component"]
    assert [item.name for item in base.body if isinstance(item, ast.FunctionDef)] == ["__init__"]


def test_behaviour_is_not_inherited_from_another_package() -> None:
    """Whoever reads a class of the engine need not open another package to know what it does."""
    for name, (path, node) in CLASSES.items():
        for base in inherited(node):
            if base in ("Component", "Value"):
                continue
            assert package(CLASSES[base][0]) == package(path), f"{name} inherits from {base}"


def test_no_storeys() -> None:
    """No class has more than one class between itself and the root of its kind."""

    def depth(name: str) -> int:
        return 1 + max((depth(base) for base in inherited(CLASSES[name][1])), default=0)

    assert {name: depth(name) for name in CLASSES if depth(name) > 3} == {}
