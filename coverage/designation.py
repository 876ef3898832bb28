"""Lægedækningstruede områder: which areas the criteria point out, and how firmly.

What comes out is a signal, by the rule of ``coverage.signal_rule``. The
designation is the region's decision. A judgement that nobody has entered counts as
not met and never makes a signal possible. A criterion of weight 0 is shown and
never counted.

An override (a judgement on the area as a whole) sets the signal: ``signal`` if
met, else ``no_signal``, whatever is computed. Which judgement counts is stated
in ``coverage.decisions``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS
from coverage.decisions import (
    AREA,
    build_agenda,
    check_areas,
    designations_on,
    latest_judgements,
    next_decision,
)
from coverage.plan_tables import PlanTables
from coverage.rules import RuleSet
from coverage.signal_rule import CRITERIA, IS_MEASURED, MEASURES, WORSE_SIDES, Scale, read_scale
from coverage.signals import Figures, after_override, figures_of, override_words

STATUSES = ("met", "not_met", "unknown", "not_entered")
SENSITIVITY_STEPS_PCT = (5, 10, 20)

# Two criteria equally near their thresholds are so but for the last bits.
_DECIMALS = 9

_Floats = npt.NDArray[np.float64]
_Truths = npt.NDArray[np.bool_]
_Words = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Designation:
    """What the criteria say of every area of every level, and what is decided next.

    The facts' rows ``all`` and ``no_area`` are no areas to designate: no table
    has them.

    Attributes
    ----------
    criteria
        One row an area and criterion, in the order of ``CRITERIA``:
        ``area_level, area_id, area_name, criterion, value, threshold``
        (persons or %), ``worse_side`` (``above``, ``below``; empty for a
        judgement), ``distance`` (value to threshold in the value's unit,
        positive beyond it on the worse side), ``distance_pct`` (of the
        threshold's size; missing for a threshold of 0), ``status`` (one of
        ``STATUSES``), ``weight, rule_key`` (the threshold's; a judgement's is
        that of its weight), and of a judgement ``entered_on, author, reason``.
    areas
        One row an area: ``area_level, area_id, area_name, met_weight,
        unknown_weight, total_weight, computed, signal`` (after the override;
        both one of ``SIGNALS``), ``override`` (boolean, missing without one),
        ``override_on, override_author, override_reason, designated`` (on the
        day of decision), ``nearest_criterion`` (of the measured criteria that
        count, the one nearest to its threshold in % of it; of two the first)
        and ``nearest_distance_pct`` (with its sign).
    sensitivity
        One row an area and a change of one threshold by which its ``computed``
        signal changes; an override would still hold: ``area_level, area_id,
        area_name, criterion, change_pct, threshold`` (changed, kept within the
        rule's range), ``before, after``.
    agenda
        See ``coverage.decisions.build_agenda``.
    decision_on
        First day of the month of the next decision.
    """

    criteria: pd.DataFrame
    areas: pd.DataFrame
    sensitivity: pd.DataFrame
    agenda: pd.DataFrame
    decision_on: date


def designate(
    facts: Mapping[str, pd.DataFrame], plan: PlanTables, rules: RuleSet, as_of: date
) -> Designation:
    """Return the criteria, signals, sensitivity and agenda of all areas.

    Parameters
    ----------
    facts
        Level -> one row an area: ``area_id, area_name``, the columns of
        ``MEASURES`` (``patients_per_capacity`` in persons, the others in %);
        a figure that is not known is missing.
    plan
        Its judgements and designations are read.
    rules
        Group ``designation``.
    as_of
        The day from which the next decision is looked for.

    Raises
    ------
    UnknownIdError
        For judgements or designations of levels or areas that the facts lack.
    RuleError
        For months of decision that are none.
    """
    areas = _areas_of(facts)
    check_areas(plan.judgements, areas, name="judgements")
    check_areas(plan.designations, areas, name="designations")
    decision_on = next_decision(as_of, rules.designation.decision_months)
    judgements = latest_judgements(plan.judgements, areas)
    figures, scale = figures_of(areas, judgements), read_scale(rules.designation)
    designated = designations_on(
        plan.designations, areas, decision_on, rules.designation.min_months
    )
    criteria = _criteria_table(areas, figures, scale, judgements)
    signals = _areas_table(areas, figures, scale, judgements["override"])
    nearest = _nearest_table(figures, scale)
    return Designation(
        criteria=criteria,
        areas=signals.assign(designated=designated["designated"]).join(nearest),
        sensitivity=_sensitivity_table(areas, figures, scale, rules),
        agenda=build_agenda(signals, designated, decision_on),
        decision_on=decision_on,
    )


def _areas_of(facts: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the areas of all levels below one another, with the measured columns."""
    columns = ["area_id", "area_name", *(measure.column for measure in MEASURES.values())]
    levels = []
    for level, table in facts.items():
        rows = table.loc[~table["area_id"].isin([ALL_AREAS, NO_AREA]), columns]
        levels.append(rows.assign(area_level=pd.Series(level, index=rows.index, dtype="str")))
    return pd.concat(levels, ignore_index=True)


def _criteria_table(
    areas: pd.DataFrame,
    figures: Figures,
    scale: Scale,
    judgements: Mapping[str, pd.DataFrame],
) -> pd.DataFrame:
    not_entered = ~figures.entered & ~IS_MEASURED
    conditions = [figures.met(scale.thresholds), figures.unknown, not_entered]
    status = np.select(conditions, ["met", "unknown", "not_entered"], "not_met")
    distance = figures.distances(scale.thresholds)
    keys = [
        MEASURES[criterion].rule_key if criterion in MEASURES else f"designation.weight_{criterion}"
        for criterion in CRITERIA
    ]
    rows = np.repeat(np.arange(len(areas)), len(CRITERIA))
    table = areas[[*AREA, "area_name"]].iloc[rows].reset_index(drop=True)
    return table.assign(
        criterion=_tiled(CRITERIA, len(areas)),
        value=figures.value.ravel(),
        threshold=np.tile(scale.thresholds, len(areas)),
        worse_side=_tiled(WORSE_SIDES, len(areas)),
        distance=distance.ravel(),
        distance_pct=_in_pct(distance, scale.thresholds).ravel(),
        status=pd.Series(status.ravel(), dtype="str"),
        weight=np.tile(scale.weights, len(areas)),
        rule_key=_tiled(keys, len(areas)),
    ).join(_who_judged(judgements, len(areas)))


def _tiled(words: tuple[str, ...] | list[str], times: int) -> "pd.Series[str]":
    return pd.Series(list(words) * times, dtype="str")


def _in_pct(distance: _Floats, thresholds: _Floats) -> _Floats:
    size = np.where(thresholds == 0, np.nan, np.abs(thresholds))
    return distance / size * 100.0


def _who_judged(judgements: Mapping[str, pd.DataFrame], areas: int) -> pd.DataFrame:
    """Return day, author and reason for every row of the table of criteria."""
    parts = [
        judgements[criterion][["entered_on", "author", "reason"]].set_axis(
            np.arange(areas) * len(CRITERIA) + at
        )
        for at, criterion in enumerate(CRITERIA)
        if criterion not in MEASURES
    ]
    return pd.concat(parts).reindex(np.arange(areas * len(CRITERIA)))


def _areas_table(
    areas: pd.DataFrame, figures: Figures, scale: Scale, override: pd.DataFrame
) -> pd.DataFrame:
    met = figures.met(scale.thresholds)
    computed = scale.signals(met, figures.unknown)
    return areas[[*AREA, "area_name"]].assign(
        met_weight=met @ scale.weights,
        unknown_weight=figures.unknown @ scale.weights,
        total_weight=scale.weights.sum(),
        computed=pd.Series(computed, dtype="str"),
        signal=pd.Series(after_override(computed, override_words(override["met"])), dtype="str"),
        override=override["met"],
        override_on=override["entered_on"],
        override_author=override["author"],
        override_reason=override["reason"],
    )


def _nearest_table(figures: Figures, scale: Scale) -> pd.DataFrame:
    """Return the criterion whose threshold is nearest, missing where none is measured."""
    pct = _in_pct(figures.distances(scale.thresholds), scale.thresholds)
    counts = ~np.isnan(pct) & (scale.weights > 0)
    # Two equally near ones are so but for the last bits.
    away = np.where(counts, np.abs(pct).round(_DECIMALS), np.inf)
    at, rows = away.argmin(axis=1), np.arange(len(pct))
    some = np.isfinite(away[rows, at])
    return pd.DataFrame(
        {
            "nearest_criterion": pd.Series(np.array(CRITERIA)[at], dtype="str").where(some),
            "nearest_distance_pct": np.where(some, pct[rows, at], np.nan),
        }
    )


def _sensitivity_table(
    areas: pd.DataFrame, figures: Figures, scale: Scale, rules: RuleSet
) -> pd.DataFrame:
    before = scale.signals(figures.met(scale.thresholds), figures.unknown)
    parts = []
    for at, criterion in enumerate(CRITERIA):
        # Without weight nothing can change.
        if criterion not in MEASURES or scale.weights[at] == 0:
            continue
        for change_pct in _steps_pct():
            moved = scale.thresholds.copy()
            moved[at] = _moved(rules, MEASURES[criterion].rule_key, moved[at], change_pct)
            after = scale.signals(figures.met(moved), figures.unknown)
            parts += [
                (row, criterion, change_pct, moved[at], before[row], after[row])
                for row in np.flatnonzero(after != before)
            ]
    names = ["row", "criterion", "change_pct", "threshold", "before", "after"]
    types = {"criterion": "str", "threshold": "float64", "before": "str", "after": "str"}
    flips = pd.DataFrame(parts, columns=names).astype({"row": int, "change_pct": int, **types})
    flips = flips.sort_values("row", kind="stable")
    who = areas[[*AREA, "area_name"]].iloc[flips["row"]].reset_index(drop=True)
    return who.join(flips.drop(columns="row").reset_index(drop=True))


def _steps_pct() -> tuple[int, ...]:
    return tuple(sorted(sign * step for step in SENSITIVITY_STEPS_PCT for sign in (-1, 1)))


def _moved(rules: RuleSet, key: str, threshold: float, change_pct: int) -> float:
    """Return the threshold changed by a share of itself, within its rule's range."""
    rule = rules.rules[key]
    low = -np.inf if rule.min is None else rule.min
    high = np.inf if rule.max is None else rule.max
    return float(np.clip(threshold * (100 + change_pct) / 100, low, high))
