"""The page on lægevalg: who can choose between two open practices, and how near is the loss."""

import streamlit as st

from coverage.exports import OUTPUT_NAMES
from coverage.ui.area_choice import known_area, show_area_choice, show_level_choice
from coverage.ui.data_line import show_data_line
from coverage.ui.downloads import show_downloads
from coverage.ui.laegevalg.area_table import show_area_table, worst_first
from coverage.ui.laegevalg.candidate_panel import show_candidate_panel
from coverage.ui.laegevalg.figures import area_row, level_part, show_figures
from coverage.ui.laegevalg.map_panel import show_map
from coverage.ui.laegevalg.question import show_question
from coverage.ui.loading import kept_areas, places_of, with_candidates
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.session import current_state

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
    area_id = known_area(summary["area_id"], state)
    now = area_row(summary, area_id)
    changed = bool(state.candidates)
    question, menu = st.columns([5, 1], vertical_alignment="center")
    with question:
        show_question(now, assessment.rules.choice, state)
    with menu:
        show_downloads(study, state, OUTPUT_NAMES)
    earlier = area_row(before, area_id)
    show_figures(now, earlier, assessment.rules, state.language, changed=changed)
    chart, side = st.columns([1.85, 1])
    with chart:
        show_map(study.key, state)
    with side:
        table = worst_first(summary, before)
        show_level_choice(assessment, state)
        show_area_choice(dict(zip(table["area_id"], table["area"], strict=True)), state)
        height_px = int(state.map_height_px * _TABLE_SHARE)
        show_area_table(table, state.language, height_px, changed=changed)
        show_candidate_panel(study.key, baseline)
    show_data_line(study.result, state.language)
