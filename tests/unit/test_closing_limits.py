"""Closing limits of practices and of kommuner: what is read, and what is refused."""

from datetime import date

import pytest

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    UnknownKommuneError,
)
from coverage.plan_tables import CLOSING_LIMITS
from coverage.sources.closing_limits import read_closing_limits

CODES = ("0461", "0479")
PRACTICES = ("010117", "012345", "054321")


def write(folder, text):
    path = folder / "limits.csv"
    path.write_text(text, "utf-8")
    return path


def read(folder, text):
    return read_closing_limits(write(folder, text), PRACTICES, CODES, as_of=None)


def triples(limits):
    rows = limits.astype(object).where(limits.notna(), None)
    return [tuple(row) for row in rows.itertuples(index=False)]


def test_practices_and_kommuner_in_one_table(tmp_path):
    path = write(
        tmp_path,
        "Ydernr;Kommune;Lukkegrænse\n"
        ";Svendborg;1.475\n"
        "054321;;1600\n"
        "12345;;1.900\n"
        ";0101;1500\n"
        ";Region Syddanmark;1550\n",
    )
    limits, account = read_closing_limits(path, PRACTICES, CODES, as_of=date(2026, 1, 1))
    assert list(limits.columns) == list(CLOSING_LIMITS.columns)
    assert triples(limits) == [
        ("012345", None, 1900.0),
        ("054321", None, 1600.0),
        (None, "0479", 1475.0),
    ]
    assert account.dropped == {"kommune outside the study": 1, "of a larger area": 1}
    assert (account.role, account.rows_read, account.rows_kept) == ("closing_limits", 5, 3)
    assert account.as_of == date(2026, 1, 1)
    assert any("leading zeros restored: 1 row: 4" in note for note in account.notes)


def test_practices_alone(tmp_path):
    limits, account = read(tmp_path, "ydernummer,lukkegrænse\n010117,1600\n")
    assert triples(limits) == [("010117", None, 1600.0)]
    assert (account.rows_read, account.dropped) == (1, {})


def test_kommuner_alone(tmp_path):
    limits, account = read(tmp_path, "kommune;lukkegrænse\nOdense;1600\nI alt;1600\n")
    assert triples(limits) == [(None, "0461", 1600.0)]
    assert (account.rows_read, account.dropped) == (2, {"totals row": 1})


@pytest.mark.parametrize(
    ("limit", "is_taken"),
    [("99", False), ("100", True), ("101", True), ("5999", True), ("6000", True), ("6001", False)],
)
def test_a_limit_lies_between_100_and_6000_persons(tmp_path, limit, is_taken):
    text = f"ydernummer;lukkegrænse\n010117;{limit}\n"
    if is_taken:
        assert read(tmp_path, text)[0]["limit_persons"].tolist() == [float(limit)]
        return
    with pytest.raises(InvalidValueError, match="100 to 6000"):
        read(tmp_path, text)


HEAD = "ydernummer;kommune;lukkegrænse\n"


@pytest.mark.parametrize(
    ("text", "error", "rows", "parts"),
    [
        (
            HEAD + "010117;;1600\n099999;;1600\n",
            InvalidValueError,
            (3,),
            ["no practice '099999'", "'ydernummer'", "has ended"],
        ),
        (HEAD + "abc;;1600\n", InvalidValueError, (2,), ["'abc'", "six digits"]),
        (
            HEAD + "12345;;1600\n012345;;1700\n",
            DuplicateIdError,
            (2, 3),
            ["A practice has more than one limit: '012345'", "'ydernummer'"],
        ),
        (
            HEAD + ";461;1600\n;101;1500\n;Odense;1600\n",
            DuplicateIdError,
            (2, 4),
            ["A kommune has more than one limit: '0461'", "'kommune'"],
        ),
        (
            HEAD + "010117;461;1600\n;;1500\n;479;1600\n",
            InvalidValueError,
            (2, 3),
            ["both a practice and a kommune, or neither", "'ydernummer' and 'kommune'", "not both"],
        ),
        (HEAD + ";Atlantis;1600\n", UnknownKommuneError, (2,), ["'Atlantis'"]),
        (HEAD + "010117;;\n", InvalidValueError, (2,), ["'blank'", "'lukkegrænse'"]),
        (HEAD + "010117;;mange\n", InvalidValueError, (2,), ["'mange'", "'lukkegrænse'"]),
        (HEAD + "010117;;1600,5\n", InvalidValueError, (2,), ["fraction", "'lukkegrænse'"]),
        (HEAD + ";461;1,6\n", InvalidValueError, (2,), ["fraction", "'1,6'"]),
        (HEAD + ";101;1600\n", EmptyTableError, (), ["kommune of the study", "[closing_limits]"]),
        ("navn;lukkegrænse\nA;1600\n", MissingColumnError, (), ["ydernummer or kommune", "navn"]),
        ("kommune;tal\n461;1600\n", MissingColumnError, (), ["limit_persons", "kommune, tal"]),
    ],
)
def test_what_is_wrong_is_refused_with_its_rows(tmp_path, text, error, rows, parts):
    with pytest.raises(LaegedaekningError) as caught:
        read(tmp_path, text)
    assert type(caught.value) is error
    assert "limits.csv" in caught.value.where
    assert caught.value.hint
    assert caught.value.rows == rows
    for part in parts:
        assert part in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="closing_limits"):
        read_closing_limits(tmp_path / "no.csv", PRACTICES, CODES, as_of=None)
