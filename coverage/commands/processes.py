"""Chunks of a long computation, done by several processes where that pays off."""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import Any, Protocol, TypeAlias, TypeVar, cast

Item = TypeVar("Item")
Answer = TypeVar("Answer")
Worker: TypeAlias = "Connection[Any, Any]"

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
            workers = stack.enter_context(_workers(wanted))
            yield from _answers(workers, work, rest)

        yield mapped


@contextmanager
def _workers(count: int) -> Iterator[list["Worker"]]:
    """Start processes; whatever they still do when the block is left is given up.

    Each has a pipe of its own, which closes when it ends: with the queues that the library's
    pools share, a process that is ended while it answers leaves the others waiting for ever.
    """
    context = multiprocessing.get_context("spawn")
    started: list[tuple[SpawnProcess, Worker]] = []
    try:
        with _deaf_to_ctrl_c():
            for _ in range(count):
                ours, theirs = context.Pipe()
                process = context.Process(target=serve, args=(theirs,), daemon=True)
                process.start()
                theirs.close()
                started.append((process, ours))
        yield [worker for _, worker in started]
    finally:
        for process, worker in started:
            process.terminate()
            worker.close()
        for process, _ in started:
            process.join()


def serve(connection: "Worker") -> None:
    """Do what comes, one at a time, until the other end closes: in a process of its own.

    It says that it has started, is sent the work, then item after item. A mistake ends it;
    whoever asked does the item then, and meets the mistake.
    """
    with suppress(EOFError):
        connection.send(None)
        work = connection.recv()
        while True:
            connection.send(work(connection.recv()))


def _answers(
    workers: Sequence["Worker"], work: Callable[[Item], Answer], items: Sequence[Item]
) -> Iterator[Answer]:
    """Return the answers in order; what a process does not live to answer is done here."""
    left, done = deque(range(len(items))), dict[int, Answer]()
    # Those who will speak next: to say that they have started, or to answer.
    speaking, at_work = list(workers), dict[Worker, int]()

    def go_on(worker: "Worker") -> None:
        answer = worker.recv()
        if worker in at_work:
            done[at_work.pop(worker)] = answer
        else:
            worker.send(work)
        if left:
            at_work[worker] = left.popleft()
            worker.send(items[at_work[worker]])
        else:
            speaking.remove(worker)

    for number, item in enumerate(items):
        while number not in done and speaking:
            for ready in wait(speaking):
                worker = cast("Worker", ready)
                try:
                    go_on(worker)
                except (EOFError, OSError):
                    # Ended from outside, for its memory perhaps.
                    speaking.remove(worker)
                    left.extendleft([at_work.pop(worker)] if worker in at_work else [])
        yield done.pop(number) if number in done else work(item)


@contextmanager
def _deaf_to_ctrl_c() -> Iterator[None]:
    """Start processes that do not hear Ctrl-C; here it is heard once all are started.

    Processes inherit what is blocked in this thread. The signal itself may reach another
    thread of this process, so that its handler has to wait too.
    """
    # It is started with the first process, and would leave the signal unblocked.
    resource_tracker.ensure_running()
    presses: list[int] = []
    handler = signal.signal(signal.SIGINT, lambda number, _frame: presses.append(number))
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        signal.signal(signal.SIGINT, handler)
        for number in presses:
            signal.raise_signal(number)
