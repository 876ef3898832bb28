from pathlib import Path

import pytest

from coverage.choice import ALL_AREAS
from coverage.ui.state import (
    MAP_HEIGHTS_PX,
    AppState,
    Candidate,
    Message,
    add_candidate,
    choose_area,
    choose_language,
    choose_level,
    choose_map_height,
    handle_click,
    new_click,
    remove_all_candidates,
    remove_candidate,
    tell,
)

START = AppState(study_path=Path("study.toml"))


def test_the_app_begins_in_danish_with_all_areas_and_nothing_placed():
    assert START.language == "da"
    assert START.selected_area == ALL_AREAS
    assert START.candidates == ()
    assert START.map_height_px in MAP_HEIGHTS_PX


def test_candidates_are_numbered_in_the_order_of_placing():
    state = add_candidate(add_candidate(START, 586_000.0, 6_141_000.0), 588_000.0, 6_142_000.0, "B")
    assert state.candidates == (
        Candidate("K1", "", 586_000.0, 6_141_000.0),
        Candidate("K2", "B", 588_000.0, 6_142_000.0),
    )
    assert START.candidates == (), "the state before is as it was"


def test_a_number_is_never_given_twice():
    two = add_candidate(add_candidate(START, 1.0, 1.0), 5.0, 5.0)
    after = add_candidate(remove_candidate(two, "K2"), 9.0, 9.0)
    assert [candidate.site_id for candidate in after.candidates] == ["K1", "K3"]


def test_the_same_place_twice_is_one_practice_and_a_message():
    once = add_candidate(START, 586_000.0, 6_141_000.0)
    twice = add_candidate(once, 586_000.5, 6_141_000.5)
    assert twice.candidates == once.candidates
    assert twice.message == Message("place.taken", (("site_id", "K1"),))


def test_a_metre_away_is_another_place():
    once = add_candidate(START, 586_000.0, 6_141_000.0)
    assert len(add_candidate(once, 586_001.0, 6_141_000.0).candidates) == 2


def test_removing_keeps_the_others_and_an_unknown_id_changes_nothing():
    two = add_candidate(add_candidate(START, 1.0, 1.0), 5.0, 5.0)
    assert [one.site_id for one in remove_candidate(two, "K1").candidates] == ["K2"]
    assert remove_candidate(two, "K9").candidates == two.candidates
    assert remove_all_candidates(two).candidates == ()


def test_a_click_is_handled_once_although_the_map_repeats_it():
    value = {"last_clicked": {"lat": 55.4, "lng": 10.4}}
    assert new_click(START, value) == (55.4, 10.4)
    handled = handle_click(START, (55.4, 10.4))
    assert new_click(handled, value) is None
    assert new_click(handled, {"last_clicked": {"lat": 55.5, "lng": 10.4}}) == (55.5, 10.4)


@pytest.mark.parametrize(
    "value",
    [
        None,
        {},
        {"last_clicked": None},
        {"last_clicked": {"lat": "55.4", "lng": 10.4}},
        {"last_clicked": {"lng": 10.4}},
        "55.4, 10.4",
    ],
)
def test_what_is_no_click_places_nothing(value):
    assert new_click(START, value) is None


def test_another_level_shows_all_its_areas():
    state = choose_level(choose_area(START, "0461"), "sundhedsråd")
    assert (state.area_level, state.selected_area) == ("sundhedsråd", ALL_AREAS)


def test_language_and_height_change_nothing_else():
    placed = add_candidate(START, 1.0, 1.0)
    english = choose_map_height(choose_language(placed, "en"), 440)
    assert (english.language, english.map_height_px) == ("en", 440)
    assert english.candidates == placed.candidates
    assert choose_language(english, "tlh").language == "en"


def test_the_next_placing_takes_the_message_away():
    told = tell(START, Message("place.no_road"))
    assert told.message == Message("place.no_road")
    assert add_candidate(told, 1.0, 1.0).message is None
