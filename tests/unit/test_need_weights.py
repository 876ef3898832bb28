"""Need weights by kommune or by age: what is read, and what is refused."""

from datetime import date

import pandas as pd
import pytest

from coverage.errors import (
    DuplicateIdError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    StudyError,
    UnknownKommuneError,
)
from coverage.plan_tables import NEED_BY_AGE, NEED_BY_KOMMUNE
from coverage.sources.need_weights import read_need_weights

CODES = ("0461", "0479")


def write(folder, text, name="need.csv"):
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def read(folder, text, codes=CODES):
    return read_need_weights(write(folder, text), codes, as_of=None)


def adds_up(account):
    return account.rows_kept + account.merged_rows + sum(account.dropped.values())


@pytest.mark.parametrize(
    "header",
    ["Vægt", "behovsvægt", "Faktor", "SYGDOMSVÆGT", "need_weight", "weight"],
)
def test_a_weight_for_each_kommune_by_name_and_code(tmp_path, header):
    text = f"Kommune;{header}\nSvendborg;1,12\n0461;0,98\nHele landet;1,00\nKøbenhavn;0,9\n"
    path = write(tmp_path, text)
    weights, account = read_need_weights(path, CODES, as_of=date(2025, 7, 1))
    assert list(weights.by_kommune.columns) == list(NEED_BY_KOMMUNE.columns)
    assert weights.by_kommune.to_numpy().tolist() == [["0461", 0.98], ["0479", 1.12]]
    assert weights.by_age.empty
    assert list(weights.by_age.columns) == list(NEED_BY_AGE.columns)
    assert account.dropped == {"of a larger area": 1, "kommune outside the study": 1}
    assert (account.role, account.rows_read, account.as_of) == ("need_weights", 4, date(2025, 7, 1))
    assert adds_up(account) == 4
    assert account.notes == ()


def test_contacts_by_age_in_any_order(tmp_path):
    text = "Alder;Kontakter pr. borger\n65-;14,2\n0-14 år;5,1\n15-64;6\nAlder i alt;7,3\n"
    weights, account = read(tmp_path, text)
    rows = weights.by_age.astype(object).where(weights.by_age.notna(), None)
    assert rows.to_numpy().tolist() == [[0.0, 14.0, 5.1], [15.0, 64.0, 6.0], [65.0, None, 14.2]]
    assert weights.by_kommune.empty
    assert account.dropped == {"totals row": 1}
    assert adds_up(account) == account.rows_read == 4


def test_the_code_of_all_ages_is_a_total_as_well(tmp_path):
    weights, account = read(tmp_path, "alder;vægt\nTOT;1\n0-;1,2\n")
    assert weights.by_age["weight"].tolist() == [1.2]
    assert account.dropped == {"totals row": 1}


def test_a_workbook_keeps_its_decimals(tmp_path):
    path = tmp_path / "need.xlsx"
    pd.DataFrame({"kommune": ["Odense", "Svendborg"], "weight": [1.125, 0.875]}).to_excel(
        path, index=False
    )
    weights, _ = read_need_weights(path, CODES, as_of=None)
    assert weights.by_kommune["weight"].tolist() == [1.125, 0.875]


def test_three_decimals_are_no_thousands(tmp_path):
    weights, account = read(tmp_path, "kommune;vægt\n461;1,125\n479;0,875\n")
    assert weights.by_kommune["weight"].tolist() == [1.125, 0.875]
    assert account.notes == ()
    weights, account = read(tmp_path, "kommune;vægt\n461;1,125\n479;1,875\n")
    assert weights.by_kommune["weight"].tolist() == [1.125, 1.875]
    assert any("'1,125' was read as 1.125" in note for note in account.notes)


@pytest.mark.parametrize("lowest", ["20", "1"])
def test_weights_of_which_one_is_no_percent_are_taken_as_they_stand(tmp_path, lowest):
    weights, _ = read(tmp_path, f"kommune;vægt\n461;{lowest}\n479;104\n")
    assert weights.by_kommune["weight"].tolist() == [float(lowest), 104.0]


def test_weights_that_all_look_like_percent_are_refused(tmp_path):
    with pytest.raises(InvalidValueError, match="looks like percent") as caught:
        read(tmp_path, "kommune;vægt\n461;20,01\n479;104\n")
    assert caught.value.rows == (2, 3)
    assert "Divide by 100" in caught.value.hint


def test_christiansoe_is_no_kommune_and_may_have_no_weight(tmp_path):
    weights, account = read(tmp_path, "kommune;vægt\n0400;1,2\n", ["0400", "0411"])
    assert weights.by_kommune["kommune_code"].tolist() == ["0400"]
    assert "Christiansø has no need weight" in account.notes


K = "kommune;vægt\n461;1,1\n479;0,9\n"
A = "alder;vægt\n0-14;0,7\n15-64;1\n65+;2\n"


@pytest.mark.parametrize(
    ("text", "error", "rows", "parts"),
    [
        ("kommune;vægt\n461;1,1\n", StudyError, ("0479",), ["no need weight", "Add a row"]),
        ("kommune;vægt\n101;1,1\n", StudyError, CODES, ["no need weight", "'kommune'"]),
        (K.replace("0,9", "0"), InvalidValueError, (3,), ["zero or negative: 0", "'vægt'"]),
        (K.replace("0,9", "-1"), InvalidValueError, (3,), ["negative: -1", "above zero"]),
        (K.replace("0,9", ""), InvalidValueError, (3,), ["missing", "blank"]),
        (K.replace("0,9", "høj"), InvalidValueError, (3,), ["'høj'", "'vægt'"]),
        (K + "Odense;1\n", DuplicateIdError, (2, 4), ["more than one weight: '461', 'Odense'"]),
        (K + "Atlantis;1\n", UnknownKommuneError, (4,), ["'Atlantis'", "four digits"]),
        ("sted;vægt\nOdense;1\n", MissingColumnError, (), ["kommune or alder", "vægt, sted"]),
        ("kommune;tal\nOdense;1\n", MissingColumnError, (), ["weight", "kommune, tal"]),
        ("kommune;alder;vægt\n461;0+;1\n", InvalidValueError, (), ["by kommune and by age"]),
        (A.replace("0-14", "1-14"), InvalidValueError, (2,), ["the age of 0", "'alder'"]),
        (A.replace("15-64", "14-64"), InvalidValueError, (2, 3), ["0-14 and 14-64 overlap"]),
        (A.replace("15-64", "16-64"), InvalidValueError, (2, 3), ["the age of 15"]),
        (A.replace("65+", "65-99"), InvalidValueError, (4,), ["100 and over", "last one open"]),
        (A + "65-;3\n", DuplicateIdError, (4, 5), ["more than one weight: '65+', '65-'"]),
        (A.replace("15-64", "voksne"), InvalidValueError, (3,), ["no age: 'voksne'", "Excel"]),
        (A.replace("65+;2", "65+;0"), InvalidValueError, (4,), ["zero or negative: 0"]),
    ],
)
def test_what_is_wrong_is_refused_with_its_rows(tmp_path, text, error, rows, parts):
    with pytest.raises(LaegedaekningError) as caught:
        read(tmp_path, text)
    assert type(caught.value) is error
    assert "need.csv" in caught.value.where
    assert caught.value.hint
    assert caught.value.rows == rows
    for part in parts:
        assert part in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="need_weights"):
        read_need_weights(tmp_path / "no.csv", CODES, as_of=None)
