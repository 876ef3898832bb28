"""Published catchment figures: the tests of pysal/access (BSD-3).

Their distances are costs without a unit, so they go to the formula directly.
"""

import json
import math
from typing import Any

import numpy as np
import pytest

from coverage.access import floating_catchment
from tests.shared_files import shared

SIDE = 5


def read(name: str) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(shared(f"oracles/access/{name}").read_text("utf-8"))
    return answer


@pytest.fixture(scope="module")
def hospitals() -> dict[str, Any]:
    return read("hospital_example_2sfca_3sfca.json")


@pytest.fixture(scope="module")
def grid() -> dict[str, Any]:
    return read("grid5_gravity.json")


def tract_figures(hospitals, scenario):
    """Doctors, population, and the pairs with their costs; tract 1 is at position 0."""
    supply = np.array([tract["doc"] for tract in hospitals["tracts"]], dtype=np.float64)
    demand = np.array([tract["pop"] for tract in hospitals["tracts"]], dtype=np.float64)
    pairs = np.array(hospitals["scenarios"][scenario]["od_cost"], dtype=np.float64)
    return supply, demand, pairs[:, 0].astype(int) - 1, pairs[:, 1].astype(int) - 1, pairs[:, 2]


@pytest.mark.parametrize("scenario", range(4))
def test_two_steps_both_weighted_by_one_over_the_cost(hospitals, scenario):
    supply, demand, origin, site, cost = tract_figures(hospitals, scenario)
    held = cost < hospitals["max_cost"]
    access = floating_catchment(origin[held], site[held], 1 / cost[held], supply, demand)
    expected = hospitals["scenarios"][scenario]["expected_2sfca"]
    assert access.tolist() == pytest.approx(list(expected.values()), rel=1e-12)


@pytest.mark.parametrize("scenario", range(4))
def test_three_steps_are_two_steps_whose_weight_holds_how_likely_a_site_is_chosen(
    hospitals, scenario
):
    """Wan, Zou and Sternberg (2012): the share of each site in the weights an origin gives.

    The published figures take the share over all sites, those beyond the
    largest cost too.
    """
    supply, demand, origin, site, cost = tract_figures(hospitals, scenario)
    share = (1 / cost) / np.bincount(origin, weights=1 / cost)[origin]
    held = cost < hospitals["max_cost"]
    weight = (share / cost)[held]
    access = floating_catchment(origin[held], site[held], weight, supply, demand)
    expected = hospitals["scenarios"][scenario]["expected_3sfca"]
    assert access.tolist() == pytest.approx(list(expected.values()), rel=1e-12)


def grid_pairs():
    """Every node of the grid with every node: origin, site, straight distance."""
    nodes = [(x, y) for x in range(SIDE) for y in range(SIDE)]
    pairs = [
        (one, other, math.dist(nodes[one], nodes[other]))
        for one in range(len(nodes))
        for other in range(len(nodes))
    ]
    origin, site, cost = (np.array(part) for part in zip(*pairs, strict=True))
    return origin, site, cost


def test_gravity_sums_of_the_grid(grid):
    """The published figure is one step: the weights summed over all sites.

    A site whose supply is all its weighted demand has the ratio 1, so that the
    second step sums nothing but weights; far weighs more here, as published.
    """
    origin, site, cost = grid_pairs()
    weight = cost / 60
    square = np.zeros((SIDE**2, SIDE**2))
    square[origin, site] = weight
    supply, demand = square.sum(axis=0) * 2.0, np.full(SIDE**2, 2.0)
    access = floating_catchment(origin, site, weight, supply, demand)
    for node, expected in grid["published"].items():
        assert access[int(node) - 1] == pytest.approx(expected, rel=1e-8), node


def test_without_a_limit_everybody_has_all_supply_divided_by_all_demand(grid):
    """Five nodes with 1 of demand each, all 25 with 1 of supply: 25 / 5."""
    origin, site, _ = grid_pairs()
    demand = np.zeros(SIDE**2)
    demand[[0, 6, 12, 17, 23]] = 1.0
    weight = np.ones(len(origin))
    access = floating_catchment(origin, site, weight, np.ones(SIDE**2), demand)
    expected = grid["published_other"]["2sfca_no_limit_5_demand_25_supply"]
    assert access == pytest.approx(np.full(SIDE**2, expected))


def test_below_the_distance_of_neighbours_everybody_has_their_own(grid):
    origin, site, cost = grid_pairs()
    held = cost <= 0.9
    ones = np.ones(SIDE**2)
    access = floating_catchment(origin[held], site[held], np.ones(held.sum()), ones, ones)
    assert access.tolist() == [grid["published_other"]["below_0.9_radius"]] * SIDE**2
