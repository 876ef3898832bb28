"""The road graph on drawings whose answers are worked out by hand (a step is 100 m)."""

from dataclasses import replace

import numpy as np
import pytest

from coverage.network import build_graph
from coverage.snapping import NOT_SNAPPED, snap
from tests.drawn_roads import Way, distances, draw, letters_of, place
from tests.straight_road import RULES

TRAVEL = replace(RULES.travel, min_component_m=0.0)
CLOSE = {"abs": 0.01}


def spots(rows, letters):
    known = letters_of(rows)
    return {letter: known[letter] for letter in letters}


def test_points_between_two_steps_are_contracted_and_lengths_kept():
    graph = build_graph(draw(["abcd"], [Way("abcd")]), TRAVEL)
    assert (graph.node_count, graph.edge_count) == (2, 1)
    assert graph.edge_length_m.tolist() == pytest.approx([300], **CLOSE)
    assert len(graph.shape_x_m) == 4


def test_ways_that_meet_end_to_end_become_one_edge_whatever_way_they_were_drawn():
    graph = build_graph(draw(["abcde"], [Way("abc"), Way("edc")]), TRAVEL)
    assert (graph.node_count, graph.edge_count) == (2, 1)
    assert graph.edge_length_m.tolist() == pytest.approx([400], **CLOSE)


def test_a_junction_stays_a_node():
    rows = [" d ", "abc"]
    graph = build_graph(draw(rows, [Way("abc"), Way("bd")]), TRAVEL)
    assert (graph.node_count, graph.edge_count) == (4, 3)


@pytest.mark.parametrize(
    "other", [Way("cde", direction=1), Way("cde", ferry=True), Way("cde", takes_homes=False)]
)
def test_where_direction_or_kind_changes_a_node_stays(other):
    rules = replace(TRAVEL, use_ferries=True, open_one_way_traps=False)
    graph = build_graph(draw(["abcde"], [Way("abc"), other]), rules)
    assert (graph.node_count, graph.edge_count) == (3, 2)


def test_one_way_ways_that_follow_each_other_are_one_edge():
    rules = replace(TRAVEL, open_one_way_traps=False)
    graph = build_graph(draw(["abcde"], [Way("abc", 1), Way("edc", -1)]), rules)
    assert graph.edge_count == 1
    assert [graph.edge_forward[0], graph.edge_backward[0]].count(True) == 1


def test_a_ring_that_touches_nothing_is_kept_with_one_node():
    rows = ["dc", "ab"]
    graph = build_graph(draw(rows, [Way("abcda")]), TRAVEL)
    assert (graph.node_count, graph.edge_count) == (1, 1)
    assert graph.edge_length_m.tolist() == pytest.approx([400], **CLOSE)


def test_parallel_roads_keep_the_shorter_and_loops_carry_nothing_through():
    """a and d are 300 m apart on the straight road and 500 m over the hill."""
    rows = [" ef ", "abcd"]
    graph = build_graph(draw(rows, [Way("abcd"), Way("aefd")]), TRAVEL)
    found = distances(graph, spots(rows, "a"), spots(rows, "d"), TRAVEL)
    assert found["a-d"] == pytest.approx(300, **CLOSE)


def test_one_way_round_the_block():
    """Every street is one-way, anticlockwise: a to b 100 m, b to a the other three sides."""
    rows = ["dc", "ab"]
    graph = build_graph(draw(rows, [Way("abcda", 1)]), TRAVEL)
    found = distances(graph, spots(rows, "ab"), spots(rows, "ab"), TRAVEL)
    assert found["a-b"] == pytest.approx(100, **CLOSE)
    assert found["b-a"] == pytest.approx(300, **CLOSE)
    assert found["a-a"] == found["b-b"] == 0


def test_home_and_practice_on_one_edge_go_along_it():
    graph = build_graph(draw(["abcd"], [Way("abcd")]), TRAVEL)
    found = distances(graph, {"h": (0.5, 0)}, {"p": (2.25, 0), "q": (0.25, 0)}, TRAVEL)
    assert found["h-p"] == pytest.approx(175, **CLOSE)
    assert found["h-q"] == pytest.approx(25, **CLOSE)


def test_on_a_one_way_edge_a_home_past_the_practice_goes_round():
    rows = ["dc", "ab"]
    graph = build_graph(draw(rows, [Way("abcda", 1)]), TRAVEL)
    found = distances(graph, {"h": (0.75, 0)}, {"p": (0.25, 0)}, TRAVEL)
    assert found["h-p"] == pytest.approx(350, **CLOSE)


def test_the_straight_legs_count_unless_the_rule_says_no():
    graph = build_graph(draw(["ab"], [Way("ab")]), TRAVEL)
    homes, sites = {"h": (0.2, 0.5)}, {"p": (0.9, -0.3)}
    assert distances(graph, homes, sites, TRAVEL)["h-p"] == pytest.approx(50 + 70 + 30, **CLOSE)
    without = replace(TRAVEL, count_legs=False)
    assert distances(graph, homes, sites, without)["h-p"] == pytest.approx(70, **CLOSE)


def test_ferries_are_a_rule():
    roads = draw(["abcd"], [Way("ab"), Way("bc", ferry=True), Way("cd")])
    homes, sites = {"a": (0, 0)}, {"d": (3, 0)}
    assert distances(build_graph(roads, TRAVEL), homes, sites, TRAVEL) == {}
    sailing = replace(TRAVEL, use_ferries=True)
    found = distances(build_graph(roads, sailing), homes, sites, sailing)
    assert found["a-d"] == pytest.approx(300, **CLOSE)


def test_nobody_lives_on_a_ferry_or_a_motorway():
    rules = replace(TRAVEL, use_ferries=True)
    ways = [Way("ab"), Way("bc", ferry=True), Way("cd", takes_homes=False), Way("de")]
    graph = build_graph(draw(["abcde"], ways), rules)
    x_m, y_m = np.array([place(1.6, 0), place(2.4, 0), place(3.7, 0)]).T
    snaps = snap(graph, x_m, y_m, rules)
    assert snaps.leg_m.tolist() == pytest.approx([60, 60, 0], **CLOSE)
    assert not graph.edge_is_ferry[snaps.edge].any()


@pytest.mark.parametrize(("north", "snapped"), [(19.99, True), (20.0, True), (20.01, False)])
def test_beyond_the_longest_leg_a_home_is_not_snapped(north, snapped):
    graph = build_graph(draw(["ab"], [Way("ab")]), TRAVEL)
    x_m, y_m = place(0.5, north)
    snaps = snap(graph, np.array([x_m]), np.array([y_m]), TRAVEL)
    assert snaps.snapped.tolist() == [snapped]
    if not snapped:
        assert snaps.edge.tolist() == [NOT_SNAPPED]
        assert np.isnan(snaps.leg_m).all()


def test_a_bit_of_road_that_connects_to_nothing_is_used_only_without_another():
    """cd is 100 m of road for itself; the network ab is 300 m."""
    rows = ["cd  ", "    ", "abef"]
    rules = replace(TRAVEL, min_component_m=200.0)
    graph = build_graph(draw(rows, [Way("abef"), Way("cd")]), rules)
    x_m, y_m = np.array([place(0.5, 1.9), place(0.5, 21.5)]).T
    snaps = snap(graph, x_m, y_m, rules)
    assert snaps.leg_m[0] == pytest.approx(190, **CLOSE)
    assert snaps.leg_m[1] == pytest.approx(1950, **CLOSE)


def test_a_one_way_road_that_leads_nowhere_is_opened_and_counted():
    """From c nobody could leave: bc is one-way towards c and goes no farther."""
    rows = ["abc"]
    roads = draw(rows, [Way("ab"), Way("bc", 1)])
    homes, sites = {"c": (2, 0)}, {"a": (0, 0)}
    closed = replace(TRAVEL, open_one_way_traps=False)
    assert distances(build_graph(roads, closed), homes, sites, closed) == {}
    graph = build_graph(roads, TRAVEL)
    assert distances(graph, homes, sites, TRAVEL)["c-a"] == pytest.approx(200, **CLOSE)
    assert graph.edge_opened.sum() == 1


def test_components_keep_their_length():
    rows = ["cd ", "abe"]
    graph = build_graph(draw(rows, [Way("abe"), Way("cd")]), TRAVEL)
    assert sorted(graph.component_length_m) == pytest.approx([100, 200], **CLOSE)


def test_an_empty_road_table_is_an_empty_graph():
    graph = build_graph(draw(["ab"], [Way("ab", ferry=True)]), TRAVEL)
    assert (graph.node_count, graph.edge_count) == (0, 0)
    snaps = snap(graph, np.array([0.0]), np.array([0.0]), TRAVEL)
    assert not snaps.snapped.any()
