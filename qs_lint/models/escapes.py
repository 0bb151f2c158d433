"""Handing a queryset to somebody who evaluates it: templates, serializers, routes."""

from __future__ import annotations

import ast
from functools import cached_property

from qs_lint.domain import Manner, Moment, Use, uses
from qs_lint.domain.observations import Context, SharedContext
from qs_lint.engine.arguments import given, lies_within, querysets_directly_in
from qs_lint.engine.context import Component, Frame
from qs_lint.engine.nodes import nodes_in
from qs_lint.findings import Confidence
from qs_lint.models.templates import fills_cache
from qs_lint.values import (
    UNKNOWN,
    Bound,
    Const,
    Deferred,
    External,
    Function,
    Instance,
    Mapping,
    Partial,
    QuerySetValue,
    Sequence,
    Value,
    join,
    options,
    querysets_in,
)


class Escapes(Component):
    """Who gets a value, and what becomes of it there."""

    def hand_over(
        self,
        values: list[Value],
        node: ast.AST,
        how: Use,
        frame: Frame,
        confidence: Confidence = Confidence.HIGH,
        manner: Manner = Manner.HANDED,
    ) -> None:
        """Give querysets to something that will evaluate them during this request."""
        for value in values:
            for option in options(value):
                if isinstance(option, QuerySetValue) and self.ctx.shared(option):
                    self.ctx.analysis.shared_use(option, node, how, frame, manner, confidence)

    def template(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> None:
        """A call that renders a template, by the fact tables."""
        short = name.rpartition(".")[2]
        position = self.ctx.facts.templates.get(name)
        text = None
        if position is not None:
            text = self.template_text(
                given(args, keywords, position) or keywords.get("template_name", UNKNOWN), frame
            )
        for key in self.ctx.facts.shows[name]:
            value = given(args, keywords, key)
            if value is not None:
                self.render(value, node, uses.called(short), frame, text)

    def template_text(self, name: Value, frame: Frame) -> str | None:
        """The text of the template that a value names, if it is in the project."""
        candidates = name.items if isinstance(name, Sequence) else options(name)
        for candidate in candidates:
            if isinstance(candidate, Const) and isinstance(candidate.value, str):
                text = self.ctx.project.template(frame.source, candidate.value)
                if text is not None:
                    return text
        return None

    def template_of(self, receiver: Instance, frame: Frame) -> str | None:
        """The text of a template object."""
        text = self.ctx.heap.stored(receiver, "<text>")
        if isinstance(text, Const) and isinstance(text.value, str):
            return text.value
        name = self.ctx.heap.stored(receiver, "<name>")
        return None if name is None else self.template_text(name, frame)

    def render(
        self, context: Value, node: ast.AST, how: Use, frame: Frame, text: str | None = None
    ) -> None:
        """Give a context (or data) to a template (or renderer); ``text`` is the template's."""
        context = join(self.unwrapped(option) for option in options(context))
        if self.ctx.moment is not Moment.CALL:
            if how.renders_at_once:
                for queryset in querysets_in(context):
                    self.ctx.orm.consume(queryset, node, how, frame)
            return
        for option in options(context):
            if isinstance(option, Mapping):
                self._render_mapping(option, node, how, frame, text)
            elif isinstance(option, Sequence):
                self.hand_over(option.items, node, how, frame)
            else:
                self.hand_over([option], node, how, frame)

    def _render_mapping(
        self, given: Mapping, node: ast.AST, how: Use, frame: Frame, text: str | None
    ) -> None:
        for key, value in given.items.items():
            if not _may_fill(text, key):
                continue
            found = list(querysets_in(value))
            place = self.place_in(given, key, node)
            if given.born is not Moment.IMPORT:
                if found:
                    self.hand_over([value], place, how, frame)
                continue
            for queryset in found:
                if self.ctx.shared(queryset):
                    self.shared_context(queryset, place, str(key), how, frame)

    def place_in(self, held: Mapping, key: object, otherwise: ast.AST) -> ast.AST:
        """Where the value under a key of a dict stands, if a person would edit it there."""
        place = held.nodes.get(key)
        return place if place is not None and id(place) in self._own_nodes else otherwise

    @cached_property
    def _own_nodes(self) -> frozenset[int]:
        """The nodes of the checked file, by id: nodes do not know their files."""
        return frozenset(map(id, nodes_in(self.ctx.main.tree)))

    def unwrapped(self, value: Value) -> Value:
        """The dict in a ``Context``."""
        if isinstance(value, Instance) and isinstance(value.cls, External):
            if self.ctx.facts.behaviour.get(value.cls.name) == "context" and value.parts:
                return value.parts[-1]
        return value

    def shared_context(
        self,
        queryset: QuerySetValue,
        node: ast.AST,
        key: str,
        where: Use,
        frame: Frame,
        confidence: Confidence = Confidence.HIGH,
        context: Context | None = None,
    ) -> None:
        """A queryset that lives as long as the process is in a template context."""
        if self.ctx.muted or queryset.none:
            return
        mark = ("context", id(queryset), id(self.ctx.anchor(node)))
        if mark in self.ctx.orm.reported:
            return
        self.ctx.orm.reported.add(mark)
        self.ctx.observed.append(
            SharedContext(
                self.ctx.anchor(node),
                min(self.ctx.confidence_here(queryset.confidence), confidence),
                context or self.ctx.orm.context,
                self.ctx.steps(node, frame.source, where),
                key=key,
                model=self.ctx.model_name(queryset.model),
                where=where,
            )
        )

    def extra_context(
        self,
        value: Value,
        node: ast.AST,
        where: Use,
        frame: Frame,
        context: Context | None = None,
        text: str | None = None,
    ) -> None:
        """``extra_context`` at import: every lazy queryset in it is shared by all requests."""
        for option in options(value):
            if not isinstance(option, Mapping):
                continue
            for key, item in option.items.items():
                if _may_fill(text, key):
                    place = option.nodes.get(key, node)
                    for part in options(item):
                        self._extra(part, key, place, node, where, frame, context)

    def _extra(
        self,
        part: Value,
        key: object,
        place: ast.AST,
        node: ast.AST,
        where: Use,
        frame: Frame,
        context: Context | None,
    ) -> None:
        """One entry of an ``extra_context``, of which ``place`` is the value."""
        if isinstance(part, (Function, Bound, Partial)) and not self.ctx.muted:
            self.ctx.callbacks.append((part, place, where))
        if isinstance(part, Deferred) and part.kind in ("iterator", "generator"):
            for queryset in querysets_in(part):
                self.shared_context(queryset, place, str(key), where, frame, context=context)
        own = frame.source is self.ctx.main and not self.ctx.stack
        for queryset in querysets_directly_in(part):
            shown = node
            if own:
                inside = queryset.source is self.ctx.main and lies_within(queryset.node, node)
                asked = queryset.node if inside else place
                shown = asked if lies_within(asked, node) else node
            self.shared_context(queryset, shown, str(key), where, frame, context=context)

    def route(
        self, args: list[Value], keywords: dict[str, Value], node: ast.AST, frame: Frame
    ) -> None:
        """``path(route, view, kwargs)``: the view is called with these for every request."""
        view = args[1] if len(args) > 1 else keywords.get("view", UNKNOWN)
        given = args[2] if len(args) > 2 else keywords.get("kwargs", UNKNOWN)
        if self.ctx.muted or self.ctx.moment is not Moment.IMPORT:
            return
        for option in options(view):
            known: dict[str, Value] = {}
            positional: tuple[Value, ...] = ()
            function = option
            if isinstance(option, Partial):
                positional, known = option.args, dict(option.keywords)
                function = option.function
            for mapping in options(given):
                if isinstance(mapping, Mapping):
                    known.update({str(k): v for k, v in mapping.items.items() if k is not None})
            if isinstance(function, Function) and (known or positional):
                self.ctx.routed.append((function, positional, known, node))


def _may_fill(text: str | None, key: object) -> bool:
    """Whether a template may fill the cache of the queryset under a key of its context."""
    return text is None or not isinstance(key, str) or fills_cache(text, key)
