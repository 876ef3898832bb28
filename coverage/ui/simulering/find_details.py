"""The answer in full, below the map: in sentences, what is as good, and what one more adds."""

import pandas as pd
import streamlit as st

from coverage.exports.placement_words import answer_lines, value_text
from coverage.placement.place import Placement
from coverage.ui.background_run import BackgroundRun
from coverage.ui.formats import MISSING, format_number
from coverage.ui.placement_results import frontier_run, search_candidates
from coverage.ui.placement_view import show_frontier
from coverage.ui.problems import show_problem
from coverage.ui.scenario_figures import names_text
from coverage.ui.scenario_results import Ground
from coverage.ui.session import change_state, current_state, show_in_widget
from coverage.ui.simulering.find_answer import gain_text
from coverage.ui.simulering.find_files import show_placement_downloads
from coverage.ui.simulering.finding import Search
from coverage.ui.simulering.proposals import place_words
from coverage.ui.state import AppState, change_placing
from coverage.ui.style import show_bars, show_plain
from coverage.wording import Language, say

_LOOK_EVERY_S, _AT_ONCE_S = 0.5, 0.25


def show_details(ground: Ground, search: Search | None, state: AppState) -> None:
    """Show all that is known of the answer, once the search is over."""
    if search is None or search.run.result is None:
        return
    language, placement = state.language, search.run.result
    with st.container(border=True, key="find-details"):
        words, more = st.columns([1.3, 1])
        with words:
            heading, files = st.columns([2.4, 1], vertical_alignment="bottom")
            with heading:
                show_plain(say("app.find.details", language), "app-heading")
            with files:
                show_placement_downloads(search, language)
            candidates = search_candidates(search.start).candidates
            for line in answer_lines(placement, candidates, language):
                show_plain(line, "app-question")
            show_plain(say("placement.note.answer", language), "app-small")
        with more:
            if len(placement.ties):
                _show_ties(ground, search, placement, language)
            _show_frontier(search, state)


def tie_words(
    placement: Placement, places: pd.DataFrame, towns: pd.DataFrame, language: Language
) -> tuple[str, ...]:
    """Return for each site that could lie elsewhere where: in the order of the sites.

    Parameters
    ----------
    places
        The candidates: ``site_id, name, x_m, y_m``.
    """
    rows = {str(row["site_id"]): row for row in places.to_dict("records")}

    def words(site_id: str) -> str:
        row = rows[site_id]
        name = "" if row["name"] == site_id else str(row["name"])
        return place_words(name, float(row["x_m"]), float(row["y_m"]), towns, language)

    lines = []
    for site in placement.sites.to_dict("records"):
        own = placement.ties["site_id"] == site["site_id"]
        # Two places near one town are one to read; the files have them all.
        others = dict.fromkeys(map(words, placement.ties.loc[own, "other_site_id"]))
        if others:
            told = f"{site['step']}. {words(str(site['site_id']))}"
            listed = names_text(tuple(others), language)
            lines.append(say("app.find.ties.one", language, place=told, others=listed))
    return tuple(lines)


def _show_ties(ground: Ground, search: Search, placement: Placement, language: Language) -> None:
    places = search_candidates(search.start).candidates.table
    show_plain(say("app.find.ties.heading", language), "app-heading")
    for line in tie_words(placement, places, ground.assessment.tables.towns, language):
        show_plain(line, "app-question")
    show_plain(say("app.find.ties.note", language), "app-small")


def _show_frontier(search: Search, state: AppState) -> None:
    """Show what each practice more adds when it is asked for: it takes a moment."""
    language = state.language
    key = f"find-frontier-{language}"
    show_in_widget(key, state.placing.shows_frontier)
    st.toggle(
        say("app.find.frontier.toggle", language),
        key=key,
        on_change=lambda: change_state(
            change_placing,
            show_frontier(current_state().placing, shows=bool(st.session_state[key])),
        ),
    )
    if not state.placing.shows_frontier:
        return
    run = frontier_run(search.start).look()
    run.wait(_AT_ONCE_S)
    if not run.is_over:
        _show_frontier_progress(run)
    elif run.result is None:
        show_problem(run.problem, language)
    else:
        _show_frontier_rows(search, run, language)


@st.fragment(run_every=_LOOK_EVERY_S)
def _show_frontier_progress(run: "BackgroundRun[pd.DataFrame]") -> None:
    language = current_state().language
    if run.is_over:
        st.rerun()
    bar, stop = st.columns([3, 1], vertical_alignment="center")
    bar.progress(run.share, say(f"app.find.stage.{run.stage}", language))
    stop.button(
        say("app.find.stop", language),
        key=f"find-frontier-stop-{language}",
        on_click=run.stop,
        width="stretch",
    )


def _show_frontier_rows(
    search: Search, run: "BackgroundRun[pd.DataFrame]", language: Language
) -> None:
    table = pd.DataFrame() if run.result is None else run.result
    if run.is_stopped:
        show_plain(say("placement.line.partial", language), "app-banner")
    if table.empty:
        return
    objective = search.asked.wish.objective
    heads = ("practices", "marginal_gain", "value")
    rows = [
        (
            format_number(row["practices"], language),
            MISSING
            if pd.isna(row["value"])
            else gain_text(objective, row["marginal_gain"], language),
            MISSING if pd.isna(row["value"]) else value_text(objective, row["value"], language),
        )
        for row in table.to_dict("records")
    ]
    lengths = table["marginal_gain"].where(table["value"].notna()).fillna(0.0)
    show_bars([say(f"app.find.frontier.{head}", language) for head in heads], rows, list(lengths))
    show_plain(say("app.find.frontier.note", language), "app-small")
