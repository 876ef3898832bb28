"""The textbook location problems against every set of sites tried one by one."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from coverage.errors import PlacementError
from coverage.placement.models import (
    backup_covering,
    maximal_covering,
    p_center,
    p_median,
    set_covering,
)

many = settings(max_examples=40, deadline=None)
LIMIT = 5.0


@st.composite
def matrices(draw):
    """Draw costs 0 to 9 and inf for no way, weights, and how many sites."""
    demands, sites = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    cost = st.sampled_from([*map(float, range(10)), 5.0, np.inf, np.nan])
    costs = draw(
        st.lists(st.lists(cost, min_size=sites, max_size=sites), min_size=demands, max_size=demands)
    )
    weights = draw(st.lists(st.integers(0, 9), min_size=demands, max_size=demands))
    table = np.array(costs)
    return table, np.array(weights, dtype=float), draw(st.integers(1, sites))


def usable(costs):
    return np.where(np.isnan(costs), np.inf, costs)


def sets_of(costs, count):
    return [list(chosen) for chosen in combinations(range(costs.shape[1]), count)]


def nearest(costs, chosen):
    return usable(costs)[:, chosen].min(axis=1)


def covered(costs, chosen):
    return (usable(costs)[:, chosen] <= LIMIT).sum(axis=1)


def fewest_covering(costs, needed):
    for count in range(1, costs.shape[1] + 1):
        found = [one for one in sets_of(costs, count) if (covered(costs, one) >= needed).all()]
        if found:
            return found
    return []


def check_answer(found, costs, within):
    """Check that sites, who serves whom, and the counts of an answer belong together."""
    own = np.where(within, usable(costs), np.inf)[:, found.sites]
    assert (found.sites_within == within[:, found.sites].sum(axis=1)).all()
    for demand, site in enumerate(found.served_by):
        if found.sites_within[demand] == 0:
            assert site == -1
        else:
            assert usable(costs)[demand, site] == own[demand].min()


@many
@given(matrices())
def test_p_median_is_the_least_weighted_cost(drawn):
    costs, weights, count = drawn
    able = [one for one in sets_of(costs, count) if np.isfinite(nearest(costs, one)).all()]
    if not able:
        with pytest.raises(PlacementError):
            p_median(costs, weights, count)
        return
    found = p_median(costs, weights, count)
    assert found.value == pytest.approx(min(weights @ nearest(costs, one) for one in able))
    assert found.value == pytest.approx(weights @ nearest(costs, found.sites))
    assert len(found.sites) == count
    check_answer(found, costs, np.isfinite(usable(costs)))


@many
@given(matrices())
def test_maximal_covering_is_the_most_weight(drawn):
    costs, weights, count = drawn
    found = maximal_covering(costs, weights, LIMIT, count)
    best = max(weights[covered(costs, one) > 0].sum() for one in sets_of(costs, count))
    assert found.value == pytest.approx(best)
    assert found.value == pytest.approx(weights[covered(costs, found.sites) > 0].sum())
    assert len(found.sites) == count
    check_answer(found, costs, usable(costs) <= LIMIT)


@many
@given(matrices(), st.sampled_from([1, 2]))
def test_set_covering_is_the_fewest_sites(drawn, needed):
    costs, _, _ = drawn
    able = fewest_covering(costs, needed)
    if not able:
        with pytest.raises(PlacementError, match=f"at most {needed} needed"):
            set_covering(costs, LIMIT, needed)
        return
    found = set_covering(costs, LIMIT, needed)
    assert found.value == len(found.sites) == len(able[0])
    assert found.sites.tolist() in able


@many
@given(matrices())
def test_p_center_is_the_least_largest_cost(drawn):
    costs, _, count = drawn
    best = min(nearest(costs, one).max() for one in sets_of(costs, count))
    if np.isinf(best):
        with pytest.raises(PlacementError):
            p_center(costs, count)
        return
    found = p_center(costs, count)
    assert found.value == best == nearest(costs, found.sites).max()
    assert len(found.sites) == count


@many
@given(matrices())
def test_backup_covering_is_the_most_weight_covered_twice_by_the_fewest_sites(drawn):
    costs, weights, _ = drawn
    able = fewest_covering(costs, 1)
    if not able:
        with pytest.raises(PlacementError, match="at most 1 needed, 0 there"):
            backup_covering(costs, weights, LIMIT)
        return
    found = backup_covering(costs, weights, LIMIT)
    assert found.sites.tolist() in able
    assert found.value == max(weights[covered(costs, one) > 1].sum() for one in able)
    assert found.value == weights[found.sites_within > 1].sum()


@pytest.mark.parametrize(
    ("costs", "weights", "sites", "words"),
    [
        ([[1.0, 2.0]], [1.0], 3, "3 sites are asked for, and there are 2"),
        ([[1.0, 2.0]], [1.0], 0, "0 sites are asked for, and there are 2"),
        ([[1.0, 2.0]], [1.0, 1.0], 1, "2 weights for 1 demands"),
        ([[1.0, 2.0]], [-1.0], 1, "one below 0"),
        ([[-1.0, 2.0]], [1.0], 1, "A cost below 0"),
        ([1.0, 2.0], [1.0], 1, r"shape \(2,\)"),
        ([[np.inf, np.nan]], [1.0], 1, "1 of 1 demands have fewer sites than they need"),
        ([[1.0, np.inf], [np.inf, 1.0]], [1.0, 1.0], 1, r"sites \(1\) serves every one of the 2"),
    ],
)
def test_what_cannot_be_meant_or_met_is_told_with_both_numbers(costs, weights, sites, words):
    with pytest.raises(PlacementError, match=words):
        p_median(costs, weights, sites)


def test_p_center_says_what_is_not_served():
    with pytest.raises(PlacementError, match=r"sites \(1\) serves every one of the 2"):
        p_center([[1.0, np.inf], [np.inf, 1.0]], 1)
