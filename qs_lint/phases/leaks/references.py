"""What names and attributes refer to, and which of that lives as long as the process."""

from __future__ import annotations

import ast
from functools import cached_property
from typing import TYPE_CHECKING

from qs_lint.domain import Holder, HolderKind, Lifetime
from qs_lint.engine.classes import ClassInfo
from qs_lint.engine.context import Frame
from qs_lint.engine.nodes import defaults_of, nodes_in
from qs_lint.engine.relevance import mentions
from qs_lint.facts.queryset import MANAGER_NAMES
from qs_lint.facts.requests import (
    ADMIN_ONLY,
    CONTAINER_MAKERS,
    CONVENTIONAL_NAMES,
    DUCKS,
    NEUTRAL_NAMES,
    NOT_SERVING,
    REQUEST_ATTRIBUTES,
    REQUEST_NAMES,
    REQUEST_TYPES,
    SERVING,
    SHARED_FIELDS,
    SHARED_OBJECTS,
    TAG_DECORATORS,
)
from qs_lint.phases.leaks.remade import Remade
from qs_lint.phases.leaks.things import (
    NOTHING,
    ClassRef,
    ContainerRef,
    ExternalRef,
    FieldRef,
    FieldsRef,
    FunctionNode,
    FunctionRef,
    MadeClassRef,
    MethodRef,
    ModuleRef,
    ObjectRef,
    Origin,
    Place,
    Ref,
    Stuff,
    SuperRef,
    Thing,
    join,
)
from qs_lint.values import (
    ClassValue,
    Const,
    External,
    Function,
    Instance,
    ManagerValue,
    Mapping,
    ModuleValue,
    QuerySetValue,
    Sequence,
    Value,
    VolatileRead,
    options,
    taints_of,
    walk,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext
    from qs_lint.engine.scope import Scope
    from qs_lint.engine.world import Source
    from qs_lint.phases.leaks.flow import Walk

#: What the first parameter of a method is called, also of one that is still a function.
_RECEIVERS = frozenset({"self", "cls"})
_DISPLAYS = {
    ast.List: True,
    ast.ListComp: True,
    ast.Set: False,
    ast.SetComp: False,
    ast.Dict: False,
    ast.DictComp: False,
}


class References:
    """Resolves names, attributes and parameters with what the engine knows of the file."""

    def __init__(self, ctx: EngineContext) -> None:
        self.ctx = ctx
        self.frame = Frame(ctx.main.scope, ctx.main)
        self.remade = Remade(ctx)
        #: tree of a module of the project -> the module, of those that something is stored in
        self.sources: dict[int, Source] = {}
        self._known: dict[str, Thing] = {}
        self._kinds: dict[int, frozenset[str]] = {}

    # names

    def global_name(self, name: str) -> Thing:
        """What a name of the module means."""
        known = self._known.get(name)
        if known is None:
            value = self.ctx.names.lookup(name, self.frame)
            place = self.global_place(name)
            known = self._known[name] = self._thing(value, place, self._binding(name))
        return known

    def imported(self, alias: ast.alias) -> Thing:
        """What ``import a.b`` binds in a function."""
        dotted = alias.name if alias.asname else alias.name.partition(".")[0]
        value = self.ctx.modules.imported_module(self.ctx.main, dotted, 0)
        return self._thing(value, None, None)

    def imported_from(self, node: ast.ImportFrom, alias: ast.alias) -> Thing:
        """What ``from a import b`` binds in a function."""
        value = self.ctx.modules.import_member(
            self.ctx.main, node.module or "", node.level, alias.name
        )
        return self._thing(self.ctx.names.force(value), None, None)

    def _binding(self, name: str) -> ast.expr | None:
        """The expression that the module binds to a name."""
        for statement in self.ctx.main.scope.bindings.get(name, ()):
            value = getattr(statement, "value", None)
            if isinstance(value, ast.expr):
                return value
        return None

    def _thing(self, value: Value, place: Place | None, bound: ast.expr | None) -> Thing:
        """What a value of the engine is here; ``place``: where it is kept."""
        found = [self._one_thing(option, place, bound) for option in options(value)]
        return join(found)

    def _one_thing(self, value: Value, place: Place | None, bound: ast.expr | None) -> Thing:
        if isinstance(value, ClassValue):
            if value.info.per_call:
                return NOTHING
            return Thing(refs=(ClassRef(value.info),))
        if isinstance(value, Function):
            function = self._decorated(value)
            if function.source is self.ctx.main and function.scope.kind != "function":
                return Thing(refs=(FunctionRef(function.node, function.owner),))
            return NOTHING
        if isinstance(value, ModuleValue):
            return Thing(refs=(ModuleRef(value),))
        if isinstance(value, QuerySetValue):
            return Thing(stuff=Stuff.QUERYSET)
        if isinstance(value, ManagerValue):
            return Thing(stuff=Stuff.MANAGER)
        if isinstance(value, Const):
            return Thing(stuff=Stuff.CONSTANT, literal=(value.value,))
        if isinstance(value, (Mapping, Sequence)) and place is not None:
            if isinstance(value, Sequence) and value.kind in ("tuple", "frozenset"):
                return Thing(stuff=Stuff.DISPLAY)
            is_list = isinstance(value, Sequence) and value.kind == "list"
            return Thing(stuff=Stuff.DISPLAY, refs=(ContainerRef(place, is_list),))
        if isinstance(value, Instance):
            return self._object(value, place)
        if place is not None and bound is not None:
            made = self._container_made(bound)
            if made is not None:
                return Thing(stuff=Stuff.DISPLAY, refs=(ContainerRef(place, made),))
        if isinstance(value, External):
            if value.name.rpartition(".")[2] in MANAGER_NAMES:
                return Thing(stuff=Stuff.MANAGER)
            return Thing(refs=(ExternalRef(value.name),))
        if any(isinstance(taint, VolatileRead) for taint in taints_of(value)):
            return Thing(stuff=Stuff.CLOCK)
        return NOTHING

    def _decorated(self, function: Function) -> Function:
        """The function of the checked file that a wrapper calls, which its decorator made."""
        scope: Scope | None = function.scope
        while scope is not None and scope.kind == "function":
            held = [
                value
                for value in scope.vars.values()
                if isinstance(value, Function)
                and value.source is self.ctx.main
                and value.scope.kind != "function"
                and bool(getattr(value.node, "decorator_list", ()))
            ]
            if len(held) == 1:
                return held[0]
            scope = scope.parent
        return function

    def makes_container(self, name: str) -> bool:
        """Whether the module binds a name to a new list, dict or set."""
        bound = self._binding(name)
        return bound is not None and self._container_made(bound) is not None

    def _container_made(self, bound: ast.expr) -> bool | None:
        """Whether an expression makes a list (true) or another container (false)."""
        kind = _DISPLAYS.get(type(bound))
        if kind is not None:
            return kind
        if isinstance(bound, ast.Call):
            callee = self.ctx.names.lookup(ast.unparse(bound.func).partition(".")[0], self.frame)
            name = callee.name if isinstance(callee, External) else ""
            if isinstance(bound.func, ast.Attribute):
                name = f"{name}.{bound.func.attr}"
            if name in CONTAINER_MAKERS:
                return name in ("builtins.list", "collections.deque")
        return None

    def _object(self, value: Instance, place: Place | None) -> Thing:
        """An object that was made at import."""
        if isinstance(value.cls, External):
            if value.cls.name in self.ctx.facts.locals:
                return NOTHING
            return Thing(refs=(ObjectRef(None, shared=True, place=place),))
        if not isinstance(value.cls, ClassValue):
            return NOTHING
        info = value.cls.info
        if self.is_local(info) or self.kinds(info) & {"form-field", "widget", "serializer-field"}:
            return NOTHING
        return Thing(refs=(ObjectRef(info, shared=True, place=place),))

    # classes

    def kinds(self, info: ClassInfo | None) -> frozenset[str]:
        """What a class is for Django; a mixin is what it is mixed into."""
        if info is None:
            return frozenset()
        known = self._kinds.get(id(info))
        if known is None:
            known = self.ctx.hierarchy.kinds(info)
            if not known & SERVING:
                known |= self._mixed_into(info)
            self._kinds[id(info)] = known
        return known

    def _mixed_into(self, info: ClassInfo) -> frozenset[str]:
        found: set[str] = set()
        order = [base for base in self.ctx.hierarchy.mro(info) if isinstance(base, ClassInfo)]
        members = frozenset().union(*(base.bindings for base in order))
        for needed, kinds in DUCKS:
            if needed <= members:
                found.update(kinds)
        for other in self.ctx.lifetimes.below(info):
            found |= self.ctx.hierarchy.kinds(other)
        if not found and any(name in ADMIN_ONLY for name, _ in info.methods):
            found.update(("admin", "singleton"))
        return frozenset(found)

    def is_local(self, info: ClassInfo) -> bool:
        """Whether the attributes of objects of a class belong to the thread or task."""
        return any(
            isinstance(base, External) and base.name in self.ctx.facts.locals
            for base in self.ctx.hierarchy.mro(info)
        )

    def is_certain(self, info: ClassInfo | None) -> bool:
        """Whether the kinds of a class come from classes that are known, not from their names."""
        if info is None:
            return True
        foreign = [name for name in self.ctx.hierarchy.foreign_bases(info) if name]
        if foreign:
            return any(self.ctx.facts.kinds_of(name) for name in foreign)
        return self.kinds(info) == self.ctx.hierarchy.kinds(info)

    def is_shared(self, info: ClassInfo) -> bool:
        """Whether one object of a class serves all requests."""
        return "singleton" in self.kinds(info)

    def family(self, one: ClassInfo, other: ClassInfo) -> bool:
        """Whether one of two classes inherits from the other."""
        return one in self.ctx.hierarchy.mro(other) or other in self.ctx.hierarchy.mro(one)

    # attributes

    def attribute(self, ref: Ref, name: str, at: ast.expr | None) -> Thing:
        """``ref.name``; ``at`` is how the code names ``ref``."""
        if isinstance(ref, ObjectRef):
            return self._object_attribute(ref, name, at)
        if isinstance(ref, ClassRef):
            return self._class_attribute(ref.info, name, ref)
        if isinstance(ref, SuperRef):
            return self._super_attribute(ref, name)
        if isinstance(ref, MadeClassRef):
            return self._made_attribute(ref, name)
        if isinstance(ref, FieldRef):
            return Thing(refs=(FieldRef(self._deeper(ref.place, f".{name}")),))
        if isinstance(ref, ModuleRef):
            value = self.ctx.modules.member(ref.module.source, name)
            if value is None:
                return NOTHING
            source = self._noted(ref.module.source)
            holder = Holder(
                HolderKind.MODULE_ATTRIBUTE, name, source.name.rpartition(".")[2], Lifetime.PROCESS
            )
            return self._thing(value, Place(holder, source.tree, name), None)
        if isinstance(ref, ExternalRef):
            if name in MANAGER_NAMES:
                return Thing(stuff=Stuff.MANAGER)
            return Thing(refs=(ExternalRef(f"{ref.name}.{name}"),))
        if isinstance(ref, FunctionRef) and not ref.local:
            held = self.ctx.heap.stored(ref.node, name)
            if held is not None:
                return self._thing(held, self.attribute_place(ref, name, at), None)
        if isinstance(ref, (ContainerRef, FieldsRef)):
            return NOTHING
        return NOTHING

    def _object_attribute(self, ref: ObjectRef, name: str, at: ast.expr | None) -> Thing:
        info = ref.info
        if info is None:
            return NOTHING
        if name == "__class__":
            return Thing(refs=(ClassRef(info),))
        kinds = self.kinds(info)
        if name == "form" and kinds & {"admin", "inline"}:
            return Thing(refs=(MadeClassRef(info),))  # what is made of it, to be precise
        for kind in kinds:
            if name in REQUEST_ATTRIBUTES.get(kind, ()):
                return Thing(Origin.REQUEST)
        if name in REQUEST_NAMES and not ref.shared and kinds & SERVING:
            return Thing(Origin.REQUEST)  # somebody has put it there
        method = self._method(info, name, ref)
        if method is not None:
            return method
        rebound = self.ctx.hierarchy.rebinding(info, name)
        if rebound and not ref.shared and not self._only_grows(info, name):
            return NOTHING
        if rebound and ref.shared:
            return self._own_attribute(ref, name, rebound, at)
        return self._class_attribute(info, name, ref)

    def _only_grows(self, info: ClassInfo, name: str) -> bool:
        """Whether objects bind an attribute by ``+=`` alone: a list is still that of the class."""
        return all(
            id(node) in _grown(method)
            for base in self.ctx.hierarchy.mro(info)
            if isinstance(base, ClassInfo)
            for method, node, _ in base.rebinds.get(name, ())
        )

    def _own_attribute(
        self,
        ref: ObjectRef,
        name: str,
        methods: list[ast.FunctionDef | ast.AsyncFunctionDef],
        at: ast.expr | None,
    ) -> Thing:
        """An attribute that methods set on an object of process lifetime."""
        place = self.attribute_place(ref, name, at)
        assert ref.info is not None
        for base in self.ctx.hierarchy.mro(ref.info):
            if not isinstance(base, ClassInfo):
                continue
            for method, node, _ in base.rebinds.get(name, ()):
                value = getattr(node, "value", None)
                if method.name != "__init__" or not isinstance(value, ast.expr):
                    continue
                made = self._container_made(value)
                if made is not None and place is not None:
                    return Thing(stuff=Stuff.DISPLAY, refs=(ContainerRef(place, made),))
        return NOTHING

    def _method(self, info: ClassInfo, name: str, receiver: ObjectRef | ClassRef) -> Thing | None:
        found = self.ctx.hierarchy.attribute_of_class(info, name)
        for option in options(found) if found is not None else ():
            if not isinstance(option, Function):
                continue
            option = self._decorated(option)  # noqa: PLW2901
            if option.source is not self.ctx.main or option.scope.kind == "function":
                return NOTHING
            if "property" in option.marks or "cached_property" in option.marks:
                return NOTHING
            bound: ObjectRef | ClassRef | None = receiver
            if "staticmethod" in option.marks:
                bound = None
            elif "classmethod" in option.marks:
                bound = ClassRef(info)
            elif isinstance(receiver, ClassRef):
                bound = None
            return Thing(refs=(FunctionRef(option.node, option.owner, bound),))
        return None

    def _class_attribute(self, info: ClassInfo, name: str, ref: ObjectRef | ClassRef) -> Thing:
        kinds = self.kinds(info)
        for kind in kinds:
            if name in SHARED_FIELDS.get(kind, ()):
                own = kind == "form" and isinstance(ref, ObjectRef)
                copied = own and self.remade.by_admin(info)
                return Thing(refs=(FieldsRef(info, name, copied),))
        if isinstance(ref, ClassRef):
            method = self._method(info, name, ref)
            if method is not None:
                return method
        if name in MANAGER_NAMES and self.ctx.hierarchy.model_confidence(ClassValue(info)):
            return Thing(stuff=Stuff.MANAGER)
        owner = self.ctx.hierarchy.owner_of(info, name)
        found = self.ctx.hierarchy.attribute_of_class(info, name)
        if found is None or owner is None:
            return Thing(refs=(MethodRef(ref, name),))
        outer = ref.outer if isinstance(ref, ClassRef) else None
        place = self.class_place(owner, name, info, outer)
        values = (getattr(statement, "value", None) for statement in owner.bindings.get(name, ()))
        bound = next((value for value in values if isinstance(value, ast.expr)), None)
        made = self._thing(found, place, bound)
        if any(isinstance(part, ClassRef) for part in made.refs):
            refs = tuple(
                ClassRef(part.info, info) if isinstance(part, ClassRef) else part
                for part in made.refs
            )
            return Thing(made.taint, made.stuff, refs)
        return made

    def _super_attribute(self, ref: SuperRef, name: str) -> Thing:
        if isinstance(ref.receiver, ObjectRef) and ref.receiver.info is not None:
            info = ref.receiver.info
        else:
            info = ref.info
        found = self.ctx.hierarchy.above(info, ref.info, name)
        for option in options(found) if found is not None else ():
            if isinstance(option, Function):
                if option.source is self.ctx.main and option.scope.kind != "function":
                    return Thing(refs=(FunctionRef(option.node, option.owner, ref.receiver),))
                return NOTHING
        if found is None:
            return Thing(refs=(MethodRef(ref.receiver, name),))
        owner = next(
            (
                base
                for base in self.ctx.hierarchy.mro(ref.info)[1:]
                if isinstance(base, ClassInfo) and name in base.bindings
            ),
            ref.info,
        )
        return self._thing(found, self.class_place(owner, name, info), None)

    def _made_attribute(self, ref: MadeClassRef, name: str) -> Thing:
        """An attribute of a class that the admin has made for the request."""
        if name == "form":
            return Thing(refs=(ref,))
        for kind, names in SHARED_FIELDS.items():
            if kind == "form" and name in names:
                form = self.ctx.hierarchy.attribute_of_class(ref.info, "form")
                if isinstance(form, ClassValue):
                    return Thing(refs=(FieldsRef(form.info, name, copied=True),))
        return NOTHING

    def _noted(self, source: Source) -> Source:
        self.sources[id(source.tree)] = source
        return source

    def _deeper(self, place: Place, detail: str) -> Place:
        holder = Holder(
            place.holder.kind, f"{place.holder.name}{detail}", place.holder.owner, Lifetime.PROCESS
        )
        return Place(
            holder, place.owner, place.name, f"{place.detail}{detail}", place.kinds, place.info
        )

    # places

    def global_place(self, name: str) -> Place:
        """A name of the module."""
        holder = Holder(HolderKind.MODULE_GLOBAL, name, "", Lifetime.PROCESS)
        return Place(holder, self.ctx.main.tree, name)

    def around(self, activation: Walk, name: str, found: Thing) -> Thing:
        """A variable of an enclosing function that outlives requests; it may be a container."""
        value = found.literal[0]
        if not isinstance(value, (list, dict)):
            return found
        place = self.closure_place(activation, name)
        return Thing(stuff=Stuff.DISPLAY, refs=(ContainerRef(place, isinstance(value, list)),))

    def manager_place(self, owner: ast.expr, name: str) -> Place:
        """An attribute of a manager: there is one for each model."""
        shown = ast.unparse(owner)
        holder = Holder(HolderKind.MANAGER_ATTRIBUTE, name, shown, Lifetime.PROCESS)
        return Place(holder, shown, name)

    def closure_place(self, activation: Walk, name: str) -> Place:
        """A variable of an enclosing function."""
        holder = Holder(HolderKind.CLOSURE, name, "", Lifetime.PROCESS)
        return Place(holder, activation.function, name)

    def class_place(
        self, owner: ClassInfo, name: str, info: ClassInfo, outer: ClassInfo | None = None
    ) -> Place:
        """An attribute of a class, which may stand in the body of another one."""
        shown = owner.name if outer is None else f"{outer.name}.{info.name}"
        holder = Holder(HolderKind.CLASS_ATTRIBUTE, name, shown, Lifetime.PROCESS)
        return Place(holder, owner, name, "", self.kinds(outer or info), info)

    def attribute_place(self, ref: Ref, name: str, at: ast.expr | None) -> Place | None:
        """Where ``ref.name = ...`` stores, if that outlives the request."""
        if isinstance(ref, ClassRef):
            made_by = self.ctx.hierarchy.metaclass(ref.info)
            if made_by is not None and self.ctx.hierarchy.attribute_of_class(made_by, name):
                return None  # a property of the class, which does with it what it likes
            owner = self.ctx.hierarchy.owner_of(ref.info, name) or ref.info
            return self.class_place(owner, name, ref.info, ref.outer)
        if isinstance(ref, ObjectRef):
            return self._object_place(ref, name)
        if isinstance(ref, FunctionRef) and not ref.local and ref.info is None:
            shown = getattr(ref.node, "name", "")
            holder = Holder(HolderKind.FUNCTION_ATTRIBUTE, name, shown, Lifetime.PROCESS)
            return Place(holder, ref.node, name)
        if isinstance(ref, ModuleRef):
            source = self._noted(ref.module.source)
            shown = source.name.rpartition(".")[2]
            holder = Holder(HolderKind.MODULE_ATTRIBUTE, name, shown, Lifetime.PROCESS)
            return Place(holder, source.tree, name)
        if isinstance(ref, FieldRef):
            return self._deeper(ref.place, f".{name}")
        if isinstance(ref, ExternalRef) and ref.name in SHARED_OBJECTS:
            shown = ref.name.rpartition(".")[2]
            holder = Holder(HolderKind.MODULE_ATTRIBUTE, name, shown, Lifetime.PROCESS)
            return Place(holder, ref.name, name, "", frozenset({"shared-object"}))
        return None

    def _object_place(self, ref: ObjectRef, name: str) -> Place | None:
        """An attribute of an object, if there is one such object for all requests."""
        if not ref.shared or (ref.info is not None and self.is_local(ref.info)):
            return None
        kind, shown = HolderKind.INSTANCE_ATTRIBUTE, "self"
        if ref.place is not None:
            kind, shown = HolderKind.OBJECT_ATTRIBUTE, ref.place.holder.code
        holder = Holder(kind, name, shown, Lifetime.PROCESS)
        if ref.info is not None:
            return Place(holder, ref.info, name, "", self.kinds(ref.info), ref.info)
        if ref.place is None:
            return None
        return Place(holder, ref.place.owner, f"{ref.place.name}.{name}")

    def item_place(self, ref: Ref, key: ast.expr) -> Place | None:
        """Where ``ref[key]`` is, if that outlives the request."""
        if isinstance(ref, ContainerRef):
            return ref.place
        if isinstance(ref, FieldRef):
            return self._deeper(ref.place, f"[{ast.unparse(key)}]")
        if isinstance(ref, FieldsRef):
            constant = key.value if isinstance(key, ast.Constant) else None
            declared = isinstance(constant, str) and self._declares(ref.info, constant)
            if ref.copied and not declared:
                return None
            holder = Holder(
                HolderKind.CLASS_ATTRIBUTE,
                f"{ref.name}[{ast.unparse(key)}]",
                ref.info.name,
                Lifetime.PROCESS,
            )
            kinds = self.kinds(ref.info)
            return Place(holder, ref.info, "<fields>", f"[{ast.unparse(key)}]", kinds, ref.info)
        return None

    def _declares(self, info: ClassInfo, name: str) -> bool:
        return any(
            isinstance(base, ClassInfo) and name in base.bindings
            for base in self.ctx.hierarchy.mro(info)
        )

    # parameters

    def parameters(self, function: FunctionNode, info: ClassInfo | None) -> dict[str, Thing]:
        """What the parameters of a function hold that nobody in the file calls."""
        spec = function.args
        named = [*spec.posonlyargs, *spec.args]
        every = [*named, *spec.kwonlyargs, *(a for a in (spec.vararg, spec.kwarg) if a is not None)]
        kinds = self.kinds(info)
        method = info is not None and not _is_static(function) and bool(named)
        serving = (
            bool(kinds & SERVING)
            and not kinds & NOT_SERVING
            and not self._made_at_import(function, info)
            and not _is_private(function)
        )
        serving = serving or bool(decorators_of(function) & TAG_DECORATORS)
        beside = any(is_request(parameter) for parameter in named[:3])
        receives = "receiver" in decorators_of(function)
        variables: dict[str, Thing] = {}
        for index, parameter in enumerate(every):
            if index == 0 and method:
                assert info is not None
                variables[parameter.arg] = Thing(refs=(self.receiver(function, info),))
                continue
            if parameter.arg in NEUTRAL_NAMES or (index == 0 and parameter.arg in _RECEIVERS):
                taint = Origin.NONE
            elif serving or is_request(parameter):
                taint = Origin.REQUEST
            elif beside or parameter.arg in CONVENTIONAL_NAMES:
                taint = Origin.NAMED
            elif receives:
                taint = Origin.NONE  # rows that somebody saves, a model, a setting
            else:
                taint = Origin.ARGUMENT
            variables[parameter.arg] = Thing(taint)
        return self._with_defaults(function, variables)

    def _made_at_import(self, function: FunctionNode, info: ClassInfo | None) -> bool:
        name = getattr(function, "name", "")
        return info is not None and self.is_shared(info) and name in ("__init__", "ready")

    def receiver(self, function: FunctionNode, info: ClassInfo) -> ObjectRef | ClassRef:
        """What a method gets as its first argument."""
        if is_class_method(function):
            return ClassRef(info)
        if self.is_local(info):
            return ObjectRef(info, shared=False)
        place = None if self.is_shared(info) else self.objects.get(id(info))
        return ObjectRef(info, self.is_shared(info) or place is not None, place)

    @cached_property
    def objects(self) -> dict[int, Place]:
        """Where the file keeps an object of a plain class of which functions make no other."""
        found: dict[int, Place] = {}
        for name, value in self.ctx.main.scope.vars.items():
            for part in walk(value, 3):
                if isinstance(part, Instance) and isinstance(part.cls, ClassValue):
                    if part.source is self.ctx.main and not self.kinds(part.cls.info):
                        found.setdefault(id(part.cls.info), self.global_place(name))
        if found:
            used = frozenset().union(
                *(mentions(function.node).names for function, _, _ in self.ctx.entries.functions)
            )
            for info in self.ctx.entries.own_classes:
                if info.name in used:
                    found.pop(id(info), None)
        return found

    def bind(
        self, function: FunctionNode, args: list[Thing], keywords: dict[str, Thing]
    ) -> dict[str, Thing]:
        """What the parameters of a function hold in one call."""
        spec = function.args
        named = [*spec.posonlyargs, *spec.args]
        variables: dict[str, Thing] = {}
        loose = keywords.get("**", NOTHING)
        given: set[str] = set()
        for index, parameter in enumerate([*named, *spec.kwonlyargs]):
            if index < min(len(args), len(named)):
                variables[parameter.arg] = args[index]
                given.add(parameter.arg)
            elif parameter.arg in keywords:
                variables[parameter.arg] = keywords[parameter.arg]
                given.add(parameter.arg)
            else:
                variables[parameter.arg] = loose
        if spec.vararg is not None:
            variables[spec.vararg.arg] = join(args[len(named) :])
        if spec.kwarg is not None:
            variables[spec.kwarg.arg] = join(keywords.values())
        return self._with_defaults(function, variables, given)

    def _with_defaults(
        self,
        function: FunctionNode,
        variables: dict[str, Thing],
        given: set[str] | frozenset[str] = frozenset(),
    ) -> dict[str, Thing]:
        """Add what a default parameter may be: a container that all calls share."""
        for parameter, default in defaults_of(function):
            if parameter in given:
                continue
            made = self._container_made(default)
            if made is not None and not self.ctx.omissions.is_unused(function, parameter):
                holder = Holder(HolderKind.DEFAULT, parameter, "", Lifetime.PROCESS)
                place = Place(holder, function, parameter)
                shared = Thing(stuff=Stuff.DISPLAY, refs=(ContainerRef(place, made),))
                known = variables.get(parameter, NOTHING)
                variables[parameter] = Thing(
                    Origin.NONE, Stuff.DISPLAY, shared.refs, known.indirect
                )
        return variables

    # what is there at import

    def initial(self, place: Place) -> tuple[object, ...]:
        """The literal that a place holds after import, in a tuple of one, if it is known."""
        bindings: list[ast.stmt] = []
        if isinstance(place.owner, ClassInfo):
            bindings = place.owner.bindings.get(place.name, [])
            if not bindings:
                for method, node, _ in place.owner.rebinds.get(place.name, ()):
                    if method.name == "__init__" and isinstance(node, ast.stmt):
                        bindings = [node]
        elif place.owner is self.ctx.main.tree:
            bindings = self.ctx.main.scope.bindings.get(place.name, [])
        for statement in bindings[-1:]:
            value = getattr(statement, "value", None)
            if isinstance(value, ast.expr):
                if isinstance(value, ast.Call) and not value.args and not value.keywords:
                    return (EMPTY.get(ast.unparse(value.func)),)
                return literal(value)
        return ()


def _grown(function: FunctionNode) -> frozenset[int]:
    """The statements ``x += y`` of a function, and their targets."""
    found = [node for node in nodes_in(function) if isinstance(node, ast.AugAssign)]
    return frozenset(id(part) for node in found for part in (node, node.target))


EMPTY: dict[str, object] = {"dict": {}, "list": [], "set": set(), "tuple": ()}
#: Nested displays that are compared.
MOST_LEVELS = 4


def literal(node: ast.expr, level: int = 0) -> tuple[object, ...]:
    """The value of a literal, in a tuple of one; empty if it is none."""
    if isinstance(node, ast.Constant):
        return (node.value,)
    if level > MOST_LEVELS:
        return ()
    if isinstance(node, (ast.List, ast.Tuple)):
        items = [literal(item, level + 1) for item in node.elts]
        if not all(items):
            return ()
        values = [item[0] for item in items]
        return (values if isinstance(node, ast.List) else tuple(values),)
    if isinstance(node, ast.Dict):
        if any(not isinstance(key, ast.Constant) for key in node.keys):
            return ()
        parts = [literal(item, level + 1) for item in node.values]
        if not all(parts):
            return ()
        keys = [key.value for key in node.keys if isinstance(key, ast.Constant)]
        return (dict(zip(keys, (part[0] for part in parts), strict=True)),)
    return ()


def is_request(parameter: ast.arg) -> bool:
    """Whether a parameter is a request, by its name or its annotation."""
    if parameter.arg in REQUEST_NAMES:
        return True
    annotation = parameter.annotation
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return annotation.value.rpartition(".")[2] in REQUEST_TYPES
    if isinstance(annotation, ast.Attribute):
        return annotation.attr in REQUEST_TYPES
    return isinstance(annotation, ast.Name) and annotation.id in REQUEST_TYPES


def decorators_of(function: FunctionNode) -> set[str]:
    """The last parts of the names of a function's decorators."""
    found = set()
    for decorator in getattr(function, "decorator_list", ()):
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        found.add(ast.unparse(called).rpartition(".")[2])
    return found


def _is_private(function: FunctionNode) -> bool:
    """Whether a method is the project's own business: no framework calls it."""
    name = getattr(function, "name", "")
    return name.startswith("_") and not name.startswith("__")


def _is_static(function: FunctionNode) -> bool:
    return "staticmethod" in decorators_of(function)


def is_class_method(function: FunctionNode) -> bool:
    """Whether a method gets its class as the first argument."""
    name = getattr(function, "name", "")
    return "classmethod" in decorators_of(function) or name in (
        "__init_subclass__",
        "__class_getitem__",
        "__new__",
        "as_view",
    )
