"""The page Mod 5.000: how the region gets to its part of the national target, and what lacks."""

from dataclasses import replace

import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.pathway.pathway import Pathway
from coverage.ui.area_choice import show_level_and_area
from coverage.ui.background_run import BackgroundRun
from coverage.ui.data_line import show_data_line, show_moved_thresholds
from coverage.ui.mod5000.answer import path_answer
from coverage.ui.mod5000.area_rows import area_names
from coverage.ui.mod5000.assumptions import show_assumptions
from coverage.ui.mod5000.chances import show_chances
from coverage.ui.mod5000.choosing import show_start_choice, show_year_choice
from coverage.ui.mod5000.figures import path_figures, show_path_figures
from coverage.ui.mod5000.files import show_path_downloads
from coverage.ui.mod5000.new_places import show_new_places
from coverage.ui.mod5000.notices import show_path_notices
from coverage.ui.mod5000.parts import Shown, show_area_tables, show_chart_and_map
from coverage.ui.mod5000.start import chosen_start, offered_starts, path_start
from coverage.ui.mod5000.tasks_part import show_tasks
from coverage.ui.pathway_results import (
    PathStart,
    kept_path,
    leave_other_work,
    path_assessment,
    watch_places,
    watch_runs,
)
from coverage.ui.problems import show_problem
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.scenario_results import scenario_ground
from coverage.ui.session import current_state
from coverage.ui.style import show_plain
from coverage.ui.truede.criterion_text import plain_number
from coverage.wording import say

# A small study's runs are over before a bar could be seen.
_AT_ONCE_S = 0.15


def show_mod5000() -> None:
    """Show the page, once the study is ready."""
    _show_study(wait_for_study(current_state()))


@st.fragment
def _show_study(study: ReadyStudy) -> None:
    """Show all that a slider or a choice changes: either runs this alone again."""
    state = current_state()
    try:
        ground = scenario_ground(study, state)
        offered = offered_starts(study.result.study, ground, state)
    except LaegedaekningError as problem:
        show_problem(problem, state.language)
        return
    chosen = chosen_start(offered, state)
    start = path_start(ground, chosen, state)
    runs, seed = state.pathway.runs, state.pathway.seed
    try:
        leave_other_work(start, runs, seed)
        search, start = _with_places(start)
        assessment, pathway = path_assessment(start), kept_path(start)
    except LaegedaekningError as problem:
        show_start_choice(offered, chosen, state)
        show_problem(problem, state.language)
        return
    run = watch_runs(start, runs, seed)
    run.wait(_AT_ONCE_S)
    shown = Shown(assessment, pathway, run.result, state)
    answer, side = st.columns([4.4, 1.1], vertical_alignment="center")
    with side:
        show_start_choice(offered, chosen, state)
        show_path_downloads(start, run, state.language)
    with answer:
        _show_answer(shown)
    show_assumptions(ground.assessment.rules, assessment.rules, state)
    _show_figures(shown)
    show_chances(run, shown.bands, state)
    show_chart_and_map(shown, study.key)
    show_new_places(search, state, is_shown=start.places == "search")
    show_area_tables(shown)
    show_tasks(pathway, state.language)
    show_path_notices(pathway, state.language)
    show_moved_thresholds(state)
    show_data_line(ground.result, state.language)


def _with_places(start: PathStart) -> tuple[BackgroundRun[Pathway] | None, PathStart]:
    """Return the search for places if one is asked for, and what can be shown by now."""
    if start.places != "search":
        return None, start
    search = watch_places(start)
    search.wait(_AT_ONCE_S)
    return search, start if search.result else replace(start, places="beside")


def _show_answer(shown: Shown) -> None:
    language = shown.state.language
    told = path_answer(shown.pathway, shown.bands, language)
    show_plain(say("app.mod5000.question", language), "app-question", emphasis=told)
    filled = plain_number(shown.assessment.rules.pathway.capacities_per_doctor, language)
    show_plain(say("app.mod5000.reminder", language, capacities=filled), "app-small")


def _show_figures(shown: Shown) -> None:
    state, level = shown.state, shown.state.area_level
    year, area = st.columns([1, 1.4], vertical_alignment="center")
    with year, st.container(key="path-year"):
        show_year_choice(shown.pathway.model.years, shown.year, state)
    with area:
        areas = area_names(shown.pathway, level, state.language)
        show_level_and_area(areas, shown.assessment, state)
    figures = path_figures(
        shown.pathway, shown.bands, level, state.selected_area, shown.year, state.language
    )
    show_path_figures(figures, state.language)
