"""Annotations: expressions that run with the statement, later, or never."""

from __future__ import annotations

import ast
import sys

from qs_lint.domain import Fate, Moment, Place
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, Frame
from qs_lint.engine.nodes import per_node
from qs_lint.engine.world import Source
from qs_lint.facts.data_model import LAZY_ANNOTATIONS_SINCE
from qs_lint.values import External, Sequence, Value

#: The version that reads the checked files, and that they are judged for.
VERSION = sys.version_info[:2]
FunctionDef = ast.FunctionDef | ast.AsyncFunctionDef


class Annotations(Component):
    """When annotations are evaluated, and who keeps what they say."""

    def with_statement(self, source: Source) -> bool:
        """Whether annotations of a file are evaluated with the statement that has them."""
        return VERSION < LAZY_ANNOTATIONS_SINCE and not _are_texts(source.tree)

    def of_name(self, node: ast.AnnAssign, frame: Frame) -> None:
        """``name: annotation``; those of local variables are never evaluated."""
        if frame.function is not None or not self.with_statement(frame.source):
            return
        info = frame.body_of
        kept = info is not None and self._reads(info, frame, texts=False)
        self._evaluate([node.annotation], node, frame, kept)

    def of_function(self, node: FunctionDef, frame: Frame) -> None:
        """The annotations of parameters and result, in the order of evaluation."""
        if self.ctx.moment is not Moment.IMPORT or not self.with_statement(frame.source):
            return
        spec = node.args
        parameters = [*spec.posonlyargs, *spec.args, spec.vararg, *spec.kwonlyargs, spec.kwarg]
        found = [parameter.annotation for parameter in parameters if parameter is not None]
        wanted = [part for part in (*found, node.returns) if part is not None]
        if wanted:
            kept = any(self._is_reader(d, frame) for d in node.decorator_list)
            self._evaluate(wanted, node, frame, kept)

    def of_class(self, info: ClassInfo, frame: Frame) -> None:
        """A class was made: it may read its annotations now, where nobody did before."""
        if self.with_statement(info.source) or info.node is None:
            return
        texts = _are_texts(info.source.tree)
        if not self._reads(info, frame, texts):
            return
        inner = Frame(info.scope, info.source, None, info, None, body_of=info)
        saved = self.ctx.framework.context_of_class(info)
        place, self.ctx.fates.place = self.ctx.fates.place, Place.CLASS
        try:
            for statement in info.node.body:
                if isinstance(statement, ast.AnnAssign):
                    self._evaluate([statement.annotation], statement, inner, kept=True)
        finally:
            self.ctx.fates.place = place
            self.ctx.framework.context_restore(saved)

    def fields(self, info: ClassInfo) -> frozenset[str]:
        """The kind of a class whose annotated names are fields, with factories of defaults."""
        if info.node is None or info.scope.parent is None or not info.node.decorator_list:
            has = "annotated-text" in self.ctx.hierarchy.kinds(info)
        else:
            frame = Frame(info.scope.parent, info.source)
            has = any(self._is_reader(d, frame) for d in info.node.decorator_list)
        return frozenset({"fields"}) if has else frozenset()

    def _evaluate(
        self, annotations: list[ast.expr], node: ast.stmt, frame: Frame, kept: bool
    ) -> None:
        start = len(self.ctx.runs)
        saved = self.ctx.fates.place
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and kept:
            self.ctx.fates.place = Place.DECORATOR
        try:
            found: list[Value] = [
                self.ctx.expressions.eval(annotation, frame) for annotation in annotations
            ]
        finally:
            self.ctx.fates.place = saved
        if start != len(self.ctx.runs):
            held = Sequence("tuple", found, self.ctx.moment, node) if kept else None
            self.ctx.fates.settle(start, held, Fate.DROPPED, "__annotations__")

    def _reads(self, info: ClassInfo, frame: Frame, texts: bool) -> bool:
        """Whether a class reads its annotations while it is made, texts among them if asked."""
        kinds = self.ctx.hierarchy.kinds(info)
        if "annotated-text" in kinds:
            return True
        if texts:
            return False
        decorators = info.node.decorator_list if info.node is not None else []
        return "annotated" in kinds or any(self._is_reader(d, frame) for d in decorators)

    def _is_reader(self, decorator: ast.expr, frame: Frame) -> bool:
        function = decorator.func if isinstance(decorator, ast.Call) else decorator
        if not isinstance(function, (ast.Name, ast.Attribute)):
            return False
        value = self.ctx.expressions.eval(function, frame)
        return (
            isinstance(value, External)
            and self.ctx.facts.behaviour.get(value.name) == "annotation-reader"
        )


@per_node
def _are_texts(tree: ast.Module) -> bool:
    """Whether the annotations of a file are never evaluated by Python itself."""
    return any(
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(alias.name == "annotations" for alias in statement.names)
        for statement in tree.body
    )
