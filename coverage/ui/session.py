"""Where a visitor's state is kept: one key of our own, which page changes leave alone."""

from collections.abc import Callable
from pathlib import Path
from typing import Concatenate, ParamSpec

import streamlit as st

from coverage.ui.state import AppState

_KEY = "laegedaekning"

Arguments = ParamSpec("Arguments")


def open_session(study_path: Path) -> AppState:
    """Return the visitor's state, begun with this study if it is another one than before."""
    held = st.session_state.get(_KEY)
    if not isinstance(held, AppState) or held.study_path != study_path:
        st.session_state[_KEY] = AppState(study_path=study_path)
    return current_state()


def current_state() -> AppState:
    """Return the visitor's state."""
    state: AppState = st.session_state[_KEY]
    return state


def change_state(
    change: Callable[Concatenate[AppState, Arguments], AppState],
    *args: Arguments.args,
    **kwargs: Arguments.kwargs,
) -> None:
    """Replace the state by what a pure function makes of it."""
    st.session_state[_KEY] = change(current_state(), *args, **kwargs)


def show_in_widget(key: str, value: object) -> None:
    """Have a widget show what the state says: after a reset, or on coming back to its page.

    A widget that shows it already is left alone. Told once more, it would jump
    back to it while its user moves on, and a step would be lost.
    """
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value
