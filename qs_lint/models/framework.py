"""What Django and DRF do with classes: who clones a queryset, who hands it on, who evaluates it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass

from qs_lint.domain import Manner, Moment, Shared, Use, uses
from qs_lint.domain.observations import Context
from qs_lint.engine.arguments import in_mapping
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Component, Frame, file_name
from qs_lint.engine.nodes import nodes_in, per_node
from qs_lint.engine.scope import Scope
from qs_lint.facts.lifecycle import FILTER_BACKENDS, PAGINATION
from qs_lint.findings import Confidence
from qs_lint.models.templates import fills_cache
from qs_lint.values import (
    NONE,
    UNKNOWN,
    ClassValue,
    Const,
    Deferred,
    External,
    Function,
    Instance,
    ManagerValue,
    Mapping,
    Operation,
    QuerySetValue,
    Rows,
    Sequence,
    Value,
    join,
    options,
)

#: what is called on a paginator; its other names are read
PAGINATOR_METHODS = frozenset({"page", "get_page", "get_elided_page_range"})


@dataclass(eq=False, slots=True)
class MethodCall:
    """A call of a method that an instance inherits from a framework class."""

    receiver: Instance
    name: str
    args: list[Value]
    keywords: dict[str, Value]
    node: ast.AST
    frame: Frame
    #: what the receiver is
    kinds: frozenset[str]

    @property
    def values(self) -> list[Value]:
        """All arguments."""
        return [*self.args, *self.keywords.values()]


class Framework(Component):
    """The behaviour of framework classes."""

    # classes at import

    def context_of_class(self, info: ClassInfo) -> object:
        """Messages about the class body name the class and its kind."""
        saved = self.ctx.orm.context
        if len(self.ctx.stack) == self.ctx.body:
            self.ctx.orm.context = Context(
                class_name=info.name,
                kinds=self.ctx.hierarchy.kinds(info) | self.ctx.annotations.fields(info),
                file=file_name(self.ctx.main),
            )
        return saved

    def context_restore(self, saved: object) -> None:
        """Leave the class body again."""
        assert isinstance(saved, Context)
        self.ctx.orm.context = saved

    def binding(self, info: ClassInfo, name: str, default: ast.AST) -> ast.AST:
        """The value expression of an attribute in a class body, for messages."""
        for statement in reversed(info.bindings.get(name, [])):
            value = getattr(statement, "value", None)
            if isinstance(value, ast.AST):
                return value
        return default

    def class_effects(self, info: ClassInfo, node: ast.AST, frame: Frame) -> None:
        """What the framework does with the attributes of a class that was just made."""
        kinds = self.ctx.hierarchy.kinds(info)
        saved = self.context_of_class(info)
        try:
            if kinds & {"context", "view"}:
                value = self._own_value(info, "extra_context")
                if value is not None:
                    where = self.binding(info, "extra_context", node)
                    text = self._class_template(ClassValue(info), frame)
                    self.ctx.escapes.extra_context(
                        value, where, uses.EXTRA_CONTEXT, frame, self.ctx.orm.context, text
                    )
            if "feed" in kinds:
                for option in options(self._own_value(info, "items") or UNKNOWN):
                    if isinstance(option, QuerySetValue):
                        self._kept(
                            option, self.binding(info, "items", node), frame, None, uses.FEED
                        )
            if kinds & {"list", "drf-list"} and not isinstance(
                self.ctx.hierarchy.attribute_of_class(info, "get_queryset"), Function
            ):
                value = self._own_value(info, "queryset")
                if value is not None:
                    self.kept_by_view(value, kinds, self.binding(info, "queryset", node), frame)
        finally:
            self.context_restore(saved)

    def _class_template(self, cls: Value, frame: Frame) -> str | None:
        """The text of the template that a view class names."""
        if not isinstance(cls, ClassValue):
            return None
        for base in self.ctx.hierarchy.mro(cls.info):
            if isinstance(base, ClassInfo) and "render_to_response" in base.bindings:
                method = base.bindings["render_to_response"][-1]
                text = self._made_template(cls, base, method)
                if text is not None or not _calls_super(method):
                    return text
        name = self.ctx.hierarchy.attribute_of_class(cls.info, "template_name")
        return None if name is None else self.ctx.escapes.template_text(name, frame)

    def _made_template(self, cls: ClassValue, base: ClassInfo, method: ast.stmt) -> str | None:
        """The text of the template that a method makes, loads or has at hand, and renders."""
        scope = Scope("function", base.source, base.scope)
        arguments = getattr(method, "args", None)
        if arguments is not None and arguments.args:
            scope.vars[arguments.args[0].arg] = cls
        frame = Frame(scope, base.source, owner=base)
        parts = nodes_in(method)
        for part in parts:
            if isinstance(part, (ast.Import, ast.ImportFrom)):
                self.ctx.statements.execute([part], frame)
            if isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                name, value = part.targets[0].id, self._looked_up(part.value, frame)
                scope.vars[name] = UNKNOWN if name in scope.vars else value
        for part in parts:
            if isinstance(part, ast.Call):
                text = self._template_in(part, frame)
                if text is not None:
                    return text
        return None

    def _template_in(self, call: ast.Call, frame: Frame) -> str | None:
        function = self._looked_up(call.func, frame)
        if call.args and "template" in self.ctx.hierarchy.kinds(function):
            value = self._looked_up(call.args[0], frame)
            if isinstance(value, Const) and isinstance(value.value, str):
                return value.value
        if isinstance(function, Operation) and function.name == "render":
            made = function.receiver
            if isinstance(made, Instance) and isinstance(made.cls, External):
                return (
                    self.ctx.escapes.template_of(made, frame)
                    if "template" in self.ctx.hierarchy.kinds(made.cls)
                    else None
                )
        if isinstance(function, External):
            facts = self.ctx.facts
            loads = facts.behaviour.get(function.name) == "template-loader"
            key = 0 if loads else facts.templates.get(function.name)
            if isinstance(key, int) and key < len(call.args):
                return self.ctx.escapes.template_text(self._looked_up(call.args[key], frame), frame)
        return None

    def _looked_up(self, node: ast.expr, frame: Frame) -> Value:
        """What an expression without calls stands for; nothing is reported."""
        if any(isinstance(part, (ast.Call, ast.NamedExpr)) for part in nodes_in(node)):
            return UNKNOWN
        self.ctx.muted += 1
        try:
            return self.ctx.expressions.eval(node, frame)
        finally:
            self.ctx.muted -= 1

    @staticmethod
    def _own_value(info: ClassInfo, name: str) -> Value | None:
        return info.extra.get(name, info.scope.vars.get(name))

    def kept_by_view(
        self, value: Value, kinds: frozenset[str], node: ast.AST, frame: Frame
    ) -> None:
        """A view's ``queryset`` at import: raw querysets and iterators are exhausted or kept."""
        if (
            self.ctx.muted
            or self.ctx.moment is not Moment.IMPORT
            or not kinds & {"list", "drf-list"}
        ):
            return
        for option in options(value):
            if isinstance(option, QuerySetValue) and option.raw:
                self._kept(option, node, frame, Shared.RAW, uses.RAW_SQL)
            elif isinstance(option, Deferred) and option.kind in ("iterator", "generator"):
                for part in option.parts:
                    if isinstance(part, QuerySetValue):
                        self._kept(
                            part,
                            node,
                            frame,
                            Shared.ITERATOR,
                            uses.GENERATOR if option.kind == "generator" else uses.ITERATOR,
                        )
                        break

    def _kept(
        self, queryset: QuerySetValue, node: ast.AST, frame: Frame, kind: Shared | None, how: Use
    ) -> None:
        self.ctx.analysis.shared_use(
            queryset, node, how, frame, manner=Manner.KEPT, kind=kind, anchor=node
        )

    # methods of instances

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
        made = self.ctx.concurrency.method(receiver, name, args, keywords, node, frame)
        if made is None:
            made = self.ctx.forms.method(receiver, name, node, frame)
        if made is not None:
            return made
        kinds = self.ctx.hierarchy.kinds(receiver.cls)
        call = MethodCall(receiver, name, args, keywords, node, frame, kinds)
        special = _METHODS.get(name)
        if special is not None:
            made = special(self, call)
        if made is None:
            made = self._given_queryset(call)
        if made is None:
            made = self._of_object(call)
        if made is not None:
            return made
        self.ctx.orm.lookups_to(name, args, keywords, node, frame)
        if self.ctx.moment is Moment.CALL and not kinds and isinstance(receiver.cls, External):
            return self.ctx.callables.opaque(call.values)  # what nobody reads answers now
        return self.ctx.callables.opaque([receiver, *call.values])

    def _given_queryset(self, call: MethodCall) -> Value | None:
        """A method that hands out a clone of the queryset of an attribute."""
        cloned = None
        if call.name in self.ctx.facts.clone_names:
            cloned = self.ctx.facts.clone(self.ctx.orm.owners(call.receiver.cls), call.name)
        if cloned is None and call.name == "get_queryset":
            cloned = "queryset" if call.kinds & {"view", "drf", "multiple", "single"} else None
        if cloned is None:
            return None
        return self._cloned_queryset(call.receiver, cloned, call.node, call.frame)

    def _of_object(self, call: MethodCall) -> Value | None:
        """A method of a template, a local of a thread or task, or a paginator."""
        cls, name = call.receiver.cls, call.name
        if "template" in call.kinds:
            if name == "render" and call.values:
                text = self.ctx.escapes.template_of(call.receiver, call.frame)
                self.ctx.escapes.render(call.values[0], call.node, uses.TEMPLATE, call.frame, text)
            return UNKNOWN
        if not isinstance(cls, External):
            return None
        if name == "get" and "local" in call.kinds:
            return self.ctx.attributes.volatile(f"{cls.name}.get", "context", call.node, call.frame)
        if "paginator" in call.kinds:
            return self._paginator(call.receiver, name, call.node, call.frame)
        return None

    def _register(self, call: MethodCall) -> Value | None:
        if "admin-site" not in call.kinds:
            return None
        self.ctx.startup.register(call.args, call.keywords, call.node)
        return NONE

    def _init(self, call: MethodCall) -> Value | None:
        cls, given = call.receiver.cls, (call.args, call.keywords, call.node, call.frame)
        if isinstance(cls, ClassValue):
            self.ctx.calls.construct(cls, call.receiver, *given)
        self.ctx.heap.put(call.receiver, "<arguments>", self.ctx.callables.opaque(call.values))
        return UNKNOWN

    def _add(self, call: MethodCall) -> Value | None:
        """``Q().add(...)``."""
        receiver = call.receiver
        if receiver.born is not self.ctx.moment or "q" not in call.kinds:
            return None
        if not isinstance(receiver.cls, External):
            return None
        if self.ctx.heap.may_change(receiver):
            receiver.parts = (*receiver.parts, *call.values)
        return receiver

    def _get_initial(self, call: MethodCall) -> Value | None:
        if "form-view" in call.kinds and self.ctx.moment is Moment.CALL:
            return Mapping({}, Moment.CALL, call.node, open=True)
        return None

    def _get_context_data(self, call: MethodCall) -> Value | None:
        if self.ctx.moment is Moment.CALL:
            return in_mapping(call.keywords, Moment.CALL, call.node, more=True)
        return None

    def _get_model(self, call: MethodCall) -> Value | None:
        """``apps.get_app_config(...).get_model(...)``."""
        if "app-config" not in call.kinds:
            return None
        label = self.ctx.heap.stored(call.receiver, "<label>")
        if label is None:
            label = self.ctx.attributes.attribute(call.receiver, "label", call.node, call.frame)
        known = isinstance(label, Const) and isinstance(label.value, str)
        return self.ctx.callables.model_got([label, *call.args[:1]] if known else call.args[:1])

    def _filter_queryset(self, call: MethodCall) -> Value | None:
        if "drf" not in call.kinds or not call.args:
            return None
        return self._filtered(call.receiver, call.args[0], call.node, call.frame)

    def _paginate_queryset(self, call: MethodCall) -> Value | None:
        return UNKNOWN

    def _get_serializer(self, call: MethodCall) -> Value | None:
        if "drf" not in call.kinds:
            return None
        many = call.keywords.get("many")
        if isinstance(many, Const) and many.value:
            shown = call.args[:1] or [call.keywords.get("instance", UNKNOWN)]
            self.ctx.escapes.hand_over(shown, call.node, uses.SERIALIZER, call.frame)
        return UNKNOWN

    def _render_to_response(self, call: MethodCall) -> Value | None:
        if not call.args:
            return None
        text = self._class_template(call.receiver.cls, call.frame)
        how = uses.called("render_to_response")
        self.ctx.escapes.render(call.args[0], call.node, how, call.frame, text)
        return UNKNOWN

    def _save_or_delete(self, call: MethodCall) -> Value | None:
        """``save()`` and ``delete()`` of a model instance, at import."""
        if "model" not in call.kinds or self.ctx.moment is not Moment.IMPORT:
            return None
        table = QuerySetValue(
            call.receiver.cls,
            None,
            self.ctx.moment,
            call.node,
            call.frame.source,
            Confidence.HIGH,
            depth=self.ctx.depth,
        )
        how = uses.method(call.name)
        self.ctx.fates.record_query(table, call.node, how, call.frame, writes=True)
        return UNKNOWN

    def framework_attribute(self, value: Instance, name: str, node: ast.AST, frame: Frame) -> Value:
        """An attribute that an instance inherits from a framework class."""
        kinds = self.ctx.hierarchy.kinds(value.cls)
        if not isinstance(value.cls, External):
            return self.ctx.attributes.framework_attribute(value, name, node, frame)
        if "paginator" in kinds and name in ("count", "num_pages", "page_range"):
            return self._paginator(value, name, node, frame)
        if "local" in kinds and name not in ("get", "set", "reset"):
            return self.ctx.attributes.volatile(f"{value.cls.name}.{name}", "context", node, frame)
        return self.ctx.attributes.framework_attribute(value, name, node, frame)

    def _paginator(self, receiver: Instance, name: str, node: ast.AST, frame: Frame) -> Value:
        kind = (
            uses.UseKind.PAGINATOR_METHOD
            if name in PAGINATOR_METHODS
            else uses.UseKind.PAGINATOR_ATTRIBUTE
        )
        how = uses.Use(kind, name)
        parts = [part for part in receiver.parts if isinstance(part, QuerySetValue)]
        if self.ctx.moment is Moment.CALL and receiver.born is Moment.IMPORT:
            for part in parts:
                self._shared_paginator(receiver, part, node, how, frame)
            return UNKNOWN
        items = join([self.ctx.orm.peek(part, node, how, frame) for part in parts])
        if isinstance(items, Rows):
            return Rows("list", items.taints, items.model)
        return items

    def _shared_paginator(
        self, paginator: Instance, rows: QuerySetValue, node: ast.AST, how: Use, frame: Frame
    ) -> None:
        """A paginator of process lifetime counts once; the place is where it is made."""
        mark = ("paginator", id(paginator))
        if mark in self.ctx.orm.reported:
            return
        before = len(self.ctx.observed)
        own = paginator.source is self.ctx.main
        self.ctx.analysis.shared_use(
            rows, node, how, frame, kind=Shared.PAGINATOR, anchor=paginator.node if own else None
        )
        if len(self.ctx.observed) > before:
            self.ctx.orm.reported.add(mark)

    def _cloned_queryset(
        self, receiver: Instance, attribute: str, node: ast.AST, frame: Frame
    ) -> Value:
        """``get_queryset()`` of a generic view: ``self.queryset.all()``, or all of the model."""
        found: list[Value] = []
        for option in options(self.ctx.attributes.attribute(receiver, attribute, node, frame)):
            if isinstance(option, QuerySetValue):
                found.append(option if option.raw else self.ctx.orm.clone(option, node, frame))
            elif isinstance(option, ManagerValue):
                found.append(self.ctx.orm.base_queryset(option, node, frame))
            elif isinstance(option, (Rows, Sequence)):
                found.append(option)
        if found:
            return join(found)
        model = self.ctx.attributes.attribute(receiver, "model", node, frame)
        known = self.ctx.hierarchy.model_confidence(model)
        if known is not None:
            return QuerySetValue(
                model,
                None,
                self.ctx.moment,
                node,
                frame.source,
                known,
                open=True,
                depth=self.ctx.depth,
            )
        return UNKNOWN

    def _filtered(self, receiver: Instance, value: Value, node: ast.AST, frame: Frame) -> Value:
        """``filter_queryset()`` of a DRF view: the same object unless a backend filters."""
        info = receiver.cls.info if isinstance(receiver.cls, ClassValue) else None
        verdict = self.backends(info) if info is not None else Confidence.INFERENCE
        found: list[Value] = []
        for option in options(value):
            if isinstance(option, QuerySetValue) and self.ctx.shared(option):
                if verdict is None:
                    found.append(self.ctx.orm.clone(option, node, frame))
                    continue
                self.ctx.orm.lowered[id(option)] = verdict
            found.append(option)
        return join(found)

    # what happens to a returned queryset

    def backends(self, info: ClassInfo) -> Confidence | None:
        """Whether a DRF view's filter backends may hand on the very queryset they are given.

        ``None``: they always make a new one (or nobody knows).
        """
        value = self.ctx.hierarchy.attribute_of_class(info, "filter_backends")
        if value is None:
            if any(
                self.ctx.hierarchy.attribute_of_class(info, name) is not None
                for name in self.ctx.facts.telling
            ):
                return None  # whoever sets these has the backend among the defaults
            # settings decide
            chosen = self.ctx.places.key_of_setting(*FILTER_BACKENDS)
            if any(self._backends_in(each, info) is None for each in chosen):
                return None
            return Confidence.INFERENCE
        return self._backends_in(value, info)

    def _backends_in(self, value: Value, info: ClassInfo) -> Confidence | None:
        if not isinstance(value, Sequence) or value.open:
            return None
        for backend in value.items:
            if isinstance(backend, ClassValue):
                if (
                    self.ctx.hierarchy.attribute_of_class(backend.info, "filter_queryset")
                    is not None
                ):
                    return None
                names = [name for name in self.ctx.hierarchy.foreign_bases(backend.info) if name]
            elif isinstance(backend, External):
                names = [backend.name]
            elif isinstance(backend, Const):  # in the settings, by name
                names = [self.ctx.facts.canonical(str(backend.value))]
            else:
                return None
            for name in names:
                row = self.ctx.facts.classes.get(name)
                if row is None or row.filters_by is None:
                    return None
                for attribute in row.filters_by:
                    if self.ctx.hierarchy.attribute_of_class(info, attribute) is not None:
                        return None
        return Confidence.HIGH

    def handed_on(self, info: ClassInfo) -> Confidence | None:
        """Whether what ``get_queryset()`` of a class returns is evaluated in place.

        ``None``: it is cloned, filtered or paginated first, or nobody knows.
        """
        kinds = self.ctx.hierarchy.kinds(info)
        if "model-formset" in kinds:
            return Confidence.HIGH
        if "drf" in kinds:
            return self._handed_on_by_drf(info, kinds)
        if "date" in kinds or "single" in kinds or "list" not in kinds:
            return None
        if "view" not in kinds and not kinds & {"list"}:
            return None
        paginate = self.ctx.hierarchy.attribute_of_class(info, "paginate_by")
        if isinstance(self.ctx.hierarchy.attribute_of_class(info, "get_paginate_by"), Function):
            return None
        if paginate is not None and not (isinstance(paginate, Const) and not paginate.value):
            return None
        return Confidence.HIGH

    def _handed_on_by_drf(self, info: ClassInfo, kinds: frozenset[str]) -> Confidence | None:
        lists = "drf-list" in kinds or (
            "viewset" in kinds
            and "drf-generic" in kinds
            and isinstance(self.ctx.hierarchy.attribute_of_class(info, "list"), Function)
        )
        if not lists:
            return None
        result = self.backends(info)
        if result is None:
            return None
        pages = self.ctx.hierarchy.attribute_of_class(info, "pagination_class")
        if pages is None:
            # settings decide
            everywhere = self.ctx.places.key_of_setting(*PAGINATION)
            if any(not (isinstance(each, Const) and each.value is None) for each in everywhere):
                return None
            return min(result, Confidence.INFERENCE)
        if isinstance(pages, Const) and pages.value is None:
            return result
        return None

    def returned(self, value: Value, node: ast.Return, frame: Frame) -> None:
        """A method of the checked file returns a value to the framework."""
        function = frame.function
        if self.ctx.moment is not Moment.CALL or self.ctx.muted:
            return
        if function is None or function is not self.ctx.entry:
            return
        marks = function.marks
        if "pages" in marks:
            return  # a page is a slice, which is a new queryset
        shown = node.value or node
        context = self.ctx.orm.context
        resolves = "resolvers" in context.kinds and context.function.startswith("resolve_")
        if "answers" in marks or resolves:
            self._evaluated(value, shown, frame)
        elif self.ctx.entry_class is not None:
            self._returned_by_method(self.ctx.entry_class, value, shown, frame)
        elif "tag" in marks:
            self._context(value, shown, frame, uses.TEMPLATE_TAG)
            self._evaluated(value, shown, frame)
        elif self._is_context_processor(function):
            self._context(value, shown, frame, uses.CONTEXT_PROCESSOR, shared=True)

    def _returned_by_method(
        self, info: ClassInfo, value: Value, shown: ast.AST, frame: Frame
    ) -> None:
        name, kinds = self.ctx.orm.context.function, self.ctx.orm.context.kinds
        if name == "get_queryset":
            verdict = self.handed_on(info)
            if verdict is not None:
                self._evaluated(value, shown, frame, verdict)
        elif name == "get_initial" and "form-view" in kinds:
            self.ctx.forms.returned_initial(info, value, shown, frame)
        elif name == "get_context_data" and kinds & {"context", "view"}:
            self._context(value, shown, frame, uses.CONTEXT_DATA)
        elif _ITERATED.get(name) in kinds:
            self._evaluated(value, shown, frame)

    def _evaluated(
        self,
        value: Value,
        shown: ast.AST,
        frame: Frame,
        verdict: Confidence = Confidence.HIGH,
    ) -> None:
        """Whoever called the method evaluates what it returned."""
        self.ctx.escapes.hand_over([value], shown, uses.RETURNED, frame, verdict, Manner.RETURNED)

    def _context(
        self,
        value: Value,
        node: ast.AST,
        frame: Frame,
        where: Use,
        shared: bool = False,
    ) -> None:
        text = None
        if self.ctx.entry_class is not None:
            text = self._class_template(ClassValue(self.ctx.entry_class), frame)
        for option in options(value):
            if not isinstance(option, Mapping):
                continue
            for key, item in option.items.items():
                if text is not None and isinstance(key, str) and not fills_cache(text, key):
                    continue
                for part in options(item):
                    if not isinstance(part, QuerySetValue) or not self.ctx.shared(part):
                        continue
                    place = self.ctx.escapes.place_in(option, key, node)
                    if shared or option.born is Moment.IMPORT:
                        self.ctx.escapes.shared_context(part, place, str(key), where, frame)
                    else:
                        self.ctx.analysis.shared_use(part, place, where, frame, Manner.HANDED)

    def _is_context_processor(self, function: Function) -> bool:
        if "context_processor" in file_name(self.ctx.main):
            return True
        node = function.node
        if isinstance(node, ast.Lambda):
            return False
        arguments = [argument.arg for argument in node.args.args]
        return (
            arguments == ["request"]
            and function.scope.kind == "module"
            and not node.decorator_list
            and all(
                isinstance(part.value, (ast.Dict, ast.Name))
                for part in nodes_in(node)
                if isinstance(part, ast.Return) and part.value is not None
            )
            and node.name not in _called_names(function.source.tree)
        )


@per_node
def _called_names(tree: ast.AST) -> frozenset[str]:
    """The functions that a module calls by their names: such a function is not the framework's."""
    return frozenset(
        part.func.id
        for part in nodes_in(tree)
        if isinstance(part, ast.Call) and isinstance(part.func, ast.Name)
    )


#: methods whose result the framework iterates over, and the classes that they belong to
_ITERATED = {"items": "feed", "lookups": "list-filter"}
_METHODS: dict[str, Callable[[Framework, MethodCall], Value | None]] = {
    "__init__": Framework._init,
    "add": Framework._add,
    "delete": Framework._save_or_delete,
    "filter_queryset": Framework._filter_queryset,
    "get_context_data": Framework._get_context_data,
    "get_initial": Framework._get_initial,
    "get_model": Framework._get_model,
    "get_serializer": Framework._get_serializer,
    "paginate_queryset": Framework._paginate_queryset,
    "register": Framework._register,
    "render_to_response": Framework._render_to_response,
    "save": Framework._save_or_delete,
}


def _calls_super(method: ast.stmt) -> bool:
    return any(isinstance(part, ast.Name) and part.id == "super" for part in nodes_in(method))
