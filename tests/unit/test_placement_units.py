import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_array

from coverage.placement.conditions import Conditions, Draft
from coverage.placement.search_state import SearchState
from coverage.placement.units import Demand, Units, join_units, merge_units, ranges


def demand_of(rows):
    """Return demand of rows (weight, need, sites)."""
    sizes = np.array([len(sites) for _, _, sites in rows])
    return Demand(
        site=np.concatenate([np.array(sites, dtype=np.int64) for _, _, sites in rows]),
        first=np.cumsum(sizes) - sizes,
        size=sizes,
        weight=np.array([weight for weight, _, _ in rows], dtype=float),
        need=np.array([need for _, need, _ in rows], dtype=np.int64),
    )


def test_rows_of_one_need_and_the_same_sites_are_one_unit():
    rows = [(1.0, 1, [2, 0]), (2.0, 1, [0, 2]), (4.0, 2, [0, 2]), (8.0, 1, [0])]
    units = merge_units(demand_of(rows), 3)
    assert units.weight.tolist() == [3.0, 4.0, 8.0]
    assert units.need.tolist() == [1, 2, 1]
    assert units.site.tolist() == [0, 2, 0, 2, 0]
    assert units.start.tolist() == [0, 2, 4, 5]
    assert units.pair_count == 5


def test_rows_that_nothing_can_reach_are_left_out():
    rows = [(0.0, 1, [0]), (5.0, 2, [1]), (1.0, 1, [1])]
    units = merge_units(demand_of(rows), 2)
    assert units.weight.tolist() == [1.0]


def test_reached_counts_a_unit_from_its_need_on():
    """Sites 0 and 1 open: 3 (one of 0, 2), 4 (both of 0, 1), not 8 (two of 0, 2)."""
    rows = [(3.0, 1, [0, 2]), (4.0, 2, [0, 1]), (8.0, 2, [0, 2])]
    units = merge_units(demand_of(rows), 3)
    assert units.reached(np.array([True, True, False])) == 7.0
    assert units.reached(np.array([False, False, False])) == 0.0


def test_units_joined_reach_what_both_reach():
    one = merge_units(demand_of([(3.0, 1, [0])]), 2)
    other = merge_units(demand_of([(5.0, 2, [0, 1])]), 2)
    both = join_units(one, other.scaled(2.0))
    assert both.reached(np.array([True, True])) == 13.0
    assert both.reached(np.array([True, False])) == 3.0


def test_ranges_are_numbers_in_a_row():
    assert ranges(np.array([5, 0, 9]), np.array([2, 0, 3])).tolist() == [5, 6, 9, 10, 11]
    assert ranges(np.zeros(0, np.int64), np.zeros(0, np.int64)).tolist() == []


rows_drawn = st.lists(
    st.tuples(
        st.integers(0, 9).map(float),
        st.integers(1, 2),
        st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None)
@given(rows_drawn, st.lists(st.booleans(), min_size=6, max_size=6))
def test_merging_loses_nothing(rows, opened):
    units = merge_units(demand_of(rows), 6)
    expected = sum(
        weight for weight, need, sites in rows if sum(opened[one] for one in sites) >= need
    )
    assert units.reached(np.array(opened)) == pytest.approx(expected)
    kinds = {
        (need, frozenset(sites))
        for weight, need, sites in rows
        if weight > 0 and len(sites) >= need
    }
    assert len(units) == len(kinds)


def free(units: Units) -> Conditions:
    """Return conditions that ask for nothing."""
    count = units.site_count
    none = np.zeros(count, dtype=bool)
    return Conditions(
        candidates=count,
        mover_ids=(),
        most_sites=count,
        halves=2 * count,
        least=1,
        most=99,
        areas=("",),
        area=np.zeros(count, dtype=np.int64),
        area_least=np.zeros(1, np.int64),
        area_most=np.array([99]),
        forced=none,
        barred=none,
        near=csr_array((count, count)),
        beside_fixed=none,
        serve=(),
        serve_names=(),
        destinations=(),
        move_cost=0.0,
    )


@settings(max_examples=60, deadline=None)
@given(rows_drawn, st.lists(st.integers(0, 5), max_size=10), st.sampled_from([0.0, 0.45]))
def test_what_a_site_would_add_is_kept_up_to_date(rows, toggles, half_worth):
    """After any openings and closings the gains are those that counting anew would give."""
    units = merge_units(demand_of(rows), 6)
    state = SearchState(units, free(units), Draft((), ()))
    state.set_half_worth(half_worth)
    for place in toggles:
        if state.opened[place]:
            state.close_new(place)
        else:
            state.open_new(place)
    kept = state.gain.copy()
    assert state.reached == pytest.approx(units.reached(state.opened))
    state.set_half_worth(half_worth)
    assert kept == pytest.approx(state.gain)
    if half_worth == 0.0:
        for place in np.flatnonzero(~state.opened):
            more = state.opened.copy()
            more[place] = True
            assert kept[place] == pytest.approx(units.reached(more) - state.reached)
