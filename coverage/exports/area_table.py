"""The table by area that the CSV file, the workbook and the GeoPackage all show.

Its columns are the keys of ``export.column`` in wording/tables.toml, in that
order. Persons are whole numbers that add up: they are rounded by kommune and
status together, and every larger area is the sum of its kommuner. Shares are
in percent and distances in km, computed before that rounding.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from coverage.assessment import KOMMUNE_LEVEL, Assessment
from coverage.choice import ALL_AREAS, STATUSES
from coverage.exports.stamp import RunStamp
from coverage.exports.whole_persons import round_to_totals, round_together
from coverage.units import metres_to_km
from coverage.wording import Language

_PERCENT = 100.0
_STRAIGHT_STATUSES = STATUSES[:-1]
_RANKS = ("first", "second")
_SPREADS = ("mean", "median", "p90")

ID_COLUMNS = ("area_level", "area_id", "area_name")
STUDY_COLUMNS = ("study_title", "as_of", "ruleset_id", "illustrative", "notices")


def _measure_columns(measure: str, statuses: tuple[str, ...]) -> tuple[str, ...]:
    spread = [
        name
        for rank in _RANKS
        for name in (
            f"{measure}_persons_without_{rank}",
            *(f"{measure}_{rank}_{spread}_km" for spread in _SPREADS),
        )
    ]
    return (
        *(f"{measure}_persons_{status}" for status in statuses),
        *(f"{measure}_share_{status}_pct" for status in statuses),
        f"{measure}_persons_exactly_two",
        f"{measure}_persons_thin_margin",
        *spread,
    )


FIGURE_COLUMNS = (
    "persons",
    *_measure_columns("road", STATUSES),
    *_measure_columns("straight", _STRAIGHT_STATUSES),
)
AREA_COLUMNS = (*ID_COLUMNS, *FIGURE_COLUMNS, *STUDY_COLUMNS)
PERSON_COLUMNS = tuple(name for name in FIGURE_COLUMNS if "persons" in name)
SHARE_COLUMNS = tuple(name for name in FIGURE_COLUMNS if name.endswith("_pct"))
KM_COLUMNS = tuple(name for name in FIGURE_COLUMNS if name.endswith("_km"))


def build_area_table(
    assessment: Assessment, stamp: RunStamp, language: Language = "da"
) -> pd.DataFrame:
    """Return one row an area and level, by level and id, each level ended by its row ``all``.

    Columns ``AREA_COLUMNS``; persons are integers, what does not exist is NaN.
    A kommune of the study where nobody lives has a row with 0 persons.
    """
    kommuner = _with_empty_kommuner(assessment)
    by_kommune = _whole_persons(kommuner[kommuner["area_id"] != ALL_AREAS].set_index("area_id"))
    levels = {KOMMUNE_LEVEL: kommuner}
    levels |= {k: v for k, v in assessment.by_area.items() if k != KOMMUNE_LEVEL}
    parts = []
    for level, summary in levels.items():
        area_of_kommune = assessment.area_of_kommune.get(level)
        persons = _persons_by_area(by_kommune, area_of_kommune)
        part = _figures(summary).drop(columns=list(PERSON_COLUMNS))
        part = part.join(persons, on="area_id").assign(area_level=level)
        parts.append(part)
    table = pd.concat(parts, ignore_index=True).assign(
        study_title=stamp.study_title,
        as_of=stamp.as_of.isoformat(),
        ruleset_id=stamp.ruleset_id,
        illustrative=assessment.illustrative,
        notices=" | ".join(notice.say(language) for notice in assessment.notices),
    )
    return table[list(AREA_COLUMNS)]


def worst_first(table: pd.DataFrame) -> pd.DataFrame:
    """Return one level's rows, the lowest share with a choice by road first.

    Areas where nobody lives come after the others, the row ``all`` last.
    """
    keys = table.assign(
        _total=table["area_id"] == ALL_AREAS,
        _share=table["road_share_two_or_more_pct"],
        _lacking=-(table["persons"] - table["road_persons_two_or_more"]),
    )
    order = keys.sort_values(["_total", "_share", "_lacking", "area_id"], na_position="last").index
    return table.loc[order].reset_index(drop=True)


def _with_empty_kommuner(assessment: Assessment) -> pd.DataFrame:
    """Return the summary of the kommuner with a row of zeros for those where nobody lives."""
    summary = assessment.by_area[KOMMUNE_LEVEL]
    kommuner = assessment.tables.kommuner
    empty = kommuner[~kommuner["kommune_code"].isin(summary["area_id"])]
    rows = pd.DataFrame({"area_id": empty["kommune_code"], "area_name": empty["name"]})
    counts = [name for name in summary.columns if name == "persons" or "_persons_" in name]
    rows = rows.assign(**dict.fromkeys(counts, 0.0)) if len(rows) else rows
    areas = summary[summary["area_id"] != ALL_AREAS]
    total = summary[summary["area_id"] == ALL_AREAS]
    if len(rows):
        areas = pd.concat([areas, rows.reindex(columns=summary.columns)]).sort_values("area_id")
    return pd.concat([areas, total], ignore_index=True)


def _whole_persons(exact: pd.DataFrame) -> pd.DataFrame:
    """Return PERSON_COLUMNS as whole numbers by kommune; statuses sum to ``persons``."""
    whole = pd.DataFrame(index=exact.index)
    road = [f"road_persons_{status}" for status in STATUSES]
    straight = [f"straight_persons_{status}" for status in _STRAIGHT_STATUSES]
    by_road = round_together(exact[road].to_numpy(np.float64))
    whole["persons"] = by_road.sum(axis=1)
    whole[road] = by_road
    whole[straight] = round_to_totals(
        exact[straight].to_numpy(np.float64), whole["persons"].to_numpy()
    )
    for measure in ("road", "straight"):
        for name in ("exactly_two", "thin_margin", "without_first", "without_second"):
            column = f"{measure}_persons_{name}"
            whole[column] = exact[column].round().astype(np.int64)
            # A part must not outgrow what it is part of.
            of = "persons" if name.startswith("without") else f"{measure}_persons_two_or_more"
            whole[column] = np.minimum(whole[column], whole[of])
    return whole[list(PERSON_COLUMNS)]


def _persons_by_area(
    by_kommune: pd.DataFrame, area_of_kommune: Mapping[str, str] | None
) -> pd.DataFrame:
    """Return whole persons by area id and for ``all``: sums of the kommuner."""
    areas = by_kommune
    if area_of_kommune is not None:
        areas = by_kommune.groupby(by_kommune.index.map(area_of_kommune)).sum()
    total = by_kommune.sum().rename(ALL_AREAS).to_frame().T
    return pd.concat([areas, total]).astype(np.int64)


def _figures(summary: pd.DataFrame) -> pd.DataFrame:
    """Return a summary with shares in percent and distances in km, named so."""
    table = summary.copy()
    for name in summary.columns:
        if "_share_" in name:
            table[f"{name}_pct"] = table.pop(name) * _PERCENT
        elif name.endswith("_m"):
            table[f"{name.removesuffix('_m')}_km"] = table.pop(name).map(metres_to_km)
    return table
