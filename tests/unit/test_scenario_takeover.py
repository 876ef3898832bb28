"""Where the patients of a closed practice count: by hand, on the drawn town and on bare tables.

The drawn town (capacities, patients): Odense has P1 (1.5; 1001, open), P2 (1; 1002, open), P6
(1; 1006, unknown intake); Nyborg has P3 (1; unknown, closed) and P4 (1; 1004, open). Where
P5 (1; 1005, open) lies nobody knows: it is in no area but the study.
"""

import numpy as np
import pandas as pd
import pytest

from coverage.scenario.actions import Close, Open, Resize, Scenario
from coverage.scenario.apply import apply_scenario
from coverage.scenario.resolve import resolve_scenario
from coverage.scenario.takeover import RankedAreas, take_over
from tests.annex_town import annex_town
from tests.drawn_town import ROAD_Y_M, WEST_M


@pytest.fixture(scope="module")
def town():
    return annex_town()


def closed(town, *ydernumre):
    actions = tuple(Close(ydernummer=one) for one in ydernumre)
    return resolve_scenario(town, Scenario(name="lukket", actions=actions))


def areas(**rows):
    """Ranks 0 (part), 1 (kommune), 2 (study) of each practice."""
    return pd.DataFrame.from_dict(rows, orient="index", columns=[0, 1, 2])


def practices(**rows):
    """Listed persons and capacities of each practice."""
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["listed_persons", "capacities"])
    return table.rename_axis("ydernummer").reset_index().astype({"listed_persons": float})


def shared(gone, remaining, free, ranked):
    lists = pd.Series(gone, dtype="float64")
    after = ranked.loc[list(remaining["ydernummer"])]
    return take_over(lists, remaining, np.array(free, dtype=float), RankedAreas(ranked, after))


def test_free_places_fill_first_then_capacities_decide():
    # 900 patients; 300 free places at b, 100 at c; the other 500 by capacities 1 : 3.
    ranked = areas(a=("p", "k", "s"), b=("p", "k", "s"), c=("p", "k", "s"))
    answer = shared({"a": 900.0}, practices(b=(1000, 1), c=(4000, 3)), [300, 100], ranked)
    assert dict(answer.by_practice) == {"b": 300 + 125, "c": 100 + 375}
    assert dict(answer.without_place) == {"b": 125, "c": 375}
    assert answer.persons_in_free_places == 400


def test_each_open_practice_takes_its_share_of_the_free_places():
    # 100 patients, free places 300 : 100.
    ranked = areas(a=("p", "k", "s"), b=("p", "k", "s"), c=("p", "k", "s"))
    answer = shared({"a": 100.0}, practices(b=(1, 1), c=(1, 1)), [300, 100], ranked)
    assert dict(answer.by_practice) == {"b": 75, "c": 25}
    assert answer.without_place.empty


def test_patients_stay_in_the_smallest_area_that_has_a_practice():
    ranked = areas(
        a=("p1", "k1", "s"), b=("p1", "k1", "s"), c=("p2", "k1", "s"), d=("p3", "k2", "s")
    )
    remaining = practices(b=(0, 1), c=(0, 1), d=(0, 1))
    assert dict(shared({"a": 9.0}, remaining, [0, 0, 0], ranked).by_practice) == {"b": 9}
    without_b = practices(c=(0, 1), d=(0, 1))
    answer = shared({"a": 9.0}, without_b, [0, 0], ranked.drop("b"))
    assert (dict(answer.by_practice), answer.persons_elsewhere) == ({"c": 9}, 0.0)
    only_d = practices(d=(0, 1))
    answer = shared({"a": 9.0}, only_d, [0], ranked.drop(["b", "c"]))
    assert (dict(answer.by_practice), answer.persons_elsewhere) == ({"d": 9}, 9.0)


def test_a_practice_whose_list_nobody_knows_gets_nobody():
    ranked = areas(a=("p1", "k1", "s"), b=("p1", "k1", "s"), c=("p2", "k1", "s"))
    remaining = practices(b=(np.nan, 1), c=(0, 1))
    assert dict(shared({"a": 9.0}, remaining, [50, 0], ranked).by_practice) == {"c": 9}


def test_without_any_capacity_patients_are_shared_evenly():
    ranked = areas(a=("p", "k", "s"), b=("p", "k", "s"), c=("p", "k", "s"))
    remaining = practices(b=(0, np.nan), c=(0, 0))
    assert dict(shared({"a": 9.0}, remaining, [0, 0], ranked).by_practice) == {"b": 4.5, "c": 4.5}


def test_an_unknown_list_is_named_and_patients_without_any_practice_are_counted():
    ranked = areas(a=("p", "k", "s"), b=("p", "k", "s"))
    answer = shared({"a": 9.0, "b": np.nan}, practices(), [], ranked)
    assert (answer.persons_nowhere, answer.lists_unknown) == (9.0, ("b",))


def test_a_practice_outside_the_study_hands_on_to_its_like_only():
    ranked = areas(a=("|", "", ""), b=("p", "k", "s"), c=("|", "", ""))
    remaining = practices(b=(0, 1), c=(0, 1))
    assert dict(shared({"a": 9.0}, remaining, [99, 0], ranked).by_practice) == {"c": 9}


def test_the_patients_of_a_practice_that_nobody_placed_stay_in_the_study(town):
    # P5's 1005 in the free places of P1 (2400 - 1001), P2 (598) and P4 (596): 2593 in all.
    answer = closed(town, "010005").takeover
    free = {"010001": 1399, "010002": 598, "010004": 596}
    assert dict(answer.by_practice) == pytest.approx(
        {one: 1005 * places / 2593 for one, places in free.items()}
    )
    assert (answer.persons_elsewhere, answer.persons_nowhere) == (1005.0, 0.0)


def test_two_closings_do_not_depend_on_their_order():
    ranked = areas(a=("p", "k", "s"), b=("p", "k", "s"), c=("p", "k", "s"), d=("p", "k", "s"))
    remaining = practices(c=(0, 1), d=(0, 2))
    one = shared({"a": 100.0, "b": 50.0}, remaining, [60, 0], ranked)
    other = shared({"b": 50.0, "a": 100.0}, remaining, [60, 0], ranked)
    pd.testing.assert_series_equal(one.by_practice, other.by_practice)


def test_in_the_drawn_town_the_neighbours_in_the_kommune_take_over(town):
    # P1's 1001: P2 has 1600 - 1002 = 598 free places, P6 none (its list counts as closed).
    # The other 403 by capacities 1 : 1.
    answer = closed(town, "010001")
    assert dict(answer.takeover.by_practice.round(6)) == {"010002": 598 + 201.5, "010006": 201.5}
    assert answer.takeover.persons_in_free_places == pytest.approx(598)
    assert answer.practices["listed_persons"].sum() == town.tables.practices["listed_persons"].sum()


def test_the_area_keeps_its_patients_and_has_more_of_them_per_capacity(town):
    # Odense: 1001 + 1002 + 1006 = 3009 on 3.5 capacities, then on 2.
    before = town.capacity.by_area["kommune"].set_index("area_id").loc["0461"]
    assessment = apply_scenario(town, closed(town, "010001").scenario)
    after = assessment.capacity.by_area["kommune"].set_index("area_id").loc["0461"]
    assert (before["listed_persons"], after["listed_persons"]) == (3009.0, 3009.0)
    assert before["patients_per_capacity"] == pytest.approx(3009 / 3.5)
    assert after["patients_per_capacity"] == pytest.approx(3009 / 2)


def test_patients_without_a_place_make_no_room(town):
    # P6 (closed) holds its 1006, not the 201.5 that count there since P1 closed.
    assessment = apply_scenario(town, closed(town, "010001").scenario)
    room = assessment.capacity.by_practice.set_index("ydernummer")["room_persons"]
    assert room["010006"] == pytest.approx(1006.0)
    assert room["010002"] == pytest.approx(1600.0)


def test_a_new_practice_takes_over_what_its_free_places_allow(town):
    # Beside P2's 598 free places K1 has 1600: of 1001 patients it gets 1600 / 2198.
    new = Open(site_id="K1", x_m=WEST_M + 3000.0, y_m=ROAD_Y_M, capacities=1)
    scenario = Scenario(name="bytte", actions=(Close(ydernummer="010001"), new))
    answer = resolve_scenario(town, scenario).takeover
    assert answer.by_practice["K1"] == pytest.approx(1001 * 1600 / 2198)
    assert answer.without_place.empty


def test_a_larger_practice_has_more_free_places_to_take_over(town):
    # P2 with 2 capacities: 3200 - 1002 = 2198 free places, enough for all 1001.
    actions = (Resize(ydernummer="010002", capacities=2), Close(ydernummer="010001"))
    answer = resolve_scenario(town, Scenario(name="større", actions=actions)).takeover
    assert dict(answer.by_practice.round(6)) == {"010002": 1001}


def test_a_second_scenario_on_top_of_the_first_keeps_who_has_no_place(town):
    first = apply_scenario(town, closed(town, "010001").scenario)
    again = apply_scenario(first, Scenario(name="intet mere"))
    pd.testing.assert_frame_equal(again.plan.displaced, first.plan.displaced)
    assert first.plan.displaced["persons"].sum() == pytest.approx(403)
