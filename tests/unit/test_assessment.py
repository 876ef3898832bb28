"""A practice placed on the drawn town answers as measuring everything anew would."""

import numpy as np
import pandas as pd
import pytest

from coverage.assessment import assess_areas, place_candidates
from coverage.choice import measure_choice
from coverage.errors import CoordinateError, DuplicateIdError
from tests.drawn_town import ISLAND_Y_M, ROAD_Y_M, WEST_M, drawn_assessment


def site(km, *, y_m=ROAD_Y_M, site_id="K1"):
    return pd.DataFrame({"site_id": [site_id], "x_m": [WEST_M + km * 1000], "y_m": [y_m]})


@pytest.fixture(scope="module")
def baseline():
    return drawn_assessment()


@pytest.mark.parametrize("where", [site(40.0), site(31.0, y_m=ISLAND_Y_M + 500)])
def test_a_placed_practice_gives_what_measuring_everything_gives(baseline, where):
    """On the mainland it does not reach the island F; on the island nobody else."""
    placed = place_candidates(baseline, where)
    opened = [*baseline.choice.open_ids, "K1"]
    whole = measure_choice(baseline.origins.table, placed.matrix, opened, baseline.rules.choice)
    pd.testing.assert_frame_equal(placed.choice.by_origin, whole.by_origin)
    areas = assess_areas(whole, baseline.tables, baseline.area_of_kommune)
    for level, table in areas.items():
        pd.testing.assert_frame_equal(placed.by_area[level], table)


def test_a_place_without_a_road_to_the_new_practice_keeps_its_missing_distances(baseline):
    island = baseline.origins.table["cell_id"] == "F"
    before = baseline.choice.by_origin[island.to_numpy()]
    after = place_candidates(baseline, site(40.0)).choice.by_origin[island.to_numpy()]
    assert before["road_first_m"].isna().all()
    assert after["road_first_m"].isna().all()
    assert after["road_status"].tolist() == ["no_road_connection"]
    total = place_candidates(baseline, site(40.0)).by_area["kommune"].iloc[-1]
    assert np.isfinite(total["road_second_mean_m"])


def test_a_practice_on_the_island_connects_it(baseline):
    after = place_candidates(baseline, site(31.0, y_m=ISLAND_Y_M + 500)).choice.by_origin
    assert (after["road_status"] == "no_road_connection").sum() == 0


def test_without_candidates_it_is_the_baseline_itself(baseline):
    assert place_candidates(baseline, site(1.0).iloc[:0]) is baseline


@pytest.mark.parametrize(
    ("where", "error", "part"),
    [
        (site(10.0, y_m=ROAD_Y_M + 5_000), CoordinateError, "No road within 2,000 m"),
        (site(10.0, site_id="010001"), DuplicateIdError, "010001"),
    ],
)
def test_a_candidate_that_cannot_be_is_named(baseline, where, error, part):
    with pytest.raises(error, match=part):
        place_candidates(baseline, where)
