"""Placing practices: on the map, by typing, and the list of those that are placed."""

import streamlit as st

from coverage.assessment import Assessment
from coverage.errors import CoordinateError
from coverage.ui.formats import format_km
from coverage.ui.laegevalg.typed_place import TypedAddress, TypedNonsense, parse_place
from coverage.ui.loading import StudyKey, address_book, places_of, with_candidates
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
# Match levels of an address that the visitor is told about: the place is near, not exact.
_INEXACT = ("nearby_number", "street")
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
    before = current_state().candidates
    typed = parse_place(str(st.session_state.get(_TYPED_KEY, "")))
    if isinstance(typed, TypedNonsense):
        change_state(tell, Message(typed.reason))
    elif isinstance(typed, TypedAddress):
        _place_address(key, typed.text)
    else:
        _place(key, typed.x_m, typed.y_m)
    if current_state().candidates != before:
        st.session_state[_TYPED_KEY] = ""


def example_address(assessment: Assessment) -> str:
    """Return an address of the study, as somebody would type it; empty if it has none."""
    addresses = assessment.tables.addresses
    if not len(addresses):
        return ""
    row = addresses.iloc[len(addresses) // 2]
    return f"{row['street']} {row['house_number']}, {row['postcode']} {row['town']}"


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
            placeholder=_example(assessment, language),
            label_visibility="collapsed",
        )
        button.form_submit_button(
            say("app.place.button", language), on_click=place_typed, args=(key,), width="stretch"
        )
    if state.message:
        st.warning(escape_markdown(_message_text(state.message, assessment, language)))
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


def _place_address(key: StudyKey, text: str) -> None:
    if not len(with_candidates(key, ()).tables.addresses):
        change_state(tell, Message("place.no_addresses"))
        return
    match = address_book(key).match_text(text)
    if match.level == "not_found":
        unclear = Message("place.unclear", (("found", match.found),))
        change_state(tell, unclear if match.found else Message("place.not_found"))
        return
    added = _place(key, match.x_m, match.y_m, match.found)
    if added and match.level in _INEXACT:
        site_id = current_state().candidates[-1].site_id
        values = (("site_id", site_id), ("found", match.found))
        change_state(tell, Message(f"place.{match.level}", values))


def _example(assessment: Assessment, language: Language) -> str:
    address = example_address(assessment)
    if not address:
        return say("app.place.coordinates_example", language)
    return say("app.place.example", language, address=address)


def _message_text(message: Message, assessment: Assessment, language: Language) -> str:
    leg = format_km(assessment.rules.travel.max_leg_m, language)
    address = example_address(assessment)
    key = message.key
    if key == "place.not_found" and not address:
        key = "place.not_found_plain"
    values = {"leg": leg, "address": address, **dict(message.values)}
    return say(f"app.{key}", language, **values)
