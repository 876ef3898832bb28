"""The page on skal-areas: which places must keep a practice, and who loses if the last closes."""

from collections.abc import Mapping

import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.exports.annex_table import AnnexTable
from coverage.ui.data_line import show_data_line
from coverage.ui.downloads import show_annex_download
from coverage.ui.loading import judged_state, kept_annex, kept_base
from coverage.ui.problems import show_problem
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.session import current_state
from coverage.ui.skal.agreement_panel import show_agreement
from coverage.ui.skal.place_map import ground_names, kept_losses, skal_theme
from coverage.ui.skal.place_panel import choose_place, show_closing, show_place_details
from coverage.ui.skal.place_rows import filtered, partners, place_named, place_rows
from coverage.ui.skal.place_table import show_place_filter, show_place_table
from coverage.ui.skal.question import duty_counts, show_skal_figures, show_skal_question
from coverage.ui.style import show_plain
from coverage.ui.theme_map import show_theme_map
from coverage.wording import say

# The table makes room for what is told of a chosen place.
_TABLE_SHARE, _TABLE_SHARE_BESIDE = 0.5, 0.28


def show_skal() -> None:
    """Show the page, once the study is ready."""
    study = wait_for_study(current_state())
    state = current_state()
    judged = judged_state(study.result.study)
    try:
        annex = kept_annex(study.key, state.thresholds, judged, state.language)
    except LaegedaekningError as problem:
        show_problem(problem, state.language)
        return
    _show_places(study, annex)


@st.fragment
def _show_places(study: ReadyStudy, annex: Mapping[str, AnnexTable]) -> None:
    """Show all that a filter or another place changes: they run this alone again."""
    state, assessment = current_state(), study.result.assessment
    language = state.language
    rows, pairs = place_rows(assessment), assessment.skal.pairs
    counts = duty_counts(rows, pairs)
    question, menu = st.columns([4, 1], vertical_alignment="center")
    with question:
        show_skal_question(counts, language)
    with menu:
        show_annex_download(study, state)
    if assessment.tables.towns.empty:
        show_plain(say("app.skal.no_towns", language), "app-banner")
    if rows.empty:
        show_plain(say("app.skal.no_places", language), "app-question")
    else:
        show_skal_figures(counts, assessment.rules, language)
        _show_map_and_table(study, annex)
    skal_file = study.result.study.skal_areas
    show_agreement(assessment.skal.agreement, annex["agreement"], skal_file, language)
    show_data_line(study.result, language)


def _show_map_and_table(study: ReadyStudy, annex: Mapping[str, AnnexTable]) -> None:
    state, assessment = current_state(), study.result.assessment
    language = state.language
    rows = place_rows(assessment)
    place = place_named(rows, state.shown_place)
    beside = partners(rows, assessment.skal.pairs, state.shown_place)
    shown = filtered(rows, state.place_filter)
    chart, side = st.columns([1.85, 1])
    with side:
        choose_place(rows, assessment.rules.choice, state)
        show_closing(place, beside, assessment, language)
        show_place_filter(rows, state)
        share = _TABLE_SHARE if place is None else _TABLE_SHARE_BESIDE
        height_px = int(state.map_height_px * share)
        show_place_table(shown, len(rows), assessment.rules, state, height_px)
    with chart:
        special = rows["place_id"].isin([state.shown_place, *beside["place_id"]])
        marked = rows[special | rows.index.isin(shown.index)]
        picture = None if place is None else kept_losses(study.key, state.shown_place)
        names = ground_names(kept_base(study.key, language))
        theme = skal_theme(marked, place, set(beside["place_id"]), picture, names, language)
        show_theme_map(study.key, "skal", theme, state)
    if place is not None:
        show_place_details(place, beside, assessment, annex, language)
