"""Chunks of a long computation, done by several processes where that pays off."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")

# A process that is started anew reads the program first: about three seconds.
_WORTH_STARTING_S = 6.0


def cores() -> int:
    """Return the cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def map_chunks(
    processes: int | None = None,
) -> Callable[[Callable[[Item], Answer], Sequence[Item]], Iterable[Answer]]:
    """Return what does as ``map`` does, in order, perhaps by several processes.

    What is computed must not depend on who computes it. The processes are started anew
    (``spawn``, as on every system): forking a program with threads is unsafe. They do not
    hear Ctrl-C. When the answers are no longer asked for they are ended at once.

    Parameters
    ----------
    processes
        So many; 1 computes here. By default as many as there are cores, but only if what
        the first chunk took says that starting them pays off.
    """

    def mapped(work: Callable[[Item], Answer], items: Sequence[Item]) -> Iterator[Answer]:
        rest = list(items)
        wanted = processes or cores()
        if processes is None and rest:
            started = time.monotonic()
            yield work(rest.pop(0))
            if (time.monotonic() - started) * len(rest) < _WORTH_STARTING_S:
                wanted = 1
        wanted = min(wanted, len(rest))
        yield from map(work, rest) if wanted <= 1 else _by_processes(wanted, work, rest)

    return mapped


def _by_processes(
    processes: int, work: Callable[[Item], Answer], items: Sequence[Item]
) -> Iterator[Answer]:
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    try:
        with _deaf_to_ctrl_c():
            answers = [pool.submit(work, item) for item in items]
        for item, answer in zip(items, answers, strict=True):
            try:
                done = answer.result()
            except BrokenProcessPool:
                # A process was ended from outside, for its memory perhaps: go on here.
                done = work(item)
            yield done
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for child in set(multiprocessing.active_children()) - others:
            child.terminate()
        raise
    pool.shutdown()


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C; it is heard here once all are started."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
