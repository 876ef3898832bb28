"""Where new practices lie: the visitor's choice, and how far the search for places is."""

import streamlit as st

from coverage.pathway.pathway import Pathway
from coverage.ui.background_run import BackgroundRun
from coverage.ui.pathway_view import PLACES
from coverage.ui.problems import show_problem
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.state import AppState, view_pathway
from coverage.ui.style import show_plain
from coverage.wording import say

_LOOK_EVERY_S = 0.5


def show_new_places(
    search: BackgroundRun[Pathway] | None, state: AppState, *, is_shown: bool
) -> None:
    """Show the choice, and what became of the search if it is chosen.

    Parameters
    ----------
    is_shown
        The rest of the page shows what was found: a search that was over a moment later
        shows it anew.
    """
    language = state.language
    key = f"mod5000-places-{language}"
    show_in_widget(key, state.pathway.places)
    st.segmented_control(
        say("app.mod5000.places.label", language),
        PLACES,
        required=True,
        format_func=lambda option: say(f"app.mod5000.places.{option}", language),
        key=key,
        help=say("app.mod5000.places.help", language),
        on_change=lambda: change_state(view_pathway, places=st.session_state[key]),
    )
    if search is None or is_shown:
        return
    if search.problem is not None or search.failed:
        show_problem(search.problem, language)
    else:
        _show_progress(search)


@st.fragment(run_every=_LOOK_EVERY_S)
def _show_progress(search: BackgroundRun[Pathway]) -> None:
    """Show how far the search is, again and again; once it is over, the whole page."""
    language = current_state().language
    if search.look().is_over:
        st.rerun()
    word = "busy" if search.stage else "begins"
    st.progress(search.share, say(f"app.mod5000.places.{word}", language, year=search.stage))
    show_plain(say("app.mod5000.places.meanwhile", language), "app-small")
