"""Edits of a syntax tree: what a shape plans, and how plans are applied."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import libcst as cst
from libcst import matchers as m
from libcst.codemod import CodemodContext
from libcst.codemod.visitors import AddImportsVisitor

if TYPE_CHECKING:
    from libcst.metadata import CodeRange

    from qs_lint.fixes.document import Document


@dataclass(frozen=True, slots=True)
class Insertion:
    """A statement to put into a block, before one of its statements, or at its end (``None``)."""

    block: cst.IndentedBlock
    before: cst.BaseStatement | None
    statement: cst.BaseStatement


@dataclass(frozen=True, slots=True)
class Plan:
    """One cure.

    ``replace``: node -> function from the node, with the edits inside it, to its successor.
    ``remove``: statements that go away.  ``imports``: pairs of module and name.
    ``region``: the nodes that the cure is about; findings inside are meant to vanish.
    """

    what: str
    region: tuple[cst.CSTNode, ...]
    replace: dict[cst.CSTNode, Callable[[Any], cst.CSTNode]] = field(default_factory=dict)
    remove: tuple[cst.BaseStatement, ...] = ()
    insert: tuple[Insertion, ...] = ()
    imports: tuple[tuple[str, str], ...] = ()


#: a shape's answer: a plan, or why there is none
Option = Plan | str


def by(successor: cst.CSTNode) -> Callable[[Any], cst.CSTNode]:
    """A replacement that does not look at what it replaces."""
    return lambda _: successor


class _Apply(cst.CSTTransformer):
    """Applies plans; nodes are distinguished by identity."""

    def __init__(self, plans: Sequence[Plan]) -> None:
        super().__init__()
        self.replace = {node: make for plan in plans for node, make in plan.replace.items()}
        self.remove = {statement for plan in plans for statement in plan.remove}
        self.insert: dict[cst.CSTNode, list[Insertion]] = {}
        for plan in plans:
            for insertion in plan.insert:
                self.insert.setdefault(insertion.block, []).append(insertion)

    def on_leave(
        self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT
    ) -> cst.CSTNodeT | cst.RemovalSentinel | cst.FlattenSentinel[cst.CSTNodeT]:
        """The successor of a node."""
        if original_node in self.remove:
            # The block below puts the other statements together again.
            return updated_node
        if isinstance(original_node, cst.IndentedBlock) and isinstance(
            updated_node, cst.IndentedBlock
        ):
            return self._block(original_node, updated_node)  # type: ignore[return-value]
        make = self.replace.get(original_node)
        return updated_node if make is None else make(updated_node)  # type: ignore[return-value]

    def _block(self, original: cst.IndentedBlock, updated: cst.IndentedBlock) -> cst.CSTNode:
        insertions = self.insert.get(original, [])
        body: list[cst.BaseStatement] = []
        for old, new in zip(original.body, updated.body, strict=True):
            body += [each.statement for each in insertions if each.before is old]
            if old not in self.remove:
                body.append(new)
        body += [each.statement for each in insertions if each.before is None]
        return updated.with_changes(body=body)


def apply_plans(module: cst.Module, plans: Sequence[Plan]) -> str:
    """The text of the module after the plans."""
    changed = module.visit(_Apply(plans))
    for name, attribute in dict.fromkeys(each for plan in plans for each in plan.imports):
        changed = add_import(changed, name, attribute)
    return changed.code


def touched(document: Document, plan: Plan) -> list[CodeRange]:
    """The ranges that a plan changes."""
    nodes: list[cst.CSTNode] = [*plan.replace, *plan.remove]
    return [document.range(node) for node in nodes]


def collide(document: Document, one: Plan, other: Plan) -> bool:
    """Whether two plans change the same place."""
    return any(
        (a.start.line, a.start.column) < (b.end.line, b.end.column)
        and (b.start.line, b.start.column) < (a.end.line, a.end.column)
        for a in touched(document, one)
        for b in touched(document, other)
    )


def add_import(module: cst.Module, name: str, attribute: str) -> cst.Module:
    """The module with ``from name import attribute``, once, and in its place among its kin.

    Kin are the imports of the same top-level package; where there are none, or the very module is
    imported from already, LibCST finds the place.
    """
    top = name.partition(".")[0]
    kin = [
        (index, dotted)
        for index, dotted in _imported(module)
        if dotted == top or dotted.startswith(f"{top}.")
    ]
    if not kin or any(dotted == name for _, dotted in kin):
        context = CodemodContext()
        AddImportsVisitor.add_needed_import(context, name, attribute)
        return AddImportsVisitor(context).transform_module(module)
    line = cst.parse_statement(
        f"from {name} import {attribute}\n", config=module.config_for_parsing
    )
    body = list(module.body)
    before = [index for index, dotted in kin if dotted < name]
    if before:
        body.insert(before[-1] + 1, line)
        return module.with_changes(body=body)
    first = kin[0][0]
    follower = body[first]
    if first and isinstance(follower, cst.SimpleStatementLine):
        line = line.with_changes(leading_lines=follower.leading_lines)
        body[first] = follower.with_changes(leading_lines=[])
    body.insert(first, line)
    return module.with_changes(body=body)


def _imported(module: cst.Module) -> list[tuple[int, str]]:
    """Places and modules of the ``from`` imports that stand alone on a line of the module."""
    found = []
    for index, line in enumerate(module.body):
        if m.matches(line, m.SimpleStatementLine(body=[m.ImportFrom(relative=[])])):
            assert isinstance(line, cst.SimpleStatementLine)
            statement = line.body[0]
            assert isinstance(statement, cst.ImportFrom)
            if statement.module is not None:
                found.append((index, module.code_for_node(statement.module)))
    return found
