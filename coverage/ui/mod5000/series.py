"""One area's figure by year: the expected path, what the runs of chance span, and the target."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from coverage.choice import ALL_AREAS
from coverage.pathway.monte_carlo import Bands
from coverage.pathway.pathway import Pathway

BANDS = ("p10", "p50", "p90")


@dataclass(frozen=True)
class YearSeries:
    """A figure of an area by year, each shape (years,); missing is NaN.

    Attributes
    ----------
    years
        Today's first.
    expected
        The expected path.
    low, middle, high
        A tenth, half and nine tenths of the runs lie at or below; None without runs.
    target
        What is to be reached; None for a figure that has no target.
    """

    years: tuple[int, ...]
    expected: tuple[float, ...]
    low: tuple[float, ...] | None = None
    middle: tuple[float, ...] | None = None
    high: tuple[float, ...] | None = None
    target: tuple[float, ...] | None = None


def area_years(pathway: Pathway, level: str, area_id: str) -> pd.DataFrame:
    """Return an area's rows of ``Pathway.by_area`` by year, and who has no choice.

    An area that the level does not have gives the row of all.
    """
    own = pathway.by_area[pathway.by_area["area_level"] == level]
    known = area_id if (own["area_id"] == area_id).any() else ALL_AREAS
    rows = own[own["area_id"] == known].sort_values("year", ignore_index=True)
    return rows.assign(persons_without_choice=persons_without_choice(rows))


def persons_without_choice(rows: pd.DataFrame) -> "pd.Series[float]":
    """Return the residents of rows of ``Pathway.by_area`` who cannot choose."""
    # Sums in another order differ by less than anybody sees.
    return (rows["residents"] - rows["persons_with_choice"]).clip(lower=0.0)


def band_years(bands: Bands, measure: str, level: str, area_id: str) -> pd.DataFrame:
    """Return an area's rows of ``Bands.table`` of one measure, by year."""
    table = bands.table
    own = table[
        (table["measure"] == measure)
        & (table["area_level"] == level)
        & (table["area_id"] == area_id)
    ]
    return own.sort_values("year", ignore_index=True)


def year_series(
    pathway: Pathway, bands: Bands | None, measure: str, level: str, area_id: str
) -> YearSeries:
    """Return a figure of the chart (``CHART_FIGURES``) of an area.

    The target of capacities is the straight line from today to the region's target; of
    an area its part of the target, which moves with what is shared out by.
    """
    rows = area_years(pathway, level, area_id)
    column = {"capacities": "capacities_end"}.get(measure, measure)
    known_area = str(rows["area_id"].iloc[0])
    series = YearSeries(tuple(rows["year"]), _floats(rows[column]))
    target = None
    if measure == "capacities":
        line = pathway.by_year["path_capacities"]
        target = _floats(line if known_area == ALL_AREAS else rows["target_capacities"])
    if bands is None:
        return YearSeries(series.years, series.expected, target=target)
    spans = band_years(bands, measure, level, known_area)
    low, middle, high = (_floats(spans[band]) for band in BANDS)
    return YearSeries(series.years, series.expected, low, middle, high, target)


def _floats(column: "pd.Series[float]") -> tuple[float, ...]:
    return tuple(float(value) for value in np.asarray(column, dtype=np.float64))
