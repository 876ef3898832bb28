"""Levels of areas, as lists of kommuner and as polygons."""

import json
from datetime import date
from pathlib import Path

import geopandas as gpd
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Polygon, box

from coverage.errors import (
    CrsError,
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    StudyError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.sources.area_levels import read_area_level

TEXT = "Kommune;Sundhedsråd\nOdense;Fyn\n450;Fyn\n0561;Sydvest\n"
FACTS = Path(__file__).parents[2] / "data" / "facts" / "kommuner.csv"


def write(folder, text):
    path = folder / "levels.csv"
    path.write_text(text, encoding="utf-8")
    return path


def refused(error, path, *, column=None) -> LaegedaekningError:
    """Return the error of a file, with its exact class, its file and its advice checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read_area_level(path, ["0461"], column=column)
    assert type(caught.value) is error
    assert path.name in caught.value.where
    assert caught.value.hint
    return caught.value


def test_names_and_codes_are_both_understood(tmp_path):
    division, account = read_area_level(write(tmp_path, TEXT), ["0461", "0450"])
    assert division.area_of_kommune == {"0461": "Fyn", "0450": "Fyn"}
    assert division.polygons is None
    assert (account.role, account.rows_read, account.rows_kept) == ("area level", 3, 2)
    assert account.dropped == {"kommune outside the study": 1}


def test_a_kommune_twice_in_one_area_is_merged(tmp_path):
    division, account = read_area_level(write(tmp_path, TEXT + "0461;Fyn\n"), ["0461", "0450"])
    assert division.area_of_kommune == {"0461": "Fyn", "0450": "Fyn"}
    assert (account.rows_kept, account.merged_rows) == (2, 1)


@pytest.mark.parametrize(
    ("column", "areas"),
    [
        ("region", {"0101": "Region Hovedstaden", "0461": "Region Syddanmark"}),
        ("region_2027", {"0101": "Region Østdanmark", "0461": "Region Syddanmark"}),
        ("Region 2027", {"0101": "Region Østdanmark", "0461": "Region Syddanmark"}),
    ],
)
def test_a_named_column_holds_the_area(column, areas):
    division, account = read_area_level(FACTS, ["0101", "0461"], column=column)
    assert division.area_of_kommune == areas
    assert account.rows_kept == 2
    assert account.rows_kept + sum(account.dropped.values()) == account.rows_read


def test_a_named_column_is_not_replaced_by_a_usual_one(tmp_path):
    error = refused(MissingColumnError, write(tmp_path, TEXT), column="planlag")
    assert "planlag" in error.what
    assert "Headers found: Kommune, Sundhedsråd" in error.hint


def test_a_list_with_omraade_as_the_area(tmp_path):
    path = write(tmp_path, "Kommunekode;Område\n461;Øst\n")
    division, _ = read_area_level(path, ["0461"], as_of=date(2026, 1, 1))
    assert division.area_of_kommune == {"0461": "Øst"}


@pytest.mark.parametrize(
    ("text", "error", "rows", "parts"),
    [
        (TEXT + "Atlantis;Fyn\n", UnknownKommuneError, (5,), ["'Atlantis'", "'Kommune'"]),
        (TEXT + "0461;Sydvest\n", DuplicateIdError, (5,), ["two areas", "one area"]),
        ("Kommune;Område\n0561;Vest\n", StudyError, ("0461",), ["in no area", "Add a row"]),
        ("Kommune;Område\n0461;\n0561;V\n", StudyError, ("0461",), ["in no area", "'Område'"]),
        ("Kommune;Noget\n0461;A\n", MissingColumnError, (), ["area", "Kommune, Noget"]),
        ("Sted;Område\n0461;A\n", MissingColumnError, (), ["kommune", "Sted, Område"]),
    ],
)
def test_a_list_that_is_wrong_names_the_rows(tmp_path, text, error, rows, parts):
    raised = refused(error, write(tmp_path, text))
    assert raised.rows == rows
    for part in parts:
        assert part in str(raised)


def test_a_row_without_an_area_is_counted(tmp_path):
    _, account = read_area_level(write(tmp_path, TEXT + "0630;\n"), ["0461"])
    assert account.dropped == {"without an area": 1, "kommune outside the study": 2}
    assert account.rows_kept == 1


def square(east_m=0.0, north_m=0.0, side_m=1000.0):
    """Return a square near Odense."""
    west, south = 590_000.0 + east_m, 6_140_000.0 + north_m
    return box(west, south, west + side_m, south + side_m)


def layer(folder, columns, shapes, *, name="areas.gpkg", crs=25832, to=None):
    path = folder / name
    frame = gpd.GeoDataFrame(dict(columns), geometry=list(shapes), crs=crs)
    if to is not None:
        frame = frame.to_crs(to)
    pyogrio.write_dataframe(frame, path)
    return path


TWO = {"area_id": ["B", "A"], "navn": ["Nord", "Syd"]}


@pytest.mark.parametrize("epsg", [25832, 4326, 3035])
@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson", "a.json", "a.shp"])
def test_polygons_come_out_by_id_in_25832(tmp_path, epsg, name):
    # GDAL tells a driver by the ending, and .json has none of its own to write.
    written = layer(
        tmp_path, TWO, [square(2000), square()], name=name.replace(".json", ".geojson"), to=epsg
    )
    path = written.rename(tmp_path / name)
    division, account = read_area_level(path, ["0461"], as_of=date(2026, 1, 1))
    areas = division.polygons
    assert division.area_of_kommune is None
    assert list(areas.columns) == ["area_id", "name", "geometry"]
    assert areas["area_id"].tolist() == ["A", "B"]
    assert areas["name"].tolist() == ["Syd", "Nord"]
    assert areas.crs.to_epsg() == 25832
    assert areas.geometry[0].centroid.distance(square().centroid) < 0.01
    assert (account.role, account.rows_read, account.rows_kept) == ("area level", 2, 2)
    assert (account.merged_rows, account.dropped, account.as_of) == (0, {}, date(2026, 1, 1))


def test_parts_of_one_id_become_one_area(tmp_path):
    columns = {"kode": [1, 1, 2], "område": ["Øst", None, "Vest"]}
    path = layer(tmp_path, columns, [square(), square(1000), square(5000)])
    division, account = read_area_level(path, ["0461"])
    assert division.polygons["area_id"].tolist() == ["1", "2"]
    assert division.polygons["name"].tolist() == ["Øst", "Vest"]
    assert division.polygons.area.tolist() == pytest.approx([2e6, 1e6])
    assert set(division.polygons.geom_type) == {"MultiPolygon"}
    assert (account.rows_read, account.rows_kept, account.merged_rows) == (3, 2, 1)


def test_an_empty_id_of_a_drawing_program_gives_way_to_the_code(tmp_path):
    columns = {"id": [None, None], "kode": [7.0, 8.0]}
    path = layer(tmp_path, columns, [square(), square(2000)])
    division, _ = read_area_level(path, ["0461"])
    assert division.polygons["area_id"].tolist() == ["7", "8"]
    assert division.polygons["name"].tolist() == ["7", "8"]


def test_a_named_field_holds_the_id(tmp_path):
    columns = {"id": ["1", "2"], "bydel": ["Tarup", "Vollsmose"]}
    path = layer(tmp_path, columns, [square(), square(2000)])
    division, _ = read_area_level(path, ["0461"], column="Bydel")
    assert division.polygons["area_id"].tolist() == ["Tarup", "Vollsmose"]
    error = refused(MissingColumnError, path, column="distrikt")
    assert "distrikt" in error.what
    assert error.hint == "Fields found: id, bydel"


def test_heights_are_dropped_and_crossing_borders_repaired(tmp_path):
    bow = Polygon([(590_000, 6_140_000), (591_000, 6_141_000), (591_000, 6_140_000)])
    tie = shapely.force_3d(
        Polygon(
            [(595_000, 6_140_000), (596_000, 6_141_000), (596_000, 6_140_000), (595_000, 6_141_000)]
        ),
        12.0,
    )
    path = layer(tmp_path, TWO, [tie, shapely.force_3d(bow, 3.0)])
    division, account = read_area_level(path, ["0461"])
    assert not division.polygons.has_z.any()
    assert division.polygons.is_valid.all()
    # Two triangles of a quarter of the square each.
    assert division.polygons.area.tolist() == pytest.approx([5e5, 5e5])
    assert account.notes == ("Areas with crossing borders were repaired: 1 (B)",)


def test_a_feature_without_geometry_is_counted(tmp_path):
    columns = {"area_id": ["A", "B"], "navn": ["Syd", "Nord"]}
    division, account = read_area_level(layer(tmp_path, columns, [square(), None]), ["0461"])
    assert division.polygons["area_id"].tolist() == ["A"]
    assert account.dropped == {"without geometry": 1}
    assert account.rows_kept + sum(account.dropped.values()) == account.rows_read == 2


@pytest.mark.parametrize(
    ("shared_m", "is_taken"), [(0.0, True), (9.0, True), (10.0, True), (11.0, False)]
)
def test_areas_may_share_one_percent_of_the_smaller(tmp_path, shared_m, is_taken):
    # 10 m of a side of 1000 m is 1 % of the smaller square.
    path = layer(tmp_path, TWO, [square(side_m=3000), square(3000 - shared_m)])
    if is_taken:
        assert len(read_area_level(path, ["0461"])[0].polygons) == 2
        return
    error = refused(DuplicateIdError, path)
    assert error.rows == ("A and B",)
    assert "1%" in error.what


@pytest.mark.parametrize(
    ("columns", "shapes", "error", "parts"),
    [
        ({"area_id": ["0461", "B"]}, 2, DuplicateIdError, ["code of a kommune", "0461", "other"]),
        (
            {"area_id": ["A", "A"], "name": ["Syd", "Nord"]},
            2,
            DuplicateIdError,
            ["different names have one id: A", "2 rows"],
        ),
        ({"area_id": ["A", None]}, 2, InvalidValueError, ["no id", "'area_id'", "1 row"]),
        ({"navn": ["Syd", "Nord"]}, 2, MissingColumnError, ["area_id", "Fields found: navn"]),
        ({"area_id": ["A"]}, [None], EmptyTableError, ["None of the features", "geometry"]),
        (
            {"area_id": ["A"]},
            [LineString([(590_000, 6_140_000), (591_000, 6_140_000)])],
            InvalidValueError,
            ["no areas but LineString", "1 row"],
        ),
        ({"area_id": ["A"]}, [box(10, 55, 11, 56)], CrsError, ["in Denmark", "EPSG:25832"]),
    ],
)
def test_a_layer_that_is_wrong_is_refused(tmp_path, columns, shapes, error, parts):
    geometry = [square(), square(2000)] if shapes == 2 else shapes
    raised = refused(error, layer(tmp_path, columns, geometry))
    for part in parts:
        assert part in str(raised)


def test_the_code_of_another_kommune_may_be_an_id(tmp_path):
    path = layer(tmp_path, {"id": ["0101", "461"]}, [square(), square(2000)])
    division, _ = read_area_level(path, ["0461"])
    assert division.polygons["area_id"].tolist() == ["0101", "461"]


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("name", ["a.gpkg", "a.shp"])
def test_a_layer_without_a_coordinate_system_is_refused(tmp_path, name):
    path = layer(tmp_path, TWO, [square(), square(2000)], name=name, crs=None)
    error = refused(CrsError, path)
    assert "does not state its coordinate system" in error.what
    assert "EPSG:25832" in error.hint


def test_a_geojson_in_metres_that_says_nothing_is_refused(tmp_path):
    ring = [list(point) for point in square().exterior.coords]
    feature = {
        "type": "Feature",
        "properties": {"area_id": "A"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = tmp_path / "a.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    assert "EPSG:4326" in refused(CrsError, path).where


@pytest.mark.parametrize("name", ["a.geojson", "a.gpkg"])
def test_a_layer_without_features_is_refused(tmp_path, name):
    path = tmp_path / name
    if name.endswith(".gpkg"):
        frame = gpd.GeoDataFrame({"area_id": ["A"]}, geometry=[square()], crs=25832)
        pyogrio.write_dataframe(frame.iloc[:0], path, geometry_type="Polygon")
    else:
        path.write_text('{"type": "FeatureCollection", "features": []}', "utf-8")
    assert "no feature" in refused(EmptyTableError, path).what


def test_files_that_are_no_layers_are_refused(tmp_path):
    with pytest.raises(MissingFileError):
        read_area_level(tmp_path / "no.gpkg", ["0461"])
    page = tmp_path / "page.geojson"
    page.write_text("<!DOCTYPE html><html>", "utf-8")
    assert "web page" in refused(UnreadableFileError, page).what
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"SQLite format 3\0 and no more")
    assert "damaged" in refused(UnreadableFileError, broken).what
    table = tmp_path / "table.gpkg"
    frame = gpd.GeoDataFrame({"area_id": ["A"]}, geometry=[square()], crs=25832)
    pyogrio.write_dataframe(frame.drop(columns="geometry"), table)
    assert "without polygons" in refused(UnreadableFileError, table).what
