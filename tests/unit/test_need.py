"""Need weights and the population's trend, by hand."""

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from coverage.levels import AreaLevel
from coverage.need import known_need, need_by_kommune, project_areas
from coverage.plan_tables import NEED_BY_AGE, NEED_BY_KOMMUNE, PROJECTION, PlanTables
from coverage.tables import check_table
from coverage.units import WORK_CRS

YOUNG_AND_OLD = [(0, 64, 1.0), (65, None, 3.0)]


def projection(rows):
    table = pd.DataFrame(rows, columns=["kommune_code", "year", "age_from", "age_to", "persons"])
    return check_table(table, PROJECTION, where="test")


def by_age(rows):
    table = pd.DataFrame(rows, columns=["age_from", "age_to", "weight"])
    return check_table(table, NEED_BY_AGE, where="test")


def by_kommune(weights):
    table = pd.DataFrame({"kommune_code": list(weights), "weight": list(weights.values())})
    return check_table(table, NEED_BY_KOMMUNE, where="test")


def level_of(area_of_origin, areas):
    shapes = gpd.GeoDataFrame(
        {"area_id": areas, "name": areas}, geometry=[shapely.box(0, 0, 1, 1)] * len(areas)
    )
    return AreaLevel(
        "test",
        shapes.set_crs(WORK_CRS),
        pd.Series(area_of_origin, dtype="str"),
        pd.Series(dtype="str"),
    )


def origins_of(kommune_persons):
    table = pd.DataFrame(kommune_persons, columns=["kommune_code", "persons"])
    return table.assign(kommune_code=table["kommune_code"].astype("str"))


def test_without_weights_everybody_counts_once():
    weights = need_by_kommune(PlanTables(), ["0450", "0461"], 2026)
    assert weights.to_dict() == {"0450": 1.0, "0461": 1.0}
    assert known_need(PlanTables(), ["0450"], 2026).isna().all()


def test_the_list_by_kommune_applies_as_it_stands_and_before_the_ages():
    plan = PlanTables(
        need_by_kommune=by_kommune({"0461": 1.2, "0450": 0.9, "0101": 5.0}),
        need_by_age=by_age(YOUNG_AND_OLD),
        projection=projection([("0461", 2026, 0, None, 10.0)]),
    )
    weights = need_by_kommune(plan, ["0450", "0461"], 2026)
    assert weights.index.tolist() == ["0450", "0461"]
    assert weights.tolist() == [0.9, 1.2]


def test_a_kommune_that_the_list_leaves_out_counts_once_and_is_told_apart():
    plan = PlanTables(need_by_kommune=by_kommune({"0461": 1.2}))
    assert need_by_kommune(plan, ["0450", "0461"], 2026).tolist() == [1.0, 1.2]
    assert known_need(plan, ["0450", "0461"], 2026).isna().tolist() == [True, False]


def test_weights_by_age_have_the_mean_1_over_the_studys_persons_of_the_year():
    """0450: 300 young, 100 old: mean 1.5. 0461: 100 and 100: 2. All: (600 + 400) / 600."""
    plan = PlanTables(
        need_by_age=by_age(YOUNG_AND_OLD),
        projection=projection(
            [
                ("0450", 2026, 0, 64, 300.0),
                ("0450", 2026, 65, None, 100.0),
                ("0461", 2026, 0, 64, 100.0),
                ("0461", 2026, 65, None, 100.0),
                ("0461", 2031, 65, None, 9_000.0),
                ("0101", 2026, 65, None, 9_000.0),
            ]
        ),
    )
    weights = need_by_kommune(plan, ["0450", "0461"], 2026)
    mean = 1000.0 / 600.0
    assert weights.to_dict() == pytest.approx({"0450": 1.5 / mean, "0461": 2.0 / mean})
    assert (weights["0450"] * 400 + weights["0461"] * 200) / 600 == pytest.approx(1.0)


def test_a_row_of_all_ages_is_not_counted_as_an_age():
    plan = PlanTables(
        need_by_age=by_age(YOUNG_AND_OLD),
        projection=projection(
            [
                ("0450", 2026, None, None, 400.0),
                ("0450", 2026, 65, None, 100.0),
                ("0461", 2026, 0, 64, 100.0),
            ]
        ),
    )
    weights = need_by_kommune(plan, ["0450", "0461"], 2026)
    assert weights["0450"] / weights["0461"] == pytest.approx(3.0)


@pytest.mark.parametrize(
    ("age_from", "age_to", "weight"),
    [
        (0, 64, 1.0),
        (64, 64, 1.0),
        (65, 65, 3.0),
        (60, 69, 2.0),
        (63, 66, 2.0),
        (64, 67, 2.5),
        (80, None, 3.0),
    ],
)
def test_an_age_group_that_two_weights_share_is_spread_over_its_years(age_from, age_to, weight):
    plan = PlanTables(
        need_by_age=by_age(YOUNG_AND_OLD),
        projection=projection(
            [("0450", 2026, age_from, age_to, 7.0), ("0461", 2026, 0, 10, 100.0)]
        ),
    )
    weights = need_by_kommune(plan, ["0450", "0461"], 2026)
    assert weights["0450"] / weights["0461"] == pytest.approx(weight)


def test_an_age_group_of_weights_without_an_end_ends_where_the_next_begins():
    plan = PlanTables(
        need_by_age=by_age([(65, None, 3.0), (0, None, 1.0)]),
        projection=projection([("0450", 2026, 60, 69, 7.0), ("0461", 2026, 0, 10, 100.0)]),
    )
    weights = need_by_kommune(plan, ["0450", "0461"], 2026)
    assert weights["0450"] / weights["0461"] == pytest.approx(2.0)


def test_persons_of_an_age_without_a_weight_are_in_no_mean():
    """Weights from 18 to 64 and from 70: the children and those of 65 to 69 say nothing."""
    plan = PlanTables(
        need_by_age=by_age([(18, 64, 1.0), (70, None, 3.0)]),
        projection=projection(
            [
                ("0450", 2026, 0, 17, 900.0),
                ("0450", 2026, 65, 69, 900.0),
                ("0450", 2026, 70, None, 10.0),
                ("0461", 2026, 18, 64, 10.0),
                ("0400", 2026, 0, 17, 10.0),
            ]
        ),
    )
    weights = known_need(plan, ["0450", "0461", "0400"], 2026)
    assert weights[["0450", "0461"]].tolist() == pytest.approx([1.5, 0.5])
    assert np.isnan(weights["0400"])


def test_weights_by_age_without_the_years_ages_change_nothing():
    plan = PlanTables(
        need_by_age=by_age(YOUNG_AND_OLD),
        projection=projection([("0450", 2025, 65, None, 100.0), ("0450", 2026, None, None, 9.0)]),
    )
    assert need_by_kommune(plan, ["0450"], 2026).tolist() == [1.0]
    assert known_need(plan, ["0450"], 2026).isna().all()


TREND = [
    ("0450", 2026, None, None, 1000.0),
    ("0450", 2031, None, None, 900.0),
    ("0461", 2026, None, None, 200.0),
    ("0461", 2031, None, None, 260.0),
]


def test_a_part_of_a_kommune_gets_its_share_of_the_persons():
    """0450's 400 residents: 100 in a, 300 in b; 0461 all in b; c is empty."""
    origins = origins_of([("0450", 100.0), ("0450", 300.0), ("0461", 50.0)])
    level = level_of(["a", "b", "b"], ["b", "c", "a"])
    table = project_areas(PlanTables(projection=projection(TREND)), level, origins, 2026, 2031)
    assert table["area_id"].tolist() == ["a", "b", "c", "all"]
    assert table["projected_from_persons"].tolist() == pytest.approx(
        [250.0, 950.0, np.nan, 1200.0], nan_ok=True
    )
    assert table["projected_to_persons"].tolist() == pytest.approx(
        [225.0, 935.0, np.nan, 1160.0], nan_ok=True
    )
    assert table["population_growth_pct"].tolist() == pytest.approx(
        [-10.0, (935 / 950 - 1) * 100, np.nan, (1160 / 1200 - 1) * 100], nan_ok=True
    )


def test_where_a_kommune_or_a_year_is_missing_the_trend_is_missing_and_never_a_part():
    origins = origins_of([("0450", 100.0), ("0461", 50.0)])
    level = level_of(["a", "b"], ["a", "b"])
    plan = PlanTables(projection=projection(TREND[:3]))
    table = project_areas(plan, level, origins, 2026, 2031).set_index("area_id")
    assert table.loc["a", "population_growth_pct"] == pytest.approx(-10.0)
    assert table.loc["b", "projected_from_persons"] == 200.0
    assert table.loc["b", ["projected_to_persons", "population_growth_pct"]].isna().all()
    assert table.loc["all", "projected_from_persons"] == 1200.0
    assert table.loc["all", ["projected_to_persons", "population_growth_pct"]].isna().all()


def test_a_kommune_with_empty_homes_only_makes_no_trend_missing():
    origins = origins_of([("0450", 100.0), ("0999", 0.0)])
    level = level_of(["a", "a"], ["a"])
    table = project_areas(PlanTables(projection=projection(TREND)), level, origins, 2026, 2031)
    assert table["projected_from_persons"].tolist() == [1000.0, 1000.0]


def test_without_a_projection_the_trend_is_missing():
    table = project_areas(
        PlanTables(), level_of(["a"], ["a"]), origins_of([("0450", 1.0)]), 2026, 2031
    )
    assert table["area_id"].tolist() == ["a", "all"]
    assert table.iloc[:, 1:].isna().all(axis=None)


def test_the_row_of_all_ages_goes_before_the_sum_of_the_ages():
    rows = [
        ("0450", 2026, None, None, 1000.0),
        ("0450", 2026, 0, 64, 600.0),
        ("0450", 2026, 65, None, 300.0),
        ("0450", 2031, 0, 64, 500.0),
        ("0450", 2031, 65, None, 400.0),
    ]
    table = project_areas(
        PlanTables(projection=projection(rows)),
        level_of(["a"], ["a"]),
        origins_of([("0450", 1.0)]),
        2026,
        2031,
    )
    assert table["projected_from_persons"].tolist() == [1000.0, 1000.0]
    assert table["projected_to_persons"].tolist() == [900.0, 900.0]
    assert table["population_growth_pct"].tolist() == pytest.approx([-10.0, -10.0])


def test_growth_from_nobody_is_missing():
    rows = [("0450", 2026, None, None, 0.0), ("0450", 2031, None, None, 5.0)]
    table = project_areas(
        PlanTables(projection=projection(rows)),
        level_of(["a"], ["a"]),
        origins_of([("0450", 1.0)]),
        2026,
        2031,
    )
    assert table["projected_from_persons"].tolist() == [0.0, 0.0]
    assert table["population_growth_pct"].isna().all()
