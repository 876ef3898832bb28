"""A scenario's annex beside the register's tells nothing more of doctors' ages."""

from functools import cache

import numpy as np
import pytest

from coverage.choice import ALL_AREAS
from coverage.exports.annex_table import shown_rows
from coverage.exports.annex_tables import annex_tables
from coverage.exports.withholding import AGE_COLUMNS, withhold_ages, withhold_changes
from coverage.scenario.actions import Close, Move, Open, Resize, Retire, Scenario, SetIntake
from coverage.scenario.apply import apply_scenario
from coverage.wording import say
from tests.annex_town import annex_town
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_stamp

WITHHELD = say("annex.withheld", "da")
# Four doctors at P1, three at P2 and P4, one at P3: all of both kommuner are shown.
YEARS = {
    "010001": (1960, 1962, 1980, 1985),
    "010002": (1955, 1971, 1990),
    "010003": (1990,),
    "010004": (1962, 1964, 1988),
}
ACTIONS = {
    "closing": Close(ydernummer="010003"),
    "closing a practice of many": Close(ydernummer="010002"),
    "moving": Move(ydernummer="010003", x_m=WEST_M + 3_000, y_m=ROAD_Y_M),
    "another capacity": Resize(ydernummer="010003", capacities=3.0),
    "a doctor who stops": Retire(ydernummer="010004"),
}
HARMLESS = {
    "opening": Open(site_id="K1", x_m=WEST_M + 20_000, y_m=ROAD_Y_M, capacities=1.0),
    "another intake": SetIntake(ydernummer="010003", intake_open=True),
}


@cache
def town():
    return annex_town(birth_years=YEARS)


@cache
def after(*actions):
    return apply_scenario(town(), Scenario(name="x", actions=actions))


def shown_ages(assessment, withheld):
    """Return the published age figures: (level, area, column) -> figure or the word."""
    tables = annex_tables(assessment, drawn_stamp(assessment), "da", withheld)
    annex = tables["capacity_by_area"]
    found = {}
    for codes, row in zip(annex.codes.to_dict("records"), shown_rows(annex, "da"), strict=True):
        for column in AGE_COLUMNS:
            found[codes["area_level"], codes["area_id"], column] = row[column]
    return found


def test_of_the_register_alone_nothing_is_withheld_here():
    assert not withhold_ages(town()).areas.any()


@pytest.mark.parametrize("action", ACTIONS.values(), ids=ACTIONS)
def test_what_a_scenario_touches_is_withheld_and_so_is_the_total(action):
    held = withhold_changes(town(), after(action)).areas
    touched = {"010001": "0461", "010002": "0461", "010003": "0450", "010004": "0450"}
    assert held["kommune", touched[action.ydernummer]]
    assert held["kommune", ALL_AREAS] or isinstance(action, Move)


def test_a_move_into_another_kommune_touches_both():
    held = withhold_changes(town(), after(ACTIONS["moving"])).areas
    assert held["kommune", "0450"]
    assert held["kommune", "0461"]
    assert not held["kommune", ALL_AREAS], "the study has the same doctors as before"


@pytest.mark.parametrize("action", HARMLESS.values(), ids=HARMLESS)
def test_what_changes_no_doctor_withholds_nothing(action):
    assert not withhold_changes(town(), after(action)).areas.any()


@pytest.mark.parametrize("action", [*ACTIONS.values(), *HARMLESS.values()])
def test_a_figure_that_is_shown_is_shown_of_the_register_too(action):
    """So that the two annexes together are the register's annex, for any number of scenarios."""
    changed = after(action)
    before = shown_ages(town(), withhold_ages(town()))
    now = shown_ages(changed, withhold_changes(town(), changed))
    told = {key: value for key, value in now.items() if value != WITHHELD and not is_nan(value)}
    assert {key: before[key] for key in told} == pytest.approx(told)


def test_without_this_the_difference_would_be_one_doctors_age():
    """What is kept from happening: the annexes of the register and of the closing, subtracted."""
    changed = after(Close(ydernummer="010003"))
    before, now = (shown_ages(one, withhold_ages(one)) for one in (town(), changed))
    key = ("kommune", "0450", "doctors_older")
    assert before[key] - now[key] == 0, "so the one who is gone is young"
    assert shown_ages(changed, withhold_changes(town(), changed))[key] == WITHHELD


def test_what_is_withheld_of_the_register_stays_withheld():
    small = annex_town()
    held = withhold_ages(small)
    changed = apply_scenario(
        small, Scenario(name="x", actions=(SetIntake(ydernummer="010003", intake_open=True),))
    )
    again = withhold_changes(small, changed)
    assert again.areas.to_dict() == held.areas.to_dict()
    assert again.places.to_dict() == held.places.to_dict()


def test_a_place_is_withheld_when_a_doctor_there_stops():
    # With three doctors at P3 too nothing in Nyborg is withheld of the register.
    larger = annex_town(birth_years={**YEARS, "010003": (1965, 1975, 1990)})
    stops = Scenario(name="x", actions=(ACTIONS["a doctor who stops"],))
    assert not withhold_ages(larger).places["0450-oesterlund"]
    held = withhold_changes(larger, apply_scenario(larger, stops)).places
    assert held["0450-oesterlund"]
    assert not held["praksis-010003"]


def test_a_place_whose_doctors_are_known_only_afterwards_is_withheld():
    """P6 says nothing of its doctors, so Vesterby has no figure until P6 is gone."""
    changed = after(Close(ydernummer="010006"))
    doctors = [one.skal.places.set_index("place_id")["doctors"] for one in (town(), changed)]
    assert np.isnan(doctors[0]["0461-vesterby"])
    assert doctors[1]["0461-vesterby"] == 7
    assert withhold_changes(town(), changed).places["0461-vesterby"]


def is_nan(value):
    return isinstance(value, float) and np.isnan(value)
