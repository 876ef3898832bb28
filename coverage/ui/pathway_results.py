"""The years to 2035 and what chance adds to them, kept for all visitors.

The expected path takes about a second and is reckoned while the visitor waits. The runs
of chance and the search for places take longer: they go on in threads of their own, which
stop when the visitor says so, or when nobody has looked for a while.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pandas as pd
import streamlit as st

from coverage.assessment import Assessment
from coverage.pathway.monte_carlo import Bands, Trial, run_trial
from coverage.pathway.pathway import Pathway, build_pathway
from coverage.pathway.placed_years import placed_by_search
from coverage.pathway.sites import YearDemand
from coverage.placement.request import Watch
from coverage.scenario.actions import Scenario
from coverage.ui.background_run import BackgroundRun
from coverage.ui.pathway_view import PLACES, Assumptions
from coverage.ui.placement_results import kept_candidates
from coverage.ui.sammenlign.compared import kept_assessment
from coverage.ui.scenario_results import Ground, what_it_does

_WATCHED_KEY = "laegedaekning-path-work"

Run = TypeVar("Run", bound=BackgroundRun[Any])


@dataclass(frozen=True)
class PathStart:
    """What a path starts from: a study, what a scenario does to it, and moved assumptions.

    Attributes
    ----------
    places
        Where new practices lie: one of ``pathway_view.PLACES``.
    """

    ground: Ground
    scenario: Scenario
    assumptions: Assumptions
    places: str = PLACES[0]


class BandRun(BackgroundRun[Bands]):
    """Runs of chance; stopped, they keep those that are done.

    Attributes
    ----------
    trial
        What was asked for.
    """

    def __init__(self, pathway: Pathway, trial: Trial) -> None:
        super().__init__(self._draw, needs_looks=True)
        self.trial = trial
        self._pathway = pathway

    def _draw(self, watch: Watch, _listen: Callable[[Bands], None]) -> Bands:
        return run_trial(
            self._pathway, self.trial, keep_going=watch.keep_going, progress=watch.progress
        )


def _hash_start(start: PathStart) -> object:
    return (start.ground, what_it_does(start.scenario), start.assumptions, start.places)


_START_HASH: dict[str | type[Any], Callable[[Any], Any]] = {PathStart: _hash_start}


def path_assessment(start: PathStart) -> Assessment:
    """Return the assessment that the path starts from, with the assumptions moved.

    Raises
    ------
    ScenarioError
        Actions that cannot be carried out, or that a rule forbids.
    RuleError
        For a value outside its range.
    """
    assessment = kept_assessment(start.ground, start.scenario)
    return replace(assessment, rules=assessment.rules.override(dict(start.assumptions)))


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def kept_path(start: PathStart) -> Pathway:
    """Return the expected path: about a second's work, unless places are to be searched.

    Raises
    ------
    ScenarioError, RuleError
        As ``path_assessment``.
    """
    if start.places == "search":
        return places_run(start).result or _search_places(start, Watch())
    return build_pathway(path_assessment(start))


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def places_run(start: PathStart) -> BackgroundRun[Pathway]:
    """Return the path whose places are searched, which begins when somebody looks."""
    return BackgroundRun(lambda watch, _: _search_places(start, watch), needs_looks=True)


def _search_places(start: PathStart, watch: Watch) -> Pathway:
    """Return the path with the places that the command finds; the year is the stage."""
    assessment = path_assessment(start)
    candidates = kept_candidates(replace(start.ground, thresholds=()), "grid").candidates
    # What is done of a year's own search is nothing to tell.
    search = placed_by_search(assessment, candidates, watch=Watch(keep_going=watch.keep_going))
    first = assessment.rules.valid_on.year
    last = round(assessment.rules.pathway.target_year)

    def place_year(demand: YearDemand) -> pd.DataFrame:
        watch.progress(str(demand.year), (demand.year - first - 1) / (last - first))
        return search(demand)

    return build_pathway(assessment, place_year=place_year)


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def band_run(start: PathStart, runs: int, seed: int) -> BandRun:
    """Return the runs of a path, which begin when somebody looks."""
    return BandRun(kept_path(start), Trial(runs=runs, seed=seed))


def leave_other_work(start: PathStart, runs: int, seed: int) -> None:
    """Stop what the visitor waited for until now, if it is of another path or other runs.

    Before the new path is reckoned: it would have to share the machine with them.
    """
    wanted = (_hash_start(start), runs, seed)
    known, held = st.session_state.get(_WATCHED_KEY, (None, ()))
    if known != wanted:
        for run in held:
            run.leave()
        st.session_state[_WATCHED_KEY] = (wanted, ())


def watch_places(start: PathStart) -> BackgroundRun[Pathway]:
    """Return the search for places that the visitor waits for from now on."""
    return _watched(places_run(start))


def watch_runs(start: PathStart, runs: int, seed: int) -> BandRun:
    """Return the runs that the visitor waits for from now on."""
    return _watched(band_run(start, runs, seed))


def _watched(run: Run) -> Run:
    known, held = st.session_state.get(_WATCHED_KEY, (None, ()))
    st.session_state[_WATCHED_KEY] = (known, (*(one for one in held if one is not run), run))
    run.look()
    return run
