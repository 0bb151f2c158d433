"""The engine over many files: in this process, or in several."""

from __future__ import annotations

import gc
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from qs_lint.collector import calm
from qs_lint.examination import Outcome, examine, load
from qs_lint.facts import facts_with
from qs_lint.project.source import Project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qs_lint.facts.schema import Library

#: Fewer files are not worth another process.
MANY = 60
#: Pieces of work for each process: enough to even out, few enough to share what was read.
PIECES = 4


def examine_all(
    files: Sequence[tuple[str, bytes]],
    source_roots: Sequence[str],
    jobs: int,
    tell: Callable[[int], None],
    own: Library | None = None,
) -> dict[str, Outcome]:
    """The outcome of each file, given by absolute path and bytes.

    ``jobs``: how many processes; ``tell`` is called with the number of files done;
    ``own``: what the project knows of packages.
    """
    if jobs > 1 and len(files) > MANY:
        return _in_processes(files, source_roots, jobs, tell, own)
    return _here(files, source_roots, tell, own)


def _here(
    files: Sequence[tuple[str, bytes]],
    source_roots: Sequence[str],
    tell: Callable[[int], None],
    own: Library | None,
) -> dict[str, Outcome]:
    project = Project(source_roots, facts_with(own))
    found: dict[str, Outcome] = {}
    with calm(lasting=True):
        for number, (path, data) in enumerate(files, 1):
            found[path] = _outcome(project, path, data)
            tell(number)
    return found


def _outcome(project: Project, path: str, data: bytes) -> Outcome:
    """What one file gives; its tree is freed unless another one imports it."""
    outcome = examine(project, path, data)
    project.forget(path)
    return outcome


def _in_processes(
    files: Sequence[tuple[str, bytes]],
    source_roots: Sequence[str],
    jobs: int,
    tell: Callable[[int], None],
    own: Library | None,
) -> dict[str, Outcome]:
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing import get_start_method

    if get_start_method() == "fork":
        load()  # once for all of them
    size = max(1, -(-len(files) // (jobs * PIECES)))
    # the bytes go along: a file that is saved meanwhile is still reported as it was read
    pieces = [files[start : start + size] for start in range(0, len(files), size)]
    # a process that goes on near to where it was has read most of what the files there share
    order = sorted(range(len(pieces)), key=lambda number: number % PIECES)
    found: dict[str, Outcome] = {}
    try:
        given = tuple(source_roots), own, os.getcwd()
        with _elsewhere():  # all processes are started by the time the work is handed in
            pool = ProcessPoolExecutor(jobs, initializer=_start_worker, initargs=given)
            futures = [pool.submit(_piece, pieces[number]) for number in order]
        with pool:
            for future in as_completed(futures):
                found.update(future.result())
                tell(len(found))
    except (BrokenProcessPool, OSError):
        pass  # a process was killed, or none could be started: the rest is done here
    rest = [(path, data) for path, data in files if path not in found]
    done = len(found)
    found.update(_here(rest, source_roots, lambda number: tell(done + number), own))
    return found


@contextmanager
def _elsewhere() -> Iterator[None]:
    """Work in the folder of Python's own modules.

    Where a process is not forked, ``python -c`` starts it, and imports what it needs from the
    working directory first: that is the checked project.
    """
    here = os.getcwd()
    os.chdir(os.path.dirname(os.__file__))
    try:
        yield
    finally:
        os.chdir(here)


_PROJECT = Project()


def _start_worker(source_roots: tuple[str, ...], own: Library | None, folder: str) -> None:
    global _PROJECT  # noqa: PLW0603 - one for the life of a worker process
    threading.Thread(target=_end_with_parent, daemon=True).start()
    os.chdir(folder)
    _PROJECT = Project(source_roots, facts_with(own))
    gc.disable()


def _end_with_parent() -> None:
    """End this worker when the command ends, however it ended: nothing waits for the answer."""
    from multiprocessing import connection, parent_process

    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _piece(files: Sequence[tuple[str, bytes]]) -> dict[str, Outcome]:
    return {path: _outcome(_PROJECT, path, data) for path, data in files}


def cores() -> int:
    """How many processes can run at a time."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on this system
        return os.cpu_count() or 1
