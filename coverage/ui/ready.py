"""Wait for the study with the visitor, showing how far it is; stop at an error."""

from dataclasses import dataclass

import streamlit as st

from coverage.errors import LaegedaekningError
from coverage.study import StudyResult
from coverage.ui.loading import StudyKey, preparation, study_key
from coverage.ui.problems import show_problem
from coverage.ui.state import AppState
from coverage.ui.style import show_plain
from coverage.wording import say

_LOOK_EVERY_S = 0.1


@dataclass(frozen=True)
class ReadyStudy:
    """A prepared study and the key under which its derived results are kept."""

    key: StudyKey
    result: StudyResult


def wait_for_study(state: AppState) -> ReadyStudy:
    """Return the prepared study, or show what is wrong and end the page here."""
    language = state.language
    try:
        key = study_key(state.study_path)
    except LaegedaekningError as problem:
        show_problem(problem, language)
        st.stop()
    running = preparation(key)
    # Always there, and mostly empty: a map below would be drawn anew if it moved up a place.
    place = st.empty()
    # A study that is ready needs no progress: the page would flicker.
    if not running.wait(_LOOK_EVERY_S):
        with place.container():
            show_plain(say("app.loading.heading", language), "app-heading")
            bar = st.progress(0.0)
            while not running.wait(_LOOK_EVERY_S):
                bar.progress(running.total_share, say(f"app.loading.{running.stage}", language))
        place.empty()
    if running.result is None:
        show_problem(running.problem, language)
        st.button(say("app.error.again", language), on_click=preparation.clear, args=(key,))
        st.stop()
    return ReadyStudy(key, running.result)
