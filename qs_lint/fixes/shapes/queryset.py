"""``queryset`` of a generic view or viewset, evaluated or with a clock of import in it.

Two cures.  A copy of the rows that nothing needs (``list(...)`` around a lazy queryset) is dropped:
``get_queryset()`` of the framework clones what is lazy.  Anything else is moved into a
``get_queryset()``, where it runs per request and means the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst import matchers as m
from libcst.metadata import Assignment, GlobalScope

from qs_lint.facts.queryset import EVALUATING, WRITING
from qs_lint.fixes.names import (
    Chain,
    bindings,
    bracketed,
    builtin,
    chain,
    loads,
    why_not_deferred,
)
from qs_lint.fixes.plans import Insertion, Option, Plan, by
from qs_lint.fixes.shapes.case import Case
from qs_lint.fixes.views import ClassView

GENERIC = frozenset({"multiple", "single", "drf-generic"})
#: views that filter the queryset themselves
ONE = frozenset({"single", "drf-single", "date"})
COPIES = frozenset({"list", "tuple"})
#: builtins that give rows in some order: what a list view can show
ROWS = frozenset({"list", "tuple", "set", "frozenset", "sorted", "map", "filter", "zip"})
SCALARS = frozenset(
    "abs all any bool dict enumerate float getattr hash id int isinstance iter len max min next "
    "open print repr round str sum".split()
)


@dataclass(frozen=True)
class Attribute:
    """``queryset = VALUE`` in a class body."""

    line: cst.SimpleStatementLine
    statement: cst.Assign | cst.AnnAssign
    value: cst.BaseExpression
    block: cst.IndentedBlock
    owner: cst.ClassDef


def options(case: Case) -> Iterator[Option]:
    """Drop the copy, or move the value into a method."""
    found = _attribute(case)
    view = case.view
    if found is None or view is None:
        return
    if isinstance(found, str):
        yield found
        return
    if not view.kinds & GENERIC:
        yield f"{view.name} is not known to be a generic view or viewset"
        return
    if case.finding.symbol != "frozen-queryset-argument":
        yield from _drop(case, view, found)
    yield _move(case, view, found)


def argument_options(case: Case) -> Iterator[Option]:
    """Drop the copy in ``as_view(queryset=list(...))``."""
    for outer in [case.node, *case.document.around(case.node)]:
        parent = case.document.parent(outer)
        if not isinstance(parent, cst.Arg) or parent.value is not outer:
            continue
        if not m.matches(parent, m.Arg(keyword=m.Name("queryset"))):
            continue
        call = case.document.parent(parent)
        if call is None or not m.matches(call, m.Call(func=m.Attribute(attr=m.Name("as_view")))):
            continue
        assert isinstance(outer, cst.BaseExpression)
        assert isinstance(call, cst.Call)
        assert isinstance(call.func, cst.Attribute)
        if reason := _unlike_generic(case, call.func.value):
            yield reason
        elif inner := _copied(case, outer):
            what = "the copy is dropped, the view clones the lazy queryset"
            left = _bare(outer, inner, case, argument=True)
            yield Plan(what, (outer,), {outer: by(left)})
        else:
            yield "only a plain copy of a lazy queryset can be dropped from as_view()"
        return


def _unlike_generic(case: Case, node: cst.BaseExpression) -> str:
    """Why a class may do something else with `queryset` than Django's generic views do."""
    if GENERIC & case.sources.facts.kinds_of(case.document.dotted(node)):
        return ""
    found = case.sources.find_class(case.sources.here, case.document.code(node))
    if found is not None:
        view = ClassView(case.sources, found)
        if view.kinds & GENERIC:
            return view.used("queryset")
    return f"{case.document.code(node)} is not known to be a generic view"


def _attribute(case: Case) -> Attribute | str | None:
    """The assignment that the finding is in, or why it cannot be edited."""
    nodes = [case.node, *case.document.around(case.node)]
    for index, node in enumerate(nodes):
        if isinstance(node, cst.FunctionDef | cst.Lambda) and not isinstance(case.node, cst.Lambda):
            return None
        if isinstance(node, cst.Assign | cst.AnnAssign):
            targets = (
                [each.target for each in node.targets]
                if isinstance(node, cst.Assign)
                else [node.target]
            )
            names = [each.value for each in targets if isinstance(each, cst.Name)]
            if "queryset" not in names or node.value is None:
                return None
            line, block, owner = (*nodes[index + 1 : index + 4], None, None, None)[:3]
            if len(targets) != 1:
                return "`queryset` is assigned together with other names"
            if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
                return "the assignment shares its line with others"
            if not isinstance(block, cst.IndentedBlock):
                return "the class is written on one line"
            if not isinstance(owner, cst.ClassDef):
                return "`queryset` is assigned on a branch"
            return Attribute(line, node, node.value, block, owner)
    return None


# --- dropping a copy


def _drop(case: Case, view: ClassView, found: Attribute) -> Iterator[Option]:
    inner = _copied(case, found.value)
    if inner is None:
        return
    if reason := view.used("queryset"):
        yield reason
        return
    if _again(case, found):
        yield "the class body uses `queryset` again"
        return
    replacement = _bare(found.value, inner, case)
    yield Plan(
        "remove the copy: the framework clones the lazy queryset for each request",
        (found.value,),
        {found.value: by(replacement)},
    )


def _again(case: Case, found: Attribute) -> bool:
    """Whether other statements of the class body use the name."""
    return any(
        name.value == "queryset"
        for line in found.block.body
        if line is not found.line and not isinstance(line, cst.FunctionDef | cst.ClassDef)
        for name in loads(case.document, line)
    )


def _copied(case: Case, value: cst.BaseExpression) -> cst.BaseExpression | None:
    """The lazy queryset that a value is nothing but a copy of."""
    inner = _inside_copy(case, value)
    if isinstance(inner, cst.Name):
        held = constant(case, inner)
        return inner if held is not None and _lazy(held) else None
    return inner if inner is not None and _lazy(inner) else None


def _inside_copy(case: Case, value: cst.BaseExpression) -> cst.BaseExpression | None:
    """``x`` of ``list(x)``, ``[*x]`` and ``[each for each in x]``."""
    if isinstance(value, cst.Call) and builtin(case.document, value.func) in COPIES:
        if len(value.args) == 1 and value.args[0].keyword is None and not value.args[0].star:
            return value.args[0].value
    elif isinstance(value, cst.List | cst.Tuple) and len(value.elements) == 1:
        if isinstance(value.elements[0], cst.StarredElement):
            return value.elements[0].value
    elif isinstance(value, cst.ListComp):
        loop = value.for_in
        if loop.ifs or loop.inner_for_in or loop.asynchronous:
            return None
        element, target = value.elt, loop.target
        if isinstance(element, cst.Name) and isinstance(target, cst.Name):
            return loop.iter if element.value == target.value else None
    return None


def constant(case: Case, name: cst.Name) -> cst.BaseExpression | None:
    """What a name of the module is set to, once; ``None`` if it is anything else."""
    found = bindings(case.document, name)
    if len(found) != 1 or not isinstance(found[0], Assignment):
        return None
    statement = case.document.enclosing(found[0].node, cst.Assign)
    if statement is None or not isinstance(found[0].scope, GlobalScope):
        return None
    plain = len(statement.targets) == 1 and statement.targets[0].target is found[0].node
    return statement.value if plain else None


def _bare(
    value: cst.BaseExpression, inner: cst.BaseExpression, case: Case, *, argument: bool = False
) -> cst.BaseExpression:
    """What is left of ``list(inner)``: in parentheses where line breaks or comments ask for it."""
    if isinstance(value, cst.Call):
        arg = value.args[0]
        after = arg.whitespace_after_arg
        if isinstance(arg.comma, cst.Comma) and not _flat(arg.comma.whitespace_after):
            after = arg.comma.whitespace_after
        if not (_flat(value.whitespace_before_args) and _flat(after)):
            return inner.with_changes(
                lpar=[cst.LeftParen(value.whitespace_before_args), *inner.lpar],
                rpar=[*inner.rpar, cst.RightParen(after)],
            )
    code = case.document.code(inner)
    return inner if argument else bracketed(inner, code)


def _flat(space: cst.BaseParenthesizableWhitespace) -> bool:
    return isinstance(space, cst.SimpleWhitespace) and "\n" not in space.value


# --- moving into get_queryset()


def _move(case: Case, view: ClassView, found: Attribute) -> Option:
    document = case.document
    if reason := _not_movable(case, view, found):
        return reason
    value = found.value
    keep: cst.BaseExpression | None = None
    if "viewset" in view.kinds and not _surely_rows(case, value):
        # A router without a basename asks `queryset` for its model.
        if (links := chain(value)) is None or not _model_like(links):
            return "a router may ask `queryset` of the viewset for its model"
        keep = cst.Call(cst.Attribute(links.manager.deep_clone(), cst.Name("none")))
    comments = [line for line in found.line.leading_lines if line.comment]
    method = cst.parse_statement(
        "def get_queryset(self):\n    return None\n", config=document.module.config_for_parsing
    )
    result = cst.SimpleStatementLine(
        [cst.Return(bracketed(value, document.code(value)))],
        leading_lines=[] if keep else comments,
        trailing_whitespace=found.line.trailing_whitespace,
    )
    assert isinstance(method, cst.FunctionDef)
    assert isinstance(method.body, cst.IndentedBlock)
    method = method.with_changes(
        body=method.body.with_changes(body=[result]),
        leading_lines=[cst.EmptyLine(indent=False)],
    )
    position = found.block.body.index(found.line)
    following = found.block.body[position + 1 :]
    before = next((each for each in following if isinstance(each, cst.FunctionDef)), None)
    if position == 0 and not keep and (not following or before is following[0]):
        method = method.with_changes(leading_lines=[])
    insert = (Insertion(found.block, before, method),)
    what = "move it into get_queryset(), which runs per request"
    if keep is None:
        return Plan(what, (found.line,), remove=(found.line,), insert=insert)
    rest = found.line.with_changes(
        body=[found.statement.with_changes(value=keep)],
        trailing_whitespace=cst.TrailingWhitespace(),
    )
    return Plan(what, (found.line,), {found.line: by(rest)}, insert=insert)


def _not_movable(case: Case, view: ClassView, found: Attribute) -> str:
    if isinstance(found.statement, cst.AnnAssign):
        return "`queryset` is annotated"
    if view.unknown_base:
        return f"the source of the base {view.unknown_base} is not known"
    for each in view.defining("get_queryset"):
        return f"{each.node.name} has a get_queryset() already"
    for name in ("ordering", "get_ordering"):
        if "multiple" in view.kinds and view.defining(name):
            return f"`{name}` would no longer be applied to the queryset"
    if reason := view.used("queryset") or view.replaced("queryset"):
        return reason
    if _again(case, found):
        return "the class body uses `queryset` again"
    if case.finding.symbol == "shared-queryset-cache":
        # A RawQuerySet or an iterator: made anew for each request.
        if view.kinds & ONE:
            return "this view needs a queryset"
    elif case.finding.symbol != "frozen-queryset-argument":
        if view.kinds & ONE:
            return "this view needs a queryset, not rows"
        if not _rows(case, found.value):
            return "the value is not a sequence of rows, so the intent is not certain"
    return why_not_deferred(case.document, found.value)


def _rows(case: Case, value: cst.BaseExpression) -> bool:
    """Whether a value can be what a list view shows."""
    if isinstance(value, cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.List | cst.Tuple):
        return True
    if isinstance(value, cst.IfExp):
        return _rows(case, value.body) and _rows(case, value.orelse)
    if isinstance(value, cst.BooleanOperation):
        return _lazy(value.left) and (_rows(case, value.right) or _lazy(value.right))
    if isinstance(value, cst.BinaryOperation):
        return _rows(case, value.left) and _rows(case, value.right)
    if isinstance(value, cst.Subscript):
        return len(value.slice) == 1 and isinstance(value.slice[0].slice, cst.Slice)
    if isinstance(value, cst.Call):
        if name := builtin(case.document, value.func):
            return name in ROWS
        if links := chain(value):
            return links.methods[-1][0] not in {*EVALUATING, *WRITING}
        if isinstance(value.func, cst.Name):
            return value.func.value not in SCALARS
        # A function of a module: helpers.open_orders().
        return bool(case.document.dotted(value.func))
    return False


def _lazy(value: cst.BaseExpression) -> bool:
    found = chain(value)
    return found is not None and found.plain


def _surely_rows(case: Case, value: cst.BaseExpression) -> bool:
    """Whether a value has no ``.model``, so that no code can depend on it."""
    if isinstance(value, cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.List | cst.Tuple):
        return True
    return isinstance(value, cst.Call) and builtin(case.document, value.func) in ROWS


def _model_like(links: Chain) -> bool:
    return links.manager.attr.value in ("objects", "_default_manager") and isinstance(
        links.root, cst.Name | cst.Attribute
    )
