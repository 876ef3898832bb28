"""The file of designations: what is read, and what is refused."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    PersonalDataError,
    UnknownKommuneError,
    UnreadableFileError,
)
from coverage.plan_tables import DESIGNATIONS
from coverage.sources.designations import read_designations

HEADER = "Niveau;Områdekode;Fra;Tidligste ophør;Ophørt;Grundlag;Beslutning\n"


def write(folder: Path, text: str) -> Path:
    path = folder / "designations.csv"
    path.write_text(text, "utf-8")
    return path


def read(folder: Path, *rows: str, min_months: float = 6.0):
    path = write(folder, HEADER + "".join(f"{row}\n" for row in rows))
    return read_designations(path, as_of=None, min_months=min_months)


def refused(error: type[LaegedaekningError], folder: Path, *rows: str) -> LaegedaekningError:
    """Return the error of rows below the header, with its exact class checked."""
    with pytest.raises(LaegedaekningError) as caught:
        read(folder, *rows)
    assert type(caught.value) is error
    assert "designations.csv" in caught.value.where
    assert caught.value.hint
    return caught.value


def test_danish_file_is_read_in_its_order(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        HEADER + "kommune;Langeland;1.3.2026;1.9.2026;;Få læger;Sag 26/12\n"
        ";0461;2024-03-01;2024-09-01;2025-03-01;;\n"
        "bydele;Vollsmose;2026-03-01;2026-09-01;;;\n",
    )
    designations, provenance = read_designations(path, as_of=date(2026, 4, 1), min_months=6)
    assert list(designations.columns) == list(DESIGNATIONS.columns)
    assert designations["area_level"].tolist() == ["kommune", "kommune", "bydele"]
    assert designations["area_id"].tolist() == ["0482", "0461", "Vollsmose"]
    assert designations["from_date"].dt.date.tolist()[0] == date(2026, 3, 1)
    assert designations["earliest_end"].dt.date.tolist()[1] == date(2024, 9, 1)
    assert designations["ended_on"].isna().tolist() == [True, False, True]
    assert designations["basis"].tolist()[0] == "Få læger"
    assert designations["decision"].tolist()[0] == "Sag 26/12"
    assert designations["basis"].isna().tolist() == [False, True, True]
    assert designations["source_row"].tolist() == [2, 3, 4]
    assert (provenance.role, provenance.rows_kept, provenance.notes) == ("designations", 3, ())
    assert provenance.as_of == date(2026, 4, 1)


def test_english_headers_are_read_and_only_area_and_start_are_needed(tmp_path: Path) -> None:
    path = write(tmp_path, "area_id,from_date\n461,2026-03-01\n")
    designations, _ = read_designations(path, as_of=None, min_months=6)
    assert designations["area_id"].tolist() == ["0461"]
    assert designations[["ended_on", "basis", "decision"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("start", "min_months", "end"),
    [
        ("2026-03-01", 6.0, "2026-09-01"),
        ("2026-08-31", 6.0, "2027-02-28"),
        ("2027-08-31", 6.0, "2028-02-29"),
        ("2026-03-01", 0.0, "2026-03-01"),
        ("2026-03-01", 5.5, "2026-09-01"),
    ],
)
def test_a_blank_earliest_end_is_the_months_of_the_rules_after_the_start(
    tmp_path: Path, start: str, min_months: float, end: str
) -> None:
    designations, _ = read(tmp_path, f";0461;{start};;;;", min_months=min_months)
    assert designations["earliest_end"].tolist() == [pd.Timestamp(end)]


def test_earliest_ends_that_were_filled_in_are_counted(tmp_path: Path) -> None:
    _, provenance = read(
        tmp_path, ";0461;2026-03-01;;;;", ";0479;2026-03-01;2026-09-01;;;", ";0482;2026-03-01;;;;"
    )
    assert provenance.notes == ("Earliest end was blank and set to 6 months after the start: 2",)


def test_earliest_ends_sooner_than_the_rules_are_kept_and_noted(tmp_path: Path) -> None:
    designations, provenance = read(
        tmp_path,
        ";0461;2026-03-01;2026-08-31;;;",
        ";0479;2026-03-01;2026-09-01;;;",
        ";0482;2026-03-01;2026-09-02;;;",
    )
    assert designations["earliest_end"].tolist()[0] == pd.Timestamp(2026, 8, 31)
    assert provenance.notes == ("Earliest end is less than 6 months after the start: rows 2",)


def test_a_file_with_a_header_alone_says_that_no_area_is_designated(tmp_path: Path) -> None:
    designations, provenance = read(tmp_path)
    assert designations.empty
    assert list(designations.columns) == list(DESIGNATIONS.columns)
    assert provenance.notes == ("The file has no row: no area is designated",)


def test_an_earliest_end_before_the_start_is_refused(tmp_path: Path) -> None:
    read(tmp_path, ";0461;2026-03-01;2026-03-01;;;")
    raised = refused(
        InvalidValueError,
        tmp_path,
        ";0479;2026-03-01;2026-09-01;;;",
        ";0461;2026-03-01;2026-02-28;;;",
    )
    assert raised.rows == (3,)
    assert "earliest end of a designation is before its start" in raised.what


def test_an_end_before_the_start_is_refused(tmp_path: Path) -> None:
    raised = refused(InvalidValueError, tmp_path, ";0461;2026-03-01;2026-09-01;2026-02-28;;")
    assert raised.rows == (2,)
    assert "ended before it started" in raised.what


def test_an_end_before_the_earliest_end_is_refused_with_the_months_of_the_rules(
    tmp_path: Path,
) -> None:
    read(tmp_path, ";0461;2026-03-01;2026-09-01;2026-09-01;;")
    read(tmp_path, ";0461;2026-03-01;2026-08-01;2026-08-31;;")
    for earliest in ("2026-09-01", ""):
        raised = refused(InvalidValueError, tmp_path, f";0461;2026-03-01;{earliest};2026-08-31;;")
        assert raised.rows == (2,)
        assert "ended before its earliest end" in raised.what
        assert "at least 6 months" in raised.hint


def test_an_area_is_designated_once_at_a_time(tmp_path: Path) -> None:
    first = ";0461;2024-03-01;2024-09-01;{};;"
    second = ";Odense;{};2026-09-01;;;"
    other = "bydele;0461;2024-03-01;2024-09-01;;;"
    ended = first.format("2026-03-01")
    for start in ("2026-03-01", "2026-03-02"):
        designations, _ = read(tmp_path, ended, other, second.format(start))
        assert len(designations) == 3
    for rows in (
        (ended, other, second.format("2026-02-28")),
        (second.format("2026-02-28"), other, ended),
        (first.format(""), other, second.format("2026-03-01")),
        (ended, other, ended),
    ):
        raised = refused(DuplicateIdError, tmp_path, *rows)
        assert raised.rows == (2, 4)
        assert "designated twice" in raised.what
        assert "Ophørt" in raised.hint


def test_the_long_designation_that_covers_a_later_one_is_named(tmp_path: Path) -> None:
    raised = refused(
        DuplicateIdError,
        tmp_path,
        ";0461;2020-01-01;2020-07-01;2024-01-01;;",
        ";0461;2024-01-01;2024-07-01;2024-07-01;;",
        ";0461;2023-01-01;2023-01-01;2023-02-01;;",
    )
    assert raised.rows == (2, 4)


@pytest.mark.parametrize(
    ("row", "error", "words"),
    [
        (";;2026-03-01;;;;x", InvalidValueError, "'Områdekode'"),
        (";0461;;;;;x", InvalidValueError, "'Fra'"),
        (";0461;1.3.26;;;;", InvalidValueError, "four digits"),
        (";0461;2026-03-01;snart;;;", InvalidValueError, "'Tidligste ophør'"),
        (";0461;2026-03-01;;nej;;", InvalidValueError, "'Ophørt'"),
        (";0999;2026-03-01;;;;", UnknownKommuneError, "'0999'"),
        (";0461;2026-03-01;;;Om 010170-1234;", PersonalDataError, "'Grundlag'"),
    ],
)
def test_cells_that_are_refused(
    tmp_path: Path, row: str, error: type[LaegedaekningError], words: str
) -> None:
    raised = refused(error, tmp_path, ";0479;2026-03-01;2026-09-01;;;", row)
    assert raised.rows == (3,)
    assert words in str(raised)
    assert "010170" not in str(raised)


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        ("", UnreadableFileError, "empty"),
        (";;\n", EmptyTableError, "no cell"),
        ("Niveau;Områdekode\nkommune;0461\n", MissingColumnError, "'Fra'"),
    ],
)
def test_files_that_are_no_tables_of_designations(
    tmp_path: Path, text: str, error: type[LaegedaekningError], words: str
) -> None:
    with pytest.raises(LaegedaekningError) as caught:
        read_designations(write(tmp_path, text), as_of=None, min_months=6)
    assert type(caught.value) is error
    assert words in str(caught.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="designations file is not there"):
        read_designations(tmp_path / "no.csv", as_of=None, min_months=6)
