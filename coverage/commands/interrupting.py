"""Ctrl-C that keeps what a long search has found so far."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

from coverage.commands.terminal import warn

_FIRST = "Stopping with the best found so far; press Ctrl-C again to give up."


@contextmanager
def keeping_best(first: str = _FIRST) -> Iterator[Callable[[], bool]]:
    """Yield ``keep_going``, which a search asks now and then: False after the first Ctrl-C.

    The search then returns its best so far, which the command marks as such. A second
    Ctrl-C gives up as always. Outside the block Ctrl-C does what it did before.

    Parameters
    ----------
    first
        What is said after the first Ctrl-C.
    """
    asked = False

    def stop(_number: int, _frame: FrameType | None) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        warn(first)

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: not asked
    finally:
        signal.signal(signal.SIGINT, before)
