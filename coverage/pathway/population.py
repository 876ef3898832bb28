"""Residents and their need in every year, by kommune.

The projection's persons where it has the kommune and the year; between two of its years
on the straight line; before the first and after the last of them as in that year. A
kommune that the projection lacks keeps today's residents.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.need import NO_KNOWN_NEED, known_need, persons_of_year
from coverage.plan_tables import PlanTables

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Population:
    """Residents by year and kommune, both in the order asked.

    Attributes
    ----------
    persons
        Shape (years, kommuner).
    later_persons
        Shape (years, kommuner): as many years on as the trend of designation looks;
        missing beyond the projection's years, and for a kommune that it lacks.
    need_weight
        Shape (years, kommuner): 1 where nobody knows better.
    constant
        Kommuner that keep today's residents.
    filled
        Kommuner of which the projection lacks some of the years.
    """

    persons: Floats
    later_persons: Floats
    need_weight: Floats
    constant: tuple[str, ...]
    filled: tuple[str, ...]


def project_population(
    plan: PlanTables,
    residents: "pd.Series[float]",
    years: Sequence[int],
    trend_years: int,
) -> Population:
    """Return the population of the study's kommuner.

    Parameters
    ----------
    residents
        Kommune code -> persons of today; its order is that of the answer.
    years
        The year of today, then the coming ones.
    trend_years
        Rule ``designation.trend_years``.
    """
    codes = list(residents.index)
    known = _projected(plan, codes)
    persons: Floats = np.tile(residents.to_numpy(np.float64), (len(years), 1))
    later = np.full(persons.shape, np.nan)
    constant, filled = [], []
    for column, code in enumerate(codes):
        own = known[code].dropna() if code in known else pd.Series(dtype="float64")
        if not len(own):
            constant.append(code)
            continue
        at, values = own.index.to_numpy(np.float64), own.to_numpy(np.float64)
        persons[:, column] = np.interp(years, at, values)
        ahead = np.asarray(years, dtype=np.float64) + trend_years
        later[:, column] = np.interp(ahead, at, values, left=np.nan, right=np.nan)
        outside = np.asarray(years) < at[0]
        later[outside, column] = np.nan
        if not set(years) <= set(own.index):
            filled.append(code)
    return Population(persons, later, _need(plan, codes, years), tuple(constant), tuple(filled))


def _projected(plan: PlanTables, codes: Sequence[str]) -> pd.DataFrame:
    """Return the projection's persons, one row a year of it, one column a kommune."""
    years = sorted(int(year) for year in plan.projection["year"].unique())
    rows = {year: persons_of_year(plan, year).reindex(list(codes)) for year in years}
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(codes), dtype="float64")


def _need(plan: PlanTables, codes: Sequence[str], years: Sequence[int]) -> Floats:
    """Return the need weights of each year; where a year has none, those of the first year."""
    first = known_need(plan, codes, years[0])
    rows = [known_need(plan, codes, year).fillna(first) for year in years]
    table = np.array([row.fillna(NO_KNOWN_NEED).to_numpy(np.float64) for row in rows])
    return table.reshape(len(years), len(codes))
