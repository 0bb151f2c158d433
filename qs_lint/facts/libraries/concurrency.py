"""Who runs a function for somebody else: executors, threads, pools, event loops."""

from __future__ import annotations

from qs_lint.facts.libraries.python import ALL
from qs_lint.facts.schema import Callee, Library, each, names

_CALLS = Callee(behaves="calls")
_FOR_EACH = Callee(behaves="calls-for-each")
_THREAD = Callee(behaves="thread")
_EXECUTORS = names(
    "concurrent.futures",
    "Executor ThreadPoolExecutor ProcessPoolExecutor InterpreterPoolExecutor",
)
_POOLS = ["multiprocessing.Pool", *names("multiprocessing.pool", "Pool ThreadPool")]
_LOOP = "asyncio.AbstractEventLoop"

LIBRARY = Library(
    "Python's standard library",
    callables={
        **{f"{name}.submit": _CALLS for name in _EXECUTORS},
        **{f"{name}.map": _FOR_EACH for name in _EXECUTORS},
        **{
            f"{pool}.{name}": _FOR_EACH
            for pool in _POOLS
            for name in "map map_async imap imap_unordered starmap starmap_async".split()
        },
        **{
            f"{pool}.{name}": Callee(behaves="applies")
            for pool in _POOLS
            for name in ("apply", "apply_async")
        },
        **each("asyncio", "get_event_loop get_running_loop new_event_loop", Callee(gives=_LOOP)),
        **each(_LOOP, "call_soon call_soon_threadsafe", _CALLS),
        **each(_LOOP, "run_in_executor call_later", Callee(behaves="calls", function=1)),
        "asyncio.gather": Callee(ALL, returns="derived"),
        **each(
            "asyncio",
            "create_task ensure_future shield wait_for",
            Callee((0,), returns="result"),
        ),
        "asyncio.to_thread": Callee(behaves="calls-awaited"),
        "anyio.to_thread.run_sync": Callee(behaves="calls-awaited"),
        "starlette.concurrency.run_in_threadpool": Callee(behaves="calls-awaited"),
        "trio.to_thread.run_sync": Callee(behaves="calls-awaited"),
        "threading.Thread": _THREAD,
        "threading.Timer": Callee(behaves="thread", function=1),
        "multiprocessing.Process": _THREAD,
    },
    unproven=dict.fromkeys(
        [
            *names("multiprocessing", "Pool Process"),
            "anyio.to_thread.run_sync",
            "starlette.concurrency.run_in_threadpool",
            "trio.to_thread.run_sync",
        ],
        "like those of the standard library's threads",
    ),
)
