"""Placement in towns that a planner can check by hand, all on one straight road.

Kilometres from the south; the limit is 15 km, and the kommuner 0461 (area ``syd``) and 0450
(``nord``) meet at 30 km.
"""

from dataclasses import replace

import numpy as np
import pytest

from coverage.errors import PlacementError
from coverage.placement.frontier import frontier, trade_off
from coverage.placement.place import STOPPED_BY, place
from coverage.placement.request import Effort, PlacementRequest, Watch
from tests.placement_town import Practice, Town, with_effort, ydernummer

EXACT = Effort(steps=300, gap=0.0, seconds=600.0)


def answer(town, watch=None, **asked):
    request = PlacementRequest(
        **{"objective": "choice", "capacities": 1.0, "effort": EXACT} | asked
    )
    assessment = town.assessment()
    return place(assessment, town.candidates(assessment), request, watch)


def sites(found):
    return sorted(found.sites["site_id"])


# One practice at km 10. Homes at 0 (200 people) and 20 (300) reach it; 50 (100) reaches nothing.
LONE = Town(
    (0.0, 20_000.0, 50_000.0),
    (200.0, 300.0, 100.0),
    (Practice(10_000.0),),
    (4_000.0, 12_000.0, 34_000.0, 45_000.0, 52_000.0),
)


def test_one_practice_more_gives_a_choice_to_all_who_have_one():
    """At km 12 both homes with one practice get a second: 500 people; at km 4 only one, 200."""
    found = answer(LONE)
    assert sites(found) == ["c1"]
    assert (found.value_before, found.value_after) == (0.0, 500.0)
    assert (found.unit, found.lower_is_better, found.gain) == ("persons", False, 500.0)
    assert found.stopped_by == "optimal"
    assert found.bound == pytest.approx(500.0)
    assert found.gap_of_gain == found.gap_of_value == 0.0


def test_two_practices_together_give_a_choice_where_there_is_none():
    """Greedy sees no gain in the first at km 50; the pair at 45 and 52 is 100 people more."""
    found = answer(LONE, capacities=3.0)
    assert sites(found) == ["c1", "c3", "c4"]
    assert found.value_after == 600.0
    assert found.sites["gain"].tolist() == [500.0, 0.0, 100.0]
    assert found.sites["value"].tolist() == [500.0, 500.0, 600.0]


def test_the_limit_itself_is_within():
    """The home at km 20 is 15 km from a practice at 5 and at 35; 34.9 m beyond is not."""
    town = Town((20_000.0,), (80.0,), (Practice(20_000.0),), (5_000.0,))
    assert answer(town).value_after == 80.0
    beyond = replace(town, candidates_m=(4_999.0,))
    assert answer(beyond).value_after == 0.0


def test_a_closed_practice_gives_no_choice():
    """One new one is the only open one; two at km 12 and 34 are 8 and 14 km from the home at 20."""
    town = replace(LONE, practices=(Practice(10_000.0, is_open=False),))
    assert answer(town).value_after == 0.0
    assert answer(town, capacities=2.0).value_after == 300.0


def test_second_distance_is_the_mean_over_all_people():
    """Second practices: none within 30 km, which counts as 30 km, for all three homes.

    With one at km 12, homes 0 and 20 have 12 and 10 km to their second; home 50 has its first
    at 38 km: (200 x 12 + 300 x 10 + 100 x 30) / 600 = 14 km. The home at km 50 stays at 30.
    """
    found = answer(LONE, objective="second_distance")
    assert sites(found) == ["c1"]
    assert (found.unit, found.lower_is_better, found.cutoff_m) == ("m", True, 30_000.0)
    assert found.value_before == pytest.approx(30_000.0)
    assert found.value_after == pytest.approx(14_000.0)
    assert found.bound <= found.value_after + 1e-6


# Homes 0 (3,000) and 50 (2,000); a practice at 0 with room for 1,600, one at 50 for 1,600.
SHORT = Town(
    (0.0, 50_000.0),
    (3_000.0, 2_000.0),
    (Practice(0.0, listed=1_000.0), Practice(50_000.0, listed=1_600.0)),
    (1_000.0, 49_000.0),
)


def test_shortage_is_who_finds_no_place():
    """1,400 and 400 are left over. A capacity is 1,600 places: at km 1 it saves 1,400."""
    found = answer(SHORT, objective="shortage")
    assert found.value_before == pytest.approx(1_800.0)
    assert (sites(found), found.value_after) == (["c0"], pytest.approx(400.0))


def test_halves_go_where_they_save_most():
    """Half a capacity is 800 places: 1,400 left over take one and a half, 400 take a half."""
    found = answer(SHORT, objective="shortage", capacities=2.0, least_capacities=0.5)
    assert found.value_after == pytest.approx(0.0)
    by_site = found.sites.set_index("site_id")["capacities"].to_dict()
    assert by_site in ({"c0": 1.0, "c1": 1.0}, {"c0": 1.5, "c1": 0.5})


def test_need_counts_on_both_sides():
    """With 1.2 in the south, 3,000 people need 3,600; a list of 1,000 needs 1,200, 600 are free.

    Left over 3,600 - 1,800 = 1,800 there, and 2,000 x 0.8 - 1,600 x 0.8 = 320 in the north.
    """
    found = answer(replace(SHORT, need=(1.2, 0.8)), objective="shortage")
    assert found.value_before == pytest.approx(1_800.0 + 320.0)
    assert found.value_after == pytest.approx(200.0 + 320.0)


@pytest.mark.parametrize(
    "practice",
    [Practice(0.0, capacities=None, listed=None), Practice(0.0, capacities=None, listed=5.0)],
)
def test_shortage_without_capacities_is_an_objective_without_data(practice):
    town = replace(SHORT, practices=(practice,))
    with pytest.raises(PlacementError, match="needs capacities and lists"):
        answer(town, objective="shortage")


# Quotas, sizes and totals.


def test_quotas_hold_to_the_last_half():
    found = answer(
        LONE,
        capacities=3.5,
        level="side",
        quotas={"nord": (2.5, 2.5)},
        most_capacities=1.5,
    )
    by_area = found.sites.groupby("area_id")["capacities"].sum()
    assert by_area.to_dict() == {"syd": 1.0, "nord": 2.5}


def test_what_is_left_goes_to_the_site_with_more_people_without_a_place():
    """Two sites forced; the south lacks 1,400 places, the north 400: the third goes south."""
    found = answer(SHORT, capacities=3.0, forced_in=("c0", "c1"))
    by_site = found.sites.set_index("site_id")["capacities"].to_dict()
    assert by_site == {"c0": 2.0, "c1": 1.0}


def test_at_most_so_many_practices_open():
    found = answer(LONE, capacities=4.0, practices=2)
    assert len(found.sites) == 2
    assert found.sites["capacities"].sum() == 4.0


# Nearness. A practice stands at km 10; candidates at 5 and 12 are 5 and 2 km away.


@pytest.mark.parametrize(
    ("apart_m", "expected"), [(1_999.0, "c1"), (2_000.0, "c1"), (2_001.0, "c0"), (6_001.0, None)]
)
def test_no_practice_within_the_distance_of_another(apart_m, expected):
    """The line itself is far enough. From 2,001 m on km 12 is barred, and km 4 gives 200 people."""
    found = answer(LONE, apart_m=apart_m, forced_out=("c2",))
    values = {"c1": 500.0, "c0": 200.0, None: 0.0}
    assert found.value_after == values[expected]
    if expected:
        assert sites(found) == [expected]


# Moves. Two practices at 0 and 1 km serve 100 people at 0; 1,000 at km 14.5 reach both.


MOVING = Town(
    (0.0, 20_000.0),
    (100.0, 1_000.0),
    (Practice(0.0), Practice(2_000.0)),
    (7_000.0, 14_000.0, 20_000.0),
)


def test_a_practice_moves_if_that_is_worth_its_cost():
    """New at km 7 only: 1,000 reach it alone. Moved from 0 to 14 too: all have two, 1,000 more."""
    stay = answer(MOVING)
    assert stay.value_after == 100.0
    move = answer(MOVING, movable=(ydernummer(0),), move_cost=999.0)
    assert move.value_after == 1_100.0
    assert move.moves["ydernummer"].tolist() == [ydernummer(0)]
    assert move.moves_worth == 999.0
    assert move.sites["gain"].sum() + move.moves["gain"].sum() == 1_000.0
    dear = answer(MOVING, movable=(ydernummer(0),), move_cost=1_001.0)
    assert dear.moves.empty
    assert dear.value_after == 100.0


def test_a_practice_moves_no_farther_than_the_rule_and_stays_in_its_kommune():
    town = Town(
        (45_000.0,), (500.0,), (Practice(29_000.0), Practice(58_000.0)), (31_000.0, 44_000.0)
    )
    found = answer(town, movable=(ydernummer(0),), capacities=1.0)
    assert found.moves.empty  # 31 and 44 km lie in the other kommune
    far = Town(
        (20_000.0,), (500.0,), (Practice(0.0), Practice(20_000.0)), (15_000.0, 15_001.0, 28_000.0)
    )
    near = answer(
        replace(far, candidates_m=(15_000.0, 40_000.0)), movable=(ydernummer(0),), forced_in=("c1",)
    )
    assert near.moves["site_id"].tolist() == ["c0"]
    beyond = answer(
        replace(far, candidates_m=(15_001.0, 40_000.0)), movable=(ydernummer(0),), forced_in=("c1",)
    )
    assert beyond.moves.empty


# Skal-areas: Storby at km 50 has 4,000 inhabitants and no practice.


SKAL = replace(LONE, towns=(("Storby", 50_000.0, 4_000.0), ("Lilleby", 10_000.0, 300.0)))


def test_a_skal_area_without_a_practice_gets_a_site_that_counts_for_it():
    """km 52 is within 5 km of Storby; km 45 is on the line and counts too, km 34 does not."""
    free = answer(SKAL)
    assert sites(free) == ["c1"]
    served = answer(SKAL, serve_skal=True)
    assert sites(served) in (["c3"], ["c4"])
    assert served.value_after == 0.0
    both = answer(SKAL, serve_skal=True, capacities=2.0)
    assert both.value_after == 500.0


def test_a_skal_area_without_a_candidate_is_told():
    with pytest.raises(PlacementError, match="skal-area Storby needs 1 site, and 0 candidates"):
        answer(replace(SKAL, candidates_m=(5_000.0, 12_000.0)), serve_skal=True)


def test_a_move_does_not_leave_a_skal_area_without_a_practice():
    """The only practice of Lilleby, the kommune's main town, must stay: none else serves it."""
    town = replace(SKAL, candidates_m=(24_000.0, 52_000.0), homes_m=(20_000.0, 30_500.0, 50_000.0))
    asked = {"movable": (ydernummer(0),), "forced_in": ("c1",)}
    away = answer(town, **asked, objective="second_distance")
    assert away.moves["ydernummer"].tolist() == [ydernummer(0)] or away.moves.empty
    kept = answer(town, **asked, objective="second_distance", serve_skal=True)
    assert kept.moves.empty


# What cannot be met says why, with both numbers.


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (
            {
                "capacities": 12.0,
                "level": "side",
                "quotas": {"syd": (8.0, 9.0), "nord": (6.0, 7.0)},
            },
            "the areas' least quotas sum to 14 capacities, the total is 12 capacities",
        ),
        (
            {
                "capacities": 3.0,
                "quotas": {"0461": (2.0, 3.0)},
                "most_capacities": 1.0,
                "forced_out": ("c1",),
            },
            "area 0461 needs 2 capacities; its 1 candidate holds at most 1 capacity",
        ),
        (
            {"quotas": {"0461": (1.0, 1.0)}, "forced_out": ("c0", "c1")},
            "area 0461 needs 1 capacity; its 0 candidates hold at most 0 capacities",
        ),
        (
            {"capacities": 4.0, "level": "side", "quotas": {"syd": (0.0, 1.0), "nord": (0.0, 2.0)}},
            "the areas' most quotas sum to 3 capacities, the total is 4 capacities, and",
        ),
        (
            {"capacities": 12.0, "practices": 5, "most_capacities": 2.0},
            "the total is 12 capacities, and 5 practices of at most 2 capacities hold 10",
        ),
        (
            {"capacities": 12.0, "most_capacities": 2.0},
            "the total is 12 capacities, and 5 candidates of at most 2 capacities hold 10",
        ),
        ({"capacities": 0.5}, "the total is 0.5 capacities, and one practice must have 1"),
        ({"forced_in": ("c0", "c1")}, "2 sites are forced in, and at most 1 may open"),
        (
            {"capacities": 2.0, "forced_in": ("c3", "c4"), "apart_m": 8_000.0},
            "'c3' and 'c4' are forced in and less than 8,000 m from each other",
        ),
        (
            {"forced_in": ("c1",), "apart_m": 3_000.0},
            "'c1' is forced in and less than 3,000 m from a practice that stays",
        ),
        (
            {
                "capacities": 2.0,
                "level": "side",
                "quotas": {"syd": (0.0, 1.0)},
                "forced_in": ("c0", "c1"),
            },
            "area syd may have 1 capacity; its 2 forced sites have at least 2",
        ),
        (
            {"level": "side", "quotas": {"syd": (0.5, 0.5)}},
            "area syd needs 0.5 capacities and may have 0.5 capacities; a practice has at least 1",
        ),
        (
            {"forced_out": ("c0", "c1", "c2", "c3", "c4")},
            "the total is 1 capacity, and 0 of the 5 candidates are left",
        ),
    ],
)
def test_an_infeasible_request_says_why_with_both_numbers(asked, words):
    with pytest.raises(PlacementError) as caught:
        answer(LONE, **asked)
    assert words in str(caught.value)
    assert caught.value.hint


def test_no_candidates_at_all_is_told():
    town = replace(LONE, candidates_m=())
    with pytest.raises(PlacementError, match="the total is 1 capacity, and there are 0 cand"):
        answer(town)


def test_several_reasons_are_told_together():
    with pytest.raises(PlacementError) as caught:
        answer(
            LONE,
            capacities=2.0,
            quotas={"0461": (2.0, 2.0), "0450": (1.0, 1.0)},
            forced_out=("c0", "c1"),
        )
    assert "least quotas sum to 3 capacities, the total is 2" in str(caught.value)
    assert "area 0461 needs 2 capacities; its 0 candidates" in str(caught.value)


def test_a_combination_that_cannot_be_met_says_which_condition_could_give():
    """Three capacities of at most 1 need three sites; 8 km apart only two fit.

    km 4 and 12 are 6 and 2 km from the practice at 10, and 45 and 52 are 7 km apart: so 34
    with 45 or 52.
    """
    with pytest.raises(PlacementError) as caught:
        answer(LONE, capacities=3.0, most_capacities=1.0, apart_m=8_000.0)
    text = str(caught.value)
    assert "No set of sites meets all conditions together; one of these must give" in text
    assert "it is 3 capacities, and the nearest that the others allow is 1 capacity away" in text
    assert "pairs of practices nearer than asked for: 1" in text


# What cannot be meant.


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"objective": "happiness"}, "no objective is called 'happiness'"),
        ({"capacities": 1.3}, "capacities is 1.3, not a number of half capacities above 0"),
        ({"capacities": -1.0}, "capacities is -1"),
        ({"capacities": float("nan")}, "capacities is nan"),
        ({"least_capacities": 0.0}, "least_capacities is 0"),
        ({"least_capacities": 2.0, "most_capacities": 1.0}, "least_capacities 2 is above"),
        ({"practices": 0}, "practices is 0, not at least 1"),
        ({"apart_m": -5.0}, "apart_m is -5, not at least 0"),
        ({"move_cost": float("inf")}, "move_cost is inf"),
        ({"seed": -1}, "seed is -1"),
        ({"effort": Effort(steps=-1)}, "steps is -1"),
        ({"effort": Effort(gap=-0.1)}, "gap is -0.1"),
        ({"level": "planet"}, "no level is called 'planet', they are kommune, side"),
        ({"quotas": {"9999": (0.0, 1.0)}}, "the level kommune has no area '9999'"),
        ({"quotas": {"0461": (0.3, 1.0)}}, "the quota of area 0461, 0.3 to 1"),
        ({"quotas": {"0461": (2.0, 1.0)}}, "the least quota of area 0461 is 2, its most 1"),
        ({"forced_in": ("x",)}, "forced_in names 'x', which is no candidate"),
        ({"forced_in": ("c0",), "forced_out": ("c0",)}, "'c0' is forced in and forced out"),
        ({"movable": ("999999",)}, "movable names '999999', which is no practice"),
    ],
)
def test_a_request_that_cannot_be_meant_is_refused(asked, words):
    with pytest.raises(PlacementError) as caught:
        answer(LONE, **asked)
    assert str(caught.value).startswith(words)


def test_all_that_is_wrong_is_told_at_once():
    with pytest.raises(PlacementError) as caught:
        answer(LONE, objective="x", capacities=0.0, level="y", seed=-1)
    assert str(caught.value).count(";") == 3


def test_a_candidate_that_was_left_out_is_refused_with_the_reason():
    town = replace(LONE, candidates_m=(5_000.0, 5_100.0))
    with pytest.raises(PlacementError, match=r"'c1', which is no candidate \(left out: merged\)"):
        answer(town, forced_in=("c1",))


# Stopping, and saying how the search went.


def test_a_search_that_is_stopped_at_once_still_meets_the_conditions():
    found = answer(LONE, Watch(keep_going=lambda: False), capacities=3.0, apart_m=3_000.0)
    assert found.stopped_by == "interrupted"
    assert found.sites["capacities"].sum() == 3.0
    assert np.isnan(found.bound)
    assert np.isnan(found.gap_of_gain)


def test_a_search_that_is_stopped_during_the_proof_keeps_what_it_has():
    asked = []

    def keep_going():
        asked.append(1)
        return len(asked) < 40

    found = answer(LONE, Watch(keep_going=keep_going), objective="second_distance")
    assert found.stopped_by in STOPPED_BY
    assert found.value_after <= found.value_before


def test_progress_names_the_stages_and_the_stopwatch_times_them():
    told, ticks = [], iter(range(10_000))
    watch = Watch(
        progress=lambda stage, share: told.append((stage, share)),
        stopwatch=lambda: float(next(ticks)),
    )
    found = answer(LONE, watch)
    stages = ["prepare", "heuristic", "exact", "report"]
    assert list(dict.fromkeys(stage for stage, _ in told)) == stages
    assert all(0.0 <= share <= 1.0 for _, share in told)
    assert list(found.seconds) == stages
    assert all(seconds >= 1.0 for seconds in found.seconds.values())


def test_without_a_proof_there_is_no_bound():
    request = PlacementRequest(objective="choice", capacities=1.0, effort=EXACT)
    request = with_effort(request, exact=False)
    assessment = LONE.assessment()
    found = place(assessment, LONE.candidates(assessment), request)
    assert found.stopped_by == "heuristic"
    assert np.isnan(found.bound)
    assert found.value_after == found.heuristic_value == 500.0


def test_ties_say_which_site_swaps_for_which():
    """km 8 and km 12 both give the homes at 0 and 20 a second practice: 500 people either way."""
    found = answer(replace(LONE, candidates_m=(8_000.0, 12_000.0, 34_000.0)))
    other = {"c0": "c1", "c1": "c0"}[sites(found)[0]]
    assert found.ties["other_site_id"].tolist() == [other]
    assert found.ties["value"].tolist() == [500.0]
    assert (found.tie_count, found.swaps_tried) == (1, 2)


# What one practice more adds, and what one objective costs another.


def test_the_frontier_has_a_row_for_every_number_of_practices():
    """At km 12: 500. A second adds nothing alone; a third makes the pair in the north: 100."""
    assessment = LONE.assessment()
    request = PlacementRequest(objective="choice", capacities=3.0, effort=EXACT)
    table = frontier(assessment, LONE.candidates(assessment), request)
    assert table["practices"].tolist() == [1, 2, 3]
    assert table["value"].tolist() == [500.0, 500.0, 600.0]
    assert table["marginal_gain"].tolist() == [500.0, 0.0, 100.0]
    assert table["bound"].tolist() == pytest.approx([500.0, 500.0, 600.0])
    assert table["site_ids"].iloc[-1] == "c1, c3, c4"


def test_a_row_that_cannot_hold_the_forced_sites_is_missing():
    assessment = LONE.assessment()
    request = PlacementRequest(
        objective="choice", capacities=2.0, forced_in=("c3", "c4"), effort=EXACT
    )
    table = frontier(assessment, LONE.candidates(assessment), request)
    assert np.isnan(table["value"].iloc[0])
    assert table["value"].iloc[1] == 100.0


def test_a_frontier_that_is_stopped_has_the_rows_up_to_there():
    assessment = LONE.assessment()
    request = PlacementRequest(objective="choice", capacities=3.0, effort=EXACT)
    watch = Watch(keep_going=lambda: False)
    table = frontier(assessment, LONE.candidates(assessment), request, watch)
    assert table.empty
    assert "value" in table


# Home 0 (100 people) has one practice, at 14.9 km; home 30 (1,000) has two far ones.
TORN = Town(
    (0.0, 30_000.0),
    (100.0, 1_000.0),
    (Practice(14_900.0), Practice(42_000.0)),
    (10_000.0, 30_000.0),
)


def test_a_trade_off_lies_between_two_objectives():
    """At km 10 the 100 get a choice; at km 30 the thousand have their second 12 km nearer.

    Home 30 has practices at 15.1 and 12 km: only one within 15 km, so it gets a choice at km
    30, and the nearer second too. One placement is the best for both.
    """
    assessment = TORN.assessment()
    request = PlacementRequest(objective="choice", capacities=1.0, effort=EXACT)
    table = trade_off(assessment, TORN.candidates(assessment), request, "second_distance")
    assert table["site_ids"].tolist() == ["c1"]
    assert table["choice"].tolist() == [1_000.0]


def test_a_trade_off_that_is_one_has_both_ends():
    """With the practice at km 16 home 30 has its choice already: then the two objectives differ."""
    town = replace(TORN, practices=(Practice(14_900.0), Practice(42_000.0), Practice(16_000.0)))
    assessment = town.assessment()
    request = PlacementRequest(objective="choice", capacities=1.0, effort=EXACT)
    table = trade_off(assessment, town.candidates(assessment), request, "second_distance")
    assert table["site_ids"].tolist() == ["c0", "c1"]
    assert table["choice"].tolist() == [1_100.0, 1_000.0]
    assert table["second_distance"].is_monotonic_decreasing


def test_an_objective_is_not_weighed_against_itself():
    assessment = LONE.assessment()
    request = PlacementRequest(objective="choice", capacities=1.0)
    with pytest.raises(PlacementError, match="'choice' is weighed against itself"):
        trade_off(assessment, LONE.candidates(assessment), request, "choice")


@pytest.mark.parametrize("objective", ["choice", "second_distance", "shortage"])
def test_the_proof_tells_how_near_it_is(objective):
    """What is told is a share of the gain: never below 0, and 0 when nothing is better."""
    told = []
    found = answer(LONE, Watch(gap=told.append), objective=objective, capacities=3.0)
    assert found.stopped_by == "optimal"
    assert told
    assert all(one >= 0.0 for one in told)
    assert told[-1] == pytest.approx(0.0, abs=1e-6)


def test_without_a_gain_no_gap_is_told():
    told = []
    watch = Watch(gap=told.append)
    watch.tell_gap(5.0, 6.0, 5.0)
    watch.tell_gap(6.0, np.inf, 5.0)
    assert told == []
    watch.tell_gap(7.0, 8.0, 5.0)
    watch.tell_gap(7.0, 6.9, 5.0)
    assert told == [0.5, 0.0]


def test_each_condition_that_could_give_is_named_with_how_much():
    """Two sites in the north, 45 among them, 12 km apart: 34 is 11 and 52 is 7 km from 45.

    Either 45 goes (34 and 52 are 18 km apart), or one pair is nearer. Without the quota there is
    no second site either: km 4 and 12 are too near to the practice.
    """
    with pytest.raises(PlacementError) as caught:
        answer(
            LONE,
            capacities=2.0,
            most_capacities=1.0,
            level="side",
            quotas={"nord": (2.0, 2.0)},
            forced_in=("c3",),
            apart_m=12_000.0,
        )
    text = str(caught.value)
    assert "forced sites that would have to go: 1" in text
    assert "pairs of practices nearer than asked for: 1" in text


def test_more_skal_areas_than_sites_are_told_with_both_numbers():
    two_towns = (("Storby", 50_000.0, 4_000.0), ("Sydby", 24_000.0, 3_500.0), *SKAL.towns[1:])
    town = replace(SKAL, towns=two_towns, candidates_m=(24_000.0, 52_000.0))
    with pytest.raises(PlacementError, match="2 skal-areas need a site each, and at most 1 may"):
        answer(town, serve_skal=True)
    both = answer(town, serve_skal=True, capacities=2.0)
    assert sites(both) == ["c0", "c1"]
