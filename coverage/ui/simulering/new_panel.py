"""A new practice: what it is like, and where by typing; a click on the map places it too."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import streamlit as st

from coverage.exports.scenario_words import capacities_text
from coverage.scenario.actions import MAX_NAME_LENGTH
from coverage.tables import CLINIC_FORMS
from coverage.ui.place_lookup import place_example
from coverage.ui.scenario_results import Ground
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.simulering.doing import TYPED_KEY, use_typed
from coverage.ui.state import AppState, view_simulation
from coverage.ui.style import show_plain
from coverage.wording import Language, say

MOST_CAPACITIES = 20
CAPACITIES = tuple(half / 2 for half in range(1, 2 * MOST_CAPACITIES + 1))
# An unknown form first: nobody has to choose one.
_FORMS = ("unknown", *(form for form in CLINIC_FORMS if form != "unknown"))


def show_new_panel(ground: Ground, state: AppState) -> None:
    """Show the fields; whatever is chosen is kept for the next practice, but its name."""
    language = state.language
    show_plain(say("app.simulering.new.how", language), "app-question")
    with st.form("new-place", border=False):
        st.text_input(
            say("app.place.input", language),
            key=f"{TYPED_KEY}-open",
            placeholder=place_example(ground.assessment, language),
            label_visibility="collapsed",
        )
        st.form_submit_button(
            say("app.simulering.new.button", language),
            on_click=use_typed,
            args=(ground, "open", "choose"),
            width="stretch",
        )
    left, right = st.columns(2)
    with left:
        _choose("capacities", CAPACITIES, language)
        _type("name", language)
    with right:
        _choose("intake_open", (True, False), language)
        _type("owner", language)
    _choose("clinic_form", _FORMS, language)


def option_text(name: str, value: Any, language: Language) -> str:  # noqa: ANN401 - of any field
    """Return an option of a field in words."""
    if name == "capacities":
        return capacities_text(value, language)
    if name == "intake_open":
        return say(f"app.simulering.new.{'open' if value else 'closed'}", language)
    return say(f"export.clinic_form.{value}", language)


def _choose(name: str, options: Sequence[object], language: Language) -> None:
    key = f"new-{name}-{language}"
    show_in_widget(key, getattr(current_state().simulation.like, name))
    st.selectbox(
        say(f"app.simulering.new.{name}", language),
        options,
        format_func=lambda value: option_text(name, value, language),
        key=key,
        on_change=lambda: _keep(name, key),
    )


def _type(name: str, language: Language) -> None:
    key = f"new-{name}-{language}"
    show_in_widget(key, getattr(current_state().simulation.like, name))
    st.text_input(
        say(f"app.simulering.new.{name}", language),
        key=key,
        max_chars=MAX_NAME_LENGTH,
        help=say(f"app.simulering.new.{name}_help", language),
        on_change=lambda: _keep(name, key),
    )


def _keep(name: str, key: str) -> None:
    view = current_state().simulation
    change_state(view_simulation, like=replace(view.like, **{name: st.session_state[key]}))
