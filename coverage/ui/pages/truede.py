"""The page on lægedækningstruede: which areas signal, how near the line, what to decide next."""

import pandas as pd
import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.ui.data_line import show_data_line
from coverage.ui.downloads import show_annex_download
from coverage.ui.loading import judged_state, kept_designation
from coverage.ui.problems import show_problem
from coverage.ui.ready import ReadyStudy, wait_for_study
from coverage.ui.session import current_state
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.ui.theme_map import show_theme_map
from coverage.ui.truede.agenda_list import agenda_rows, show_agenda
from coverage.ui.truede.answer import agenda_sentence, month_text, signal_sentence
from coverage.ui.truede.area_panel import show_area
from coverage.ui.truede.criteria_table import show_criteria_table, signals_worst_first
from coverage.ui.truede.level_designation import LevelDesignation
from coverage.ui.truede.signal_map import signal_theme
from coverage.ui.truede.threshold_panel import show_sensitivity, show_thresholds
from coverage.wording import say

# The hint below the table needs a line.
_HINT_PX = 30


def show_truede() -> None:
    """Show the page, once the study is ready."""
    _show_study(wait_for_study(current_state()))


@st.fragment
def _show_study(study: ReadyStudy) -> None:
    """Show all that a slider or a judgement changes: either runs this alone again."""
    state = current_state()
    judged = judged_state(study.result.study)
    try:
        own = kept_designation(study.key, (), judged)
        moved = kept_designation(study.key, state.thresholds, judged)
    except LaegedaekningError as problem:
        # Somebody has changed the file of judgements since the study was prepared.
        _show_file_problem(problem, state)
        return
    shown = LevelDesignation(own, moved)
    areas, criteria = shown.table("areas"), shown.table("criteria")
    _show_answer(study, shown, state)
    show_thresholds(shown, state)
    table = signals_worst_first(areas, criteria)
    least = shown.rules.designation.signal_weight
    chart, side = st.columns([1, 1.2])
    with chart:
        theme = signal_theme(areas, criteria, least, state.language)
        show_theme_map(study.key, "truede", theme, state)
    with side:
        height_px = state.map_height_px - _HINT_PX
        show_criteria_table(table, criteria, least, height_px, state.language)
    show_sensitivity(shown.table("sensitivity"), len(table), state.language)
    show_area(shown, table)
    _show_agenda(shown, areas, criteria, state)
    show_data_line(moved, state.language)


def _show_file_problem(problem: LaegedaekningError, state: AppState) -> None:
    show_problem(problem, state.language)
    show_plain(say("app.truede.file_problem", state.language), "app-question")
    st.button(say("app.error.again", state.language), key=f"truede-again-{state.language}")


def _show_answer(study: ReadyStudy, shown: LevelDesignation, state: AppState) -> None:
    language = state.language
    answer, download = st.columns([5, 1.3], vertical_alignment="center")
    decision_on = shown.moved.assessment.designation.decision_on
    sentences = (
        signal_sentence(shown.table("areas"), language),
        agenda_sentence(len(shown.table("agenda")), decision_on, language),
    )
    with answer:
        question = say("app.truede.question", language)
        show_plain(question, "app-question", emphasis=" ".join(sentences))
        show_plain(say("app.truede.reminder", language), "app-small")
    with download:
        show_annex_download(study, state)


def _show_agenda(
    shown: LevelDesignation, areas: pd.DataFrame, criteria: pd.DataFrame, state: AppState
) -> None:
    groups = agenda_rows(shown.table("agenda"), areas, criteria, state.language)
    decision_on = shown.moved.assessment.designation.decision_on
    show_agenda(groups, month_text(decision_on, state.language), state.language)
