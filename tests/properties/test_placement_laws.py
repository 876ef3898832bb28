"""The placement against every placement tried one by one, and laws that hold for each answer."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from coverage.assessment import place_candidates
from coverage.errors import PlacementError
from coverage.placement.conditions import build_conditions
from coverage.placement.exact import prove_directly
from coverage.placement.exact_cuts import prove_by_cuts
from coverage.placement.frontier import frontier, trade_off
from coverage.placement.heuristic import greedy
from coverage.placement.objective import build_choice, build_second_distance
from coverage.placement.place import place
from coverage.placement.program import Problem
from coverage.placement.request import Effort, PlacementRequest, Watch
from tests.placement_town import Placed, Practice, Town, TriedOneByOne, with_effort, ydernummer

many = settings(max_examples=12, deadline=None)
some = settings(max_examples=6, deadline=None)
OBJECTIVES = ("choice", "second_distance", "shortage")
# Persons and metres; the shortage counts in hundredths of a person.
CLOSE = {"choice": 1e-6, "second_distance": 1e-6, "shortage": 0.6}
EXACT = Effort(steps=96, gap=0.0, seconds=600.0)

km = st.integers(0, 59).map(lambda value: value * 1000.0)
place_m = st.one_of(km, st.sampled_from([7_500.0, 22_500.0, 44_999.9, 15_000.1]))


@st.composite
def towns(draw, most_candidates=5):
    homes = draw(st.lists(place_m, min_size=1, max_size=6))
    persons = draw(st.lists(st.integers(1, 4000), min_size=len(homes), max_size=len(homes)))
    practices = draw(
        st.lists(
            st.builds(
                Practice,
                place_m,
                st.booleans(),
                st.sampled_from([0.5, 1.0, 2.0]),
                st.integers(0, 2000).map(float),
            ),
            min_size=1,
            max_size=3,
        )
    )
    candidates = draw(st.lists(km, min_size=1, max_size=most_candidates, unique=True))
    need = draw(st.sampled_from([(1.0, 1.0), (1.2, 0.8)]))
    return Town(tuple(homes), tuple(map(float, persons)), tuple(practices), tuple(candidates), need)


@st.composite
def requests(draw, town, objective):
    """Draw conditions: few at a time, so that many can be met."""
    capacities = draw(st.sampled_from([1.0, 1.5, 2.0, 3.0]))
    changed = {}
    for name, strategy in (
        ("practices", st.integers(1, 3)),
        ("most_capacities", st.sampled_from([1.0, 1.5, 2.0])),
        ("apart_m", st.sampled_from([1_000.0, 5_000.0, 12_000.0])),
        ("quotas", st.sampled_from([{"syd": (1.0, 2.0)}, {"syd": (0.0, 1.0), "nord": (0.5, 3.0)}])),
        ("forced_in", st.just(("c0",))),
        ("forced_out", st.just((f"c{len(town.candidates_m) - 1}",))),
        ("least_capacities", st.just(0.5)),
        ("movable", st.just((ydernummer(0),))),
    ):
        if draw(st.integers(0, 3)) == 0:
            changed[name] = draw(strategy)
    assume(not set(changed.get("forced_in", ())) & set(changed.get("forced_out", ())))
    least = changed.get("least_capacities", 1.0)
    assume(changed.get("most_capacities", capacities) >= least)
    return PlacementRequest(
        objective=objective,
        capacities=capacities,
        level="side",
        move_cost=draw(st.sampled_from([0.0, 50.0])),
        effort=EXACT,
        **changed,
    )


def as_placed(town, found):
    """Return an answer in the oracle's words."""
    new = tuple(
        (int(row.site_id.removeprefix("c")), row.capacities)
        for row in found.sites.sort_values("site_id").itertuples()
    )
    moved = dict(zip(found.moves["ydernummer"], found.moves["site_id"], strict=True))
    moved_to = [moved.get(ydernummer(at)) for at in range(len(town.practices))]
    return Placed(new, tuple(None if to is None else int(to[1:]) for to in moved_to))


def assert_tells_the_truth(found, tried, close):
    """Check that an answer meets the request, and that its figures are those of the oracle."""
    placed = as_placed(tried.town, found)
    assert placed in set(tried.placements())
    assert found.value_before == pytest.approx(tried.value(tried.nothing()), abs=close)
    assert found.value_after == pytest.approx(tried.value(placed), abs=close)
    gains = found.sites["gain"].sum() + found.moves["gain"].sum()
    assert gains == pytest.approx(found.gain, abs=close)
    assert found.sites["capacities"].sum() == tried.request.capacities
    assert found.moves_worth == tried.request.move_cost * placed.moves
    steps = sorted([*found.sites["step"], *found.moves["step"]])
    assert steps == list(range(1, len(steps) + 1))


@many
@given(st.data())
def test_the_answer_is_the_best_of_all(data):
    """And the heuristic's own meets every condition too; where none can be met, both say so."""
    town = data.draw(towns())
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    for objective in OBJECTIVES:
        tried = TriedOneByOne(town, data.draw(requests(town, objective)))
        quick = with_effort(tried.request, exact=False)
        best = tried.best_net()
        if best is None:
            for request in (tried.request, quick):
                with pytest.raises(PlacementError):
                    place(assessment, candidates, request)
            continue
        close = CLOSE[objective]
        found = place(assessment, candidates, tried.request)
        assert_tells_the_truth(found, tried, close)
        assert found.stopped_by == "optimal"
        assert found.gain - found.moves_worth == pytest.approx(best, abs=close)
        sign = -1.0 if found.lower_is_better else 1.0
        assert sign * (found.bound - found.value_before) >= best - close
        alone = place(assessment, candidates, quick)
        assert_tells_the_truth(alone, tried, close)
        assert alone.stopped_by == "heuristic"
        assert alone.gain - alone.moves_worth <= best + close
        assert np.isnan(alone.bound)


@some
@given(towns(most_candidates=6))
def test_the_assessment_of_the_chosen_sites_says_the_same(town):
    """The figure of two-fold cover is the one that every other page shows."""
    assessment = town.assessment()
    candidates = town.candidates(assessment)
    request = PlacementRequest(objective="choice", capacities=1.0, effort=EXACT)
    found = place(assessment, candidates, request)
    after = place_candidates(assessment, found.sites[["site_id", "x_m", "y_m"]])
    everybody = after.by_area["kommune"].set_index("area_id").loc["all"]
    assert found.value_after == pytest.approx(everybody["road_persons_two_or_more"])


@some
@given(towns())
def test_more_capacities_are_never_worse(town):
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    for objective in OBJECTIVES:
        request = PlacementRequest(
            objective=objective, capacities=0.5, least_capacities=0.5, effort=EXACT
        )
        gains = [
            place(assessment, candidates, replace(request, capacities=capacities)).gain
            for capacities in (0.5, 1.0, 2.0)
        ]
        assert np.diff(gains).min() >= -CLOSE[objective]


@some
@given(st.data())
def test_forcing_what_is_best_anyway_changes_nothing(data):
    town = data.draw(towns())
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    request = PlacementRequest(objective="choice", capacities=2.0, effort=EXACT)
    free = place(assessment, candidates, request)
    site = data.draw(st.sampled_from(sorted(free.sites["site_id"])))
    forced = place(assessment, candidates, replace(request, forced_in=(site,)))
    assert forced.value_after == pytest.approx(free.value_after)
    assert site in set(forced.sites["site_id"])


@some
@given(st.data())
def test_the_same_seed_gives_the_same_answer(data):
    town = data.draw(towns())
    objective = data.draw(st.sampled_from(OBJECTIVES))
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    request = PlacementRequest(objective=objective, capacities=2.0, seed=7, effort=EXACT)
    one, other = (place(assessment, candidates, request) for _ in range(2))
    assert one.sites.equals(other.sites)
    assert one.ties.equals(other.ties)
    assert (one.bound, one.heuristic_value) == (other.bound, other.heuristic_value)


@some
@given(towns())
def test_ties_are_as_good_as_they_say(town):
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    request = PlacementRequest(objective="choice", capacities=2.0, effort=EXACT)
    tried = TriedOneByOne(town, request)
    found = place(assessment, candidates, request)
    chosen = set(found.sites["site_id"])
    tolerance = 0.001 * found.gain
    for tie in found.ties.itertuples():
        swapped = sorted(chosen - {tie.site_id} | {tie.other_site_id})
        placed = Placed(tuple((int(one[1:]), 1.0) for one in swapped), tried.nothing().moved_to)
        assert tried.value(placed) == pytest.approx(tie.value)
        assert tie.value >= found.value_after - tolerance - 1e-9
    assert len(found.ties) == found.tie_count <= found.swaps_tried


@some
@given(towns())
def test_the_frontier_never_turns_back(town):
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    for objective in OBJECTIVES:
        request = PlacementRequest(objective=objective, capacities=4.0, effort=EXACT)
        table = frontier(assessment, candidates, request)
        assert table["practices"].tolist() == [1, 2, 3, 4]
        assert (np.diff(table["gain"]) >= -CLOSE[objective]).all()
        for row in table.itertuples():
            own = replace(request, capacities=float(row.practices))
            best = TriedOneByOne(town, own).best_net()
            assert row.gain == pytest.approx(best, abs=CLOSE[objective])


@some
@given(towns())
def test_no_row_of_a_trade_off_beats_another(town):
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    capacities = min(2.0, len(town.candidates_m))
    request = PlacementRequest(objective="choice", capacities=capacities, effort=EXACT)
    for other in ("second_distance", "shortage"):
        table = trade_off(assessment, candidates, request, other, points=4)
        values = table[["choice", other]].to_numpy()
        assert len(table) >= 1
        # From row to row fewer people have a choice, and the other figure falls: it is better.
        assert (np.diff(values[:, 0]) <= 1e-9).all()
        assert (np.diff(values[:, 1]) <= CLOSE[other]).all()


@some
@given(towns(most_candidates=6))
def test_cutting_planes_prove_what_one_programme_proves(town):
    assessment = town.bare_assessment()
    candidates = town.candidates(assessment)
    for build in (build_choice, build_second_distance):
        objective = build(assessment, candidates, ())
        request = PlacementRequest(objective=objective.name, capacities=2.0, apart_m=3_000.0)
        problem = Problem(objective.units, build_conditions(request, assessment, candidates))
        try:
            start = greedy(problem, Watch())
        except PlacementError:
            continue
        directly = prove_directly(problem, start, EXACT, Watch())
        by_cuts = prove_by_cuts(problem, start, EXACT, Watch())
        assert by_cuts.worth == pytest.approx(directly.worth, rel=1e-6)
        assert by_cuts.bound == pytest.approx(directly.bound, rel=1e-6)
        assert by_cuts.stopped_by in ("optimal", "gap")
