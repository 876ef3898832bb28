"""Laws of capacity that hold for every register: nothing is lost between the levels."""

import math

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from coverage.capacity_by_area import summarise_capacity
from coverage.levels import AreaLevel
from coverage.lists import describe_lists
from coverage.need import known_need, project_areas
from coverage.plan_tables import NEED_BY_AGE, PROJECTION, PlanTables
from coverage.tables import CLINIC_FORMS, check_table
from coverage.units import WORK_CRS

# Shrinking tables takes minutes where it is to be explained as well.
fast = settings(
    max_examples=30, deadline=None, phases=[phase for phase in Phase if phase is not Phase.explain]
)

AREAS = ("a", "b", "c")
KOMMUNER = ("0400", "0450", "0461")
COUNTS = (
    "practices",
    "practices_open",
    "practices_closed",
    "practices_intake_unknown",
    "practices_without_doctors",
    "practices_without_capacity",
    "practices_without_list",
    "open_practices_without_room",
    "satellites",
    "practices_accessible",
    "practices_access_unknown",
    *(f"practices_{form}" for form in CLINIC_FORMS),
)
SUMS = (
    "doctors",
    "capacities",
    "capacities_open",
    "listed_persons",
    "free_places",
    "doctors_older",
    "doctors_old",
    "capacities_expected_to_end",
    "residents",
    "need_weighted_residents",
    "persons_without_practice",
    "persons_without_place",
)


def or_unknown(values):
    return st.one_of(st.just(math.nan), values)


halves = st.integers(0, 8).map(lambda number: number / 2)
flag = st.sampled_from([True, False, None])
practice = st.fixed_dictionaries(
    {
        "capacities": or_unknown(halves),
        "listed_persons": or_unknown(st.integers(0, 9_000).map(float)),
        "intake_open": flag,
        "accessible": flag,
        "clinic_form": st.sampled_from(CLINIC_FORMS),
        "doctors": or_unknown(st.integers(1, 6).map(float)),
        "exit_share": st.floats(0, 1),
        "satellites": st.integers(0, 3),
        "area": st.sampled_from([*AREAS, None]),
    }
)
home = st.fixed_dictionaries(
    {
        # A home is spread over addresses: fractions of persons, not of their 300th power.
        "persons": st.one_of(st.just(0.0), st.floats(1e-6, 500)),
        "need_weight": st.floats(0.5, 2),
        "access": or_unknown(st.floats(0, 3)),
        "left_over": st.floats(0, 1),
        "area": st.sampled_from(AREAS),
        "kommune_code": st.sampled_from(KOMMUNER),
    }
)
practices_drawn = st.lists(practice, max_size=7)
homes_drawn = st.lists(home, max_size=7)
PRACTICE_COLUMNS = (
    "capacities",
    "listed_persons",
    "intake_open",
    "accessible",
    "clinic_form",
    "doctors",
    "exit_share",
    "satellites",
    "area",
)
HOME_COLUMNS = ("persons", "need_weight", "access", "left_over", "area", "kommune_code")


def tables_of(practices, homes):
    """Return both tables as the capacity's by_practice and by_origin would make them."""
    table = pd.DataFrame(practices, columns=PRACTICE_COLUMNS)
    table["ydernummer"] = pd.Series([f"{number:06d}" for number in range(len(table))], dtype="str")
    for name in ("intake_open", "accessible"):
        table[name] = table[name].astype("boolean")
    for name in ("capacities", "listed_persons", "doctors", "exit_share", "satellites"):
        table[name] = table[name].astype(float)
    lists = describe_lists(table, np.full(len(table), 1600.0))
    table["doctors_older"] = np.floor(table["doctors"] / 2)
    table["doctors_old"] = np.floor(table["doctors"] / 3)
    share = table["exit_share"].where(table["doctors"].notna())
    table["capacities_expected_to_end"] = table["capacities"] * share
    people = pd.DataFrame(homes, columns=HOME_COLUMNS)
    persons = people["persons"].astype(float)
    left_over = people["left_over"].astype(float) * persons
    people = people.assign(
        persons=persons,
        need_weight=people["need_weight"].astype(float),
        access_2sfca_per_1000=people["access"].astype(float),
        access_e2sfca_per_1000=people["access"].astype(float) / 2,
        persons_without_practice=left_over / 3,
        persons_without_place=left_over * 2 / 3,
    )
    return pd.concat([table, lists], axis=1), people


def level_of(practices, homes, areas=AREAS):
    """Return the level of areas that the tables' rows name."""
    shapes = gpd.GeoDataFrame(
        {"area_id": list(areas), "name": [f"Area {area}" for area in areas]},
        geometry=[shapely.box(0, 0, 1, 1)] * len(areas),
        crs=WORK_CRS,
    )
    index = practices["ydernummer"].to_numpy()
    of_practice = pd.Series(practices["area"].to_numpy(), index=index, dtype="str")
    of_origin = pd.Series(homes["area"].to_numpy(), dtype="str")
    return AreaLevel("test", shapes, of_origin, of_practice)


def summary_of(practices, homes, level):
    trend = project_areas(PlanTables(), level, homes, 2026, 2031)
    return summarise_capacity(practices, homes, level, trend).set_index("area_id")


@fast
@given(practices_drawn, homes_drawn)
def test_areas_add_up_to_all(drawn_practices, drawn_homes):
    practices, homes = tables_of(drawn_practices, drawn_homes)
    table = summary_of(practices, homes, level_of(practices, homes))
    areas, total = table.iloc[:-1], table.iloc[-1]
    assert total.name == "all"
    assert list(areas.index[:3]) == list(AREAS)
    assert ("no_area" in areas.index) == practices["area"].isna().any()
    for name in COUNTS:
        assert areas[name].sum() == total[name], name
    for name in SUMS:
        # What no area knows is not known of all; what some know adds up.
        known = areas[name].dropna()
        if np.isnan(total[name]):
            assert not known.any(), name
        else:
            assert known.sum() == pytest.approx(total[name]), name
    assert total["practices"] == len(practices)
    assert total["residents"] == pytest.approx(homes["persons"].sum())
    assert total["listed_persons"] == pytest.approx(
        practices["listed_persons"].sum(min_count=1 if len(practices) else 0), nan_ok=True
    )


@fast
@given(practices_drawn, homes_drawn, st.randoms())
def test_the_total_is_the_same_however_the_areas_are_drawn(drawn_practices, drawn_homes, random):
    practices, homes = tables_of(drawn_practices, drawn_homes)
    one = summary_of(practices, homes, level_of(practices, homes)).loc["all"]
    other_practices = practices.assign(area=[random.choice("xyz") for _ in range(len(practices))])
    other_homes = homes.assign(area=[random.choice("xyz") for _ in range(len(homes))])
    level = level_of(other_practices, other_homes, areas="xyz")
    other = summary_of(other_practices, other_homes, level).loc["all"]
    for name in one.index.drop("area_name"):
        assert other[name] == pytest.approx(one[name], nan_ok=True), name


@fast
@given(practices_drawn, homes_drawn, st.randoms())
def test_the_order_of_rows_never_matters(drawn_practices, drawn_homes, random):
    practices, homes = tables_of(drawn_practices, drawn_homes)
    table = summary_of(practices, homes, level_of(practices, homes))
    mixed, moved = list(range(len(practices))), list(range(len(homes)))
    random.shuffle(mixed)
    random.shuffle(moved)
    practices, homes = practices.iloc[mixed], homes.iloc[moved].reset_index(drop=True)
    again = summary_of(practices, homes, level_of(practices, homes))
    pd.testing.assert_frame_equal(table, again)


@fast
@given(practices_drawn, homes_drawn)
def test_every_area_is_as_a_slow_loop_counts_it(drawn_practices, drawn_homes):
    practices, homes = tables_of(drawn_practices, drawn_homes)
    table = summary_of(practices, homes, level_of(practices, homes))
    for area in [area for area in table.index if area != "all"]:
        own = [
            row
            for row in practices.to_dict("records")
            if (row["area"] if isinstance(row["area"], str) else "no_area") == area
        ]
        residents = sum(row["persons"] for row in homes.to_dict("records") if row["area"] == area)
        for name, value in slowly(own, residents).items():
            assert table.loc[area, name] == pytest.approx(value, nan_ok=True), (area, name)


def slowly(practices, residents):
    """Count one area's practices one by one."""
    listed = capacities = closed = said = ending = of_ending = places = 0.0
    opened = opened_known = capacities_known = 0
    every_capacity = 0.0
    for row in practices:
        is_open = row["intake_open"] is True
        if row["intake_open"] is True or row["intake_open"] is False:
            said += 1
            closed += not is_open
        if row["listed_persons"] >= 0 and row["capacities"] > 0:
            listed += row["listed_persons"]
            capacities += row["capacities"]
        if row["capacities"] >= 0:
            capacities_known += 1
            every_capacity += row["capacities"]
            if row["doctors"] > 0:
                ending += row["capacities"] * row["exit_share"]
                of_ending += row["capacities"]
        if is_open:
            opened += 1
            if row["listed_persons"] >= 0 and row["capacities"] >= 0:
                opened_known += 1
                places += max(0.0, 1600 * row["capacities"] - row["listed_persons"])
    free_places = math.nan if opened and not opened_known else places
    all_unknown = practices and not capacities_known
    return {
        "practices": len(practices),
        "capacities": math.nan if all_unknown else every_capacity,
        "patients_per_capacity": listed / capacities if capacities else math.nan,
        "practices_closed_pct": 100 * closed / said if said else math.nan,
        "expected_exit_pct": 100 * ending / of_ending if of_ending else math.nan,
        "free_places": free_places,
        "open_practices_without_room": opened - opened_known,
        "spare_places_pct": 100 * free_places / residents if residents else math.nan,
        "residents_per_capacity": (
            residents / every_capacity if residents and every_capacity else math.nan
        ),
    }


@given(practices_drawn, st.floats(538, 4_000))
def test_room_is_the_list_and_the_free_places_where_all_is_known(drawn_practices, limit_persons):
    practices, _ = tables_of(drawn_practices, [])
    lists = describe_lists(practices, np.full(len(practices), limit_persons))
    known = practices["capacities"].notna() & practices["listed_persons"].notna()
    whole = (practices["listed_persons"] + lists["free_places"])[known]
    assert lists.loc[known, "room_persons"].tolist() == pytest.approx(whole.tolist())
    assert (lists["free_places"].dropna() >= 0).all()


kommune_persons = st.fixed_dictionaries({code: st.floats(1, 90_000) for code in KOMMUNER})


@fast
@given(homes_drawn, kommune_persons, kommune_persons)
def test_projected_persons_are_the_same_at_every_level(drawn_homes, before, after):
    practices, homes = tables_of([], drawn_homes)
    rows = [
        (code, year, math.nan, math.nan, persons)
        for year, by_code in ((2026, before), (2031, after))
        for code, persons in by_code.items()
    ]
    projection = pd.DataFrame(rows, columns=list(PROJECTION.columns))
    plan = PlanTables(projection=check_table(projection, PROJECTION, where="test"))
    by_part = project_areas(plan, level_of(practices, homes), homes, 2026, 2031)
    by_kommune = homes.assign(area=homes["kommune_code"])
    whole = project_areas(plan, level_of(practices, by_kommune, KOMMUNER), homes, 2026, 2031)
    lived_in = set(homes.loc[homes["persons"] > 0, "kommune_code"])
    for name, by_code in (("projected_from_persons", before), ("projected_to_persons", after)):
        expected = sum(by_code[code] for code in lived_in) if lived_in else math.nan
        for table in (by_part, whole):
            assert table[name].iloc[-1] == pytest.approx(expected, nan_ok=True)
            assert table[name].iloc[:-1].sum() == pytest.approx(0 if not lived_in else expected)


age_persons = st.lists(st.floats(1, 9_000), min_size=4, max_size=4)


@fast
@given(
    st.fixed_dictionaries(dict.fromkeys(KOMMUNER, age_persons)),
    st.lists(st.floats(0.1, 12), min_size=4, max_size=4),
)
def test_weights_by_age_never_change_the_studys_need(persons, weights):
    starts = (0.0, 18.0, 65.0, 80.0)
    ends = (17.0, 64.0, 79.0, math.nan)
    rows = [
        (code, 2026, start, end, count)
        for code, counts in persons.items()
        for start, end, count in zip(starts, ends, counts, strict=True)
    ]
    projection = pd.DataFrame(rows, columns=list(PROJECTION.columns))
    by_age = pd.DataFrame({"age_from": starts, "age_to": ends, "weight": weights})
    plan = PlanTables(
        projection=check_table(projection, PROJECTION, where="test"),
        need_by_age=check_table(by_age, NEED_BY_AGE, where="test"),
    )
    need = known_need(plan, KOMMUNER, 2026)
    everyone = {code: sum(counts) for code, counts in persons.items()}
    weighted = sum(need[code] * everyone[code] for code in KOMMUNER)
    assert weighted == pytest.approx(sum(everyone.values()))
    assert need.min() >= min(weights) / max(weights) - 1e-9
