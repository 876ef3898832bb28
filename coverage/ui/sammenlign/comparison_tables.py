"""The tables of a comparison, on the page."""

from collections.abc import Sequence

import streamlit as st

from coverage.assessment import Assessment
from coverage.comparison import Comparison
from coverage.ui.area_choice import known_area
from coverage.ui.grouped_table import GroupedColumn, show_grouped_table
from coverage.ui.sammenlign.choosing import show_figure_choice
from coverage.ui.sammenlign.tables import (
    area_columns,
    figure_columns,
    losing_columns,
    pair_columns,
    signal_columns,
    skal_columns,
)
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import Language, say

_AREAS_PX, _SMALL_PX = 430, 320
# The choice above the map has a line of its own.
_HEAD_PX = 68


def show_side_by_side(comparison: Comparison, state: AppState, height_px: int) -> None:
    """Show every figure of the chosen area, the scenarios side by side."""
    areas = comparison.by_area[comparison.by_area["area_level"] == state.area_level]
    area_id = known_area(areas["area_id"], state)
    columns = figure_columns(comparison, state.area_level, area_id, state.language)
    # Other scenarios are other columns: a table keeps the widths of the old ones otherwise.
    name = f"sammenlign-figures-{len(columns)}"
    show_grouped_table(columns, name, state.language, height_px + _HEAD_PX)


def show_comparison_tables(comparison: Comparison, assessment: Assessment, state: AppState) -> None:
    """Show the areas by one figure, and what appears, goes, breaks and loses."""
    language = state.language
    kommuner = assessment.tables.kommuner
    names = dict(zip(kommuner["kommune_code"], kommuner["name"], strict=True))
    areas, losing = st.columns([1.3, 1])
    with areas:
        show_figure_choice(state)
        columns = area_columns(comparison, state.area_level, state.comparison.figure, language)
        name = f"sammenlign-areas-{len(columns)}"
        show_grouped_table(columns, name, language, _AREAS_PX)
    with losing:
        _show("losing", losing_columns(comparison, names, language), _AREAS_PX, language)
    signals, skal, pairs = st.columns([1, 1, 1.25])
    with signals:
        level_signals = signal_columns(comparison, state.area_level, language)
        _show("signals", level_signals, _SMALL_PX, language)
    with skal:
        _show("skal", skal_columns(comparison, language), _SMALL_PX, language)
    with pairs:
        _show("pairs", pair_columns(comparison, language), _SMALL_PX, language)


def _show(name: str, columns: Sequence[GroupedColumn], height_px: int, language: Language) -> None:
    """Show a table with its heading, or that there is nothing to show."""
    show_plain(say(f"app.sammenlign.heading.{name}", language), "app-heading")
    if not len(columns[0].values):
        show_plain(say(f"app.sammenlign.none.{name}", language), "app-question")
        return
    show_grouped_table(columns, f"sammenlign-{name}", language, height_px)
