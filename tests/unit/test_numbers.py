"""How a column of text becomes numbers, and when it is refused."""

import math

import pandas as pd
import pytest

from coverage.errors import InvalidValueError
from coverage.sources.numbers import parse_numbers

WHERE = "register.csv, column 'Kapaciteter'"


def parse(*texts, **kwargs):
    column = pd.Series(list(texts), dtype="str", index=range(100, 100 + len(texts)))
    return parse_numbers(column, where=WHERE, rows=range(2, 2 + len(texts)), **kwargs)


def values(*texts, **kwargs):
    return parse(*texts, **kwargs)[0].tolist()


def refused(*texts, **kwargs):
    with pytest.raises(InvalidValueError) as caught:
        parse(*texts, **kwargs)
    return caught.value


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["4", "10", "-3", "+5"], [4, 10, -3, 5]),
        (["2,5", "1"], [2.5, 1]),
        (["0.5", "1.5"], [0.5, 1.5]),
        (["1.234,5"], [1234.5]),
        (["1,234.5"], [1234.5]),
        (["1.234.567"], [1234567]),
        (["1,234,567"], [1234567]),
        (["1234.567"], [1234.567]),
        (["1234,567"], [1234.567]),
        (["0,612"], [0.612]),
        (["0.612"], [0.612]),
        (["1 612", "1\u00a0234\u00a0567,5", "1\u202f612"], [1612, 1234567.5, 1612]),
        (["\u22125", " 7 "], [-5, 7]),
        (["493123.456", "6105234.1"], [493123.456, 6105234.1]),
    ],
)
def test_numbers_that_can_be_read_in_one_way_only(texts, expected):
    numbers, notes = parse(*texts)
    assert numbers.tolist() == expected
    assert numbers.dtype == "float64"
    assert notes == ()


def test_the_index_of_the_column_is_kept():
    assert parse("1", "2")[0].index.tolist() == [100, 101]


def test_other_values_of_the_column_decide_what_a_lone_dot_means():
    assert values("1.612", "2,5") == [1612, 2.5]
    assert values("1.612", "0.5") == [1.612, 0.5]
    assert values("1.612", "1.234.567") == [1612, 1234567]
    assert values("1,612", "2.5") == [1612, 2.5]
    assert values("1,612", "2,5") == [1.612, 2.5]
    assert values("1,612", "1.234,5") == [1.612, 1234.5]


def test_in_a_column_of_persons_a_lone_dot_is_thousands_and_is_noted():
    numbers, notes = parse("6.480", "690", "1.655", whole=True)
    assert numbers.tolist() == [6480, 690, 1655]
    assert notes == (f"{WHERE}: '6.480' was read as 6480",)
    assert values("1,612", "690", whole=True) == [1612, 690]


def test_in_a_column_of_persons_a_fraction_is_refused():
    error = refused("690", "2.5", whole=True)
    assert error.rows == (3,)
    assert "'2.5'" in str(error)
    assert "whole numbers" in error.hint
    assert values("690.0", "12,00", whole=True) == [690, 12]


def test_excels_loss_of_a_zero_is_refused_and_not_read_as_thousands():
    # Excel read 1.610 as 1.61: the column then has decimals, and 1.655 is one of them.
    error = refused("1.61", "1.655", whole=True)
    assert error.rows == (2, 3)
    assert "Excel" in error.hint


def test_a_plausible_range_settles_what_nothing_else_does():
    assert values("1.500", "2.000", plausible=[(0, 100)]) == [1.5, 2]
    assert values("493.123", plausible=[(430_000, 900_000), (-180, 180)]) == [493123]
    assert values("14.706", plausible=[(430_000, 900_000), (-180, 180)]) == [14.706]
    assert parse("1.500", plausible=[(0, 100)])[1] == (f"{WHERE}: '1.500' was read as 1.5",)


def test_a_plausible_range_refuses_nothing_by_itself():
    assert values("500", plausible=[(0, 100)]) == [500]


def test_what_nothing_settles_is_refused():
    error = refused("1.612", "", "2.500", plausible=[(0, 5000)])
    assert error.rows == (2, 4)
    assert "thousands or as decimals" in str(error)
    assert "1612" in error.hint
    assert refused("1.612").rows == (2,)
    assert refused("1.612", "1,612").rows == (2, 3)


def test_both_styles_are_taken_if_each_value_is_clear_and_noted():
    numbers, notes = parse("2,5", "0.5", "3")
    assert numbers.tolist() == [2.5, 0.5, 3]
    assert "decimal commas ('2,5') and points ('0.5')" in notes[0]


def test_both_styles_with_an_unclear_value_are_refused():
    error = refused("2,5", "0.5", "1.612")
    assert error.rows == (4,)


def test_missing_is_never_zero_and_is_counted_by_marker():
    texts = ["..", ".", "-", "–", "", None, "-9999", "-8888", "-9999,0", "n/a", "N/A", "#N/A", "5"]
    numbers, notes = parse(*texts)
    assert numbers.isna().tolist() == [True] * 12 + [False]
    assert len(notes) == 1
    assert notes[0].startswith(f"{WHERE}: cells taken as missing: blank 2, ")
    assert "'-9999' 1" in notes[0]
    assert "'..' 1" in notes[0]


def test_zero_is_zero():
    assert values("0", "0,0") == [0, 0]


def test_a_column_without_values_is_all_missing():
    assert all(math.isnan(value) for value in values(None, ""))
    assert values() == []


@pytest.mark.parametrize(
    "text",
    ["ca. 1600", "1600 pers.", "1,2E+05", "12 5", "1.61.2", "1.2345.678", "1..2", "5-", "--5",
     "1,234.5.6", "0x1F", "inf", "\u0661\u0662", "½", "1'612", "=1+1"],
)  # fmt: skip
def test_what_is_no_number_is_refused_with_its_place(text):
    error = refused("1", text, "2")
    assert error.exit_code == 13
    assert error.where == WHERE
    assert error.rows == (3,)
    assert f"'{text}'" in str(error)
    assert "Write only the number" in error.hint


def test_many_wrong_cells_show_three_values_and_five_rows():
    error = refused(*[f"x{number}" for number in range(8)])
    assert error.rows == tuple(range(2, 10))
    assert "'x0', 'x1', 'x2' …" in str(error)
    assert "8 rows: 2, 3, 4, 5, 6 …" in str(error)


def test_a_long_wrong_cell_is_shortened():
    assert "a" * 31 not in str(refused("a" * 5000))
