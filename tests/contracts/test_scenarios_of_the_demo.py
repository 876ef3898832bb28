"""Scenarios on the demo: the figures that answer a click are those of the whole assessment."""

from pathlib import Path

import numpy as np
import pytest

from coverage.choice import STATUSES
from coverage.scenario.actions import Close, Move, Open, Retire, Scenario, SetIntake
from coverage.scenario.apply import apply_scenario
from coverage.scenario.effect import PRACTICE_FIGURES, EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario.screening import screen_closures
from coverage.study import run_study
from coverage.study_file import load_study

DEMO = Path(__file__).parents[2] / "data" / "demo" / "study.toml"
ODENSE = {"x_m": 588_000.0, "y_m": 6_139_000.0}
# Ærø has no road to the mainland: a practice there is a first one for some homes.
AEROE = {"x_m": 588_500.0, "y_m": 6_083_500.0}


@pytest.fixture(scope="module")
def demo():
    return run_study(load_study(DEMO)).assessment


def a_closed_one(demo):
    return next(one for one in demo.matrix.site_ids if one not in demo.choice.open_ids)


SCENARIOS = {
    "a practice opens in Odense": lambda _: (Open(site_id="K1", capacities=2, **ODENSE),),
    "an open one closes": lambda demo: (Close(ydernummer=demo.choice.open_ids[3]),),
    "one moves across the region": lambda demo: (
        Move(ydernummer=demo.choice.open_ids[7], **ODENSE),
    ),
    "a list opens": lambda demo: (SetIntake(ydernummer=a_closed_one(demo), intake_open=True),),
    "a doctor stops": lambda demo: (Retire(ydernummer=demo.tables.doctors["ydernummer"].iloc[0]),),
    "every practice of Ærø closes and one opens": lambda demo: (
        *(
            Close(ydernummer=one)
            for one, area in demo.levels[0].of_practice.items()
            if area == "0492"
        ),
        Open(site_id="K1", capacities=2, **AEROE),
    ),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_the_quick_figures_are_those_of_the_whole_assessment(demo, name):
    scenario = Scenario(name=name, actions=SCENARIOS[name](demo))
    effect = measure_effect(EffectBasis(demo), resolve_scenario(demo, scenario))
    whole = apply_scenario(demo, scenario)
    numbers = {status: at for at, status in enumerate(STATUSES)}
    statuses = whole.choice.by_origin["road_status"].map(numbers).to_numpy()
    assert (statuses == effect.status_after).all()
    for level, table in effect.by_area.items():
        quick = table.set_index("area_id")
        choice = whole.by_area[level].set_index("area_id")
        for rank in ("first", "second"):
            np.testing.assert_allclose(
                quick[f"{rank}_mean_m"].reindex(choice.index), choice[f"road_{rank}_mean_m"]
            )
        capacity = whole.capacity.by_area[level].set_index("area_id")
        for figure in PRACTICE_FIGURES:
            np.testing.assert_allclose(
                quick[figure].to_numpy(float), capacity[figure].to_numpy(float), err_msg=figure
            )
        areas = whole.designation.areas
        signals = areas[areas["area_level"] == level].set_index("area_id")["signal"]
        assert quick["signal"].dropna().to_dict() == signals.to_dict()


def test_the_demo_has_a_scenario_that_takes_a_signal_away(demo):
    scenario = Scenario(name="x", actions=(Open(site_id="K1", capacities=2, **ODENSE),))
    effect = measure_effect(EffectBasis(demo), resolve_scenario(demo, scenario))
    before = demo.designation.areas.set_index(["area_level", "area_id"])["signal"]
    assert before["kommune", "0461"] == "signal"
    assert effect.by_area["kommune"].set_index("area_id")["signal"]["0461"] == "no_signal"


def test_every_practice_s_closing_is_screened_with_what_the_skal_areas_say(demo):
    table = screen_closures(demo)
    assert len(table) == len(demo.skal.practices)
    assert table["persons_lose_choice"].tolist() == (
        demo.skal.practices["persons_lose_choice"].tolist()
    )
    assert (table["areas_gaining_signal"] != "").any()
    assert (table["persons_in_free_places"] <= table["listed_persons"] + 1e-6).all()
    more = table["patients_per_capacity_after"] >= table["patients_per_capacity_before"] - 1e-6
    assert (more | table["patients_per_capacity_after"].isna()).all()
