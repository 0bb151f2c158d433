"""Calls: project functions are followed, framework callables are looked up."""

from __future__ import annotations

import ast
from dataclasses import replace

from qs_lint.django_facts.callables import (
    CALLEES,
    LOG_METHODS,
    MEMOISERS,
    METHODS,
    TAKERS,
    Callee,
)
from qs_lint.django_facts.clocks import FIXED_BY_ARGUMENT, LOCALS, VOLATILE
from qs_lint.django_facts.models import MODEL_GETTERS
from qs_lint.django_facts.querysets import LAZY, RELATED_WRITES, WRITING
from qs_lint.findings import Confidence
from qs_lint.semantics.attributes import Attributes
from qs_lint.semantics.classes import ClassInfo
from qs_lint.semantics.machine import MAX_CALLS, MAX_CALLS_PER_REQUEST, CallSite, Frame
from qs_lint.semantics.observations import Context, SharedContext
from qs_lint.semantics.orm import RELATED
from qs_lint.semantics.scope import Scope
from qs_lint.semantics.source import Source
from qs_lint.semantics.values import (
    NONE,
    UNKNOWN,
    Bound,
    ClassValue,
    Const,
    Deferred,
    External,
    FrozenArgument,
    Function,
    Instance,
    ManagerValue,
    Mapping,
    Moment,
    Opaque,
    Operation,
    Partial,
    QuerySetValue,
    Rows,
    Sequence,
    Super,
    Value,
    derived,
    join,
    options,
    querysets_in,
    taints_of,
    walk,
)

LIMITED = (
    "django.db.models.ForeignKey",
    "django.db.models.OneToOneField",
    "django.db.models.ManyToManyField",
)
#: methods that nothing but a queryset has
UNMISTAKABLE = frozenset({"select_related", "prefetch_related", "values_list", "order_by"})
#: a missing argument that may have been given by ``*args`` or ``**kwargs``
MAYBE = "*"


def simple(value: Value) -> bool:
    """Whether nothing of interest can be inside of a value."""
    return isinstance(value, (Const, External)) or value is UNKNOWN


class Calls(Attributes):
    """What calling a value does."""

    def call(
        self,
        callee: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call a value; the result is what the call may return."""
        found = [
            self._call(option, list(args), dict(keywords), node, frame)
            for option in options(callee)
        ]
        return found[0] if len(found) == 1 else join(found)

    def _call(
        self,
        callee: Value,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        if isinstance(callee, Bound):
            return self.call_function(
                callee.function, [callee.receiver, *args], keywords, node, frame, callee.receiver
            )
        if isinstance(callee, Function):
            return self.call_function(callee, args, keywords, node, frame)
        if isinstance(callee, External):
            return self.call_external(callee.name, args, keywords, node, frame)
        if isinstance(callee, ClassValue):
            return self.instantiate(callee, args, keywords, node, frame)
        if isinstance(callee, Operation):
            return self.call_operation(callee, args, keywords, node, frame)
        if isinstance(callee, Partial):
            merged = {**callee.keywords, **keywords}
            return self.call(callee.function, [*callee.args, *args], merged, node, frame)
        if isinstance(callee, Instance) and isinstance(callee.cls, ClassValue):
            method = self.attribute_of_class(callee.cls.info, "__call__")
            if isinstance(method, Function):
                return self.call(Bound(callee, method), args, keywords, node, frame)
        if isinstance(callee, Deferred) and callee.kind == "lazy":
            return self.call(callee.run(node), args, keywords, node, frame)
        return self.opaque([*args, *keywords.values(), callee])

    @staticmethod
    def opaque(values: list[Value]) -> Value:
        """The result of a call that is not followed: may hold its arguments."""
        kept = tuple(value for value in values if not simple(value))
        if not kept:
            return UNKNOWN
        taints = frozenset().union(*(taints_of(value) for value in kept))
        return Opaque(taints, kept)

    # project functions

    def call_function(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        receiver: Value | None = None,
    ) -> Value:
        """Follow a call of a project function."""
        if self.moment is Moment.CALL and not self.worth_following(function, args, keywords):
            return self.opaque([*args, *keywords.values()])
        result = self._called(function, args, keywords, node, frame, receiver)
        if self.moment is Moment.CALL and not self.stack:
            self.surface(result)
        return result

    def surface(self, value: Value) -> None:
        """A shared value that a call handed out is now in the hands of the function itself."""
        for part in walk(value):
            if self.read_depth.get(id(part), 0):
                self.read_depth[id(part)] = 0
                self.surfaced.add(id(part))

    def _called(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        receiver: Value | None,
    ) -> Value:
        if isinstance(function.node, ast.AsyncFunctionDef) and "generator" not in function.marks:
            return Deferred(
                "coroutine",
                lambda consumer: self._run_function(
                    function, args, keywords, consumer, frame, receiver
                ),
                self.moment,
            )
        if "generator" in function.marks:
            kind = "context" if "contextmanager" in function.marks else "generator"
            return Deferred(
                kind,
                lambda consumer: self._run_function(
                    function, args, keywords, consumer, frame, receiver
                ),
                self.moment,
            )
        return self._run_function(function, args, keywords, node, frame, receiver)

    def worth_following(
        self, function: Function, args: list[Value], keywords: dict[str, Value]
    ) -> bool:
        """Whether a call made by a request may do something that matters here."""
        return True

    def _run_function(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
        receiver: Value | None,
    ) -> Value:
        if len(self.stack) >= (
            MAX_CALLS if self.moment is Moment.IMPORT else MAX_CALLS_PER_REQUEST
        ) or self.active.count(function.node) > (2 if self.moment is Moment.IMPORT else 0):
            return derived([*args, *keywords.values()])
        self.spend(2)
        scope = Scope("function", function.source, function.scope)
        self.bind(function, args, keywords, scope, node)
        inner = Frame(
            scope,
            function.source,
            function,
            function.owner,
            receiver if receiver is not None else (args[0] if args else None),
        )
        self.stack.append(CallSite(node, frame.source, function.name))
        self.active.append(function.node)
        nesting = self.nesting
        try:
            return self.run_body(function, inner)
        finally:
            self.nesting = nesting
            self.stack.pop()
            self.active.pop()

    def run_body(self, function: Function, inner: Frame) -> Value:
        """Execute a function's body; the value it returns, or the items it yields."""
        if isinstance(function.node, ast.Lambda):
            return self.eval(function.node.body, inner)
        ended = self.execute(function.node.body, inner)
        if "generator" in function.marks:
            return join(inner.yields)
        if not ended:
            inner.returns.append(NONE)
        return join(inner.returns)

    def bind(
        self,
        function: Function,
        args: list[Value],
        keywords: dict[str, Value],
        scope: Scope,
        node: ast.AST,
    ) -> None:
        """Bind arguments to parameters."""
        spec = function.node.args
        maybe = keywords.pop(MAYBE, None)
        positional = [*spec.posonlyargs, *spec.args]
        for index, parameter in enumerate(positional):
            name = parameter.arg
            if index < len(args):
                scope.vars[name] = args[index]
            elif name in keywords:
                scope.vars[name] = keywords.pop(name)
            else:
                scope.vars[name] = self._default(function, name, maybe)
        if spec.vararg is not None:
            rest = list(args[len(positional) :])
            scope.vars[spec.vararg.arg] = Sequence(
                "tuple", rest, self.moment, node, open=maybe is not None
            )
        for parameter in spec.kwonlyargs:
            name = parameter.arg
            if name in keywords:
                scope.vars[name] = keywords.pop(name)
            else:
                scope.vars[name] = self._default(function, name, maybe)
        if spec.kwarg is not None:
            scope.vars[spec.kwarg.arg] = Mapping(
                dict(keywords), self.moment, node, open=maybe is not None
            )

    def _default(self, function: Function, name: str, maybe: Value | None) -> Value:
        value = function.defaults.get(name)
        if value is not None and self.moment is Moment.CALL:
            self.note_read(value, name, 1)
        if value is None:
            return UNKNOWN if maybe is None else maybe
        return value if maybe is None else join([value, maybe])

    # classes

    def instantiate(
        self,
        cls: ClassValue,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Create an instance of a project class."""
        kinds = self.kinds(cls)
        if "manager" in kinds:
            return ManagerValue(UNKNOWN, cls, Confidence.HIGH)
        if "queryset" in kinds:
            model = args[0] if args else keywords.get("model", UNKNOWN)
            return QuerySetValue(
                model,
                cls,
                self.moment,
                node,
                frame.source,
                self.model_confidence(model) or Confidence.INFERENCE,
                depth=self.depth,
            )
        if "enum" in kinds:
            return self.opaque([*args, *keywords.values()])
        values = [*args, *(v for k, v in keywords.items() if k != MAYBE)]
        instance = Instance(
            cls, self.moment, node, frame.source, tuple(v for v in values if not simple(v))
        )
        self.keep.append(instance)
        init = self.attribute_of_class(cls.info, "__init__")
        if isinstance(init, Function):
            self.call_function(init, [instance, *args], keywords, node, frame, instance)
        else:
            self._construct(cls, instance, args, keywords, node, frame)
        if "serializer" in kinds and _many(keywords):
            self.hand_over(
                args[:1] or [keywords.get("instance", UNKNOWN)], node, "serializer", frame
            )
        return instance

    def _construct(
        self,
        cls: ClassValue,
        instance: Instance,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """What the nearest framework class does in its constructor."""
        known = False
        for base in self.mro(cls.info):
            if isinstance(base, External):
                known = True
                if base.name in CALLEES:
                    self.apply(CALLEES[base.name], base.name, args, keywords, node, frame)
                    break
        if not known or self.kinds(cls) <= {"enum"}:
            names = _annotated(cls.info)
            for name, value in [*zip(names, args, strict=False), *keywords.items()]:
                if name != MAYBE:
                    self.put(instance, name, value)
            after = self.attribute_of_class(cls.info, "__post_init__")
            if isinstance(after, Function):
                self.call_function(after, [instance], {}, node, frame, instance)

    # framework callables

    def call_external(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """Call something that is not read."""
        if name in ("django.urls.path", "django.urls.re_path"):
            self.route(args, keywords, node, frame)
        special = _SPECIAL.get(name)
        if special is not None:
            return getattr(self, special)(args, keywords, node, frame)  # type: ignore[no-any-return]
        if name in MODEL_GETTERS:
            return _model_got(name, args)
        if name in CALLEES:
            found = self.apply(CALLEES[name], name, args, keywords, node, frame)
            if name in VOLATILE:
                return join([found, self.volatile(name, VOLATILE[name], node, frame)])
            return found
        if name in VOLATILE and not (name in FIXED_BY_ARGUMENT and args):
            return self.volatile(name, VOLATILE[name], node, frame)
        if name == "types.SimpleNamespace":
            space = Instance(
                External(name), self.moment, node, frame.source, tuple(keywords.values())
            )
            for key, value in keywords.items():
                self.put(space, key, value)
            return space
        if name == "django.urls.register_converter":
            for option in options(args[0]) if args else ():
                if isinstance(option, ClassValue):
                    option.info.kinds = self.kinds(option) | {"singleton"}
        if name == "django.forms.modelformset_factory":
            return External("django.forms.BaseModelFormSet")
        if name == "django.forms.BaseModelFormSet":
            ordered = [
                option
                for option in options(keywords.get("queryset", UNKNOWN))
                if isinstance(option, QuerySetValue) and option.ordered
            ]
            self.hand_over(list(ordered), node, "a formset", frame)
        if name in TAKERS:
            self._template(name, args, keywords, node, frame)
        if name in MEMOISERS or name.removesuffix("()") in MEMOISERS:
            return self._memoiser(name, args, keywords)
        last = name.rpartition(".")[2]
        if last in ("from_queryset", "as_manager", "as_view"):
            owner = External(name.rpartition(".")[0])
            return self._class_operation(owner, last, args, keywords, node, frame)
        if name in LIMITED:
            self._limit_choices(keywords, node, frame)
        if name == "django.db.models.QuerySet":
            model = args[0] if args else keywords.get("model", UNKNOWN)
            return QuerySetValue(
                model,
                None,
                self.moment,
                node,
                frame.source,
                self.model_confidence(model) or Confidence.INFERENCE,
                depth=self.depth,
            )
        if "manager" in self.kinds(External(name)):
            return ManagerValue(UNKNOWN, External(name), Confidence.HIGH)
        if last.endswith("Manager") and last[:1].isupper():
            return ManagerValue(UNKNOWN, External(name), Confidence.INFERENCE, open=True)
        values = [*args, *(v for k, v in keywords.items() if k != MAYBE)]
        if last[:1].isupper() or name in LOCALS:
            kinds = self.kinds(External(name))
            if "serializer" in kinds and _many(keywords):
                self.hand_over(args[:1], node, "serializer", frame)
            return Instance(
                External(name),
                self.moment,
                node,
                frame.source,
                tuple(value for value in values if not simple(value)),
            )
        return self.opaque(values)

    def apply(
        self,
        callee: Callee,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        """The effects of a callee of the fact tables."""
        short = name.removeprefix("builtins.").rpartition(".")[2]
        how = f"{short}()"
        before = len(self.runs)
        items: list[Value] = []
        if callee.later:
            return self._later(callee, name, args, how, node, frame)
        if callee.returns == "iterator" and any(
            isinstance(option, Deferred) and option.kind != "lazy"
            for value in args
            for option in options(value)
        ):
            return self._later(callee, name, args, how, node, frame)
        for key in callee.iterates:
            value = _argument(args, keywords, key)
            if value is None:
                continue
            if callee.returns == "copy" or short in ("dumps", "dump"):
                value = join([o for o in options(value) if not _is_raw(o)])
            if key == "choices" or (key in (0, 1) and "choices" in callee.iterates):
                self._choices(value, how, node, frame)
            if name.startswith("django.forms") or name.startswith("django.db.models"):
                value = _without_promises(value)
            items.append(self._iterate(callee, value, how, node, frame))
        for key in callee.peeks:
            value = _argument(args, keywords, key)
            if value is not None:
                items.append(self._peek_argument(name, value, how, node, frame))
        for key in callee.invokes:
            function = _argument(args, keywords, key)
            if isinstance(function, (Function, Bound, Partial)):
                made = self.call(function, items[:1] or [UNKNOWN], {}, node, frame)
                if short == "map":
                    items = [derived(items), made] if not simple(made) else items
        for run in self.runs[before:]:
            if callee.fresh:
                run.sink = "fresh"
            elif callee.silent:
                run.sink = "dropped"
        return self._result(callee, args, items, node, frame, keywords)

    def _choices(self, value: Value, how: str, node: ast.AST, frame: Frame) -> None:
        """``choices``: groups are iterated too, and a callable is called later, per form."""
        for option in options(value):
            if isinstance(option, (Function, Bound, Partial)):
                if self.moment is Moment.IMPORT and not self.muted:
                    self.callbacks.append((option, node, how))
            elif isinstance(option, (Sequence, Mapping)):
                for part in walk(option):
                    if isinstance(part, QuerySetValue):
                        self.consume(part, node, how, frame)

    def _iterate(
        self, callee: Callee, value: Value, how: str, node: ast.AST, frame: Frame
    ) -> Value:
        if callee.returns == "scalar" and how in ("len()", "bool()"):
            return derived([self.consume(value, node, how, frame)])
        return self.consume(value, node, how, frame)

    def _peek_argument(
        self, name: str, value: Value, how: str, node: ast.AST, frame: Frame
    ) -> Value:
        found: list[Value] = []
        for option in options(value):
            model = (
                self.model_confidence(option)
                if not simple(option) or isinstance(option, External)
                else None
            )
            if "_or_404" in name and isinstance(option, ManagerValue):
                option = self.base_queryset(option, node, frame)
            elif "_or_404" in name and model is not None:
                option = QuerySetValue(
                    option, None, self.moment, node, frame.source, model, depth=self.depth
                )
            found.append(self.peek(option, node, how, frame))
        return join(found)

    def _later(
        self, callee: Callee, name: str, args: list[Value], how: str, node: ast.AST, frame: Frame
    ) -> Value:
        values = list(args)
        if name.endswith("from_iterable"):
            inner = [self.consume(value, node, how, frame) for value in args]
            values = inner

        def run(consumer: ast.AST) -> Value:
            return join([self.consume(value, consumer, how, frame) for value in values])

        return Deferred("iterator", run, self.moment, tuple(v for v in values if not simple(v)))

    def _result(
        self,
        callee: Callee,
        args: list[Value],
        items: list[Value],
        node: ast.AST,
        frame: Frame,
        keywords: dict[str, Value],
    ) -> Value:
        kind = callee.returns
        first = args[0] if args else UNKNOWN
        if kind == "first":
            return first
        if kind == "second":
            return args[1] if len(args) > 1 else UNKNOWN
        if kind == "result":
            return join(items)
        if kind == "none":
            return UNKNOWN
        if kind == "instance":
            found = join(items)
            return replace(found, kind="instance") if isinstance(found, Rows) else found
        if kind == "copy":
            for option in options(first):
                if isinstance(option, QuerySetValue):
                    return replace(option, born=self.moment)
            return first
        if kind == "clone":
            clones = [
                self._clone(option, node, frame) if isinstance(option, QuerySetValue) else option
                for option in options(first)
            ]
            return join(clones)
        if kind in ("list", "tuple", "set", "dict", "iterator"):
            return self._container(kind, first, items, node, keywords)
        if kind == "scalar":
            return derived(items)
        return self.opaque(args + items)

    def _container(
        self,
        kind: str,
        first: Value,
        items: list[Value],
        node: ast.AST,
        keywords: dict[str, Value],
    ) -> Value:
        taints = frozenset().union(*(taints_of(item) for item in items)) if items else frozenset()
        if taints:
            model = next(
                (part.model for item in items for part in walk(item) if isinstance(part, Rows)),
                UNKNOWN,
            )
            return Rows(kind if kind != "tuple" else "list", taints, model)
        if kind == "dict":
            named = {key: value for key, value in keywords.items() if key != MAYBE}
            if isinstance(first, Mapping):
                return replace(first, items={**first.items, **named}, born=self.moment, node=node)
            more = first is not UNKNOWN or MAYBE in keywords
            return Mapping(named, self.moment, node, open=more)
        if isinstance(first, Sequence):
            return Sequence(kind, list(first.items), self.moment, node, open=first.open)
        return Sequence(kind, [i for i in items if i is not UNKNOWN], self.moment, node, open=True)

    # special builtins and library functions

    def _getattr(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if len(args) >= 2 and isinstance(args[1], Const) and isinstance(args[1].value, str):
            found = self.attribute(args[0], args[1].value, node, frame)
            if isinstance(found, Operation) and len(args) == 3:
                return join([found, args[2]])
            return found
        return derived(args)

    def _setattr(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if len(args) == 3 and isinstance(args[1], Const) and isinstance(args[1].value, str):
            self.store_attribute(args[0], args[1].value, args[2], node, frame)
            return self.opaque(args) if self.moment is Moment.IMPORT else NONE
        return NONE

    def _type(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if len(args) == 1:
            for option in options(args[0]):
                if isinstance(option, Instance):
                    return option.cls
            return UNKNOWN
        if len(args) == 3:
            name = args[0].value if isinstance(args[0], Const) else "<type>"
            bases = args[1].items if isinstance(args[1], Sequence) else []
            info = self.synthetic(str(name), list(bases), frame)
            if isinstance(args[2], Mapping):
                info.extra.update(
                    {str(k): v for k, v in args[2].items.items() if isinstance(k, str)}
                )
            self.class_effects(info, node, frame)
            value = ClassValue(info)
            taints = taints_of(args[2])
            return Opaque(taints, (value,)) if taints else value
        return UNKNOWN

    def class_effects(self, info: ClassInfo, node: ast.AST, frame: Frame) -> None:
        """What the framework does with the attributes of a class that was just made."""
        raise NotImplementedError

    def synthetic(self, name: str, bases: list[Value], frame: Frame) -> ClassInfo:
        """A class that no ``class`` statement made."""
        return ClassInfo(
            name,
            None,
            frame.source,
            Scope("class", frame.source, frame.scope),
            bases,
            complete=True,
        )

    def _partial(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        return Partial(args[0], tuple(args[1:]), keywords) if args else UNKNOWN

    def _lazy_object(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        function = args[0] if args else keywords.get("func", UNKNOWN)
        cache: list[Value] = []

        def run(consumer: ast.AST) -> Value:
            if not cache:
                cache.append(self.call(function, [], {}, consumer, frame))
            return cache[0]

        return Deferred("lazy", run, self.moment, (function,))

    def _lazy_function(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        return Partial(External("<promise>"), (args[0],), {}) if args else UNKNOWN

    def _to_sync(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        return Partial(External("<run>"), (args[0],), {}) if args else UNKNOWN

    def _run_coroutine(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        made = self.call(args[0], args[1:], keywords, node, frame)
        found = [
            option.run(node) if isinstance(option, Deferred) else option for option in options(made)
        ]
        return join(found)

    def route(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> None:
        """``path(route, view, kwargs)``: the view is called with these for every request."""
        view = args[1] if len(args) > 1 else keywords.get("view", UNKNOWN)
        given = args[2] if len(args) > 2 else keywords.get("kwargs", UNKNOWN)
        if self.muted or self.moment is not Moment.IMPORT:
            return
        for option in options(view):
            known: dict[str, Value] = {}
            positional: tuple[Value, ...] = ()
            if isinstance(option, Partial) and isinstance(option.function, Function):
                positional, known = option.args, dict(option.keywords)
                option = option.function
            for mapping in options(given):
                if isinstance(mapping, Mapping):
                    known.update({str(k): v for k, v in mapping.items.items() if k is not None})
            if isinstance(option, Function) and (known or positional):
                self.routed.append((option, positional, known, node))

    def _promise(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        function, rest = args[0], args[1:]
        return Deferred(
            "promise",
            lambda consumer: self.call(function, rest, keywords, consumer, frame),
            self.moment,
        )

    def _property(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if args and isinstance(args[0], Function):
            return replace(args[0], marks=args[0].marks | {"property"})
        return UNKNOWN

    def _staticmethod(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if args and isinstance(args[0], Function):
            return replace(args[0], marks=args[0].marks | {"staticmethod"})
        return args[0] if args else UNKNOWN

    def _classmethod(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> Value:
        if args and isinstance(args[0], Function):
            return replace(args[0], marks=args[0].marks | {"classmethod"})
        return UNKNOWN

    def _memoiser(self, name: str, args: list[Value], keywords: dict[str, Value]) -> Value:
        size = keywords.get("maxsize", args[0] if args else None)
        if args and isinstance(args[0], Function):
            label = MEMOISERS[name.removesuffix("()")]
            return replace(args[0], marks=args[0].marks | {f"memo:{label}"})
        if isinstance(size, Const) and size.value == 0:
            return UNKNOWN
        return External(name.removesuffix("()") + "()")

    def _limit_choices(self, keywords: dict[str, Value], node: ast.AST, frame: Frame) -> None:
        value = keywords.get("limit_choices_to")
        if value is None or self.moment is not Moment.IMPORT or self.muted:
            return
        stale = tuple(t for t in taints_of(value) if t.moment is Moment.IMPORT)
        if stale:
            how = "limit_choices_to"
            self.arguments.append(
                FrozenArgument(
                    node,
                    self.anchor(node),
                    frame.source,
                    self.moment,
                    stale,
                    min(t.confidence for t in stale),
                    self.steps(node, frame.source, how),
                    "",
                    how,
                )
            )

    # handing over

    def hand_over(
        self,
        values: list[Value],
        node: ast.AST,
        how: str,
        frame: Frame,
        confidence: Confidence = Confidence.HIGH,
        manner: str = "handed",
    ) -> None:
        """Give querysets to something that will evaluate them during this request."""
        for value in values:
            for option in options(value):
                if isinstance(option, QuerySetValue) and self.shared(option):
                    self.shared_use(option, node, how, frame, manner, confidence)

    def _template(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        short = name.rpartition(".")[2]
        for key in TAKERS[name]:
            value = _argument(args, keywords, key)
            if value is not None:
                self.render(value, node, f"{short}()", frame)

    def render(self, context: Value, node: ast.AST, how: str, frame: Frame) -> None:
        """Give a context (or data) to a template (or renderer)."""
        if self.moment is not Moment.CALL:
            for queryset in querysets_in(context):
                self.consume(queryset, node, how, frame)
            return
        for option in options(context):
            if isinstance(option, Mapping) and option.born is Moment.IMPORT:
                for key, value in option.items.items():
                    for queryset in querysets_in(value):
                        if self.shared(queryset):
                            # in the checked file, the dict is what a person would edit
                            own = queryset.source is self.main and _inside_tree(option, self.main)
                            place = option.nodes.get(key, node) if own else node
                            self.shared_context(queryset, place, str(key), how, frame)
            elif isinstance(option, Mapping):
                self.hand_over(list(option.items.values()), node, how, frame)
            elif isinstance(option, Sequence):
                self.hand_over(option.items, node, how, frame)
            else:
                self.hand_over([option], node, how, frame)

    def shared_context(
        self,
        queryset: QuerySetValue,
        node: ast.AST,
        key: str,
        where: str,
        frame: Frame,
        confidence: Confidence = Confidence.HIGH,
        context: Context | None = None,
    ) -> None:
        """A queryset that lives as long as the process is in a template context."""
        if self.muted or queryset.none:
            return
        mark = ("context", id(queryset), id(self.anchor(node)))
        if mark in self.reported:
            return
        self.reported.add(mark)
        self.observed.append(
            SharedContext(
                self.anchor(node),
                min(self.confidence_here(queryset.confidence), confidence),
                context or self.context,
                self.steps(node, frame.source, where),
                key=key,
                model=self.model_name(queryset.model),
                where=where,
            )
        )

    def extra_context(
        self, value: Value, node: ast.AST, where: str, frame: Frame, context: Context | None = None
    ) -> None:
        """``extra_context`` at import: every lazy queryset in it is shared by all requests."""
        for option in options(value):
            if not isinstance(option, Mapping):
                continue
            for key, item in option.items.items():
                for part in [*options(item)]:
                    if isinstance(part, (Function, Bound, Partial)) and not self.muted:
                        self.callbacks.append((part, option.nodes.get(key, node), where))
                    if isinstance(part, Deferred) and part.kind in ("iterator", "generator"):
                        for queryset in querysets_in(part):
                            self.shared_context(
                                queryset,
                                option.nodes.get(key, node),
                                str(key),
                                where,
                                frame,
                                context=context,
                            )
                    for queryset in _direct_querysets(part):
                        inside = queryset.source is self.main and _within(queryset.node, node)
                        place = queryset.node if inside else option.nodes.get(key, node)
                        if frame.source is self.main and not self.stack:
                            self.shared_context(
                                queryset,
                                place if _within(place, node) else node,
                                str(key),
                                where,
                                frame,
                                context=context,
                            )
                        else:
                            self.shared_context(
                                queryset, node, str(key), where, frame, context=context
                            )

    # operations on values

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
                made = receiver.run(node)
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

    def kept_by_view(
        self, value: Value, kinds: frozenset[str], node: ast.AST, frame: Frame
    ) -> None:
        """A view's ``queryset`` at import: raw querysets and iterators are used up or kept."""
        raise NotImplementedError

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


_SPECIAL = {
    "asgiref.sync.async_to_sync": "_to_sync",
    "<run>": "_run_coroutine",
    "builtins.getattr": "_getattr",
    "builtins.setattr": "_setattr",
    "builtins.type": "_type",
    "builtins.property": "_property",
    "builtins.staticmethod": "_staticmethod",
    "builtins.classmethod": "_classmethod",
    "functools.partial": "_partial",
    "functools.partialmethod": "_partial",
    "django.utils.functional.SimpleLazyObject": "_lazy_object",
    "django.utils.functional.lazy": "_lazy_function",
    "<promise>": "_promise",
}


def _model_got(name: str, args: list[Value]) -> Value:
    if name == "django.contrib.auth.get_user_model":
        return External("django.contrib.auth.models.User")
    names = [a.value for a in args if isinstance(a, Const) and isinstance(a.value, str)]
    return External("model:" + (names[-1] if names else "Model"))


def _argument(args: list[Value], keywords: dict[str, Value], key: int | str) -> Value | None:
    if isinstance(key, int):
        return args[key] if key < len(args) else None
    return keywords.get(key)


def _is_raw(value: Value) -> bool:
    return isinstance(value, QuerySetValue) and value.raw


def _many(keywords: dict[str, Value]) -> bool:
    many = keywords.get("many")
    return isinstance(many, Const) and bool(many.value)


def _annotated(info: ClassInfo) -> list[str]:
    if info.node is None:
        return []
    return [
        statement.target.id
        for statement in info.node.body
        if isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name)
    ]


def _without_promises(value: Value) -> Value:
    kept = [
        option
        for option in options(value)
        if not (isinstance(option, Deferred) and option.kind == "promise")
    ]
    return join(kept)


def _direct_querysets(value: Value) -> list[QuerySetValue]:
    if isinstance(value, QuerySetValue):
        return [value]
    if isinstance(value, (Sequence, Mapping)):
        return [q for q in querysets_in(value)]
    return []


def _inside_tree(mapping: Mapping, source: Source) -> bool:
    """Whether a dict display stands in a file (nodes do not know their files)."""
    return any(node is mapping.node for node in ast.walk(source.tree))


def _within(node: ast.AST, outer: ast.AST) -> bool:
    try:
        start = (outer.lineno, outer.col_offset)  # type: ignore[attr-defined]
        end = (outer.end_lineno, outer.end_col_offset)  # type: ignore[attr-defined]
        return start <= (node.lineno, node.col_offset) < end  # type: ignore[attr-defined]
    except AttributeError:
        return False


__all__ = ["LAZY", "MAYBE", "Calls", "Super"]
