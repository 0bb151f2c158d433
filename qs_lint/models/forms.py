"""What Django's forms do: fields that models make, choices, initial data."""

from __future__ import annotations

import ast
from dataclasses import replace

from qs_lint.domain import Fate, Holder, HolderKind, Manner, Moment, Place, uses
from qs_lint.engine.arguments import given
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, EngineContext, Frame
from qs_lint.facts.forms import CHOICES, FIELD, INITIAL, MANY_TO_MANY, MODEL_FIELD, SETTERS, WIDGET
from qs_lint.findings import Confidence
from qs_lint.values import (
    UNKNOWN,
    ClassValue,
    Const,
    Deferred,
    External,
    Function,
    Instance,
    Mapping,
    QuerySetValue,
    Sequence,
    Value,
    join,
    options,
)

#: Objects of fields and widgets: forms copy them, with what they hold.
PARTS = frozenset({"form-field", "widget"})


class Forms(Component):
    """Forms, their fields, and the classes that make them."""

    # while a class is made

    def class_made(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        """The hooks that Django calls while it makes a model or a form, and what a form keeps."""
        kinds = self.ctx.hierarchy.kinds(info)
        if not kinds & {"model", "form", "form-view"}:
            return
        saved = self.ctx.framework.context_of_class(info)
        place, self.ctx.fates.place = self.ctx.fates.place, Place.CLASS
        try:
            if "model" in kinds:
                self._contribute(info, node, frame)
            if "model-form" in kinds:
                self._formfields(info, node, frame)
            if "form" in kinds:
                self._initial_of_fields(info, node, frame)
            if "form-view" in kinds:
                self._initial_of_view(info, node, frame)
        finally:
            self.ctx.fates.place = place
            self.ctx.framework.context_restore(saved)

    def _contribute(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        for name, value in list(info.scope.vars.items()):
            if isinstance(value, Instance):
                about: list[Value] = [ClassValue(info), Const(name)]
                place = self.ctx.framework.binding(info, name, node)
                self.ctx.protocols.ask(value, "contribute_to_class", about, {}, place, frame)

    def _formfields(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        """A form of a model asks the model's fields for form fields."""
        meta = self.ctx.hierarchy.attribute_of_class(info, "Meta")
        if not isinstance(meta, ClassValue):
            return
        model = self.ctx.hierarchy.attribute_of_class(meta.info, "model")
        callback = self.ctx.hierarchy.attribute_of_class(meta.info, "formfield_callback")
        made: list[Value] = []
        for name in self._names(meta.info, model):
            if self.ctx.hierarchy.attribute_of_class(info, name) is not None:
                continue  # declared
            field = self._model_field(model, name, node, frame)
            if callback is not None:
                made.append(self.ctx.calls.call(callback, [field], {}, node, frame))
            else:
                own = self.ctx.protocols.ask(field, "formfield", [], {}, node, frame)
                if own is not None:
                    made.append(own)
        kept = [value for value in made if value is not UNKNOWN]
        if kept and self.ctx.moment is Moment.IMPORT:
            info.extra["base_fields"] = Sequence("list", kept, self.ctx.moment, node)

    def _names(self, meta: ClassInfo, model: Value | None) -> list[str]:
        """The fields that a form takes from its model."""
        chosen = self.ctx.hierarchy.attribute_of_class(meta, "fields")
        left_out = self.ctx.hierarchy.attribute_of_class(meta, "exclude")
        if isinstance(chosen, Sequence):
            return _texts(chosen)
        excluded = _texts(left_out) if isinstance(left_out, Sequence) else []
        names: list[str] = []
        for base in self.ctx.hierarchy.mro(model.info) if isinstance(model, ClassValue) else ():
            if isinstance(base, ClassInfo):
                names.extend(
                    name
                    for name, statements in base.bindings.items()
                    if isinstance(getattr(statements[-1], "value", None), ast.Call)
                )
        return [name for name in dict.fromkeys(names) if name not in excluded]

    def _model_field(self, model: Value | None, name: str, node: ast.AST, frame: Frame) -> Instance:
        found = None
        if isinstance(model, ClassValue):
            found = self.ctx.hierarchy.attribute_of_class(model.info, name)
        if not isinstance(found, Instance):
            found = Instance(External(MODEL_FIELD), self.ctx.moment, node, frame.source)
        self.ctx.heap.put(found, "name", Const(name))
        return found

    def constructed(
        self,
        cls: ClassValue,
        instance: Instance,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """A form field of the project was made: it asks itself for the widget's attributes."""
        kinds = self.ctx.hierarchy.kinds(cls)
        if "form-field" not in kinds:
            return
        if "queryset-field" in kinds:
            self._choices_of(cls, instance, args, keywords, node, frame)
        widget = Instance(External(WIDGET), self.ctx.moment, node, frame.source)
        made = self.ctx.protocols.ask(instance, "widget_attrs", [widget], {}, node, frame)
        if made is not None and made is not UNKNOWN:
            instance.parts = (*instance.parts, made)

    def _choices_of(
        self,
        cls: ClassValue,
        field: Instance,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """A field gets its queryset, and its widget the choices; each form does so anew."""
        queryset = given(args, keywords, "queryset") or given(args, keywords, 0)
        self.ctx.heap.put(field, "<queryset>", queryset or UNKNOWN)
        start = len(self.ctx.runs)
        if isinstance(self.ctx.hierarchy.attribute_of_class(cls.info, "choices"), Function):
            field.read(self.ctx, "choices", node, frame)
        for run in self.ctx.runs[start:]:
            run.sink = Fate.FRESH

    def method(self, receiver: Instance, name: str, node: ast.AST, frame: Frame) -> Value | None:
        """A method that a field inherits; ``None`` if nothing is known of it."""
        held = self.ctx.heap.stored(receiver, "<queryset>") if name in CHOICES else None
        if held is None:
            return None
        found = [option for option in options(held) if isinstance(option, QuerySetValue)]

        def run(ctx: EngineContext, consumer: ast.AST) -> Value:
            copies = [replace(queryset, born=ctx.moment, filled=None) for queryset in found]
            return join([copy.iterate(ctx, consumer, uses.ITERATOR, frame) for copy in copies])

        return Deferred("iterator", run, self.ctx.moment, (held,))

    # initial data

    def _initial_of_fields(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        for name, value in info.scope.vars.items():
            if isinstance(value, Instance) and self._iterates(value):
                initial = self.ctx.heap.stored(value, "initial")
                place = _keyword(info, name, "initial") or value.node
                self._kept(
                    initial, Holder(HolderKind.CLASS_ATTRIBUTE, name, info.name), place, frame
                )

    def _initial_of_view(self, info: ClassInfo, node: ast.ClassDef, frame: Frame) -> None:
        initial = info.scope.vars.get("initial")
        form = self.ctx.hierarchy.attribute_of_class(info, "form_class")
        if not isinstance(initial, Mapping):
            return
        for key, value in initial.items.items():
            known = self._known(form, key)
            if known is not None:
                place = initial.nodes.get(key, node)
                self._kept(
                    value,
                    Holder(HolderKind.CLASS_ATTRIBUTE, "initial", info.name),
                    place,
                    frame,
                    known,
                )

    def _kept(
        self,
        value: Value | None,
        holder: Holder,
        place: ast.AST,
        frame: Frame,
        confidence: Confidence = Confidence.HIGH,
    ) -> None:
        """A class keeps a lazy queryset that each of its forms will iterate."""
        if value is None or self.ctx.muted or self.ctx.moment is not Moment.IMPORT:
            return
        for option in options(value):
            if isinstance(option, QuerySetValue) and option.born is Moment.IMPORT:
                self.ctx.orm.holders.setdefault(id(option), holder)
                self.ctx.analysis.shared_use(
                    option, place, uses.FORM, frame, Manner.HANDED, confidence, anchor=place
                )

    def given_initial(
        self,
        receiver: Instance,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """A form or formset was made, perhaps with initial data."""
        kinds = self.ctx.hierarchy.kinds(receiver.cls)
        if self.ctx.moment is Moment.CALL and kinds & {"form", "formset"}:
            initial = given(args, keywords, "initial") or given(args, keywords, INITIAL)
            if initial is not None:
                self.initial(receiver.cls, initial, node, frame)

    def initial(self, form: Value, value: Value, node: ast.AST, frame: Frame) -> None:
        """Give initial data to a form or formset; a form iterates some of them."""
        kinds = self.ctx.hierarchy.kinds(form)
        for option in options(value):
            if "formset" in kinds:
                self.ctx.escapes.hand_over([option], node, uses.FORMSET, frame)
            elif isinstance(option, Mapping):
                for key, item in option.items.items():
                    known = self._known(form, key)
                    if known is not None:
                        self.ctx.escapes.hand_over([item], node, uses.FORM, frame, known)

    def returned_initial(self, info: ClassInfo, value: Value, node: ast.AST, frame: Frame) -> None:
        """``get_initial()`` of a view returned the initial data of its form."""
        form = self.ctx.hierarchy.attribute_of_class(info, "form_class")
        if isinstance(form, ClassValue):
            self.initial(form, value, node, frame)

    def _known(self, form: Value | None, key: object) -> Confidence | None:
        """Whether a form iterates the initial value under a key; ``None``: no, or nobody knows."""
        if not isinstance(form, ClassValue) or not isinstance(key, str):
            return Confidence.INFERENCE_FAILURE
        field = self.ctx.hierarchy.attribute_of_class(form.info, key)
        if isinstance(field, Instance):
            return Confidence.HIGH if self._iterates(field) else None
        meta = self.ctx.hierarchy.attribute_of_class(form.info, "Meta")
        if field is not None or not isinstance(meta, ClassValue):
            return None
        model = self.ctx.hierarchy.attribute_of_class(meta.info, "model")
        if not isinstance(model, ClassValue):
            return Confidence.INFERENCE_FAILURE
        column = self.ctx.hierarchy.attribute_of_class(model.info, key)
        many = (
            isinstance(column, Instance)
            and isinstance(column.cls, External)
            and column.cls.name.endswith(MANY_TO_MANY)
        )
        return Confidence.HIGH if many else None

    def _iterates(self, field: Instance) -> bool:
        return "rows-field" in self.ctx.hierarchy.kinds(field.cls)

    # fields and widgets as objects

    def attribute(self, value: Instance, name: str, node: ast.AST, frame: Frame) -> Value | None:
        """``form.fields``, ``field.widget``: what Django's constructors have made."""
        kinds = self.ctx.hierarchy.kinds(value.cls)
        if name == "fields" and "form" in kinds:
            made: Value = self._fields(value, node, frame)
        elif name in ("widget", "field") and kinds & PARTS:
            made = Instance(
                External(WIDGET if name == "widget" else FIELD), self.ctx.moment, node, frame.source
            )
        else:
            return None
        self.ctx.heap.put(value, name, made)
        return made

    def _fields(self, form: Instance, node: ast.AST, frame: Frame) -> Mapping:
        """The fields of a form: copies of those that its class declares, and others."""
        found: dict[object, Value] = {
            None: Instance(External(FIELD), form.born, node, frame.source)
        }
        order = self.ctx.hierarchy.mro(form.cls.info) if isinstance(form.cls, ClassValue) else []
        for base in reversed(order):
            for name in base.bindings if isinstance(base, ClassInfo) else ():
                field = self.ctx.hierarchy.own_attribute(base, name)  # type: ignore[arg-type]
                if isinstance(field, Instance) and "form-field" in self.ctx.hierarchy.kinds(
                    field.cls
                ):
                    copy = replace(field, born=form.born)
                    self.ctx.heap.keep.append(copy)
                    for attribute, held in self.ctx.heap.stored_all(field).items():
                        self.ctx.heap.put(copy, attribute, held)
                    found[name] = copy
        return Mapping(found, form.born, node)

    def assigned(
        self, target: Instance, name: str, value: Value, node: ast.AST, frame: Frame
    ) -> bool:
        """``field.choices = ...``: whether assigning the attribute evaluated the value."""
        kinds = self.ctx.hierarchy.kinds(target.cls)
        if name == "initial" and self.ctx.moment is Moment.CALL:
            if "rows-field" in kinds:
                self.ctx.escapes.hand_over([value], node, uses.FORM, frame)
            elif kinds & {"form", "formset"}:
                self.initial(target.cls, value, node, frame)
            return False
        if not any(name in SETTERS[kind] for kind in kinds & SETTERS.keys()):
            return False
        found = [
            self.ctx.orm.consume(option, node, uses.assigned(name), frame)
            if isinstance(option, QuerySetValue)
            else option
            for option in options(value)
        ]
        if self.ctx.heap.may_change(target):
            target.parts = (*target.parts, *(item for item in found if item is not UNKNOWN))
        return True


def _texts(value: Sequence) -> list[str]:
    return [
        item.value
        for item in value.items
        if isinstance(item, Const) and isinstance(item.value, str)
    ]


def _keyword(info: ClassInfo, name: str, keyword: str) -> ast.AST | None:
    """The value of a keyword in the call that a name of a class is bound to."""
    call = getattr(info.bindings[name][-1], "value", None) if name in info.bindings else None
    for argument in call.keywords if isinstance(call, ast.Call) else ():
        if argument.arg == keyword:
            return argument.value
    return None
