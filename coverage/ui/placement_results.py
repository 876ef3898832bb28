"""Searches for the best places, each in a thread of its own and kept for all visitors.

A search takes seconds and ends by itself: it goes on while its visitor looks at other
pages, and everybody else is served meanwhile. Who asks for the same gets the same search.
"""

import logging
import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeVar

import pandas as pd
import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.placement.frontier import frontier
from coverage.placement.place import Placement, place
from coverage.placement.request import Effort, PlacementRequest, Watch
from coverage.placement_files import PlacementOrder
from coverage.placement_study import StudyCandidates, find_candidates, open_and_movable
from coverage.scenario.actions import Scenario
from coverage.ui.placement_view import Wish
from coverage.ui.sammenlign.compared import kept_assessment
from coverage.ui.scenario_results import Ground, what_it_does

# Before the placement's own stages.
FIRST_STAGE = "candidates"
# What the frontier shows beyond the practices that were asked for: is one more worth it?
_PRACTICES_BEYOND = 3

Result = TypeVar("Result")
Work = Callable[[Watch, Callable[[Result], None]], Result]

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class SearchStart:
    """What is searched: the study after a scenario, and the wish."""

    ground: Ground
    scenario: Scenario
    wish: Wish


class SearchRun(Generic[Result]):
    """A search on its way, or what became of it.

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
        Somebody wanted no more: the result is the best until then.
    """

    def __init__(self, work: "Work[Result]") -> None:
        self._work = work
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._clear()

    def _clear(self) -> None:
        self.stage, self.share, self.gap = FIRST_STAGE, 0.0, math.nan
        self.first: Result | None = None
        self.result: Result | None = None
        self.problem: LaegedaekningError | None = None
        self.failed = self.is_stopped = False

    @property
    def is_over(self) -> bool:
        """Nothing more will come."""
        return self.failed or self.problem is not None or self.result is not None

    @property
    def so_far(self) -> Result | None:
        """The answer, or the one before it."""
        return self.first if self.result is None else self.result

    def look(self) -> "SearchRun[Result]":
        """Begin, unless it has begun once."""
        with self._guard:
            if self._thread is None:
                self._begin()
        return self

    def begin(self) -> "SearchRun[Result]":
        """Begin, or once more if it was stopped or failed."""
        with self._guard:
            is_running = self._thread is not None and self._thread.is_alive()
            if not is_running and (not self.is_over or self.is_stopped or self.failed):
                self._begin()
        return self

    def stop(self) -> None:
        """End soon, with the best that is found by then."""
        self.is_stopped = not self.is_over

    def wait(self, timeout_s: float) -> bool:
        """Return whether it is over, waiting for it no longer than this."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return self.is_over

    def _begin(self) -> None:
        self._clear()
        self._thread = threading.Thread(target=self._run, name="find-the-best", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        watch = Watch(
            keep_going=lambda: not self.is_stopped,
            progress=self._report,
            gap=lambda share: setattr(self, "gap", share),
            stopwatch=time.monotonic,
        )
        try:
            self.result = self._work(watch, lambda first: setattr(self, "first", first))
        except LaegedaekningError as problem:
            self.problem = problem
        except Exception:  # noqa: BLE001 - a thread that ends without a word leaves visitors waiting
            _LOG.exception("the search for the best places failed")
            self.failed = True

    def _report(self, stage: str, share: float) -> None:
        self.stage, self.share = stage, min(1.0, share)


def _hash_start(start: SearchStart) -> object:
    # A threshold that is moved changes no distance, and must not search anew.
    ground = replace(start.ground, thresholds=())
    return (ground, what_it_does(start.scenario), start.wish)


_START_HASH: dict[str | type[Any], Callable[[Any], Any]] = {SearchStart: _hash_start}


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def placement_run(start: SearchStart) -> SearchRun[Placement]:
    """Return the search for a wish."""
    return SearchRun(partial(_place, start))


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def frontier_run(start: SearchStart) -> SearchRun[pd.DataFrame]:
    """Return the search for what each practice more adds, without a proof."""
    return SearchRun(partial(_frontier, start))


@st.cache_resource(max_entries=4, show_spinner=False)
def kept_candidates(
    ground: Ground, kind: str, _progress: Callable[[float], None] | None = None
) -> StudyCandidates:
    """Return where practices may open: of a study the same, whatever a scenario does.

    Raises
    ------
    PlacementError
        Towns, and the study has none.
    """
    order = PlacementOrder(capacities=1.0, candidates=kind)
    return find_candidates(ground.assessment, order, _progress)


def search_candidates(
    start: SearchStart, progress: Callable[[float], None] | None = None
) -> StudyCandidates:
    """Return where the wish lets practices open."""
    return kept_candidates(replace(start.ground, thresholds=()), start.wish.candidates, progress)


def _problem(start: SearchStart, watch: Watch) -> tuple[Any, Any, PlacementRequest]:
    """Return assessment, candidates and request."""
    found = search_candidates(start, lambda share: watch.progress(FIRST_STAGE, share))
    assessment = kept_assessment(start.ground, start.scenario)
    movable = open_and_movable(assessment) if start.wish.may_move else ()
    return assessment, found.candidates, start.wish.order().request(movable)


def _place(start: SearchStart, watch: Watch, listen: Callable[[Placement], None]) -> Placement:
    return place(*_problem(start, watch), watch, listen)


def _frontier(
    start: SearchStart, watch: Watch, _listen: Callable[[pd.DataFrame], None]
) -> pd.DataFrame:
    assessment, candidates, request = _problem(start, watch)
    count = request.most_sites + _PRACTICES_BEYOND
    wider = replace(
        request,
        practices=count,
        capacities=count * request.least_capacities,
        effort=Effort(exact=False),
    )
    return frontier(assessment, candidates, wider, watch)
