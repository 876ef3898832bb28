"""The signals of a study's areas: their figures, what people judged of them, and overrides.

``signal_rule`` states the rule. Here it meets the areas: for one state of them, as
``designation`` tells it criterion by criterion, and for many, as scenarios change them.
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
from coverage.signal_rule import (
    CRITERIA,
    IS_MEASURED,
    MEASURES,
    SIGNALS,
    Scale,
    beyond,
    read_scale,
)

_Floats = npt.NDArray[np.float64]
_Truths = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.str_]


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
        return beyond(self.value, thresholds)

    def met(self, thresholds: _Floats) -> _Truths:
        """Return which criteria are met."""
        met: _Truths = (self.distances(thresholds) > 0) | self.judged
        return met


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
        return cls(ours, latest_judgements(plan.judgements, ours), read_scale(rules.designation))

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
