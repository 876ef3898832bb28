"""The page on lægevalg: who can choose between two open practices, and how near is the loss."""

import pandas as pd
import streamlit as st

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.exports import OUTPUT_NAMES
from coverage.levels import KOMMUNE_LEVEL
from coverage.ui.data_line import show_data_line
from coverage.ui.downloads import show_downloads
from coverage.ui.laegevalg.area_table import show_area_table, worst_first
from coverage.ui.laegevalg.candidate_panel import show_candidate_panel
from coverage.ui.laegevalg.figures import area_row, level_part, show_figures
from coverage.ui.laegevalg.map_panel import show_map
from coverage.ui.laegevalg.question import show_question
from coverage.ui.loading import kept_areas, places_of, with_candidates
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.session import change_state, current_state
from coverage.ui.state import AppState, choose_area, choose_level
from coverage.wording import say

_TABLE_SHARE = 0.55


def show_laegevalg() -> None:
    """Show the page, once the study is ready."""
    _show_study(wait_for_study(current_state()))


@st.fragment
def _show_study(study: ReadyStudy) -> None:
    """Show all that candidates change: a click on the map runs this alone again."""
    state = current_state()
    baseline = study.result.assessment
    assessment = with_candidates(study.key, places_of(state.candidates))
    summary, before = (
        level_part(kept_areas(study.key, places), state.area_level)
        for places in (places_of(state.candidates), ())
    )
    now = area_row(summary, state.selected_area)
    changed = bool(state.candidates)
    question, menu = st.columns([5, 1], vertical_alignment="center")
    with question:
        show_question(now, assessment.rules.choice, state)
    with menu:
        show_downloads(study, state, OUTPUT_NAMES)
    earlier = area_row(before, state.selected_area)
    show_figures(now, earlier, assessment.rules, state.language, changed=changed)
    chart, side = st.columns([1.85, 1])
    with chart:
        show_map(study.key, state)
    with side:
        table = worst_first(summary, before)
        _show_area_choice(table, assessment, state)
        height_px = int(state.map_height_px * _TABLE_SHARE)
        show_area_table(table, state.language, height_px, changed=changed)
        show_candidate_panel(study.key, baseline)
    show_data_line(study.result, state.language)


def _show_area_choice(table: pd.DataFrame, assessment: Assessment, state: AppState) -> None:
    """Offer the levels, if there are more than one, and the areas of the chosen level."""
    language, levels = state.language, list(assessment.by_area)
    if len(levels) > 1:
        kommune = say("app.area.kommune", language)
        level_key = f"level-{language}"
        st.selectbox(
            say("app.area.level", language),
            levels,
            index=levels.index(state.area_level),
            format_func=lambda name: kommune if name == KOMMUNE_LEVEL else name,
            key=level_key,
            on_change=lambda: change_state(choose_level, st.session_state[level_key]),
        )
    names = dict(zip(table["area_id"], table["area"], strict=True))
    names[ALL_AREAS] = say("app.area.all", language)
    options = [ALL_AREAS, *sorted(table["area_id"], key=lambda area: names[area])]
    area_key = f"area-{language}-{state.area_level}"
    st.selectbox(
        say("app.area.label", language),
        options,
        index=options.index(state.selected_area),
        format_func=lambda area: names[area],
        key=area_key,
        label_visibility="collapsed",
        on_change=lambda: change_state(choose_area, st.session_state[area_key]),
    )
