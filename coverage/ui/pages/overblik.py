"""The page Overblik, on where the study stands."""

import streamlit as st

from coverage.levels import KOMMUNE_LEVEL
from coverage.study import StudyResult
from coverage.ui.data_line import show_data_line, show_moved_thresholds
from coverage.ui.downloads import show_annex_download
from coverage.ui.loading import judged_state, kept_annex, kept_areas, kept_designation
from coverage.ui.overblik.area_table import show_overview_table
from coverage.ui.overblik.figures import show_standing_figures, show_standing_question
from coverage.ui.overblik.overview import areas_worst_first, overview_level, take_stock
from coverage.ui.overblik.signal_map import signal_theme
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.session import change_state, current_state
from coverage.ui.state import AppState, choose_overview_level
from coverage.ui.style import show_plain
from coverage.ui.theme_map import show_theme_map
from coverage.wording import say

_TABLE_SHARE = 0.86


def show_overblik() -> None:
    """Show the page, once the study is ready."""
    _show_study(wait_for_study(current_state()))


@st.fragment
def _show_study(study: ReadyStudy) -> None:
    """Show all that another level changes."""
    state = current_state()
    language = state.language
    judged = judged_state(study.result.study)
    result = kept_designation(study.key, state.thresholds, judged)
    annex = kept_annex(study.key, state.thresholds, judged, language)
    areas = kept_areas(study.key, ())
    level = overview_level(result, state.overview_level)
    standing = take_stock(result, areas, annex, level)
    question, download = st.columns([4, 1], vertical_alignment="center")
    with question:
        show_standing_question(standing, language)
    with download:
        show_annex_download(study, state)
    _tell_what_was_changed(state)
    show_standing_figures(standing, result, language)
    table = areas_worst_first(result.assessment, areas, level, language)
    chart, side = st.columns([1.1, 1])
    with chart:
        theme = signal_theme(result.assessment, table, level, language)
        show_theme_map(study.key, "overblik", theme, state)
    with side:
        _show_level_choice(result, level, state)
        show_overview_table(table, language, int(state.map_height_px * _TABLE_SHARE))
        show_plain(say("app.overblik.table_note", language), "app-small")
    show_data_line(result, language)


def _tell_what_was_changed(state: AppState) -> None:
    """Say that the visitor's own thresholds apply, and that placed practices do not."""
    show_moved_thresholds(state)
    if state.candidates:
        show_plain(say("app.overblik.baseline", state.language), "app-banner")


def _show_level_choice(result: StudyResult, level: str, state: AppState) -> None:
    """Offer the levels, if there are more than one."""
    language = state.language
    levels = [one.name for one in result.assessment.levels]
    if len(levels) == 1:
        return
    kommune = say("app.area.kommune", language)
    level_key = f"overview-level-{language}"
    st.selectbox(
        say("app.area.level", language),
        levels,
        index=levels.index(level),
        format_func=lambda name: kommune if name == KOMMUNE_LEVEL else name,
        key=level_key,
        label_visibility="collapsed",
        on_change=lambda: change_state(choose_overview_level, st.session_state[level_key]),
    )
