"""What the page Overblik shows, as plain values: the study in figures, and its areas."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.exports.annex_table import AnnexTable
from coverage.study import StudyResult
from coverage.ui.formats import format_number, format_points
from coverage.ui.laegevalg.figures import area_row, level_part, persons_lacking
from coverage.wording import Language, say

# The worst first.
SIGNALS = ("signal", "possible", "no_signal")


@dataclass(frozen=True)
class Standing:
    """A study in figures, at one level of areas. Persons are whole, shares in percent.

    Attributes
    ----------
    areas, signals, possible, designated
        Areas in all, with a signal, with a possible one, and designated.
    persons_without_choice
        Who cannot choose between two open practices by road.
    persons_unplaced, persons_without_practice
        Who finds no place even if every place is used; those of them who have
        no practice of known room within the limit.
    skal_areas, skal_broken, skal_last
        Skal-areas in all, without a practice, and with a last one.
    """

    areas: int
    signals: int
    possible: int
    designated: int
    residents: float
    listed_persons: float
    practices: float
    practices_open: float
    capacities: float
    capacities_open: float
    patients_per_capacity: float
    persons_without_choice: float
    without_choice_pct: float
    persons_unplaced: float
    persons_without_practice: float
    skal_areas: int
    skal_broken: int
    skal_last: int


def amount_text(value: float, language: Language) -> str:
    """Return capacities or a weight with the decimals that it has, two at most."""
    decimals = next((places for places in (0, 1) if round(value, places) == value), 2)
    return format_number(value, language, decimals)


def overview_level(result: StudyResult, chosen: str) -> str:
    """Return the chosen level, or the one that the study designates by."""
    names = [level.name for level in result.assessment.levels]
    return chosen if chosen in names else result.study.designation_level


def take_stock(
    result: StudyResult,
    areas: pd.DataFrame,
    annex: Mapping[str, AnnexTable],
    level: str,
) -> Standing:
    """Return the figures of the whole study.

    Parameters
    ----------
    areas
        Of ``exports.area_table.build_area_table``.
    annex
        Of ``exports.annex_tables.annex_tables``.
    """
    choice = area_row(level_part(areas, level), ALL_AREAS)
    capacity = annex["capacity_by_area"].of_level(level)
    whole = capacity.table[capacity.is_total].iloc[0]
    signals = _of_level(result.assessment, level)
    places = result.assessment.skal.places
    skal = places[places["is_skal"]]
    return Standing(
        areas=len(signals),
        signals=int((signals["signal"] == "signal").sum()),
        possible=int((signals["signal"] == "possible").sum()),
        designated=int(signals["designated"].sum()),
        residents=float(whole["residents"]),
        listed_persons=float(whole["listed_persons"]),
        practices=float(whole["practices"]),
        practices_open=float(whole["practices_open"]),
        capacities=float(whole["capacities"]),
        capacities_open=float(whole["capacities_open"]),
        patients_per_capacity=float(whole["patients_per_capacity"]),
        persons_without_choice=persons_lacking(choice),
        without_choice_pct=100.0 - float(choice["road_share_two_or_more_pct"]),
        persons_unplaced=float(whole["persons_without_place"] + whole["persons_without_practice"]),
        persons_without_practice=float(whole["persons_without_practice"]),
        skal_areas=len(skal),
        skal_broken=int((skal["practices"] == 0).sum()),
        skal_last=int((skal["practices"] == 1).sum()),
    )


def areas_worst_first(
    assessment: Assessment, areas: pd.DataFrame, level: str, language: Language
) -> pd.DataFrame:
    """Return one row an area, those with a signal and the most weight first.

    Columns ``area_id, area, signal`` (a code), ``met_weight, total_weight,
    patients_per_capacity, closed_pct, choice_pct, nearest`` (text, missing
    where no criterion is measured) and ``designated``.

    Parameters
    ----------
    areas
        Of ``exports.area_table.build_area_table``.
    """
    own = _of_level(assessment, level).reset_index(drop=True)
    nearest = [_nearest(row, language) for row in own.to_dict("records")]
    capacity = assessment.capacity.by_area[level].set_index("area_id").reindex(own["area_id"])
    choice = level_part(areas, level).set_index("area_id").reindex(own["area_id"])
    table = pd.DataFrame(
        {
            "area_id": own["area_id"],
            "area": own["area_name"],
            "signal": own["signal"],
            "met_weight": own["met_weight"],
            "total_weight": own["total_weight"],
            "patients_per_capacity": capacity["patients_per_capacity"].to_numpy(),
            "closed_pct": capacity["practices_closed_pct"].to_numpy(),
            "choice_pct": choice["road_share_two_or_more_pct"].to_numpy(),
            "nearest": pd.Series(nearest, index=own.index, dtype="str"),
            "designated": own["designated"],
        }
    )
    rank = table["signal"].map({signal: at for at, signal in enumerate(SIGNALS)})
    order = table.assign(rank=rank).sort_values(
        ["rank", "met_weight", "patients_per_capacity", "area"],
        ascending=[True, False, False, True],
    )
    return order.drop(columns="rank").reset_index(drop=True)


def _of_level(assessment: Assessment, level: str) -> pd.DataFrame:
    table = assessment.designation.areas
    return table[table["area_level"] == level]


def _nearest(row: Mapping[Hashable, Any], language: Language) -> str | None:
    """Return the criterion nearest to its threshold and how far it is, with its sign."""
    criterion, distance = row["nearest_criterion"], row["nearest_distance_pct"]
    if not isinstance(criterion, str) or not criterion:
        return None
    words = say(f"annex.criterion.{criterion}", language)
    if not isinstance(distance, float) or np.isnan(distance):
        return words
    signed = format_points(distance, language)
    return say("app.overblik.nearest", language, criterion=words, distance=signed)
