"""Reading and writing attributes and items."""

from __future__ import annotations

import ast
from dataclasses import replace

from qs_lint.domain import Holder, HolderKind, Moment, uses
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, EngineContext, Frame, dotted_text
from qs_lint.facts.lifecycle import BEFORE, GUARDED
from qs_lint.facts.queryset import MANAGER_NAMES
from qs_lint.facts.requests import SHARED_FIELDS
from qs_lint.findings import Confidence
from qs_lint.values import (
    NONE,
    UNKNOWN,
    UNSET,
    Bound,
    ClassValue,
    Const,
    Deferred,
    External,
    Function,
    Instance,
    ManagerValue,
    Mapping,
    Member,
    Opaque,
    Operation,
    QuerySetValue,
    Rows,
    Sequence,
    Super,
    Taint,
    Value,
    VolatileRead,
    derived,
    join,
    options,
    taints_of,
    walk,
)

#: Classes of Python whose objects hold items.
CONTAINERS = frozenset(f"builtins.{name}" for name in ("dict", "list", "set")) | frozenset(
    f"collections.{name}" for name in ("UserDict", "OrderedDict", "defaultdict")
)
#: What every model instance has, and is no column.
NO_COLUMNS = frozenset("pk id _meta _state save delete refresh_from_db full_clean".split())


class Attributes(Component):
    """``x.name`` and ``x[key]``, read and assigned."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        #: times and what was made of them -> the taint of that
        self.parts: dict[tuple[int, str], VolatileRead] = {}

    def attribute(self, value: Value, name: str, node: ast.AST, frame: Frame) -> Value:
        """``value.name``."""
        return value.read(self.ctx, name, node, frame)

    def external_attribute(self, value: External, name: str, node: ast.AST, frame: Frame) -> Value:
        """``package.name``."""
        manager = self.ctx.orm.manager_of(value, name)
        if manager is not None:
            return manager
        dotted = self.ctx.facts.canonical(f"{value.name}.{name}")
        volatile = self.ctx.facts.volatile_attributes
        kind = volatile.get(dotted, volatile.get(value.name))
        if kind is not None:
            return self.volatile(dotted, kind, node, frame)
        return External(dotted)

    def volatile(self, dotted: str, kind: str, node: ast.AST, frame: Frame) -> Value:
        """A value that is right only now."""
        use = uses.called(".".join(dotted.rsplit(".", 2)[-2:]))
        if self.ctx.facts.behaviour.get(dotted) == "identity":
            kind = "identity"
        return Opaque(
            frozenset(
                (
                    VolatileRead(
                        use,
                        node,
                        frame.source,
                        self.ctx.moment,
                        self.ctx.confidence_here(Confidence.HIGH),
                        self.ctx.anchor(node),
                        self.ctx.steps(node, frame.source, use),
                        kind=kind,
                    ),
                )
            )
        )

    def part_of_time(self, value: Value, method: str) -> Value:
        """What a method made of a time is no time any more: a day, or something else."""
        if not isinstance(value, Opaque):
            return value
        taints = frozenset(
            self._part(taint, "date" if method == "date" else "part")
            if isinstance(taint, VolatileRead) and taint.kind == "clock"
            else taint
            for taint in value.taints
        )
        if taints == value.taints:
            return value
        return Opaque(taints, tuple(part for part in value.parts if not isinstance(part, Opaque)))

    def _part(self, taint: VolatileRead, kind: str) -> VolatileRead:
        key = (id(taint), kind)
        made = self.parts.get(key)
        if made is None:
            made = self.parts[key] = replace(taint, kind=kind)
            self.ctx.heap.keep.append(taint)
        depth = self.ctx.orm.read_depth.get(id(taint))
        if depth is not None:
            self.ctx.orm.read_depth[id(made)] = depth
        return made

    def note_read(self, value: Value, holder: Holder, deeper: int = 0) -> None:
        """Remember from where, and how deep in calls, a shared value was read."""
        if self.ctx.moment is not Moment.CALL or value.leaf or value is UNKNOWN:
            return
        whole = options(value)
        for part in walk(value):
            if isinstance(part, (QuerySetValue, Deferred)):
                if part.born is Moment.IMPORT:
                    self.ctx.orm.read_depth[id(part)] = self.ctx.depth + deeper
                    held = holder if part in whole else replace(holder, kind=HolderKind.CONTAINER)
                    self.ctx.orm.holders[id(part)] = held
            elif isinstance(part, (Opaque, Rows, Sequence, Mapping)):
                for taint in part.taints:
                    self.ctx.orm.read_depth[id(taint)] = self.ctx.depth + deeper

    @staticmethod
    def attribute_holder(value: Instance, name: str, node: ast.AST) -> Holder:
        """An attribute of an object, by the code that reads it."""
        if value.generic:
            return Holder(HolderKind.INSTANCE_ATTRIBUTE, name, "self")
        owner = dotted_text(node.value) if isinstance(node, ast.Attribute) else ""
        return Holder(HolderKind.OBJECT_ATTRIBUTE, name, owner)

    # classes and instances

    def class_attribute(self, value: ClassValue, name: str, node: ast.AST, frame: Frame) -> Value:
        """``Class.name``."""
        stored = self.ctx.heap.stored(value.info, name)
        if stored is not None:
            self.note_read(stored, Holder(HolderKind.CLASS_ATTRIBUTE, name, value.info.name))
            return stored
        if name in MANAGER_NAMES or not name.startswith("__"):
            manager = self.ctx.orm.manager_of(value, name)
            if manager is not None:
                return manager
        above = self._metaclass_attribute(value, name, node, frame)
        if above is not None:
            return above
        found = self.ctx.hierarchy.attribute_of_class(value.info, name)
        if found is None:
            missing = self.ctx.protocols.missing(value, name, node, frame)
            if missing is not None:
                return missing
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
            fields = self._shared_fields(value.info, name, node)
            return Operation(value, name) if fields is None else fields
        self.note_read(found, Holder(HolderKind.CLASS_ATTRIBUTE, name, value.info.name))
        self._note_guard(found, value, name)
        kinds = self.ctx.hierarchy.kinds(value)
        if "enum" in kinds:
            labelled = "choices" in kinds
            found = join(_member(option, labelled) for option in options(found))
        return self._bind(found, value, value, name, node, frame)

    def _shared_fields(self, info: ClassInfo, name: str, node: ast.AST) -> Value | None:
        """The dict of the fields in a class body, from which each object gets copies."""
        kinds = self.ctx.hierarchy.kinds(info)
        if not any(name in SHARED_FIELDS.get(kind, ()) for kind in kinds):
            return None
        made = {key: item for key, item in info.scope.vars.items() if isinstance(item, Instance)}
        return Mapping({**made}, Moment.IMPORT, node, open=True)

    def _metaclass_attribute(
        self, value: ClassValue, name: str, node: ast.AST, frame: Frame
    ) -> Value | None:
        """``Class.name``, where its metaclass has something to say of it."""
        meta = self.ctx.hierarchy.metaclass(value.info)
        found = None if meta is None else self.ctx.hierarchy.attribute_of_class(meta, name)
        if found is None or name.startswith("__"):
            return None
        if isinstance(found, Function):
            if found.marks & {"property", "cached_property"}:
                return self.ctx.calls.call(Bound(value, found), [], {}, node, frame)
            if self.ctx.hierarchy.attribute_of_class(value.info, name) is None:
                return found if "staticmethod" in found.marks else Bound(value, found)
        return None

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
                results.append(self.ctx.protocols.bind(option, receiver, cls, node, frame))
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

    def instance_attribute(self, value: Instance, name: str, node: ast.AST, frame: Frame) -> Value:
        """``object.name``."""
        stored = self.ctx.heap.stored(value, name)
        if stored is not None:
            self.note_read(stored, self.attribute_holder(value, name, node))
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
            return self._missing_attribute(value, value.cls, name, node, frame)
        if isinstance(found, Instance):
            of_row = self._field_on_row(found, value.cls, name)
            if of_row is not None:
                return of_row
        self.note_read(found, Holder(HolderKind.INSTANCE_ATTRIBUTE, name, "self"))
        self._note_guard(found, value.cls, name)
        return self._bind(found, value, value.cls, name, node, frame)

    def _missing_attribute(
        self, value: Instance, cls: ClassValue, name: str, node: ast.AST, frame: Frame
    ) -> Value:
        """An attribute that no class of the project defines."""
        if name in MANAGER_NAMES:
            return UNKNOWN
        if name not in NO_COLUMNS and "model" in self.ctx.hierarchy.kinds(cls):
            return Opaque(row_attribute=name)
        missing = self.ctx.protocols.missing(value, name, node, frame)
        if missing is not None:
            return missing
        return self.ctx.framework.framework_attribute(value, name, node, frame)

    def _field_on_row(self, field: Instance, cls: ClassValue, name: str) -> Value | None:
        """The value of a field on an instance of a model: the field of the class is not it."""
        if isinstance(field.cls, External):
            if field.cls.name.endswith(("ManyToManyField", "GenericRelation")):
                return Opaque(row_attribute=name, model=NONE)
        if "model" not in self.ctx.hierarchy.kinds(cls):
            return None
        if isinstance(field.cls, External) or "model-field" in self.ctx.hierarchy.kinds(field.cls):
            return Opaque(row_attribute=name)
        return None

    def _note_guard(self, found: Value, cls: ClassValue, name: str) -> None:
        """An attribute of an API view was read that the view watches over."""
        if name in GUARDED and self.ctx.moment is Moment.CALL:
            kinds = self.ctx.hierarchy.kinds(cls)
            if "drf" in kinds and "viewset" not in kinds:
                self.ctx.orm.guarded.update(
                    id(option) for option in options(found) if isinstance(option, QuerySetValue)
                )

    def framework_attribute(self, value: Instance, name: str, node: ast.AST, frame: Frame) -> Value:
        """An attribute that an instance inherits from a class that is not read."""
        kinds = self.ctx.hierarchy.kinds(value.cls)
        of_form = self.ctx.forms.attribute(value, name, node, frame)
        if of_form is not None:
            return of_form
        if name in ("data", "errors") and "serializer" in kinds:
            items = [
                self.ctx.orm.consume(part, node, uses.read(name), frame) for part in value.parts
            ]
            return derived(items)
        if "manager" in kinds:
            return UNKNOWN
        if not kinds and isinstance(value.cls, External):
            taints = taints_of(value)
            lasting = frozenset(taint for taint in taints if not _is_label(taint))
            if len(lasting) < len(taints):
                return derived([], lasting)  # what nobody reads made of a label need not be one
        return Operation(value, name)

    def _rebound(self, info: ClassInfo, name: str) -> bool:
        """Whether other methods, of which nobody knows when they run, assign ``self.name``."""
        # the flow of what runs now, and of what runs before, says more
        return any(
            method not in self.ctx.active and method.name not in BEFORE
            for method in self.ctx.hierarchy.rebinding(info, name)
        )

    def super_attribute(self, value: Super, name: str, node: ast.AST, frame: Frame) -> Value:
        """``super().name``."""
        receiver = value.receiver
        cls: Value = receiver
        if isinstance(receiver, (Instance, ManagerValue, QuerySetValue)):
            cls = receiver.cls or receiver
        owner = cls if isinstance(cls, ClassValue) else ClassValue(value.info)
        found = self.ctx.hierarchy.above(owner.info, value.info, name)
        if found is not None:
            self.note_read(found, Holder(HolderKind.INSTANCE_ATTRIBUTE, name, "super()"))
            return self._bind(found, receiver, owner, name, node, frame)
        return Operation(receiver, name, above=True)

    def row_attribute(self, value: Rows, name: str, node: ast.AST, frame: Frame) -> Value:
        """``row.name``."""
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
        return value.item(self.ctx, key, node, frame)

    # stores

    def store_attribute(
        self, target: Value, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``target.name = value``."""
        target.store(self.ctx, name, value, node, frame)

    def stored_on(self, several: tuple[Value, ...]) -> list[Value]:
        """Of the values that a target may be, those that surely get what is stored.

        What is stored on an unknown object is not kept by the known one that stands in for it.
        """
        unclear = any(map(_is_anything, several))
        return [option for option in several if not (unclear and _is_one(option))]

    def store_on_instance(
        self, target: Instance, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``object.name = value``."""
        if self.ctx.protocols.assigned(target, name, value, node, frame):
            return
        if self.ctx.forms.assigned(target, name, value, node, frame):
            return
        self.ctx.heap.put(target, name, value)
        if self.ctx.moment is Moment.CALL and not self._is_column(target, name):
            keeper = self.ctx.memos.keeper(target)
            if keeper is None and (target.born is Moment.IMPORT or target.generic):
                one = target.born is Moment.IMPORT
                kind = HolderKind.OBJECT_ATTRIBUTE if one else HolderKind.INSTANCE_ATTRIBUTE
                life = self.ctx.lifetimes.lifetime_of(kind, target)
                if life.outlives_request:
                    keeper = Holder(kind, name, "self", life)
            if keeper is not None:
                self.ctx.memos.memo(value, node, frame, keeper)

    def _is_column(self, target: Instance, name: str) -> bool:
        """Whether an attribute of a row is a part of the row itself."""
        if not isinstance(target.cls, ClassValue):
            return False
        kinds = self.ctx.hierarchy.kinds
        if "model" not in kinds(target.cls):
            return False
        field = self.ctx.hierarchy.attribute_of_class(target.cls.info, name)
        return isinstance(field, Instance) and "model-field" in kinds(field.cls)

    def store_in_instance(
        self, target: Instance, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``object[key] = value``, of a class that inherits from a container."""
        if not isinstance(target.cls, ClassValue) or self.ctx.moment is not Moment.CALL:
            return
        info = target.cls.info
        if target.born is Moment.IMPORT and any(
            name in CONTAINERS for name in self.ctx.hierarchy.foreign_bases(info)
        ):
            self.ctx.memos.memo(value, node, frame, Holder(HolderKind.CONTAINER, info.name))

    def store_item(
        self, target: Value, key: Value, value: Value, node: ast.AST, frame: Frame
    ) -> None:
        """``target[key] = value``."""
        target.store_item(self.ctx, key, value, node, frame)


def _is_anything(value: Value) -> bool:
    """Whether nobody knows what a value is: a part of something unknown, its result."""
    return isinstance(value, (Opaque, Operation))


def _is_one(value: Value) -> bool:
    """Whether a value is an object of process lifetime."""
    return isinstance(value, Instance) and value.born is Moment.IMPORT


def _is_label(taint: Taint) -> bool:
    return isinstance(taint, VolatileRead) and taint.kind == "context"


def _member(value: Value, labelled: bool) -> Value:
    """A member of an enumeration; of Django's, the last item is the label."""
    if isinstance(value, Sequence) and value.kind == "tuple" and len(value.items) > 1:
        if not labelled:
            return Member(value, UNKNOWN)
        *first, label = value.items
        worth = first[0] if len(first) == 1 else replace(value, items=first)
        return Member(worth, label)
    return value
