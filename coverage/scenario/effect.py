"""What a scenario does to every area, from the matrix: the figures that answer a click.

The same figures as of the whole assessment (``apply``), but only those that a
planner looks at while practices are placed, closed and moved, and only from what the
scenario touches: the columns of its practices, the homes whose nearest practice
goes, the areas' sums. A new site costs one search, a list that opens one, all else none.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.capacity import describe_practices, is_outside, practice_facts
from coverage.capacity_by_area import summarise_practices
from coverage.choice import ALL_AREAS, STATUSES, AreaGrouping
from coverage.levels import RESERVED_AREA_IDS, AreaLevel
from coverage.scenario.apply import plan_after
from coverage.scenario.reach import Reach, ReachBasis, reach_after
from coverage.scenario.resolve import Resolved
from coverage.signal_rule import MEASURES
from coverage.signals import SignalBoard

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Columns = dict[str, npt.NDArray[Any]]

_TWO = STATUSES.index("two_or_more")
_PCT = 100.0

# Figures of the residents' choice, by area.
CHOICE_FIGURES = (
    *(f"persons_{status}" for status in STATUSES),
    "persons_gain_choice",
    "persons_lose_choice",
    "first_mean_m",
    "second_mean_m",
)
# Figures of the practices of an area, as in ``Capacity.by_area``.
PRACTICE_FIGURES = (
    "practices",
    "practices_open",
    "capacities",
    "listed_persons",
    "patients_per_capacity",
    "free_places",
    "spare_places_pct",
    "practices_closed_pct",
)
_TEXTS = ("area_id", "area_name", "signal")
_COLUMNS = ("area_id", "area_name", "persons", *CHOICE_FIGURES, *PRACTICE_FIGURES)


@dataclass(frozen=True)
class Effect:
    """The figures after a scenario.

    Attributes
    ----------
    by_area
        Level -> one row an area, by id, then ``all``: ``area_id, area_name, persons``,
        ``CHOICE_FIGURES`` (by road; ``persons_gain_choice`` and ``_lose_`` against the
        baseline), ``PRACTICE_FIGURES`` and ``signal`` (after an override; missing for
        ``all``).
    status_before, status_after
        Shape (origins,): lægevalg's status by road, as a position in ``STATUSES``.
    skal
        Skal-areas with another number of practices than before: ``place_id, name,
        kommune_code, practices_before, practices_after``; broken where none is left.
    """

    by_area: Mapping[str, pd.DataFrame]
    status_before: npt.NDArray[np.int8]
    status_after: npt.NDArray[np.int8]
    skal: pd.DataFrame


@dataclass(frozen=True)
class EffectBasis:
    """What the effects of all scenarios on one assessment share; prepared once."""

    assessment: Assessment

    @cached_property
    def reach(self) -> ReachBasis:
        """What homes reach in the baseline."""
        return ReachBasis(self.assessment.matrix, self.assessment.choice)

    @cached_property
    def persons(self) -> Floats:
        """Shape (origins,)."""
        return self.assessment.choice.by_origin["persons"].to_numpy(np.float64)

    @cached_property
    def parts(self) -> tuple["pd.Index[str]", AreaGrouping]:
        """The pieces that every level is a sum of, and the piece of each home."""
        codes, ids = pd.factorize(self.assessment.parts.of_origin.to_numpy(object), sort=True)
        return pd.Index(ids, dtype="str"), AreaGrouping(codes.astype(np.int64), len(ids))

    @cached_property
    def area_of_part(self) -> Mapping[str, tuple["pd.Index[str]", AreaGrouping]]:
        """Level -> the ids of the areas where somebody lives, and the area of each piece."""
        table = self.assessment.parts.area_of_part.loc[self.parts[0]]
        found = {}
        for level in table.columns:
            codes, ids = pd.factorize(table[level].to_numpy(object), sort=True)
            grouping = AreaGrouping(codes.astype(np.int64), len(ids))
            found[level] = (pd.Index(ids, dtype="str"), grouping)
        return found

    @cached_property
    def area_names(self) -> Mapping[str, Mapping[str, str]]:
        """Level -> area id -> name."""
        return {
            level.name: {
                **dict(zip(level.shapes["area_id"], level.shapes["name"], strict=True)),
                ALL_AREAS: ALL_AREAS,
            }
            for level in self.assessment.levels
        }

    @cached_property
    def growth(self) -> Mapping[str, "pd.Series[float]"]:
        """Level -> area id -> the population's growth in %, which no scenario changes."""
        return {
            name: table.set_index("area_id")["population_growth_pct"]
            for name, table in self.assessment.capacity.by_area.items()
        }

    @cached_property
    def signals(self) -> SignalBoard:
        """The signals of all areas of all levels."""
        areas = self.assessment.designation.areas
        return SignalBoard.prepare(areas, self.assessment.plan, self.assessment.rules)


def measure_effect(basis: EffectBasis, resolved: Resolved) -> Effect:
    """Return the figures after a scenario.

    They equal those of ``apply_resolved``; of an empty scenario, the baseline's.
    """
    before, after = basis.reach.before, reach_after(basis.reach, resolved)
    facts = _practice_facts(basis.assessment, resolved)
    homes = _home_sums(basis.persons, before, after, basis.parts[1])
    tables = {level.name: _level_columns(basis, level, homes, facts) for level in resolved.levels}
    signals = basis.signals.signals(_facts_of_areas(tables))
    by_area, at = {}, 0
    for name, columns in tables.items():
        is_area = _is_area(columns)
        signal = np.full(len(is_area), None, dtype=object)
        signal[is_area] = signals[at : at + int(is_area.sum())]
        at += int(is_area.sum())
        shown = {column: columns[column] for column in _COLUMNS} | {"signal": signal}
        texts = {key: pd.array(shown[key], dtype="str") for key in _TEXTS}
        by_area[name] = pd.DataFrame(shown | texts)
    skal = skal_changes(basis.assessment, resolved)
    return Effect(by_area, before.status, after.status, skal)


def _level_columns(
    basis: EffectBasis, level: AreaLevel, homes: dict[str, Floats], facts: pd.DataFrame
) -> Columns:
    """Return all figures of one level's areas, with those that the signal needs."""
    ids, grouping = basis.area_of_part[level.name]
    every = np.ones(len(grouping.codes), dtype=np.bool_)
    sums = {name: grouping.sums(values, every) for name, values in homes.items()}
    sums = {name: np.append(values, values.sum()) for name, values in sums.items()}
    residents = pd.Series(sums["persons"], index=[*ids, ALL_AREAS])
    columns: Columns = dict(summarise_practices(facts, residents, level))
    at = residents.index.get_indexer(pd.Index(columns["area_id"]))
    # An area where nobody lives is in no row of the homes: nobody there has anything.
    columns |= {name: np.where(at >= 0, values[at], 0.0) for name, values in sums.items()}
    for rank in ("first", "second"):
        people = columns.pop(f"persons_with_{rank}")
        columns[f"{rank}_mean_m"] = _ratio(columns.pop(f"person_metres_{rank}"), people)
    columns["choice_pct"] = _ratio(columns[f"persons_{STATUSES[_TWO]}"], columns["persons"]) * _PCT
    names = basis.area_names[level.name]
    columns["area_name"] = np.array([names.get(area, "") for area in columns["area_id"]], object)
    growth = basis.growth[level.name]
    columns["population_growth_pct"] = growth.reindex(columns["area_id"]).to_numpy(np.float64)
    return columns


def _home_sums(
    persons: Floats, before: Reach, after: Reach, grouping: AreaGrouping
) -> dict[str, Floats]:
    """Return the residents' sums by piece; of distances persons and metres, to divide later."""
    everybody = np.ones(len(persons), dtype=np.bool_)
    now, then = before.status, after.status
    had, has = now == _TWO, then == _TWO
    held = {"persons": everybody}
    held |= {f"persons_{status}": then == at for at, status in enumerate(STATUSES)}
    held |= {"persons_gain_choice": ~had & has, "persons_lose_choice": had & ~has}
    sums = {name: grouping.sums(persons, who) for name, who in held.items()}
    for rank, metres in (("first", after.first_m), ("second", after.second_m)):
        known = ~np.isnan(metres)
        sums[f"persons_with_{rank}"] = grouping.sums(persons, known)
        sums[f"person_metres_{rank}"] = grouping.sums(persons * metres, known)
    return sums


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Return part / whole, missing where the whole is 0."""
    answer = np.full(len(whole), np.nan)
    np.divide(part, whole, out=answer, where=whole > 0)
    return answer


def _practice_facts(assessment: Assessment, resolved: Resolved) -> pd.DataFrame:
    """Return the practices of the study as ``capacity`` describes them."""
    tables = replace(assessment.tables, practices=resolved.practices, doctors=resolved.doctors)
    plan = plan_after(assessment.plan, resolved)
    rules, levels = assessment.rules, resolved.levels
    described = describe_practices(tables, plan, levels, rules, rules.valid_on)
    inside = ~is_outside(resolved.practices, levels)
    return practice_facts(resolved.practices, described)[inside]


def _facts_of_areas(tables: Mapping[str, Columns]) -> dict[str, Floats]:
    """Return what the signals are computed from, in the order of the board's areas."""
    names = [measure.column for measure in MEASURES.values()]
    return {
        name: np.concatenate(
            [
                np.asarray(columns[name], dtype=np.float64)[_is_area(columns)]
                for columns in tables.values()
            ]
        )
        for name in names
    }


def _is_area(columns: Columns) -> Bools:
    """Return which rows are areas: neither the total nor practices without an area."""
    return ~np.isin(columns["area_id"], RESERVED_AREA_IDS)


def skal_changes(assessment: Assessment, resolved: Resolved) -> pd.DataFrame:
    """Return the skal-areas that have another number of practices than before."""
    skal = assessment.skal
    place_of = skal.practices.set_index("ydernummer")["place_id"]
    gone = place_of.reindex([*resolved.closed, *resolved.moved]).dropna()
    graph, rules = assessment.matrix.graph, assessment.rules.skal
    come = skal.stops.places_of(resolved.sites, graph, rules).dropna()
    change = come.value_counts().sub(gone.value_counts(), fill_value=0)
    places = skal.places[skal.places["is_skal"]]
    differs_by: Ints = np.asarray(change.reindex(places["place_id"], fill_value=0), np.int64)
    table = places[["place_id", "name", "kommune_code"]].assign(
        practices_before=places["practices"],
        practices_after=places["practices"] + differs_by,
    )
    changed: pd.DataFrame = table[differs_by != 0].reset_index(drop=True)
    return changed
