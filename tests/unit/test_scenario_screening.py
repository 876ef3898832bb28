"""Every closing by itself: the same as a scenario of one closing each."""

import numpy as np
import pytest

from coverage.scenario.actions import Close, Scenario
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario.screening import screen_closures
from coverage.signal_rule import CRITERIA
from tests.annex_town import annex_town, planned_town

# Many patients per capacity are enough for a signal: Odense has 3009 on 3.5 capacities (860),
# without P2 on 2.5 (1204).
EASY = {
    **{f"designation.weight_{name}": float(name == "patients_per_capacity") for name in CRITERIA},
    "designation.signal_weight": 1,
    "designation.patients_per_capacity_persons": 1100,
}


def towns():
    yield annex_town()
    yield annex_town(overrides=EASY)
    yield planned_town()


@pytest.fixture(scope="module", params=range(3), ids=["plain", "easy signals", "with a plan"])
def town(request):
    return list(towns())[request.param]


def test_every_placed_practice_of_the_study_is_screened(town):
    assert list(screen_closures(town)["ydernummer"]) == list(town.skal.practices["ydernummer"])


def test_each_row_is_what_a_scenario_of_that_closing_says(town):
    basis, level = EffectBasis(town), town.designation_level
    before = town.designation.areas
    before = before[before["area_level"] == level].set_index("area_id")
    for row in screen_closures(town).to_dict("records"):
        scenario = Scenario(name="x", actions=(Close(ydernummer=row["ydernummer"]),))
        resolved = resolve_scenario(town, scenario)
        after = measure_effect(basis, resolved).by_area[level].set_index("area_id")
        assert row["persons_lose_choice"] == pytest.approx(after["persons_lose_choice"]["all"])
        np.testing.assert_allclose(
            row["patients_per_capacity_after"], after["patients_per_capacity"][row["area_id"]]
        )
        assert row["persons_in_free_places"] == resolved.takeover.persons_in_free_places
        is_signal, was_signal = (after["signal"] == "signal"), (before["signal"] == "signal")
        for column, held in (
            ("areas_gaining_signal", is_signal.reindex(before.index) & ~was_signal),
            ("areas_losing_signal", ~is_signal.reindex(before.index) & was_signal),
        ):
            assert row[column] == ", ".join(before["area_name"][held])


def test_the_towns_here_have_signals_that_come_by_a_closing():
    table = screen_closures(annex_town(overrides=EASY)).set_index("ydernummer")
    assert table["areas_gaining_signal"]["010002"] == "Odense"
    assert table["areas_losing_signal"]["010002"] == ""


def test_what_a_closing_takes_is_by_hand(town):
    # Closing P2 (km 4): A's 1200, B's 310 and D's 55 keep one open practice; all keep one.
    table = screen_closures(town).set_index("ydernummer")
    assert table["persons_lose_choice"]["010002"] == pytest.approx(1565.0)
    assert table["persons_lose_practice"]["010002"] == 0.0
    assert table["listed_persons"]["010002"] == 1002.0
