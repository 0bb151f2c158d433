"""Expressions: what they evaluate, and what they are worth."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from qs_lint.domain import Holder, HolderKind, Moment, Use, uses
from qs_lint.engine.arguments import MAYBE, Keywords
from qs_lint.engine.context import MAX_NESTING, Component, Frame, GaveUp, dotted_text
from qs_lint.engine.folding import folded, interpolated, joined, texts
from qs_lint.engine.scope import Scope
from qs_lint.facts.data_model import UNARY
from qs_lint.values import (
    MAX_ITEMS,
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
    Opaque,
    QueryRun,
    QuerySetValue,
    Rows,
    Sequence,
    Super,
    Value,
    derived,
    join,
    options,
    taints_of,
)

if TYPE_CHECKING:
    from qs_lint.engine.context import EngineContext


TRUE, FALSE = Const(True), Const(False)
Handler = Callable[["Expressions", ast.expr, Frame], Value]


class Expressions(Component):
    """The value of every kind of expression."""

    def eval(self, node: ast.expr, frame: Frame) -> Value:
        """The value of an expression; unknown where it cannot be told."""
        self.ctx.budget -= 1
        if self.ctx.budget < 0:
            raise GaveUp
        kind = type(node)
        if kind is ast.Name:
            return self._name(node, frame)  # type: ignore[arg-type]
        if kind is ast.Constant:
            return self._constant(node, frame)  # type: ignore[arg-type]
        handler = _HANDLERS.get(kind)
        if handler is None or self.ctx.nesting > MAX_NESTING:
            return UNKNOWN
        self.ctx.nesting += 1
        try:
            return handler(self, node, frame)
        finally:
            self.ctx.nesting -= 1

    # names and literals

    def _constant(self, node: ast.Constant, frame: Frame) -> Value:
        return NONE if node.value is None else Const(node.value)

    def _name(self, node: ast.Name, frame: Frame) -> Value:
        value = self.ctx.names.lookup(node.id, frame)
        if self.ctx.moment is Moment.CALL and frame.scope.vars.get(node.id) is not value:
            if any(s.live and s.vars.get(node.id) is value for s in frame.scope.enclosing()):
                return value
            self.ctx.attributes.note_read(value, Holder(HolderKind.MODULE_GLOBAL, node.id))
            if isinstance(value, (Mapping, Sequence)):
                self.ctx.orm.holders.setdefault(id(value), Holder(HolderKind.CONTAINER, node.id))
                self.ctx.heap.keep.append(value)
        return value

    def _attribute_node(self, node: ast.Attribute, frame: Frame) -> Value:
        chain: list[ast.Attribute] = []
        inner: ast.expr = node
        while isinstance(inner, ast.Attribute):
            chain.append(inner)
            inner = inner.value
        value = self.eval(inner, frame)
        for link in reversed(chain):
            value = self.ctx.attributes.attribute(value, link.attr, link, frame)
        return value

    def _items(self, nodes: list[ast.expr], frame: Frame) -> tuple[list[Value], bool]:
        values: list[Value] = []
        more = False
        for item in nodes:
            if isinstance(item, ast.Starred):
                inner = self.eval(item.value, frame)
                if isinstance(inner, Sequence) and not inner.taints and not inner.open:
                    values.extend(inner.items)
                    continue
                found = self.ctx.orm.consume(inner, item, uses.STARRED, frame)
                more = True
                if found is not UNKNOWN:
                    values.append(found)
            else:
                values.append(self.eval(item, frame))
        if len(values) > MAX_ITEMS:
            self.ctx.limit(nodes[0])
        return values, more

    def _list(self, node: ast.List, frame: Frame) -> Value:
        values, more = self._items(node.elts, frame)
        return Sequence("list", values, self.ctx.moment, node, open=more)

    def _tuple(self, node: ast.Tuple, frame: Frame) -> Value:
        values, more = self._items(node.elts, frame)
        return Sequence("tuple", values, self.ctx.moment, node, open=more)

    def _set(self, node: ast.Set, frame: Frame) -> Value:
        values, more = self._items(node.elts, frame)
        return Sequence("set", values, self.ctx.moment, node, open=more)

    def _dict(self, node: ast.Dict, frame: Frame) -> Value:
        result = Mapping({}, self.ctx.moment, node)
        for key, item in zip(node.keys, node.values, strict=True):
            value = self.eval(item, frame)
            if key is None:
                for option in options(value):
                    if isinstance(option, Mapping):
                        result.items.update(option.items)
                        result.nodes.update(option.nodes)
                        result.open = result.open or option.open
                        result.taints |= option.taints
                    else:
                        result.open = True
                        result.taints |= taints_of(option)
                continue
            name = self.eval(key, frame)
            constant = name.value if isinstance(name, Const) else None
            if constant is None:
                result.taints |= taints_of(name)
                if None in result.items:
                    value = join([result.items[None], value])
            try:
                result.items[constant] = value
                result.nodes[constant] = item
            except TypeError:
                result.items[None] = value
        if result.bound():
            self.ctx.limit(node)
        return result

    def _joined(self, node: ast.JoinedStr, frame: Frame) -> Value:
        found: list[Value] = []
        pieces: list[Value] = []
        for part in node.values:
            if not isinstance(part, ast.FormattedValue):
                pieces.append(self.eval(part, frame))
                continue
            value = self.eval(part.value, frame)
            plain = part.format_spec is None and part.conversion in (-1, ord("s"))
            pieces.append(value if plain else UNKNOWN)
            found.append(self._shown(part, value, frame))
        known = texts(pieces)
        return derived(found) if known is None else joined(known)

    def _formatted(self, node: ast.FormattedValue, frame: Frame) -> Value:
        return self._shown(node, self.eval(node.value, frame), frame)

    def _shown(self, node: ast.FormattedValue, value: Value, frame: Frame) -> Value:
        """The text that a replacement field makes of a value."""
        found = [self.ctx.orm.peek(value, node, _FIELDS.get(node.conversion, uses.F_STRING), frame)]
        if node.format_spec is not None:
            found.append(self.eval(node.format_spec, frame))
        return derived(found)

    def _template(self, node: ast.expr, frame: Frame) -> Value:
        """A template string: its parts are evaluated and kept as they are, no text is made."""
        found: list[Value] = []
        for part in node.values:  # type: ignore[attr-defined]
            if type(part).__name__ == "Interpolation":
                found.append(self.eval(part.value, frame))
                if part.format_spec is not None:
                    found.append(self.eval(part.format_spec, frame))
        kept = tuple(value for value in found if value is not UNKNOWN)
        return Opaque(frozenset().union(*map(taints_of, kept)), kept) if kept else UNKNOWN

    # operators

    def truth(
        self, value: Value, node: ast.AST, frame: Frame, how: Use = uses.TRUTH
    ) -> bool | None:
        """Test a value as a condition: querysets are evaluated, what came back decides."""
        self.ctx.memos.test(node, value)
        return value.test(self.ctx, node, how, frame)

    def _bool(self, node: ast.BoolOp, frame: Frame) -> Value:
        found: list[Value] = []
        last = len(node.values) - 1
        is_or = isinstance(node.op, ast.Or)
        how = uses.OR if is_or else uses.AND
        before = self.ctx.unsure
        for index, item in enumerate(node.values):
            value = self.eval(item, frame)
            if index == last:
                found.append(value)
                break
            known = self.truth(value, item, frame, how)
            if known is is_or:
                found.append(value)
                self.ctx.memos.pass_over(node.values[index + 1 :], frame)
                break
            if known is None:
                found.append(value)
                self.ctx.unsure += 1
        self.ctx.unsure = before
        return join(found)

    def _not(self, node: ast.UnaryOp, frame: Frame) -> Value:
        value = self.eval(node.operand, frame)
        if isinstance(node.op, ast.USub) and isinstance(value, Const):
            if type(value.value) is int:
                return Const(-value.value)  # the index of an item
        if not isinstance(node.op, ast.Not):
            if isinstance(value, (Instance, ClassValue)):
                name = UNARY[type(node.op).__name__]
                made = self.ctx.protocols.ask(value, name, [], {}, node, frame)
                if made is not None:
                    return made
            return value if isinstance(value, QuerySetValue) else derived([value])
        known = self.truth(value, node, frame, uses.NOT)
        if known is None:
            return derived([value])
        return FALSE if known else TRUE

    def _compare(self, node: ast.Compare, frame: Frame) -> Value:
        left = self.eval(node.left, frame)
        found: list[Value] = [left]
        result: Value | None = None
        for operator, item in zip(node.ops, node.comparators, strict=True):
            right = self.eval(item, frame)
            if isinstance(operator, (ast.In, ast.NotIn)):
                found.append(derived([right.contains(self.ctx, left, node, frame)]))
            else:
                made = self.ctx.protocols.operate(left, operator, right, node, frame)
                found.append(right if made is None else made)
            known = _compared(left, operator, right, self.ctx.moment)
            result = known if result is None and len(node.ops) == 1 else None
            left = right
        compared = derived([value for value in found if not isinstance(value, QuerySetValue)])
        if result is None:
            return compared
        self.ctx.memos.test(node, compared)
        return result

    def _binary(self, node: ast.BinOp, frame: Frame) -> Value:
        # long chains of operators are flat for us: a + b + c + ...
        parts: list[ast.BinOp] = []
        inner: ast.expr = node
        while isinstance(inner, ast.BinOp):
            parts.append(inner)
            inner = inner.left
        value = self.eval(inner, frame)
        for part in reversed(parts):
            self.ctx.spend()
            value = self.operate(value, part.op, self.eval(part.right, frame), part, frame)
        return value

    def operate(
        self, left: Value, operator: ast.operator, right: Value, node: ast.AST, frame: Frame
    ) -> Value:
        """``left op right``."""
        found: list[Value] = []
        for one in options(left):
            for other in options(right):
                found.append(self._operate(one, operator, other, node, frame))
        return join(found)

    def _operate(
        self, left: Value, operator: ast.operator, right: Value, node: ast.AST, frame: Frame
    ) -> Value:
        made = self.ctx.protocols.operate(left, operator, right, node, frame)
        if made is not None:
            return made
        if isinstance(left, QuerySetValue):
            return self._combine(left, operator, right, node, frame)
        if isinstance(left, Const):
            if isinstance(right, Const):
                return folded(left.value, operator, right.value)
            if isinstance(operator, ast.Mod) and isinstance(left.value, str):
                return self._percent(left.value, right, node, frame)
        if isinstance(left, Sequence) and isinstance(right, Sequence):
            return self._concatenated(left, right, node)
        if isinstance(left, Mapping) and isinstance(right, Mapping):
            return replace(
                left,
                items={**left.items, **right.items},
                nodes={**left.nodes, **right.nodes},
                born=self.ctx.moment,
                open=left.open or right.open,
                taints=left.taints | right.taints,
            )
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Rows) and one.kind in ("list", "set"):
                return Rows(one.kind, one.taints | taints_of(other), one.model, one.confidence)
        return derived([left, right])

    def _percent(self, template: str, right: Value, node: ast.AST, frame: Frame) -> Value:
        """``"..." % values``."""
        values = right.items if isinstance(right, Sequence) else [right]
        known = interpolated(template, values)
        if known is not None:
            return known
        return derived([self.ctx.orm.peek(value, node, uses.PERCENT, frame) for value in values])

    def _concatenated(self, left: Sequence, right: Sequence, node: ast.AST) -> Value:
        if len(left.items) + len(right.items) > MAX_ITEMS:
            self.ctx.limit(node)
            return UNKNOWN
        return Sequence(
            left.kind,
            [*left.items, *right.items],
            self.ctx.moment,
            node,
            open=left.open or right.open,
            taints=left.taints | right.taints,
        )

    def _combine(
        self,
        left: QuerySetValue,
        operator: ast.operator,
        right: Value,
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        combines = isinstance(operator, (ast.BitOr, ast.BitAnd, ast.BitXor))
        if not combines or not isinstance(right, QuerySetValue):
            return UNKNOWN
        if left.none or right.none:  # one of the two objects comes back
            return left if left.none is isinstance(operator, ast.BitAnd) else right
        made = self.ctx.orm.clone(left, node, frame)
        made.frozen = tuple(dict.fromkeys((*left.frozen, *right.frozen)))
        return made

    def _ternary(self, node: ast.IfExp, frame: Frame) -> Value:
        test = self.eval(node.test, frame)
        known = self.truth(test, node.test, frame, uses.CONDITION)
        if known is True:
            return self.eval(node.body, frame)
        if known is False:
            return self.eval(node.orelse, frame)
        self.ctx.unsure += 1
        found = join([self.eval(node.body, frame), self.eval(node.orelse, frame)])
        self.ctx.unsure -= 1
        decided = frozenset(taint for taint in taints_of(test) if isinstance(taint, QueryRun))
        if decided and not isinstance(found, QuerySetValue):
            return join([found, Opaque(decided)])
        return found

    def _walrus(self, node: ast.NamedExpr, frame: Frame) -> Value:
        value = self.eval(node.value, frame)
        self.ctx.statements.assign(node.target, value, node, frame)
        return value

    # calls

    def _call_node(self, node: ast.Call, frame: Frame) -> Value:
        # a chain ``a.b().c().d()`` is as deep as it is long: walk it without recursion
        below = node.func.value if isinstance(node.func, ast.Attribute) else node.func
        if not isinstance(below, ast.Call):
            self.ctx.spend()
            return self._one_call(node, None, frame)
        chain: list[ast.Call] = []
        inner: ast.expr = node
        while True:
            if isinstance(inner, ast.Call):
                chain.append(inner)
                inner = inner.func
            elif isinstance(inner, ast.Attribute) and isinstance(inner.value, ast.Call):
                inner = inner.value
            else:
                break
        value: Value | None = None
        for call in reversed(chain):
            self.ctx.spend()
            value = self._one_call(call, value, frame)
        assert value is not None
        return value

    def _one_call(self, node: ast.Call, below: Value | None, frame: Frame) -> Value:
        func = node.func
        if below is not None:
            callee = (
                self.ctx.attributes.attribute(below, func.attr, func, frame)
                if isinstance(func, ast.Attribute)
                else below
            )
        else:
            callee = self.eval(func, frame)
        if isinstance(callee, External) and callee.name == "builtins.super":
            return self._super(node, frame)
        args: list[Value] = []
        keywords = Keywords()
        if not self.ctx.stack:
            self.ctx.placement.append(func)
        try:
            for item in node.args:
                if isinstance(item, ast.Starred):
                    self._star(item, args, keywords, frame)
                else:
                    args.append(self.eval(item, frame))
            for keyword in node.keywords:
                value = self.eval(keyword.value, frame)
                if keyword.arg is not None:
                    keywords[keyword.arg] = value
                    keywords.nodes[keyword.arg] = keyword.value
                else:
                    _spread(value, keywords)
        finally:
            if not self.ctx.stack:
                self.ctx.placement.pop()
        return self.ctx.calls.call(callee, args, keywords, node, frame)

    def _star(
        self, item: ast.Starred, args: list[Value], keywords: dict[str, Value], frame: Frame
    ) -> None:
        inner = self.eval(item.value, frame)
        if isinstance(inner, Sequence) and not inner.open and not inner.taints:
            args.extend(inner.items)
            return
        found = self.ctx.orm.consume(inner, item, uses.STARRED, frame)
        keywords[MAYBE] = Opaque(taints_of(found), (found,)) if found is not UNKNOWN else UNKNOWN
        if found is not UNKNOWN:
            args.append(found)

    def _super(self, node: ast.Call, frame: Frame) -> Value:
        owner, receiver = frame.owner, frame.receiver
        if len(node.args) == 2:
            cls = self.eval(node.args[0], frame)
            receiver = self.eval(node.args[1], frame)
            owner = cls.info if isinstance(cls, ClassValue) else owner
        if owner is None or receiver is None:
            return UNKNOWN
        found = [Super(owner, option) for option in options(receiver)]
        return join(found)

    # functions and comprehensions

    def make_lambda(self, node: ast.Lambda, frame: Frame) -> Value:
        """The function that a lambda makes."""
        return Function(
            node,
            frame.source,
            frame.scope,
            frame.body_of or frame.owner,
            self.default_values(node.args, frame),
            born=self.ctx.moment,
        )

    def default_values(self, spec: ast.arguments, frame: Frame) -> dict[str, Value]:
        """The values of a function's default arguments: computed when it is defined."""
        found: dict[str, Value] = {}
        positional = [*spec.posonlyargs, *spec.args]
        for parameter, default in zip(
            positional[len(positional) - len(spec.defaults) :], spec.defaults, strict=True
        ):
            found[parameter.arg] = self.eval(default, frame)
        for parameter, keyword in zip(spec.kwonlyargs, spec.kw_defaults, strict=True):
            if keyword is not None:
                found[parameter.arg] = self.eval(keyword, frame)
        return found

    def comprehend(
        self,
        node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp,
        frame: Frame,
        first: Value,
        how: Use,
        source: Value = UNKNOWN,
    ) -> tuple[list[Value], Value]:
        """Run a comprehension: its values, and what its conditions depend on."""
        scope = Scope("function", frame.source, frame.scope)
        inner = replace_scope(frame, scope)
        tainted: list[Value] = []
        for index, generator in enumerate(node.generators):
            if index:
                source = self.eval(generator.iter, inner)
                item = self.ctx.orm.consume(source, generator.iter, how, inner)
            else:
                item = first
                if isinstance(source, Sequence) and not (
                    source.items or source.open or source.taints
                ):
                    return [], UNKNOWN  # no items: nothing inside runs
            if item is not UNKNOWN:
                known = [o for o in options(source) if isinstance(o, (Sequence, Mapping))]
                if known and len(known) == len(options(source)):
                    # how many items there are is certain, whatever each of them is
                    tainted.append(Opaque(frozenset().union(*(o.taints for o in known))))
                else:
                    tainted.append(derived([item]))
            self.ctx.statements.assign(generator.target, item, generator.target, inner)
            for condition in generator.ifs:
                test = self.eval(condition, inner)
                if self.truth(test, condition, inner, uses.CONDITION) is False:
                    return [], derived(tainted)  # no item passes
                tainted.append(derived([test]))
        if isinstance(node, ast.DictComp):
            values = [self.eval(node.key, inner), self.eval(node.value, inner)]
        else:
            values = [self.eval(node.elt, inner)]
        return values, derived(tainted)

    def _list_comp(self, node: ast.ListComp | ast.SetComp, frame: Frame) -> Value:
        kind = "list" if isinstance(node, ast.ListComp) else "set"
        how = uses.LIST_COMPREHENSION if kind == "list" else uses.SET_COMPREHENSION
        source = self.eval(node.generators[0].iter, frame)
        first = self.ctx.orm.consume(source, node.generators[0].iter, how, frame)
        values, around = self.comprehend(node, frame, first, how, source)
        return Sequence(
            kind, values, self.ctx.moment, node, open=bool(values), taints=taints_of(around)
        )

    def _dict_comp(self, node: ast.DictComp, frame: Frame) -> Value:
        how = uses.DICT_COMPREHENSION
        source = self.eval(node.generators[0].iter, frame)
        first = self.ctx.orm.consume(source, node.generators[0].iter, how, frame)
        values, around = self.comprehend(node, frame, first, how, source)
        if not values:
            return Mapping({}, self.ctx.moment, node, taints=taints_of(around))
        return Mapping(
            {None: values[1]},
            self.ctx.moment,
            node,
            open=True,
            taints=taints_of(around) | taints_of(values[0]),
        )

    def _generator(self, node: ast.GeneratorExp, frame: Frame) -> Value:
        how = uses.GENERATOR_EXPRESSION
        source = self.eval(node.generators[0].iter, frame)
        early = [
            self.ctx.orm.consume(option, node.generators[0].iter, how, frame)
            for option in options(source)
            if isinstance(option, QuerySetValue)
        ]
        late = [option for option in options(source) if not isinstance(option, QuerySetValue)]

        def run(ctx: EngineContext, consumer: ast.AST) -> Value:
            items = [*early, *(ctx.orm.consume(value, consumer, how, frame) for value in late)]
            values, around = ctx.expressions.comprehend(node, frame, join(items), how, source)
            return join([*values, around])

        parts = (derived(early), *late) if early else tuple(late)
        return Deferred("generator", run, self.ctx.moment, parts)

    def _await(self, node: ast.Await, frame: Frame) -> Value:
        value = self.eval(node.value, frame)
        if isinstance(value, Deferred) and value.kind == "coroutine":
            return value.run(self.ctx, node)
        return value

    def _yield(self, node: ast.Yield, frame: Frame) -> Value:
        if node.value is not None:
            frame.yields.append(self.eval(node.value, frame))
        return UNKNOWN

    def _yield_from(self, node: ast.YieldFrom, frame: Frame) -> Value:
        value = self.eval(node.value, frame)
        frame.yields.append(self.ctx.orm.consume(value, node, uses.YIELD_FROM, frame))
        return UNKNOWN

    def _starred(self, node: ast.Starred, frame: Frame) -> Value:
        return self.ctx.orm.consume(self.eval(node.value, frame), node, uses.STARRED, frame)

    # subscripts

    def _subscript(self, node: ast.Subscript, frame: Frame) -> Value:
        value = self.eval(node.value, frame)
        if isinstance(node.slice, ast.Slice):
            return self._slice(value, node, node.slice, frame)
        if isinstance(node.slice, ast.Call) and dotted_text(node.slice.func) == "slice":
            parts = [*node.slice.args, None, None, None]
            cut = ast.Slice(parts[0], parts[1], parts[2])
            if len(node.slice.args) == 1:
                cut = ast.Slice(None, parts[0], None)
            return self._slice(value, node, cut, frame)
        return self.ctx.attributes.item(value, self.eval(node.slice, frame), node, frame)

    def _slice(self, value: Value, node: ast.Subscript, cut: ast.Slice, frame: Frame) -> Value:
        found: list[Value] = []
        bounds = [
            self.eval(part, frame) for part in (cut.lower, cut.upper, cut.step) if part is not None
        ]
        stepped = cut.step is not None and not (
            isinstance(cut.step, ast.Constant) and cut.step.value is None
        )
        for option in options(value):
            if not isinstance(option, QuerySetValue):
                found.append(option if isinstance(option, (Rows, Sequence)) else derived([option]))
                continue
            if option.filled is not None and not self.ctx.shared(option):
                found.append(Rows("list", frozenset((option.filled,)), option.model))
            elif option.raw:
                item = self.ctx.orm.evaluate_queryset(option, node, uses.SLICED, frame)
                found.append(Rows("list", taints_of(item), option.model))
            elif stepped:
                item = self.ctx.orm.peek(option, node, uses.STEPPED, frame)
                found.append(
                    Rows("list", taints_of(item), option.model) if taints_of(item) else UNKNOWN
                )
            else:
                made = self.ctx.orm.clone(option, node, frame)
                found.append(made)
        stale = derived(bounds)
        return join(found) if stale is UNKNOWN else join([*found, stale])


def replace_scope(frame: Frame, scope: Scope) -> Frame:
    """The same activation with an inner scope (a comprehension)."""
    return Frame(
        scope,
        frame.source,
        frame.function,
        frame.owner,
        frame.receiver,
        frame.returns,
        frame.yields,
        None,
    )


def _spread(value: Value, keywords: Keywords) -> None:
    for option in options(value):
        if isinstance(option, Mapping):
            for key, item in option.items.items():
                if isinstance(key, str):
                    keywords[key] = item
                    if key in option.nodes:
                        keywords.nodes[key] = option.nodes[key]
            if option.open or option.taints or None in option.items:
                more = [Opaque(option.taints), *option.items.values()]
                keywords[MAYBE] = join([*more, keywords.get(MAYBE, UNKNOWN)])
        else:
            keywords.setdefault(MAYBE, derived([option]))


def _compared(left: Value, operator: ast.cmpop, right: Value, now: Moment) -> Value | None:
    """A comparison whose result is certain."""
    if isinstance(operator, (ast.Is, ast.IsNot)):
        same = _identical(left, right)
        if same is None:
            return None
        return TRUE if same is isinstance(operator, ast.Is) else FALSE
    if isinstance(left, Const) and isinstance(right, Const):
        if isinstance(operator, (ast.Eq, ast.NotEq)):
            equal = bool(left.value == right.value)
            return TRUE if equal is isinstance(operator, ast.Eq) else FALSE
    if isinstance(operator, (ast.In, ast.NotIn)) and isinstance(left, Const):
        known = _known_members(right, now)
        if known is not None:
            return TRUE if (left.value in known) is isinstance(operator, ast.In) else FALSE
    return None


def _known_members(container: Value, now: Moment) -> list[object] | None:
    """What ``in`` finds in a list or dict of which all is known."""
    if not isinstance(container, (Sequence, Mapping)):
        return None
    if container.born is not now or container.open or container.taints:
        return None
    if isinstance(container, Mapping):
        return None if None in container.items else list(container.items)
    known = [item.value for item in container.items if isinstance(item, Const)]
    return known if len(known) == len(container.items) else None


def _identical(left: Value, right: Value) -> bool | None:
    answers = {_identity(one, other) for one in options(left) for other in options(right)}
    return answers.pop() if len(answers) == 1 else None


def _identity(left: Value, right: Value) -> bool | None:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Const) and one.value is None:
            if isinstance(other, Const):
                return other.value is None
            if isinstance(
                other,
                (QuerySetValue, ManagerValue, Sequence, Mapping, Function, ClassValue, Instance),
            ):
                return False
            return None
    if isinstance(left, Const) and isinstance(right, Const):
        return left.value is right.value
    return None


#: The conversion of a replacement field: none, ``!s``, ``!r``, ``!a``.
_FIELDS = {
    -1: uses.F_STRING,
    ord("s"): uses.STR_FIELD,
    ord("r"): uses.REPR_FIELD,
    ord("a"): uses.REPR_FIELD,
}
_HANDLERS: dict[type[ast.AST], Handler] = {
    ast.Attribute: Expressions._attribute_node,  # type: ignore[dict-item]
    ast.List: Expressions._list,  # type: ignore[dict-item]
    ast.Tuple: Expressions._tuple,  # type: ignore[dict-item]
    ast.Set: Expressions._set,  # type: ignore[dict-item]
    ast.Dict: Expressions._dict,  # type: ignore[dict-item]
    ast.JoinedStr: Expressions._joined,  # type: ignore[dict-item]
    ast.FormattedValue: Expressions._formatted,  # type: ignore[dict-item]
    ast.BoolOp: Expressions._bool,  # type: ignore[dict-item]
    ast.UnaryOp: Expressions._not,  # type: ignore[dict-item]
    ast.Compare: Expressions._compare,  # type: ignore[dict-item]
    ast.BinOp: Expressions._binary,  # type: ignore[dict-item]
    ast.IfExp: Expressions._ternary,  # type: ignore[dict-item]
    ast.NamedExpr: Expressions._walrus,  # type: ignore[dict-item]
    ast.Call: Expressions._call_node,  # type: ignore[dict-item]
    ast.Lambda: lambda self, node, frame: self.ctx.definitions.make_lambda(node, frame),  # type: ignore[arg-type]
    ast.ListComp: Expressions._list_comp,  # type: ignore[dict-item]
    ast.SetComp: Expressions._list_comp,  # type: ignore[dict-item]
    ast.DictComp: Expressions._dict_comp,  # type: ignore[dict-item]
    ast.GeneratorExp: Expressions._generator,  # type: ignore[dict-item]
    ast.Await: Expressions._await,  # type: ignore[dict-item]
    ast.Yield: Expressions._yield,  # type: ignore[dict-item]
    ast.YieldFrom: Expressions._yield_from,  # type: ignore[dict-item]
    ast.Starred: Expressions._starred,  # type: ignore[dict-item]
    ast.Subscript: Expressions._subscript,  # type: ignore[dict-item]
}
if hasattr(ast, "TemplateStr"):  # since Python 3.14
    _HANDLERS[ast.TemplateStr] = Expressions._template
