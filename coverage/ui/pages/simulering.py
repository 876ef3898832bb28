"""The page Simulering: what happens if practices open, close, move or change."""

import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.scenario.difference import difference_by_area
from coverage.scenario_folder import scenario_folder
from coverage.ui.area_choice import known_area, show_level_and_area
from coverage.ui.data_line import show_data_line, show_moved_thresholds
from coverage.ui.draft import NOTHING, is_for_register
from coverage.ui.map_legend import legend_strip
from coverage.ui.problems import show_problem
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.scenario_downloads import show_effect_downloads
from coverage.ui.scenario_results import (
    Ground,
    Measured,
    baseline,
    kept_scenario_picture,
    measured_or_why,
    scenario_ground,
)
from coverage.ui.session import current_state
from coverage.ui.simulering.action_list import show_action_list
from coverage.ui.simulering.area_table import show_effect_table
from coverage.ui.simulering.closures import show_closures
from coverage.ui.simulering.doing import clicked
from coverage.ui.simulering.figures import answer, scenario_figures, show_scenario_figures
from coverage.ui.simulering.find_details import show_details
from coverage.ui.simulering.finding import shown_search
from coverage.ui.simulering.panels import show_other_register, show_panel, show_picture_choice
from coverage.ui.simulering.proposal_map import proposal_legend, proposal_marks
from coverage.ui.simulering.scenario_map import scenario_legend, simulation_theme
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.ui.theme_map import show_theme_map
from coverage.wording import say

_MAP_SHARE, _LIST_SHARE, _TABLE_PX = 0.66, 0.8, 400


def show_simulering() -> None:
    """Show the page, once the study is ready."""
    _show_study(wait_for_study(current_state()))


@st.fragment
def _show_study(study: ReadyStudy) -> None:
    """Show all that a click or a button changes: either runs this alone again."""
    state = current_state()
    try:
        ground = scenario_ground(study, state)
    except LaegedaekningError as problem:
        show_problem(problem, state.language)
        return
    own = is_for_register(state.draft, ground.register_sha256)
    measured = measured_or_why(ground, state.draft.scenario) if own else baseline(ground)
    shown = measured if isinstance(measured, Measured) else baseline(ground)
    before = baseline(ground).effect
    differences = difference_by_area(before, shown.effect, state.area_level)
    question, area = st.columns([3.4, 1.6], vertical_alignment="center")
    with question:
        told = answer(differences, shown.effect.skal, state.language)
        if not shown.resolved.scenario.actions:
            word = "not_done" if state.draft.scenario.actions else "nothing"
            told = say(f"app.simulering.{word}", state.language)
        show_plain(say("app.simulering.question", state.language), "app-question", emphasis=told)
    with area:
        show_level_and_area(differences, ground.assessment, state)
    area_id = known_area(differences["area_id"], state)
    figures = scenario_figures(differences, shown.effect.skal, area_id, state.language)
    show_scenario_figures(figures, state.language)
    if not own:
        show_other_register(ground, state)
    if isinstance(measured, LaegedaekningError):
        show_problem(measured, state.language)
    _show_work(study, ground, shown, state)
    heading, download = st.columns([5.4, 1], vertical_alignment="bottom")
    with heading:
        show_plain(say("app.simulering.table.heading", state.language), "app-heading")
    with download:
        carried_out = state.draft.scenario if shown is measured else NOTHING
        show_effect_downloads(ground, carried_out, state.language)
    show_effect_table(differences, state.language, _TABLE_PX)
    show_closures(ground, state)
    show_moved_thresholds(state)
    show_data_line(ground.result, state.language)


def _show_work(study: ReadyStudy, ground: Ground, shown: Measured, state: AppState) -> None:
    height_px = int(state.map_height_px * _MAP_SHARE)
    search = shown_search(ground, state)
    act, chart, scenario = st.columns([1, 2.05, 1.05])
    with act:
        show_panel(ground, shown, search, scenario_folder(study.result.study), state)
    # The map last: drawing it takes longer than all the words.
    with scenario:
        list_px = int(height_px * _LIST_SHARE)
        show_action_list(ground.assessment, shown.findings, state, list_px)
    with chart:
        show_picture_choice(state)
        drawn = shown.resolved.scenario
        picture = kept_scenario_picture(ground, drawn, state.simulation.picture)
        proposed = proposal_marks(search, shown.resolved, state.language)
        theme = simulation_theme(ground.assessment, shown.resolved, picture, state, proposed)
        show_theme_map(
            study.key, "simulering", theme, state, lambda value: clicked(ground, value), height_px
        )
        shows_change = state.simulation.picture == "change"
        legend = scenario_legend(
            ground.assessment, state.language, shows_change=shows_change, has_chosen=True
        )
        st.html(legend_strip((*legend, *proposal_legend(search, state.language))))
    show_details(ground, search, state)
