"""Capacities, lists, doctors, residents and access by area, and for all areas together.

A sum is over what is known, and the count of what is not stands beside it. A
sum of which nothing is known is missing; where there is nothing to add up it is
0. A doctor, a capacity and a practice are three units and never added.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.access import gini, worst_tenth_mean
from coverage.choice import ALL_AREAS, AreaGrouping
from coverage.levels import AreaLevel
from coverage.lists import takes_new_patients
from coverage.tables import CLINIC_FORMS

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NO_AREA = "no_area"
_PCT = 100.0
_SPREADS = {"access_gini": gini, "access_worst_tenth_per_1000": worst_tenth_mean}


def summarise_capacity(
    practices: pd.DataFrame, homes: pd.DataFrame, level: AreaLevel, projected: pd.DataFrame
) -> pd.DataFrame:
    """Return the figures of each area of a level; the columns are those of ``Capacity.by_area``.

    Parameters
    ----------
    practices
        Table PRACTICES and ``Capacity.by_practice`` side by side, without the
        practices that lie outside the study.
    homes
        ``persons`` and ``Capacity.by_origin``, in the order of the level's origins.
    level
        A practice without an area, or in one that has no shape, is in the row
        ``no_area``, which is there only then.
    projected
        ``need.project_areas`` of the level.

    Returns
    -------
    DataFrame
        One row an area, by id, ``no_area`` if needed, then ``all``.
    """
    areas, extra, grouping = _grouped(practices, level)
    names = level.names.reindex(areas)
    practice_rows = _Rows(grouping)
    home_rows = _Rows(AreaGrouping(_positions(areas, level.of_origin), grouping.count))
    figures = {
        **_practice_figures(practices, practice_rows),
        **_resident_figures(homes, home_rows),
    }
    table = pd.DataFrame(
        {
            "area_id": pd.Series([*areas, *extra, ALL_AREAS], dtype="str"),
            "area_name": pd.Series([*names, *["" for _ in extra], ALL_AREAS], dtype="str"),
            **figures,
            **_against_residents(figures),
        }
    )
    return table.merge(projected, on="area_id", how="left", validate="one_to_one")[
        ["area_id", "area_name", *_COLUMNS]
    ]


def summarise_practices(
    practices: pd.DataFrame, residents: "pd.Series[float]", level: AreaLevel
) -> dict[str, npt.NDArray[Any]]:
    """Return of ``summarise_capacity`` what the practices alone decide, and free places in %.

    Columns by name, as they stand in its table, with ``area_id``.

    Parameters
    ----------
    practices
        As of ``summarise_capacity``.
    residents
        Area id -> persons, of every area where somebody lives, and ``all``.
    """
    areas, extra, grouping = _grouped(practices, level)
    figures = _practice_figures(practices, _Rows(grouping))
    ids = np.array([*areas, *extra, ALL_AREAS], dtype=object)
    lived_in: Floats = np.asarray(residents.reindex(ids).fillna(0.0), dtype=np.float64)
    spare_pct = _pct(figures["free_places"], lived_in)
    return {"area_id": ids, **figures, "spare_places_pct": spare_pct}


def _grouped(
    practices: pd.DataFrame, level: AreaLevel
) -> tuple["pd.Index[str]", list[str], AreaGrouping]:
    """Return the areas, ``no_area`` if a practice has none, and the area of each practice."""
    areas = pd.Index(level.names.sort_index().index)
    of_practice = _positions(areas, practices["ydernummer"].map(level.of_practice))
    extra = [NO_AREA] if (of_practice == len(areas)).any() else []
    return areas, extra, AreaGrouping(of_practice, len(areas) + len(extra))


@dataclass(frozen=True)
class _Rows:
    """Practices or homes by area; every answer has one value an area, then that of all."""

    grouping: AreaGrouping

    def count(self, held: Bools) -> Ints:
        """Return how many rows are held."""
        counts = np.bincount(self.grouping.codes[held], minlength=self.grouping.count)
        return np.append(counts, counts.sum())

    def sum(self, values: Floats, held: Bools | None = None) -> Floats:
        """Return the held rows' known values added up; missing if there are rows and none known."""
        rows = np.ones(len(values), dtype=np.bool_) if held is None else held
        known = rows & ~np.isnan(values)
        sums = self.grouping.sums(values, known)
        answer = np.append(sums, sums.sum())
        answer[(self.count(rows) > 0) & (self.count(known) == 0)] = np.nan
        return answer

    def groupings(self) -> tuple[AreaGrouping, AreaGrouping]:
        """Return the areas, and all rows as one."""
        together = np.zeros(len(self.grouping.codes), dtype=np.int64)
        return self.grouping, AreaGrouping(together, 1)


def _positions(areas: "pd.Index[str]", area_ids: "pd.Series[str]") -> Ints:
    """Return the row of each area id; the row after the last area where there is none."""
    found = areas.get_indexer(pd.Index(area_ids)).astype(np.int64)
    return np.where(found < 0, len(areas), found)


def _practice_figures(practices: pd.DataFrame, rows: _Rows) -> dict[str, Floats | Ints]:
    is_open = takes_new_patients(practices)
    unknown = practices["intake_open"].isna().to_numpy(dtype=np.bool_)
    closed = ~is_open & ~unknown
    accessible = practices["accessible"]
    form_of = pd.Index(CLINIC_FORMS).get_indexer(pd.Index(practices["clinic_form"]))
    return {
        "practices": rows.count(np.ones(len(practices), dtype=np.bool_)),
        "practices_open": rows.count(is_open),
        "practices_closed": rows.count(closed),
        "practices_intake_unknown": rows.count(unknown),
        "practices_closed_pct": _pct(rows.count(closed), rows.count(~unknown)),
        **{f"practices_{form}": rows.count(form_of == at) for at, form in enumerate(CLINIC_FORMS)},
        "satellites": rows.sum(practices["satellites"].to_numpy(np.float64)).astype(np.int64),
        "practices_accessible": rows.count(accessible.fillna(value=False).to_numpy(dtype=bool)),
        "practices_access_unknown": rows.count(accessible.isna().to_numpy(dtype=bool)),
        **_list_figures(practices, rows, is_open, closed),
        **_workforce_figures(practices, rows),
    }


def _list_figures(
    practices: pd.DataFrame, rows: _Rows, is_open: Bools, closed: Bools
) -> dict[str, Floats | Ints]:
    capacities = practices["capacities"].to_numpy(np.float64)
    listed = practices["listed_persons"].to_numpy(np.float64)
    free_places = practices["free_places"].to_numpy(np.float64)
    # A list without capacities, or the other way round, would tilt the ratio.
    both = ~np.isnan(listed) & (capacities > 0)
    return {
        "capacities": rows.sum(capacities),
        "capacities_open": rows.sum(capacities, is_open),
        "practices_without_capacity": rows.count(np.isnan(capacities)),
        "listed_persons": rows.sum(listed),
        "practices_without_list": rows.count(np.isnan(listed)),
        "patients_per_capacity": _ratio(rows.sum(listed, both), rows.sum(capacities, both)),
        # The 0 of a closed practice says nothing about an open one that is not known.
        "free_places": rows.sum(free_places, is_open),
        "open_practices_without_room": rows.count(is_open & np.isnan(free_places)),
        "capacities_closed_pct": _pct(
            rows.sum(capacities, closed), rows.sum(capacities, is_open | closed)
        ),
    }


def _workforce_figures(practices: pd.DataFrame, rows: _Rows) -> dict[str, Floats | Ints]:
    capacities = practices["capacities"].to_numpy(np.float64)
    doctors, older, old, ending = (
        practices[name].to_numpy(np.float64)
        for name in ("doctors", "doctors_older", "doctors_old", "capacities_expected_to_end")
    )
    counted = ~np.isnan(ending)
    return {
        "doctors": rows.sum(doctors),
        "practices_without_doctors": rows.count(np.isnan(doctors)),
        "doctors_older": rows.sum(older),
        "doctors_old": rows.sum(old),
        "doctors_older_pct": _pct(rows.sum(older), rows.sum(doctors)),
        "doctors_old_pct": _pct(rows.sum(old), rows.sum(doctors)),
        "capacities_expected_to_end": rows.sum(ending),
        "expected_exit_pct": _pct(rows.sum(ending, counted), rows.sum(capacities, counted)),
    }


def _resident_figures(homes: pd.DataFrame, rows: _Rows) -> dict[str, Floats]:
    persons = homes["persons"].to_numpy(np.float64)
    figures = {
        "residents": rows.sum(persons),
        "need_weighted_residents": rows.sum(persons * homes["need_weight"].to_numpy(np.float64)),
    }
    for name in ("persons_without_practice", "persons_without_place"):
        figures[name] = rows.sum(homes[name].to_numpy(np.float64))
    for name in ("access_2sfca_per_1000", "access_e2sfca_per_1000"):
        access = homes[name].to_numpy(np.float64)
        known = ~np.isnan(access)
        figures[name] = _ratio(rows.sum(access * persons, known), rows.sum(persons, known))
    enhanced = homes["access_e2sfca_per_1000"].to_numpy(np.float64)
    for name, measure in _SPREADS.items():
        by_part = [measure(enhanced, persons, part) for part in rows.groupings()]
        figures[name] = np.concatenate(by_part)
    return figures


def _against_residents(figures: dict[str, Floats | Ints]) -> dict[str, Floats]:
    """Return what compares practices with residents; missing where nobody lives."""
    capacities, residents = figures["capacities"], figures["residents"]
    needing = figures["need_weighted_residents"]
    return {
        "residents_per_capacity": _ratio(_positive(residents), capacities),
        "need_weighted_per_capacity": _ratio(_positive(needing), capacities),
        "spare_places_pct": _pct(figures["free_places"], residents),
    }


def _positive(values: Floats | Ints) -> Floats:
    return np.where(values > 0, values, np.nan)


def _ratio(part: Floats | Ints, whole: Floats | Ints) -> Floats:
    """Return part / whole, missing where the whole is 0 or missing."""
    return np.asarray(part / _positive(whole), dtype=np.float64)


def _pct(part: Floats | Ints, whole: Floats | Ints) -> Floats:
    return _ratio(part, whole) * _PCT


_COLUMNS = (
    "practices",
    "practices_open",
    "practices_closed",
    "practices_intake_unknown",
    "doctors",
    "practices_without_doctors",
    "capacities",
    "capacities_open",
    "practices_without_capacity",
    "listed_persons",
    "practices_without_list",
    "patients_per_capacity",
    "residents",
    "residents_per_capacity",
    "need_weighted_residents",
    "need_weighted_per_capacity",
    "free_places",
    "open_practices_without_room",
    "spare_places_pct",
    "practices_closed_pct",
    "capacities_closed_pct",
    "doctors_older",
    "doctors_old",
    "doctors_older_pct",
    "doctors_old_pct",
    "capacities_expected_to_end",
    "expected_exit_pct",
    *(f"practices_{form}" for form in CLINIC_FORMS),
    "satellites",
    "practices_accessible",
    "practices_access_unknown",
    "access_2sfca_per_1000",
    "access_e2sfca_per_1000",
    "access_gini",
    "access_worst_tenth_per_1000",
    "persons_without_practice",
    "persons_without_place",
    "projected_from_persons",
    "projected_to_persons",
    "population_growth_pct",
)
