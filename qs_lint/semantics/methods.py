"""Methods of values that are no project objects: querysets, containers, classes, rows."""

from __future__ import annotations

import ast
from dataclasses import replace

from qs_lint.django_facts.callables import (
    LOG_METHODS,
    METHODS,
)
from qs_lint.django_facts.querysets import RELATED_WRITES, WRITING
from qs_lint.findings import Confidence
from qs_lint.semantics.arguments import (
    UNMISTAKABLE,
)
from qs_lint.semantics.callees import Callees
from qs_lint.semantics.machine import Frame
from qs_lint.semantics.orm import RELATED
from qs_lint.semantics.values import (
    NONE,
    UNKNOWN,
    ClassValue,
    Const,
    Deferred,
    External,
    Instance,
    ManagerValue,
    Mapping,
    Moment,
    Opaque,
    Operation,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    derived,
    join,
    options,
    taints_of,
)


class Methods(Callees):
    """What calling a method of a framework or builtin object does."""

    def call_operation(
        self,
        operation: Operation,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call a method that is not project code."""
        receiver, name = operation.receiver, operation.name
        if isinstance(receiver, (ManagerValue, QuerySetValue)):
            return self.orm_operation(receiver, name, args, keywords, node, frame, operation.above)
        if isinstance(receiver, (ClassValue,)):
            return self._class_operation(receiver, name, args, keywords, node, frame)
        if isinstance(receiver, Instance):
            return self.framework_method(receiver, name, args, keywords, node, frame)
        if isinstance(receiver, Opaque) and receiver.row_attribute:
            return self._related(receiver, name, args, keywords, node, frame)
        if isinstance(receiver, Sequence):
            return self._sequence_method(receiver, name, args, node, frame)
        if isinstance(receiver, Mapping):
            return self._mapping_method(receiver, name, args, keywords, node, frame)
        if isinstance(receiver, Deferred):
            if receiver.kind == "lazy":
                made = receiver.run(self, node)
                return self.call(
                    self.attribute(made, name, node, frame), args, keywords, node, frame
                )
            return self.opaque([receiver, *args])
        if isinstance(receiver, Rows):
            if name in METHODS and name in ("join", "union", "intersection"):
                self.apply(METHODS[name], name, args, keywords, node, frame)
            kind = receiver.kind
            if kind == "dict" and name in ("values", "items", "keys"):
                kind = "list"
            if name in ("copy", "values", "items", "keys"):
                return Rows(kind, receiver.taints, receiver.model, receiver.confidence)
            return Opaque(receiver.taints | taints_of(self.opaque(args)))
        return self._plain_method(receiver, name, args, keywords, node, frame)

    def _plain_method(
        self,
        receiver: Value,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        text = isinstance(receiver, Const)
        known = _folded_method(receiver, name, args)
        if known is not None:
            return known
        if self.moment is Moment.CALL and name in UNMISTAKABLE:
            return QuerySetValue(
                UNKNOWN,
                None,
                self.moment,
                node,
                frame.source,
                Confidence.INFERENCE_FAILURE,
                open=True,
                depth=self.depth,
            )
        if name in METHODS and (text or name in ("join", "extend", "writerows", "writelines")):
            found = self.apply(METHODS[name], name, args, keywords, node, frame)
            return derived([found, receiver])
        if name == "render" and args:
            for option in options(args[0]):
                if self._unwrapped(option) is not option:
                    self.render(option, node, "a template", frame)
        if name in LOG_METHODS:
            before = len(self.runs)
            if name not in ("debug", "info"):
                for argument in args[1:]:
                    self.peek(argument, node, f"{name}()", frame)
            for run in self.runs[before:]:
                run.sink = "dropped"
            return UNKNOWN
        return self.opaque([receiver, *args, *keywords.values()])

    def _related(
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
            return self.opaque([Opaque(receiver.taints), *args, *keywords.values()])
        if name in ("count", "first", "last", "exists", "iterator") and args:
            return Opaque(receiver.taints)
        queryset = QuerySetValue(
            UNKNOWN,
            None,
            self.moment,
            node,
            frame.source,
            Confidence.INFERENCE,
            open=True,
            depth=self.depth,
        )
        if name == "all":
            return queryset
        if name in RELATED_WRITES:
            if not name.startswith("a") or name == "add":
                self.record_query(queryset, node, f".{name}()", frame, writes=True)
            return UNKNOWN
        return self.orm_operation(queryset, name, args, keywords, node, frame)

    def _sequence_method(
        self, receiver: Sequence, name: str, args: list[Value], node: ast.AST, frame: Frame
    ) -> Value:
        kept = self.moment is Moment.CALL and receiver.born is Moment.IMPORT
        if name in ("append", "add", "appendleft", "insert"):
            value = args[-1] if args else UNKNOWN
            if kept:
                self.memo(value, node, frame, self.holders.get(id(receiver), "a module-level list"))
            elif value is not UNKNOWN:
                receiver.items.append(value)
            return self.opaque(args) if self.moment is Moment.IMPORT else NONE
        if name in METHODS:
            items = [self.consume(argument, node, f".{name}()", frame) for argument in args]
            if name in ("extend", "update"):
                if kept:
                    for value in items:
                        self.memo(
                            value,
                            node,
                            frame,
                            self.holders.get(id(receiver), "a module-level list"),
                        )
                else:
                    receiver.items.extend(item for item in items if item is not UNKNOWN)
                return self.opaque(items) if self.moment is Moment.IMPORT else NONE
            return derived([receiver, *items])
        if name in ("pop", "popleft"):
            return join([*receiver.items, Opaque(receiver.taints)])
        if name == "copy":
            return Sequence(receiver.kind, list(receiver.items), self.moment, node)
        return derived([receiver, *args])

    def _mapping_method(
        self,
        receiver: Mapping,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        if name in ("get", "pop"):
            key = args[0] if args else UNKNOWN
            found = self.item(receiver, key, node, frame)
            return join([found, args[1] if len(args) > 1 else NONE])
        if name == "setdefault":
            value = args[1] if len(args) > 1 else NONE
            self.store_item(receiver, args[0] if args else UNKNOWN, value, node, frame)
            return join([self.item(receiver, args[0] if args else UNKNOWN, node, frame), value])
        if name == "update":
            for argument in args:
                for option in options(argument):
                    if isinstance(option, Mapping):
                        for constant, value in option.items.items():
                            self.store_item(receiver, Const(constant), value, node, frame)
                    else:
                        items = self.consume(option, node, ".update()", frame)
                        if items is not UNKNOWN:
                            self.store_item(receiver, UNKNOWN, items, node, frame)
            for word, value in keywords.items():
                self.store_item(receiver, Const(word), value, node, frame)
            return self.opaque(args) if self.moment is Moment.IMPORT else NONE
        if name in ("values", "items"):
            values = list(receiver.items.values())
            if name == "items":
                values = [
                    Sequence(
                        "tuple", [Const(k) if k is not None else UNKNOWN, v], self.moment, node
                    )
                    for k, v in receiver.items.items()
                ]
            return Sequence(
                "list", values, self.moment, node, open=receiver.open, taints=receiver.taints
            )
        if name == "copy":
            return replace(receiver, items=dict(receiver.items), born=self.moment, node=node)
        return derived([receiver, *args])

    def _class_operation(
        self,
        receiver: ClassValue | External,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        kinds = self.kinds(receiver)
        if name == "as_manager" and "queryset" in kinds:
            return ManagerValue(UNKNOWN, receiver, Confidence.HIGH)
        if name == "from_queryset" and "manager" in kinds:
            made = self.synthetic("Manager", [receiver, *args[:1]], frame)
            return ClassValue(made)
        if name == "as_view":
            context = keywords.get("extra_context")
            if context is not None and self.moment is Moment.IMPORT:
                self.extra_context(context, node, "as_view(extra_context=...)", frame)
            kept = keywords.get("queryset")
            if kept is not None and self.moment is Moment.IMPORT:
                self.kept_by_view(kept, kinds, node, frame)
            if isinstance(receiver, ClassValue) and self.moment is Moment.IMPORT:
                self.configured.append((receiver.info, dict(keywords), node))
            return self.opaque([*args, *keywords.values()])
        return self.opaque([*args, *keywords.values()])

    def framework_method(
        self,
        receiver: Instance,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """A method that an instance inherits from a framework class."""
        raise NotImplementedError


def _folded_method(receiver: Value, name: str, args: list[Value]) -> Value | None:
    """Methods of short strings that helpers branch on."""
    if not (isinstance(receiver, Const) and isinstance(receiver.value, str)):
        return None
    given = [argument.value for argument in args if isinstance(argument, Const)]
    if name in ("startswith", "endswith") and len(given) == len(args) == 1:
        if isinstance(given[0], str):
            found = receiver.value.startswith if name == "startswith" else receiver.value.endswith
            return Const(found(given[0]))
    if name in ("lower", "upper") and not args and len(receiver.value) < 200:
        return Const(receiver.value.lower() if name == "lower" else receiver.value.upper())
    return None
