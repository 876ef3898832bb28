"""Searches for the best places, each in a thread of its own and kept for all visitors.

A search takes seconds and ends by itself: it goes on while its visitor looks at other
pages, and everybody else is served meanwhile. Who asks for the same gets the same search.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from coverage.placement.frontier import frontier
from coverage.placement.place import Placement, place
from coverage.placement.request import Effort, PlacementRequest, Watch
from coverage.placement_files import PlacementOrder
from coverage.placement_study import StudyCandidates, find_candidates, open_and_movable
from coverage.scenario.actions import Scenario
from coverage.ui.background_run import BackgroundRun
from coverage.ui.placement_view import Wish
from coverage.ui.sammenlign.compared import kept_assessment
from coverage.ui.scenario_results import Ground, what_it_does

# Before the placement's own stages.
FIRST_STAGE = "candidates"
# What the frontier shows beyond the practices that were asked for: is one more worth it?
_PRACTICES_BEYOND = 3


@dataclass(frozen=True)
class SearchStart:
    """What is searched: the study after a scenario, and the wish."""

    ground: Ground
    scenario: Scenario
    wish: Wish


def _hash_start(start: SearchStart) -> object:
    # A threshold that is moved changes no distance, and must not search anew.
    ground = replace(start.ground, thresholds=())
    return (ground, what_it_does(start.scenario), start.wish)


_START_HASH: dict[str | type[Any], Callable[[Any], Any]] = {SearchStart: _hash_start}


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def placement_run(start: SearchStart) -> BackgroundRun[Placement]:
    """Return the search for a wish."""
    return BackgroundRun(partial(_place, start), first_stage=FIRST_STAGE)


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def frontier_run(start: SearchStart) -> BackgroundRun[pd.DataFrame]:
    """Return the search for what each practice more adds, without a proof."""
    return BackgroundRun(partial(_frontier, start), first_stage=FIRST_STAGE)


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
