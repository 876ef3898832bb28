"""The tables of a path, as the CSV files, the workbook and the app show them."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from coverage.exports.annex_words import said_columns
from coverage.exports.pathway_bands import bands_table, chances_table
from coverage.exports.pathway_persons import PERSON_COLUMNS, whole_persons_of_path
from coverage.exports.pathway_region import answer_table, rules_table, tasks_table, year_table
from coverage.exports.pathway_words import WHICH_AREA, column_of, withhold, worded_table
from coverage.exports.planned_path import HeldRows, PlannedPath
from coverage.exports.said_table import SaidTable
from coverage.levels import KOMMUNE_LEVEL
from coverage.pathway.tables import AGE_COLUMNS, CLOSING_COLUMNS
from coverage.wording import Language

Bools = npt.NDArray[np.bool_]

# Lists are distinct numbers: the patients of a practice that closes would name it.
_NAMING = "displaced_persons"
_SHORTAGE = "capacities_opened_to_shortage"
_SUMS = tuple(name for name in AGE_COLUMNS if name not in CLOSING_COLUMNS)
AREA_COLUMNS = (
    *("year", *WHICH_AREA, "capacities_start", "capacities_retired", "capacities_taken_over"),
    *("capacities_lapsed", "capacities_opened", "capacities_opened_to_shortage"),
    *("capacities_end", "doctors", "practices", "residents", "need_weighted_residents"),
    *("listed_persons", "residents_per_capacity", "patients_per_capacity"),
    *("short_of_need_capacities", "target_capacities", "short_of_target_capacities"),
    *("persons_with_choice", "choice_pct", "signal"),
)
# Before the total a column each coming year.
GIVEN_COLUMNS = (*WHICH_AREA, "total", "capacities_opened_to_shortage")
SHORT_COLUMNS = (
    *(*WHICH_AREA, "capacities_end", "target_capacities", "short_of_target_capacities"),
    *("short_of_need_capacities", "residents_per_capacity", "patients_per_capacity"),
    *("choice_pct", "signal"),
)
SITE_COLUMNS = (
    *("year", "site_id", "kommune_code", "kommune_name", "x_m", "y_m"),
    *("beside", "beside_name"),
)


@dataclass(frozen=True)
class PathwayTables:
    """Everything that a path shows, in words.

    Attributes
    ----------
    answer
        The region from today to the target, a row a figure.
    by_year, by_area
        ``Pathway.by_year`` and ``by_area``.
    given
        A row an area: what it gets in each year, and in all.
    short
        The last year, a row an area, those that lack most to the target first.
    bands
        A row a figure, year and area; probabilities among the figures.
    chances
        A row a year and area: the probabilities side by side.
    tasks, sites, rules
        Transferred tasks in doctors; places of new practices; the rules that decide.
    areas_left_out
        Areas (kommuner, and those of other levels) of which nothing of coming years is told.
    closing_left_out
        Others of which the choice and the practices of coming years are not told.
    """

    answer: SaidTable
    by_year: SaidTable
    by_area: SaidTable
    given: SaidTable
    short: SaidTable
    bands: SaidTable
    chances: SaidTable
    tasks: SaidTable
    sites: SaidTable
    rules: SaidTable
    areas_left_out: int
    closing_left_out: int


def pathway_tables(
    planned: PlannedPath, language: Language = "da", *, publish: bool = True
) -> PathwayTables:
    """Return the tables of a path.

    Parameters
    ----------
    publish
        Withhold what would tell the ages of few doctors, as every file does. Without it the
        tables show all, for whoever has the register before them.
    """
    figures = _figures(planned)
    held = planned.held_rows(figures, publish=publish)
    return PathwayTables(
        answer=answer_table(planned, language, publish=publish),
        by_year=year_table(planned, figures, held, language, publish=publish),
        by_area=_by_area(figures, held, language, publish=publish),
        given=_given(planned, figures, held, language),
        short=_short(planned, figures, held, language),
        bands=bands_table(planned, language, publish=publish),
        chances=chances_table(planned, language, publish=publish),
        tasks=tasks_table(planned, language),
        sites=_sites(planned, language, publish=publish),
        rules=rules_table(planned, language),
        areas_left_out=_areas(figures, held.areas),
        closing_left_out=_areas(figures, held.closing & ~held.areas),
    )


def _figures(planned: PlannedPath) -> pd.DataFrame:
    """Return ``Pathway.by_area`` with whole persons, rounded as it is shown, without "-0"."""
    table = planned.pathway.by_area.copy()
    whole = whole_persons_of_path(planned.pathway)
    for name in PERSON_COLUMNS:
        table[name] = whole[name].to_numpy()
    decimals = {"choice_pct": 1, "residents_per_capacity": 0, "patients_per_capacity": 0}
    for column in table.select_dtypes("float"):
        table[column] = table[column].round(decimals.get(str(column), 2)) + 0.0
    return table


def _areas(figures: pd.DataFrame, held: Bools) -> int:
    """Return how many areas have a row that is withheld."""
    own = figures[held & figures["signal"].notna().to_numpy()]
    return len(own.drop_duplicates(["area_level", "area_id"]))


def _told(table: pd.DataFrame, held: HeldRows, language: Language) -> pd.DataFrame:
    """Return figures by area in words, as they are told."""
    shown = withhold(said_columns(table, language), _SUMS, held.areas, language)
    return withhold(shown, CLOSING_COLUMNS, held.closing, language)


def _by_area(
    figures: pd.DataFrame, held: HeldRows, language: Language, *, publish: bool
) -> SaidTable:
    names = AREA_COLUMNS if publish else (*AREA_COLUMNS, _NAMING)
    return worded_table("by_area", _told(figures, held, language), names, language)


def _given(
    planned: PlannedPath, figures: pd.DataFrame, held: HeldRows, language: Language
) -> SaidTable:
    """Return a row an area, a column each coming year, and what it gets in all."""
    years = planned.pathway.model.years[1:]
    rows = figures[figures["year"] == planned.first_year][list(WHICH_AREA)].reset_index(drop=True)
    columns = {name: column_of(name, language) for name in WHICH_AREA}
    opened, hidden = _by_year_of_area(figures, "capacities_opened", held.areas, len(rows))
    shortage, _ = _by_year_of_area(figures, _SHORTAGE, held.areas, len(rows))
    table = said_columns(rows, language)
    for at, year in enumerate(years, start=1):
        table[f"year_{year}"] = opened[at]
        columns[f"year_{year}"] = column_of("capacities_opened", language, str(year))
    table["total"] = opened[1:].sum(axis=0)
    table[_SHORTAGE] = shortage[1:].sum(axis=0)
    for name in ("total", _SHORTAGE):
        columns[name] = column_of(name, language)
    own = [name for name in columns if name not in WHICH_AREA]
    shown = withhold(table, own, hidden, language)
    return SaidTable("given", columns, shown[list(columns)])


def _by_year_of_area(
    figures: pd.DataFrame, name: str, held: Bools, rows: int
) -> tuple[npt.NDArray[np.float64], Bools]:
    """Return a column as (years, rows), and which rows are withheld in any year."""
    values = figures[name].to_numpy(np.float64).reshape(-1, rows)
    hidden: Bools = held.reshape(-1, rows).sum(axis=0) > 0
    return values, hidden


def _short(
    planned: PlannedPath, figures: pd.DataFrame, held: HeldRows, language: Language
) -> SaidTable:
    """Return the last year's areas: of each level worst first, those withheld after the others."""
    last = (figures["year"] == planned.pathway.model.years[-1]).to_numpy(dtype=np.bool_)
    own = last & figures["signal"].notna().to_numpy()
    table = figures[own].assign(_held=held.areas[own], _closing=held.closing[own])
    # The order must not tell what is withheld.
    table["_short"] = table["short_of_target_capacities"].mask(table["_held"], 0.0)
    order = {level: at for at, level in enumerate(table["area_level"].unique())}
    table["_level"] = table["area_level"].map(order)
    keys = ["_level", "_held", "_short"]
    table = table.sort_values(keys, ascending=[True, True, False], kind="stable")
    hidden = HeldRows(*(table[name].to_numpy(dtype=np.bool_) for name in ("_held", "_closing")))
    signals = (table["signal"] == "signal").to_numpy(dtype=np.bool_)
    marked = tuple(bool(mark) for mark in signals & ~hidden.areas)
    shown = _told(table, hidden, language)
    return worded_table("short", shown, SHORT_COLUMNS, language, marked=marked)


def _sites(planned: PlannedPath, language: Language, *, publish: bool) -> SaidTable:
    """Return the places of new practices in kommuner that are told."""
    assessment, sites = planned.assessment, planned.pathway.sites
    kommuner = sites.assign(area_level=KOMMUNE_LEVEL, area_id=sites["kommune_code"])
    told = ~planned.held_rows(kommuner, publish=publish).areas
    names = assessment.tables.kommuner.set_index("kommune_code")["name"]
    practices = assessment.tables.practices.set_index("ydernummer")["name"]
    own = sites[told].reset_index(drop=True)
    table = own.assign(
        kommune_name=own["kommune_code"].map(names),
        beside=own["same_reach_as"],
        beside_name=own["same_reach_as"].map(practices),
    )
    return worded_table("sites", table, SITE_COLUMNS, language)
