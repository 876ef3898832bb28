"""Every action on the drawn town's register, and every reason why one cannot be carried out."""

import numpy as np
import pandas as pd
import pytest

from coverage.errors import ScenarioError
from coverage.scenario.actions import (
    KINDS,
    Close,
    Move,
    Open,
    OpenSatellite,
    Resize,
    Retire,
    Scenario,
    SetIntake,
    kind_of,
    subject_of,
)
from coverage.scenario.resolve import resolve_scenario
from tests.annex_town import annex_town
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment


@pytest.fixture(scope="module")
def town():
    return annex_town()


def at_km(km):
    return {"x_m": WEST_M + km * 1000.0, "y_m": ROAD_Y_M}


def resolved(town, *actions):
    return resolve_scenario(town, Scenario(name="prøve", actions=actions))


def row(answer, practice):
    return answer.practices.set_index("ydernummer").loc[practice]


def test_a_register_without_doctors_has_scenarios_too():
    answer = resolved(drawn_assessment(), Close(ydernummer="010002"))
    assert answer.closed == ("010002",)
    assert answer.doctors.empty


def test_a_scenario_without_actions_leaves_the_register_as_it_is(town):
    answer = resolved(town)
    pd.testing.assert_frame_equal(answer.practices, town.tables.practices)
    pd.testing.assert_frame_equal(answer.doctors, town.tables.doctors)
    assert answer.levels == town.levels
    assert (answer.closed, answer.opened, answer.moved, len(answer.sites)) == ((), (), (), 0)


def test_a_new_practice_stands_last_without_patients_limit_or_doctors(town):
    answer = resolved(town, Open(site_id="K1", capacities=1.5, name="Ny", **at_km(22)))
    new = row(answer, "K1")
    assert answer.opened == ("K1",)
    assert list(answer.practices["ydernummer"])[-1] == "K1"
    assert (new["name"], new["capacities"], new["listed_persons"]) == ("Ny", 1.5, 0.0)
    assert bool(new["intake_open"])
    assert pd.isna(new["closing_limit_persons"])
    assert new["kommune_code"] == "0450"
    assert "K1" not in set(answer.doctors["ydernummer"])
    assert answer.practices.dtypes.equals(town.tables.practices.dtypes)


def test_a_new_practice_belongs_to_the_areas_around_its_place(town):
    answer = resolved(town, Open(site_id="K1", capacities=1, **at_km(22)))
    assert [level.of_practice["K1"] for level in answer.levels] == ["0450", "Øst"]


def test_a_closed_practice_is_gone_with_its_doctors_and_areas(town):
    answer = resolved(town, Close(ydernummer="010001"))
    assert answer.closed == ("010001",)
    assert "010001" not in set(answer.practices["ydernummer"])
    assert "010001" not in set(answer.doctors["ydernummer"])
    assert "010001" not in answer.levels[0].of_practice.index


def test_a_move_changes_the_place_the_areas_and_nothing_of_the_list(town):
    answer = resolved(town, Move(ydernummer="010002", address="Nyvej 1", **at_km(20)))
    moved = row(answer, "010002")
    assert (moved["x_m"], moved["address"]) == (WEST_M + 20_000.0, "Nyvej 1")
    assert (moved["listed_persons"], moved["capacities"]) == (1002.0, 1.0)
    assert moved["kommune_code"] == "0450"
    assert [level.of_practice["010002"] for level in answer.levels] == ["0450", "Øst"]
    assert answer.moved == ("010002",)


def test_a_practice_that_was_never_placed_gets_a_place_by_moving(town):
    answer = resolved(town, Move(ydernummer="010005", **at_km(30)))
    assert list(answer.sites.ids) == ["010005"]
    assert answer.levels[0].of_practice["010005"] == "0450"


def test_resizing_and_the_list_change_only_their_column(town):
    answer = resolved(
        town,
        Resize(ydernummer="010001", capacities=3),
        SetIntake(ydernummer="010003", intake_open=True),
    )
    assert row(answer, "010001")["capacities"] == 3.0
    assert bool(row(answer, "010003")["intake_open"])
    before = town.tables.practices.set_index("ydernummer").drop(columns=["capacities"])
    after = answer.practices.set_index("ydernummer").drop(columns=["capacities"])
    columns = ["intake_open", "intake_text"]
    pd.testing.assert_frame_equal(before.drop(columns=columns), after.drop(columns=columns))


def test_the_eldest_doctor_stops_and_takes_an_even_share_of_the_capacity(town):
    # 010001: born 1960 and 1980, 1.5 capacities.
    answer = resolved(town, Retire(ydernummer="010001"))
    assert row(answer, "010001")["capacities"] == 0.75
    left = answer.doctors.loc[answer.doctors["ydernummer"] == "010001", "birth_year"]
    assert list(left) == [1980]


def test_the_capacity_that_ends_with_a_doctor_may_be_given(town):
    answer = resolved(town, Retire(ydernummer="010001", capacities=0))
    assert row(answer, "010001")["capacities"] == 1.5
    assert (answer.doctors["ydernummer"] == "010001").sum() == 1


def test_a_practice_closes_with_its_last_doctor(town):
    answer = resolved(town, Retire(ydernummer="010001"), Retire(ydernummer="010001"))
    assert answer.closed == ("010001",)
    assert resolved(town, Retire(ydernummer="010001", doctors=2)).closed == ("010001",)


def test_actions_build_on_one_another(town):
    answer = resolved(
        town,
        Open(site_id="K1", capacities=1, **at_km(22)),
        Resize(ydernummer="K1", capacities=2),
        Move(ydernummer="K1", **at_km(23)),
        SetIntake(ydernummer="K1", intake_open=False),
    )
    new = row(answer, "K1")
    assert (new["capacities"], new["x_m"], bool(new["intake_open"])) == (2.0, WEST_M + 23e3, False)
    assert (answer.opened, answer.moved) == (("K1",), ())
    assert (
        resolved(town, Open(site_id="K1", capacities=1, **at_km(2)), Close(ydernummer="K1")).opened
        == ()
    )


def test_a_satellite_is_counted_with_its_practice_and_goes_with_it(town):
    answer = resolved(town, OpenSatellite(ydernummer="010001", address="Filialvej 2", **at_km(9)))
    assert list(answer.satellites["ydernummer"]) == ["010001"]
    assert len(answer.sites) == 0, "no source says that it is a choice"
    gone = resolved(
        town, OpenSatellite(ydernummer="010001", **at_km(9)), Close(ydernummer="010001")
    )
    assert gone.satellites.empty


SEA = {"x_m": WEST_M, "y_m": ROAD_Y_M + 40_000.0}
BAD = {
    "an unknown ydernummer": (Close(ydernummer="999999"), "has no such practice"),
    "an id in use": (Open(site_id="010001", capacities=1, **at_km(1)), "in use"),
    "an id of blanks": (Open(site_id=" ", capacities=1, **at_km(1)), "without blanks"),
    "a place in the sea": (Open(site_id="K1", capacities=1, **SEA), "no road within 2,000 m"),
    "a place abroad": (Open(site_id="K1", capacities=1, x_m=12.1, y_m=55.6), "no place in Denmark"),
    "a place that is none": (Move(ydernummer="010001", x_m=np.nan, y_m=0), "no place in Denmark"),
    "a third of a capacity": (Resize(ydernummer="010001", capacities=0.3), "whole or half"),
    "no capacity": (Open(site_id="K1", capacities=0, **at_km(1)), "whole or half"),
    "an unknown form": (
        Open(site_id="K1", capacities=1, clinic_form="apotek", **at_km(1)),
        "'apotek' is no form of clinic",
    ),
    "an open list opened": (SetIntake(ydernummer="010001", intake_open=True), "open already"),
    "a closed list closed": (SetIntake(ydernummer="010003", intake_open=False), "closed already"),
    "unknown doctors": (Retire(ydernummer="010006"), "nobody knows the doctors"),
    "more doctors than there are": (Retire(ydernummer="010003", doctors=2), "the practice has 1"),
    "no doctor": (Retire(ydernummer="010003", doctors=0), "the practice has 1"),
    "more capacity than there is": (Retire(ydernummer="010001", capacities=2), "has 1.5"),
    "a satellite of nobody": (OpenSatellite(ydernummer="9", **at_km(1)), "has no such practice"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_cannot_be_carried_out_is_told(town, case):
    action, words = BAD[case]
    with pytest.raises(ScenarioError) as caught:
        resolved(town, action)
    assert words in str(caught.value)
    assert f"action 1 ({kind_of(action)} {subject_of(action)})" in str(caught.value)
    assert caught.value.exit_code == 25


def test_closing_what_is_closed_is_told_and_every_failing_action_at_once(town):
    with pytest.raises(ScenarioError) as caught:
        resolved(
            town,
            Close(ydernummer="010001"),
            Close(ydernummer="010001"),
            Resize(ydernummer="999999", capacities=1),
            Open(site_id="K1", capacities=1, **SEA),
        )
    assert [problem.split(" (")[0] for problem in caught.value.problems] == [
        "action 2",
        "action 3",
        "action 4",
    ]
    assert "closed already" in caught.value.problems[0]


def test_a_list_whose_state_nobody_knows_can_be_opened_and_closed(town):
    for is_open in (True, False):
        answer = resolved(town, SetIntake(ydernummer="010006", intake_open=is_open))
        assert bool(row(answer, "010006")["intake_open"]) is is_open


def test_every_kind_of_action_is_tried_here():
    tried = {kind_of(action) for action, _ in BAD.values()}
    assert tried == set(KINDS)
