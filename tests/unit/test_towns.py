"""Tables of towns: what is read, and what is refused."""

from pathlib import Path

import pandas as pd
import pytest

from coverage.errors import (
    CoordinateError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.sources.towns import read_towns
from coverage.tables import TOWNS
from coverage.units import reproject


def write(folder: Path, text: str, name: str = "towns.csv") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def refused(error: type[LaegedaekningError], path: Path, code: int) -> LaegedaekningError:
    """Return the error of a file, with its exact class and its exit code checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read_towns(path, as_of=None)
    assert type(caught.value) is error
    assert caught.value.exit_code == code
    assert path.name in caught.value.where
    assert caught.value.hint
    return caught.value


def test_danish_table_with_degrees(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "By;Kommune;Breddegrad;Længdegrad;Indbyggertal\n"
        "Rønne;Bornholm;55,1009;14,7066;13.904\n"
        "Hesselager;479;55,17;10,75;..\n",
    )
    towns, provenance = read_towns(path, as_of=None)
    assert list(towns.columns) == list(TOWNS.columns)
    assert towns["name"].tolist() == ["Rønne", "Hesselager"]
    assert towns["kommune_code"].tolist() == ["0400", "0479"]
    assert towns["persons"].iloc[0] == 13_904.0
    assert pd.isna(towns["persons"].iloc[1])
    x_m, y_m = reproject([14.7066], [55.1009], from_epsg=4326)
    assert towns.loc[0, ["x_m", "y_m"]].tolist() == pytest.approx([x_m[0], y_m[0]])
    assert (provenance.role, provenance.rows_read, provenance.rows_kept) == ("towns", 2, 2)
    assert any("'Indbyggertal'" in note and "missing" in note for note in provenance.notes)


def test_metres_without_kommune_and_inhabitants(tmp_path: Path) -> None:
    towns, provenance = read_towns(
        write(tmp_path, "navn,x,y\nÅrsdale,884000,6118000\n"), as_of=None
    )
    assert towns[["x_m", "y_m"]].iloc[0].tolist() == [884_000.0, 6_118_000.0]
    assert towns[["kommune_code", "persons"]].isna().all(axis=None)
    assert "The file gives no inhabitants of towns" in provenance.notes


def test_metres_go_before_degrees_and_degrees_fill_the_gaps(tmp_path: Path) -> None:
    text = "by,x,y,lat,lon\nA,884000,6118000,55.9,9.9\nB,,,55.1009,14.7066\nC,884000,,,\n"
    towns, provenance = read_towns(write(tmp_path, text), as_of=None)
    x_m, _ = reproject([14.7066], [55.1009], from_epsg=4326)
    assert towns["x_m"].tolist() == pytest.approx([884_000.0, x_m[0]])
    assert provenance.dropped == {"without coordinates": 1}


def test_excel_table(tmp_path: Path) -> None:
    path = tmp_path / "towns.xlsx"
    table = pd.DataFrame(
        {"town": ["Rønne"], "lat": [55.1009], "lon": [14.7066], "population": [13904]}
    )
    table.to_excel(path, index=False)
    towns, _ = read_towns(path, as_of=None)
    assert towns["persons"].tolist() == [13_904.0]


def test_rows_without_name_or_place_are_dropped_and_counted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "by;kommunekode;lat;lon;folketal\n"
        "Rønne;0400;55.1;14.7;13904\n"
        ";0400;55.1;14.8;12\n"
        "Nexø;;55.06;;3600\n"
        "Svaneke;0400;;;1000\n",
    )
    towns, provenance = read_towns(path, as_of=None)
    assert towns["name"].tolist() == ["Rønne"]
    assert provenance.dropped == {"without a name": 1, "without coordinates": 2}
    assert provenance.rows_kept + sum(provenance.dropped.values()) == provenance.rows_read == 4


def test_one_name_twice_in_a_kommune_is_noted(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "by,kommunekode,lat,lon\nNørby,0400,55.1,14.7\nNørby,0400,55.2,14.8\nNørby,0741,55.9,10.6\n",
    )
    towns, provenance = read_towns(path, as_of=None)
    assert len(towns) == 3
    assert "Towns with one name in one kommune: Nørby" in provenance.notes


@pytest.mark.parametrize(
    ("text", "error", "code", "rows", "words"),
    [
        ("by,lat,lon\nA,55.1,14.7\nB,52.5,13.4\n", CoordinateError, 16, (3,), "outside Denmark"),
        ("by,x,y\nA,6118000,884000\n", CoordinateError, 16, (2,), "wrong way round"),
        ("by,x,y\nA,14.7,55.1\n", CoordinateError, 16, (2,), "degrees"),
        ("by,lat,lon\nA,north,14.7\n", InvalidValueError, 13, (2,), "'lat'"),
        ("by,lat,lon,folketal\nA,55.1,14.7,-4\n", InvalidValueError, 13, (2,), "negative"),
        ("by,lat,lon,folketal\nA,55.1,14.7,many\n", InvalidValueError, 13, (2,), "many"),
        ("by,lat,lon,kommune\nA,55.1,14.7,0999\n", UnknownKommuneError, 17, (2,), "0999"),
        ("by,lat,lon\nA,,\n", EmptyTableError, 15, (), "None of the 1 rows"),
        ("by,lat,folketal\nA,55.1,3\n", MissingColumnError, 12, (), "longitude"),
        ("sted,lat,lon\nA,55.1,14.7\n", MissingColumnError, 12, (), "name"),
    ],
)
def test_refusals(
    tmp_path: Path,
    text: str,
    error: type[LaegedaekningError],
    code: int,
    rows: tuple[int, ...],
    words: str,
) -> None:
    raised = refused(error, write(tmp_path, text), code)
    assert raised.rows == rows
    assert words in str(raised)


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError):
        read_towns(tmp_path / "no.csv", as_of=None)
    refused(UnreadableFileError, write(tmp_path, "<!DOCTYPE html><html>"), 11)
