"""The signal of an area: which criteria are met, and whether their weights suffice.

The one implementation of the rule, for one state of the areas and for many at once:
arrays have the criteria last, in the order of ``CRITERIA``, and any shape before that.
``designation`` states the rule and tells each criterion of each area.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.decisions import AREA, latest_judgements
from coverage.plan_tables import PlanTables
from coverage.rules import RuleSet

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

_Floats = npt.NDArray[np.float64]
_Truths = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.str_]


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
# +1 where more is worse, -1 where less is; a judgement has no side.
_SIDES = {"above": 1.0, "below": -1.0, "": np.nan}
WORSE_SIDES = tuple(
    MEASURES[criterion].worse_side if criterion in MEASURES else "" for criterion in CRITERIA
)


@dataclass(frozen=True)
class Figures:
    """What is known of every area (rows) and criterion (columns, as in ``CRITERIA``).

    ``value`` is missing in the columns of judgements, ``judged`` (somebody says it
    is met) false in the others; ``entered`` says where somebody has judged.
    """

    value: _Floats
    judged: _Truths
    entered: _Truths

    @property
    def unknown(self) -> _Truths:
        """Where a measured figure is missing."""
        unknown: _Truths = np.isnan(self.value) & IS_MEASURED
        return unknown

    def distances(self, thresholds: _Floats) -> _Floats:
        """Return how far each value lies beyond its threshold on the worse side."""
        sides = np.array([_SIDES[side] for side in WORSE_SIDES])
        distance = (self.value - thresholds) * sides
        return np.where(np.abs(distance) <= _TOLERANCE, 0.0, distance)

    def met(self, thresholds: _Floats) -> _Truths:
        """Return which criteria are met."""
        met: _Truths = (self.distances(thresholds) > 0) | self.judged
        return met


@dataclass(frozen=True)
class Scale:
    """The rules as arrays, shape (criteria,); a judgement's threshold is missing."""

    thresholds: _Floats
    weights: _Floats
    signal_weight: float

    def signals(self, met: _Truths, unknown: _Truths) -> _Words:
        """Return the computed signal of every area."""
        least = self.signal_weight - _TOLERANCE
        is_signal = met @ self.weights >= least
        is_possible = (met | unknown) @ self.weights >= least
        return np.select([is_signal, is_possible], SIGNALS[:2], SIGNALS[2])


@dataclass(frozen=True)
class SignalBoard:
    """The signals of the same areas, again and again, as their figures change.

    Attributes
    ----------
    areas
        ``area_level, area_id``: the areas, in the order of every answer.
    judgements
        ``decisions.latest_judgements`` of them.
    scale
        The rules.
    """

    areas: pd.DataFrame
    judgements: Mapping[str, pd.DataFrame]
    scale: Scale

    @cached_property
    def _judged(self) -> Figures:
        """What people judged, without a figure."""
        unknown = dict.fromkeys((one.column for one in MEASURES.values()), np.nan)
        return figures_of(pd.DataFrame(unknown, index=self.areas.index), self.judgements)

    @classmethod
    def prepare(cls, areas: pd.DataFrame, plan: PlanTables, rules: RuleSet) -> "SignalBoard":
        """Return the board of areas (``area_level, area_id``) with what people judged of them."""
        ours = areas[AREA].reset_index(drop=True)
        return cls(ours, latest_judgements(plan.judgements, ours), scale_of(rules))

    def signals(self, facts: Mapping[str, _Floats]) -> _Words:
        """Return the signal of every area, after an override.

        Parameters
        ----------
        facts
            The columns of ``MEASURES``, shape (..., areas), in the order of the areas:
            one state of the areas or many.

        Returns
        -------
        array of str
            In the facts' shape.
        """
        unknown = np.full(np.shape(facts[MEASURES[CRITERIA[0]].column]), np.nan)
        columns = [
            facts[MEASURES[criterion].column] if criterion in MEASURES else unknown
            for criterion in CRITERIA
        ]
        values = np.stack(columns, axis=-1)
        figures = replace(self._judged, value=values)
        computed = self.scale.signals(figures.met(self.scale.thresholds), figures.unknown)
        return after_override(computed, self._override)

    @cached_property
    def _override(self) -> _Words:
        return override_words(self.judgements["override"]["met"])


def override_words(met: pd.Series) -> _Words:
    """Return the signal that a judgement of the area as a whole sets; empty without one."""
    words = np.where(met.fillna(value=False), SIGNALS[0], SIGNALS[2])
    return np.where(met.isna(), "", words)


def after_override(computed: _Words, override: _Words) -> _Words:
    """Return the signals, where somebody has judged an area as a whole by that judgement."""
    return np.where(override == "", computed, override)


def figures_of(areas: pd.DataFrame, judgements: Mapping[str, pd.DataFrame]) -> Figures:
    """Return what is known of areas (columns of ``MEASURES``), judgements in the same order."""
    shape = (len(areas), len(CRITERIA))
    values = np.full(shape, np.nan)
    judged, entered = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    for at, criterion in enumerate(CRITERIA):
        if criterion in MEASURES:
            column = areas[MEASURES[criterion].column]
            values[:, at] = column.to_numpy(np.float64, na_value=np.nan)
        else:
            met = judgements[criterion]["met"]
            entered[:, at] = met.notna()
            judged[:, at] = met.fillna(value=False)
    return Figures(values, judged, entered)


def scale_of(rules: RuleSet) -> Scale:
    """Return the thresholds and weights of a ruleset."""
    chosen = rules.designation
    thresholds = [
        getattr(chosen, MEASURES[criterion].rule) if criterion in MEASURES else np.nan
        for criterion in CRITERIA
    ]
    weights = [getattr(chosen, f"weight_{criterion}") for criterion in CRITERIA]
    return Scale(np.array(thresholds), np.array(weights), chosen.signal_weight)
