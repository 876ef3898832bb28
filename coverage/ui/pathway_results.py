"""The years to 2035 and what chance adds to them, kept for all visitors.

The expected path takes about a second and is reckoned while the visitor waits. The runs
of chance take several: they go on in a thread of their own, which stops when the
visitor says so, or when nobody has looked for a while.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from coverage.assessment import Assessment
from coverage.pathway.monte_carlo import Bands, Trial, run_trial
from coverage.pathway.pathway import Pathway, build_pathway
from coverage.scenario.actions import Scenario
from coverage.ui.pathway_view import Assumptions
from coverage.ui.sammenlign.compared import kept_assessment
from coverage.ui.scenario_results import Ground, what_it_does

# Longer than between two looks of a page that shows the runs.
FORGOTTEN_S = 5.0
_WATCHED_KEY = "laegedaekning-runs"

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True)
class PathStart:
    """What a path starts from: a study, what a scenario does to it, and moved assumptions."""

    ground: Ground
    scenario: Scenario
    assumptions: Assumptions


class BandRun:
    """Runs of chance on their way, or what became of them.

    Attributes
    ----------
    trial
        What was asked for.
    share
        How much of it is done, 0 to 1.
    bands
        Once they are over, unless they failed or nobody waited for them.
    failed
        By a mistake of the program, which is in the log.
    """

    def __init__(self, pathway: Pathway, trial: Trial) -> None:
        self.trial = trial
        self.share = 0.0
        self.bands: Bands | None = None
        self.failed = False
        self._pathway = pathway
        self._guard = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_stopped = False
        self._looked_at = 0.0

    @property
    def is_over(self) -> bool:
        """Whether there is something to show, or never will be."""
        return self.bands is not None or self.failed

    def look(self) -> "BandRun":
        """Say that somebody waits: the runs begin, or go on."""
        with self._guard:
            self._looked_at = time.monotonic()
            is_running = self._thread is not None and self._thread.is_alive()
            if not self.is_over and not is_running:
                self._begin()
        return self

    def stop(self) -> None:
        """End after the runs that are under way; what is done so far is kept."""
        self._is_stopped = True

    def leave(self) -> None:
        """Say that one visitor waits no more; another one who looks keeps the runs going."""
        self._looked_at = 0.0

    def begin_anew(self) -> None:
        """Forget runs that were stopped, and do all of them."""
        with self._guard:
            if self._thread is None or not self._thread.is_alive():
                self._begin()

    def wait(self, timeout_s: float) -> bool:
        """Return whether it is over, waiting for it no longer than this."""
        thread = self._thread
        if thread is not None:
            thread.join(timeout_s)
        return self.is_over

    def _begin(self) -> None:
        self.share, self.bands, self.failed, self._is_stopped = 0.0, None, False, False
        self._looked_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="runs-of-chance", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            found = run_trial(
                self._pathway, self.trial, keep_going=self._keep_going, progress=self._report
            )
        except Exception:  # noqa: BLE001 - a thread that ends without a word leaves visitors waiting
            _LOG.exception("the runs of chance failed")
            self.failed = True
            return
        # What nobody waited for is no answer: whoever looks next gets all runs.
        if self._is_stopped or not found.interrupted:
            self.bands = found

    def _keep_going(self) -> bool:
        return not self._is_stopped and time.monotonic() - self._looked_at < FORGOTTEN_S

    def _report(self, _stage: str, share: float) -> None:
        self.share = share


def _hash_start(start: PathStart) -> object:
    return (start.ground, what_it_does(start.scenario), start.assumptions)


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
    """Return the expected path: about a second's work.

    Raises
    ------
    ScenarioError, RuleError
        As ``path_assessment``.
    """
    return build_pathway(path_assessment(start))


@st.cache_resource(max_entries=24, show_spinner=False, hash_funcs=_START_HASH)
def band_run(start: PathStart, runs: int, seed: int) -> BandRun:
    """Return the runs of a path, which begin when somebody looks."""
    return BandRun(kept_path(start), Trial(runs=runs, seed=seed))


def leave_other_runs(start: PathStart, runs: int, seed: int) -> None:
    """Stop the runs that the visitor waited for until now, if these are others.

    Before the new path is reckoned: it would have to share the machine with them.
    """
    wanted = (_hash_start(start), runs, seed)
    known, held = st.session_state.get(_WATCHED_KEY, (None, None))
    if held is not None and known != wanted:
        held.leave()
        del st.session_state[_WATCHED_KEY]


def watch_runs(start: PathStart, runs: int, seed: int) -> BandRun:
    """Return the runs that the visitor waits for from now on."""
    found = band_run(start, runs, seed)
    st.session_state[_WATCHED_KEY] = ((_hash_start(start), runs, seed), found)
    return found.look()
