"""Handing a queryset to somebody who evaluates it: templates, serializers, routes."""

from __future__ import annotations

import ast

from qs_lint.django_facts.callables import (
    TAKERS,
)
from qs_lint.findings import Confidence
from qs_lint.semantics.arguments import (
    given,
    lies_within,
    querysets_directly_in,
    stands_in,
)
from qs_lint.semantics.attributes import Attributes
from qs_lint.semantics.machine import Frame
from qs_lint.semantics.observations import Context, SharedContext
from qs_lint.semantics.values import (
    UNKNOWN,
    Bound,
    Deferred,
    Function,
    Mapping,
    Moment,
    Partial,
    QuerySetValue,
    Sequence,
    Value,
    options,
    querysets_in,
)


class HandOver(Attributes):
    """Who gets a value, and what becomes of it there."""

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
            value = given(args, keywords, key)
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
                            own = queryset.source is self.main and stands_in(option, self.main)
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
                    for queryset in querysets_directly_in(part):
                        inside = queryset.source is self.main and lies_within(queryset.node, node)
                        place = queryset.node if inside else option.nodes.get(key, node)
                        if frame.source is self.main and not self.stack:
                            self.shared_context(
                                queryset,
                                place if lies_within(place, node) else node,
                                str(key),
                                where,
                                frame,
                                context=context,
                            )
                        else:
                            self.shared_context(
                                queryset, node, str(key), where, frame, context=context
                            )

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
            function = option
            if isinstance(option, Partial):
                positional, known = option.args, dict(option.keywords)
                function = option.function
            for mapping in options(given):
                if isinstance(mapping, Mapping):
                    known.update({str(k): v for k, v in mapping.items.items() if k is not None})
            if isinstance(function, Function) and (known or positional):
                self.routed.append((function, positional, known, node))
