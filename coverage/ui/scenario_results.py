"""What scenarios do to the open study, kept for all visitors, for the pages that show it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import streamlit as st

from coverage.assessment import Assessment
from coverage.choice import STATUSES
from coverage.errors import LaegedaekningError
from coverage.exports.map_colours import STATUS_COLOURS
from coverage.exports.map_layers import StatusImage
from coverage.exports.status_raster import paint_homes
from coverage.places import join_places
from coverage.scenario.actions import Scenario
from coverage.scenario.checks import Finding, check_scenario
from coverage.scenario.effect import Effect, EffectBasis, measure_effect
from coverage.scenario.resolve import Resolved, resolve_scenario
from coverage.scenario.screening import screen_closures
from coverage.scenario_files import scenario_text
from coverage.scenario_study import register_sha256
from coverage.study import StudyResult
from coverage.ui.loading import (
    FileState,
    StudyKey,
    Thresholds,
    judged_state,
    kept_designation,
    kept_raster,
)
from coverage.ui.ready import ReadyStudy
from coverage.ui.state import AppState

# Told apart in the common kinds of colour blindness (Okabe and Ito 2008).
CHANGE_COLOURS = {"gain": "#0072b2", "lose": "#d55e00"}
_TWO = STATUSES.index("two_or_more")
_EMPTY = Scenario(name="")

Statuses = npt.NDArray[np.int8]


@dataclass(frozen=True)
class Ground:
    """What scenarios stand on: a study with the visitor's thresholds and the judgements filed."""

    key: StudyKey
    thresholds: Thresholds
    judged: FileState

    @property
    def result(self) -> StudyResult:
        """The study."""
        return kept_designation(self.key, self.thresholds, self.judged)

    @property
    def assessment(self) -> Assessment:
        """The baseline."""
        return self.result.assessment

    @property
    def register_sha256(self) -> str:
        """Of the study's register."""
        return register_sha256(self.result)


@dataclass(frozen=True)
class Measured:
    """A scenario on the study, as far as a click needs it."""

    resolved: Resolved
    findings: tuple[Finding, ...]
    effect: Effect


def scenario_ground(study: ReadyStudy, state: AppState) -> Ground:
    """Return what the visitor's scenarios stand on.

    Raises
    ------
    LaegedaekningError
        For a file of judgements that cannot be read.
    """
    ground = Ground(study.key, state.thresholds, judged_state(study.result.study))
    kept_designation(ground.key, ground.thresholds, ground.judged)
    return ground


def what_it_does(scenario: Scenario) -> str:
    """Return a text that two scenarios share if they do the same, whatever they are called."""
    return scenario_text(replace(scenario, name="", note="", register_sha256=""))


SCENARIO_HASH: dict[str | type[Any], Callable[[Any], Any]] = {Scenario: what_it_does}


@st.cache_resource(max_entries=4, show_spinner=False)
def kept_effect_basis(ground: Ground) -> EffectBasis:
    """Return what the effects of all scenarios share."""
    return EffectBasis(ground.assessment)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=SCENARIO_HASH)
def kept_measured(ground: Ground, scenario: Scenario) -> Measured:
    """Return what a scenario does.

    Raises
    ------
    ScenarioError
        With every action that cannot be carried out.
    """
    basis = kept_effect_basis(ground)
    resolved = resolve_scenario(basis.assessment, scenario)
    findings = check_scenario(basis.assessment, resolved)
    return Measured(resolved, findings, measure_effect(basis, resolved))


def baseline(ground: Ground) -> Measured:
    """Return the study without any action."""
    return kept_measured(ground, _EMPTY)


def measured_or_why(ground: Ground, scenario: Scenario) -> Measured | LaegedaekningError:
    """Return what a scenario does, or why it cannot be carried out."""
    try:
        return kept_measured(ground, scenario)
    except LaegedaekningError as problem:
        return problem


@st.cache_resource(max_entries=4, show_spinner=False)
def kept_closures(ground: Ground) -> pd.DataFrame:
    """Return what closing each practice alone would do."""
    return screen_closures(ground.assessment)


@st.cache_resource(max_entries=64, show_spinner=False, hash_funcs=SCENARIO_HASH)
def kept_scenario_picture(ground: Ground, scenario: Scenario, picture: str) -> StatusImage:
    """Return people's status ``before`` or ``after`` a scenario, or who gains and loses (else)."""
    effect = kept_measured(ground, scenario).effect
    if picture == "before":
        return paint_statuses(ground.key, effect.status_before)
    if picture == "after":
        return paint_statuses(ground.key, effect.status_after)
    return paint_change(ground.key, effect.status_before, effect.status_after)


def paint_statuses(key: StudyKey, status: Statuses) -> StatusImage:
    """Return the picture of people's status (positions in ``STATUSES``)."""
    colours = [STATUS_COLOURS[name] for name in STATUSES]
    return paint_homes(kept_raster(key), (status + 1).astype(np.uint8), colours)


def paint_change(key: StudyKey, before: Statuses, after: Statuses) -> StatusImage:
    """Return the picture of who gains and who loses the choice; all others are clear."""
    had, has = before == _TWO, after == _TWO
    ranks = np.select([had & ~has, ~had & has], [2, 1], 0).astype(np.uint8)
    return paint_homes(kept_raster(key), ranks, list(CHANGE_COLOURS.values()))


def has_road(ground: Ground, x_m: float, y_m: float) -> bool:
    """Return whether a road is near enough to a place for a practice there."""
    place = pd.DataFrame({"site_id": ["place"], "x_m": [x_m], "y_m": [y_m]})
    assessment = ground.assessment
    joined = join_places(assessment.matrix.graph, place, "site_id", assessment.rules.travel)
    return bool(joined.snaps.snapped[0])
