"""The panel that finds the best places: what is asked, how far the search is, and its answer."""

from collections.abc import Sequence

import streamlit as st

from coverage.exports.scenario_words import capacities_text
from coverage.placement.request import OBJECTIVES
from coverage.ui.placement_view import CAPACITIES, wish_for
from coverage.ui.scenario_results import Ground
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.simulering.find_answer import show_answer, show_progress
from coverage.ui.simulering.find_conditions import show_conditions
from coverage.ui.simulering.finding import Search, find_best
from coverage.ui.state import AppState, change_placing
from coverage.ui.style import show_plain
from coverage.wording import say


def show_find_panel(ground: Ground, search: Search | None, state: AppState) -> None:
    """Show the fields, and what the last search came to or how far it is."""
    language = state.language
    show_plain(say("app.find.how", language), "app-small")
    amount, conditions = st.columns([1, 1.25], vertical_alignment="bottom")
    with amount:
        _choose("capacities", CAPACITIES, state)
    with conditions:
        show_conditions(ground.assessment, state)
    _choose("objective", OBJECTIVES, state)
    is_running = search is not None and not search.run.is_over
    st.button(
        say("app.find.button", language),
        key=f"find-button-{language}",
        on_click=find_best,
        args=(ground,),
        type="primary",
        disabled=is_running,
        width="stretch",
    )
    # A place of its own: a bar that comes and goes must not close the menu above.
    with st.container(key="find-progress"):
        if search is not None and is_running:
            show_progress(search.run, search.answer)
    if search is not None:
        show_answer(ground, search, state)


def _choose(name: str, options: Sequence[object], state: AppState) -> None:
    language = state.language
    key = f"find-{name}-{language}"
    show_in_widget(key, getattr(state.placing.wish, name))

    def text(value: float | str) -> str:
        if isinstance(value, str):
            return say(f"app.find.objective.{value}", language)
        return capacities_text(value, language)

    st.selectbox(
        say(f"app.find.{name}_label", language),
        options,
        format_func=text,
        key=key,
        help=say(f"app.find.{name}_help", language),
        on_change=lambda: _keep(name, key),
    )


def _keep(name: str, key: str) -> None:
    placing = wish_for(current_state().placing, **{name: st.session_state[key]})
    change_state(change_placing, placing)
