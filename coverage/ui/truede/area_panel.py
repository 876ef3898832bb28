"""One area: chosen from a list, its criteria, and what the region judges of it."""

import pandas as pd
import streamlit as st

from coverage.ui.laegevalg.figures import area_row
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.state import AppState, judge_area
from coverage.ui.style import show_plain
from coverage.ui.truede.area_criteria import show_area_criteria
from coverage.ui.truede.judgement_form import judgements_of, show_history, show_judgement_form
from coverage.ui.truede.level_designation import LevelDesignation
from coverage.wording import say


def with_area(state: AppState, table: pd.DataFrame) -> AppState:
    """Return the state with an area chosen: the first of the table unless one of it is.

    It stays chosen when a threshold or a judgement puts another area first: a
    form that is half filled in must not become another area's.
    """
    ids = list(table["area_id"])
    return state if state.judged_area in ids else judge_area(state, str(ids[0]))


def show_area(designation: LevelDesignation, table: pd.DataFrame) -> None:
    """Show the choice of an area, its criteria, the form and the judgements filed.

    Parameters
    ----------
    table
        Of ``criteria_table.signals_worst_first``, not empty: the areas to choose from.
    """
    change_state(with_area, table)
    state = current_state()
    area_id = state.judged_area
    _show_choice(table, state)
    area = area_row(designation.table("areas"), area_id)
    criteria = designation.table("criteria")
    own = criteria[criteria["area_id"] == area_id].reset_index(drop=True)
    show_area_criteria(area, own, designation.rules, state)
    judging, filed = st.columns(2)
    with judging:
        show_judgement_form(designation.own.study, area, state)
    with filed:
        judgements = designation.moved.assessment.plan.judgements
        show_history(judgements_of(judgements, designation.level, area_id), state.language)


def _show_choice(table: pd.DataFrame, state: AppState) -> None:
    language = state.language
    names = dict(zip(table["area_id"], table["area"], strict=True))
    options = sorted(names, key=lambda area: names[area])
    heading, choice = st.columns([1, 1.6], vertical_alignment="center")
    with heading:
        show_plain(say("app.truede.area.heading", language), "app-heading")
    key = f"judged-area-{language}"
    show_in_widget(key, state.judged_area)
    choice.selectbox(
        say("app.truede.area.label", language),
        options,
        format_func=lambda area: names[area],
        key=key,
        label_visibility="collapsed",
        on_change=lambda: change_state(judge_area, st.session_state[key]),
    )
