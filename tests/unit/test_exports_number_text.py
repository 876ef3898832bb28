"""Numbers as a Danish or an English reader writes them."""

import math

import pandas as pd
import pytest

from coverage.exports.number_text import (
    is_missing,
    km_text,
    number_text,
    percent_text,
    persons_text,
)
from coverage.exports.sheet_writer import _MAX_CELL_CHARACTERS, _fitting


@pytest.mark.parametrize(
    ("value", "decimals", "danish", "english"),
    [
        (1234.5, 1, "1.234,5", "1,234.5"),
        (1_073_522, 0, "1.073.522", "1,073,522"),
        (-1.5, 1, "-1,5", "-1.5"),
        (0, 2, "0,00", "0.00"),
        (math.nan, 1, "mangler", "missing"),
    ],
)
def test_thousands_and_decimals(value, decimals, danish, english):
    assert number_text(value, decimals, "da") == danish
    assert number_text(value, decimals, "en") == english


def test_shares_and_distances_carry_their_unit():
    assert percent_text(0.6381, "da") == "63,8 %"
    assert km_text(13_804.0, "da") == "13,80 km"


def test_what_is_missing_says_so_and_is_never_zero():
    assert percent_text(math.nan, "da") == km_text(math.nan, "da") == "mangler"


@pytest.mark.parametrize(
    ("persons", "text"), [(0.0, "0"), (0.3, "under 1"), (1.0, "1"), (1543.33, "1.543")]
)
def test_a_fraction_of_a_person_is_not_nobody(persons, text):
    assert persons_text(persons, "da") == text


@pytest.mark.parametrize("cell", [None, pd.NA, math.nan, pd.NaT])
def test_every_kind_of_missing_is_missing(cell):
    assert is_missing(cell)


@pytest.mark.parametrize("cell", [0, "", False, "mangler"])
def test_nothing_else_is_missing(cell):
    assert not is_missing(cell)


def test_a_text_too_long_for_a_cell_is_marked_as_cut():
    assert _fitting("x" * _MAX_CELL_CHARACTERS) == "x" * _MAX_CELL_CHARACTERS
    cut = _fitting("x" * (_MAX_CELL_CHARACTERS + 1))
    assert len(cut) == _MAX_CELL_CHARACTERS
    assert cut.endswith(" …")
