"""Capacity as a planner would check it: three kommuner on one straight road.

Kilometres along the road; ``o`` an open practice, ``x`` a closed one, ``?`` one
that does not say. p5 has an address that nobody found but lies in 0450 by the
register; p7 has neither. p6 is a neighbour's. 0400 has no road and nobody::

    km  2     10  11  12       20  21       30       40  41  42              59 60
        o      |  a---o--------b---x---------|-------c---o---?---------------d  |
        p6     |      p1           p2        |           p3  p4                 |
               |<----- kommune 0450 -------->|<--------- kommune 0461 --------->|

    home    persons  within 15 km              practice  capacities  list  doctors' ages
    a         1000   p1 1, p6 9, p2 10         p1   o        1.5     2000  60, 36
    b          500   p2 1, p1 8                p2   x        1       1700  65
    c          400   p3 1, p4 2                p3   o        1          -  -
    d          100   - (p4 17)                 p4   ?        -        900  70
                                               p5   o        2       3000  -
                                               p6   o        1        100  -
                                               p7   o        1        500  50
"""

import itertools
from dataclasses import replace
from datetime import date
from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from coverage.capacity import capacity_notices, measure_capacity
from coverage.levels import build_levels
from coverage.lists import describe_lists, effective_closing_limits
from coverage.plan_tables import (
    CLOSING_LIMITS,
    NEED_BY_AGE,
    NEED_BY_KOMMUNE,
    PROJECTION,
    SATELLITES,
    Division,
    PlanTables,
)
from coverage.tables import (
    ADDRESSES,
    CELLS,
    CLINIC_FORMS,
    DOCTORS,
    KOMMUNER,
    PRACTICES,
    TOWNS,
    Tables,
    check_table,
    empty_table,
)
from coverage.units import WORK_CRS
from tests.straight_road import MERIDIAN_M, RULES, map_y_m, matrix_of, origins_at

AS_OF = date(2026, 1, 1)
HOMES = {"a": 11_000.0, "b": 20_000.0, "c": 40_000.0, "d": 59_000.0}
PERSONS = [1000.0, 500.0, 400.0, 100.0]
KOMMUNE_OF_HOME = ["0450", "0450", "0461", "0461"]
# ydernummer, km (None: not placed), kommune, capacities, list, open
DRAWN = [
    ("000001", 12.0, "0450", 1.5, 2000.0, True),
    ("000002", 21.0, "0450", 1.0, 1700.0, False),
    ("000003", 41.0, "0461", 1.0, None, True),
    ("000004", 42.0, "0461", None, 900.0, None),
    ("000005", None, "0450", 2.0, 3000.0, True),
    ("000006", 2.0, "0450", 1.0, 100.0, True),
    ("000007", None, None, 1.0, 500.0, True),
]
BORN = [("000001", 1966), ("000001", 1990), ("000002", 1961), ("000004", 1956), ("000007", 1976)]
P1, P2, P3, P4, P5, P6, P7 = (row[0] for row in DRAWN)
ALL_OPEN_LIMIT = 1600.0
NO_PLAN = PlanTables()


def practices_of(rows=DRAWN, **columns):
    """Return table PRACTICES; ``columns`` are ydernummer -> value."""
    table = pd.DataFrame(
        rows,
        columns=["ydernummer", "km", "kommune_code", "capacities", "listed_persons", "intake_open"],
    )
    placed = table["km"].notna()
    table = table.assign(
        name=table["ydernummer"],
        address="Landevejen 1",
        postcode="5000",
        town="By",
        closing_limit_persons=None,
        intake_text=None,
        clinic_form="solo",
        accessible=None,
        owner=None,
        x_m=np.where(placed, MERIDIAN_M, np.nan),
        y_m=map_y_m(table["km"] * 1000.0),
        match_level=np.where(placed, "address", "not_found"),
        source_row=range(2, len(table) + 2),
    )
    for name, values in columns.items():
        given = table["ydernummer"].map(values).astype(object)
        table[name] = given.where(given.notna(), table[name].astype(object))
    return check_table(table[list(PRACTICES.columns)], PRACTICES, where="test")


@cache
def kommuner():
    """Return 0450 from km 10 to 30, 0461 from 30 to 60, and 0400 off to the east."""
    west, east = MERIDIAN_M - 5_000.0, MERIDIAN_M + 5_000.0
    shapes = {
        "0450": shapely.box(west, map_y_m(10_000.0), east, map_y_m(30_000.0)),
        "0461": shapely.box(west, map_y_m(30_000.0), east, map_y_m(60_500.0)),
        "0400": shapely.box(east + 5_000.0, map_y_m(0.0), east + 9_000.0, map_y_m(9_000.0)),
    }
    names = ["Nyborg", "Odense", "Bornholm"]
    table = gpd.GeoDataFrame(
        {"kommune_code": list(shapes), "name": names}, geometry=list(shapes.values()), crs=WORK_CRS
    )
    return check_table(table, KOMMUNER, where="test")


@cache
def halves():
    """Return 0450 cut at km 15: home a and p1 in the south, home b and p2 in the north."""
    west, east = MERIDIAN_M - 6_000.0, MERIDIAN_M + 5_500.0
    cuts = [9_000.0, 15_000.0, 30_000.0]
    boxes = [
        shapely.box(west, map_y_m(low), east, map_y_m(high))
        for low, high in itertools.pairwise(cuts)
    ]
    return gpd.GeoDataFrame(
        {"area_id": ["s", "n"], "name": ["Syd", "Nord"]}, geometry=boxes, crs=WORK_CRS
    )


def divided():
    """Return what there is above and below the kommuner."""
    return {
        "sundhedsraad": Division({"0450": "Fyn", "0461": "Fyn", "0400": "Øst"}),
        "planomraade": Division(polygons=halves()),
    }


def measured(plan=NO_PLAN, rules=RULES, practices=None, doctors=BORN, divisions=None):
    """Return tables, levels and capacity of the town: kommune, sundhedsraad, planomraade."""
    practices = practices_of() if practices is None else practices
    doctor_table = pd.DataFrame(doctors, columns=["ydernummer", "birth_year"])
    tables = Tables(
        practices=practices,
        doctors=check_table(doctor_table, DOCTORS, where="test") if doctors else no_doctors(),
        cells=empty_table(CELLS),
        addresses=empty_table(ADDRESSES),
        towns=empty_table(TOWNS),
        kommuner=kommuner(),
    )
    homes = origins_at(HOMES).assign(
        persons=PERSONS, kommune_code=pd.Series(KOMMUNE_OF_HOME, dtype="str")
    )
    divisions = divided() if divisions is None else divisions
    levels = build_levels(divisions, tables.kommuner, homes, practices, rules.travel.max_shore_m)
    sites = practices.dropna(subset="x_m").rename(columns={"ydernummer": "site_id"})
    capacity = measure_capacity(
        tables,
        plan,
        levels,
        homes,
        matrix_of(homes, sites),
        rules,
    )
    return tables, levels, capacity


def no_doctors():
    return empty_table(DOCTORS)


@pytest.fixture(scope="module")
def town():
    return measured()[2]


@pytest.fixture(scope="module")
def kommune_rows(town):
    return town.by_area["kommune"].set_index("area_id")


def limits_table(rows):
    table = pd.DataFrame(rows, columns=["ydernummer", "kommune_code", "limit_persons"])
    return check_table(table, CLOSING_LIMITS, where="test")


def values_of(row, *names):
    return [row[name] for name in names]


def agrees(value, expected):
    return value == pytest.approx(expected, nan_ok=True)


# --- Closing limits


def test_the_closing_limit_is_the_registers_then_the_practices_then_the_kommunes_then_the_rules():
    practices = practices_of(closing_limit_persons={P1: 1400.0})
    limits = limits_table(
        [(P1, None, 1300.0), (P2, None, 1200.0), (None, "0450", 1100.0), (None, "0999", 1.0)]
    )
    kommune = pd.Series({P1: "0450", P2: "0450", P5: "0450", P3: "0461"}, dtype="str")
    table = effective_closing_limits(practices, limits, kommune, RULES.capacity)
    assert table["closing_limit_persons"].tolist() == [1400, 1200, 1600, 1600, 1100, 1600, 1600]
    assert table["closing_limit_source"].tolist() == [
        "register",
        "file",
        "rule",
        "rule",
        "kommune",
        "rule",
        "rule",
    ]


def test_the_kommune_of_a_closing_limit_is_where_the_practice_lies_in_the_study():
    """p5 is known by its register's kommune; p6 lies outside whatever the register says."""
    plan = PlanTables(closing_limits=limits_table([(None, "0450", 1500.0)]))
    table = measured(plan)[2].by_practice.set_index("ydernummer")
    assert table.loc[[P1, P2, P5], "closing_limit_source"].tolist() == ["kommune"] * 3
    assert table.loc[[P3, P6, P7], "closing_limit_source"].tolist() == ["rule"] * 3
    assert table.loc[P1, "free_places"] == 1500 * 1.5 - 2000
    assert table.loc[P3, "room_persons"] == 1600


# --- Lists of practices


@pytest.mark.parametrize(
    ("is_open", "capacities", "listed", "ratio", "free", "room"),
    [
        (True, 1.0, 1599.0, 1599.0, 1.0, 1600.0),
        (True, 1.0, 1600.0, 1600.0, 0.0, 1600.0),
        (True, 1.0, 1601.0, 1601.0, 0.0, 1601.0),
        (True, 0.5, 300.0, 600.0, 500.0, 800.0),
        (True, 2.0, None, None, None, 3200.0),
        (True, None, 900.0, None, None, None),
        (True, None, None, None, None, None),
        (True, 0.0, 900.0, None, 0.0, 900.0),
        (True, 0.0, None, None, None, 0.0),
        (False, 1.0, 900.0, 900.0, 0.0, 900.0),
        (False, 1.0, None, None, 0.0, None),
        (False, None, 900.0, None, 0.0, 900.0),
        (False, None, None, None, 0.0, None),
        (None, 1.0, 900.0, 900.0, 0.0, 900.0),
        (None, 1.0, None, None, 0.0, None),
        (None, None, None, None, 0.0, None),
    ],
)
def test_free_places_and_room_of_one_practice(is_open, capacities, listed, ratio, free, room):
    practices = practices_of([("000001", 1.0, "0450", capacities, listed, is_open)])
    row = describe_lists(practices, [1600.0]).iloc[0]
    expected = [np.nan if value is None else value for value in (ratio, free, room)]
    assert agrees(values_of(row, "patients_per_capacity", "free_places", "room_persons"), expected)


def test_by_practice_by_hand(town):
    table = town.by_practice.set_index("ydernummer")
    assert table.index.tolist() == [P1, P2, P3, P4, P5, P6, P7]
    nan = np.nan
    expected = {
        "closing_limit_persons": [1600] * 7,
        "patients_per_capacity": [2000 / 1.5, 1700, nan, nan, 1500, 100, 500],
        "free_places": [400, 0, nan, 0, 200, 1500, 1100],
        "room_persons": [2400, 1700, 1600, 900, 3200, 1600, 1600],
        "doctors": [2, 1, nan, 1, nan, nan, 1],
        "doctors_older": [1, 1, nan, 1, nan, nan, 0],
        "doctors_old": [0, 1, nan, 1, nan, nan, 0],
        "satellites": [0] * 7,
        # Everybody takes the nearest, and no practice is full.
        "persons_assigned": [1000, 500, 400, 0, nan, 0, nan],
        "persons_free": [1400, 1200, 1200, 900, nan, 1600, nan],
    }
    for name, values in expected.items():
        assert agrees(table[name].tolist(), values), name
    assert set(table["closing_limit_source"]) == {"rule"}


# --- Areas


def test_a_kommune_by_hand(kommune_rows):
    row = kommune_rows.loc["0450"]
    assert row["area_name"] == "Nyborg"
    counts = ("practices", "practices_open", "practices_closed", "practices_intake_unknown")
    assert values_of(row, *counts) == [3, 2, 1, 0]
    assert values_of(row, "capacities", "capacities_open") == [4.5, 3.5]
    assert row["listed_persons"] == 6700
    assert agrees(row["patients_per_capacity"], 6700 / 4.5)
    assert row["residents"] == 1500
    assert agrees(row["residents_per_capacity"], 1500 / 4.5)
    assert row["free_places"] == 600
    assert agrees(row["spare_places_pct"], 40.0)
    assert agrees(row["practices_closed_pct"], 100 / 3)
    assert agrees(row["capacities_closed_pct"], 100 / 4.5)
    missing = ("practices_without_capacity", "practices_without_list", "practices_without_doctors")
    assert values_of(row, *missing) == [0, 0, 1]
    assert row["open_practices_without_room"] == 0


def test_doctors_and_expected_exits_of_a_kommune_by_hand(kommune_rows):
    """p1: 0.75 capacities at 60 years, 0.75 at 36; p2: 1 at 65; p5's 2 are not known."""
    row = kommune_rows.loc["0450"]
    ending = 0.75 * (1 - 0.93**5) + 0.75 * (1 - 0.99**5) + (1 - 0.80**5)
    assert values_of(row, "doctors", "doctors_older", "doctors_old") == [3, 2, 1]
    assert agrees(row["doctors_older_pct"], 200 / 3)
    assert agrees(row["doctors_old_pct"], 100 / 3)
    assert agrees(row["capacities_expected_to_end"], ending)
    assert agrees(row["expected_exit_pct"], 100 * ending / 2.5)


def test_what_a_kommunes_register_does_not_say_is_missing_and_counted(kommune_rows):
    """p3 has no list and no doctors, p4 no capacities and no word on its intake."""
    row = kommune_rows.loc["0461"]
    counts = ("practices", "practices_open", "practices_closed", "practices_intake_unknown")
    assert values_of(row, *counts) == [2, 1, 0, 1]
    assert values_of(row, "capacities", "practices_without_capacity") == [1, 1]
    assert values_of(row, "listed_persons", "practices_without_list") == [900, 1]
    assert values_of(row, "practices_closed_pct", "capacities_closed_pct") == [0, 0]
    assert row["open_practices_without_room"] == 1
    assert values_of(row, "doctors", "practices_without_doctors") == [1, 1]
    unknown = [
        "patients_per_capacity",
        "free_places",
        "spare_places_pct",
        "capacities_expected_to_end",
        "expected_exit_pct",
    ]
    assert row[unknown].isna().all()


def test_a_kommune_without_a_practice_or_a_home_has_none_and_no_ratio(kommune_rows):
    row = kommune_rows.loc["0400"]
    none = [
        "practices",
        "capacities",
        "capacities_open",
        "listed_persons",
        "doctors",
        "doctors_older",
        "capacities_expected_to_end",
        "free_places",
        "residents",
        "need_weighted_residents",
        "persons_without_practice",
        "persons_without_place",
        "satellites",
    ]
    assert (row[none] == 0).all()
    ratios = [name for name in kommune_rows if name.endswith(("_pct", "_per_capacity"))]
    access = [name for name in kommune_rows if name.startswith("access_")]
    assert len(ratios) == 10
    assert row[[*ratios, *access]].isna().all()


def test_the_total_holds_who_lies_nowhere_and_leaves_out_who_lies_outside(kommune_rows):
    assert kommune_rows.index.tolist() == ["0400", "0450", "0461", "no_area", "all"]
    nowhere, total = kommune_rows.loc["no_area"], kommune_rows.loc["all"]
    assert nowhere["area_name"] == ""
    assert values_of(nowhere, "practices", "capacities", "free_places") == [1, 1, 1100]
    assert values_of(nowhere, "listed_persons", "residents", "doctors") == [500, 0, 1]
    assert np.isnan(nowhere["residents_per_capacity"])
    # 0450, 0461 and p7, without p6.
    assert values_of(total, "practices", "capacities", "listed_persons") == [6, 6.5, 8100]
    assert agrees(total["patients_per_capacity"], (6700 + 500) / 5.5)
    assert values_of(total, "residents", "free_places") == [2000, 1700]
    assert agrees(total["practices_closed_pct"], 100 / 5)
    assert agrees(total["capacities_closed_pct"], 100 / 6.5)
    assert values_of(total, "doctors", "doctors_old") == [5, 2]


def test_without_lost_practices_there_is_no_row_for_them():
    practices = practices_of([row for row in DRAWN if row[0] != P7])
    table = measured(practices=practices)[2].by_area
    assert table["kommune"]["area_id"].tolist() == ["0400", "0450", "0461", "all"]


def test_a_practice_without_a_place_has_no_area_where_its_kommune_is_divided(town):
    table = town.by_area["planomraade"].set_index("area_id")
    assert table.index.tolist() == ["0400", "0461", "n", "s", "no_area", "all"]
    assert table["practices"].tolist() == [0, 2, 1, 1, 2, 6]
    assert table["capacities"].tolist() == [0, 1, 1, 1.5, 3, 6.5]
    assert table["residents"].tolist() == [0, 500, 500, 1000, 0, 2000]


def test_every_level_has_the_same_total(town):
    totals = [table.iloc[-1].drop("area_name") for table in town.by_area.values()]
    assert [total["area_id"] for total in totals] == ["all"] * 3
    for total in totals[1:]:
        figures = total.drop("area_id").astype(float)
        assert agrees(figures.tolist(), totals[0].drop("area_id").astype(float).tolist())


def test_a_wider_level_adds_up_its_kommuner(town, kommune_rows):
    row = town.by_area["sundhedsraad"].set_index("area_id").loc["Fyn"]
    for name in ("practices", "capacities", "listed_persons", "doctors", "residents"):
        assert row[name] == kommune_rows.loc[["0450", "0461"], name].sum()
    # 0461's one pair is incomplete: only 0450's lists and capacities count.
    assert agrees(row["patients_per_capacity"], 6700 / 4.5)
    assert values_of(row, "free_places", "open_practices_without_room") == [600, 1]


def test_a_practice_with_no_capacity_is_in_no_ratio_of_patients():
    practices = practices_of(capacities={P2: 0.0})
    row = measured(practices=practices)[2].by_area["kommune"].set_index("area_id").loc["0450"]
    assert values_of(row, "listed_persons", "capacities") == [6700, 3.5]
    assert agrees(row["patients_per_capacity"], 5000 / 3.5)
    assert row["practices_without_capacity"] == 0


def test_where_only_closed_practices_stand_there_are_no_free_places():
    practices = practices_of(intake_open={P3: False})
    row = measured(practices=practices)[2].by_area["kommune"].set_index("area_id").loc["0461"]
    assert values_of(row, "free_places", "spare_places_pct") == [0, 0]
    assert values_of(row, "capacities_open", "open_practices_without_room") == [0, 0]
    assert values_of(row, "practices_closed_pct", "capacities_closed_pct") == [100, 100]


def test_where_no_practice_says_whether_it_is_open_the_closed_share_is_missing():
    rows = [(*row[:5], None) for row in DRAWN]
    total = measured(practices=practices_of(rows))[2].by_area["kommune"].iloc[-1]
    assert values_of(total, "practices_intake_unknown", "practices_open") == [6, 0]
    assert np.isnan(total["practices_closed_pct"])
    assert np.isnan(total["capacities_closed_pct"])
    assert total["free_places"] == 0


def test_a_register_without_lists_capacities_or_doctors_has_no_sum_of_them():
    rows = [(*row[:3], None, None, row[5]) for row in DRAWN]
    capacity = measured(practices=practices_of(rows), doctors=[])[2]
    total = capacity.by_area["kommune"].iloc[-1]
    unknown = [
        "capacities",
        "capacities_open",
        "listed_persons",
        "patients_per_capacity",
        "residents_per_capacity",
        "free_places",
        "spare_places_pct",
        "doctors",
        "doctors_older",
        "doctors_older_pct",
        "capacities_expected_to_end",
        "expected_exit_pct",
    ]
    assert total[unknown].isna().all()
    missing = ("practices_without_capacity", "practices_without_list", "practices_without_doctors")
    assert values_of(total, *missing) == [6, 6, 6]


def test_a_study_without_practices_has_residents_and_nothing_else():
    capacity = measured(practices=practices_of(DRAWN[:0]), doctors=[])[2]
    assert len(capacity.by_practice) == 0
    total = capacity.by_area["kommune"].iloc[-1]
    assert values_of(total, "practices", "capacities", "residents") == [0, 0, 2000]
    assert total["persons_without_practice"] == 2000
    assert np.isnan(total["residents_per_capacity"])


def test_clinic_forms_accessibility_and_satellites_are_counted_by_area():
    practices = practices_of(
        clinic_form={P1: "kompagniskab", P2: "regionsklinik", P4: "unknown"},
        accessible={P1: True, P2: False, P3: True},
    )
    satellites = pd.DataFrame(
        {
            "ydernummer": [P1, P1, P3],
            "address": "Filialen 1",
            "postcode": None,
            "town": None,
            "source_row": [20, 21, 22],
        }
    )
    plan = PlanTables(satellites=check_table(satellites, SATELLITES, where="test"))
    capacity = measured(plan, practices=practices)[2]
    assert capacity.by_practice["satellites"].tolist() == [2, 0, 1, 0, 0, 0, 0]
    table = capacity.by_area["kommune"].set_index("area_id")
    assert table["satellites"].tolist() == [0, 2, 1, 0, 3]
    assert table["practices_kompagniskab"].tolist() == [0, 1, 0, 0, 1]
    assert table["practices_solo"].tolist() == [0, 1, 1, 1, 3]
    assert table["practices_unknown"].tolist() == [0, 0, 1, 0, 1]
    forms = table[[f"practices_{form}" for form in CLINIC_FORMS]].sum(axis=1)
    assert forms.tolist() == table["practices"].tolist()
    assert table["practices_accessible"].tolist() == [0, 1, 1, 0, 2]
    assert table["practices_access_unknown"].tolist() == [0, 1, 1, 1, 3]


# --- Access, shortage, need and trend


def test_access_of_homes_and_areas_by_hand(town, kommune_rows):
    """p1 1.5 and p2 1 per 1,500 persons, p6 1 per 1,000, p3 1 per 400; p4 is not known."""
    home = town.by_origin.set_index("origin_id")["access_2sfca_per_1000"]
    assert agrees(home[["a", "b", "c"]].tolist(), [2.5 / 1.5 + 1, 2.5 / 1.5, 2.5])
    assert home["d"] == 0
    area = kommune_rows["access_2sfca_per_1000"]
    assert agrees(area["0450"], (1000 * (2.5 / 1.5 + 1) + 500 * 2.5 / 1.5) / 1500)
    assert agrees(area["0461"], 2.0)
    # 4.5 capacities with people in reach, for 2,000 persons.
    assert agrees(area["all"], 4.5 / 2)


def test_the_worst_served_tenth_is_of_the_enhanced_measure(town, kommune_rows):
    """The 100 persons at d, who reach nothing, are half of the worst tenth of all."""
    enhanced = town.by_origin.set_index("origin_id")["access_e2sfca_per_1000"]
    worst = enhanced[["a", "b", "c"]].min()
    assert agrees(kommune_rows.loc["all", "access_worst_tenth_per_1000"], worst / 2)
    assert kommune_rows.loc["0461", "access_worst_tenth_per_1000"] == 0
    # c's 400 of 500 have all: the Gini coefficient is the 0.2 who have nothing.
    assert agrees(kommune_rows.loc["0461", "access_gini"], 0.2)


def test_an_areas_access_is_of_the_homes_whose_access_is_known():
    """At 45 km p4 is the only practice that d reaches, and its capacities are not known."""
    moved = [(P4, 45.0, *row[2:]) if row[0] == P4 else row for row in DRAWN]
    capacity = measured(practices=practices_of(moved))[2]
    assert agrees(capacity.by_origin["access_2sfca_per_1000"].iloc[-2:].tolist(), [2.5, np.nan])
    table = capacity.by_area["kommune"].set_index("area_id")
    assert agrees(table.loc["0461", "access_2sfca_per_1000"], 2.5)
    assert agrees(table.loc["all", "access_2sfca_per_1000"], 4.5 / 1.9)


def test_who_reaches_no_practice_with_room_is_counted_where_they_live(town, kommune_rows):
    assert town.by_origin["persons_without_practice"].tolist() == [0, 0, 0, 100]
    assert kommune_rows["persons_without_practice"].tolist() == [0, 0, 100, 0, 100]
    assert kommune_rows["persons_without_place"].tolist() == [0, 0, 0, 0, 0]
    assert town.persons_by_nearest == 0


def test_who_finds_no_place_is_counted_where_they_live():
    """Nobody takes new patients: p3's list is unknown, p4's 100 are all the room for c's 400."""
    rows = [
        (P1, 12.0, "0450", 1.5, 2000.0, False),
        (P3, 41.0, "0461", 1.0, None, False),
        (P4, 42.0, "0461", 1.0, 100.0, False),
    ]
    capacity = measured(practices=practices_of(rows), doctors=[])[2]
    assert capacity.by_origin["persons_without_place"].tolist() == [0, 0, 300, 0]
    table = capacity.by_practice
    assert agrees(table["room_persons"].tolist(), [2000, np.nan, 100])
    assert agrees(table["persons_assigned"].tolist(), [1500, np.nan, 100])
    assert capacity.by_area["kommune"]["persons_without_place"].tolist() == [0, 0, 300, 300]


def test_need_weights_count_in_residents_and_access():
    weights = pd.DataFrame({"kommune_code": ["0450", "0461"], "weight": [2.0, 0.5]})
    plan = PlanTables(need_by_kommune=check_table(weights, NEED_BY_KOMMUNE, where="test"))
    capacity = measured(plan)[2]
    assert capacity.by_origin["need_weight"].tolist() == [2, 2, 0.5, 0.5]
    table = capacity.by_area["kommune"].set_index("area_id")
    assert table["residents"].tolist() == [0, 1500, 500, 0, 2000]
    assert table["need_weighted_residents"].tolist() == [0, 3000, 250, 0, 3250]
    assert agrees(table.loc["0450", "need_weighted_per_capacity"], 3000 / 4.5)
    assert agrees(table.loc["0450", "residents_per_capacity"], 1500 / 4.5)
    home = capacity.by_origin.set_index("origin_id")["access_2sfca_per_1000"]
    assert agrees(home["c"], 1 / 200 * 1000)


def projection_of(rows):
    table = pd.DataFrame(rows, columns=["kommune_code", "year", "persons"])
    table = table.assign(age_from=np.nan, age_to=np.nan)
    return check_table(table[list(PROJECTION.columns)], PROJECTION, where="test")


def test_the_trend_runs_from_the_year_of_the_analysis_over_the_rules_years():
    rules = RULES.override({"designation.trend_years": 4})
    rows = [("0450", 2026, 1500.0), ("0450", 2030, 1200.0), ("0450", 2031, 1.0)]
    rows += [("0461", 2026, 500.0), ("0461", 2030, 550.0)]
    capacity = measured(PlanTables(projection=projection_of(rows)), rules)[2]
    table = capacity.by_area["kommune"].set_index("area_id")
    assert agrees(table["projected_from_persons"].tolist(), [np.nan, 1500, 500, np.nan, 2000])
    assert agrees(table["projected_to_persons"].tolist(), [np.nan, 1200, 550, np.nan, 1750])
    assert agrees(table["population_growth_pct"].tolist(), [np.nan, -20, 10, np.nan, -12.5])
    part = capacity.by_area["planomraade"].set_index("area_id")["projected_to_persons"]
    assert agrees(part[["s", "n"]].tolist(), [800, 400])


# --- Notices


def notices_of(plan=NO_PLAN, rules=RULES, **kwargs):
    """Return the notices by key, where nothing else is given of a study of kommuner alone."""
    given = {"divisions": {}, **kwargs}
    tables, levels, capacity = measured(plan, rules, **given)
    notices = capacity_notices(tables, plan, levels, capacity, rules.capacity)
    return {notice.key: dict(notice.values) for notice in notices}


@pytest.mark.parametrize("divisions", [{}, divided()], ids=["kommuner", "three_levels"])
def test_the_towns_notices_are_who_lies_outside_and_who_lies_nowhere(divisions):
    assert notices_of(divisions=divisions) == {
        "practices_outside": {"count": 1, "ydernumre": P6},
        "practices_in_no_area": {"count": 1, "ydernumre": P7},
    }


def test_practices_of_unknown_room_are_told():
    rows = [(P1, 12.0, "0450", None, 900.0, True), (P2, 12.0, "0450", 1.0, None, False)]
    told = notices_of(practices=practices_of(rows), doctors=[])
    assert told == {
        "room_unknown": {"count": 2, "ydernumre": f"{P1}, {P2}"},
        "areas_without_practice": {"count": 1, "names": "Odense"},
    }


def test_patients_at_a_practice_with_no_capacity_are_told():
    told = notices_of(practices=practices_of(capacities={P2: 0.0}))
    assert told["patients_at_no_capacity"] == {"count": 1, "ydernumre": P2}
    without = practices_of(capacities={P2: 0.0}, listed_persons={P2: 0.0})
    assert "patients_at_no_capacity" not in notices_of(practices=without)


@pytest.mark.parametrize(("capacities", "told"), [(2.5, False), (3.0, False), (3.5, True)])
def test_more_than_three_capacities_for_a_doctor_are_told(capacities, told):
    rows = [(P1, 12.0, "0450", 2 * capacities, 900.0, True)]
    doctors = [(P1, 1990), (P1, 1991)]
    found = notices_of(practices=practices_of(rows), doctors=doctors)
    assert ("many_capacities_per_doctor" in found) is told


def test_capacities_for_doctors_whom_nobody_knows_are_not_many():
    rows = [(P1, 12.0, "0450", 7.0, 900.0, True)]
    assert "many_capacities_per_doctor" not in notices_of(practices=practices_of(rows), doctors=[])


@pytest.mark.parametrize(("limit", "told"), [(537.0, True), (538.0, False), (539.0, False)])
def test_a_closing_limit_under_what_a_dispensation_can_give_is_told(limit, told):
    found = notices_of(practices=practices_of(closing_limit_persons={P2: limit}))
    assert ("closing_limits_low" in found) is told
    if told:
        expected = {"count": 1, "ydernumre": P2, "lowest_persons": 538}
        assert found["closing_limits_low"] == expected


def test_more_practices_than_a_doctor_may_acquire_are_told_without_the_owners_name():
    rows = [(f"00000{number}", 12.0, "0450", 1.0, 900.0, True) for number in range(1, 8)]
    names = ["Anna Alm", "anna  alm", "Anna Alm ", "Bo Birk", "Bo Birk", "Bo Birk"]
    owners = dict(zip([row[0] for row in rows], names, strict=False))
    three = notices_of(practices=practices_of(rows, owner=owners), doctors=[])
    assert "many_ydernumre_per_owner" not in three
    four = practices_of(rows, owner={**owners, "000007": "Anna Alm"})
    assert notices_of(practices=four, doctors=[])["many_ydernumre_per_owner"] == {
        "count": 4,
        "ydernumre": "000001, 000002, 000003, 000007",
        "owners": 1,
        "most_ydernumre": 3,
    }
    regions_own = practices_of(
        rows,
        owner={**owners, "000007": "Anna Alm"},
        clinic_form={"000001": "regionsklinik"},
    )
    assert "many_ydernumre_per_owner" not in notices_of(practices=regions_own, doctors=[])


def test_second_addresses_are_told():
    satellites = pd.DataFrame(
        {"ydernummer": [P1, P1, P3], "address": "x", "postcode": None, "town": None}
    ).assign(source_row=[20, 21, 22])
    plan = PlanTables(satellites=check_table(satellites, SATELLITES, where="test"))
    assert notices_of(plan)["satellites"] == {
        "count": 2,
        "ydernumre": f"{P1}, {P3}",
        "addresses": 3,
    }


def test_kommuner_that_the_need_weights_leave_out_are_told():
    weights = pd.DataFrame({"kommune_code": ["0450", "0400"], "weight": [2.0, 1.0]})
    plan = PlanTables(need_by_kommune=check_table(weights, NEED_BY_KOMMUNE, where="test"))
    assert notices_of(plan, divisions=divided())["need_weights_missing"] == {
        "count": 1,
        "kommuner": "0461",
    }
    ages = pd.DataFrame({"age_from": [0.0], "age_to": [np.nan], "weight": [5.0]})
    unused = PlanTables(need_by_age=check_table(ages, NEED_BY_AGE, where="test"))
    told = notices_of(unused)["need_weights_missing"]
    assert (told["count"], sorted(told["kommuner"].split(", "))) == (3, ["0400", "0450", "0461"])


def test_a_projection_without_a_kommune_or_a_year_is_told():
    whole = [(code, year, 9.0) for code in ("0450", "0461") for year in (2026, 2031)]
    rules = RULES.override({"designation.trend_years": 5})
    plan = PlanTables(projection=projection_of(whole))
    assert "projection_incomplete" not in notices_of(plan, rules, divisions=divided())
    plan = replace(plan, projection=projection_of(whole[:3]))
    told = notices_of(plan, rules, divisions=divided())["projection_incomplete"]
    assert told == {"count": 1, "kommuner": "0461"}


def test_a_notice_names_the_first_ten():
    rows = [(f"0000{number}", 2.0, None, 1.0, 9.0, True) for number in range(11, 23)]
    told = notices_of(practices=practices_of(rows), doctors=[])["practices_outside"]
    assert told["count"] == 12
    assert told["ydernumre"].endswith("000020 …")
