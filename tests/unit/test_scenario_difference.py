"""Differences by area in the drawn town (``tests.drawn_town``).

Closing P2 takes the choice from A (1,200; only P1 is left), B (310; P1) and D (55; P4),
while C keeps P1 and P4. A and B live in Odense, D in Nyborg. A practice at km 22.5
gives E (47) a second one beside P4.
"""

import numpy as np
import pandas as pd
import pytest

from coverage.scenario.actions import Close, Open, Resize, Scenario, SetIntake
from coverage.scenario.difference import (
    DIFFERENCE_FIGURES,
    difference_by_area,
    signal_counts,
    signal_flips,
)
from coverage.scenario.effect import EffectBasis, measure_effect
from coverage.scenario.resolve import resolve_scenario
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment

AT_E = Open(site_id="N1", x_m=WEST_M + 22_500.0, y_m=ROAD_Y_M, capacities=1.0)


@pytest.fixture(scope="module")
def basis():
    return EffectBasis(drawn_assessment())


@pytest.fixture(scope="module")
def differ(basis):
    def differences(*actions, level="kommune"):
        before, after = (
            measure_effect(
                basis, resolve_scenario(basis.assessment, Scenario(name="", actions=done))
            )
            for done in ((), actions)
        )
        return difference_by_area(before, after, level)

    return differences


def of_area(table, area_id):
    return table.set_index("area_id").loc[area_id]


def test_an_empty_scenario_differs_nowhere(differ):
    table = differ()
    assert list(table["area_id"]) == ["all", "0450", "0461", "no_area"], "by name"
    assert not table["is_affected"].any()
    for figure in DIFFERENCE_FIGURES:
        known = table[f"{figure}_difference"].dropna()
        assert (known == 0).all()


def test_who_loses_the_choice_is_counted_where_they_live(differ):
    table = differ(Close(ydernummer="010002"))
    assert of_area(table, "all")["persons_lose_choice"] == pytest.approx(1565.0)
    assert of_area(table, "0461")["persons_lose_choice"] == pytest.approx(1510.0)
    assert of_area(table, "0450")["persons_lose_choice"] == pytest.approx(55.0)
    assert (table["persons_gain_choice"] == 0).all()


def test_shares_and_practices_have_a_before_and_an_after(differ):
    odense = of_area(differ(Close(ydernummer="010002")), "0461")
    # A, B and a third of C's 100 live in Odense; only C keeps the choice.
    assert odense["share_two_or_more_pct_before"] == pytest.approx(100.0)
    kept = 100 / 3
    assert odense["share_two_or_more_pct_after"] == pytest.approx(100 * kept / (1510 + kept))
    assert (odense["practices_before"], odense["practices_after"]) == (3, 2)
    assert odense["practices_difference"] == -1


def test_the_affected_areas_come_first_and_everything_before_them(differ):
    # C, partly in Odense, has another second nearest.
    east_first = differ(AT_E)
    assert list(east_first["area_id"]) == ["all", "0450", "0461", "no_area"]
    assert list(east_first["is_affected"]) == [True, True, True, False]
    most_first = differ(Close(ydernummer="010002"))
    assert list(most_first["area_id"][:3]) == ["all", "0461", "0450"]


def test_a_capacity_alone_makes_an_area_affected(differ):
    table = differ(Resize(ydernummer="010004", capacities=7.0))
    assert set(table.loc[table["is_affected"], "area_id"]) == {"all", "0450"}


def test_another_level_has_its_own_areas(differ):
    table = differ(AT_E, level="sundhedsraad")
    assert set(table["area_id"]) >= {"all", "Vest", "Øst"}
    assert of_area(table, "Øst")["persons_gain_choice"] == pytest.approx(47.0)


def test_what_is_missing_before_or_after_is_a_missing_difference(differ):
    table = differ(*(Close(ydernummer=f"01000{number}") for number in (1, 2, 6)))
    odense = of_area(table, "0461")
    assert not np.isnan(odense["patients_per_capacity_before"])
    assert np.isnan(odense["patients_per_capacity_difference"])
    assert odense["is_affected"]


def test_signals_are_counted_and_named():
    table = pd.DataFrame(
        {
            "area_name": ["all", "A", "B", "C", "D"],
            "signal_before": [None, "signal", "no_signal", "signal", "possible"],
            "signal_after": [None, "no_signal", "signal", "signal", "no_signal"],
        }
    )
    assert signal_counts(table) == (2, 2)
    assert signal_flips(table) == (("B",), ("A",))


def test_opening_a_list_changes_the_shares_of_closed_practices(differ):
    nyborg = of_area(differ(SetIntake(ydernummer="010003", intake_open=True)), "0450")
    assert nyborg["practices_closed_pct_before"] == pytest.approx(50.0)
    assert nyborg["practices_closed_pct_after"] == pytest.approx(0.0)
