"""Whole persons by area for the annex: rounded once, by the finest parts, and summed from there."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.exports.area_table import build_area_table
from coverage.exports.stamp import RunStamp
from coverage.exports.whole_persons import round_to_totals, round_together
from coverage.levels import KOMMUNE_LEVEL

_OF_HOMES = ("need_weighted_residents", "persons_without_practice", "persons_without_place")
_PROJECTED = ("projected_from_persons", "projected_to_persons")


def whole_persons_by_area(assessment: Assessment, stamp: RunStamp) -> Mapping[str, pd.DataFrame]:
    """Return level -> whole persons by area id (and ``all``).

    Columns ``residents`` (as in the table of lægevalg), ``need_weighted_residents``,
    ``persons_without_practice, persons_without_place, projected_from_persons,
    projected_to_persons``. In a kommune each is less than one person from what was
    computed, and every area is the sum of its parts. A projection is missing where the
    area's is.
    """
    areas = build_area_table(assessment, stamp)
    by_part = whole_by_part(assessment)
    levels = {}
    for level in assessment.levels:
        part_area = assessment.parts.area_of_part[level.name].reindex(by_part.index)
        whole = by_part.groupby(part_area).sum()
        whole = whole.reindex(level.shapes["area_id"].to_numpy(), fill_value=0)
        whole.loc[ALL_AREAS] = by_part.sum()
        own = areas[areas["area_level"] == level.name].set_index("area_id")["persons"]
        exact = assessment.capacity.by_area[level.name].set_index("area_id")
        for name in _PROJECTED:
            whole[name] = whole[name].where(exact[name].reindex(whole.index).notna())
        levels[level.name] = whole.assign(residents=own.reindex(whole.index))
    return levels


def whole_by_part(assessment: Assessment) -> pd.DataFrame:
    """Return each part's persons, whole; their sum is the rounded sum."""
    parts = exact_by_part(assessment)
    kommune = assessment.parts.area_of_part[KOMMUNE_LEVEL].reindex(parts.index)
    in_kommune = parts["persons"].groupby(kommune).transform("sum")
    share = parts["persons"] / in_kommune.where(in_kommune > 0)
    projected = assessment.capacity.by_area[KOMMUNE_LEVEL].set_index("area_id")
    for name in _PROJECTED:
        parts[name] = (share * kommune.map(projected[name])).fillna(0.0)
    whole = {
        name: _rounded(parts[name], kommune.to_numpy(str)) for name in (*_OF_HOMES, *_PROJECTED)
    }
    return pd.DataFrame(whole, index=parts.index)


def exact_by_part(assessment: Assessment) -> pd.DataFrame:
    """Return the persons of ``capacity.by_origin`` and all ``persons`` by part, as computed."""
    homes = assessment.capacity.by_origin
    persons = assessment.origins.table["persons"].to_numpy(np.float64)
    exact = pd.DataFrame(
        {
            "need_weighted_residents": homes["need_weight"].to_numpy(np.float64) * persons,
            **{name: homes[name].to_numpy(np.float64) for name in _OF_HOMES[1:]},
            "persons": persons,
        }
    )
    return exact.groupby(assessment.parts.of_origin.to_numpy()).sum()


def _rounded(by_part: "pd.Series[float]", kommune: npt.NDArray[np.str_]) -> npt.NDArray[np.int64]:
    """Return whole persons by part: the kommuner are rounded together, then the parts of each."""
    exact = by_part.to_numpy(np.float64)
    codes, of_part = np.unique(kommune, return_inverse=True)
    sums = np.bincount(of_part, exact, len(codes)).astype(np.float64)
    totals = round_together(sums[:, None])[:, 0]
    whole = np.zeros(len(exact), dtype=np.int64)
    for at in range(len(codes)):
        own = of_part == at
        whole[own] = round_to_totals(exact[own][None, :], totals[[at]])[0]
    return whole
