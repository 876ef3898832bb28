"""Location problems with known answers: spopt's San Francisco, and allagash's five sites."""

import json
import math

import numpy as np
import pandas as pd
import pytest

from coverage.errors import PlacementError
from coverage.placement.models import (
    backup_covering,
    maximal_covering,
    p_center,
    p_median,
    set_covering,
)
from tests.shared_files import shared


@pytest.fixture(scope="module")
def expected():
    return json.loads(shared("oracles/spopt/expected.json").read_text("utf-8"))["SF"]


@pytest.fixture(scope="module")
def francisco(expected):
    """Return costs of tracts to stores in metres, the tracts' people, and the stores' names."""
    pairs = pd.read_csv(
        shared("oracles/spopt/SF_network_distance_candidateStore_16_censusTract_205_new.csv")
    )
    tracts = pd.read_csv(shared("oracles/spopt/SF_demand_205_centroid_uniform_weight.csv"))
    costs = pairs.pivot_table(index="DestinationName", columns="name", values="distance")
    persons = tracts.set_index("NAME")["POP2000"].reindex(costs.index)
    assert costs.shape == (expected["n_demand"], expected["n_sites"])
    assert persons.sum() == expected["recomputed_here_scipy_HiGHS"]["total_population"]
    return costs.to_numpy(), persons.to_numpy(np.float64), costs.columns.to_numpy()


def names_of(located, names):
    return sorted(names[located.sites])


def test_p_median_of_san_francisco(francisco, expected):
    costs, persons, names = francisco
    found = p_median(costs, persons, expected["p"])
    known = expected["recomputed_here_scipy_HiGHS"]
    assert found.value == pytest.approx(known["pmedian_objective"], rel=1e-9)
    assert names_of(found, names) == sorted(known["pmedian_sites"])
    mean_m = found.value / persons.sum()
    assert mean_m == pytest.approx(expected["published"]["pmedian_mean_dist"], rel=1e-9)


def test_maximal_covering_of_san_francisco(francisco, expected):
    costs, persons, names = francisco
    found = maximal_covering(costs, persons, expected["service_radius"], expected["p"])
    known = expected["recomputed_here_scipy_HiGHS"]
    assert found.value == known["mclp_covered_population"]
    assert names_of(found, names) == sorted(known["mclp_sites"])
    uncovered = int((found.sites_within == 0).sum())
    assert uncovered == expected["published"]["mclp_n_uncovered_tracts"]


def test_set_covering_of_san_francisco(francisco, expected):
    costs, _, _ = francisco
    found = set_covering(costs, expected["service_radius"])
    assert found.value == expected["recomputed_here_scipy_HiGHS"]["lscp_min_sites"] == 8
    assert (found.sites_within >= 1).all()
    with pytest.raises(PlacementError, match="205 of 205 demands have fewer sites within 20"):
        set_covering(costs, 20.0)


def test_p_center_of_san_francisco(francisco, expected):
    costs, _, _ = francisco
    found = p_center(costs, expected["p"])
    known = expected["recomputed_here_scipy_HiGHS"]["pcenter_radius"]
    assert found.value == pytest.approx(known, rel=1e-12)
    assert len(found.sites) == expected["p"]


def test_backup_of_san_francisco_counts_only_tracts_with_two_sites(francisco, expected):
    """145 of 205 tracts; 167 would count the 22 with a single candidate as backed up."""
    costs, _, _ = francisco
    known = expected["recomputed_here_scipy_HiGHS"]
    found = backup_covering(costs, np.ones(len(costs)), expected["service_radius"])
    assert len(found.sites) == known["lscp_min_sites"]
    assert found.value == 145
    assert found.value == (found.sites_within >= 2).sum()
    share = 100 * found.value / len(costs)
    assert share == pytest.approx(known["max_share_of_tracts_with_2_of_8_sites_pct"])
    assert share != pytest.approx(expected["published"]["lscpb_backup_perc"])


def test_twelve_sites_of_san_francisco_give_two_to_every_tract_that_can_have_them(
    francisco, expected
):
    costs, _, _ = francisco
    known = expected["recomputed_here_scipy_HiGHS"]
    candidates = (costs <= expected["service_radius"]).sum(axis=1)
    assert (candidates < 2).sum() == known["tracts_with_fewer_than_2_candidates"] == 22
    found = set_covering(costs, expected["service_radius"], np.minimum(2, candidates))
    assert found.value == known["min_sites_so_every_tract_with_two_candidates_has_two"] == 12
    with pytest.raises(PlacementError, match=r"22 of 205 .* at most 2 needed, 1 there"):
        set_covering(costs, expected["service_radius"], 2)


@pytest.fixture(scope="module")
def allagash():
    """Return the published example, its demands' weights, and costs: 0 within reach, else inf."""
    oracle = json.loads(shared("oracles/allagash_micro.json").read_text("utf-8"))
    weights = np.array(list(oracle["demand"].values()), dtype=np.float64)

    def costs(*sites):
        table = np.full((len(weights), len(sites)), np.inf)
        for column, site in enumerate(sites):
            table[np.array(oracle["sites_cover"][site]) - 1, column] = 0.0
        return table

    return oracle["published"], weights, costs


SITES = ("S1", "S2", "S3", "S4", "S5")


def test_allagash_set_covering(allagash):
    published, _, costs = allagash
    assert set_covering(costs(*SITES), 0.0).value == published["lscp_all"]["n_sites"]
    assert (set_covering(costs(*SITES), 0.0).sites_within >= 1).all()
    assert published["lscp_S1_to_S3"] == "infeasible"
    with pytest.raises(PlacementError, match="1 of 5 demands have fewer sites") as caught:
        set_covering(costs("S1", "S2", "S3"), 0.0)
    assert caught.value.rows == (4,)


def test_allagash_set_covering_by_two_sets_of_sites(allagash):
    """One of S1 to S3 and one of S4 and S5 are enough: S1 and S5."""
    published, _, costs = allagash
    found = set_covering(costs(*SITES), 0.0).sites
    counts = [int((found < 3).sum()), int((found >= 3).sum())]
    assert counts == published["lscp_all"]["by_set"]


@pytest.mark.parametrize("sites", [1, 2])
def test_allagash_maximal_covering_of_three_sites(allagash, sites):
    published, weights, costs = allagash
    found = maximal_covering(costs("S1", "S2", "S3"), weights, 0.0, sites)
    covered_pct = math.ceil(100 * found.value / weights.sum())
    assert covered_pct == published[f"mclp_S1_S3_p{sites}_ceil_pct"]


def test_allagash_maximal_covering_by_both_sets_of_sites(allagash):
    """Two more sites after the two of the first set cover all."""
    published, weights, costs = allagash
    found = maximal_covering(costs(*SITES), weights, 0.0, 4)
    assert 100 * found.value / weights.sum() == published["mclp_all_p2_plus_2_pct"]
