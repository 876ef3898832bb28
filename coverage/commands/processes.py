"""Chunks of a long computation, done by several processes where that pays off."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, contextmanager
from typing import Protocol, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# A process that is started anew reads the program first: about three seconds.
_WORTH_STARTING_S = 6.0


class MapChunks(Protocol):
    """Does what ``map`` does, in order."""

    def __call__(
        self, work: Callable[[Item], Answer], items: Sequence[Item], /
    ) -> Iterable[Answer]:
        """Return the answers, one after the other."""


def cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@contextmanager
def sharing_chunks(processes: int | None = None) -> Iterator[MapChunks]:
    """Yield what does as ``map`` does, in order, perhaps by several processes.

    What is computed must not depend on who computes it. The processes are started anew
    (``spawn``, as on every system): forking a program with threads is unsafe. They do not
    hear Ctrl-C, and none is left behind the block: what is still at work is ended.

    Parameters
    ----------
    processes
        So many; 1 computes here. By default as many as there are cores, but only if what
        the first chunk took says that starting them pays off.
    """
    with ExitStack() as stack:

        def mapped(work: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
            rest = list(items)
            wanted = processes or cores()
            if processes is None and rest:
                started = time.monotonic()
                yield work(rest.pop(0))
                if (time.monotonic() - started) * len(rest) < _WORTH_STARTING_S:
                    wanted = 1
            wanted = min(wanted, len(rest))
            if wanted <= 1:
                yield from map(work, rest)
                return
            pool = stack.enter_context(_pool(wanted))
            yield from _answers(pool, work, rest)

        yield mapped


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    """Open processes; whatever they still do when the block is left is given up."""
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    try:
        yield pool
    finally:
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        pool.shutdown(cancel_futures=True)


def _answers(
    pool: ProcessPoolExecutor, work: Callable[[Item], Answer], items: Sequence[Item]
) -> Iterator[Answer]:
    with _deaf_to_ctrl_c():
        answers = [pool.submit(work, item) for item in items]
    for item, answer in zip(items, answers, strict=True):
        try:
            done = answer.result()
        except BrokenProcessPool:
            # A process was ended from outside, for its memory perhaps: go on here.
            done = work(item)
        yield done


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C; it is heard here once all are started."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
