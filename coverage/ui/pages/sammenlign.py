"""The page Sammenlign: scenarios beside the baseline and each other."""

from collections.abc import Sequence

import streamlit as st

from coverage.comparison import Comparison
from coverage.errors import LaegedaekningError
from coverage.scenario.difference import difference_by_area
from coverage.scenario_folder import list_scenarios, scenario_folder
from coverage.ui.area_choice import show_level_and_area
from coverage.ui.data_line import show_data_line, show_moved_thresholds
from coverage.ui.map_legend import legend_strip
from coverage.ui.problems import show_problem
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.sammenlign.answer import comparison_answer
from coverage.ui.sammenlign.choosing import show_choice, show_left_out, show_map_choice
from coverage.ui.sammenlign.compared import kept_comparison
from coverage.ui.sammenlign.comparison_map import comparison_theme
from coverage.ui.sammenlign.comparison_tables import show_comparison_tables, show_side_by_side
from coverage.ui.sammenlign.progress import assess_with_progress
from coverage.ui.sammenlign.variants import (
    BASELINE,
    Offered,
    by_id,
    chosen_ids,
    in_order,
    offered_variants,
)
from coverage.ui.scenario_downloads import show_comparison_downloads
from coverage.ui.scenario_results import Ground, baseline, scenario_ground
from coverage.ui.session import current_state
from coverage.ui.simulering.scenario_map import scenario_legend
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.ui.theme_map import show_theme_map
from coverage.wording import say

_MAP_SHARE = 0.8


def show_sammenlign() -> None:
    """Show the page, once the study is ready."""
    _show_study(wait_for_study(current_state()))


@st.fragment
def _show_study(study: ReadyStudy) -> None:
    """Show all that another choice changes: it runs this alone again."""
    state = current_state()
    try:
        ground = scenario_ground(study, state)
    except LaegedaekningError as problem:
        show_problem(problem, state.language)
        return
    saved = list_scenarios(scenario_folder(study.result.study))
    offered, left_out = offered_variants(state.draft, saved, ground.register_sha256, state.language)
    question, area = st.columns([3.4, 1.6], vertical_alignment="center")
    with question:
        answer = st.empty()
    before = baseline(ground).effect
    with area:
        areas = difference_by_area(before, before, state.area_level)
        show_level_and_area(areas, ground.assessment, state)
    choice, download = st.columns([6, 1], vertical_alignment="bottom")
    with choice:
        show_choice(offered, state)
    show_left_out(left_out, state)
    ids = chosen_ids(offered, state.comparison.chosen)
    done = assess_with_progress(ground, [by_id(offered)[one] for one in (BASELINE, *ids)], state)
    ordered = in_order(done, state.comparison.reference)
    told = say("app.sammenlign.nothing", state.language)
    if len(ordered) > 1:
        comparison = kept_comparison(ground, tuple((one.name, one.scenario) for one in ordered))
        told = comparison_answer(comparison, state.language)
        with download:
            show_comparison_downloads(ground, ordered, state)
        _show_comparison(study, ground, comparison, ordered, state)
    with answer:
        show_plain(say("app.sammenlign.question", state.language), "app-question", emphasis=told)
    show_moved_thresholds(state)
    show_data_line(ground.result, state.language)


def _show_comparison(
    study: ReadyStudy,
    ground: Ground,
    comparison: Comparison,
    ordered: Sequence[Offered],
    state: AppState,
) -> None:
    names, others = by_id(ordered), [one.variant_id for one in ordered[1:]]
    shown = state.comparison.shown if state.comparison.shown in others else others[0]
    height_px = int(state.map_height_px * _MAP_SHARE)
    side, chart = st.columns([1.15, 1])
    with chart:
        show_map_choice(shown, others, names, state)
        theme = comparison_theme(ground, ordered[0].scenario, names[shown].scenario, state)
        show_theme_map(study.key, "sammenlign", theme, state, height_px=height_px)
        legend = scenario_legend(
            ground.assessment,
            state.language,
            shows_change=state.comparison.picture == "change",
            has_chosen=False,
        )
        st.html(legend_strip(legend))
    with side:
        show_side_by_side(comparison, state, height_px)
    show_comparison_tables(comparison, ground.assessment, state)
