"""The parts of the page below its answer: chart and map, and the tables."""

from dataclasses import dataclass
from functools import partial

import pandas as pd
import streamlit as st

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.exports.area_words import area_label
from coverage.levels import RESERVED_AREA_IDS
from coverage.pathway.monte_carlo import Bands
from coverage.pathway.pathway import Pathway
from coverage.ui.formats import format_number
from coverage.ui.grouped_table import RowChoice, show_grouped_table
from coverage.ui.loading import StudyKey
from coverage.ui.map_legend import legend_strip
from coverage.ui.mod5000.area_map import MAP_COLUMNS, path_legend, path_theme
from coverage.ui.mod5000.area_rows import level_year, worst_first, year_by_year
from coverage.ui.mod5000.choosing import area_clicked, show_figure_choice
from coverage.ui.mod5000.series import area_years, year_series
from coverage.ui.mod5000.tables import all_year_columns, area_year_columns, standing_columns
from coverage.ui.mod5000.year_chart import show_year_chart, year_chart
from coverage.ui.pathway_view import shown_year
from coverage.ui.session import change_state
from coverage.ui.state import AppState, choose_area
from coverage.ui.style import show_plain
from coverage.ui.theme_map import show_theme_map
from coverage.wording import say

_CHART_SHARE = 0.74
_AREAS_PX, _YEARS_PX = 400, 460


@dataclass(frozen=True)
class Shown:
    """What the parts show: a path, what chance adds (if known), and the visitor's choices."""

    assessment: Assessment
    pathway: Pathway
    bands: Bands | None
    state: AppState

    @property
    def year(self) -> int:
        """The year."""
        return shown_year(self.state.pathway, self.pathway.model.years)

    @property
    def area(self) -> str:
        """The area's name in words."""
        rows = area_years(self.pathway, self.state.area_level, self.state.selected_area)
        row = rows.iloc[0]
        if row["area_id"] == ALL_AREAS:
            return say("app.area.all", self.state.language)
        return area_label(row.to_dict(), self.state.language)

    def level_areas(self) -> pd.DataFrame:
        """Return ``level_year`` of the chosen level and year."""
        return level_year(self.pathway, self.bands, self.state.area_level, self.year)


def show_chart_and_map(shown: Shown, key: StudyKey) -> None:
    """Show the years of the chosen area, and beside them every area of the chosen year."""
    state = shown.state
    view, height_px = state.pathway, int(state.map_height_px * _CHART_SHARE)
    chart, area_map = st.columns(2)
    with chart:
        show_figure_choice("chart", state)
        series = year_series(
            shown.pathway, shown.bands, view.chart, state.area_level, state.selected_area
        )
        drawn = year_chart(series, view.chart, shown.area, shown.year, state.language)
        show_year_chart(drawn, state.language, height_px)
        show_plain(say("app.mod5000.chart.hint", state.language), "app-small")
    with area_map:
        show_figure_choice("map", state)
        areas = shown.level_areas()
        theme = path_theme(areas, shown.pathway.sites, shown.year, state)
        show_theme_map(
            key,
            "mod5000",
            theme,
            state,
            lambda value: area_clicked(shown.assessment, value),
            height_px,
        )
        st.html(legend_strip(path_legend(areas, theme, view.map, state.language)))


def show_area_tables(shown: Shown) -> None:
    """Show where it falls short, the chosen area's years, and what every area gets by year."""
    state, language = shown.state, shown.state.language
    by = state.pathway.map
    areas = worst_first(shown.level_areas(), MAP_COLUMNS[by].column, language)
    heading = say(
        "app.mod5000.table.standing",
        language,
        year=str(shown.year),
        figure=say(f"app.mod5000.choose.map_{by}", language).lower(),
    )
    show_plain(heading, "app-heading")
    rows = areas.index[areas["area_id"] == state.selected_area]
    chosen = int(rows[0]) if len(rows) else None
    choice = RowChoice(chosen, partial(_choose_row, list(areas["area_id"])))
    columns = standing_columns(areas, state.selected_area, language)
    show_grouped_table(columns, "mod5000-standing", language, _AREAS_PX, choice)
    show_plain(say("app.mod5000.table.standing_hint", language), "app-small")
    heading = say("app.mod5000.table.one_area", language, area=shown.area)
    show_plain(heading, "app-heading")
    columns = area_year_columns(shown.pathway, shown.bands, state, shown.year)
    # Other columns are another table: the old one keeps its widths otherwise.
    show_grouped_table(columns, f"mod5000-years-{len(columns)}", language, _YEARS_PX)
    _show_all_years(shown)
    least = format_number(shown.assessment.rules.publication.min_doctors, language)
    show_plain(say("app.mod5000.table.internal", language, min_doctors=least), "app-small")


def _choose_row(area_ids: list[str], row: int | None) -> None:
    """Choose a row's area; what lies in none, and a row that is left, are all of them."""
    area_id = ALL_AREAS if row is None else area_ids[row]
    change_state(choose_area, ALL_AREAS if area_id in RESERVED_AREA_IDS else area_id)


def _show_all_years(shown: Shown) -> None:
    state, language = shown.state, shown.state.language
    show_plain(say("app.mod5000.table.all_years", language), "app-heading")
    show_figure_choice("years", state)
    figure = state.pathway.years
    wide = year_by_year(shown.pathway, state.area_level, figure, language)
    columns = all_year_columns(wide, figure, state.selected_area, shown.year, language)
    show_grouped_table(columns, f"mod5000-all-{len(columns)}", language, _YEARS_PX)
