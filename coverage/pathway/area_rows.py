"""The areas of every level below one another, and what of a practice or a kommune is in each.

A kommune that a level divides is shared among the parts as its residents are today
(``need.project_areas`` does the same), so that every level has the same total.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.areas import locate_in_areas
from coverage.assessment import Assessment
from coverage.capacity_by_area import NO_AREA
from coverage.choice import ALL_AREAS
from coverage.levels import KOMMUNE_LEVEL, AreaLevel

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

NOWHERE = -1


@dataclass(frozen=True)
class AreaRows:
    """Rows of every table: the areas of each level by id, ``no_area`` if needed, then ``all``.

    Attributes
    ----------
    table
        ``area_level, area_id, area_name``.
    is_area
        Shape (rows,): not ``no_area`` nor ``all``.
    of_practice
        Shape (practices, rows): 1 where the practice belongs to the row; a practice
        outside the study belongs to none.
    of_kommune
        Shape (kommuner, rows): the share of the kommune's residents of today.
    of_part
        Shape (parts, rows): 1 where the piece of ``Assessment.parts`` belongs to the row.
    """

    table: pd.DataFrame
    is_area: Bools
    of_practice: Floats
    of_kommune: Floats
    of_part: Floats

    def positions(self, level: str) -> "pd.Series[int]":
        """Return area id -> row of a level."""
        rows = self.table[(self.table["area_level"] == level) & self.is_area]
        return pd.Series(rows.index.to_numpy(), index=rows["area_id"].to_numpy())


def stack_areas(
    assessment: Assessment, kommune_codes: Sequence[str], inside: Bools, parts: "pd.Index[str]"
) -> AreaRows:
    """Return the rows of an assessment.

    Parameters
    ----------
    kommune_codes
        The study's kommuner, in the order of ``of_kommune``.
    inside
        Shape (practices,): in the register's order, not outside the study.
    parts
        Pieces of the assessment, in the order of ``of_part``.
    """
    practices = assessment.tables.practices["ydernummer"]
    kommuner = assessment.tables.kommuner.set_index("kommune_code").loc[list(kommune_codes)]
    residents = _residents(assessment)
    blocks = [
        _level_rows(level, practices[inside], inside, residents, kommuner.reset_index())
        for level in assessment.levels
    ]
    of_part = [
        _membership(assessment.parts.area_of_part[level.name].reindex(parts), block[0]["area_id"])
        for level, block in zip(assessment.levels, blocks, strict=True)
    ]
    table = pd.concat([block[0] for block in blocks], ignore_index=True)
    return AreaRows(
        table,
        ~table["area_id"].isin([NO_AREA, ALL_AREAS]).to_numpy(dtype=np.bool_),
        np.hstack([block[1] for block in blocks]),
        np.hstack([block[2] for block in blocks]),
        np.hstack(of_part),
    )


def _residents(assessment: Assessment) -> pd.DataFrame:
    table = pd.DataFrame({level.name: level.of_origin.to_numpy() for level in assessment.levels})
    table["kommune_code"] = assessment.origins.table["kommune_code"].to_numpy()
    table["persons"] = assessment.origins.table["persons"].to_numpy(np.float64)
    return table


def _level_rows(
    level: AreaLevel,
    ydernumre: "pd.Series[str]",
    inside: Bools,
    residents: pd.DataFrame,
    kommuner: gpd.GeoDataFrame,
) -> tuple[pd.DataFrame, Floats, Floats]:
    """Return the level's rows, its practices (practices, rows) and kommuner (kommuner, rows)."""
    names = level.names.sort_index()
    area = ydernumre.map(level.of_practice)
    area = area.where(area.isin(names.index), NO_AREA)
    extra = [NO_AREA] if (area == NO_AREA).any() else []
    ids = pd.Series([*names.index, *extra, ALL_AREAS], dtype="str")
    table = pd.DataFrame(
        {
            "area_level": pd.Series(level.name, index=ids.index, dtype="str"),
            "area_id": ids,
            "area_name": pd.Series([*names, *["" for _ in extra], ALL_AREAS], dtype="str"),
        }
    )
    of_practice = np.zeros((len(inside), len(ids)))
    of_practice[inside] = _membership(area, ids)
    if level.name == KOMMUNE_LEVEL:
        return table, of_practice, _membership(kommuner["kommune_code"], ids)
    return table, of_practice, _shares(level, ids, residents, kommuner)


def _shares(
    level: AreaLevel, ids: "pd.Series[str]", residents: pd.DataFrame, kommuner: gpd.GeoDataFrame
) -> Floats:
    """Return the share of each kommune's residents in each row, shape (kommuner, rows).

    A kommune where nobody lives belongs to the area that it lies in.
    """
    sums = residents.pivot_table(
        index="kommune_code", columns=level.name, values="persons", aggfunc="sum", fill_value=0
    )
    wide = sums.reindex(index=list(kommuner["kommune_code"]), columns=list(ids))
    persons = np.array(wide.fillna(0.0), dtype=np.float64)
    total = persons.sum(axis=1, keepdims=True)
    middle = kommuner.geometry.representative_point()
    inside = locate_in_areas(middle.x, middle.y, level.shapes, "area_id", max_distance_m=0.0)
    shares = _membership(inside, ids)
    np.divide(persons, total, out=shares, where=total > 0)
    shares[:, -1] = 1.0
    return shares


def _membership(area: "pd.Series[str]", ids: "pd.Series[str]") -> Floats:
    """Return 1 where the row's area is the column's, and in the last column: all areas."""
    found = pd.Index(ids).get_indexer(pd.Index(area))
    table = np.zeros((len(area), len(ids)))
    known = np.flatnonzero(found != NOWHERE)
    table[known, found[known]] = 1.0
    table[:, -1] = 1.0
    return table
