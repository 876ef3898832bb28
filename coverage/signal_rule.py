"""When the criteria point an area out: the one rule of the signal, on arrays.

The criteria are those that Region Syddanmark's Praksisplan 2025-2028 names, and
lægevalg. No region publishes a figure for them: thresholds and weights are rules.
If the weights of the criteria that are met sum to at least
``designation.signal_weight`` the area has the signal ``signal``; else, if they do
so together with the weights of the criteria whose figure is missing, ``possible``;
else ``no_signal``. A figure is met strictly beyond its threshold: the line is fine.

The last axis of every array holds the criteria, in the order of ``CRITERIA``; the
axes before it may be areas, or runs and areas.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from coverage.rule_groups import DesignationRules

Floats = npt.NDArray[np.float64]
Truths = npt.NDArray[np.bool_]
Words = npt.NDArray[np.str_]

CRITERIA = (
    "patients_per_capacity",
    "practices_closed",
    "spare_places",
    "expected_exit",
    "population_growth",
    "special_circumstances",
    "clinic_need",
    "choice",
)
SIGNALS = ("signal", "possible", "no_signal")

# A share worked out in floating point misses its line, and a sum of weights its whole, by
# far less than this; no figure or weight is stated more finely.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Measure:
    """A criterion that a figure decides: the facts' column, its rule, and the worse side."""

    column: str
    rule: str
    worse_side: str

    @property
    def rule_key(self) -> str:
        """The threshold's key in the ruleset."""
        return f"designation.{self.rule}"


MEASURES: Mapping[str, Measure] = {
    "patients_per_capacity": Measure(
        "patients_per_capacity", "patients_per_capacity_persons", "above"
    ),
    "practices_closed": Measure("practices_closed_pct", "practices_closed_pct", "above"),
    "spare_places": Measure("spare_places_pct", "spare_places_pct", "below"),
    "expected_exit": Measure("expected_exit_pct", "expected_exit_pct", "above"),
    "population_growth": Measure("population_growth_pct", "population_growth_pct", "above"),
    "choice": Measure("choice_pct", "choice_pct", "below"),
}
IS_MEASURED = np.array([criterion in MEASURES for criterion in CRITERIA])
WORSE_SIDES = tuple(
    MEASURES[criterion].worse_side if criterion in MEASURES else "" for criterion in CRITERIA
)
# +1 where more is worse, -1 where less is; a judgement has no side.
_SIDES = np.array([{"above": 1.0, "below": -1.0, "": np.nan}[side] for side in WORSE_SIDES])


@dataclass(frozen=True)
class Scale:
    """The rules as arrays, shape (criteria,); a judgement's threshold is missing."""

    thresholds: Floats
    weights: Floats
    signal_weight: float

    def signals(self, met: Truths, unknown: Truths) -> Words:
        """Return the computed signal, one of ``SIGNALS``, without the last axis."""
        is_signal, is_possible = self._held(met), self._held(met | unknown)
        return np.select([is_signal, is_possible], SIGNALS[:2], SIGNALS[2])

    def is_signal(self, met: Truths) -> Truths:
        """Return where what is met is enough for a signal, without the last axis."""
        return self._held(met)

    def _held(self, met: Truths) -> Truths:
        held: Truths = met @ self.weights >= self.signal_weight - _TOLERANCE
        return held


def read_scale(rules: DesignationRules) -> Scale:
    """Return the thresholds and weights of the rules."""
    thresholds = [
        getattr(rules, MEASURES[criterion].rule) if criterion in MEASURES else np.nan
        for criterion in CRITERIA
    ]
    weights = [getattr(rules, f"weight_{criterion}") for criterion in CRITERIA]
    return Scale(np.array(thresholds), np.array(weights), rules.signal_weight)


def beyond(values: Floats, thresholds: Floats) -> Floats:
    """Return how far each value lies beyond its threshold on the worse side.

    Missing where the value is, and for a judgement.
    """
    distance = (values - thresholds) * _SIDES
    return np.where(np.abs(distance) <= _TOLERANCE, 0.0, distance)
