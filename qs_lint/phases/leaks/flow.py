"""Follows what belongs to a request through one function, and notes where it is stored."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qs_lint.domain.leaks import Storing
from qs_lint.engine.nodes import children_of, nodes_in, per_node
from qs_lint.facts.queryset import (
    ASYNC,
    DEFERRED,
    EVALUATING,
    LAZY,
    MANAGER_NAMES,
    RELATED,
    WRITING,
)
from qs_lint.facts.requests import (
    ADDING,
    ADMIN_OPTIONS,
    ASKS_FOR_REQUEST,
    COPIERS,
    EMPTYING,
    FINDING,
    HANDING_OUT,
    MADE_PER_REQUEST,
    NEUTRAL_ATTRIBUTES,
    REMOVING,
    RETURNS_QUERYSET,
    RETURNS_ROW,
    SETTING,
    WHERE_TO_ASK,
)
from qs_lint.phases.leaks.references import literal
from qs_lint.phases.leaks.things import (
    NOTHING,
    ClassRef,
    ContainerRef,
    ExternalRef,
    FieldRef,
    FieldsRef,
    FunctionNode,
    FunctionRef,
    Guard,
    MadeClassRef,
    MethodRef,
    ObjectRef,
    Origin,
    Place,
    Position,
    Ref,
    Store,
    Stuff,
    SuperRef,
    Thing,
    join,
    made_of,
    without_refs,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qs_lint.engine.classes import ClassInfo
    from qs_lint.phases.leaks.references import References

#: Nested calls that are followed.
MOST_CALLS = 4
#: Statements that are looked at for one entry.
MOST_STATEMENTS = 4_000
#: Nested expressions and blocks that are looked at.
MOST_NESTING = 60
_FETCHING = frozenset(EVALUATING) | frozenset(ASYNC) | frozenset(WRITING) | DEFERRED
_BLOCKS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)

State = tuple[dict[str, Thing], dict[str, Thing], frozenset[str]]


def position(node: ast.AST) -> Position:
    """Where a node begins."""
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def ending(node: ast.AST) -> Position:
    """Where a node ends."""
    return getattr(node, "end_lineno", 0) or 0, getattr(node, "end_col_offset", 0) or 0


@dataclass(slots=True)
class Trace:
    """What the functions of a file store, and how much was looked at."""

    stores: list[Store] = field(default_factory=list)
    #: functions that were followed from others
    followed: set[int] = field(default_factory=set)
    left: int = MOST_STATEMENTS


class Walk:
    """One activation of a function."""

    def __init__(
        self,
        references: References,
        trace: Trace,
        function: FunctionNode,
        info: ClassInfo | None,
        variables: dict[str, Thing],
        outer: Walk | None = None,
        around: Walk | None = None,
    ) -> None:
        """``outer`` is the caller; ``around`` the function in which this one is defined."""
        self.references = references
        self.trace = trace
        self.function = function
        self.info = info
        self.variables = variables
        self.outer = outer
        self.around = around
        #: attributes that were set on objects of the request: dotted text -> value
        self.attributes: dict[str, Thing] = {}
        #: places that were emptied or set anew on this path
        self.emptied: frozenset[str] = frozenset()
        #: local name -> what it was read from, if it is an attribute or an item
        self.read_from: dict[str, frozenset[str]] = {}
        self.guards: tuple[Guard, ...] = outer.guards if outer is not None else ()
        self.globals: set[str] = set()
        self.nonlocals: set[str] = set()
        self.returned: list[Thing] = []
        self.closures: dict[str, FunctionNode] = {}
        self.nesting: int = outer.nesting if outer is not None else 0
        self.here: Position = position(function)
        first = [*function.args.posonlyargs, *function.args.args]
        self.me = first[0].arg if first and info is not None else ""

    # running

    def run(self) -> Thing:
        """Run the body; what it returns."""
        if isinstance(self.function, ast.Lambda):
            return self.eval(self.function.body)
        self.block(self.function.body)
        return join(self.returned)

    @property
    def depth(self) -> int:
        """How many calls were followed to here."""
        return 0 if self.outer is None else self.outer.depth + 1

    def running(self) -> list[FunctionNode]:
        """The functions that run, outermost first."""
        return [*(self.outer.running() if self.outer is not None else ()), self.function]

    def block(self, body: Sequence[ast.stmt]) -> bool:
        """Run statements; true if control never reaches their end."""
        if self.nesting > MOST_NESTING:
            return False
        self.nesting += 1
        try:
            for statement in body:
                if self.trace.left <= 0:
                    return False
                self.trace.left -= 1
                self.here = position(statement)
                if self.statement(statement):
                    return True
            return False
        finally:
            self.nesting -= 1

    def statement(self, node: ast.stmt) -> bool:
        """Run one statement."""
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        if method is not None:
            return bool(method(node))
        for child in children_of(node):
            if isinstance(child, ast.expr):
                self.eval(child)
        return False

    def _return(self, node: ast.Return) -> bool:
        if node.value is not None:
            self.returned.append(self.eval(node.value))
        return True

    def _raise(self, node: ast.Raise) -> bool:
        return True

    def _continue(self, node: ast.Continue) -> bool:
        return True

    _break = _continue

    def _global(self, node: ast.Global) -> None:
        self.globals.update(node.names)

    def _nonlocal(self, node: ast.Nonlocal) -> None:
        self.nonlocals.update(node.names)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            name = alias.asname or alias.name.partition(".")[0]
            self.variables[name] = self.references.imported(alias)

    def _importfrom(self, node: ast.ImportFrom) -> None:
        for alias in node.names:
            self.variables[alias.asname or alias.name] = self.references.imported_from(node, alias)

    def _functiondef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self.closures[node.name] = node
        self.variables[node.name] = Thing(refs=(FunctionRef(node, None, local=True),))

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef) -> None:
        self.variables[node.name] = NOTHING

    def _expr(self, node: ast.Expr) -> None:
        self.eval(node.value)

    def _assign(self, node: ast.Assign) -> None:
        value = self.eval(node.value)
        for target in node.targets:
            self.assign(target, value, node)
            if isinstance(target, ast.Name):
                self.read_from[target.id] = read_by(node.value)

    def _annassign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.eval(node.value), node)

    def _augassign(self, node: ast.AugAssign) -> None:
        value = self.eval(node.value)
        old = self.eval(node.target)
        lists = [ref for ref in old.refs if isinstance(ref, (ContainerRef, FieldRef))]
        if isinstance(node.op, (ast.Add, ast.BitOr)) and lists:
            for ref in lists:
                self.store(ref.place, value, Storing.ADDED, node)
            return
        if isinstance(node.target, ast.Attribute) and Stuff.DISPLAY in (old.stuff, value.stuff):
            # ``self.fields += (...)``: a tuple that has grown
            for place in self._attribute_places(node.target):
                self.store(place, value, Storing.ADDED, node)
        if isinstance(node.target, ast.Name) and node.target.id not in self.globals:
            self.variables[node.target.id] = made_of([old, value], max(old.stuff, value.stuff))

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                for ref in self.eval(target.value).refs:
                    self._take_away(ref, target)

    def _if(self, node: ast.If) -> bool:
        test = self.eval(node.test)
        if test.found:
            test = Thing(stuff=Stuff.CONSTANT)  # a row is true
        dynamic = self._is_dynamic(node.test, test)
        before = self.state()
        last = ending(self.function)

        def guard(body: Sequence[ast.stmt], end: Position, negated: bool) -> Guard:
            start = position(body[0]) if body else ending(node)
            names = self._asked(node.test)
            return Guard(
                self.function,
                test.taint,
                dynamic,
                start,
                end,
                names,
                asks_for_absence(node.test, negated),
                id(node),
                negated,
            )

        around = self.guards
        yes = guard(node.body, ending(node.body[-1]), negated=False)
        no = guard(node.orelse, ending(node), negated=True)
        self.guards = (*around, yes)
        self._narrow(node.test)
        ended = self.block(node.body)
        after, inside = self.state(), self.guards[len(around) + 1 :]
        self.restore(before)
        self.guards = (*around, no)
        ended_too = self.block(node.orelse)
        inside_too = self.guards[len(around) + 1 :]
        if ended and ended_too:
            self.guards = around
            return True
        if ended:
            # what follows runs only if the condition was not met; where the other path raises,
            # that request is over, and reads nothing any more
            rest = replace(no, end=last, dynamic=dynamic and not _raises(node.body))
            self.guards = (*around, rest, *inside_too)
            return False
        if ended_too:
            self.restore(after)
            rest = replace(yes, end=last, dynamic=dynamic and not _raises(node.orelse))
            self.guards = (*around, rest, *inside)
            return False
        self.guards = (*around, *inside, *inside_too)
        self.merge([after, self.state()])
        return False

    def _asked(self, test: ast.expr) -> frozenset[str]:
        """What a condition asks for, also by a local name for it."""
        names = names_in(test)
        return names.union(*(self.read_from.get(name, ()) for name in names))

    def _narrow(self, test: ast.expr) -> None:
        """``if x is None``: on this path, ``x`` is not the container that is its default."""
        if (
            isinstance(test, ast.Compare)
            and isinstance(test.left, ast.Name)
            and isinstance(test.ops[0], ast.Is)
            and isinstance(test.comparators[0], ast.Constant)
            and test.comparators[0].value is None
            and test.left.id in self.variables
        ):
            self.variables[test.left.id] = without_refs(self.variables[test.left.id])

    def _for(self, node: ast.For | ast.AsyncFor) -> bool:
        items = self.eval(node.iter)
        stuff = Stuff.ROWS if items.stuff >= Stuff.ROWS else Stuff.UNKNOWN
        item = Thing(items.taint, stuff, indirect=items.indirect)
        self.assign(node.target, item, None)
        start, end = position(node.body[0]), ending(node.body[-1])
        always = isinstance(node.iter, (ast.Tuple, ast.List)) and bool(node.iter.elts)
        self._perhaps(
            node.body, Guard(self.function, items.taint, not always, start, end, frozenset())
        )
        self.block(node.orelse)
        return False

    _asyncfor = _for

    def _while(self, node: ast.While) -> bool:
        test = self.eval(node.test)
        start = position(node.body[0])
        self._perhaps(
            node.body,
            Guard(
                self.function,
                test.taint,
                self._is_dynamic(node.test, test),
                start,
                ending(node.body[-1]),
                names_in(node.test),
            ),
        )
        return False

    def _perhaps(self, body: Sequence[ast.stmt], guard: Guard) -> None:
        """Run statements that may be left out."""
        around, before = self.guards, self.state()
        self.guards = (*around, guard)
        self.block(body)
        self.guards = around
        self.merge([before, self.state()])

    def _try(self, node: ast.Try) -> bool:
        around, before = self.guards, self.state()
        ended = self.block(node.body) or (bool(node.orelse) and self.block(node.orelse))
        states = [] if ended else [self.state()]
        kept = self.guards
        for handler in node.handlers:
            self.restore(before)
            start, end = position(handler.body[0]), ending(handler.body[-1])
            guard = Guard(self.function, Origin.NONE, True, start, end, frozenset())
            self.guards = (*around, guard)
            if handler.name:
                self.variables[handler.name] = NOTHING
            if not self.block(handler.body):
                states.append(self.state())
        self.guards = around if ended else kept
        if states:
            self.merge(states)
        finally_ended = self.block(node.finalbody)
        return finally_ended or not states

    _trystar = _try

    def _with(self, node: ast.With | ast.AsyncWith) -> bool:
        for item in node.items:
            value = self.eval(item.context_expr)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, without_refs(value), None)
        return self.block(node.body)

    _asyncwith = _with

    def _match(self, node: ast.Match) -> bool:
        subject = self.eval(node.subject)
        before, states = self.state(), []
        for case in node.cases:
            self.restore(before)
            for name in (
                n for n in nodes_in(case.pattern) if isinstance(n, ast.MatchAs) and n.name
            ):
                self.variables[str(name.name)] = without_refs(subject)
            around = self.guards
            span = (position(case.body[0]), ending(case.body[-1]))
            names = names_in(node.subject)
            self.guards = (*around, Guard(self.function, subject.taint, True, *span, names))
            if not self.block(case.body):
                states.append(self.state())
            self.guards = around
        self.merge([before, *states])
        return False

    # the state of a path

    def state(self) -> State:
        """What is known now, for a path that ends here."""
        return dict(self.variables), dict(self.attributes), self.emptied

    def restore(self, state: State) -> None:
        """Go back to what was known."""
        self.variables, self.attributes, self.emptied = dict(state[0]), dict(state[1]), state[2]

    def merge(self, states: list[State]) -> None:
        """Go on with what may be known after any of several paths."""
        variables: dict[str, Thing] = {}
        for name in {name for state in states for name in state[0]}:
            variables[name] = join(state[0].get(name, NOTHING) for state in states)
        attributes = {
            text: join(state[1][text] for state in states)
            for text in states[0][1]
            if all(text in state[1] for state in states)
        }
        self.variables, self.attributes = variables, attributes
        self.emptied = frozenset.intersection(*(state[2] for state in states))

    def _is_dynamic(self, node: ast.expr, test: Thing) -> bool:
        """Whether a condition may turn out differently for two requests."""
        if test.taint or test.stuff is Stuff.CONSTANT:
            return bool(test.taint)
        return any(
            isinstance(part, (ast.Call, ast.Await))
            or (isinstance(part, ast.Name) and part.id in self.variables)
            for part in nodes_in(node)
        )

    # stores

    def assign(self, target: ast.expr, value: Thing, node: ast.AST | None) -> None:
        """Bind a target; ``node`` is the statement, if it is one that stores."""
        if isinstance(target, ast.Name):
            self._assign_name(target.id, value, node or target)
        elif isinstance(target, (ast.Tuple, ast.List)):
            item = Thing(value.taint, value.stuff, indirect=value.indirect)
            for part in target.elts:
                self.assign(part, item, node)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value, node)
        elif isinstance(target, ast.Attribute):
            self.set_attribute(target.value, target.attr, value, node or target)
        elif isinstance(target, ast.Subscript):
            self._set_item(target, value, node or target)

    def _assign_name(self, name: str, value: Thing, node: ast.AST) -> None:
        if name in self.globals:
            self.store(self.references.global_place(name), value, Storing.SET, node)
            return
        if name in self.nonlocals:
            holder = self._owner_of(name)
            if holder is not None:
                place = self.references.closure_place(holder, name)
                if holder.outlives:
                    self.store(place, value, Storing.SET, node)
                holder.variables[name] = join([holder.variables.get(name, NOTHING), value])
            return
        self.variables[name] = value

    @property
    def outlives(self) -> bool:
        """Whether variables of this function live on after a request: it is no part of one."""
        inner = join(self.returned).refs
        return (
            self.outer is None
            and self.info is None
            and any(isinstance(ref, FunctionRef) and ref.local for ref in inner)
            and self.trace.left > 0
            and not any(thing.taint is Origin.REQUEST for thing in self.variables.values())
        )

    def _owner_of(self, name: str) -> Walk | None:
        walk = self.around
        while walk is not None:
            if name in walk.variables:
                return walk
            walk = walk.around
        return None

    def set_attribute(self, owner: ast.expr, name: str, value: Thing, node: ast.AST) -> None:
        """``owner.name = value``."""
        holders = self.eval(owner)
        text = f"{ast.unparse(owner)}.{name}"
        self.attributes[text] = value
        self.emptied |= {text}
        if holders.stuff is Stuff.MANAGER:
            self.store(self.references.manager_place(owner, name), value, Storing.SET, node)
        for ref in holders.refs:
            place = self.references.attribute_place(ref, name, owner)
            if place is not None:
                self.attributes.pop(text, None)
                self.store(place, value, Storing.SET, node)

    def _attribute_places(self, target: ast.Attribute) -> list[Place]:
        """Where an attribute is stored, if that outlives the request."""
        found = self.eval(target.value).refs
        places = (self.references.attribute_place(ref, target.attr, target.value) for ref in found)
        return [place for place in places if place is not None]

    def _set_item(self, target: ast.Subscript, value: Thing, node: ast.AST) -> None:
        key = self.eval(target.slice)
        container = self.eval(target.value)
        for ref in container.refs:
            if isinstance(ref, FieldsRef) and ref.copied:
                continue  # the dict itself is new, whatever it holds
            place = self.references.item_place(ref, target.slice)
            if place is not None:
                storing = Storing.ITEM
                # by a thread, a moment or a draw: nobody else finds it
                keyed = bool(key.taint) or key.stuff is Stuff.CLOCK or self._is_asked_for(target)
                self.store(place, value, storing, node, keyed, on=target.value)
        self._fill(target.value, value)

    def _is_asked_for(self, target: ast.Subscript) -> bool:
        """Whether an item is set after it was asked for: ``if key not in x: x[key] = ...``."""
        names = names_in(target)
        return not isinstance(target.slice, ast.Constant) and any(
            guard.absent and names <= guard.names for guard in self.guards
        )

    def _fill(self, container: ast.expr, value: Thing) -> None:
        """What a local container holds is part of it."""
        if isinstance(container, ast.Name) and container.id in self.variables:
            known = self.variables[container.id]
            stuff = max(known.stuff, value.stuff) if value.stuff >= Stuff.ROWS else known.stuff
            self.variables[container.id] = replace(
                known, taint=max(known.taint, value.taint), stuff=stuff
            )

    def _take_away(self, ref: Ref, node: ast.AST) -> None:
        if isinstance(ref, ContainerRef) and ref.is_list:
            self.store(ref.place, Thing(stuff=Stuff.CONSTANT), Storing.REMOVED, node)
        elif isinstance(ref, FieldRef) and isinstance(node, ast.Subscript):
            place = self.references.item_place(ref, node.slice)
            if place is not None:
                self.store(place, NOTHING, Storing.ITEM, node)

    def store(
        self,
        place: Place,
        value: Thing,
        storing: Storing,
        node: ast.AST,
        keyed: bool = False,
        on: ast.expr | None = None,
    ) -> None:
        """Note that a value is stored."""
        positions: list[tuple[FunctionNode, Position]] = []
        walk: Walk | None = self
        while walk is not None:
            positions.append((walk.function, walk.here))
            walk = walk.outer
        text = ast.unparse(on) if on is not None else ""
        self.trace.stores.append(
            Store(
                place,
                value,
                storing,
                node,
                self.guards,
                tuple(reversed(positions)),
                self._outermost().info,
                keyed,
                place.holder.code in self.emptied,
                text,
                _counts(node),
            )
        )

    def _outermost(self) -> Walk:
        return self if self.outer is None else self.outer._outermost()

    # expressions

    def eval(self, node: ast.expr) -> Thing:
        """What an expression means."""
        if self.nesting > MOST_NESTING:
            return NOTHING
        self.nesting += 1
        try:
            method = getattr(self, f"_eval_{type(node).__name__.lower()}", None)
            if method is not None:
                return method(node)  # type: ignore[no-any-return]
            return made_of(
                self.eval(child) for child in children_of(node) if isinstance(child, ast.expr)
            )
        finally:
            self.nesting -= 1

    def _eval_constant(self, node: ast.Constant) -> Thing:
        return Thing(stuff=Stuff.CONSTANT, literal=(node.value,))

    def _eval_name(self, node: ast.Name) -> Thing:
        return self.name(node.id)

    def name(self, name: str) -> Thing:
        """What a name means here."""
        if name not in self.globals:
            walk: Walk | None = self
            while walk is not None:
                if name in walk.variables:
                    found = walk.variables[name]
                    if walk is not self and found.literal and walk.outlives:
                        return self.references.around(walk, name, found)
                    return found
                walk = walk.around
        return self.references.global_name(name)

    def _eval_attribute(self, node: ast.Attribute) -> Thing:
        if self.attributes:
            known = self.attributes.get(ast.unparse(node))
            if known is not None:
                return known
        owner = self.eval(node.value)
        return self.attribute(owner, node.attr, node.value)

    def attribute(self, owner: Thing, name: str, at: ast.expr | None = None) -> Thing:
        """``owner.name``."""
        if owner.taint and self._is_neutral(name):
            return NOTHING
        found = [self.references.attribute(ref, name, at) for ref in owner.refs]
        if name in MANAGER_NAMES and not found:
            return Thing(owner.taint, Stuff.MANAGER, (), owner.indirect)  # of an unknown model
        if owner.stuff in (Stuff.QUERYSET, Stuff.MANAGER) or (owner.taint and not found):
            found.append(Thing(refs=(MethodRef(owner.stuff, name),)))
        joined = join(found)
        stuff = joined.stuff
        if owner.stuff is Stuff.ROWS and not found:
            stuff = Stuff.UNKNOWN
        taint = max(joined.taint, owner.taint)
        return Thing(taint, stuff, joined.refs, owner.indirect, joined.literal)

    def _is_neutral(self, name: str) -> bool:
        """Whether an attribute of what the method gets is the same for all requests."""
        kinds = self.references.kinds(self._outermost().info)
        return any(name in NEUTRAL_ATTRIBUTES.get(kind, ()) for kind in kinds)

    def _eval_subscript(self, node: ast.Subscript) -> Thing:
        owner, key = self.eval(node.value), self.eval(node.slice)
        refs = tuple(
            FieldRef(place)
            for ref in owner.refs
            if isinstance(ref, (FieldsRef, FieldRef))
            and (place := self.references.item_place(ref, node.slice)) is not None
        )
        stuff = owner.stuff if owner.stuff in (Stuff.QUERYSET, Stuff.ROWS) else Stuff.UNKNOWN
        return Thing(max(owner.taint, key.taint), stuff, refs, owner.indirect)

    def _eval_list(self, node: ast.List | ast.Tuple | ast.Set) -> Thing:
        return _display([self.eval(item) for item in node.elts], node)

    _eval_tuple = _eval_list
    _eval_set = _eval_list

    def _eval_starred(self, node: ast.Starred) -> Thing:
        return _rows_of(self.eval(node.value))

    def _eval_dict(self, node: ast.Dict) -> Thing:
        parts = [self.eval(part) for part in (*node.keys, *node.values) if part is not None]
        return _display(parts, node)

    def _eval_listcomp(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
    ) -> Thing:
        sources = []
        for generator in node.generators:
            items = self.eval(generator.iter)
            sources.append(_rows_of(items))
            self.assign(generator.target, without_refs(_rows_of(items)), None)
            sources += [self.eval(test) for test in generator.ifs]
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        made = [self.eval(part) for part in parts]
        rows = any(thing.stuff >= Stuff.ROWS for thing in (*sources, *made))
        return made_of([*sources, *made], Stuff.ROWS if rows else Stuff.DISPLAY)

    _eval_setcomp = _eval_listcomp
    _eval_generatorexp = _eval_listcomp
    _eval_dictcomp = _eval_listcomp

    def _eval_boolop(self, node: ast.BoolOp) -> Thing:
        return join(self.eval(part) for part in node.values)

    def _eval_ifexp(self, node: ast.IfExp) -> Thing:
        test = self.eval(node.test)
        found = join([self.eval(node.body), self.eval(node.orelse)])
        return replace(found, taint=max(found.taint, test.taint), literal=())

    def _eval_binop(self, node: ast.BinOp) -> Thing:
        left, right = self.eval(node.left), self.eval(node.right)
        return made_of([left, right], max(left.stuff, right.stuff))

    def _eval_await(self, node: ast.Await) -> Thing:
        return self.eval(node.value)

    def _eval_namedexpr(self, node: ast.NamedExpr) -> Thing:
        value = self.eval(node.value)
        self.assign(node.target, value, node)
        return value

    def _eval_lambda(self, node: ast.Lambda) -> Thing:
        return Thing(refs=(FunctionRef(node, None, local=True),))

    def _eval_yield(self, node: ast.Yield) -> Thing:
        if node.value is not None:
            self.returned.append(self.eval(node.value))
        return NOTHING

    # calls

    def _eval_call(self, node: ast.Call) -> Thing:
        args = [self.eval(argument) for argument in node.args]
        keywords = {word.arg or "**": self.eval(word.value) for word in node.keywords}
        given = [*args, *keywords.values()]
        if isinstance(node.func, ast.Name):
            special = self._special(node, node.func.id, args)
            if special is not None:
                return special
        callee = self.eval(node.func)
        if isinstance(node.func, ast.Attribute):
            self._change(node, node.func, args, keywords)
        found = [self._call(ref, node, args, keywords, callee) for ref in callee.refs]
        known = [thing for thing in found if thing is not None]
        if known:
            return join(known)
        made = made_of([callee, *given], _made_by_name(node, given))
        direct = not given or not any(thing.taint for thing in given)
        return replace(made, indirect=made.indirect or not direct)

    def _special(self, node: ast.Call, name: str, args: list[Thing]) -> Thing | None:
        """Builtins that are no ordinary calls."""
        if name in self.variables:
            return None
        if name == "super" and self.info is not None:
            receiver = next(
                (r for r in self.name(self.me).refs if isinstance(r, (ObjectRef, ClassRef))), None
            )
            if receiver is not None:
                return Thing(refs=(SuperRef(self.info, receiver),))
        if name == "type" and len(args) == 1:
            refs = tuple(
                ClassRef(ref.info)
                for ref in args[0].refs
                if isinstance(ref, ObjectRef) and ref.info is not None
            )
            return Thing(refs=refs)
        if name in ("getattr", "setattr") and len(node.args) > 1:
            word = node.args[1]
            if not (isinstance(word, ast.Constant) and isinstance(word.value, str)):
                return made_of(args)
            if name == "getattr":
                found = self.attribute(args[0], word.value, node.args[0])
                return join([found, *args[2:]])
            if len(args) > 2:
                self.set_attribute(node.args[0], word.value, args[2], node)
            return NOTHING
        return None

    def _change(
        self,
        node: ast.Call,
        func: ast.Attribute,
        args: list[Thing],
        keywords: dict[str, Thing],
    ) -> None:
        """A method that changes a container."""
        name = func.attr
        if name not in ADDING | SETTING | REMOVING | EMPTYING:
            return
        owner = self.eval(func.value)
        text = ast.unparse(func.value)
        if name in EMPTYING:
            self.emptied |= {text}
            return
        value = join(args[-1:] if name in ADDING or name == "setdefault" else [*args])
        if keywords:
            value = join([value, *keywords.values()])
        if name in ("extend", "update", "extendleft"):
            value = without_refs(_rows_of(value))
        for ref in owner.refs:
            if name in REMOVING:
                self._take_away(ref, node)
                continue
            keyed = name in SETTING and self._keys_are_tainted(node, args)
            storing = Storing.ITEM if name in SETTING else Storing.ADDED
            if isinstance(ref, ContainerRef):
                if not ref.is_list and name == "add":
                    storing = Storing.ADDED
                self.store(ref.place, value, storing, node, keyed, func.value)
            elif isinstance(ref, FieldRef):
                self.store(ref.place, value, storing, node, keyed, func.value)
        self._fill(func.value, value)

    def _keys_are_tainted(self, node: ast.Call, args: list[Thing]) -> bool:
        if isinstance(node.func, ast.Attribute) and node.func.attr == "setdefault":
            return bool(args and args[0].taint)
        return any(
            bool(self.eval(key).taint)
            for argument in node.args
            if isinstance(argument, ast.Dict)
            for key in argument.keys
            if key is not None
        )

    def _call(
        self,
        ref: Ref,
        node: ast.Call,
        args: list[Thing],
        keywords: dict[str, Thing],
        callee: Thing,
    ) -> Thing | None:
        """What a call of one thing returns; ``None`` if nobody knows."""
        given = [*args, *keywords.values()]
        if isinstance(ref, FunctionRef):
            return self.follow(ref, args, keywords)
        if isinstance(ref, ClassRef):
            return Thing(
                join(given).taint, refs=(ObjectRef(ref.info, shared=False),), indirect=True
            )
        if isinstance(ref, MethodRef):
            return self._method(ref, node, given, callee)
        if isinstance(ref, ExternalRef):
            return self._external(ref.name, given)
        return None

    def _method(
        self, ref: MethodRef, node: ast.Call, given: list[Thing], callee: Thing
    ) -> Thing | None:
        """A method that is not the project's."""
        name, receiver = ref.name, ref.receiver
        taint = max([callee.taint, *(thing.taint for thing in given)])
        indirect = callee.indirect or any(thing.indirect for thing in given)
        if receiver in (Stuff.QUERYSET, Stuff.MANAGER):
            if name in WHERE_TO_ASK:
                return Thing(callee.taint, Stuff.QUERYSET, indirect=callee.indirect)
            if name in LAZY or name == "get_queryset":
                return Thing(taint, Stuff.QUERYSET, indirect=indirect)
            if name in _FETCHING:
                return Thing(taint, Stuff.ROWS, indirect=indirect, found=name in FINDING)
            if receiver is Stuff.MANAGER:
                return Thing(taint, Stuff.QUERYSET, indirect=True)
            return None
        if isinstance(receiver, (ObjectRef, ClassRef)):
            return self._hook(receiver, name, taint)
        return None

    def _hook(self, receiver: ObjectRef | ClassRef, name: str, taint: Origin) -> Thing | None:
        """A method that a class of the project has from a framework."""
        if name in RETURNS_QUERYSET:
            return Thing(taint, Stuff.QUERYSET)
        if name in RETURNS_ROW:
            return Thing(taint, Stuff.ROWS, found=True)
        kinds = self.references.kinds(receiver.info)
        if kinds & {"view", "drf"} and name in HANDING_OUT:
            return self.references.attribute(receiver, HANDING_OUT[name], None)
        if not kinds & {"admin", "inline"}:
            return None
        if name in MADE_PER_REQUEST:
            assert receiver.info is not None
            return Thing(taint, refs=(MadeClassRef(receiver.info),))
        for option, getter in ADMIN_OPTIONS.items():
            if getter == name:
                found = self.references.attribute(receiver, option, None)
                return replace(found, taint=Origin.NONE)
        return None

    def _external(self, name: str, given: list[Thing]) -> Thing | None:
        """What a function of a package returns."""
        last = name.rpartition(".")[2]
        if name in COPIERS:
            joined = join(_rows_of(thing) for thing in given)
            return replace(joined, refs=(), literal=())
        if name in ASKS_FOR_REQUEST:
            return Thing(Origin.NAMED, indirect=True)
        if name in self.references.ctx.facts.volatile:
            return Thing(made_of(given).taint, Stuff.CLOCK)
        if last in (
            "get_object_or_404",
            "get_list_or_404",
            "aget_object_or_404",
            "aget_list_or_404",
        ):
            return replace(made_of(given, Stuff.ROWS), found=last in FINDING)
        if name.startswith("builtins.") and last not in ("type", "open", "iter", "next"):
            return made_of(given)
        return None

    def follow(self, ref: FunctionRef, args: list[Thing], keywords: dict[str, Thing]) -> Thing:
        """Run a function of the checked file."""
        joined = made_of([*args, *keywords.values()])
        if self.depth >= MOST_CALLS or any(node is ref.node for node in self.running()):
            return replace(joined, indirect=True)
        positional = list(args)
        if ref.receiver is not None:
            positional.insert(0, Thing(refs=(ref.receiver,)))
        around = None
        if ref.local:
            walk: Walk | None = self
            while walk is not None and ref.node not in walk.closures.values():
                walk = walk.around or walk.outer
            around = walk or self
        variables = self.references.bind(ref.node, positional, keywords)
        self.trace.followed.add(id(ref.node))
        inner = Walk(self.references, self.trace, ref.node, ref.info, variables, self, around)
        if ref.info is None and ref.local:
            inner.info, inner.me = self.info, self.me
        inner.guards = self.guards
        return inner.run()


def _display(parts: list[Thing], node: ast.expr) -> Thing:
    stuff = max(
        (thing.stuff for thing in parts if thing.stuff >= Stuff.ROWS), default=Stuff.DISPLAY
    )
    return replace(made_of(parts, stuff), literal=literal(node))


def _rows_of(thing: Thing) -> Thing:
    """What iterating over a value gives."""
    if thing.stuff is Stuff.QUERYSET:
        return replace(thing, stuff=Stuff.ROWS)
    return thing


def _made_by_name(node: ast.Call, given: list[Thing]) -> Stuff:
    """What a call makes of which nothing but the name is known: a queryset, or what holds one."""
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if isinstance(node.func, ast.Attribute) and name in LAZY & RELATED:
        return Stuff.QUERYSET
    if name[:1].isupper() and any(thing.stuff is Stuff.QUERYSET for thing in given):
        return Stuff.QUERYSET
    return Stuff.UNKNOWN


def _raises(body: Sequence[ast.stmt]) -> bool:
    """Whether a block ends by raising."""
    return bool(body) and isinstance(body[-1], ast.Raise)


def _counts(node: ast.AST) -> bool:
    """Whether an assignment computes the new value from the old one: ``x = x + 1``, ``x or 1``."""
    if not isinstance(node, (ast.Assign, ast.NamedExpr)):
        return False
    if not isinstance(node.value, (ast.BinOp, ast.BoolOp)):
        return False
    bound = node.targets if isinstance(node, ast.Assign) else [node.target]
    targets = {ast.unparse(target) for target in bound}
    return any(
        isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)) and ast.unparse(part) in targets
        for part in nodes_in(node.value)
    )


@per_node
def names_in(node: ast.AST) -> frozenset[str]:
    """The names, attributes (``.x``) and texts that an expression mentions; a text may be both."""
    found: set[str] = set()
    for part in nodes_in(node):
        if isinstance(part, ast.Name):
            found.add(part.id)
        elif isinstance(part, ast.Attribute):
            found.add(f".{part.attr}")
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.update((part.value, f".{part.value}"))
    return frozenset(found)


def read_by(value: ast.expr) -> frozenset[str]:
    """What an attribute, an item, or ``getattr()`` reads; nothing of other expressions."""
    called = isinstance(value, ast.Call) and isinstance(value.func, ast.Name)
    if isinstance(value, (ast.Attribute, ast.Subscript)) or (
        called and value.func.id == "getattr"  # type: ignore[attr-defined]
    ):
        return names_in(value)
    return frozenset()


def asks_for_absence(test: ast.expr, negated: bool) -> bool:
    """Whether something must not be there: ``x is None``, ``not x``, ``k not in x``."""
    if isinstance(test, ast.BoolOp):
        return any(asks_for_absence(part, negated) for part in test.values)
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return not negated
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        if isinstance(test.ops[0], (ast.Is, ast.NotIn, ast.Eq)):
            return not negated
        if isinstance(test.ops[0], (ast.IsNot, ast.In, ast.NotEq)):
            return negated
    return negated
