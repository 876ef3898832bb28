"""How much a resident needs a doctor, and how many residents there will be.

A need weight is a factor per resident: 1 is the study's average, and 1 where
nobody knows better. It comes from the study's own list by kommune, or from
weights by age and the projection's persons by age.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.levels import AreaLevel
from coverage.plan_tables import PlanTables

Floats = npt.NDArray[np.float64]

NO_KNOWN_NEED = 1.0
_PCT = 100.0


def need_by_kommune(
    plan: PlanTables, kommune_codes: Sequence[str], year: int
) -> "pd.Series[float]":
    """Return the need weight of each kommune: the known one, else 1.

    Index and parameters as in ``known_need``.
    """
    return known_need(plan, kommune_codes, year).fillna(NO_KNOWN_NEED)


def known_need(plan: PlanTables, kommune_codes: Sequence[str], year: int) -> "pd.Series[float]":
    """Return the need weight of each kommune, missing where the plan's weights say nothing of it.

    The list by kommune goes first, as it stands. Else the mean of the weights
    by age over the kommune's persons of that year, divided by the same mean
    over all the study's persons, so that these have the mean 1.

    Parameters
    ----------
    kommune_codes
        The study's kommuner.
    year
        Of the projection.

    Returns
    -------
    pandas.Series
        Index: the codes, in the order given.
    """
    codes = pd.Index(list(kommune_codes), dtype="str", name="kommune_code")
    if len(plan.need_by_kommune):
        weights = plan.need_by_kommune.set_index("kommune_code")["weight"].reindex(codes)
    elif len(plan.need_by_age):
        weights = _weights_from_ages(plan, codes, year)
    else:
        weights = pd.Series(np.nan, index=codes)
    return weights.astype("float64").rename("need_weight")


def _weights_from_ages(plan: PlanTables, codes: "pd.Index[str]", year: int) -> "pd.Series[float]":
    """Return the normalised weights; missing where the projection has no ages of that year."""
    rows = plan.projection
    rows = rows[(rows["year"] == year) & rows["kommune_code"].isin(codes)]
    weight = _weight_of_ages(rows, plan.need_by_age)
    # A row of all ages, or of an age without a weight, says nothing: it is in no mean.
    rows, weight = rows[~np.isnan(weight)], weight[~np.isnan(weight)]
    table = pd.DataFrame(
        {
            "kommune_code": rows["kommune_code"],
            "persons": rows["persons"],
            "need": rows["persons"] * weight,
        }
    )
    sums = table.groupby("kommune_code")[["persons", "need"]].sum()
    sums = sums[sums["persons"] > 0]
    mean = sums["need"].sum() / sums["persons"].sum() if len(sums) else np.nan
    return (sums["need"] / sums["persons"] / mean).reindex(codes)


def _weight_of_ages(rows: pd.DataFrame, by_age: pd.DataFrame) -> Floats:
    """Return the mean weight of each row's years of age, shape (rows,).

    NaN where none of them has a weight, and for a row of all ages. A row that is open
    upwards has the weight of its first year of age.
    """
    groups = by_age.sort_values("age_from")
    starts = groups["age_from"].to_numpy(np.float64)
    next_start = np.append(starts[1:], np.inf)
    given = groups["age_to"].to_numpy(np.float64)
    ends = np.where(np.isnan(given), next_start - 1.0, given)
    weights = groups["weight"].to_numpy(np.float64)
    low = rows["age_from"].to_numpy(np.float64)
    high = rows["age_to"].to_numpy(np.float64)
    high = np.where(np.isnan(high), low, high)
    shared_years = (
        np.minimum(high[:, None], ends[None, :]) - np.maximum(low[:, None], starts[None, :]) + 1.0
    )
    shared_years = np.clip(shared_years, 0.0, None)
    total = shared_years.sum(axis=1)
    mean = np.full(len(rows), np.nan)
    np.divide(shared_years @ weights, total, out=mean, where=total > 0)
    return mean


def project_areas(
    plan: PlanTables, level: AreaLevel, origins: pd.DataFrame, from_year: int, to_year: int
) -> pd.DataFrame:
    """Return each area's persons in two years of the projection, and their growth.

    A kommune's persons are shared among the areas as its residents are today, so
    that every level has the same total. Missing where the projection lacks a
    kommune of the area or the year, and where nobody lives.

    Parameters
    ----------
    level
        Its ``of_origin`` is in the order of the origins.
    origins
        Table ORIGINS.

    Returns
    -------
    DataFrame
        One row an area of the level's shapes, by id, then ``all``: ``area_id,
        projected_from_persons, projected_to_persons, population_growth_pct``.
    """
    residents = pd.DataFrame(
        {
            "area_id": level.of_origin.to_numpy(),
            "kommune_code": origins["kommune_code"].to_numpy(),
            "persons": origins["persons"].to_numpy(np.float64),
        }
    )
    lived_in = residents[residents["persons"] > 0]
    parts = lived_in.groupby(["area_id", "kommune_code"], as_index=False)["persons"].sum()
    in_kommune = parts.groupby("kommune_code")["persons"].transform("sum")
    parts["share"] = parts["persons"] / in_kommune
    table = pd.DataFrame({"area_id": [*sorted(level.shapes["area_id"]), ALL_AREAS]}, dtype="str")
    for name, year in (("from", from_year), ("to", to_year)):
        of_kommune = parts["kommune_code"].map(persons_of_year(plan, year)).astype("float64")
        persons = parts["share"] * of_kommune
        by_area = persons.groupby(parts["area_id"]).agg(_sum_of_all)
        by_area.loc[ALL_AREAS] = _sum_of_all(persons)
        table[f"projected_{name}_persons"] = table["area_id"].map(by_area).astype("float64")
    before, after = table["projected_from_persons"], table["projected_to_persons"]
    table["population_growth_pct"] = (after / before.where(before > 0) - 1.0) * _PCT
    return table


def _sum_of_all(persons: "pd.Series[float]") -> float:
    """Return the sum, missing where one of them is: a part is not the whole."""
    return float(persons.sum(skipna=False)) if len(persons) else float("nan")


def persons_of_year(plan: PlanTables, year: int) -> "pd.Series[float]":
    """Return a year's projected persons by kommune: the row of all ages, else the sum of the ages.

    Kommuner that the projection lacks in that year are not in the index.
    """
    rows = plan.projection[plan.projection["year"] == year]
    is_total = rows["age_from"].isna()
    of_all_ages = rows[is_total].groupby("kommune_code")["persons"].sum()
    of_ages = rows[~is_total].groupby("kommune_code")["persons"].sum()
    return of_all_ages.combine_first(of_ages)
