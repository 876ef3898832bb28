import numpy as np
import pandas as pd
import pytest

from coverage.errors import DuplicateIdError, InvalidValueError, MissingColumnError
from coverage.placement.candidates import (
    candidates_from_grid,
    candidates_from_table,
    candidates_from_towns,
)
from coverage.units import scale_factor
from tests.drawn_town import ROAD_Y_M, WEST_M, drawn_assessment


@pytest.fixture(scope="module")
def town():
    return drawn_assessment()


def own_list(*places, y_m=ROAD_Y_M):
    """Return a list of one's own: ids and kilometres along the drawn town's road."""
    return pd.DataFrame(
        {
            "site_id": [site_id for site_id, _ in places],
            "name": [f"Sted {site_id}" for site_id, _ in places],
            "x_m": [WEST_M + km * 1000.0 for _, km in places],
            "y_m": y_m,
        }
    )


def test_towns_are_candidates_with_kommune_and_areas(town):
    found = candidates_from_towns(town)
    assert found.table["site_id"].tolist() == ["0461-vesterby", "0461-midterby", "0450-oesterlund"]
    assert found.table["name"].tolist() == ["Vesterby", "Midterby", "Østerlund"]
    assert found.table["kommune_code"].tolist() == ["0461", "0461", "0450"]
    assert found.area["kommune"].tolist() == ["0461", "0461", "0450"]
    assert found.area["sundhedsraad"].tolist() == ["Vest", "Vest", "Øst"]
    assert found.left_out.empty


def test_a_candidates_distances_are_those_by_road(town):
    """Home B at km 12.5 is 8.5 km from a candidate at km 4, and its cutoff is 30 km."""
    found = candidates_from_table(town, own_list(("new", 4.0)))
    by_home = dict(zip(town.matrix.origin_ids[found.origin], found.distance_m, strict=True))
    home = next(one for one in by_home if one.startswith("B"))
    assert by_home[home] == pytest.approx(8_500.0 / float(scale_factor(WEST_M + 8_000.0)), abs=1.0)
    assert max(by_home.values()) <= found.cutoff_m == town.rules.travel.cutoff_m


def test_a_grid_has_the_most_populous_home_of_every_square(town):
    """In squares of 30 km, counted from 0: A with 1,200 in the west, and in the next square B."""
    found = candidates_from_grid(town, 30_000.0)
    homes = town.origins.table.assign(
        east=np.floor(town.origins.table["x_m"] / 30_000.0),
        north=np.floor(town.origins.table["y_m"] / 30_000.0),
    )
    on_road = homes[homes["y_m"] == ROAD_Y_M]
    best = on_road.groupby(["east", "north"])["persons"].max()
    assert len(found) + len(found.left_out) == len(homes.groupby(["east", "north"]))
    assert len(found) >= len(best)
    assert found.table["site_id"].is_unique


def test_a_square_is_named_by_its_corner_in_kilometres_and_by_a_town_near(town):
    found = candidates_from_grid(town, 10_000.0).table
    first = found.iloc[0]
    assert first["site_id"] == "6220_560"
    assert first["name"] == "Vesterby"


def test_a_grid_without_a_step_takes_the_rules(town):
    by_rule = candidates_from_grid(town)
    step_m = town.rules.placement.grid_m
    assert by_rule.table.equals(candidates_from_grid(town, step_m).table)


def test_what_cannot_be_used_is_listed_with_the_reason(town):
    on_land = own_list(("good", 10.0), ("far", 80.0))
    off_road = own_list(("sea", 10.0), y_m=ROAD_Y_M + 5_000.0)
    found = candidates_from_table(town, pd.concat([on_land, off_road]))
    assert found.table["site_id"].tolist() == ["good"]
    reasons = dict(zip(found.left_out["site_id"], found.left_out["reason"], strict=True))
    assert reasons == {"far": "outside", "sea": "no_road"}
    assert found.left_out["merged_into"].isna().all()


@pytest.mark.parametrize(("apart_m", "kept"), [(499.0, 1), (500.0, 2), (501.0, 2)])
def test_places_nearer_than_the_rule_count_as_one(town, apart_m, kept):
    """500 m is the rule: on the line they are two. A map metre is not a metre on the ground."""
    first_m = WEST_M + 10_000.0
    map_km = apart_m * float(scale_factor(first_m + apart_m / 2)) / 1000.0 + 1e-9
    found = candidates_from_table(town, own_list(("first", 10.0), ("second", 10.0 + map_km)))
    assert len(found) == kept
    if kept == 1:
        (row,) = found.left_out.itertuples()
        assert (row.site_id, row.reason, row.merged_into) == ("second", "merged", "first")


def test_what_has_merged_draws_nobody_in(town):
    """Of 0, 400 and 800 m the second joins the first; the third is 800 m from it and stays."""
    places = [("one", 10.0), ("two", 10.4), ("three", 10.8)]
    found = candidates_from_table(town, own_list(*places))
    assert found.table["site_id"].tolist() == ["one", "three"]


def test_a_list_without_a_column_is_refused(town):
    with pytest.raises(MissingColumnError, match="lacks: name, y_m"):
        candidates_from_table(town, own_list(("a", 1.0)).drop(columns=["name", "y_m"]))


@pytest.mark.parametrize("value", [np.nan, np.inf, "langt væk"])
def test_a_candidate_without_a_number_for_a_coordinate_is_refused(town, value):
    table = own_list(("a", 1.0), ("b", 2.0)).astype({"x_m": object})
    table.loc[1, "x_m"] = value
    with pytest.raises(InvalidValueError, match="without coordinates") as caught:
        candidates_from_table(town, table)
    assert caught.value.rows == ("b",)


def test_an_id_twice_or_of_a_practice_is_refused(town):
    table = own_list(("a", 1.0), ("a", 5.0), ("010001", 9.0))
    with pytest.raises(DuplicateIdError) as caught:
        candidates_from_table(town, table)
    assert caught.value.rows == ("010001", "a")


def test_a_grid_of_no_size_is_refused(town):
    with pytest.raises(InvalidValueError, match="A grid of 0 m"):
        candidates_from_grid(town, 0.0)


def test_no_candidates_is_an_empty_table_with_its_columns(town):
    found = candidates_from_table(town, own_list())
    assert len(found) == 0
    assert found.table.columns.tolist() == ["site_id", "name", "x_m", "y_m", "kommune_code"]
    assert len(found.distance_m) == 0
