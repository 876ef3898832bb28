"""Floating catchments on one straight road, and how evenly access is spread, all on paper."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from coverage.access import floating_catchment, gini, measure_access, worst_tenth_mean
from coverage.choice import AreaGrouping
from coverage.errors import RuleError
from tests.straight_road import RULES, matrix_of, origins_at, sites_at

PLAIN, ZONED = "access_2sfca_per_1000", "access_e2sfca_per_1000"
ONE_AREA = [0]


def access_of(homes_m, practices_m, capacities, *, need=None, rules=RULES.access):
    """Access by home (100 persons each) to practices with these capacities, in their order."""
    homes = origins_at(homes_m)
    matrix = matrix_of(homes, sites_at(practices_m))
    by_practice = pd.Series(capacities, index=pd.Index(practices_m, dtype="str"), dtype="float64")
    weights = np.ones(len(homes)) if need is None else np.asarray(need, dtype=np.float64)
    return measure_access(homes, weights, matrix, by_practice, rules).set_index("origin_id")


def areas_of(codes, count=None):
    return AreaGrouping(np.array(codes, dtype=np.int64), count or max(codes) + 1)


def floats(*values):
    return np.array(values, dtype=np.float64)


def test_two_practices_and_three_homes_by_hand():
    """Homes of 100 at 0, 4 and 20 km; practices at 0 km (1 capacity) and 14 km (3 capacities).

    Plain: the first serves 0 and 4 (200 persons: 5 per 1,000), the second 0, 4
    and 20 (300: 10 per 1,000). Zoned: the first weighs both 1 (5 per 1,000);
    the second is 14, 10 and 6 km away: 22 + 68 + 68 = 158 persons, 3 / 158.
    """
    access = access_of({"a": 0, "b": 4_000, "c": 20_000}, {"p": 0, "q": 14_000}, [1, 3])
    assert access[PLAIN].tolist() == pytest.approx([15, 15, 10])
    second = 3_000 / 158
    assert access[ZONED].tolist() == pytest.approx(
        [5 + 0.22 * second, 5 + 0.68 * second, 0.68 * second]
    )


@pytest.mark.parametrize(
    ("distance_m", "weight"),
    [
        (4_999.999, 1.0),
        (5_000.0, 1.0),
        (5_000.001, 0.68),
        (10_000.0, 0.68),
        (10_000.001, 0.22),
        (15_000.0, 0.22),
        (15_000.001, 0.0),
    ],
)
def test_the_end_of_a_zone_is_inside_it(distance_m, weight):
    access = access_of({"at": 0, "away": distance_m}, {"p": 0}, [1])
    assert access[ZONED]["away"] == pytest.approx(weight * access[ZONED]["at"])
    assert access[ZONED]["at"] == pytest.approx(1_000 / (100 + 100 * weight))
    assert access[PLAIN].tolist() == pytest.approx([5, 5] if weight else [10, 0])


def test_residents_who_need_more_count_as_more_residents():
    access = access_of({"a": 0, "b": 1_000}, {"p": 0}, [1], need=[1.5, 0.5])
    assert access[PLAIN].tolist() == pytest.approx([5, 5])  # 150 + 50 persons
    access = access_of({"a": 0, "b": 1_000}, {"p": 0}, [1], need=[1.5, 1.0])
    assert access[PLAIN].tolist() == pytest.approx([4, 4])  # 150 + 100 persons


def test_a_practice_of_unknown_capacity_is_left_out_and_never_counts_as_nothing():
    homes_m = {"both": 20_000, "unknown_only": 6_000, "nobody": 50_000}
    access = access_of(homes_m, {"p": 30_000, "q": 15_000}, [2, np.nan])
    assert access[PLAIN]["both"] == pytest.approx(20)  # 2 capacities for the 100 of this home
    assert np.isnan(access[PLAIN]["unknown_only"])
    assert np.isnan(access[ZONED]["unknown_only"])
    assert access[PLAIN]["nobody"] == 0  # no practice at all in reach: known to be nothing


def test_a_practice_that_has_no_capacity_in_the_register_is_unknown_too():
    homes = origins_at({"a": 0})
    matrix = matrix_of(homes, sites_at({"p": 0}))
    others = pd.Series([1.0], index=["not_measured"])
    access = measure_access(homes, np.ones(1), matrix, others, RULES.access)
    assert access[[PLAIN, ZONED]].isna().all(axis=None)


def test_a_practice_where_nobody_lives_gives_nothing_to_nobody():
    access = floating_catchment(
        np.array([0, 1]), np.array([0, 1]), np.ones(2), floats(2, 3), floats(10, 0)
    )
    assert access.tolist() == [0.2, 0]


def test_without_any_pair_everybody_has_0():
    none = np.empty(0, dtype=np.int64)
    access = floating_catchment(none, none, np.empty(0), floats(2), floats(10, 5))
    assert access.tolist() == [0, 0]
    assert access.dtype == np.float64


def test_zones_out_of_order_are_refused():
    rules = replace(RULES.access, zone_1_m=10_000.001)
    with pytest.raises(RuleError, match=r"ascending.*3 rows: 10000\.001, 10000\.0, 15000\.0"):
        access_of({"a": 0}, {"p": 0}, [1], rules=rules)
    access_of({"a": 0}, {"p": 0}, [1], rules=replace(RULES.access, zone_1_m=10_000.0))


@pytest.mark.parametrize(("cutoff_m", "is_refused"), [(15_000.0, False), (14_999.999, True)])
def test_a_zone_beyond_what_was_measured_is_refused(cutoff_m, is_refused):
    homes = origins_at({"a": 0})
    matrix = matrix_of(homes, sites_at({"p": 0}), cutoff_m=cutoff_m)
    capacities = pd.Series([1.0], index=["p"])
    if is_refused:
        with pytest.raises(RuleError, match="Zone 3 ends at 15000 m"):
            measure_access(homes, np.ones(1), matrix, capacities, RULES.access)
    else:
        access = measure_access(homes, np.ones(1), matrix, capacities, RULES.access)
        assert access[PLAIN].tolist() == [10]


@pytest.mark.parametrize(
    ("values", "persons", "expected"),
    [
        ([3, 3, 3], [1, 5, 2], 0.0),  # all alike
        ([0, 1], [1, 1], 0.5),  # 2 * 1 / (2 * 0.5 * 4)
        ([1, 3], [1, 1], 0.25),  # 2 * 2 / (2 * 2 * 4)
        ([0, 1], [1, 3], 0.25),  # 2 * 1 * 3 / (2 * 0.75 * 16)
        ([0, 0, 0, 8], [1, 1, 1, 1], 0.75),  # one has all
        ([4, np.nan, 4], [1, 9, 1], 0.0),  # a missing value is no value
        ([1, 3, 100], [1, 1, 0], 0.25),  # nobody lives at the third
    ],
)
def test_gini_by_hand(values, persons, expected):
    one = areas_of(ONE_AREA * len(values))
    assert gini(floats(*values), floats(*persons), one)[0] == pytest.approx(expected, abs=1e-15)


def test_gini_is_exactly_0_where_all_have_the_same():
    thirds = np.full(7, 1 / 3)
    assert gini(thirds, np.linspace(0.1, 0.7, 7), areas_of(ONE_AREA * 7))[0] == 0


def test_gini_of_an_area_without_people_or_without_any_access_is_missing():
    codes = areas_of([0, 0, 1, 2, 2], count=4)
    found = gini(floats(1, 3, 5, 0, 0), floats(1, 1, 0, 1, 1), codes)
    assert found[0] == pytest.approx(0.25)
    assert np.isnan(found[1:]).all()  # nobody lives there, nobody has any, no row at all


@pytest.mark.parametrize(
    ("values", "persons", "expected"),
    [
        ([9, 1, 2], [90, 5, 5], 1.5),  # two homes are exactly the tenth
        ([2, 1], [96, 4], 1.6),  # 4 at 1, and 6 of the 96 at 2
        ([1, 2], [10, 90], 1.0),  # the border itself
        ([1, 2], [9.5, 90.5], 1.05),  # half a person of the second
        ([7], [3], 7.0),
        ([np.nan, 7], [50, 50], 7.0),
    ],
)
def test_the_worst_tenth_is_a_tenth_of_the_persons_to_the_last_fraction(values, persons, expected):
    one = areas_of(ONE_AREA * len(values))
    found = worst_tenth_mean(floats(*values), floats(*persons), one)
    assert found[0] == pytest.approx(expected)


def test_each_area_has_a_worst_tenth_of_its_own():
    codes = areas_of([1, 0, 1, 0], count=3)
    found = worst_tenth_mean(floats(1, 5, 3, 6), floats(10, 4, 90, 96), codes)
    assert found[:2] == pytest.approx([(4 * 5 + 6 * 6) / 10, 1])
    assert np.isnan(found[2])
