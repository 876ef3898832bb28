"""A planner's own list of candidates: every row is accounted for, and a mistake names its rows."""

import pytest

from coverage import errors
from coverage.sources.candidate_list import read_candidates
from tests.tiny_study import SOUTH_M, WEST_M, lonlat


def read(folder, text):
    path = folder / "steder.csv"
    path.write_text(text, "utf-8")
    return read_candidates(path)


def test_metres_and_degrees_are_the_same_places(tmp_path):
    lon, lat = lonlat(WEST_M, SOUTH_M)
    metres, _ = read(tmp_path, f"id;navn;x;y\nA;Torvet;{WEST_M:.0f};{SOUTH_M:.0f}\n")
    degrees, account = read(tmp_path, f"ID,Navn,Vej,lat,lon\nA,Torvet,,{lat:.7f},{lon:.7f}\n")
    for table in (metres, degrees):
        assert table[["site_id", "name"]].to_numpy().tolist() == [["A", "Torvet"]]
        assert table["x_m"].tolist() == pytest.approx([WEST_M], abs=0.1)
        assert table["y_m"].tolist() == pytest.approx([SOUTH_M], abs=0.1)
        assert table["source_row"].tolist() == [2]
    assert (account.role, account.file_name) == ("candidates", "steder.csv")
    assert (account.rows_read, account.rows_kept, dict(account.dropped)) == (1, 1, {})


def test_a_row_without_a_name_has_its_id_and_one_without_a_place_stays_without(tmp_path):
    table, account = read(
        tmp_path, f"id;navn;x;y\nA;;{WEST_M};{SOUTH_M}\nB;Uden sted;;\n\nI alt;;;\n"
    )
    assert table["site_id"].tolist() == ["A", "B"]
    assert table["name"].tolist() == ["A", "Uden sted"]
    assert table["x_m"].isna().tolist() == [False, True]
    assert account.rows_read == account.rows_kept + sum(account.dropped.values())
    assert account.dropped == {"totals row": 1, "without coordinates": 1}


def test_a_list_needs_no_names(tmp_path):
    table, _ = read(tmp_path, f"id;x;y\n0007;{WEST_M};{SOUTH_M}\n")
    assert table["name"].tolist() == table["site_id"].tolist() == ["0007"]


PLACE = f"{WEST_M:.0f};{SOUTH_M:.0f}"
BAD = {
    "no id": (f"navn;x;y\nA;{PLACE}\n", errors.MissingColumnError, ["site_id", "steder.csv"]),
    "no place": ("id;navn\nA;B\n", errors.MissingColumnError, ["lacks coordinates"]),
    "a blank id": (
        f"id;x;y\nA;{PLACE}\n;{PLACE}\n",
        errors.InvalidValueError,
        ["without an id", "column 'id'", "1 row: 3"],
    ),
    "an id twice": (
        f"id;x;y\nA;{PLACE}\nB;{PLACE}\nA;{PLACE}\n",
        errors.DuplicateIdError,
        ["'A'", "column 'id'", "2 rows: 2, 4"],
    ),
    "letters for metres": (
        f"id;x;y\nA;{PLACE}\nB;vest;{SOUTH_M}\n",
        errors.InvalidValueError,
        ["steder.csv, column 'x'", "1 row: 3", "vest"],
    ),
    "degrees for metres": (
        "id;x;y\nA;10.39;55.39\n",
        errors.CoordinateError,
        ["Candidates lie outside Denmark", "columns 'x' and 'y'", "1 row: 2", "lat and lon"],
    ),
    "swapped": (
        f"id;x;y\nA;{SOUTH_M};{WEST_M}\n",
        errors.CoordinateError,
        ["swap the two headers", "1 row: 2"],
    ),
    "no coordinates at all": (
        "id;x;y\nA;;\nB;;\n",
        errors.EmptyTableError,
        ["None of the 2 rows", "steder.csv"],
    ),
    "no rows": ("id;x;y\n", errors.EmptyTableError, ["steder.csv"]),
    "a name that is too long": (
        f"id;navn;x;y\nA;{'n' * 101};{PLACE}\n",
        errors.InvalidValueError,
        ["101 characters", "column 'navn'", "1 row: 2"],
    ),
    "a name with a control sign": (
        f"id;navn;x;y\nA;a\x07b;{PLACE}\n",
        errors.InvalidValueError,
        ["control characters", "column 'navn'", "1 row: 2"],
    ),
    "a CPR number": (
        f"id;navn;x;y\nA;010158-1234;{PLACE}\n",
        errors.PersonalDataError,
        ["steder.csv", "1 row: 2"],
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_mistake_names_the_file_the_column_and_the_rows(case, tmp_path):
    text, error, parts = BAD[case]
    with pytest.raises(error) as refusal:
        read(tmp_path, text)
    for part in parts:
        assert part in str(refusal.value)
    assert "010158" not in str(refusal.value)


def test_a_list_that_is_not_there_says_what_candidates_can_be(tmp_path):
    with pytest.raises(errors.MissingFileError, match="towns, grid, or the path"):
        read_candidates(tmp_path / "town")
