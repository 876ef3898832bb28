"""Levels of areas on the drawn town: 0461 is west of km 15, 0450 east of it."""

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from coverage.choice import ALL_AREAS
from coverage.errors import StudyError
from coverage.levels import RESERVED_AREA_IDS, build_levels, finest_parts
from coverage.plan_tables import Division
from coverage.units import WORK_CRS
from tests.drawn_town import SOUTH_M, WEST_M, drawn_assessment


@pytest.fixture(scope="module")
def town():
    return drawn_assessment()


def strips(*ends_km, start_km=-3.0):
    """Areas that divide the town by lines across the road: the first ends at ``ends_km[0]``."""
    starts = [start_km, *ends_km[:-1]]
    boxes = [
        shapely.box(WEST_M + west * 1000, SOUTH_M - 7_000, WEST_M + east * 1000, SOUTH_M + 12_000)
        for west, east in zip(starts, ends_km, strict=True)
    ]
    ids = [f"0461-{number}" for number in range(1, len(boxes) + 1)]
    names = [f"Strimmel {number}" for number in range(1, len(boxes) + 1)]
    return gpd.GeoDataFrame({"area_id": ids, "name": names}, geometry=boxes, crs=WORK_CRS)


def levels_of(town, **divisions):
    return build_levels(
        divisions, town.tables.kommuner, town.origins.table, town.tables.practices, 0
    )


def persons_by_area(town, level):
    return town.origins.table["persons"].groupby(level.of_origin.to_numpy()).sum().to_dict()


def test_the_kommune_is_the_first_level_and_has_everybody(town):
    (kommune,) = levels_of(town)
    assert kommune.name == "kommune"
    assert kommune.shapes["area_id"].tolist() == ["0450", "0461"]
    west = 1200 + 310 + 100 / 3
    assert persons_by_area(town, kommune)["0461"] == pytest.approx(west)
    assert kommune.names.to_dict() == {"0450": "Nyborg", "0461": "Odense"}


def test_a_practice_lies_where_it_stands_and_without_a_place_in_no_area(town):
    (kommune,) = levels_of(town)
    found = kommune.of_practice
    assert found.loc[["010001", "010002", "010003", "010004"]].tolist() == [
        *("0461", "0461", "0450", "0450"),
    ]
    assert pd.isna(found["010005"])


def test_a_practice_without_coordinates_lies_in_the_kommune_of_the_register(town):
    practices = town.tables.practices.copy()
    practices.loc[practices["ydernummer"] == "010005", "kommune_code"] = "0450"
    practices.loc[practices["ydernummer"] == "010001", "kommune_code"] = "0450"
    (kommune,) = build_levels({}, town.tables.kommuner, town.origins.table, practices, 0)
    assert kommune.of_practice["010005"] == "0450"
    assert kommune.of_practice["010001"] == "0461"


def test_a_kommune_of_another_study_is_no_area(town):
    practices = town.tables.practices.copy()
    practices.loc[practices["ydernummer"] == "010005", "kommune_code"] = "0101"
    (kommune,) = build_levels({}, town.tables.kommuner, town.origins.table, practices, 0)
    assert pd.isna(kommune.of_practice["010005"])


def test_a_list_joins_kommuner(town):
    _, fyn = levels_of(town, fyn=Division({"0461": "Fyn", "0450": "Fyn"}))
    assert fyn.shapes["area_id"].tolist() == ["Fyn"]
    assert persons_by_area(town, fyn)["Fyn"] == pytest.approx(town.origins.table["persons"].sum())
    assert fyn.shapes.geometry.iloc[0].area == pytest.approx(town.tables.kommuner.area.sum())


def test_polygons_divide_a_kommune_and_leave_the_other_whole(town):
    kommune, parts = levels_of(town, dele=Division(polygons=strips(8, 15)))
    assert parts.shapes["area_id"].tolist() == ["0450", "0461-1", "0461-2"]
    persons = persons_by_area(town, parts)
    assert persons["0461-1"] == pytest.approx(1200)
    assert persons["0461-2"] == pytest.approx(310 + 100 / 3)
    assert persons["0450"] == pytest.approx(persons_by_area(town, kommune)["0450"])
    assert parts.of_practice["010001"] == "0461-1"
    assert parts.of_practice["010003"] == "0450"


def test_a_sliver_of_another_kommunes_people_divides_nothing(town):
    """The 9 persons of home G are 4.7 % of their kommune."""
    sliver = strips(46, start_km=45).assign(area_id="0461-3")
    areas = pd.concat([strips(8, 15), sliver], ignore_index=True)
    kommune, parts = levels_of(town, dele=Division(polygons=areas))
    assert parts.shapes["area_id"].tolist() == ["0450", "0461-1", "0461-2"]
    assert persons_by_area(town, parts)["0450"] == persons_by_area(town, kommune)["0450"]


def test_people_just_outside_every_polygon_belong_to_the_nearest(town):
    """The 33 persons at km 14.7 are 2 % of the kommune."""
    _, parts = levels_of(town, dele=Division(polygons=strips(8, 14)))
    assert persons_by_area(town, parts)["0461-2"] == pytest.approx(310 + 100 / 3)


def test_polygons_over_a_part_of_the_people_are_refused(town):
    with pytest.raises(StudyError, match=r"only a part of the people: 0461 78%") as caught:
        levels_of(town, dele=Division(polygons=strips(8)))
    assert "area.levels.dele" in str(caught.value)
    assert caught.value.rows == ("0461",)
    assert "Draw the areas over the whole kommune" in caught.value.hint


def test_a_polygon_where_nobody_lives_is_an_area_all_the_same(town):
    _, parts = levels_of(town, dele=Division(polygons=strips(8, 10, 15)))
    assert parts.shapes["area_id"].tolist() == ["0450", "0461-1", "0461-2", "0461-3"]
    assert "0461-2" not in persons_by_area(town, parts)


def test_the_finest_parts_are_kommuner_until_a_level_divides_one(town):
    whole = finest_parts(levels_of(town, fyn=Division({"0461": "Fyn", "0450": "Fyn"})))
    assert whole.are_kommuner
    assert sorted(whole.area_of_part.index) == ["0450", "0461"]
    divided = finest_parts(
        levels_of(
            town,
            fyn=Division({"0461": "Fyn", "0450": "Fyn"}),
            dele=Division(polygons=strips(8, 15)),
        )
    )
    assert not divided.are_kommuner
    assert len(divided.area_of_part) == 3
    assert divided.of_origin.isin(divided.area_of_part.index).all()
    assert divided.area_of_part["fyn"].tolist() == ["Fyn"] * 3


@pytest.mark.parametrize("name", RESERVED_AREA_IDS)
def test_an_area_may_not_be_called_like_a_row_of_the_tables(town, name):
    with pytest.raises(StudyError, match=f"may not be called '{name}'") as caught:
        levels_of(town, x=Division({"0461": name, "0450": "Øst"}))
    assert "area.levels.x" in str(caught.value)
    assert ALL_AREAS in RESERVED_AREA_IDS


def test_a_level_may_not_be_called_kommune(town):
    with pytest.raises(StudyError, match="may not be called 'kommune'"):
        levels_of(town, kommune=Division({"0461": "A", "0450": "B"}))
