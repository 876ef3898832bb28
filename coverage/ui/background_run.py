"""Work in a thread of its own, kept for all visitors: how far it is, and what became of it.

Everybody else is served meanwhile. Work that soon ends by itself goes on while its
visitor looks at other pages; other work stops once nobody has looked for a while.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from coverage.errors import LaegedaekningError
from coverage.placement.request import Watch

# Far longer than between two looks of a page that shows the work: on a busy machine these
# come late, and work that is forgotten begins again from nothing.
FORGOTTEN_S = 30.0

Result = TypeVar("Result")
# What is asked whether to go on and told how far it is; what is told an answer before the last.
Work = Callable[[Watch, Callable[[Result], None]], Result]

_LOG = logging.getLogger(__name__)


class BackgroundRun(Generic[Result]):
    """Work on its way, or what became of it.

    Parameters
    ----------
    work
        Asks its watch now and then whether to go on, and returns what it has by then.
    first_stage
        The stage's name before the work says one.
    needs_looks
        It stops when nobody has looked for ``FORGOTTEN_S``, and whoever looks next gets
        all of it.

    Attributes
    ----------
    stage, share
        The stage that runs, and how much of it is done, 0 to 1.
    gap
        How far the answer can be from the best, as a share of the gain; missing until known.
    first
        An answer before the last one.
    result
        The answer, once there is one.
    problem
        Why there is none.
    failed
        By a mistake of the program, which is in the log.
    is_stopped
        Somebody wanted no more: the result is what there was by then.
    """

    def __init__(
        self, work: "Work[Result]", *, first_stage: str = "", needs_looks: bool = False
    ) -> None:
        self._work = work
        self._first_stage = first_stage
        self._needs_looks = needs_looks
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._looked_at = 0.0
        self._clear()

    def _clear(self) -> None:
        self.stage, self.share, self.gap = self._first_stage, 0.0, math.nan
        self.first: Result | None = None
        self.result: Result | None = None
        self.problem: LaegedaekningError | None = None
        self.failed = self.is_stopped = self._is_forgotten = False

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        return self.failed or self.problem is not None or self.result is not None

    @property
    def so_far(self) -> Result | None:
        """The answer, or the one before it."""
        return self.first if self.result is None else self.result

    def look(self) -> "BackgroundRun[Result]":
        """Say that somebody waits: the work begins, or goes on."""
        with self._guard:
            self._looked_at = time.monotonic()
            if not self.is_over and not self._is_running:
                self._begin()
        return self

    def begin(self) -> "BackgroundRun[Result]":
        """Begin, or once more if it was stopped or failed."""
        with self._guard:
            self._looked_at = time.monotonic()
            if not self._is_running and (not self.is_over or self.is_stopped or self.failed):
                self._begin()
        return self

    def stop(self) -> None:
        """End soon, with what there is by then."""
        self.is_stopped = not self.is_over

    def leave(self) -> None:
        """Say that one visitor waits no more; another one who looks keeps the work going."""
        self._looked_at = 0.0

    def wait(self, timeout_s: float) -> bool:
        """Return whether it is over, waiting for it no longer than this."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return self.is_over

    @property
    def _is_running(self) -> bool:
        return self._thread is not None and self._thread.is_alive()

    def _begin(self) -> None:
        self._clear()
        self._thread = threading.Thread(target=self._run, name="background-run", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        watch = Watch(
            keep_going=self._keep_going,
            progress=self._report,
            gap=lambda share: setattr(self, "gap", share),
            stopwatch=time.monotonic,
        )
        try:
            found = self._work(watch, lambda first: setattr(self, "first", first))
        except LaegedaekningError as problem:
            self.problem = problem
        except Exception:  # noqa: BLE001 - a thread that ends without a word leaves visitors waiting
            _LOG.exception("work in the background failed")
            self.failed = True
        else:
            # What nobody waited for is no answer: whoever looks next gets all of it.
            if self.is_stopped or not self._is_forgotten:
                self.result = found

    def _keep_going(self) -> bool:
        if self._needs_looks and time.monotonic() - self._looked_at >= FORGOTTEN_S:
            self._is_forgotten = True
        return not self.is_stopped and not self._is_forgotten

    def _report(self, stage: str, share: float) -> None:
        self.stage, self.share = stage, min(1.0, share)
