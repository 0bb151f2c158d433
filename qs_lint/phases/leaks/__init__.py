"""What one request leaves behind for others: stores into what lives as long as the process."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from qs_lint.domain import uses
from qs_lint.domain.leaks import Content, Meaning
from qs_lint.domain.observations import Context, Leak, Memo
from qs_lint.domain.uses import Hop
from qs_lint.engine.context import Component, file_name
from qs_lint.facts.requests import NOT_SERVING
from qs_lint.findings import Confidence
from qs_lint.phases.leaks.contents import content_of
from qs_lint.phases.leaks.cures import cure_of
from qs_lint.phases.leaks.flow import Trace, Walk
from qs_lint.phases.leaks.judgement import Judge
from qs_lint.phases.leaks.reads import Read, collect
from qs_lint.phases.leaks.references import References
from qs_lint.phases.leaks.screen import Screen
from qs_lint.phases.leaks.things import FunctionNode, Origin, Store

if TYPE_CHECKING:
    from qs_lint.engine.classes import ClassInfo

__all__ = ["Leaks"]


class Leaks(Component):
    """Asks of each function what it stores for others to find."""

    def examine(self) -> None:
        """Add what is left behind to what was observed."""
        if any(
            self.ctx.hierarchy.kinds(info) & NOT_SERVING for info in self.ctx.entries.own_classes
        ):
            return
        functions = [(function.node, info) for function, _, info in self.ctx.entries.functions]
        references = References(self.ctx)
        stores = self._stores(functions, references)
        if not stores:
            return
        judge = Judge(references, collect(functions), stores)
        # one cause, one report: what a function stores in one place
        found: dict[tuple[object, int], tuple[Store, Content, Meaning, Read]] = {}
        for store in stores:
            content = content_of(store, stores, references)
            if content is None:
                continue
            judged = judge.meaning(store)
            if judged is None:
                continue
            cause = (store.place.key, id(store.positions[-1][0]))
            known = found.get(cause)
            if known is None or _rank(judged[0], store) > _rank(known[2], known[0]):
                found[cause] = (store, content, *judged)
        for store, content, meaning, read in found.values():
            self._report(store, content, meaning, read, references)

    def _stores(
        self, functions: list[tuple[FunctionNode, ClassInfo | None]], references: References
    ) -> list[Store]:
        """What the functions store, each run as if it were called by somebody unknown.

        What a function stores that others of the file call is known from those calls.
        """
        screen = Screen(references)
        first = [entry for entry in functions if screen.may_store(*entry)]
        alone = [(function, _run(references, function, info)) for function, info in first]
        asked = frozenset(
            getattr(function, "name", "")
            for function, trace in alone
            if any(store.thing.taint < Origin.REQUEST for store in trace.stores)
        )
        chosen = {id(function) for function, _ in first}
        if asked or screen.objects:
            alone += [
                (function, _run(references, function, info))
                for function, info in functions
                if id(function) not in chosen and screen.may_call(function, asked)
            ]
        followed = set().union(*(trace.followed for _, trace in alone))
        return [
            store
            for function, trace in alone
            for store in trace.stores
            if id(function) not in followed or store.thing.taint is Origin.REQUEST
        ]

    def _report(
        self,
        store: Store,
        content: Content,
        meaning: Meaning,
        read: Read,
        references: References,
    ) -> None:
        confidence = Confidence.HIGH
        controlled = max((guard.taint for guard in store.guards), default=Origin.NONE)
        if max(store.thing.taint, controlled) < Origin.REQUEST or store.thing.indirect:
            confidence = Confidence.INFERENCE
        if not references.is_certain(store.info) or not references.is_certain(store.place.info):
            confidence = Confidence.INFERENCE
        info = store.info
        name = getattr(store.entry, "name", "")
        step = None
        if read.node is not None:
            line = getattr(read.node, "lineno", 1)
            shown = self.ctx.main.display if read.file is None else read.file.display
            step = Hop(shown, line, uses.read(ast.unparse(read.node)))
        # one cause, one report: that it is a memo, too, is the lesser evil
        self.ctx.observed[:] = [
            seen
            for seen in self.ctx.observed
            if not isinstance(seen, Memo)
            or getattr(seen.node, "lineno", 0) != getattr(store.node, "lineno", -1)
        ]
        self.ctx.observed.append(
            Leak(
                store.node,
                confidence,
                Context(
                    info.name if info is not None else "",
                    references.kinds(info),
                    name,
                    file=file_name(self.ctx.main),
                ),
                () if step is None else (step,),
                meaning=meaning,
                content=content,
                storing=store.storing,
                holder=store.place.holder,
                holder_kinds=store.place.kinds,
                cure=cure_of(store, content, references),
                read_in=getattr(read.function, "name", ""),
                elsewhere=read.file is not None,
            )
        )


def _rank(meaning: Meaning, store: Store) -> tuple[bool, int]:
    """What is left behind is worse than what is raced; a request is more certain than a guess."""
    return meaning is Meaning.LEFT_BEHIND, int(store.thing.taint)


def _run(references: References, function: FunctionNode, info: ClassInfo | None) -> Trace:
    """What a function does that somebody unknown calls, and the functions that it makes."""
    trace = Trace()
    walk = Walk(references, trace, function, info, references.parameters(function, info))
    walk.run()
    for closure in walk.closures.values():
        if id(closure) not in trace.followed:
            variables = references.parameters(closure, None)
            Walk(references, trace, closure, info, variables, None, walk).run()
    return trace
