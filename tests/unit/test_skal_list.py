"""The plan's own list of skal-areas: what is read, and what is refused."""

from datetime import date
from pathlib import Path

import pytest

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.plan_tables import PLAN_SKAL_AREAS
from coverage.sources.skal_list import read_skal_list
from tests.shared_files import shared

DEMO = Path(__file__).parents[2] / "data" / "demo" / "skal_areas.csv"
HEADER = "kommune,area,includes,or_area,or_kommune\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "skal_areas.csv"
    path.write_text(text, "utf-8")
    return path


def refused(error: type[LaegedaekningError], path: Path) -> LaegedaekningError:
    """Return the error of a file, with its exact class checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read_skal_list(path, as_of=None)
    assert type(caught.value) is error
    assert path.name in caught.value.where
    assert caught.value.hint
    return caught.value


def test_alternatives_lie_in_the_kommune_of_their_row_or_in_the_one_they_name(
    tmp_path: Path,
) -> None:
    path = write(
        tmp_path,
        HEADER + "Assens,Tommerup,Tommerup Stationsby,,\n"
        "Faaborg-Midtfyn,Kværndrup,,Stenstrup,Svendborg\n"
        "Sønderborg,Høruphav,,Tandslet,\n",
    )
    areas, provenance = read_skal_list(path, as_of=date(2025, 1, 1))
    assert list(areas.columns) == list(PLAN_SKAL_AREAS.columns)
    assert areas["kommune_code"].tolist() == ["0420", "0430", "0540"]
    assert areas["name"].tolist() == ["Tommerup", "Kværndrup", "Høruphav"]
    assert areas["includes"].tolist()[0] == "Tommerup Stationsby"
    assert areas["or_name"].tolist()[1:] == ["Stenstrup", "Tandslet"]
    assert areas["or_kommune_code"].tolist()[1:] == ["0479", "0540"]
    assert areas["includes"].isna().tolist() == [False, True, True]
    assert areas[["or_name", "or_kommune_code"]].isna().all(axis=1).tolist() == [True, False, False]
    assert areas["source_row"].tolist() == [2, 3, 4]
    assert (provenance.role, provenance.rows_kept) == ("skal_areas", 3)
    assert provenance.as_of == date(2025, 1, 1)


def test_danish_headers_and_codes(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "Kommunekode;Skal-område;Omfatter;Og/eller;Eller kommune\n"
        "430;Kværndrup;;Stenstrup;0479\n410;Middelfart;Strib;;\n",
    )
    areas, _ = read_skal_list(path, as_of=None)
    assert areas["kommune_code"].tolist() == ["0430", "0410"]
    assert areas["or_kommune_code"].tolist()[0] == "0479"
    assert areas["includes"].tolist()[1] == "Strib"


def test_a_list_with_places_alone_is_read(tmp_path: Path) -> None:
    areas, _ = read_skal_list(write(tmp_path, "kommune,by\nOdense,Odense\n"), as_of=None)
    assert areas[["includes", "or_name", "or_kommune_code"]].isna().all(axis=None)


def test_a_code_and_a_name_fill_each_other_s_gaps(tmp_path: Path) -> None:
    text = "kommune,kommune_code,area\nOdense,,A\n,0461,B\nOdense,461,C\n"
    areas, _ = read_skal_list(write(tmp_path, text), as_of=None)
    assert areas["kommune_code"].tolist() == ["0461", "0461", "0461"]


def test_the_plan_of_region_syddanmark_has_79_rows_in_all_its_kommuner() -> None:
    areas, provenance = read_skal_list(shared("facts/skal_areas_syddanmark.csv"), as_of=None)
    assert len(areas) == provenance.rows_read == 79
    assert areas["kommune_code"].nunique() == 22
    assert int(areas["or_name"].notna().sum()) == 14
    assert int(areas["includes"].notna().sum()) == 6
    pairs = areas[areas["or_name"].notna()]
    key = pairs["kommune_code"] + pairs["name"]
    other = pairs["or_kommune_code"] + pairs["or_name"]
    # Pairs whose places both stand in the list and name each other: three in a kommune,
    # three across a border.
    mirrored = (key + other).isin(other + key)
    within = pairs["kommune_code"] == pairs["or_kommune_code"]
    assert (int((mirrored & within).sum()), int((mirrored & ~within).sum())) == (6, 6)


def test_the_demo_has_the_same_list_with_columns_that_are_not_used() -> None:
    areas, provenance = read_skal_list(DEMO, as_of=None)
    assert len(areas) == provenance.rows_kept == 79
    assert areas.loc[areas["name"] == "Kværndrup", "or_kommune_code"].tolist() == ["0479"]


def test_one_place_may_have_two_alternatives(tmp_path: Path) -> None:
    text = HEADER + "Varde,Ansager,,Agerbæk,\nVarde,Ansager,,Tofterup,\n"
    areas, _ = read_skal_list(write(tmp_path, text), as_of=None)
    assert len(areas) == 2


@pytest.mark.parametrize(
    ("rows", "error", "expected_rows", "words"),
    [
        ("Fyn,A,,,\n", UnknownKommuneError, (3,), "'Fyn'"),
        ("Odense,A,,B,Fyn\n", UnknownKommuneError, (3,), "column 'or_kommune'"),
        (",A,,B,\n", InvalidValueError, (3,), "have no kommune"),
        ("Odense,,B,,\n", InvalidValueError, (3,), "have no place"),
        ("Odense,A,,,Varde\n", InvalidValueError, (3,), "not its name"),
        ("Odense,A,,a,\n", InvalidValueError, (3,), "its own alternative"),
        ("Assens,ASSENS,,,\n", DuplicateIdError, (2, 3), "more than once"),
        ("Varde,A,,B,\nVarde,A,C,B,Varde\n", DuplicateIdError, (3, 4), "more than once"),
    ],
)
def test_rows_that_are_refused(
    tmp_path: Path,
    rows: str,
    error: type[LaegedaekningError],
    expected_rows: tuple[int, ...],
    words: str,
) -> None:
    raised = refused(error, write(tmp_path, HEADER + "Assens,Assens,,,\n" + rows))
    assert raised.rows == expected_rows
    assert words in str(raised)


def test_a_code_and_a_name_that_disagree_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "kommune,kommune_code,area\nOdense,0461,A\nOdense,0410,B\n")
    raised = refused(InvalidValueError, path)
    assert raised.rows == (3,)
    assert "different kommuner" in str(raised)


def test_files_that_are_no_list_of_places(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="skal_areas file is not there"):
        read_skal_list(tmp_path / "no.csv", as_of=None)
    assert "empty" in str(refused(UnreadableFileError, write(tmp_path, "")))
    assert "no row below" in str(refused(EmptyTableError, write(tmp_path, HEADER)))
    assert "kommune" in str(refused(MissingColumnError, write(tmp_path, "by,lat\nA,55\n")))
    assert "name" in str(refused(MissingColumnError, write(tmp_path, "kommune,lat\nOdense,55\n")))
