"""Functions that somebody else runs: executors, threads, pools, event loops."""

from __future__ import annotations

import ast

from qs_lint.domain import uses
from qs_lint.engine.context import Component, EngineContext, Frame
from qs_lint.values import (
    UNKNOWN,
    Deferred,
    External,
    Instance,
    Mapping,
    Partial,
    Sequence,
    Value,
    derived,
    options,
)

#: Methods of a thread that run its function.
STARTS = frozenset({"start", "run"})
LOOP = "asyncio.AbstractEventLoop"
FUTURE = "concurrent.futures.Future"


class Concurrency(Component):
    """What running a function elsewhere does, as far as values are concerned: it is called."""

    def call(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """Call a function or method by its dotted name; ``None`` if it runs nothing."""
        row = self.ctx.facts.callables.get(name)
        if row is None:
            return None
        if row.behaves == "calls":
            run = self._partial(args, keywords, row.function)
            return self._future(self.ctx.calls.call(run, [], {}, node, frame), node, frame)
        if row.behaves == "calls-awaited":
            waiting = self._partial(args, keywords, row.function)

            def later(ctx: EngineContext, consumer: ast.AST) -> Value:
                return ctx.calls.call(waiting, [], {}, consumer, frame)

            return Deferred("coroutine", later, self.ctx.moment, (waiting,))
        if row.behaves == "applies":
            given = args[1] if len(args) > 1 else keywords.get("args", UNKNOWN)
            named = args[2] if len(args) > 2 else keywords.get("kwds", UNKNOWN)
            made = self.ctx.calls.call(_applied(args[:1], given, named), [], {}, node, frame)
            return self._future(made, node, frame)
        if row.behaves == "calls-for-each" and args:
            how = uses.called(name.rpartition(".")[2])
            items = [self.ctx.orm.consume(value, node, how, frame) for value in args[1:]]
            return derived([*items, self.ctx.calls.call(args[0], items, {}, node, frame)])
        if row.behaves == "thread":
            return self._thread(name, args, keywords, node, frame)
        if row.gives == LOOP:
            return Instance(External(LOOP), self.ctx.moment, node, frame.source)
        return None

    def method(
        self,
        receiver: Instance,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value | None:
        """Call a method of an executor, a pool, a loop or a thread."""
        if not isinstance(receiver.cls, External):
            return None
        if name in STARTS and self.ctx.facts.behaviour.get(receiver.cls.name) == "thread":
            run = self.ctx.heap.stored(receiver, "<run>")
            if run is not None:
                # what is wrong with the arguments is wrong where they were given
                self.ctx.calls.call(run, [], {}, receiver.node, frame)
            return UNKNOWN
        return self.call(f"{receiver.cls.name}.{name}", args, keywords, node, frame)

    def _partial(self, args: list[Value], keywords: dict[str, Value], position: int) -> Value:
        if len(args) <= position:
            return UNKNOWN
        return Partial(args[position], tuple(args[position + 1 :]), dict(keywords))

    def _future(self, made: Value, node: ast.AST, frame: Frame) -> Value:
        parts = () if made is UNKNOWN else (made,)
        return Instance(External(FUTURE), self.ctx.moment, node, frame.source, parts)

    def _thread(
        self,
        name: str,
        args: list[Value],
        keywords: dict[str, Value],
        node: ast.AST,
        frame: Frame,
    ) -> Value:
        # Thread(group, target, name, args), Timer(interval, function, args)
        first = 0 if self.ctx.facts.callables[name].function else 1
        target = args[1:2] or [keywords.get("target", keywords.get("function", UNKNOWN))]
        given = keywords.get("args", args[2 + first] if len(args) > 2 + first else UNKNOWN)
        made = Instance(External(name), self.ctx.moment, node, frame.source)
        run = _applied(target, given, keywords.get("kwargs", UNKNOWN))
        self.ctx.heap.put(made, "<run>", run)
        return made


def _applied(function: list[Value], args: Value, keywords: Value) -> Value:
    """A function with the arguments in a tuple and in a dict."""
    if not function:
        return UNKNOWN
    positional: tuple[Value, ...] = ()
    for option in options(args):
        if isinstance(option, Sequence):
            positional = tuple(option.items)
    named: dict[str, Value] = {}
    for option in options(keywords):
        if isinstance(option, Mapping):
            named.update({key: v for key, v in option.items.items() if isinstance(key, str)})
    return Partial(function[0], positional, named)
