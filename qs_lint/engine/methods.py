"""Methods of values that are no project objects: querysets, containers, classes, rows."""

from __future__ import annotations

import ast
from dataclasses import replace

from qs_lint.domain import Fate, Moment, uses
from qs_lint.engine.arguments import UNMISTAKABLE, in_mapping
from qs_lint.engine.context import Component, Frame
from qs_lint.engine.folding import folded_method
from qs_lint.facts.python_methods import (
    LOG_METHODS,
    METHODS,
)
from qs_lint.facts.queryset import RELATED, RELATED_WRITES, WRITING
from qs_lint.findings import Confidence
from qs_lint.values import (
    NONE,
    UNKNOWN,
    ClassValue,
    Const,
    External,
    Instance,
    ManagerValue,
    Mapping,
    Opaque,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    derived,
    join,
    options,
    taints_of,
)


class Methods(Component):
    """What calling a method of a framework or builtin object does."""

    def plain_method(
        self,
        receiver: Value,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """A method of something that no other kind of value claims."""
        text = isinstance(receiver, Const)
        known = folded_method(receiver, name, args, keywords)
        if known is not None:
            return known
        if self.ctx.moment is Moment.CALL and name in UNMISTAKABLE:
            return QuerySetValue(
                UNKNOWN,
                None,
                self.ctx.moment,
                node,
                frame.source,
                Confidence.INFERENCE_FAILURE,
                open=True,
                depth=self.ctx.depth,
            )
        self.ctx.orm.lookups_to(name, args, keywords, node, frame)
        if name in METHODS and (text or name in ("join", "extend", "writerows", "writelines")):
            found = self.ctx.callables.apply(METHODS[name], name, args, keywords, node, frame)
            return derived([found, receiver])
        if name == "render" and args:
            for option in options(args[0]):
                if self.ctx.escapes.unwrapped(option) is not option:
                    self.ctx.escapes.render(option, node, uses.TEMPLATE, frame)
        if name in LOG_METHODS:
            before = len(self.ctx.runs)
            if name not in ("debug", "info"):
                for argument in args[1:]:
                    self.ctx.orm.peek(argument, node, uses.called(name), frame)
            for run in self.ctx.runs[before:]:
                run.sink = Fate.DROPPED
            return UNKNOWN
        return self.ctx.callables.opaque([receiver, *args, *keywords.values()])

    def rows_method(
        self,
        receiver: Rows,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """A method of rows, in whatever container."""
        if name in METHODS and name in ("join", "union", "intersection"):
            self.ctx.callables.apply(METHODS[name], name, args, keywords, node, frame)
        kind = receiver.kind
        if kind == "dict" and name in ("values", "items", "keys"):
            kind = "list"
        if name in ("copy", "values", "items", "keys"):
            return Rows(kind, receiver.taints, receiver.model, receiver.confidence)
        return Opaque(receiver.taints | taints_of(self.ctx.callables.opaque(args)))

    def related(
        self,
        receiver: Opaque,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """A method of an attribute of a row: perhaps a related manager."""
        related = name in RELATED
        if name in RELATED_WRITES or name in WRITING:
            related = name in ("create", "get_or_create", "update_or_create") or (
                receiver.row_attribute.endswith("_set") or receiver.model is NONE
            )
        if not related:
            self.ctx.orm.lookups_to(name, args, keywords, node, frame)
            return self.ctx.callables.opaque([Opaque(receiver.taints), *args, *keywords.values()])
        if name in ("count", "first", "last", "exists", "iterator") and args:
            return Opaque(receiver.taints)
        queryset = QuerySetValue(
            UNKNOWN,
            None,
            self.ctx.moment,
            node,
            frame.source,
            Confidence.INFERENCE,
            open=True,
            depth=self.ctx.depth,
        )
        if name == "all":
            return queryset
        if name in RELATED_WRITES:
            if not name.startswith("a") or name == "add":
                self.ctx.fates.record_query(queryset, node, uses.method(name), frame, writes=True)
            return UNKNOWN
        return self.ctx.orm.orm_operation(queryset, name, args, keywords, node, frame)

    def sequence_method(
        self, receiver: Sequence, name: str, args: list[Value], node: ast.AST, frame: Frame
    ) -> Value:
        """A method of a list, tuple or set."""
        if name in ("append", "add", "appendleft", "insert"):
            self._put_into(receiver, args[-1:] or [UNKNOWN], node, frame)
            return self._handed(args)
        if name in METHODS:
            items = [
                self.ctx.orm.consume(argument, node, uses.method(name), frame) for argument in args
            ]
            if name not in ("extend", "update"):
                return derived([receiver, *items])
            self._put_into(receiver, items, node, frame)
            return self._handed(items)
        if name in ("pop", "popleft"):
            return join([*receiver.items, Opaque(receiver.taints)])
        if name == "copy":
            return Sequence(receiver.kind, list(receiver.items), self.ctx.moment, node)
        return derived([receiver, *args])

    def _put_into(
        self, receiver: Sequence, values: list[Value], node: ast.AST, frame: Frame
    ) -> None:
        """Items are added to a list or set; one that outlives the request keeps them."""
        keeper = self.ctx.memos.keeper(receiver)
        if keeper is not None:
            for value in values:
                self.ctx.memos.memo(value, node, frame, keeper)
        if self.ctx.moment is Moment.CALL and receiver.born is Moment.IMPORT:
            return
        known = [value for value in values if value is not UNKNOWN]
        if known:
            receiver.add(self.ctx, known, node)

    def _handed(self, values: list[Value]) -> Value:
        """What a method returns that keeps its arguments: nothing; at import, who knows."""
        return self.ctx.callables.opaque(values) if self.ctx.moment is Moment.IMPORT else NONE

    def mapping_method(
        self,
        receiver: Mapping,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """A method of a dict."""
        key = args[0] if args else UNKNOWN
        if name in ("get", "pop"):
            found = self.ctx.attributes.item(receiver, key, node, frame)
            return join([found, args[1] if len(args) > 1 else NONE])
        if name == "setdefault":
            value = args[1] if len(args) > 1 else NONE
            self.ctx.attributes.store_item(receiver, key, value, node, frame)
            return join([self.ctx.attributes.item(receiver, key, node, frame), value])
        if name == "update":
            self._update(receiver, args, keywords, node, frame)
            return self._handed(args)
        if name in ("values", "items"):
            return self._view_of(receiver, name, node)
        if name == "copy":
            return replace(receiver, items=dict(receiver.items), born=self.ctx.moment, node=node)
        return derived([receiver, *args])

    def _update(
        self,
        receiver: Mapping,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """``dict.update()`` with dicts, pairs and names."""
        given = in_mapping(keywords, self.ctx.moment, node)
        for option in [*(option for argument in args for option in options(argument)), given]:
            if isinstance(option, Mapping):
                for constant, value in option.items.items():
                    self.ctx.attributes.store_item(receiver, Const(constant), value, node, frame)
                receiver.nodes.update(option.nodes)
            else:
                items = self.ctx.orm.consume(option, node, uses.method("update"), frame)
                if items is not UNKNOWN:
                    self.ctx.attributes.store_item(receiver, UNKNOWN, items, node, frame)

    def _view_of(self, receiver: Mapping, name: str, node: ast.AST) -> Sequence:
        """``dict.values()`` and ``dict.items()``."""
        values = list(receiver.items.values())
        if name == "items":
            values = [
                Sequence(
                    "tuple", [Const(k) if k is not None else UNKNOWN, v], self.ctx.moment, node
                )
                for k, v in receiver.items.items()
            ]
        return Sequence(
            "list", values, self.ctx.moment, node, open=receiver.open, taints=receiver.taints
        )

    def class_operation(
        self,
        receiver: ClassValue | External,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call a method that a class inherits from one that is not read, on the class itself."""
        if name == "__new__":
            new = self.ctx.making.new(args)
            if new is not None:
                return new
            if args and isinstance(args[0], ClassValue):
                return Instance(args[0], self.ctx.moment, node, frame.source)
        kinds = self.ctx.hierarchy.kinds(receiver)
        if name == "as_manager" and "queryset" in kinds:
            return ManagerValue(UNKNOWN, receiver, Confidence.HIGH)
        if name == "from_queryset" and "manager" in kinds:
            made = self.ctx.behaviours.synthetic("Manager", [receiver, *args[:1]], frame)
            return ClassValue(made)
        if name == "as_view":
            if self.ctx.moment is Moment.IMPORT:
                self._as_view(receiver, keywords, node, frame)
            return self.ctx.callables.opaque([*args, *keywords.values()])
        row = self.ctx.orm.method(receiver, name)
        known = self.ctx.hierarchy.model_confidence(receiver) if row is not None else None
        if row is not None and known is not None:
            rows = ManagerValue(receiver, None, known, open=True)
            return self.ctx.orm.by_row(rows, row, name, args, keywords, node, frame)
        return self.ctx.callables.opaque([*args, *keywords.values()])

    def _as_view(
        self,
        receiver: ClassValue | External,
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """``View.as_view(...)`` at import: what it is given serves every request."""
        context, kept = keywords.get("extra_context"), keywords.get("queryset")
        if context is not None:
            self.ctx.escapes.extra_context(context, node, uses.AS_VIEW_CONTEXT, frame)
        if kept is not None:
            kinds = self.ctx.hierarchy.kinds(receiver)
            self.ctx.framework.kept_by_view(kept, kinds, node, frame)
        if isinstance(receiver, ClassValue):
            self.ctx.configured.append((receiver.info, dict(keywords), node))
