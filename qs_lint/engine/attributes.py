"""Reading and writing attributes and items."""

from __future__ import annotations

import ast
from dataclasses import replace

from qs_lint.domain.observations import Memo
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, EngineContext, Frame
from qs_lint.facts.lifecycle import BEFORE
from qs_lint.facts.queryset import MANAGER_NAMES
from qs_lint.findings import Confidence
from qs_lint.values import (
    LEAVES,
    NONE,
    UNKNOWN,
    UNSET,
    Bound,
    Choice,
    ClassValue,
    Const,
    Deferred,
    External,
    Function,
    Instance,
    ManagerValue,
    Mapping,
    ModuleValue,
    Moment,
    Opaque,
    Operation,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Super,
    Value,
    VolatileRead,
    derived,
    join,
    options,
    taints_of,
    walk,
)


class Attributes(Component):
    """``x.name`` and ``x[key]``, read and assigned."""

    def attribute(self, value: Value, name: str, node: ast.AST, frame: Frame) -> Value:
        """``value.name``."""
        if type(value) is not Choice:
            return self._attribute(value, name, node, frame)
        return join(self._attribute(option, name, node, frame) for option in value.options)

    def _attribute(self, value: Value, name: str, node: ast.AST, frame: Frame) -> Value:
        if isinstance(value, External):
            return self._external_attribute(value, name, node, frame)
        if isinstance(value, ModuleValue):
            found = self.ctx.modules.member(value.source, name)
            if found is not None:
                self.note_read(found, f"{value.source.name}.{name}")
            return UNKNOWN if found is None else found
        if isinstance(value, ClassValue):
            return self._class_attribute(value, name, node, frame)
        if isinstance(value, Instance):
            return self._instance_attribute(value, name, node, frame)
        if isinstance(value, (ManagerValue, QuerySetValue)):
            return self.ctx.orm.orm_attribute(value, name, node, frame)
        if isinstance(value, Super):
            return self._super_attribute(value, name, node, frame)
        if isinstance(value, Rows):
            return self._row_attribute(value, name, node, frame)
        if isinstance(value, Function):
            held = self.ctx.heap.stored(value.node, name)
            if held is not None:
                self.note_read(held, f"{value.name}.{name}")
            return held or UNKNOWN
        if isinstance(value, Deferred) and value.kind == "lazy":
            return self.attribute(value.run(self.ctx, node), name, node, frame)
        if isinstance(value, Opaque):
            manager = self.ctx.orm.manager_of(value, name)
            if manager is not None:
                return manager
            if value.row_attribute:
                return Operation(value, name)
        return Operation(value, name)

    def _external_attribute(self, value: External, name: str, node: ast.AST, frame: Frame) -> Value:
        manager = self.ctx.orm.manager_of(value, name)
        if manager is not None:
            return manager
        dotted = self.ctx.facts.canonical(f"{value.name}.{name}")
        kind = self.ctx.facts.volatile_attributes.get(dotted)
        if kind is not None:
            return self.volatile(dotted, kind, node, frame)
        return External(dotted)

    def volatile(self, how: str, kind: str, node: ast.AST, frame: Frame) -> Value:
        """A value that is right only now."""
        short = ".".join(how.split(".")[-2:])
        return Opaque(
            frozenset(
                (
                    VolatileRead(
                        f"{short}()",
                        node,
                        frame.source,
                        self.ctx.moment,
                        self.ctx.confidence_here(Confidence.HIGH),
                        self.ctx.anchor(node),
                        self.ctx.steps(node, frame.source, f"{short}()"),
                        kind=kind,
                    ),
                )
            )
        )

    def note_read(self, value: Value, holder: str, deeper: int = 0) -> None:
        """Remember from where, and how deep in calls, a shared value was read."""
        if self.ctx.moment is not Moment.CALL or type(value) in LEAVES or value is UNKNOWN:
            return
        for part in walk(value):
            if isinstance(part, (QuerySetValue, Deferred)):
                if part.born is Moment.IMPORT:
                    self.ctx.orm.read_depth[id(part)] = self.ctx.depth + deeper
                    self.ctx.orm.holders[id(part)] = holder
            elif isinstance(part, (Opaque, Rows, Sequence, Mapping)):
                for taint in part.taints:
                    self.ctx.orm.read_depth[id(taint)] = self.ctx.depth + deeper

    # classes and instances

    def _class_attribute(self, value: ClassValue, name: str, node: ast.AST, frame: Frame) -> Value:
        stored = self.ctx.heap.stored(value.info, name)
        if stored is not None:
            self.note_read(stored, f"{value.info.name}.{name}")
            return stored
        if name in MANAGER_NAMES or not name.startswith("__"):
            manager = self.ctx.orm.manager_of(value, name)
            if manager is not None:
                return manager
        found = self.ctx.hierarchy.attribute_of_class(value.info, name)
        if found is None:
            if name == "__name__":
                return Const(value.info.name)
            if name == "__class__":
                return UNKNOWN
            if "enum" in self.ctx.hierarchy.kinds(value) and name in (
                "choices",
                "values",
                "labels",
                "names",
            ):
                return UNKNOWN
            return Operation(value, name)
        self.note_read(found, f"{value.info.name}.{name}")
        return self._bind(found, value, value, name, node, frame)

    def _bind(
        self,
        found: Value,
        receiver: Value,
        cls: ClassValue,
        name: str,
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        results: list[Value] = []
        for option in options(found):
            if isinstance(option, Function):
                results.append(self._bind_function(option, receiver, cls, node, frame))
            else:
                results.append(option)
        return join(results)

    def _bind_function(
        self, function: Function, receiver: Value, cls: ClassValue, node: ast.AST, frame: Frame
    ) -> Value:
        marks = function.marks
        if "staticmethod" in marks:
            return function
        if "classmethod" in marks:
            return Bound(cls, function)
        if "classproperty" in marks:
            return self.ctx.calls.call(Bound(cls, function), [], {}, node, frame)
        if isinstance(receiver, ClassValue):
            return UNKNOWN if marks & {"property", "cached_property"} else function
        if marks & {"property", "cached_property"}:
            return self.ctx.calls.call(Bound(receiver, function), [], {}, node, frame)
        return Bound(receiver, function)

    def _instance_attribute(self, value: Instance, name: str, node: ast.AST, frame: Frame) -> Value:
        stored = self.ctx.heap.stored(value, name)
        if stored is not None:
            self.note_read(stored, f"self.{name}" if value.generic else f".{name}")
            if UNSET not in options(stored):
                return stored
            rest = [option for option in options(stored) if option is not UNSET]
            return join([*rest, self._unset_attribute(value, name, node, frame)])
        return self._unset_attribute(value, name, node, frame)

    def _unset_attribute(self, value: Instance, name: str, node: ast.AST, frame: Frame) -> Value:
        if not isinstance(value.cls, ClassValue):
            return self.ctx.framework.framework_attribute(value, name, node, frame)
        if name == "__class__":
            return value.cls
        if value.generic and self._rebound(value.cls.info, name):
            return UNKNOWN
        found = self.ctx.hierarchy.attribute_of_class(value.cls.info, name)
        if found is None:
            if name in MANAGER_NAMES:
                return UNKNOWN
            if "model" in self.ctx.hierarchy.kinds(value.cls) and name not in (
                "pk",
                "id",
                "_meta",
                "_state",
            ):
                if name not in ("save", "delete", "refresh_from_db", "full_clean"):
                    return Opaque(row_attribute=name)
            return self.ctx.framework.framework_attribute(value, name, node, frame)
        if isinstance(found, Instance) and isinstance(found.cls, External):
            if found.cls.name.endswith(("ManyToManyField", "GenericRelation")):
                return Opaque(row_attribute=name, model=NONE)
        self.note_read(found, f"self.{name}")
        return self._bind(found, value, value.cls, name, node, frame)

    def framework_attribute(self, value: Instance, name: str, node: ast.AST, frame: Frame) -> Value:
        """An attribute that an instance inherits from a class that is not read."""
        kinds = self.ctx.hierarchy.kinds(value.cls)
        if name in ("data", "errors") and "serializer" in kinds:
            items = [self.ctx.orm.consume(part, node, f".{name}", frame) for part in value.parts]
            return derived(items)
        if "manager" in kinds:
            return UNKNOWN
        return Operation(value, name)

    def _rebound(self, info: ClassInfo, name: str) -> bool:
        """Whether other methods, of which nobody knows when they run, assign ``self.name``."""
        # the flow of what runs now, and of what runs before, says more
        return any(
            method not in self.ctx.active and method.name not in BEFORE
            for method in self.ctx.hierarchy.rebinding(info, name)
        )

    def _super_attribute(self, value: Super, name: str, node: ast.AST, frame: Frame) -> Value:
        receiver = value.receiver
        cls: Value = receiver
        if isinstance(receiver, (Instance, ManagerValue, QuerySetValue)):
            cls = receiver.cls or receiver
        owner = cls if isinstance(cls, ClassValue) else ClassValue(value.info)
        found = self.ctx.hierarchy.above(owner.info, value.info, name)
        if found is not None:
            self.note_read(found, f"self.{name}")
            return self._bind(found, receiver, owner, name, node, frame)
        return Operation(receiver, name, above=True)

    def _row_attribute(self, value: Rows, name: str, node: ast.AST, frame: Frame) -> Value:
        if value.kind == "instance" and isinstance(value.model, ClassValue):
            found = self.ctx.hierarchy.attribute_of_class(value.model.info, name)
            if isinstance(found, Function):
                bound = self._bind_function(found, value, value.model, node, frame)
                if bound is UNKNOWN:
                    return Opaque(value.taints)
                return bound
        if value.kind == "instance":
            if name in value.prefetched:
                return Operation(Opaque(value.taints), name)
            return Opaque(value.taints, row_attribute=name)
        return Operation(value, name)

    # items

    def item(self, value: Value, key: Value, node: ast.AST, frame: Frame) -> Value:
        """``value[key]`` with a key that is no slice."""
        found = [self._item(option, key, node, frame) for option in options(value)]
        return join(found)

    def _item(self, value: Value, key: Value, node: ast.AST, frame: Frame) -> Value:
        if isinstance(value, QuerySetValue):
            if value.filled is not None and not self.ctx.shared(value):
                return Rows("instance", frozenset((value.filled,)), value.model)
            if value.raw:
                return self.ctx.orm.evaluate_queryset(value, node, "[index]", frame)
            found = self.ctx.orm.peek(value, node, "[index]", frame)
            if isinstance(found, Rows):
                return replace(found, kind="instance")
            return found
        if isinstance(value, Mapping):
            constant = key.value if isinstance(key, Const) else None
            try:
                if isinstance(key, Const) and constant in value.items and constant is not None:
                    return value.items[constant]
            except TypeError:
                return UNKNOWN
            rest = [*value.items.values()] if not isinstance(key, Const) else []
            if None in value.items:
                rest.append(value.items[None])
            if value.open or value.taints:
                rest.append(Opaque(value.taints))
            return join(rest)
        if isinstance(value, Sequence):
            if (
                isinstance(key, Const)
                and isinstance(key.value, int)
                and not value.open
                and -len(value.items) <= key.value < len(value.items)
            ):
                return value.items[key.value]
            return join([*value.items, Opaque(value.taints)])
        if isinstance(value, Rows):
            kind = "instance" if value.kind == "list" else "scalar"
            return Rows(kind, value.taints, value.model, value.confidence)
        if isinstance(value, Deferred) and value.kind == "lazy":
            return self.item(value.run(self.ctx, node), key, node, frame)
        return derived([value])

    # stores

    def store_attribute(
        self, target: Value, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``target.name = value``."""
        for option in options(target):
            if isinstance(option, ClassValue):
                if self.ctx.moment is Moment.IMPORT:
                    if option.info.source is not self.ctx.main:
                        self.ctx.heap.put(
                            option.info, name, value
                        )  # not for the files checked after this
                    elif not self.ctx.muted:
                        option.info.extra[name] = value
                else:
                    self.ctx.heap.put(option.info, name, value)
                    self.ctx.memos.memo(value, node, frame, f"{option.info.name}.{name}")
            elif isinstance(option, Instance):
                self.ctx.heap.put(option, name, value)
                if isinstance(option.cls, External) and option.cls.name in self.ctx.facts.locals:
                    continue  # it belongs to the thread, task or request
                if self.ctx.moment is Moment.CALL:
                    if option.born is Moment.IMPORT:
                        self.ctx.memos.memo(
                            value, node, frame, f"self.{name} of an object made at import"
                        )
                    elif option.generic and "singleton" in self.ctx.hierarchy.kinds(option.cls):
                        self.ctx.memos.memo(value, node, frame, f"self.{name}")
            elif isinstance(option, Function):
                self.ctx.heap.put(option.node, name, value)
                if self.ctx.moment is Moment.CALL and option.scope.kind == "module":
                    self.ctx.memos.memo(value, node, frame, f"{option.name}.{name}")
            elif isinstance(option, ModuleValue) and self.ctx.moment is Moment.CALL:
                self.ctx.memos.memo(value, node, frame, f"{option.source.name}.{name}")
            elif isinstance(option, ManagerValue) and self.ctx.moment is Moment.CALL:
                self.ctx.memos.memo(value, node, frame, f"the manager's attribute {name}")

    def store_item(
        self, target: Value, key: Value, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``target[key] = value``."""
        for option in options(target):
            if isinstance(option, (Mapping, Sequence)):
                option.taints |= taints_of(key) if self.ctx.moment is option.born else frozenset()
                if self.ctx.moment is Moment.CALL and option.born is Moment.IMPORT:
                    self.ctx.memos.memo(
                        value,
                        node,
                        frame,
                        self.ctx.orm.holders.get(id(option), "a module-level container"),
                    )
                    continue
                if isinstance(option, Sequence):
                    option.items.append(value)
                    continue
                constant = key.value if isinstance(key, Const) else None
                try:
                    hash(constant)
                except TypeError:
                    constant = None
                if constant is None and None in option.items:
                    value = join([option.items[None], value])
                option.items[constant] = value
                option.nodes[constant] = node

    def memo(self, value: Value, node: ast.AST, frame: Frame, by: str) -> None:
        """A value made at call time is kept for the life of the process."""
        if self.ctx.muted:
            return
        kept = keeps(value)
        if not kept or (kept == "queryset" and by.startswith("self.")):
            return
        key = ("memo", id(self.ctx.anchor(node)))
        if key in self.ctx.orm.reported:
            return
        self.ctx.orm.reported.add(key)
        confidence = min(
            [Confidence.HIGH, *(t.confidence for t in taints_of(value) if isinstance(t, QueryRun))]
        )
        self.ctx.observed.append(
            Memo(
                self.ctx.anchor(node),
                self.ctx.confidence_here(confidence),
                self.ctx.orm.context,
                self.ctx.steps(node, frame.source, "kept"),
                by=by,
                keeps=kept,
                model=model_in(value, self.ctx),
            )
        )


def keeps(value: Value) -> str:
    """What of a database a value made at call time holds: "rows", "queryset" or nothing."""
    if any(
        isinstance(taint, QueryRun) and taint.moment is Moment.CALL for taint in taints_of(value)
    ):
        return "rows"
    for part in walk(value):
        if isinstance(part, QuerySetValue) and part.born is Moment.CALL and not part.none:
            return "queryset"
    return ""


def model_in(value: Value, ctx: EngineContext) -> str:
    """The model whose rows a value holds."""
    for part in walk(value):
        if isinstance(part, (Rows, QuerySetValue)):
            name = ctx.model_name(part.model)
            if name:
                return name
    return ""
