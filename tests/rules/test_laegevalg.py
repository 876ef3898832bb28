"""Lægevalg as a planner would check it: homes and practices on one straight road."""

import numpy as np
import pytest

from coverage.choice import (
    AreaGrouping,
    limits_m,
    measure_choice,
    summarise_choice,
    weighted_spread,
)
from coverage.units import M_PER_KM
from tests.straight_road import RULES, matrix_of, origins_at, sites_at

HOME_M = 20_000.0


def choice_of(practices_m, opened=None, *, kommune_code="0461"):
    """Lægevalg of one home 20 km up the road."""
    homes = origins_at({"home": HOME_M}, kommune_code=kommune_code)
    matrix = matrix_of(homes, sites_at(practices_m))
    opened = list(practices_m) if opened is None else opened
    return measure_choice(homes, matrix, opened, RULES.choice).by_origin.iloc[0]


@pytest.mark.parametrize(
    ("second_m", "status", "margin_m"),
    [
        (14_999.999, "two_or_more", 0.001),
        (15_000.000, "two_or_more", 0.0),
        (15_000.001, "one", -0.001),
    ],
)
def test_exactly_15_000_m_counts_as_within(second_m, status, margin_m):
    home = choice_of({"near": HOME_M + 100, "second": HOME_M + second_m})
    assert home.road_status == status
    assert home.road_second_m == second_m
    assert home.road_margin_m == pytest.approx(margin_m, abs=1e-9)
    assert home.second_ydernummer == "second"


@pytest.mark.parametrize(
    ("second_m", "status"),
    [(4_999.999, "two_or_more"), (5_000.0, "two_or_more"), (5_000.001, "one")],
)
@pytest.mark.parametrize("kommune_code", ["0101", "0147", "0155", "0185"])
def test_the_limit_is_5_km_for_homes_in_the_capitals_four_kommuner(kommune_code, second_m, status):
    home = choice_of({"near": HOME_M, "second": HOME_M + second_m}, kommune_code=kommune_code)
    assert home.limit_m == 5_000
    assert home.road_status == status


def test_the_home_decides_the_limit_and_not_the_practice():
    homes = origins_at({"a": 0.0, "b": 0.0})
    homes["kommune_code"] = ["0101", "0157"]
    assert limits_m(homes["kommune_code"], RULES.choice).tolist() == [5_000, 15_000]


@pytest.mark.parametrize(
    ("practices_m", "opened", "status"),
    [
        ({"a": 19_000, "b": 21_000, "c": 22_000}, None, "two_or_more"),
        ({"a": 19_000, "b": 21_000}, ["a", "b"], "two_or_more"),
        ({"a": 19_000, "b": 21_000}, ["a"], "one"),
        ({"a": 19_000, "b": 21_000}, [], "none"),
        ({"a": 40_000, "b": 41_000}, ["a", "b"], "none"),
    ],
)
def test_only_open_practices_within_the_limit_count(practices_m, opened, status):
    assert choice_of(practices_m, opened).road_status == status


def test_the_two_nearest_are_found_beyond_the_limit_and_beyond_the_cutoff():
    home = choice_of({"far": 51_000, "farther": 55_000})
    assert home.road_status == "none"
    assert home.road_first_m == 31_000
    assert home.road_second_m == 35_000
    assert home.road_margin_m == -20_000


def test_without_a_second_open_practice_the_distance_is_missing_and_never_zero():
    home = choice_of({"only": HOME_M})
    assert home.road_first_m == 0
    assert np.isnan(home.road_second_m)
    assert np.isnan(home.road_margin_m)
    assert home.first_ydernummer == "only"


def test_two_practices_in_one_house_are_a_choice():
    assert choice_of({"a": 21_000, "b": 21_000}).road_status == "two_or_more"


def test_without_any_practice_on_its_roads_a_home_has_no_road_connection():
    home = choice_of({})
    assert home.road_status == "no_road_connection"
    assert home.straight_status == "none"


def test_area_figures_by_hand():
    """Three homes of 100, 200 and 700 persons at 0, 10 and 40 km; practices at 1, 5 and 30 km.

    home 0:  1.0, 5.0         two
    home 10: 5.0, 9.0, (20)   two
    home 40: 10.0 (35, 39)    one
    """
    homes = origins_at({"h00": 0.0, "h10": 10_000.0, "h40": 40_000.0})
    homes["persons"] = [100.0, 200.0, 700.0]
    matrix = matrix_of(homes, sites_at({"p1": 1_000, "p5": 5_000, "p30": 30_000}))
    choice = measure_choice(homes, matrix, ["p1", "p5", "p30"], RULES.choice)
    table = summarise_choice(choice, ["west", "west", "east"], {"west": "Vest", "east": "Øst"})
    assert table["area_id"].tolist() == ["east", "west", "all"]
    assert table["area_name"].tolist() == ["Øst", "Vest", "all"]
    east, west, total = (row for _, row in table.iterrows())
    assert (east.persons, west.persons, total.persons) == (700, 300, 1000)
    assert (total.road_persons_two_or_more, total.road_persons_one) == (300, 700)
    assert total.road_share_two_or_more == pytest.approx(0.3)
    assert total.road_persons_exactly_two == 300
    assert total.road_first_mean_m == pytest.approx(
        (100 * 1 + 200 * 5 + 700 * 10) / 1000 * M_PER_KM
    )
    assert total.road_second_mean_m == pytest.approx(
        (100 * 5 + 200 * 9 + 700 * 35) / 1000 * M_PER_KM
    )
    assert (west.road_second_median_m, west.road_second_p90_m) == (9_000, 9_000)
    assert (total.road_first_median_m, total.road_second_p90_m) == (10_000, 35_000)
    assert total.straight_second_mean_m == pytest.approx(total.road_second_mean_m)


@pytest.mark.parametrize(
    ("second_m", "persons"), [(13_000.0, 0), (13_000.001, 100), (15_000.0, 100), (15_000.001, 0)]
)
def test_a_margin_below_two_km_is_thin_and_only_who_has_a_choice_can_lose_it(second_m, persons):
    homes = origins_at({"home": HOME_M})
    matrix = matrix_of(homes, sites_at({"a": HOME_M, "b": HOME_M + second_m}))
    choice = measure_choice(homes, matrix, ["a", "b"], RULES.choice)
    total = summarise_choice(choice, ["x"], {}).iloc[-1]
    assert total.road_persons_thin_margin == persons


@pytest.mark.parametrize(
    ("values", "weights", "mean", "median", "p90"),
    [
        ([1, 2, 3], [1, 1, 1], 2, 2, 3),
        ([3, 1, 2], [1, 8, 1], 1.3, 1, 2),
        ([5, np.nan], [1, 99], 5, 5, 5),
        ([1, 2], [0, 1], 2, 2, 2),
    ],
)
def test_weighted_spread_by_hand(values, weights, mean, median, p90):
    assert spread_of(values, weights) == pytest.approx(
        {"mean_m": mean, "median_m": median, "p90_m": p90}
    )


def test_where_nobody_has_a_value_the_spread_is_missing():
    assert all(np.isnan(value) for value in spread_of([np.nan], [3.0]).values())


def test_spread_of_several_areas_is_that_of_each_alone():
    values, weights = [5.0, 1.0, 9.0, 2.0, np.nan], [0.3, 0.1, 0.6, 7.0, 1.0]
    codes = np.array([2, 0, 2, 0, 1])
    (together,) = weighted_spread(np.array(values), np.array(weights), [AreaGrouping(codes, 4)])
    for area in range(4):
        own = codes == area
        alone = spread_of(np.array(values)[own], np.array(weights)[own])
        for name, value in alone.items():
            assert together[name][area] == pytest.approx(value, nan_ok=True)


def spread_of(values, weights):
    everybody = AreaGrouping(np.zeros(len(values), dtype=np.int64), 1)
    (spread,) = weighted_spread(np.array(values, float), np.array(weights, float), [everybody])
    return {name: value[0] for name, value in spread.items()}
