"""Whether some call leaves an argument out: only then is the default of a parameter in use."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from qs_lint.domain import Holder
from qs_lint.engine.context import Component
from qs_lint.engine.nodes import defaults_of, nodes_in, per_node
from qs_lint.findings import Confidence

if TYPE_CHECKING:
    from qs_lint.domain.observations import Context, Observation
    from qs_lint.engine.classes import ClassInfo
    from qs_lint.engine.context import EngineContext

#: Decorators that hand the function on as it is.
_PLAIN = frozenset({"staticmethod", "classmethod"})


class Omissions(Component):
    """Knows the parameters that every call of the project gives a value."""

    def __init__(self, ctx: EngineContext) -> None:
        super().__init__(ctx)
        self._always_given: dict[int, frozenset[str] | None] = {}

    @cached_property
    def _owners(self) -> dict[int, ClassInfo | None]:
        return {id(function.node): info for function, _, info in self.ctx.entries.functions}

    @cached_property
    def _defaults(self) -> dict[int, tuple[ast.AST, str]]:
        """The parameter in whose default a node lies; the outermost one, where they nest."""
        found: dict[int, tuple[ast.AST, str]] = {}
        for function, _, _ in self.ctx.entries.functions:
            for parameter, default in defaults_of(function.node):
                for part in nodes_in(default):
                    found.setdefault(id(part), (function.node, parameter))
        return found

    def is_unused(self, function: ast.AST, parameter: str) -> bool:
        """Whether no call comes to see the default of a parameter.

        That is so if calls are known, all of them give the argument, and nothing else of the
        project speaks of the function: who is given it as a value may call it as he likes.
        """
        given = self._given(function)
        return given is not None and parameter in given

    def weighed(self, observed: list[Observation]) -> list[Observation]:
        """What was observed, with less confidence about defaults of functions that nobody calls."""
        return [
            replace(seen, confidence=min(seen.confidence, Confidence.INFERENCE))
            if seen.confidence > Confidence.INFERENCE and self._is_uncalled(seen)
            else seen
            for seen in observed
        ]

    def _is_uncalled(self, seen: Observation) -> bool:
        """Whether it is about a default, and no call of the function is known."""
        found = self._defaults.get(id(seen.node))
        function = found[0] if found is not None else None
        holder = getattr(seen, "holder", None)
        if function is None and isinstance(holder, Holder) and holder.name:
            function = self._with_default(seen.context, holder.name)
        return function is not None and self._given(function) is None

    def _with_default(self, context: Context, parameter: str) -> ast.AST | None:
        """The function of a context, if a parameter of that name has a default."""
        for function, _, info in self.ctx.entries.functions:
            if function.name == context.function and parameter in function.defaults:
                if context.class_name == ("" if info is None else info.name):
                    return function.node
        return None

    def _given(self, function: ast.AST) -> frozenset[str] | None:
        """What all calls give a function; ``None``: it could be known, and there is no call."""
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return frozenset()
        if id(function) not in self._always_given:
            self._always_given[id(function)] = self._given_by_all(function)
        return self._always_given[id(function)]

    def unused_around(self, node: ast.AST) -> bool:
        """Whether a node lies in a default that no call comes to see."""
        found = self._defaults.get(id(node))
        return found is not None and self.is_unused(*found)

    def _given_by_all(
        self, function: ast.FunctionDef | ast.AsyncFunctionDef
    ) -> frozenset[str] | None:
        nothing = frozenset[str]()
        if id(function) not in self._owners or function.name.startswith("__"):
            return nothing
        info = self._owners[id(function)]
        decorators = {getattr(part, "id", "*") for part in function.decorator_list}
        if decorators - _PLAIN or (info is not None and self.ctx.hierarchy.kinds(info)):
            return nothing  # somebody else may call it
        files = self.ctx.project.importers.speaking_of(
            self.ctx.main.file, self.ctx.main.reading, function.name
        )
        if files is None:
            return nothing
        bound = info is not None and "staticmethod" not in decorators
        always: frozenset[str] | None = None
        for tree in (self.ctx.main.tree, *(file.tree for file in files)):
            mentions = _mentions(tree)
            if function.name in mentions.handed_on:
                return nothing
            for call in mentions.calls.get(function.name, ()):
                given = _given_by(function, call, bound=bound)
                always = given if always is None else always & given
        return always


@dataclass(frozen=True)
class _Mentions:
    """What a file does with names: the calls by name, and the names it does more with."""

    calls: dict[str, list[ast.Call]]
    handed_on: set[str]


@per_node
def _mentions(tree: ast.Module) -> _Mentions:
    """Look through a file once, for all names.

    A name is handed on where it is neither called nor imported as it is.
    """
    found = _Mentions({}, set())
    called = set()
    for part in nodes_in(tree):  # a call comes before what it calls
        if isinstance(part, ast.Call):
            called.add(id(part.func))
            found.calls.setdefault(_last_name(part.func), []).append(part)
        elif isinstance(part, (ast.Name, ast.Attribute)):
            if id(part) not in called:
                found.handed_on.add(_last_name(part))
        elif isinstance(part, ast.Constant) and isinstance(part.value, str):
            found.handed_on.add(part.value.rpartition(".")[2])
        elif isinstance(part, ast.alias):
            name = part.name.rpartition(".")[2]
            if part.asname not in (None, name):
                found.handed_on.add(name)
    return found


def _given_by(
    function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call, *, bound: bool
) -> frozenset[str]:
    """The parameters that a call surely gives a value."""
    spec = function.args
    named = [parameter.arg for parameter in [*spec.posonlyargs, *spec.args]][int(bound) :]
    count = len(call.args)
    for index, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            count = index
            break
    if bound and isinstance(call.func, ast.Attribute) and _may_be_class(call.func.value):
        count -= 1  # ``Class.method(instance, ...)``
    given = set(named[: max(count, 0)])
    given.update(keyword.arg for keyword in call.keywords if keyword.arg is not None)
    return frozenset(given)


def _may_be_class(receiver: ast.expr) -> bool:
    """Whether what a method is called on is named as classes are."""
    return _last_name(receiver)[:1].isupper()


def _last_name(node: ast.expr) -> str:
    name = getattr(node, "attr", "") or getattr(node, "id", "")
    return name if isinstance(name, str) else ""
