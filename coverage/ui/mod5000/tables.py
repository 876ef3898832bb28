"""The tables of the page, as columns in words: areas, one area's years, all years, tasks."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd

from coverage.pathway.monte_carlo import Bands
from coverage.pathway.pathway import Pathway
from coverage.pathway.tasks import Tasks
from coverage.ui.formats import MISSING, format_number, format_percent, format_persons
from coverage.ui.grouped_table import GroupedColumn
from coverage.ui.mod5000.amounts import capacities_text, chance_text, measure_text
from coverage.ui.mod5000.area_rows import CHANCES, FLOWS
from coverage.ui.mod5000.series import BANDS, area_years, band_years
from coverage.ui.state import AppState
from coverage.ui.truede.criterion_text import signed_percent
from coverage.wording import Language, say

Text = Callable[[Any], str]

_NAME_PX, _NUMBER_PX, _WIDE_PX, _YEAR_PX = 150, 78, 100, 62
# Group of headings, column of ``area_rows.level_year``, how it is written.
_AREA_COLUMNS = (
    ("gets", "start_capacities", "capacities"),
    ("gets", "opened_so_far_capacities", "capacities"),
    ("gets", "lapsed_so_far_capacities", "capacities"),
    ("gets", "capacities_end", "capacities"),
    ("short", "target_capacities", "capacities"),
    ("short", "short_of_target_capacities", "capacities"),
    ("short", "short_of_target_pct", "percent"),
    ("short", "short_of_need_capacities", "capacities"),
    ("people", "residents_per_capacity", "whole"),
    ("people", "choice_pct", "percent"),
    ("chance", "signal_probability", "chance"),
    ("chance", "choice_lost_probability", "chance"),
)
_YEAR_COLUMNS = (
    ("year", "capacities_retired", "capacities"),
    ("year", "capacities_taken_over", "capacities"),
    ("year", "capacities_lapsed", "capacities"),
    ("year", "capacities_opened", "capacities"),
    ("year", "capacities_opened_to_shortage", "capacities"),
    ("year", "capacities_end", "capacities"),
)
_YEAR_ENDS = (
    ("short", "target_capacities", "capacities"),
    ("short", "short_of_target_capacities", "capacities"),
    ("short", "short_of_need_capacities", "capacities"),
    ("people", "residents", "persons"),
    ("people", "residents_per_capacity", "whole"),
    ("people", "persons_without_choice", "persons"),
)
_FLOW_COLUMNS = tuple(f"capacities_{name}" for name in (*FLOWS, "taken_over", "opened_to_shortage"))


def writers(language: Language) -> Mapping[str, Text]:
    """Return what writes a number of each kind; a missing one is a dash."""
    return {
        "capacities": partial(capacities_text, language=language),
        "percent": partial(format_percent, language=language),
        "whole": partial(format_number, language=language),
        "persons": partial(format_persons, language=language),
        "chance": partial(chance_text, language=language),
    }


def standing_columns(areas: pd.DataFrame, chosen: str, language: Language) -> list[GroupedColumn]:
    """Return the areas of ``area_rows.worst_first``; the chosen one stands out."""
    marked = tuple(areas.index[areas["area_id"] == chosen])
    names = GroupedColumn("", _heading("area", language), areas["area"], _NAME_PX, marked=marked)
    signals = [
        MISSING if pd.isna(signal) else say(f"app.truede.short.{signal}", language)
        for signal in areas["signal"]
    ]
    signal = GroupedColumn(_group("chance", language), _heading("signal", language), signals, 74)
    columns = _numbers(areas, _AREA_COLUMNS, language)
    return [names, *columns[: -len(CHANCES)], signal, *columns[-len(CHANCES) :]]


def area_year_columns(
    pathway: Pathway, bands: Bands | None, state: AppState, year: int
) -> list[GroupedColumn]:
    """Return the chosen area's years; the chosen one stands out.

    What the runs span is that of the figure that the chart shows.
    """
    level, area_id, language = state.area_level, state.selected_area, state.language
    rows = area_years(pathway, level, area_id)
    known = str(rows["area_id"].iloc[0])
    # Today's year has no flows: none is not the same as no event.
    today = rows["year"] == rows["year"].iloc[0]
    for column in _FLOW_COLUMNS:
        rows[column] = rows[column].mask(today)
    years = GroupedColumn(
        "",
        _heading("year", language),
        [str(one) for one in rows["year"]],
        _YEAR_PX,
        marked=tuple(rows.index[rows["year"] == year]),
    )
    columns = [years, *_numbers(rows, _YEAR_COLUMNS, language)]
    if bands is not None:
        columns += _spans(bands, state.pathway.chart, level, known, language)
    columns += _numbers(rows, _YEAR_ENDS, language)
    if bands is not None:
        columns += _chances(bands, level, known, language)
    return columns


def _spans(
    bands: Bands, measure: str, level: str, area_id: str, language: Language
) -> list[GroupedColumn]:
    figure = say(f"app.mod5000.choose.chart_{measure}", language)
    group = say("app.mod5000.group.span", language, figure=figure)
    spans = band_years(bands, measure, level, area_id)
    text = partial(measure_text, measure, language=language)
    return [
        GroupedColumn(group, _heading(band, language), spans[band], _NUMBER_PX, text)
        for band in BANDS
    ]


def _chances(bands: Bands, level: str, area_id: str, language: Language) -> list[GroupedColumn]:
    table = bands.probabilities
    own = table[(table["area_level"] == level) & (table["area_id"] == area_id)]
    kinds = (
        ("chance", "signal_probability", "chance"),
        ("chance", "choice_lost_probability", "chance"),
    )
    # The row of all has none.
    return _numbers(own.sort_values("year"), kinds, language) if len(own) else []


def all_year_columns(
    wide: pd.DataFrame, figure: str, chosen: str, year: int, language: Language
) -> list[GroupedColumn]:
    """Return the areas by year (``area_rows.year_by_year`` of the figure)."""
    group = say(f"app.mod5000.choose.years_{figure}", language)
    marked = tuple(wide.index[wide["area_id"] == chosen])
    text = writers(language)["capacities"]
    columns = [GroupedColumn("", _heading("area", language), wide["area"], _NAME_PX, marked=marked)]
    for name in wide.columns[2:]:
        heading = _heading("total", language) if name == "total" else str(name)
        own = tuple(wide.index) if str(name) == str(year) else ()
        columns.append(GroupedColumn(group, heading, wide[name], _NUMBER_PX, text, marked=own))
    return columns


def task_columns(tasks: Tasks, language: Language) -> list[GroupedColumn]:
    """Return each task today and in the last year, and all of them below."""
    first, last = tasks.table["year"].min(), tasks.table["year"].max()
    today = tasks.table[tasks.table["year"] == first].set_index("task")
    then = tasks.table[tasks.table["year"] == last].set_index("task")
    names = [*today.index, say("app.mod5000.task.all", language)]
    write = writers(language)
    now, coming = str(first), str(last)
    grown = [*then["growth_pct"], _growth(today["consultations"], then["consultations"])]
    columns = [GroupedColumn("", _heading("task", language), names, 300)]
    columns += [
        GroupedColumn(
            say(f"app.mod5000.task.{column}", language),
            heading,
            [*table[column], table[column].sum()],
            _WIDE_PX,
            write[kind],
        )
        for column, kind in (("consultations", "whole"), ("doctors", "capacities"))
        for heading, table in ((now, today), (coming, then))
    ]
    growth = GroupedColumn(
        say("app.mod5000.task.growth", language),
        f"{now}–{coming}",
        grown,
        _WIDE_PX,
        partial(signed_percent, language=language),
    )
    return [*columns[:3], growth, *columns[3:]]


def _growth(now: "pd.Series[float]", then: "pd.Series[float]") -> float:
    return float((then.sum() / now.sum() - 1.0) * 100.0) if now.sum() > 0 else float("nan")


def _numbers(
    table: pd.DataFrame, columns: Sequence[tuple[str, str, str]], language: Language
) -> list[GroupedColumn]:
    write = writers(language)
    return [
        GroupedColumn(
            _group(group, language), _heading(name, language), table[name], _NUMBER_PX, write[kind]
        )
        for group, name, kind in columns
    ]


def _group(name: str, language: Language) -> str:
    return say(f"app.mod5000.group.{name}", language)


def _heading(name: str, language: Language) -> str:
    return say(f"app.mod5000.column.{name}", language)
