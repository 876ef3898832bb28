"""Where new practices lie: the visitor's choice, and how far the search for places is."""

import streamlit as st

from coverage.pathway.pathway import Pathway
from coverage.ui.background_run import BackgroundRun
from coverage.ui.pathway_view import PLACES
from coverage.ui.problems import show_problem
from coverage.ui.session import change_state, current_state
from coverage.ui.side_by_side import Choice, show_side_by_side
from coverage.ui.state import AppState, view_pathway
from coverage.ui.style import show_plain
from coverage.wording import say

_LOOK_EVERY_S = 0.5
_PLACES = Choice(
    "mod5000-places",
    PLACES,
    label="app.mod5000.places.label",
    word_key=lambda places: f"app.mod5000.places.{places}",
    hint="app.mod5000.places.help",
    is_labelled=True,
)


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
    show_side_by_side(
        _PLACES,
        state.pathway.places,
        lambda places: change_state(view_pathway, places=places),
        language,
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
