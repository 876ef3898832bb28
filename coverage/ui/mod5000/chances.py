"""The runs of chance on the page: how many, from which seed, how far they are, and the stop."""

import streamlit as st

from coverage.pathway.monte_carlo import Bands
from coverage.ui.formats import format_number
from coverage.ui.pathway_results import BandRun
from coverage.ui.pathway_view import RUNS, type_seed
from coverage.ui.problems import show_problem
from coverage.ui.session import change_state, current_state
from coverage.ui.state import AppState, view_pathway
from coverage.ui.style import show_plain
from coverage.wording import say

_LOOK_EVERY_S = 0.5


def show_chances(run: BandRun, bands: Bands | None, state: AppState) -> None:
    """Show what the runs came to, or how far they are, and what can be chosen of them.

    Parameters
    ----------
    bands
        What the rest of the page shows: runs that were over a moment later show it anew.
    """
    told, choice = st.columns([3.2, 1], vertical_alignment="center")
    with told:
        if bands is not None or run.failed:
            _show_outcome(run, bands, state)
        else:
            _show_progress(run)
    with choice, st.popover(say("app.mod5000.runs.menu", state.language), width="stretch"):
        _show_choice(state)


@st.fragment(run_every=_LOOK_EVERY_S)
def _show_progress(run: BandRun) -> None:
    """Show how far the runs are, again and again; once they are over, the whole page."""
    language = current_state().language
    if run.look().is_over:
        st.rerun()
    bar, stop = st.columns([3, 1], vertical_alignment="center")
    done = format_number(round(run.share * run.trial.runs), language)
    total = format_number(run.trial.runs, language)
    bar.progress(run.share, say("app.mod5000.runs.busy", language, done=done, runs=total))
    stop.button(
        say("app.mod5000.runs.stop", language),
        key=f"stop-runs-{language}",
        on_click=run.stop,
        width="stretch",
    )


def _show_outcome(run: BandRun, bands: Bands | None, state: AppState) -> None:
    language = state.language
    if bands is None:
        show_problem(None, language)
        return
    values = {
        "runs": format_number(bands.runs, language),
        "asked": format_number(bands.trial.runs, language),
        "seed": str(bands.trial.seed),
    }
    if not bands.interrupted:
        show_plain(say("app.mod5000.runs.done", language, **values), "app-small")
        return
    told, again = st.columns([3, 1], vertical_alignment="center")
    with told:
        show_plain(say("app.mod5000.runs.partial", language, **values), "app-banner")
    again.button(
        say("app.mod5000.runs.again", language),
        key=f"all-runs-{language}",
        on_click=_draw_all,
        args=(run,),
        width="stretch",
    )


def _draw_all(run: BandRun) -> None:
    run.begin()


def _show_choice(state: AppState) -> None:
    language, view = state.language, state.pathway
    show_plain(say("app.mod5000.runs.intro", language), "app-small")
    runs_key, seed_key = f"runs-{language}", f"seed-{language}"
    # A menu holds nothing until it is opened: what is in it must know its value by itself.
    st.segmented_control(
        say("app.mod5000.runs.count", language),
        RUNS,
        default=view.runs,
        required=True,
        format_func=lambda runs: format_number(runs, language),
        key=runs_key,
        on_change=lambda: change_state(view_pathway, runs=st.session_state[runs_key]),
    )
    st.text_input(
        say("app.mod5000.runs.seed", language),
        value=str(view.seed),
        key=seed_key,
        help=say("app.mod5000.runs.seed_help", language),
        on_change=lambda: _type_seed(st.session_state[seed_key]),
    )
    if view.seed_problem:
        st.warning(say("app.mod5000.runs.seed_problem", language))


def _type_seed(text: str) -> None:
    typed = type_seed(current_state().pathway, text)
    change_state(view_pathway, seed=typed.seed, seed_problem=typed.seed_problem)
