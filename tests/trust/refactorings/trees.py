"""What the refactorings need of LibCST."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

import libcst as cst

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ALL = "abcdefghijklmnopqrstuvwxyz"
#: What cannot be moved into another function.
ROOTED = re.compile(r"\bawait\b|\byield\b|:=|\bsuper\(|\b__\w+\b|\blocals\(|\bglobals\(")


def parsed(text: str) -> cst.Module:
    """The tree of a text."""
    return cst.parse_module(text)


def statements(text: str) -> list[Any]:
    """The statements of a text."""
    return list(parsed(text).body)


def expression(text: str) -> Any:
    """The tree of an expression."""
    return cst.parse_expression(text)


def code(node: cst.CSTNode) -> str:
    """The text of a node."""
    return cst.Module([]).code_for_node(node)


def is_import(statement: cst.CSTNode) -> bool:
    """Whether a statement imports."""
    return isinstance(statement, cst.SimpleStatementLine) and isinstance(
        statement.body[0], (cst.Import, cst.ImportFrom)
    )


def after_imports(module: cst.Module) -> int:
    """The place behind the module's first imports."""
    last = 0
    for index, statement in enumerate(module.body):
        if is_import(statement):
            last = index + 1
    return last


def with_inserted(module: cst.Module, index: int, text: str) -> cst.Module:
    """The module with the statements of a text at a place."""
    body = [*module.body[:index], *statements(text), *module.body[index:]]
    return module.with_changes(body=body)


def imported_names(text: str) -> dict[str, tuple[str, str]]:
    """Local name -> (module, name) of the ``from`` imports at the top level, not relative ones."""
    found = {}
    for node in ast.parse(text).body:
        if isinstance(node, ast.ImportFrom) and node.module != "__future__" and not node.level:
            for alias in node.names:
                if alias.name != "*":
                    found[alias.asname or alias.name] = (node.module or "", alias.name)
    return found


def loaded(text: str) -> set[str]:
    """The names that an expression or statements load and do not bind."""
    tree = ast.parse(text)
    stored = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and _stores(n)}
    stored |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    names = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and not _stores(n)}
    return names - stored


def read(text: str) -> set[str]:
    """All names that a text loads."""
    return {n.id for n in ast.walk(ast.parse(text)) if isinstance(n, ast.Name) and not _stores(n)}


def _stores(node: ast.Name) -> bool:
    return not isinstance(node.ctx, ast.Load)


def dedented(node: cst.CSTNode) -> str:
    """The text of a statement, from column 0."""
    return code(node).lstrip("\n")


class Places(cst.CSTTransformer):
    """Rewrite every name that is loaded or stored, and nothing that is only called like it."""

    def __init__(self, change: Callable[[str], cst.BaseExpression | None]) -> None:
        self.change = change

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> Any:
        return self.change(updated_node.value) or updated_node

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> Any:
        return updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> Any:
        return updated_node.with_changes(keyword=original_node.keyword)

    def leave_Param(self, original_node: cst.Param, updated_node: cst.Param) -> Any:
        return updated_node.with_changes(name=original_node.name)

    def leave_FunctionDef(
        self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef
    ) -> Any:
        return updated_node.with_changes(name=original_node.name)

    def leave_ClassDef(self, original_node: cst.ClassDef, updated_node: cst.ClassDef) -> Any:
        return updated_node.with_changes(name=original_node.name)

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_Global(self, node: cst.Global) -> bool:
        return False


def rewritten(
    module: cst.Module, change: Callable[[Any, cst.Module], Sequence[Any] | None]
) -> cst.Module:
    """The module with top-level statements replaced, where ``change`` gives something."""
    body: list[Any] = []
    for statement in module.body:
        new = change(statement, module)
        body += [statement] if new is None else new
    return module.with_changes(body=body)


# classes

#: Bases and decorators of classes that are more than their attributes.
SPECIAL = re.compile(r"\b(\w*Model|Enum|\w*Choices|NamedTuple|Protocol|TypedDict|Generic|type)\b")
HOOKS = re.compile(
    r"\b(__init_subclass__|__set_name__|__new__|__class_getitem__|__slots__|__class__|__dict__|"
    r"__subclasses__|__mro__|__bases__|__name__|__qualname__|vars\(|dir\(|getmembers)"
)


def plain_class(statement: cst.CSTNode, text: str) -> bool:
    """Whether a class can be taken apart: no model, no enumeration, nothing looks into it."""
    if not isinstance(statement, cst.ClassDef) or not isinstance(statement.body, cst.IndentedBlock):
        return False
    bases = " ".join(code(base) for base in [*statement.bases, *statement.keywords])
    bases = re.sub(r"\b(ModelAdmin|ModelForm|ModelSerializer|ModelViewSet)\b", "", bases)
    mangled = re.search(r"\b__\w*[a-z0-9](?<!__)\b", code(statement))
    hooks = HOOKS.search(text)
    return not (SPECIAL.search(bases) or statement.keywords or mangled or hooks)


def local_bases(statement: cst.ClassDef, module: cst.Module) -> set[str]:
    """The classes of the module among the bases."""
    classes = {each.name.value for each in module.body if isinstance(each, cst.ClassDef)}
    return {code(base.value) for base in statement.bases} & classes


def members(statement: cst.ClassDef) -> tuple[list[Any], list[Any]]:
    """What stands in a class: the functions, and all else but the docstring."""
    functions, others = [], []
    for each in statement.body.body:
        if isinstance(each, cst.FunctionDef):
            functions.append(each)
        elif not is_docstring(each):
            others.append(each)
    return functions, others


def is_docstring(statement: cst.CSTNode) -> bool:
    """Whether a statement is a text that stands alone."""
    return (
        isinstance(statement, cst.SimpleStatementLine)
        and isinstance(statement.body[0], cst.Expr)
        and isinstance(statement.body[0].value, (cst.SimpleString, cst.ConcatenatedString))
    )


def names_of(body: Iterable[Any]) -> set[str]:
    """The names that statements of a class bind."""
    found: set[str] = set()
    for each in body:
        for node in ast.parse(dedented(each)).body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found.add(node.name)
            else:
                found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name) and _stores(n)}
    return found


def read_at_once(body: Iterable[Any]) -> set[str]:
    """The names that statements of a class read while the class is made."""
    found: set[str] = set()
    for each in body:
        for node in ast.parse(dedented(each)).body:
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                parts: list[Any] = [*node.decorator_list, *node.args.defaults]
                parts += [default for default in node.args.kw_defaults if default]
                for part in parts:
                    found |= {n.id for n in ast.walk(part) if isinstance(n, ast.Name)}
            else:
                found |= {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return found


def new_class(name: str, bases: Sequence[cst.Arg], body: Sequence[Any]) -> cst.ClassDef:
    """A class."""
    lines = list(body) or [cst.SimpleStatementLine([cst.Pass()])]
    extra: dict[str, Any] = {"lpar": cst.LeftParen(), "rpar": cst.RightParen()} if bases else {}
    return cst.ClassDef(
        cst.Name(name),
        cst.IndentedBlock(lines),
        bases,
        leading_lines=[cst.EmptyLine(indent=False)],
        **extra,
    )
