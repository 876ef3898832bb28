"""The table by area that the CSV file, the workbook and the GeoPackage all show.

Its columns are the keys of ``export.column`` in wording/tables.toml, in that
order. Persons are whole numbers that add up: they are rounded by kommune (or
its parts, where a level divides it) and status together, and every area is the
sum of its parts. Shares are
in percent and distances in km, computed before that rounding.
"""

import numpy as np
import pandas as pd

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS, STATUSES
from coverage.exports.stamp import RunStamp
from coverage.exports.whole_persons import round_to_totals, round_together
from coverage.levels import AreaLevel
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
    An area where nobody lives has a row with 0 persons.
    """
    by_part = whole_persons_by_part(assessment)
    parts = []
    for level in assessment.levels:
        persons = _persons_by_area(by_part, assessment.parts.area_of_part[level.name], level)
        part = _figures(_with_empty_areas(assessment.by_area[level.name], level))
        part = part.drop(columns=list(PERSON_COLUMNS))
        parts.append(part.join(persons, on="area_id").assign(area_level=level.name))
    table = pd.concat(parts, ignore_index=True).assign(
        study_title=stamp.study_title,
        as_of=stamp.as_of.isoformat(),
        ruleset_id=stamp.ruleset_id,
        illustrative=assessment.illustrative,
        notices=" | ".join(notice.say(language) for notice in assessment.notices),
    )
    return table[list(AREA_COLUMNS)]


def exact_persons_by_part(assessment: Assessment) -> pd.DataFrame:
    """Return the lægevalg of the pieces that no level divides, by the piece's id."""
    pieces = assessment.by_part
    return pieces[pieces["area_id"] != ALL_AREAS].set_index("area_id")


def whole_persons_by_part(assessment: Assessment) -> pd.DataFrame:
    """Return ``PERSON_COLUMNS`` as whole numbers by piece, of which every area is a sum."""
    return _whole_persons(exact_persons_by_part(assessment))


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


def _with_empty_areas(summary: pd.DataFrame, level: AreaLevel) -> pd.DataFrame:
    """Return a level's summary with a row for each area where nobody lives."""
    empty = level.shapes[~level.shapes["area_id"].isin(summary["area_id"])]
    if empty.empty:
        return summary
    rows = pd.DataFrame({"area_id": empty["area_id"], "area_name": empty["name"]})
    is_total = summary["area_id"] == ALL_AREAS
    areas = pd.concat([summary[~is_total], rows.reindex(columns=summary.columns)])
    return pd.concat([areas.sort_values("area_id"), summary[is_total]], ignore_index=True)


def _whole_persons(exact: pd.DataFrame) -> pd.DataFrame:
    """Return PERSON_COLUMNS as whole numbers by part; statuses sum to ``persons``."""
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
    by_part: pd.DataFrame, area_of_part: "pd.Series[str]", level: AreaLevel
) -> pd.DataFrame:
    """Return whole persons by area id and for ``all``: sums of the parts, 0 where nobody lives."""
    areas = by_part.groupby(area_of_part.reindex(by_part.index)).sum()
    areas = areas.reindex(level.shapes["area_id"], fill_value=0)
    total = by_part.sum().rename(ALL_AREAS).to_frame().T
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
