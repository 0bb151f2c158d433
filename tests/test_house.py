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


#: What the engine asks of any value -> the method of values that answers.
PROTOCOL = {
    ("engine/attributes.py", "attribute"): "read",
    ("engine/attributes.py", "item"): "item",
    ("engine/attributes.py", "store_attribute"): "store",
    ("engine/attributes.py", "store_item"): "store_item",
    ("engine/calls.py", "call"): "call",
    ("engine/expressions.py", "truth"): "test",
    ("models/orm.py", "consume"): "iterate",
    ("models/orm.py", "peek"): "show",
}


def method(path: Path, name: str) -> ast.FunctionDef:
    """The first function of a name in a file."""
    return next(
        node
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and node.name == name
    )


def test_values_know_themselves() -> None:
    """What happens to a value is its own method: nobody looks what kind of value it is."""
    for (file, name), asked in PROTOCOL.items():
        _, *body = method(PACKAGE / file, name).body
        calls = [node for statement in body for node in ast.walk(statement)]
        called = [ast.unparse(node.func) for node in calls if isinstance(node, ast.Call)]
        assert isinstance(body[-1], (ast.Return, ast.Expr)), name
        assert any(text.endswith(f".{asked}") for text in called), name
        assert not any(isinstance(node, (ast.If, ast.Match)) for node in calls), name
        assert "isinstance" not in called, name
    base = CLASSES["Value"][1]
    answered = {item.name for item in base.body if isinstance(item, ast.FunctionDef)}
    assert set(PROTOCOL.values()) <= answered


def test_every_kind_of_value_lives_with_the_values() -> None:
    """A new kind of value is a file in ``values/``; a choice answers all that a value answers."""
    kinds = {name: found for name, found in CLASSES.items() if "Value" in inherited(found[1])}
    assert len(kinds) > 15
    assert {package(path) for path, _ in kinds.values()} == {"values"}
    about_itself = {"own_taints", "same"}
    answered = {item.name for item in CLASSES["Value"][1].body if isinstance(item, ast.FunctionDef)}
    choice = {item.name for item in CLASSES["Choice"][1].body if isinstance(item, ast.FunctionDef)}
    assert answered - about_itself <= choice
