"""Placing practices: on the map, by typing, and the list of those that are placed."""

import streamlit as st

from coverage.assessment import Assessment
from coverage.errors import CoordinateError
from coverage.ui.loading import StudyKey, places_of, with_candidates
from coverage.ui.place_lookup import look_up_place, place_example, place_message
from coverage.ui.session import change_state, current_state
from coverage.ui.state import (
    Candidate,
    Message,
    add_candidate,
    handle_click,
    new_click,
    remove_all_candidates,
    remove_candidate,
    tell,
)
from coverage.ui.style import escape_markdown, show_plain
from coverage.units import LONLAT_EPSG, reproject
from coverage.wording import Language, say

_TYPED_KEY = "typed-place"
_LIST_ROWS = 4
_LIST_PX = 170


def place_clicked(key: StudyKey, component_value: object) -> None:
    """Place a practice where the map was clicked, once for each click."""
    click = new_click(current_state(), component_value)
    if click is None:
        return
    change_state(handle_click, click)
    x_m, y_m = reproject([click[1]], [click[0]], from_epsg=LONLAT_EPSG)
    _place(key, float(x_m[0]), float(y_m[0]))


def place_typed(key: StudyKey) -> None:
    """Place a practice at the typed address or coordinates."""
    found = look_up_place(key, str(st.session_state.get(_TYPED_KEY, "")))
    if isinstance(found, Message):
        change_state(tell, found)
        return
    if not _place(key, found.x_m, found.y_m, found.label):
        return
    st.session_state[_TYPED_KEY] = ""
    if found.inexact:
        site_id = current_state().candidates[-1].site_id
        values = (("site_id", site_id), ("found", found.label))
        change_state(tell, Message(f"place.{found.inexact}", values))


def show_candidate_panel(key: StudyKey, assessment: Assessment) -> None:
    """Show the field to type in, what came of it, and the placed practices."""
    state = current_state()
    language = state.language
    show_plain(say("app.place.heading", language), "app-heading")
    with st.form("place", border=False):
        field, button = st.columns([3, 1], vertical_alignment="bottom")
        field.text_input(
            say("app.place.input", language),
            key=_TYPED_KEY,
            placeholder=place_example(assessment, language),
            label_visibility="collapsed",
        )
        button.form_submit_button(
            say("app.place.button", language), on_click=place_typed, args=(key,), width="stretch"
        )
    if state.message:
        st.warning(escape_markdown(place_message(state.message, assessment, language)))
    if not state.candidates:
        show_plain(say("app.place.how", language), "app-small")
    _show_placed(state.candidates, language)


def _show_placed(candidates: tuple[Candidate, ...], language: Language) -> None:
    """Show the placed practices, each with its button; many of them scroll."""
    scrolls = len(candidates) > _LIST_ROWS
    with st.container(height=_LIST_PX if scrolls else "content", border=False):
        for candidate in candidates:
            _show_candidate(candidate, language)
    if len(candidates) > 1:
        st.button(
            say("app.place.remove_all", language),
            on_click=change_state,
            args=(remove_all_candidates,),
        )


def _show_candidate(candidate: Candidate, language: Language) -> None:
    name, button = st.columns([3, 1], vertical_alignment="center")
    with name:
        label = candidate.label or say("app.place.on_map", language)
        show_plain(f"{candidate.site_id}: {label}", "app-question")
    button.button(
        say("app.place.remove_short", language),
        key=f"remove-{candidate.site_id}",
        help=say("app.place.remove", language, site_id=candidate.site_id),
        on_click=change_state,
        args=(remove_candidate, candidate.site_id),
        width="stretch",
    )


def _place(key: StudyKey, x_m: float, y_m: float, label: str = "") -> bool:
    """Add a candidate if a road is near; return whether it was added."""
    before = current_state()
    after = add_candidate(before, x_m, y_m, label)
    try:
        with_candidates(key, places_of(after.candidates))
    except CoordinateError:
        change_state(tell, Message("place.no_road"))
        return False
    change_state(lambda _: after)
    return after.candidates != before.candidates
