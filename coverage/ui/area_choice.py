"""Which level's areas are shown, and which of them: the same choice on every page that has it."""

from collections.abc import Iterable, Mapping

import pandas as pd
import streamlit as st

from coverage.assessment import Assessment
from coverage.choice import ALL_AREAS
from coverage.levels import KOMMUNE_LEVEL, RESERVED_AREA_IDS
from coverage.ui.session import change_state, show_in_widget
from coverage.ui.state import AppState, choose_area, choose_level
from coverage.wording import say


def known_area(area_ids: Iterable[str], state: AppState) -> str:
    """Return the area whose figures are shown: another page may know areas that this one lacks."""
    return state.selected_area if state.selected_area in set(area_ids) else ALL_AREAS


def show_area_choice(names: Mapping[str, str], state: AppState) -> None:
    """Offer the areas of the chosen level (id -> name), and all of them."""
    language = state.language
    areas = {area: name for area, name in names.items() if area not in RESERVED_AREA_IDS}
    options = [ALL_AREAS, *sorted(areas, key=lambda area: areas[area])]
    everything = say("app.area.all", language)
    key = f"area-{language}-{state.area_level}"
    # A map or a table may have chosen another one.
    show_in_widget(key, known_area(options, state))
    st.selectbox(
        say("app.area.label", language),
        options,
        format_func=lambda area: areas.get(area, everything),
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
    key = f"level-{language}"
    st.selectbox(
        say("app.area.level", language),
        levels,
        index=levels.index(state.area_level),
        format_func=lambda name: kommune if name == KOMMUNE_LEVEL else name,
        key=key,
        label_visibility="collapsed",
        on_change=lambda: change_state(choose_level, st.session_state[key]),
    )


def show_level_and_area(areas: pd.DataFrame, assessment: Assessment, state: AppState) -> None:
    """Offer both side by side; ``areas`` has ``area_id, area_name`` of the chosen level."""
    level, area = st.columns(2)
    with level:
        show_level_choice(assessment, state)
    with area:
        show_area_choice(dict(zip(areas["area_id"], areas["area_name"], strict=True)), state)
