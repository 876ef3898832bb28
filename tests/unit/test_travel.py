"""The matrix on one straight road, where every distance is a subtraction."""

import numpy as np
import pandas as pd
import pytest

from coverage.errors import DuplicateIdError, UnknownIdError
from coverage.places import join_places
from coverage.straight import StraightLines
from tests.straight_road import RULES, matrix_of, origins_at, road, sites_at

HOMES = {"a": 0.0, "b": 10_000.0, "c": 50_000.0}
SITES = {"p": 1_000.0, "q": 12_000.0, "r": 31_000.0}


@pytest.fixture(scope="module")
def matrix():
    return matrix_of(origins_at(HOMES), sites_at(SITES))


def test_pairs_are_held_up_to_and_including_the_cutoff(matrix):
    held = matrix.pairs().set_index(["origin_id", "site_id"])["distance_m"].to_dict()
    assert held == {
        ("a", "p"): 1_000,
        ("a", "q"): 12_000,
        ("b", "q"): 2_000,
        ("b", "p"): 9_000,
        ("b", "r"): 21_000,
        ("c", "r"): 19_000,
    }


def test_pair_positions_are_the_pairs_without_their_ids(matrix):
    origin, site, distance_m = matrix.pair_positions()
    assert origin.tolist() == [0, 0, 1, 1, 1, 2]
    assert site.tolist() == [0, 1, 1, 0, 2, 2]  # home b at 10 km: q at 12, p at 1, r at 31
    assert distance_m.tolist() == [1_000, 12_000, 2_000, 9_000, 21_000, 19_000]


def test_a_distance_of_0_is_0_and_a_missing_one_is_missing():
    homes = origins_at({"a": 5_000.0, "far": 59_000.0, "off_road": 5_000.0})
    homes.loc[2, "x_m"] += 5_000
    matrix = matrix_of(homes, sites_at({"p": 5_000.0}))
    assert matrix.pairs()["distance_m"].tolist() == [0]  # the far one is beyond the cutoff
    distances_m = matrix.distances_to("p")
    assert distances_m.tolist()[:2] == [0, 54_000]
    assert np.isnan(distances_m["off_road"])
    assert matrix.count_within(0.0, ["p"]).tolist() == [1, 0, 0]


def test_a_straight_line_to_a_site_that_was_not_measured_is_refused_too(matrix):
    straight = StraightLines(matrix.origins, matrix.sites)
    with pytest.raises(UnknownIdError, match="1 row: z"):
        straight.nearest_two(["p", "z"])


def test_nearest_two_go_beyond_the_cutoff(matrix):
    nearest = matrix.nearest_two(["p", "r"])
    assert nearest["first_m"].tolist() == [1_000, 9_000, 19_000]
    assert nearest["second_m"].tolist() == [31_000, 21_000, 49_000]
    assert nearest["second_site_id"].tolist() == ["r", "r", "p"]


def test_nearest_two_of_no_site_are_missing(matrix):
    nearest = matrix.nearest_two([])
    assert nearest.isna().all(axis=None)


def test_a_new_site_gives_what_measuring_everything_gives(matrix):
    grown = matrix.with_sites(sites_at({"s": 11_000.0, "t": 0.0}), RULES.travel)
    whole = matrix_of(origins_at(HOMES), sites_at({**SITES, "s": 11_000.0, "t": 0.0}))
    pd.testing.assert_frame_equal(grown.pairs(), whole.pairs())
    ids = list(whole.site_ids)
    pd.testing.assert_frame_equal(grown.nearest_two(ids), whole.nearest_two(ids))
    assert matrix.pair_count == 6  # the first one is as it was


def test_a_limit_beyond_the_cutoff_is_refused_and_not_answered_wrongly(matrix):
    with pytest.raises(ValueError, match="beyond the matrix's cutoff"):
        matrix.count_within(30_001.0, ["p"])


def test_a_site_that_was_not_measured_is_named(matrix):
    with pytest.raises(UnknownIdError, match="1 row: z") as caught:
        matrix.count_within(1_000.0, ["p", "z"])
    assert caught.value.exit_code == 23


def test_ids_that_repeat_are_refused(matrix):
    with pytest.raises(DuplicateIdError, match="p"):
        matrix.with_sites(sites_at({"p": 2_000.0}), RULES.travel)
    twice = pd.concat([sites_at({"p": 1.0}), sites_at({"p": 2.0})])
    with pytest.raises(DuplicateIdError):
        join_places(road(), twice, "site_id", RULES.travel)


def test_a_home_off_the_road_is_kept_with_no_distance():
    homes = origins_at({"a": 0.0, "b": 10.0})
    homes.loc[1, "x_m"] += 5_000
    matrix = matrix_of(homes, sites_at({"p": 0.0}))
    assert matrix.connected.to_dict() == {"a": True, "b": False}
    assert matrix.count_within(15_000.0, ["p"]).to_dict() == {"a": 1, "b": 0}
    assert matrix.nearest_two(["p"])["first_m"].isna().tolist() == [False, True]


def test_without_sites_or_homes_there_is_an_empty_matrix():
    empty = matrix_of(origins_at(HOMES), sites_at({}))
    assert empty.pair_count == 0
    assert not empty.connected.any()
    assert matrix_of(origins_at({}), sites_at(SITES)).pair_count == 0
