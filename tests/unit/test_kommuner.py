"""Kommune boundaries: every file that is read, and every way in which one is refused."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from coverage.errors import (
    CrsError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.sources.kommuner import read_kommuner

ODENSE = box(580_000, 6_130_000, 590_000, 6_140_000)
SVENDBORG = box(600_000, 6_100_000, 610_000, 6_110_000)
ISLAND = box(612_000, 6_100_000, 613_000, 6_101_000)


def write(
    folder: Path,
    columns: Mapping[str, Sequence[Any]],
    geometry: Sequence[Any],
    *,
    crs: Any = 25832,
    to: int | None = None,
    name: str = "kommuner.gpkg",
) -> Path:
    path = folder / name
    frame = gpd.GeoDataFrame(dict(columns), geometry=list(geometry), crs=crs)
    if to is not None:
        frame = frame.to_crs(to)
    pyogrio.write_dataframe(frame, path)
    return path


def two(folder: Path, **options: Any) -> Path:
    """Return a file of two kommuner, the higher code first."""
    columns = {"KOMKODE": ["0479", "0461"], "KOMNAVN": ["Svendborg", "Odense"]}
    return write(folder, columns, [SVENDBORG, ODENSE], **options)


def refused(error: type[LaegedaekningError], path: Path, code: int) -> LaegedaekningError:
    """Return the error of a file, with its exact class and its exit code checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read_kommuner(path, as_of=None)
    assert type(caught.value) is error
    assert caught.value.exit_code == code
    assert path.name in caught.value.where
    assert caught.value.hint
    return caught.value


def test_two_kommuner_come_out_by_code_in_25832(tmp_path: Path) -> None:
    kommuner, provenance = read_kommuner(two(tmp_path), as_of=date(2026, 1, 1))
    assert list(kommuner.columns) == ["kommune_code", "name", "geometry"]
    assert kommuner["kommune_code"].tolist() == ["0461", "0479"]
    assert kommuner["name"].tolist() == ["Odense", "Svendborg"]
    assert kommuner.crs.to_epsg() == 25832
    assert kommuner.geom_type.tolist() == ["MultiPolygon", "MultiPolygon"]
    assert kommuner.area.tolist() == pytest.approx([1e8, 1e8])
    assert provenance.role == "kommuner"
    assert provenance.as_of == date(2026, 1, 1)
    assert (provenance.rows_read, provenance.rows_kept, provenance.merged_rows) == (2, 2, 0)
    assert provenance.dropped == {}
    assert provenance.notes == ()


@pytest.mark.parametrize("epsg", [4326, 3035, 3857, 25833])
@pytest.mark.parametrize("name", ["a.gpkg", "a.geojson"])
def test_any_coordinate_system(tmp_path: Path, epsg: int, name: str) -> None:
    kommuner, provenance = read_kommuner(two(tmp_path, to=epsg, name=name), as_of=None)
    assert kommuner.geometry.iloc[0].centroid.distance(ODENSE.centroid) < 1.0
    assert provenance.notes == ()


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("epsg", [25832, 4326, 3035])
def test_missing_coordinate_system_is_told_from_the_values(tmp_path: Path, epsg: int) -> None:
    frame = gpd.GeoSeries([SVENDBORG, ODENSE], crs=25832).to_crs(epsg)
    path = write(tmp_path, {"kode": [479, 461]}, frame.to_list(), crs=None)
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner.geometry.iloc[0].centroid.distance(ODENSE.centroid) < 1.0
    assert len(provenance.notes) == 1
    assert f"read as EPSG:{epsg};" in provenance.notes[0]


def geojson(folder: Path, ring: list[list[float]], name: str = "a.geojson") -> Path:
    """Return a GeoJSON without a word on its coordinate system, as most are."""
    feature = {
        "type": "Feature",
        "properties": {"kode": "0461", "navn": "Odense"},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }
    path = folder / name
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    return path


def test_geojson_in_metres_is_not_taken_for_degrees(tmp_path: Path) -> None:
    ring = [list(point) for point in ODENSE.exterior.coords]
    kommuner, provenance = read_kommuner(geojson(tmp_path, ring), as_of=None)
    assert kommuner.geometry.iloc[0].area == pytest.approx(1e8)
    assert "read as EPSG:25832; the file states EPSG:4326" in provenance.notes[0]


def test_swapped_axes_are_turned_and_noted(tmp_path: Path) -> None:
    ring = [[55.3, 10.2], [55.3, 10.4], [55.5, 10.4], [55.5, 10.2], [55.3, 10.2]]
    kommuner, provenance = read_kommuner(geojson(tmp_path, ring), as_of=None)
    assert kommuner.to_crs(4326).geometry.iloc[0].bounds == pytest.approx(
        (10.2, 55.3, 10.4, 55.5), abs=0.002
    )
    assert "north before east" in provenance.notes[0]


def test_coordinates_of_nowhere(tmp_path: Path) -> None:
    ring = [[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 2.0]]
    error = refused(CrsError, geojson(tmp_path, ring), 24)
    assert "in Denmark" in error.what
    assert "EPSG:25832" in error.hint


def test_parts_are_joined_and_counted(tmp_path: Path) -> None:
    columns = {"kommunekode": ["0479", "0461", "0479"]}
    path = write(tmp_path, columns, [SVENDBORG, ODENSE, ISLAND])
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert len(kommuner.geometry.iloc[1].geoms) == 2
    assert kommuner.area.iloc[1] == pytest.approx(SVENDBORG.area + ISLAND.area)
    assert (provenance.rows_read, provenance.rows_kept, provenance.merged_rows) == (3, 2, 1)
    assert provenance.notes == ()


def test_editions_of_one_kommune_are_noted(tmp_path: Path) -> None:
    older = box(580_000, 6_130_000, 590_000, 6_139_000)
    path = write(tmp_path, {"kode": ["0461", "0461"]}, [ODENSE, older])
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner.area.tolist() == pytest.approx([ODENSE.area])
    assert any("boundaries of several years: 0461" in note for note in provenance.notes)


def test_z_is_dropped(tmp_path: Path) -> None:
    raised = Polygon([(x, y, -999.0) for x, y in ODENSE.exterior.coords])
    kommuner, _ = read_kommuner(write(tmp_path, {"kode": ["461"]}, [raised]), as_of=None)
    assert not kommuner.geometry.has_z.any()


def test_crossing_borders_are_repaired_and_noted(tmp_path: Path) -> None:
    bow = Polygon(
        [(580_000, 6_130_000), (590_000, 6_140_000), (590_000, 6_130_000), (580_000, 6_140_000)]
    )
    path = write(tmp_path, {"kode": ["0461", "0479"]}, [bow, SVENDBORG])
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner.is_valid.all()
    assert kommuner.area.iloc[0] == pytest.approx(5e7)
    assert "Features with crossing borders were repaired: 1 (kommuner 0461)" in provenance.notes


def test_empty_geometry_is_dropped_and_counted(tmp_path: Path) -> None:
    path = write(tmp_path, {"kode": ["0461", "0479", "0430"]}, [ODENSE, None, MultiPolygon()])
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner["kommune_code"].tolist() == ["0461"]
    assert provenance.dropped == {"without geometry": 2}
    total = provenance.rows_kept + provenance.merged_rows + sum(provenance.dropped.values())
    assert total == provenance.rows_read


def test_area_that_is_only_a_line_has_no_geometry(tmp_path: Path) -> None:
    flat = Polygon([(600_000, 6_100_000), (610_000, 6_110_000), (605_000, 6_105_000)])
    path = write(tmp_path, {"kode": ["0461", "0479"]}, [ODENSE, flat])
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner["kommune_code"].tolist() == ["0461"]
    assert provenance.dropped == {"without geometry": 1}
    assert (provenance.rows_read, provenance.rows_kept, provenance.merged_rows) == (2, 1, 0)


def test_european_file_keeps_denmark_only(tmp_path: Path) -> None:
    columns = {
        "GISCO_ID": ["DK_461", "DE_01001000", "DK_479"],
        "CNTR_CODE": ["DK", "DE", "DK"],
        "LAU_NAME": ["Odense", "Flensburg", "Svendborg"],
    }
    path = write(tmp_path, columns, [ODENSE, ISLAND, SVENDBORG], to=3035)
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner["kommune_code"].tolist() == ["0461", "0479"]
    assert provenance.rows_read == 3
    assert provenance.dropped == {"in another country": 1}


def test_european_file_without_denmark(tmp_path: Path) -> None:
    columns = {"GISCO_ID": ["DE_01001000"], "CNTR_CODE": ["DE"]}
    error = refused(EmptyTableError, write(tmp_path, columns, [ISLAND]), 15)
    assert "None of the 1 features is in Denmark" in error.what


@pytest.mark.parametrize("codes", [["0461"], ["461"], [461], [461.0], ["DK_461"]])
def test_codes_are_written_in_many_ways(tmp_path: Path, codes: list[Any]) -> None:
    kommuner, _ = read_kommuner(write(tmp_path, {"LAU_ID": codes}, [ODENSE]), as_of=None)
    assert kommuner["kommune_code"].tolist() == ["0461"]


def test_name_that_belongs_to_another_code_is_noted(tmp_path: Path) -> None:
    path = write(tmp_path, {"kode": ["0461"], "navn": ["Svendborg"]}, [ODENSE])
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner["name"].tolist() == ["Odense"]
    assert any("0461 'Svendborg'" in note for note in provenance.notes)


def test_unknown_codes_are_named(tmp_path: Path) -> None:
    codes = ["0461", "0999", None, "abc"]
    path = write(tmp_path, {"KOMKODE": codes}, [ODENSE] * 4)
    error = refused(UnknownKommuneError, path, 17)
    assert error.rows == (2, 3, 4)
    assert "'0999'" in error.what
    assert "'KOMKODE'" in error.where


def test_zip_with_one_file_and_with_several(tmp_path: Path) -> None:
    gpkg = two(tmp_path)
    path = tmp_path / "DAGI Kommune (æøå).zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(gpkg, "mappe/dagi.gpkg")
        archive.writestr("readme.txt", "x")
    kommuner, provenance = read_kommuner(path, as_of=None)
    assert kommuner["kommune_code"].tolist() == ["0461", "0479"]
    assert provenance.file_name == path.name
    with zipfile.ZipFile(path, "a") as archive:
        archive.write(gpkg, "mappe/other.gpkg")
    error = refused(UnreadableFileError, path, 11)
    assert "holds 2 files" in error.what
    assert "mappe/other.gpkg" in error.hint


def test_layer_with_codes_is_found_among_others(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    labels = gpd.GeoDataFrame({"text": ["a"]}, geometry=[Point(1, 1)], crs=25832)
    areas = gpd.GeoDataFrame({"kommunekode": ["0461"]}, geometry=[ODENSE], crs=25832)
    pyogrio.write_dataframe(labels, path, layer="labels")
    pyogrio.write_dataframe(areas, path, layer="kommuneinddeling")
    kommuner, _ = read_kommuner(path, as_of=None)
    assert kommuner["kommune_code"].tolist() == ["0461"]


def test_missing_code_column(tmp_path: Path) -> None:
    path = write(tmp_path, {"omraade": ["Fyn"], "navn": ["Odense"]}, [ODENSE])
    error = refused(MissingColumnError, path, 12)
    assert "Headers found: omraade, navn" in error.hint


def test_borders_and_labels_are_no_areas(tmp_path: Path) -> None:
    line = LineString([(580_000, 6_130_000), (590_000, 6_140_000)])
    path = write(tmp_path, {"kode": ["0461", "0479"]}, [ODENSE, line])
    error = refused(InvalidValueError, path, 13)
    assert error.rows == (2,)
    assert "LineString" in error.what


def test_files_without_features(tmp_path: Path) -> None:
    path = write(tmp_path, {"kode": pd.Series([], dtype="str")}, [])
    assert "no feature" in refused(EmptyTableError, path, 15).what
    path = write(tmp_path, {"kode": ["0461"]}, [MultiPolygon()], name="b.gpkg")
    assert "None of the features" in refused(EmptyTableError, path, 15).what


def test_damaged_and_other_files(tmp_path: Path) -> None:
    refused(MissingFileError, tmp_path / "no.gpkg", 10)
    gpkg = two(tmp_path)
    whole = gpkg.read_bytes()
    gpkg.write_bytes(whole[: len(whole) // 3])
    refused(UnreadableFileError, gpkg, 11)
    for name, content in {
        "a.gpkg": b"<!DOCTYPE html><html>login</html>",
        "b.gpkg": b"not a database",
        "c.geojson": b'{"type": "FeatureCollection", "features": [',
        "d.zip": b"PK\x03\x04cut off",
        "e.gpkg": b"",
    }.items():
        path = tmp_path / name
        path.write_bytes(content)
        refused(UnreadableFileError, path, 11)


def test_table_without_boundaries(tmp_path: Path) -> None:
    path = tmp_path / "kommuner.csv"
    path.write_text("kode,navn\n0461,Odense\n", "utf-8")
    assert "without boundaries" in refused(UnreadableFileError, path, 11).what
