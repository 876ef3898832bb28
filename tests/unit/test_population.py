"""Population grids: every shape that is read, and every way in which one is refused."""

import io
import zipfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from coverage.errors import (
    CoordinateError,
    CrsError,
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    NoDanishCellsError,
    UnreadableFileError,
)
from coverage.sources import population_files
from coverage.sources.population import read_population
from coverage.sources.population_files import find_tables, read_batches
from coverage.sources.population_grid_ids import parse_grid_ids
from coverage.tables import CELLS
from coverage.units import reproject

CENSUS_HEADER = (
    "GRD_ID,T,M,F,Y_LT15,Y_1564,Y_GE65,EMP,NAT,EU_OTH,OTH,SAME,CHG_IN,CHG_OUT,"
    "LAND_SURFACE,POPULATED,CNTR_ID"
)


def write(folder: Path, text: str, name: str = "grid.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def write_zip(folder: Path, members: dict[str, str]) -> Path:
    path = folder / "grid.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def census_row(cell_id: str, persons: str, country: str = "DK") -> str:
    return f"{cell_id},{persons},14,12,6,18,3,2,22,0,1,23,0,0,0.903667,1,{country}"


def refused(error: type[LaegedaekningError], path: Path, code: int) -> LaegedaekningError:
    """Return the error of a file, with its exact class and its exit code checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read_population(path, as_of=None)
    assert type(caught.value) is error
    assert caught.value.exit_code == code
    assert path.name in caught.value.where or str(path) == caught.value.where
    assert caught.value.hint
    return caught.value


# --- shapes that are read ---------------------------------------------------------------


def test_geostat_file_gives_cells_ordered_by_id(tmp_path: Path) -> None:
    path = write(tmp_path, "population,grid_id\n7,1kmN3624E4468\n2,1kmN3623E4468\n")
    cells, provenance = read_population(path, as_of=None)
    assert list(cells.columns) == list(CELLS.columns)
    assert cells["cell_id"].tolist() == ["1kmN3623E4468", "1kmN3624E4468"]
    assert cells["persons"].tolist() == [2.0, 7.0]
    assert cells["west_m"].tolist() == [4_468_000.0, 4_468_000.0]
    assert cells["south_m"].tolist() == [3_623_000.0, 3_624_000.0]
    assert set(cells["size_m"]) == {1000.0}
    assert set(cells["grid_epsg"]) == {3035}
    x_m, y_m = reproject([4_468_500.0], [3_623_500.0], from_epsg=3035)
    assert cells.loc[0, "x_m"] == pytest.approx(x_m[0], abs=1e-6)
    assert cells.loc[0, "y_m"] == pytest.approx(y_m[0], abs=1e-6)
    assert (provenance.role, provenance.rows_read, provenance.rows_kept) == ("population", 2, 2)
    assert provenance.dropped == {}
    assert any("names no country" in note for note in provenance.notes)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiters_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [["GRD_ID", "TOT_P", "bemærkning"], ["1kmN3623E4468", "2", "Ærø"]]
    path = write(tmp_path, "\r\n".join(delimiter.join(row) for row in rows), encoding=encoding)
    cells, _ = read_population(path, as_of=None)
    assert cells["persons"].tolist() == [2.0]


def test_census_grid_in_a_zip_accounts_for_every_row(tmp_path: Path) -> None:
    rows = [
        CENSUS_HEADER,
        census_row("CRS3035RES1000mN2684000E4285000", "25", "AT-CH-LI"),
        census_row("CRS3035RES1000mN3623000E4468000", "25"),
        census_row("CRS3035RES1000mN3531000E4280000", "9", "DE-DK"),
        census_row("CRS3035RES1000mN3624000E4468000", "-9999"),
        census_row("CRS3035RES1000mN3625000E4468000", "-8888"),
        census_row("CRS3035RES1000mN3626000E4468000", "0"),
        census_row("CRS3035RES1000mN3627000E4468000", ""),
        census_row("CRS3035RES1000mN900000E4468000", "3"),
        census_row("DK_unallocated", "1234"),
        census_row("DE_unallocated", "99", ""),
    ]
    path = write_zip(
        tmp_path,
        {"V3/read.me": "x", "V3/ESTAT_Census_2021_V3.csv": "\n".join(rows), "V3/a.gpkg": "x"},
    )
    cells, provenance = read_population(path, as_of=None)
    assert cells["persons"].tolist() == [9.0, 25.0]
    assert provenance.dropped == {
        "in another country": 2,
        "outside Denmark": 1,
        "persons without a cell (unallocated)": 1,
        "population missing or confidential": 3,
        "without inhabitants": 1,
    }
    assert provenance.rows_read == 10
    assert provenance.rows_kept + sum(provenance.dropped.values()) == provenance.rows_read
    notes = " | ".join(provenance.notes)
    assert "1234 persons are counted in Denmark but in no cell" in notes
    assert "(DE-DK) are kept with all their persons: 1" in notes
    assert "3 of 6 cells have no number (50.0%)" in notes
    assert "names no country" not in notes


def test_unallocated_persons_without_a_number_are_said_to_be_unknown(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "\n".join(
            [
                CENSUS_HEADER,
                census_row("CRS3035RES1000mN3623000E4468000", "25"),
                census_row("DK_unallocated", "-9999"),
            ]
        ),
    )
    _, provenance = read_population(path, as_of=None)
    assert any("(rows: 1, without a number: 1)" in note for note in provenance.notes)


def test_long_census_grid_takes_the_totals_only(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "SPATIAL,STAT,OBS_VALUE,TIME_PERIOD\n"
        "DK_CRS3035RES1000mN3623000E4468000,T,25,2021\n"
        "DK_CRS3035RES1000mN3623000E4468000,M,12,2021\n"
        "SE_CRS3035RES1000mN3623000E4500000,T,77,2021\n"
        "DK_unallocated,T,5,2021\n",
    )
    cells, provenance = read_population(path, as_of=None)
    assert cells["persons"].tolist() == [25.0]
    assert provenance.dropped == {
        "another statistic than the population total": 1,
        "in another country": 1,
        "persons without a cell (unallocated)": 1,
    }


def test_kvadratnet_ids_are_north_then_east_in_cell_sizes(tmp_path: Path) -> None:
    path = write(tmp_path, "KN1kmDK;Befolkning\n1km_6123_587;12\n1km_6124_587;..\n")
    cells, provenance = read_population(path, as_of=None)
    row = cells.iloc[0]
    assert (row["west_m"], row["south_m"], row["grid_epsg"]) == (587_000.0, 6_123_000.0, 25832)
    assert (row["x_m"], row["y_m"]) == (587_500.0, 6_123_500.0)
    assert provenance.dropped == {"population missing or confidential": 1}


@pytest.mark.parametrize(
    ("cell_id", "square"),
    [
        ("1kmN3623E4468", (4_468_000, 3_623_000, 1000, 3035)),
        ("1kmE4468N3623", (4_468_000, 3_623_000, 1000, 3035)),
        ("100mN36231E44685", (4_468_500, 3_623_100, 100, 3035)),
        ("10kmN362E446", (4_460_000, 3_620_000, 10_000, 3035)),
        ("DK_CRS3035RES1000mN3623000E4468000", (4_468_000, 3_623_000, 1000, 3035)),
        ("CRS3035RES100mN3623100E4468500", (4_468_500, 3_623_100, 100, 3035)),
        (" 1km_6123_587 ", (587_000, 6_123_000, 1000, 25832)),
        ("100m_61234_5876", (587_600, 6_123_400, 100, 25832)),
        ("250m_24492_2350", (587_500, 6_123_000, 250, 25832)),
        ("250m_612300_58750", (587_500, 6_123_000, 250, 25832)),
    ],
)
def test_id_forms(cell_id: str, square: tuple[float, ...]) -> None:
    places = parse_grid_ids(pd.Series([cell_id]))
    assert tuple(places.iloc[0]) == square


@pytest.mark.parametrize(
    "cell_id", ["", "55.48_9.97", "1km", "0mN1E1", "1kmN36E44x", "8928308280f"]
)
def test_unknown_id_forms_have_no_square(cell_id: str) -> None:
    places = parse_grid_ids(pd.Series(["1kmN3623E4468", cell_id], index=[7, 9]))
    assert places.index.tolist() == [7, 9]
    assert places.loc[7].notna().all()
    assert places.loc[9].isna().all()


@pytest.mark.parametrize(
    ("header", "east", "north"),
    [
        ("west,south", 587_000, 6_123_000),
        ("centre_x,centre_y", 587_500, 6_123_500),
        ("east,north", 587_000, 6_123_000),
        ("x,y", 587_500, 6_123_500),
    ],
)
def test_generic_grid_by_corner_or_centre(
    tmp_path: Path, header: str, east: int, north: int
) -> None:
    text = f"{header},cell_size,population\n{east},{north},1000,4\n"
    cells, _ = read_population(write(tmp_path, text), as_of=None)
    row = cells.iloc[0]
    assert row["cell_id"] == "CRS25832RES1000mN6123000E587000"
    assert (row["west_m"], row["south_m"]) == (587_000.0, 6_123_000.0)
    assert (row["x_m"], row["y_m"]) == (587_500.0, 6_123_500.0)


def test_generic_grid_in_3035_by_its_values_and_by_its_column(tmp_path: Path) -> None:
    by_value = write(tmp_path, "east,north,size,pop\n4468000,3623000,1000,4\n", "a.csv")
    stated = write(tmp_path, "east,north,size,epsg,pop\n4468000,3623000,1000,3035,4\n", "b.csv")
    for path in (by_value, stated):
        cells, _ = read_population(path, as_of=None)
        assert cells.loc[0, "grid_epsg"] == 3035
        assert cells.loc[0, "cell_id"] == "CRS3035RES1000mN3623000E4468000"


def test_latest_year_is_taken_and_noted(tmp_path: Path) -> None:
    path = write(tmp_path, "GRD_ID,TOT_P_2018,TOT_P_2021\n1kmN3623E4468,2,3\n")
    cells, provenance = read_population(path, as_of=None)
    assert cells["persons"].tolist() == [3.0]
    assert "Persons are read from column 'TOT_P_2021', not from 'TOT_P_2018'" in provenance.notes


@pytest.mark.parametrize(
    ("texts", "persons"),
    [
        (["2,5", "12,25"], [2.5, 12.25]),
        (["2.5", "12"], [2.5, 12.0]),
        (["1.612", "7"], [1612.0, 7.0]),
        (["1.612", "0.25"], [1.612, 0.25]),
        (["1 612", "7"], [1612.0, 7.0]),
    ],
)
def test_fractions_and_thousands(tmp_path: Path, texts: list[str], persons: list[float]) -> None:
    rows = [f"1kmN{3623 + number}E4468;{text}" for number, text in enumerate(texts)]
    cells, _ = read_population(write(tmp_path, "\n".join(["grid_id;pop", *rows])), as_of=None)
    assert cells["persons"].tolist() == persons


@pytest.mark.parametrize("mark", ["", "..", ".", "-", ":", "NA", "-9999", "-8888", "-9999.0"])
def test_missing_is_dropped_and_never_zero(tmp_path: Path, mark: str) -> None:
    path = write(tmp_path, f"grid_id,pop\n1kmN3623E4468,{mark}\n1kmN3624E4468,5\n")
    cells, provenance = read_population(path, as_of=None)
    assert cells["cell_id"].tolist() == ["1kmN3624E4468"]
    assert provenance.dropped == {"population missing or confidential": 1}


def test_blank_lines_are_no_rows_but_keep_the_numbering(tmp_path: Path) -> None:
    path = write(tmp_path, "\ngrid_id,pop\n\n1kmN3623E4468,5\n\n1kmN3624E4468,many\n\n")
    assert refused(InvalidValueError, path, 13).rows == (6,)
    path = write(tmp_path, "\ngrid_id,pop\n\n1kmN3623E4468,5\n,\n\n", "good.csv")
    _, provenance = read_population(path, as_of=None)
    assert provenance.rows_read == provenance.rows_kept == 1


def test_study_area_keeps_cells_by_their_centre(tmp_path: Path) -> None:
    path = write(tmp_path, "id_,grid_id,pop\n,1km_6123_587,1\n,1km_6123_588,2\n,1km_6123_589,x\n")
    with pytest.raises(InvalidValueError):
        read_population(path, as_of=None)
    box = (587_500.0, 6_123_500.0, 588_499.0, 6_123_500.0)
    cells, provenance = read_population(path, as_of=None, within=box)
    assert cells["cell_id"].tolist() == ["1km_6123_587"]
    assert provenance.dropped == {"outside the study area": 2}


def test_rows_do_not_depend_on_how_much_is_read_at_a_time(tmp_path: Path) -> None:
    rows = [f"1kmN{3600 + number}E4468,{number + 1}" for number in range(200)]
    rows[150] = "1kmN3750E4468,many"
    path = write(tmp_path, "\n".join(["grid_id,pop", *rows]))
    table = find_tables(path)[0]
    batches = list(read_batches(table, [0, 1], block_bytes=256))
    assert len(batches) > 5
    assert np.concatenate([batch.index for batch in batches]).tolist() == list(range(2, 202))
    assert refused(InvalidValueError, path, 13).rows == (152,)


# --- files that are refused -------------------------------------------------------------


def test_missing_and_empty_files(tmp_path: Path) -> None:
    refused(MissingFileError, tmp_path / "no.csv", 10)
    assert "is empty" in refused(UnreadableFileError, write(tmp_path, ""), 11).what


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"II*\x00abcd", "GeoTIFF"),
        (b"MM\x00*abcd", "GeoTIFF"),
        (b"SQLite format 3\x00", "GeoPackage"),
        (b"PAR1abcd", "Parquet"),
        (b"\xd0\xcf\x11\xe0abcd", "Excel"),
        (b"\x1f\x8b\x08abcd", "packed"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"a,b\x00\x00\n", "not text"),
    ],
)
def test_other_kinds_of_file(tmp_path: Path, start: bytes, kind: str) -> None:
    path = tmp_path / "grid.csv"
    path.write_bytes(start)
    assert kind in refused(UnreadableFileError, path, 11).what


def test_workbook_and_zip_without_csv(tmp_path: Path) -> None:
    workbook = tmp_path / "grid.xlsx"
    pd.DataFrame({"grid_id": ["1kmN3623E4468"], "pop": [1]}).to_excel(workbook, index=False)
    assert "workbook" in refused(UnreadableFileError, workbook, 11).what
    other = refused(UnreadableFileError, write_zip(tmp_path, {"a.gpkg": "x"}), 11)
    assert "zip without a CSV" in other.what
    assert "a.gpkg" in other.hint


def test_damaged_zip(tmp_path: Path) -> None:
    rows = [f"1kmN{3600 + number}E4468,{number * 7919 % 503}" for number in range(5000)]
    path = write_zip(tmp_path, {"a.csv": "\n".join(["grid_id,pop", *rows])})
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    assert "damaged or cut off" in refused(UnreadableFileError, path, 11).what
    broken = bytearray(whole)
    broken[len(whole) // 2] ^= 0xFF
    path.write_bytes(bytes(broken))
    assert "damaged or cut off" in refused(UnreadableFileError, path, 11).what


def test_zip_with_several_tables(tmp_path: Path) -> None:
    grid = "grid_id,pop\n1kmN3623E4468,5\n"
    path = write_zip(tmp_path, {"a.csv": "code,meaning\n1,x\n", "b.csv": grid})
    assert read_population(path, as_of=None)[0]["persons"].tolist() == [5.0]
    path = write_zip(tmp_path, {"a.csv": grid, "b.csv": grid})
    error = refused(InvalidValueError, path, 13)
    assert "several population grids" in error.what
    assert "a.csv, b.csv" in error.hint
    path = write_zip(tmp_path, {"a.csv": "code,meaning\n", "b.csv": "x,y\n"})
    assert "None of the CSV files" in refused(MissingColumnError, path, 12).what


def test_text_in_a_broken_encoding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(population_files, "_HEAD_BYTES", 12)
    path = tmp_path / "grid.csv"
    path.write_bytes(b"grid_id,pop\n1kmN3623E4468,5\xe6\n")
    assert "cannot be read as text" in refused(UnreadableFileError, path, 11).what


@pytest.mark.parametrize(
    ("text", "what", "hint"),
    [
        ("cell,inhabitants\n1,2\n", "a column with persons", "cell, inhabitants"),
        ("grid_id,name\n1,2\n", "a column with persons", "Headers found: grid_id, name"),
        ("name,pop\n1,2\n", "a column with cell ids", "Headers found: name, pop"),
        ("grid_id|pop\n1|2\n", "a column with persons", "separated by comma"),
        ("1kmN3623E4468,2\n", "a column with persons", "1kmN3623E4468"),
        ("east,north,pop\n1,2,3\n", "the size of its cells", "east, north, pop"),
        ("lat,lon,pop\n55.1,9.9,3\n", "a column with cell ids", "Degrees do not tell"),
        ("SPATIAL,OBS_VALUE\na,1\n", "a column with persons", "SPATIAL"),
    ],
)
def test_wrong_headers(tmp_path: Path, text: str, what: str, hint: str) -> None:
    error = refused(MissingColumnError, write(tmp_path, text), 12)
    assert what in error.what
    assert hint in error.hint


@pytest.mark.parametrize("text", ["grid_id,pop", "grid_id,pop\n", "grid_id,pop\n\n,\n"])
def test_table_without_rows(tmp_path: Path, text: str) -> None:
    assert "no row below its header" in refused(EmptyTableError, write(tmp_path, text), 15).what


def test_no_inhabitants_at_all(tmp_path: Path) -> None:
    path = write(tmp_path, "grid_id,pop\n1kmN3623E4468,0\n1kmN3624E4468,..\n")
    assert "None of the 2 cells has inhabitants" in refused(EmptyTableError, path, 15).what


def test_letters_and_negative_numbers(tmp_path: Path) -> None:
    letters = write(tmp_path, "grid_id,pop\n1kmN3623E4468,5\n1kmN3624E4468,few\n")
    error = refused(InvalidValueError, letters, 13)
    assert (error.rows, "few" in error.what, "'pop'" in error.where) == ((3,), True, True)
    negative = write(tmp_path, "grid_id,pop\n1kmN3623E4468,-5\n1kmN3624E4468,-9999\n")
    error = refused(InvalidValueError, negative, 13)
    assert error.rows == (2,)
    assert "negative: -5" in error.what


def test_all_values_with_three_digits_after_a_dot_are_not_guessed(tmp_path: Path) -> None:
    path = write(tmp_path, "grid_id,pop\n1kmN3623E4468,1.612\n1kmN3624E4468,3.250\n")
    error = refused(InvalidValueError, path, 13)
    assert error.rows == (2, 3)


def test_unknown_ids_are_named_by_rows(tmp_path: Path) -> None:
    rows = ["1kmN3623E4468,1", *(f"cell {number},1" for number in range(7)), ",9"]
    error = refused(InvalidValueError, write(tmp_path, "\n".join(["grid_id,pop", *rows])), 13)
    assert error.rows == (3, 4, 5, 6, 7, 8, 9, 10)
    assert "8 rows: 3, 4, 5, 6, 7 …" in str(error)
    assert "'cell 0'" in error.what
    degrees = refused(
        InvalidValueError, write(tmp_path, "grid_id,pop\n55.48_9.97,1\n", "b.csv"), 13
    )
    assert degrees.rows == (2,)
    assert "Degrees" in degrees.hint


def test_rows_that_do_not_fit_the_header(tmp_path: Path) -> None:
    path = write(
        tmp_path, "grid_id,pop,x\n1kmN3623E4468,5,\n1kmN3624E4468,5\n1kmN3625E4468,1,2,3\n"
    )
    error = refused(InvalidValueError, path, 13)
    assert error.rows == (3, 4)
    assert "cut off" in error.hint


def test_duplicates_and_overlaps(tmp_path: Path) -> None:
    text = "grid_id,pop\n1kmN3623E4468,5\n1kmN3624E4468,5\nCRS3035RES1000mN3623000E4468000,..\n"
    error = refused(DuplicateIdError, write(tmp_path, text), 14)
    assert error.rows == (2, 4)
    nested = "grid_id,pop\n1kmN3623E4468,5\n100mN36239E44689,5\n100mN36240E44689,5\n"
    error = refused(DuplicateIdError, write(tmp_path, nested, "b.csv"), 14)
    assert error.rows == (3,)
    assert "1000 m" in error.what
    mixed = "grid_id,pop\n1kmN3623E4468,5\n1kmN3624E4468,5\n1km_6123_587,5\n"
    error = refused(InvalidValueError, write(tmp_path, mixed, "c.csv"), 13)
    assert error.rows == (4,)


def test_cells_of_several_sizes_side_by_side_are_taken(tmp_path: Path) -> None:
    text = "grid_id,pop\n1kmN3623E4468,5\n100mN36240E44689,6\n"
    cells, _ = read_population(write(tmp_path, text), as_of=None)
    assert sorted(cells["size_m"]) == [100.0, 1000.0]


def test_grid_of_another_country(tmp_path: Path) -> None:
    by_place = write(tmp_path, "grid_id,pop\n1kmN2684E4285,5\n")
    error = refused(NoDanishCellsError, by_place, 18)
    assert "None of the 1 rows is a cell in Denmark" in error.what
    assert "outside Denmark: 1" in error.hint
    by_name = write(tmp_path, "GRD_ID,T,CNTR_ID\n1kmN3623E4468,5,SE\n", "b.csv")
    assert "in another country: 1" in refused(NoDanishCellsError, by_name, 18).hint
    in_utm = write(tmp_path, "grid_id,pop\n1km_5500_587,5\n", "c.csv")
    refused(NoDanishCellsError, in_utm, 18)


def test_no_cell_in_the_study_area(tmp_path: Path) -> None:
    path = write(tmp_path, "grid_id,pop\n1km_6123_587,5\n")
    with pytest.raises(NoDanishCellsError, match="study area") as caught:
        read_population(path, as_of=None, within=(0.0, 0.0, 1.0, 1.0))
    assert caught.value.exit_code == 18


@pytest.mark.parametrize(
    ("text", "error", "code", "what"),
    [
        ("587250,6123000,1000,4", InvalidValueError, 13, "neither all south-west corners"),
        ("587000,6123000,0,4", InvalidValueError, 13, "a size above 0"),
        ("587000,,1000,4", InvalidValueError, 13, "lack east, north"),
        ("9.97,55.48,1000,4", CoordinateError, 16, "degrees"),
    ],
)
def test_generic_grids_that_cannot_be_placed(
    tmp_path: Path, text: str, error: type[LaegedaekningError], code: int, what: str
) -> None:
    path = write(tmp_path, f"east,north,cell_size,pop\n588000,6123000,1000,1\n{text}\n")
    raised = refused(error, path, code)
    assert what in raised.what
    assert raised.rows == (3,)


def test_generic_grid_in_another_coordinate_system(tmp_path: Path) -> None:
    path = write(tmp_path, "east,north,cell_size,epsg,pop\n587000,6123000,1000,32633,4\n")
    assert refused(CrsError, path, 24).rows == (2,)


def test_password_and_packing_that_zipfile_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_zip(tmp_path, {"a.csv": "grid_id,pop\n"})

    def encrypted(*_: object, **__: object) -> io.BytesIO:
        raise RuntimeError("File is encrypted, password required")

    monkeypatch.setattr(zipfile.ZipFile, "open", encrypted)
    assert "password" in refused(UnreadableFileError, path, 11).what

    def deflate64(*_: object, **__: object) -> io.BytesIO:
        raise NotImplementedError("compression type 9 (deflate64)")

    monkeypatch.setattr(zipfile.ZipFile, "open", deflate64)
    assert "deflate64" in refused(UnreadableFileError, path, 11).what
