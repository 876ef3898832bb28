"""New practices year by year at the places that the placement finds, on the drawn town.

Along its road of 46 km (``tests.drawn_town``) B (km 12.5, 310 persons) and the west have two open
practices within 15 km, E (km 22.5, 47) one and G (km 45.5, 9) none. In Nyborg a practice at km 24
gives E a second one; at km 40 it gives G a first one, and nobody a choice.
"""

from functools import cache

import pandas as pd
import pytest

from coverage.pathway.pathway import build_pathway
from coverage.pathway.placed_years import placed_by_search
from coverage.pathway.sites import YearDemand, beside_existing, no_sites
from coverage.placement.actions import placement_actions
from coverage.placement.candidates import candidates_from_table
from coverage.placement.place import place
from coverage.placement.request import Effort, PlacementRequest
from coverage.plan_tables import DISTRIBUTION_MODEL, PlanTables
from coverage.scenario.actions import Open, Scenario
from coverage.scenario.apply import apply_scenario
from coverage.tables import check_table
from tests.annex_town import annex_town
from tests.drawn_town import ROAD_Y_M, WEST_M

SEARCH = Effort(steps=200, exact=False)
# The region's own model doubles its capacities, and there are specialists enough.
MANY_MORE = PlanTables(
    distribution_model=check_table(
        pd.DataFrame(
            [("0461", None, "capacities", 8.0), ("0450", None, "capacities", 9.0)],
            columns=list(DISTRIBUTION_MODEL.columns),
        ),
        DISTRIBUTION_MODEL,
        where="test",
    )
)
PLENTY = {"pathway.training_places": 1000, "pathway.training_filled_pct": 100}


@cache
def town():
    return annex_town()


@cache
def candidates(*kms):
    table = pd.DataFrame(
        {
            "site_id": [f"km{km}" for km in kms],
            "name": [f"Km {km}" for km in kms],
            "x_m": [WEST_M + km * 1000.0 for km in kms],
            "y_m": ROAD_Y_M,
        }
    )
    return candidates_from_table(town(), table)


def demand(placed=None, year=2027, **practices):
    codes = {"odense": "0461", "nyborg": "0450"}
    counts = pd.Series({codes[name]: count for name, count in practices.items()}, dtype="int64")
    earlier = no_sites() if placed is None else placed
    return YearDemand(year, counts, counts.astype("float64"), earlier)


def test_a_year_s_practice_lies_where_it_gives_most_people_a_choice():
    found = placed_by_search(town(), candidates(5, 24, 40), effort=SEARCH)(demand(nyborg=1))
    (row,) = found.to_dict("records")
    assert (row["site_id"], row["kommune_code"]) == ("km24", "0450")
    assert (row["x_m"], row["y_m"]) == (WEST_M + 24_000.0, ROAD_Y_M)


def test_every_kommune_gets_as_many_as_it_opens():
    found = placed_by_search(town(), candidates(5, 7, 24, 40), effort=SEARCH)(
        demand(odense=1, nyborg=2)
    )
    assert sorted(found["kommune_code"]) == ["0450", "0450", "0461"]


def test_a_place_is_used_once_and_the_places_of_earlier_years_count():
    place_year = placed_by_search(town(), candidates(24, 38, 40), effort=SEARCH)
    first = place_year(demand(nyborg=1))
    placed = first.assign(year=2027)
    # G has P4 no nearer than 17.5 km: km 38 and 40 together are its choice, 24 is taken.
    second = place_year(demand(placed=placed, year=2028, nyborg=2))
    assert sorted(second["site_id"]) == ["km38", "km40"]


def test_practices_beyond_the_candidates_lie_beside_those_that_are_there():
    # Most of Nyborg's people look to P3 first, most of Odense's to P1.
    found = placed_by_search(town(), candidates(24), effort=SEARCH)(demand(odense=1, nyborg=3))
    assert list(found["site_id"]) == ["km24", "0450-2027-1", "0450-2027-2", "0461-2027-1"]
    plain = beside_existing(town())(demand(odense=1, nyborg=2)).set_index("site_id")
    beside = found.set_index("site_id")["same_reach_as"].dropna()
    assert beside.to_dict() == plain["same_reach_as"].to_dict()


def test_the_path_takes_its_places_from_the_search():
    growing = annex_town(plan=MANY_MORE, overrides=PLENTY)
    place_year = placed_by_search(growing, candidates(5, 24, 38, 40), effort=SEARCH)
    path, plain = build_pathway(growing, place_year=place_year), build_pathway(growing)
    assert {"km24", "km38", "km40"} <= set(path.sites["site_id"])
    pd.testing.assert_series_equal(*(one.by_area["capacities_end"] for one in (path, plain)))
    # Beside today's practices nobody opens near G; by search km 38 and 40 are its choice.
    (searched, beside) = (one.by_area.iloc[-1]["persons_with_choice"] for one in (path, plain))
    assert searched == pytest.approx(beside + 9.0)


def test_the_search_gives_the_same_places_for_the_same_seed():
    wanted = demand(odense=1, nyborg=2)
    tables = [
        placed_by_search(town(), candidates(5, 7, 24, 40), seed=4, effort=SEARCH)(wanted)
        for _ in range(2)
    ]
    pd.testing.assert_frame_equal(*tables)


def test_a_placement_as_a_scenario_does_what_the_placement_says():
    request = PlacementRequest(objective="choice", capacities=2, practices=2, effort=SEARCH)
    found = place(town(), candidates(5, 24, 38, 40), request)
    actions = placement_actions(found, note="12 nye")
    assert [action.site_id for action in actions] == list(found.sites["site_id"])
    assert all(isinstance(action, Open) and action.note == "12 nye" for action in actions)
    after = apply_scenario(town(), Scenario(name="placeret", actions=actions))
    total = after.by_area["kommune"].set_index("area_id").loc["all"]
    assert total["road_persons_two_or_more"] == pytest.approx(found.value_after)


def test_moves_of_a_placement_are_moves_of_a_scenario():
    # P4 (km 28) may move: at km 24 it serves D and E as before, and E's second is missing still.
    request = PlacementRequest(
        objective="second_distance",
        capacities=1,
        movable=("010004",),
        effort=Effort(steps=400, exact=True, seconds=20),
    )
    found = place(town(), candidates(21, 22, 23, 24), request)
    actions = placement_actions(found)
    assert len(actions) == len(found.sites) + len(found.moves)
    after = apply_scenario(town(), Scenario(name="flyttet", actions=actions))
    again = place(
        after,
        candidates_from_table(
            after,
            pd.DataFrame({"site_id": ["x"], "name": ["x"], "x_m": [WEST_M], "y_m": [ROAD_Y_M]}),
        ),
        PlacementRequest(objective="second_distance", capacities=1, effort=SEARCH),
    )
    assert again.value_before == pytest.approx(found.value_after)
