"""Which level's areas are shown, and which of them: the same choice on every page that has it."""

import pandas as pd
import streamlit as st

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.levels import KOMMUNE_LEVEL
from coverage.ui.session import change_state, show_in_widget
from coverage.ui.state import AppState, choose_area, choose_level
from coverage.wording import say


def show_area_choice(areas: pd.DataFrame, assessment: Assessment, state: AppState) -> None:
    """Offer the levels side by side with the areas of the chosen one.

    Parameters
    ----------
    areas
        ``area_id, area_name`` of the chosen level, the row of everything among them.
    """
    language = state.language
    level, area = st.columns(2)
    with level:
        show_level_choice(assessment, state)
    names = dict(zip(areas["area_id"], areas["area_name"], strict=True))
    names[ALL_AREAS] = say("app.area.all", language)
    others = sorted((one for one in names if one != ALL_AREAS), key=lambda one: names[one])
    options = [ALL_AREAS, *others]
    chosen = state.selected_area if state.selected_area in options else ALL_AREAS
    key = f"area-of-{language}-{state.area_level}"
    # A map or a table may have chosen another one.
    show_in_widget(key, chosen)
    area.selectbox(
        say("app.area.label", language),
        options,
        format_func=lambda one: names[one],
        key=key,
        label_visibility="collapsed",
        on_change=lambda: change_state(choose_area, st.session_state[key]),
    )


def show_level_choice(assessment: Assessment, state: AppState) -> None:
    """Offer the levels, if there are more than one."""
    language, levels = state.language, [level.name for level in assessment.levels]
    if len(levels) == 1:
        return
    kommune = say("app.area.kommune", language)
    key = f"level-of-{language}"
    st.selectbox(
        say("app.area.level", language),
        levels,
        index=levels.index(state.area_level),
        format_func=lambda name: kommune if name == KOMMUNE_LEVEL else name,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: change_state(choose_level, st.session_state[key]),
    )
