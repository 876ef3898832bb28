"""A region's own distribution of capacities: what is read, and what is refused."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from coverage.errors import (
    DuplicateIdError,
    EmptyTableError,
    InvalidValueError,
    LaegedaekningError,
    MissingColumnError,
    MissingFileError,
    StudyError,
    UnknownKommuneError,
)
from coverage.plan_tables import DISTRIBUTION_MODEL
from coverage.sources.distribution_model import read_distribution_model

CODES = ("0461", "0479")


def read(folder, text, codes=CODES):
    path = folder / "model.csv"
    path.write_text(text, "utf-8")
    return read_distribution_model(path, codes, as_of=date(2025, 7, 1))


@pytest.mark.parametrize(
    ("header", "kind", "texts", "values"),
    [
        ("Kapaciteter", "capacities", ("38,5", "160"), [160, 38.5]),
        ("antal kapaciteter", "capacities", ("0", "160"), [160, 0]),
        ("Patienter pr. kapacitet", "persons_per_capacity", ("1.450", "1.180"), [1180, 1450]),
        ("Indeks", "index", ("1,12", "0,98"), [0.98, 1.12]),
    ],
)
def test_each_kind_by_name_and_code(tmp_path, header, kind, texts, values):
    text = f"Kommune;{header}\nSvendborg;{texts[0]}\n0461;{texts[1]}\nHele landet;1\nKøbenhavn;1\n"
    table, account = read(tmp_path, text)
    assert list(table.columns) == list(DISTRIBUTION_MODEL.columns)
    assert table["kommune_code"].tolist() == ["0461", "0479"]
    assert table["value"].tolist() == values
    assert set(table["kind"]) == {kind}
    assert table["year"].isna().all()
    assert account.dropped == {"of a larger area": 1, "kommune outside the study": 1}
    assert (account.role, account.rows_read, account.rows_kept) == ("distribution_model", 4, 2)
    assert account.as_of == date(2025, 7, 1)


def test_capacities_by_year_in_any_order(tmp_path):
    text = "kommune;år;kapaciteter\n479;2035;39\n461;2035;160\n461;2030;130,5\n479;2030;36\n"
    table, _ = read(tmp_path, text)
    rows = table[["kommune_code", "year", "value"]].to_numpy().tolist()
    assert rows == [
        ["0461", 2030.0, 130.5],
        ["0461", 2035.0, 160.0],
        ["0479", 2030.0, 36.0],
        ["0479", 2035.0, 39.0],
    ]


def test_a_workbook_is_read(tmp_path):
    path = tmp_path / "model.xlsx"
    columns = {"kommune": ["Odense", "Svendborg"], "kapaciteter": [160.5, 38.0]}
    pd.DataFrame(columns).to_excel(path, index=False)
    table, _ = read_distribution_model(path, CODES, as_of=None)
    assert table["value"].tolist() == [160.5, 38.0]


def test_christiansoe_may_have_no_row(tmp_path):
    table, account = read(tmp_path, "kommune;indeks\n0400;1,2\n", ["0400", "0411"])
    assert table["kommune_code"].tolist() == ["0400"]
    assert "Christiansø has no row" in account.notes


K = "kommune;kapaciteter\n461;160\n479;38\n"
P = "kommune;patienter pr. kapacitet\n461;1200\n479;1300\n"
Y = "kommune;år;kapaciteter\n461;2030;130\n461;2035;160\n479;2030;30\n479;2035;38\n"


@pytest.mark.parametrize(
    ("text", "error", "rows", "parts"),
    [
        ("kommune;kapaciteter\n461;1\n", StudyError, ("0479",), ["not in the distribution", "Add"]),
        ("kommune;kapaciteter\n101;1\n", EmptyTableError, (), ["No row", "[distribution_model]"]),
        (K.replace("160", ""), InvalidValueError, (2,), ["missing", "'blank'", "0 to 3000"]),
        (K.replace("160", "-1"), InvalidValueError, (2,), ["'-1'"]),
        (K.replace("160", "mange"), InvalidValueError, (2,), ["'mange'", "'kapaciteter'"]),
        (K + "Odense;1\n", DuplicateIdError, (2, 4), ["twice in one year: '461', 'Odense'"]),
        (K + "Atlantis;1\n", UnknownKommuneError, (4,), ["'Atlantis'"]),
        (P.replace("1200", "12"), InvalidValueError, (2,), ["'12'", "100 to 6000"]),
        (P.replace("1200", "7000"), InvalidValueError, (2,), ["'7000'"]),
        ("kommune;indeks\n461;104\n479;97\n", InvalidValueError, (2, 3), ["0.01 to 30"]),
        ("kommune;tal\n461;1\n", MissingColumnError, (), ["patienter pr. kapacitet", "tal"]),
        ("sted;kapaciteter\nOdense;1\n", MissingColumnError, (), ["kommune"]),
        ("kommune;kapaciteter;indeks\n461;1;1\n", InvalidValueError, (), ["in two ways"]),
        ("kommune;år;indeks\n461;2030;1\n", InvalidValueError, (), ["only capacities have years"]),
        (Y.replace("479;2035;38\n", ""), StudyError, ("0479",), ["some of the years", "'år'"]),
        (Y.replace("2035;38", ";38"), InvalidValueError, (5,), ["No years: 'blank'"]),
        (Y.replace("2035;38", "35;38"), InvalidValueError, (5,), ["No years: '35'", "2035"]),
        (Y + "479;2035;39\n", DuplicateIdError, (5, 6), ["twice in one year"]),
    ],
)
def test_what_is_wrong_is_refused_with_its_rows(tmp_path, text, error, rows, parts):
    with pytest.raises(LaegedaekningError) as caught:
        read(tmp_path, text)
    assert type(caught.value) is error
    assert "model.csv" in caught.value.where
    assert caught.value.hint
    assert caught.value.rows == rows
    for part in parts:
        assert part in str(caught.value)


@pytest.mark.parametrize("value", ["100", "6000"])
def test_the_ends_of_a_range_are_in_it(tmp_path, value):
    table, _ = read(tmp_path, P.replace("1200", value))
    assert np.isclose(table["value"].iloc[0], float(value))


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(MissingFileError, match="distribution_model"):
        read_distribution_model(tmp_path / "no.csv", CODES, as_of=None)
